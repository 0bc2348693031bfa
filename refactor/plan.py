"""Everything in order: scan, resolve, decide, prove; the result is one immutable `Plan`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from refactor import __version__
from refactor.charted.names import Names
from refactor.charted.reach import Reached, reach
from refactor.charted.session import Charts
from refactor.file_plan import FilePlan, decide_file, plan_file, resolve_file, unproven
from refactor.job import Job, query_of
from refactor.model import Plan
from refactor.proof_charts import ChartProof, prove_charts
from refactor.rewrite.decide import Resolved
from refactor.tree import TreeScan, scan_tree

__all__ = ["Job", "decide_file", "make_plan", "query_of", "scan"]

_TRIES = 3
"""Rounds in which templates that do not prove themselves give way to plain names."""


def scan(job: Job) -> TreeScan:
    """Return what stands in the job's files, before anything is resolved."""
    found = scan_tree(job.root, job.paths, job.settings, lambda path: job.homes.of(path).inventory)
    # What the plan rests on says where things run; it is nothing that dials.
    rests_on = {Path(name).resolve() for name in job.digests}
    root = job.root.resolve()
    files = tuple(file for file in found.files if root / file.source.path not in rests_on)
    left_out = Counter(found.passed_over) + Counter(inventory=len(found.files) - len(files))
    return found._replace(files=files, passed_over=dict(sorted(left_out.items())))


def make_plan(job: Job) -> Plan:
    """Return every finding, what it stands for, every change, and the proof.

    Args:
        job: what to look at, and with what.

    Raises:
        RefactorError: a path does not exist or lies outside the root.
    """
    tree = scan(job)
    resolved = {file.source.path: resolve_file(job, file) for file in tree.files}
    with Charts(job.root, job.settings, job.homes.of("").namespace) as charts:
        reached = reach(charts, (finding for file in tree.files for finding in file.findings))
        planned, proofs = _proven(job, tree, resolved, charts, reached)
    planned = [_withhold(job, file, proofs) for file in planned]
    return Plan(
        tool_version=__version__,
        outcomes=tuple(outcome for file in planned for outcome in file.outcomes),
        changes=tuple(file.change for file in planned if file.change),
        checks=(
            *(check for file in planned for check in file.checks),
            *(proof.check for proof in proofs),
        ),
        notes=(*tree.notes, *reached.notes),
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
) -> tuple[list[FilePlan], tuple[ChartProof, ...]]:
    """Plan all files; where a chart's templates do not prove themselves, with plain names."""
    literal: frozenset[str] = frozenset()
    for _ in range(_TRIES):
        names = Names(charts, reached.by_finding, job.homes, job.settings, literal)
        planned = [
            plan_file(job, file, resolved[file.source.path], names, reached.by_finding)
            for file in tree.files
        ]
        proofs = prove_charts(charts, planned, reached.by_finding)
        astray = {mark for proof in proofs for mark in proof.templates} - literal
        if not astray:
            break
        literal |= astray
    return planned, proofs


def _withhold(job: Job, file: FilePlan, proofs: Sequence[ChartProof]) -> FilePlan:
    """Take back the edits of a chart that could not be proven."""
    if job.unproven or file.change is None:
        return file
    for proof in proofs:
        if proof.check.state != "passed" and file.change.path in proof.files:
            outcomes = unproven(file.outcomes, proof.check)
            return FilePlan(file.file, outcomes, checks=file.checks)
    return file
