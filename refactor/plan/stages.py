"""The stages up to a name: each takes the world and all rows, and returns the rows it adds to.

    find ▶ role ▶ readers ▶ resolve ▶ services ▶ name ▶ edit (`edit`) ▶ prove (`proof`)

No stage calls an earlier one. What is refused passes the later ones; they may add a refusal of
their own, so that a person sees all that speaks against an edit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from msgspec import structs

from refactor.helm.engine import NoEngine
from refactor.inventory import Inventory
from refactor.model import (
    Ambiguous,
    Edit,
    MissingService,
    Refusal,
    Resolution,
    Target,
    Unresolved,
    WorkloadRef,
)
from refactor.plan.charts.names import ChosenName, ServiceNamer
from refactor.plan.charts.wrap import wraps
from refactor.plan.edit import by_file
from refactor.plan.job import query_of
from refactor.plan.row import Row
from refactor.plan.world import World
from refactor.repository.consumers import blocked, read_outside
from refactor.repository.verdict import elsewhere, is_peer_list, own, own_words, unnamed
from refactor.resolve.lists import twice_named
from refactor.resolve.naming import service_name
from refactor.scan.tree import ScannedFile

_LINE = 1000
"""Characters of a line that may stand between a flag and an address of its list."""
_FLAG = re.compile(r"(?<!\S)--?(?P<flag>[A-Za-z][\w.-]*)(?:=|\s+)[\"']?[^\s\"']*\Z")

Rows: TypeAlias = tuple[Row, ...]


def find(files: Iterable[ScannedFile]) -> Rows:
    """Return a row for each finding, in order of file and place."""
    return tuple(Row(finding) for file in files for finding in file.findings)


def role(_: World, rows: Rows) -> Rows:
    """Refuse the places that are not dialled: the scan has asked the rules about each."""
    return tuple(
        row._replace(role=kept).refused(Refusal("role", kept, row.finding.kept_why))
        if (kept := row.finding.kept)
        else row
        for row in rows
    )


def readers(world: World, rows: Rows) -> Rows:
    """Add who reads an address, and refuse it to readers, and in fields, where it has to stay."""
    return tuple(_read(world, row) for row in rows)


def _read(world: World, row: Row) -> Row:
    if row.role == "ignored":
        return row
    found, reach = world.job.homes.readers(row.finding), world.reached.by_finding.get(row.mark)
    row = row._replace(readers=found, reach=reach).refused(elsewhere(found))
    kept = reach.kept if reach else None
    return row.refused(kept) if kept and kept.stage == "readers" else row


def resolve(world: World, rows: Rows) -> Rows:
    """Add what each address stands for, and refuse those that stand for no Service."""
    resolved = tuple(_resolved(world, row) for row in rows)
    told: dict[str, tuple[str, bool]] = {}
    for path, held in by_file(resolved):
        text = world.files[path].source.text
        told |= twice_named([(row.finding, row.resolution) for row in held], text)
    return tuple(_listed(row, told.get(row.mark)) for row in resolved)


def _listed(row: Row, told: tuple[str, bool] | None) -> Row:
    """Add that its list would hold one name for several replicas: keep it whole, or warn."""
    if told is None or not isinstance(row.resolution, Target):
        return row
    why, stays = told
    if stays:
        remedy = "write the Service once in place of the list"
        return row.refused(Refusal("resolve", "identity", why, remedy))
    warnings = (*row.resolution.warnings, why)
    return row._replace(resolution=structs.replace(row.resolution, warnings=warnings))


def _resolved(world: World, row: Row) -> Row:
    from refactor.resolve import resolve as answer

    if row.role == "ignored":
        return row
    inventory, query = world.inventory(row.finding.file), query_of(world.job, row.finding)
    found = answer(query, inventory, world.options)
    workload = _own(row, found, inventory)
    if workload and is_peer_list(row.finding, workload, _flag(world, row)):
        found = answer(structs.replace(query, peer=True), inventory, world.options)
    elif workload:
        return row._replace(resolution=found).refused(own_words(workload))
    return row._replace(resolution=found).refused(*unresolved(found))


def _flag(world: World, row: Row) -> str:
    """Return the flag that an address stands behind in its line; "" for none."""
    text, start = world.files[row.finding.file].source.text, row.finding.host_span.start
    line = text[max(text.rfind("\n", 0, start) + 1, start - _LINE) : start]
    found = _FLAG.search(line)
    return found["flag"] if found else ""


def _own(row: Row, found: Resolution, inventory: Inventory) -> WorkloadRef | None:
    """Return the workload that reads its own address."""
    of_chart = row.reach.readers if row.reach else ()
    return own(row.readers, found, inventory) or own(of_chart, found, inventory)


def unresolved(resolution: Resolution) -> tuple[Refusal, ...]:
    """Return what a resolution says against an edit; nothing where it is a Service."""
    match resolution:
        case Ambiguous(candidates=candidates, remedy=remedy):
            names = ", ".join(str(service) for service in candidates)
            why = f"several Services fit: {names}"
            return (Refusal("resolve", "ambiguous", why, remedy),)
        case Unresolved(reason=reason, why=why, hint=hint):
            return (Refusal("resolve", reason, why, hint),)
        case MissingService(workload=workload, extend=None):
            why = f"no Service leads to {workload}"
            return (Refusal("resolve", "missing-service", why),)
        case MissingService(workload=workload, extend=service, port=port):
            why = f"Service {service} lacks port {port} of {workload}"
            return (Refusal("resolve", "missing-service", why),)
    return ()


def wanting(world: World, rows: Rows) -> Rows:
    """Return the rows for which a Service that is missing has to be made."""
    return tuple(
        row
        for row in rows
        if isinstance(row.resolution, MissingService)
        and all(refusal.stage == "resolve" for refusal in row.refusals)
        and not unreachable(world, row)
    )


def services(world: World, rows: Rows) -> Rows:
    """Say of each Service that cannot be made why not."""
    return tuple(
        _unmade(row, row.resolution, world.refused[row.mark])
        if isinstance(row.resolution, MissingService) and row.mark in world.refused
        else row
        for row in rows
    )


def _unmade(row: Row, missing: MissingService, reason: str) -> Row:
    with_port = f" with port {missing.port}" if missing.port else ""
    why = f"no Service leads to {missing.workload}, and none can be made: {reason}"
    remedy = f"add a Service for {missing.workload}{with_port}, then export the inventory again"
    if missing.extend:
        lacks = f"Service {missing.extend} lacks port {missing.port} of {missing.workload}"
        why = f"{lacks}, and none can be added: {reason}"
        remedy = (
            f"add port {missing.port} to Service {missing.extend}, then export the inventory again"
        )
    told = Unresolved("missing-service", why, remedy, missing.chain)
    earlier = tuple(refusal for refusal in row.refusals if refusal.stage != "resolve")
    refused = Refusal("services", "missing-service", why, remedy)
    return row._replace(resolution=told, refusals=(*earlier, refused))


def unreachable(world: World, row: Row) -> Refusal | None:
    """Return why the readers could not use a Service's name."""
    bar = unnamed(row.readers)
    if not any(reader.workload for reader in row.readers):  # the text itself is all there is
        bar = bar or blocked(row.finding)
    bar = bar or read_outside(row.finding, world.inventory(row.finding.file))
    return bar or world.job.homes.lacking(row.resolution, world.inventory(row.finding.file))


