"""From a repository to verdicts: scan for Service names, ask who reads each, judge it for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from refactor import __version__
from refactor.addresses.matcher import Bytes
from refactor.files import walk
from refactor.files.disk import real
from refactor.inventory import Inventory
from refactor.model import Finding
from refactor.plan.charts.session import Charts
from refactor.plan.job import PlanJob, rests_on
from refactor.plan.reading import with_readers
from refactor.repository.model import Reader
from refactor.scan.tree import ScannedFile, TreeScan, scan_tree
from refactor.verify.asked import Asked, Told
from refactor.verify.history import with_history
from refactor.verify.judge import judge
from refactor.verify.model import HARMLESS, KnownService, Name, Verification, Verified
from refactor.verify.names import HostSet, dialled, parse
from refactor.verify.places import is_passed, is_told
from refactor.verify.truth import Truth

_DOCUMENTS = (".yaml", ".yml", ".json", ".tpl", ".ipynb")
"""Ends of files that may hold manifests, in which a composed project's names count."""


class NameSources(NamedTuple):
    """What names are looked up in.

    Attributes:
        job: with what the repository says of its readers.
        charts: of the repository.
        truth: what exists.
    """

    job: PlanJob
    charts: Charts
    truth: Truth


class VerifyResult(NamedTuple):
    """What a run came to: the verdicts, their files, and the Services of the repository."""

    verification: Verification
    files: tuple[ScannedFile, ...]
    services: tuple[KnownService, ...] = ()


def verify(job: PlanJob, *, repository_only: bool = False) -> Verification:
    """Return every Service name under a job's paths, and whether it holds."""
    with opened(job) as charts:
        return look(job, charts, repository_only=repository_only).verification


def opened(job: PlanJob) -> Charts:
    """Return the repository's charts, to be closed."""
    listed = walk.listed(job.root, [job.root], job.settings)
    return Charts(job.root, job.settings, job.homes.of("").namespace, listed)


def look(job: PlanJob, charts: Charts, *, repository_only: bool = False) -> VerifyResult:
    """Return the verdicts, with the files of the names."""
    job = with_readers(job, charts)
    repository = job.homes.repository
    truth = Truth(repository, charts, repository_only=repository_only, assumed=job.assumed)
    world = NameSources(job, charts, truth)
    tree = _scanned(world)
    rested = rests_on(job)
    files = tuple(file for file in tree.files if file.source.path not in rested)
    found = [one for file in files for one in _of_file(world, file)]
    names = with_history(job.root, found, {one.ref.name for one in truth.own})
    told = Verification(1, __version__, names, tree.notes, tree.files_read)
    return VerifyResult(told, files, truth.own)


def _scanned(world: NameSources) -> TreeScan:
    job, truth = world.job, world.truth
    sets: dict[int, HostSet] = {}

    def known_of(path: str) -> HostSet:
        inventory = job.homes.of(path).inventory
        if id(inventory) not in sets:
            gone = {ref.name for past in _past(inventory) for ref in past.services}
            names, spaces = truth.names(inventory) | gone, truth.spaces(inventory)
            dotted = {f"{name}.{space}" for name in names for space in _of(truth, name, inventory)}
            sets[id(inventory)] = HostSet(names | dotted, spaces)
        return sets[id(inventory)]

    known_of("")
    for environment in job.settings.environments:
        known_of(environment.files[0] if environment.files else "")

    composed = truth.claims.composed

    def holds(path: str, data: Bytes) -> bool:
        left_out = frozenset() if path.endswith(_DOCUMENTS) else composed
        return any(dialled(data, one.names, left_out) for one in sets.values())

    whole = all(real(path) == real(job.root) for path in job.paths or [job.root])
    listed = world.charts.listed if whole else None
    return scan_tree(job.root, job.paths, job.settings, known_of, only=holds, listed=listed)


def _of(truth: Truth, name: str, inventory: Inventory) -> Iterator[str]:
    return (one.ref.namespace for one in truth.named(name, inventory) if one.ref.namespace)


def _past(inventory: Inventory) -> tuple[Inventory, ...]:
    return getattr(inventory, "past", ())


def _of_file(world: NameSources, file: ScannedFile) -> Iterator[Verified]:
    for finding in file.findings:
        inventory = world.job.homes.of(finding.file).inventory
        name = _name(world, finding, inventory)
        if name is not None and is_told(finding, name):
            found = _verified(world, finding, name, inventory)
            if found:
                yield found


def _name(world: NameSources, finding: Finding, inventory: Inventory) -> Name | None:
    labels = finding.host.lower().rstrip(".").split(".")
    pairs = {(label, space) for label in labels for space in _of(world.truth, label, inventory)} | {
        (label, "") for label in labels if world.truth.named(label, inventory)
    }
    return parse(finding.host, pairs)


def _verified(
    world: NameSources, finding: Finding, name: Name, inventory: Inventory
) -> Verified | None:
    """Return the verdict for the reader that fares worst; None where none can be told."""
    readers = world.job.homes.readers(finding) or (Reader(),)
    if any(reader.network in ("compose", "outside") for reader in readers):
        return None
    claims = world.truth.claims
    if finding.document is None and name.service in claims.composed and not name.svc:
        return None  # the composed project's, in development
    if is_passed(finding) and finding.host in claims.upstreams:
        return None
    told = [
        (reader, found)
        for reader in readers
        if (found := judge(_asked(world, finding, name, reader, inventory)))
    ]
    if not told:
        return None
    _, worst = min(told, key=lambda one: one[1].verdict in HARMLESS)
    return _put(finding, worst, (str(reader) for reader, _ in told))


def _asked(
    world: NameSources, finding: Finding, name: Name, reader: Reader, inventory: Inventory
) -> Asked:
    space = name.namespace or reader.namespace
    domain = world.job.settings.cluster_domain
    in_chart = bool(world.charts.tops(finding.file))
    return Asked(finding, name, reader, space, inventory, world.truth, domain, in_chart)


def _put(finding: Finding, told: Told, callers: Iterable[str]) -> Verified:
    return Verified(
        finding,
        told.verdict,
        told.why,
        told.remedy,
        told.service,
        tuple(dict.fromkeys(callers)),
        told.fix,
        told.host,
    )
