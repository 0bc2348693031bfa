"""The driver: every stage in order, and `edit` and `prove` again for the file or chart to blame."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from operator import is_

from refactor import __version__
from refactor.files.progress import track
from refactor.files.walk import TreeListing
from refactor.helm.engine import NoEngine
from refactor.helm.tree import Tree
from refactor.inventory import Inventory
from refactor.inventory.misfit import misfit
from refactor.model import Check, NewFile, Note, ObjectChange, Outcome, Plan, Refusal
from refactor.plan.blame import MOST_TRIALS, prove_alone, to_blame
from refactor.plan.charts.session import Charts
from refactor.plan.charts.usage import reach
from refactor.plan.edit import by_file, edit_file
from refactor.plan.edited import EditedFile, edited_files, needed, outcome
from refactor.plan.follow import follow, untold
from refactor.plan.job import PlanJob, scan
from refactor.plan.missing import fill
from refactor.plan.object_changes import manifest_changes, object_changes
from refactor.plan.proof.charts import ChartProof, prove_charts
from refactor.plan.proof.kustomized import prove_kustomizations
from refactor.plan.reading import with_readers
from refactor.plan.row import Row
from refactor.plan.services.made import Placed
from refactor.plan.stages import (
    Rows,
    find,
    name,
    readers,
    resolve,
    role,
    services,
    wanting,
)
from refactor.plan.together import together
from refactor.plan.world import RunFiles, World
from refactor.scan.tree import ScannedFile, TreeScan
from refactor.yaml.kustomize import is_kustomization

_MOST_PLAIN = 2
"""Rounds in which templates that do not prove themselves give way to plain names."""


def make_plan(job: PlanJob) -> Plan:
    """Return every finding, what it stands for, every change, and the proof."""
    tree = scan(job)
    space = job.homes.of("").namespace
    with Charts(job.root, job.settings, space, tree.listed) as charts:
        world, rows = named(World(job, RunFiles(job.root, tree.files), {}, charts), tree.files)
        world, rows, proofs = proven(world, rows)
        return plan_of(world, tree, rows, proofs)


def named(world: World, files: Iterable[ScannedFile]) -> tuple[World, Rows]:
    """Return all findings as far as their names, and the world with what was learned on the way."""
    rows = role(world, find(files))
    charts = world.charts
    if charts is not None:
        world = world._replace(job=with_readers(world.job, charts))
        open_ones = [row.finding for row in rows if not row.refusals]
        reached = reach(charts, open_ones, world.job.settings.places, world.inventory)
        world = world._replace(reached=reached)
    read = readers(world, rows)
    rows = resolve(world, read)
    if charts is not None:
        filled = fill(world.job, wanting(world, rows), charts)
        if filled.job is not world.job:
            world = world._replace(job=filled.job, services=filled.services, refused=filled.refused)
            rows = services(world, resolve(world, read))
    return world, follow(world, together(world, name(world, rows)))


def proven(world: World, rows: Rows) -> tuple[World, Rows, tuple[ChartProof, ...]]:
    """Return the rows with edits and their proof; what failed it is refused, and nothing else."""
    failures: dict[str, ChartProof] = {}
    plain = 0
    while True:
        tried = _files(world, rows)
        proofs = _charts(world, tried)
        failed = [proof for proof in proofs if proof.check.state != "passed"]
        astray = _astray(tried, failed, last=plain == _MOST_PLAIN - 1) - world.plain
        if astray and plain < _MOST_PLAIN:
            plain += 1
            world = world._replace(plain=world.plain | astray)
            again = iter(name(world, tuple(_nameless(row) for row in rows if row.mark in astray)))
            rows = tuple(next(again) if row.mark in astray else row for row in rows)
        elif failed and not world.job.unproven:
            failures |= {proof.check.subject: proof for proof in failed[:1]}
            world, rows = _less(world, rows, tried, failed[0])
        else:
            break
    told = {proof.check.subject for proof in proofs}
    return world, tried, (*proofs, *(p for name, p in failures.items() if name not in told))


def _astray(rows: Rows, failed: Iterable[ChartProof], *, last: bool) -> set[str]:
    """The templates that failed proofs suspect; in the last round all of those charts'."""
    found = {mark for proof in failed for mark in proof.templates}
    if not last or not found:
        return found
    files = {file for proof in failed for file in proof.files}
    return found | {
        row.mark for row in rows if row.name and row.name.probe and row.finding.file in files
    }


