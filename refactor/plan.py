"""Everything in order: scan, resolve, decide, prove; the result is one immutable `Plan`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from refactor import __version__
from refactor.charted.names import Names
from refactor.charted.reach import Reached, reach
from refactor.charted.session import Charts
from refactor.charted.wrap import wraps
from refactor.file_plan import FilePlan, decide_file, plan_file, resolve_file, unproven
from refactor.helm.engine import NoEngine
from refactor.job import Job, query_of, scan
from refactor.missing import ASKED, Filled, fill, refused
from refactor.model import Edit, NewFile, NewService, ObjectChange, Plan, Target
from refactor.object_changes import manifest_changes, object_changes
from refactor.progress import track
from refactor.proof_charts import ChartProof, prove_charts
from refactor.reading import with_readers
from refactor.rewrite.decide import Resolved
from refactor.scanners import kind_of
from refactor.source import Source
from refactor.tree import ScannedFile, TreeScan
from refactor.view import Span

__all__ = ["Job", "decide_file", "make_plan", "query_of", "scan"]

_MOST_ALONE = 32
"""Edits of a chart that are tried one by one where all of them together do not prove themselves."""

_TRIES = 3
"""Rounds in which templates that do not prove themselves give way to plain names."""


def make_plan(job: Job) -> Plan:
    """Return every finding, what it stands for, every change, and the proof.

    Args:
        job: what to look at, and with what.

    Raises:
        RefactorError: a path does not exist or lies outside the root.
    """
    tree = scan(job)
    with Charts(job.root, job.settings, job.homes.of("").namespace) as charts:
        job = with_readers(job, charts)
        resolved = {
            file.source.path: resolve_file(job, file) for file in track(tree.files, "resolving")
        }
        filled = fill(job, [item for items in resolved.values() for item in items], charts)
        if filled.job is not job:
            job = filled.job
            resolved = {
                file.source.path: tuple(refused(r, filled.refused) for r in resolve_file(job, file))
                for file in tree.files
            }
        reached = reach(charts, (finding for file in tree.files for finding in file.findings))
        planned, proofs = _proven(job, tree, resolved, charts, reached, filled)
        if not job.unproven and (
            blamed := _blamed(job, tree, resolved, charts, reached, filled, planned, proofs)
        ):
            resolved = {path: _barred(items, blamed) for path, items in resolved.items()}
            planned, proofs = _proven(job, tree, resolved, charts, reached, filled)
    planned = [_withhold(job, file, proofs) for file in planned]
    files, services = _needed(filled, planned)
    return Plan(
        tool_version=__version__,
        outcomes=tuple(outcome for file in planned for outcome in file.outcomes),
        changes=tuple(file.change for file in planned if file.change),
        files=files,
        services=services,
        objects=(*_objects(planned, files), *_rendered(proofs)),
        checks=(
            *(check for file in planned for check in file.checks),
            *(proof.check for proof in proofs),
        ),
        notes=(*job.notes, *tree.notes, *reached.notes),
        passed_over=tree.passed_over,
        files_read=tree.files_read,
        inventory=dict(job.digests),
    )


def _proven(
    job: Job,
    tree: TreeScan,
    resolved: dict[str, tuple[Resolved, ...]],
    charts: Charts,
    reached: Reached,
    filled: Filled,
) -> tuple[list[FilePlan], tuple[ChartProof, ...]]:
    """Plan all files; where a chart's templates do not prove themselves, with plain names."""
    literal: frozenset[str] = frozenset()
    new = {file.path: file.content.encode() for file in filled.files}
    where = reached.by_finding
    for _ in range(_TRIES):
        wrapped = _wrapped(job, resolved, charts, reached, literal)
        marks = {edit.finding for edit in wrapped}
        names = Names(charts, where, job.homes, job.settings, literal, new, marks)
        others = (*filled.edits, *wrapped)
        planned = [
            plan_file(
                job,
                file,
                resolved.get(file.source.path, ()),
                names,
                where,
                [edit for edit in others if edit.file == file.source.path],
            )
            for file in track(_with_others(job, tree, others), "planning and proving")
        ]
        proofs = prove_charts(charts, planned, where, new)
        astray = {mark for proof in proofs for mark in proof.templates} - literal
        if not astray:
            break
        literal |= astray
    return planned, proofs


