"""The gate in order: narrow to what is asked for, scan, sift, decide what to say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from refactor.errors import RefactorError
from refactor.files.disk import near, real
from refactor.files.walk import walk
from refactor.gate import baseline as known
from refactor.gate.changed import Changed, changed
from refactor.gate.idle import idle, may_be_marked
from refactor.gate.report import gone_count, plan_of
from refactor.gate.select import GateFindings, Scope, renewed, sift, touched
from refactor.model import Finding, Outcome, Plan
from refactor.plan.driver import expected
from refactor.plan.job import PlanJob, scan
from refactor.report.words import readable
from refactor.scan.tree import TreeScan
from refactor.settings.read import is_inside


class GateResult(NamedTuple):
    """What a run of the gate came to."""

    job: PlanJob
    sifted: GateFindings
    plan: Plan
    tree: TreeScan
    file: Path
    baseline: known.Baseline
    scope: Scope


def look(
    job: PlanJob, base: str | None, file: Path | None, *, everything: bool, create: bool
) -> GateResult:
    """Return what the gate says.

    Args:
        base: what to compare the lines with; None to look at all.
        file: the baseline's; None for the repository's own, where it has one.

    Raises:
        RefactorError: a path, the baseline or git cannot be read.
    """
    changes = None if base is None else changed(job.root, base)
    place = file or _own(job.root)
    baseline = _load(place, needed=file is not None and not create)
    narrowed = _narrowed(job, changes)
    tree = scan(narrowed, may_be_marked) if narrowed.paths else TreeScan((), (), {}, 0)
    tree = _without(tree, job.root, place)
    unused = idle(tree.files, changes, lambda path: job.homes.of(path).inventory)
    tree = tree._replace(notes=(*tree.notes, *unused))
    scope = _scope(job, everything=everything) if changes is None else _nothing
    sifted = sift(touched(tree.files, changes), baseline, scope)
    told = _decided(job, tree, sifted)
    tree = _read_elsewhere(tree, told)
    sifted = sift(touched(tree.files, changes), baseline, scope)
    plan = plan_of(sifted, told if job.digests else {}, tree, readable(place.name))
    return GateResult(job, sifted, plan, tree, place, baseline, scope)


def renew(looked: GateResult) -> str:
    """Write the baseline anew, and return what was done, in a line.

    Raises:
        RefactorError: it cannot be written.
    """
    found = renewed(touched(looked.tree.files, None), looked.baseline, looked.scope)
    known.save(found, looked.file)
    added, gone = len(looked.sifted.new), gone_count(looked.sifted)
    held = sum(entry.count for entry in found)
    return f"{near(looked.file)}: {held} known, {added} of them new; {gone} gone"


def _own(root: Path) -> Path:
    if not is_inside(root, known.NAME):
        message = "leads out of the repository"
        raise RefactorError(message, where=known.NAME)
    return root / known.NAME


def _load(place: Path, *, needed: bool) -> known.Baseline:
    return known.load(place) if needed or place.exists() else known.Baseline()


def _narrowed(job: PlanJob, changes: Changed | None) -> PlanJob:
    """Leave to a job what changed, and of the files it names those that the rules let through.

    A walk lists a named file whatever the rules say. What pre-commit or a diff names was not
    chosen by a person.
    """
    if changes is None and all(path.is_dir() for path in job.paths):
        return job
    listed = {path for _, path in walk(job.root, [], job.settings).files}
    asked = [real(path) for path in job.paths]
    if changes is None:
        found = [path for path in asked if path.is_dir() or path in listed]
    else:
        root = real(job.root)
        altered = (root / name for name in sorted(changes.files))
        found = [p for p in altered if p in listed and any(p.is_relative_to(a) for a in asked)]
    return job._replace(paths=found)


def _without(tree: TreeScan, root: Path, place: Path) -> TreeScan:
    """Leave out the baseline itself, whose own name the rules of the walk do not know."""
    files = (file for file in tree.files if real(root / file.source.path) != real(place))
    return tree._replace(files=tuple(files))


def _scope(job: PlanJob, *, everything: bool) -> Scope:
    if everything:
        return lambda _: True
    root = real(job.root)
    names = [readable(real(path).relative_to(root).as_posix()) for path in job.paths]
    return lambda file: any(name in (".", file) or file.startswith(f"{name}/") for name in names)


def _nothing(_: str) -> bool:
    return False


def _decided(job: PlanJob, tree: TreeScan, sifted: GateFindings) -> dict[str, Outcome]:
    """Return what a plan would do about the new findings."""
    wanted = {finding.file for finding in sifted.new}
    files = [file for file in tree.files if file.source.path in wanted]
    told = expected(job, files, tree.listed) if files else ()
    return {outcome.finding.fingerprint: outcome for outcome in told}


def _read_elsewhere(tree: TreeScan, told: Mapping[str, Outcome]) -> TreeScan:
    """Return the findings with those kept that are read where no Service's name is known."""
    files = (
        file._replace(findings=tuple(_kept(finding, told) for finding in file.findings))
        for file in tree.files
    )
    return tree._replace(files=tuple(files)) if told else tree


def _kept(finding: Finding, told: Mapping[str, Outcome]) -> Finding:
    said = told.get(finding.fingerprint)
    return said.finding if said and said.finding.kept and not finding.kept else finding
