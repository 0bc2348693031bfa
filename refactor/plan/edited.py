"""The rows put together: what changes in each file, which Services that needs, and the outcomes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from refactor.model import Edit, FileChange, Outcome, Target
from refactor.plan.charts.names import ChosenName
from refactor.plan.edit import new_address
from refactor.plan.edits import warnings_for, written
from refactor.plan.missing import ASKED
from refactor.plan.row import Row
from refactor.plan.services.made import Placed
from refactor.plan.world import World
from refactor.repository.consumers import proxy_warnings, reader_warnings
from refactor.resolve.naming import service_name
from refactor.scan.tree import OTHER_LANGUAGE, ScannedFile
from refactor.text.source import Source


class EditedFile(NamedTuple):
    """A file that the plan changes.

    Attributes:
        file: as it is.
        change: its edits.
        after: as it will be.
        data: its bytes then.
        hosts: the new hosts in it, by fingerprint.
    """

    file: ScannedFile
    change: FileChange
    after: Source
    data: bytes
    hosts: Mapping[str, ChosenName] = {}


def needed(world: World, rows: Iterable[Row]) -> tuple[Placed, ...]:
    """Return the Services that edited rows or other repositories need, or that are only told of."""
    marks = {row.mark for row in rows if row.edited} | {ASKED}
    return tuple(
        placed
        for placed in world.services
        if not placed.service.file or marks.intersection(placed.service.findings)
    )


def edited_files(
    world: World, rows: Iterable[Row], services: Iterable[Placed]
) -> tuple[EditedFile, ...]:
    """Return the files that rows, and the Services they need, change; by path."""
    edits: defaultdict[str, dict[Edit, None]] = defaultdict(dict)
    hosts: defaultdict[str, dict[str, ChosenName]] = defaultdict(dict)
    for row in rows:
        if row.edited and row.name:
            hosts[row.finding.file][row.mark] = row.name
            for edit in row.edits:
                edits[edit.file].setdefault(edit)
    for edit in (edit for placed in services for edit in placed.edits):
        edits[edit.file].setdefault(edit)
    return tuple(
        _edited_file(world, path, _once(edits[path]), hosts.get(path, {})) for path in sorted(edits)
    )


def _once(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Edits in order of place; one that several findings ask for stands once."""
    placed: dict[tuple[object, str], Edit] = {}
    for edit in edits:
        placed.setdefault((edit.span, edit.new), edit)
    return tuple(sorted(placed.values(), key=lambda edit: edit.span))


def _edited_file(
    world: World, path: str, edits: tuple[Edit, ...], hosts: Mapping[str, ChosenName]
) -> EditedFile:
    file, after = world.files[path], world.files.after(path, edits)
    change = FileChange(path, file.source.digest, after.source.digest, edits)
    return EditedFile(file, change, after.source, after.data, hosts)


def outcome(world: World, row: Row) -> Outcome:
    """Return what a plan says of a row."""
    reaches = row.reach.lines if row.reach else ()
    # Of a chart's text the places that Helm shows say more.
    readers = () if row.reach else tuple(str(one) for one in row.readers if one.evidence)
    if not row.edited:
        return replace(_refused(world, row, reaches), readers=readers)
    new = new_address(row)
    made = Outcome(row.finding, row.resolution, edited=True, new=new, reaches=reaches)
    return replace(made, warnings=_warnings(world, row, made), readers=readers)


def _refused(world: World, row: Row, reaches: tuple[str, ...]) -> Outcome:
    if not row.refusals:
        return Outcome(row.finding, row.resolution, reaches=reaches)
    first = row.refusals[0]
    finding = row.finding
    why = _would_become(world, row) + first.why
    if first.stage == "readers":  # who reads it, or where Helm puts it, says that it has to stay
        finding = replace(finding, kept=first.reason, kept_why=first.why)
    return Outcome(finding, row.resolution, reason=first.reason, why=why, reaches=reaches)


def _would_become(world: World, row: Row) -> str:
    """Tell the new address of what a person has to change: another language is not edited."""
    if row.finding.rule != OTHER_LANGUAGE or not isinstance(row.resolution, Target):
        return ""
    settings, reader = world.job.settings, world.job.homes.reader(row.finding)
    name = service_name(row.resolution, reader, settings.names, settings.cluster_domain)
    return f"{written(row.finding, row.resolution, name)} would reach it; "


def _warnings(world: World, row: Row, made: Outcome) -> tuple[str, ...]:
    """What a person should know although the edit is made."""
    told = warnings_for(row.finding, row.resolution) if isinstance(row.resolution, Target) else ()
    here = proxy_warnings(made, world.files[row.finding.file].source.text)
    told += (*here, *(row.name.warnings if row.name else ()))
    if row.reach is None:
        return told
    # Where the file itself sets a proxy, its own list is what counts.
    seen = any("NO_PROXY" in warning for warning in told)
    proxied = () if seen else reader_warnings(made, row.reach.proxies)
    return (*told, *row.reach.warnings, *proxied)