def _blamed(
    job: Job,
    tree: TreeScan,
    resolved: dict[str, tuple[Resolved, ...]],
    charts: Charts,
    reached: Reached,
    filled: Filled,
    planned: Sequence[FilePlan],
    proofs: Sequence[ChartProof],
) -> dict[str, str]:
    """Return the findings whose edits fail a chart's proof by themselves, each with its words.

    Each is tried alone, where a chart fails with several: one too many is no reason to make none.
    """
    blamed: dict[str, str] = {}
    for proof in proofs if not isinstance(charts.renders, NoEngine) else ():
        marks = _edited_in(planned, proof.files)
        if proof.check.state == "passed" or not 1 < len(marks) <= _MOST_ALONE:
            continue
        failing = {}
        part = tree._replace(files=tuple(f for f in tree.files if f.source.path in proof.files))
        for mark in marks:
            others = dict.fromkeys(marks - {mark}, "tried alone")
            alone = {f.source.path: _barred(resolved[f.source.path], others) for f in part.files}
            _, tried = _proven(job, part, alone, charts, reached, filled)
            checks = [one.check for one in tried if one.check.subject == proof.check.subject]
            if failed := next((check for check in checks if check.state != "passed"), None):
                failing[mark] = f"{failed.name}: {failed.message}"
        blamed |= failing if len(failing) < len(marks) else {}
    return blamed


def _edited_in(planned: Sequence[FilePlan], files: Collection[str]) -> set[str]:
    chosen = (file for file in planned if file.file.source.path in files)
    return {o.finding.fingerprint for file in chosen for o in file.outcomes if o.edited}


def _barred(items: Sequence[Resolved], why: Mapping[str, str]) -> tuple[Resolved, ...]:
    """Return findings of which some may not be edited."""
    return tuple(
        item._replace(blocked=("unproven", why[item.finding.fingerprint]))
        if item.finding.fingerprint in why
        else item
        for item in items
    )


def _wrapped(
    job: Job,
    resolved: dict[str, tuple[Resolved, ...]],
    charts: Charts,
    reached: Reached,
    literal: frozenset[str],
) -> tuple[Edit, ...]:
    """Return the edits that pass values through `tpl`, of findings that gain by it."""
    renders = charts.renders if job.settings.wrap_tpl and reached.by_finding else None
    if renders is None or isinstance(renders, NoEngine):
        return ()
    found: dict[tuple[str, Span], Edit] = {}
    for item in (item for items in resolved.values() for item in items):
        mark = item.finding.fingerprint
        reach = reached.by_finding.get(mark)
        if reach and mark not in literal and isinstance(item.resolution, Target):
            edits = wraps(renders, item.finding, reach)
            names = Names(charts, reached.by_finding, job.homes, job.settings, (), None, {mark})
            if edits and names.of(item.finding, item.resolution).probe:
                found |= {(edit.file, edit.span): edit for edit in edits}
    return tuple(found.values())


def _with_others(job: Job, tree: TreeScan, others: Sequence[Edit]) -> list[ScannedFile]:
    """Return all files to plan: also those that hold no finding and are edited for another's."""
    here = {file.source.path for file in tree.files}
    added = []
    for path in sorted({edit.file for edit in others} - here):
        kind = kind_of(path, "") or "text"
        added.append(ScannedFile(Source(path, (job.root / path).read_bytes()), kind, ()))
    return sorted((*tree.files, *added), key=lambda file: file.source.path)


def _objects(planned: Sequence[FilePlan], files: Sequence[NewFile]) -> tuple[ObjectChange, ...]:
    """Return what Kubernetes will see of the manifests that are edited or added."""
    edited = (
        (file.file.source, Source(file.file.source.path, file.after))
        for file in planned
        if file.change and file.file.kind == "yaml"
    )
    texts = [(old.path, old.text, new.text) for old, new in edited]
    texts += [(new.path, "", new.content) for new in files]
    return tuple(change for text in texts for change in manifest_changes(*text))


def _rendered(proofs: Sequence[ChartProof]) -> tuple[ObjectChange, ...]:
    """Return what Kubernetes will see of the charts, in the first installation that shows it."""
    return tuple(
        told
        for proof in proofs
        for case, change in proof.changes
        for told in object_changes(f"{case.chart}, release {case.release}", [change])
    )


def _needed(
    filled: Filled, planned: Sequence[FilePlan]
) -> tuple[tuple[NewFile, ...], tuple[NewService, ...]]:
    """Leave out the Services whose findings are not edited after all."""
    edited = {o.finding.fingerprint for file in planned for o in file.outcomes if o.edited}
    edited.add(ASKED)
    services = tuple(s for s in filled.services if not s.file or edited.intersection(s.findings))
    kept = {mark for service in services for mark in service.findings}
    return tuple(f for f in filled.files if kept.intersection(f.findings)), services


def _withhold(job: Job, file: FilePlan, proofs: Sequence[ChartProof]) -> FilePlan:
    """Take back the edits of a chart that could not be proven."""
    if job.unproven or file.change is None:
        return file
    for proof in proofs:
        if proof.check.state != "passed" and file.change.path in proof.files:
            outcomes = unproven(file.outcomes, proof.check)
            return FilePlan(file.file, outcomes, checks=file.checks)
    return file