def name(world: World, rows: Rows) -> Rows:
    """Add the name that each reader calls the Service by, and refuse where none can be used."""
    rows = tuple(row.refused(*_nameless(world, row)) for row in rows)
    wrapped = {row.mark: edits for row in rows if (edits := _wraps(world, row))}
    names = _namer(world, wrapped)
    return tuple(_named(row, names, wrapped.get(row.mark, ())) for row in rows)


def _nameless(world: World, row: Row) -> Iterator[Refusal | None]:
    """What speaks against any name here; of a place that stays anyway, the first will do."""
    yield unreachable(world, row) if row.role == "dialled" else None
    reach, target = row.reach, row.resolution
    if reach and reach.kept and reach.kept.stage == "name":
        yield reach.kept
    if reach and isinstance(target, Target):
        yield _shared_port(row, target, reach.shared)


def _shared_port(row: Row, target: Target, places: Sequence[str]) -> Refusal | None:
    finding = row.finding
    if not places or not finding.port_span or target.port in (None, finding.port):
        return None
    why = f"port {finding.port_text} would become {target.port}, and decides {places[0]} too"
    return Refusal("name", "shared-port", why)


def _wraps(world: World, row: Row) -> tuple[Edit, ...]:
    """Return the edits that pass its value through `tpl`, where the user asks for that."""
    asked = world.job.settings.wrap_tpl and world.charts and row.reach
    if not asked or row.refusals or row.mark in world.plain or world.charts is None:
        return ()
    renders = world.charts.renders
    if isinstance(renders, NoEngine) or row.reach is None:
        return ()
    return wraps(renders, row.finding, row.reach)


def _namer(world: World, wrapped: Iterable[str]) -> Callable[[Row, Target], ChosenName]:
    job = world.job
    if world.charts is None:

        def plainly(row: Row, target: Target) -> ChosenName:
            settings, reader = job.settings, job.homes.reader(row.finding)
            return ChosenName(service_name(target, reader, settings.names, settings.cluster_domain))

        return plainly
    new = {file.path: file.content.encode() for placed in world.services for file in placed.files}
    reached = world.reached.by_finding
    names = ServiceNamer(
        world.charts, reached, job.homes, job.settings, world.plain, new, frozenset(wrapped)
    )
    return lambda row, target: names.of(row.finding, target)


def _named(row: Row, names: Callable[[Row, Target], ChosenName], wrapped: tuple[Edit, ...]) -> Row:
    if row.refusals or not isinstance(row.resolution, Target):
        return row
    host = names(row, row.resolution)
    named = row._replace(name=host, edits=wrapped if host.probe else ())
    return named.refused(host.refused)