def _nameless(row: Row) -> Row:
    return row._replace(name=None, edits=())


def _files(world: World, rows: Rows) -> Rows:
    """Edit and prove every file; one whose rows are what they were is not asked again."""
    memo = world.memo.setdefault("files", {})
    done: list[Row] = []
    for path, held in track([*by_file(rows)], "planning and proving"):
        known = memo.get(path)
        if known is None or not all(map(is_, known[0], held)):
            known = memo[path] = held, prove_alone(world, world.files[path], held)
        done += known[1]
    return together(world, tuple(done))


def _charts(
    world: World, rows: Rows, only: Collection[str] | None = None
) -> tuple[ChartProof, ...]:
    """Prove every chart that edits reach, or the one that has some files."""
    if world.charts is None:
        return ()
    placed = needed(world, rows)
    new = {file.path: file.content.encode() for one in placed for file in one.files}
    files = edited_files(world, rows, placed)
    if only is not None:
        files = tuple(file for file in files if file.change.path in only)
        new = {path: data for path, data in new.items() if path in only}
    memo = world.memo.setdefault("charts", {})
    charts = prove_charts(world.charts, files, world.reached.by_finding, new, memo)
    repository = world.job.homes.asked
    if repository is None:
        return charts
    known, built = repository.kustomizations, world.memo.setdefault("built", {})
    return (
        *charts,
        *prove_kustomizations(known, Tree(world.job.root), files, new, built, world.charts),
    )


def _less(world: World, rows: Rows, tried: Rows, proof: ChartProof) -> tuple[World, Rows]:
    """Refuse the rows whose edits fail a chart's proof; without any, the Services it gets."""
    inside = {row.mark for row in tried if row.edited and row.finding.file in proof.files}
    served = [one for one in world.services if _files_of(one) & proof.files]
    inside |= {mark for one in served for mark in one.service.findings}
    marks = [row.mark for row in tried if row.edited and row.mark in inside]
    if not marks:
        others = tuple(one for one in world.services if one not in served)
        return world._replace(services=others), rows
    why = f"{proof.check.name}: {proof.check.message}"
    fails = partial(_fails, world, rows, proof)
    trials = 0 if _is_broken(world, proof) else MOST_TRIALS
    blamed = to_blame(marks, why, fails, trials)
    return world, tuple(
        row.unproven(blamed[row.mark]) if row.mark in blamed else row for row in rows
    )


def _files_of(placed: Placed) -> set[str]:
    return {file.path for file in placed.files} | {edit.file for edit in placed.edits}


def _is_broken(world: World, proof: ChartProof) -> bool:
    """Whether a chart does not even render as it is: no edit is to blame for that."""
    charts, subject = world.charts, proof.check.subject
    if is_kustomization(subject):
        return False
    if charts is None or isinstance(charts.renders, NoEngine):
        return True
    renders = charts.renders
    found = (chart for chart in charts.all if chart.path == subject)
    return all(renders.render(case).error for chart in found for case in charts.cases(chart))


def _fails(world: World, rows: Rows, proof: ChartProof, part: Collection[str]) -> str:
    """Say how a chart's proof fails with the edits of some rows alone."""
    alone = world._replace(memo={})
    files = proof.files | {row.finding.file for row in rows if row.mark in part}
    held = tuple(
        row if row.mark in part else row.unproven("tried without it")
        for row in rows
        if row.finding.file in files
    )
    for found in _charts(alone, _files(alone, held), proof.files):
        if found.check.subject == proof.check.subject and found.check.state != "passed":
            return f"{found.check.name}: {found.check.message}"
    return ""


def plan_of(world: World, tree: TreeScan, rows: Rows, proofs: Sequence[ChartProof]) -> Plan:
    """Put everything together."""
    placed = needed(world, rows)
    files = edited_files(world, rows, placed)
    new = tuple(file for one in placed for file in one.files)
    tests = () if world.job.settings.tests else untold(tree.listed, (f.change for f in files))
    return Plan(
        tool_version=__version__,
        outcomes=tuple(outcome(world, row) for row in rows),
        changes=tuple(file.change for file in files),
        files=new,
        services=tuple(one.service for one in placed),
        objects=(*_objects(files, new), *_rendered(proofs)),
        checks=(*_checks(rows), *(proof.check for proof in proofs)),
        notes=(
            *_misfits(world.job, rows),
            *world.job.notes,
            *tests,
            *tree.notes,
            *world.reached.notes,
        ),
        passed_over=tree.passed_over,
        files_read=tree.files_read,
        inventory=dict(world.job.digests),
        basis=world.job.basis,
    )


def _misfits(job: PlanJob, rows: Rows) -> Iterator[Note]:
    """Yield a note for each inventory that knows none of the addresses looked up in it."""
    hosts: dict[Inventory, list[str]] = {}
    for row in rows:
        if not row.finding.kept:
            hosts.setdefault(job.homes.of(row.finding.file).inventory, []).append(row.finding.host)
    for inventory, found in hosts.items():
        if told := misfit(found, inventory):
            yield Note(", ".join(inventory.digests) or "inventory", "wrong-cluster", told)


def _checks(rows: Rows) -> Iterator[Check]:
    """Yield the steps that look at one file: those of its rows, then those of the whole."""
    for _, held in by_file(rows):
        found = dict.fromkeys(check for row in held for check in row.checks)
        yield from (check for check in found if check.name == "names")
        yield from (check for check in found if check.name != "names")


def _objects(files: Iterable[EditedFile], new: Iterable[NewFile]) -> Iterator[ObjectChange]:
    """Yield what Kubernetes will see of the manifests that are edited or added."""
    for file in files:
        if file.file.kind == "yaml":
            yield from manifest_changes(file.change.path, file.file.source.text, file.after.text)
    for added in new:
        yield from manifest_changes(added.path, "", added.content)


def _rendered(proofs: Iterable[ChartProof]) -> Iterator[ObjectChange]:
    """Yield what Kubernetes will see of the charts, in the first installation that shows it."""
    for proof in proofs:
        for case, change in proof.changes:
            yield from object_changes(f"{case.chart}, release {case.release}", [change])


def refusals(job: PlanJob, file: ScannedFile, mark: str) -> tuple[Refusal, ...]:
    """Return all that speaks against the edit of a finding, in the order of the stages."""
    with Charts(job.root, job.settings, job.homes.of("").namespace) as charts:
        _, rows = named(World(job, RunFiles(job.root, [file]), {}, charts), [file])
        edited = edit_file(World(job, RunFiles(job.root, [file]), {}), file, rows)
    return next((row.refusals for row in edited if row.mark == mark), ())


def expected(
    job: PlanJob, files: Iterable[ScannedFile], listed: TreeListing | None = None
) -> tuple[Outcome, ...]:
    """Return what a plan would say of some files' findings, before any proof, and without Helm."""
    with Charts(job.root, job.settings, job.homes.of("").namespace, listed) as charts:
        job = with_readers(job, charts)
        return tuple(told for file in files for told in _expected(job, file))


def _expected(job: PlanJob, file: ScannedFile) -> Iterator[Outcome]:
    world = World(job, RunFiles(job.root, [file]), {})
    if not job.digests:  # without an inventory only the readers speak
        return (outcome(world, row) for row in readers(world, role(world, find([file]))))
    world, rows = named(world, [file])
    return (outcome(world, row) for row in edit_file(world, file, rows))
