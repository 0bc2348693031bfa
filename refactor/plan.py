"""Everything in order: scan, resolve, decide, prove; the result is one immutable `Plan`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from refactor import __version__
from refactor.consumers import blocked, proxy_warnings
from refactor.environments import Homes
from refactor.model import Check, Edit, FileChange, Finding, Note, Outcome, Plan, Target
from refactor.proof_charts import ChartProof, prove_charts
from refactor.prove import prove_file
from refactor.resolve import Options, Query, resolve
from refactor.rewrite.decide import Decided, Resolved, decide
from refactor.rewrite.names import service_name
from refactor.rewrite.python_env import to_environment
from refactor.scan import scan_source
from refactor.settings import Settings
from refactor.source import Source, splice
from refactor.tree import ScannedFile, TreeScan, scan_tree


class Job(NamedTuple):
    """What a plan is made of.

    Attributes:
        root: the repository's root.
        paths: files and directories under it to look at.
        settings: the repository's settings, with the command line's on top.
        homes: the inventory and namespace of each file.
        unproven: whether edits stay in the plan although a check failed or could not be asked.
        digests: SHA-256 of each inventory, by its name.
        notes: what is to be said of the inventories.
    """

    root: Path
    paths: Sequence[Path]
    settings: Settings
    homes: Homes
    unproven: bool = False
    digests: Mapping[str, str] = {}
    notes: tuple[Note, ...] = ()


class _FilePlan(NamedTuple):
    outcomes: tuple[Outcome, ...]
    change: FileChange | None = None
    checks: tuple[Check, ...] = ()
    after: bytes = b""


def scan(job: Job) -> TreeScan:
    """Return what stands in the job's files, before anything is resolved."""
    return scan_tree(job.root, job.paths, job.settings, lambda path: job.homes.of(path).inventory)


def make_plan(job: Job) -> Plan:
    """Return every finding, what it stands for, every change, and the proof.

    Args:
        job: what to look at, and with what.

    Raises:
        RefactorError: a path does not exist or lies outside the root.
    """
    tree = scan(job)
    planned = [_plan_file(job, file) for file in tree.files]
    proofs = _prove_charts(job, planned)
    planned = [_withhold(job, file, proofs) for file in planned]
    return Plan(
        tool_version=__version__,
        outcomes=tuple(outcome for file in planned for outcome in file.outcomes),
        changes=tuple(file.change for file in planned if file.change),
        checks=(
            *(check for file in planned for check in file.checks),
            *(proof.check for proof in proofs),
        ),
        notes=(*job.notes, *tree.notes),
        passed_over=tree.passed_over,
        files_read=tree.files_read,
        inventory=dict(job.digests),
    )


def _plan_file(job: Job, file: ScannedFile) -> _FilePlan:
    decided = decide_file(job, file)
    if not decided.edits:
        return _FilePlan(decided.outcomes)
    inventory = job.homes.of(file.source.path).inventory
    after = _after(file.source, decided.edits)
    checks = (
        *prove_file(file, after, decided, inventory),
        _again(job, file, after),
    )
    failed = [check for check in checks if check.state == "failed"]
    if failed and not job.unproven:
        return _FilePlan(_unproven(decided.outcomes, failed[0]), checks=checks)
    change = FileChange(file.source.path, file.source.digest, after.digest, decided.edits)
    return _FilePlan(decided.outcomes, change, checks, after.encode(after.text))


def _prove_charts(job: Job, planned: Sequence[_FilePlan]) -> tuple[ChartProof, ...]:
    changed = [(file.change, file.after) for file in planned if file.change]
    return prove_charts(
        job.root,
        job.settings,
        job.homes.of("").namespace,
        {change.path: after for change, after in changed},
        {change.path: change.edits for change, _ in changed},
    )


def _withhold(job: Job, file: _FilePlan, proofs: Sequence[ChartProof]) -> _FilePlan:
    """Take back the edits of a chart that could not be proven."""
    if job.unproven or file.change is None:
        return file
    for proof in proofs:
        if proof.check.state != "passed" and file.change.path in proof.files:
            return _FilePlan(_unproven(file.outcomes, proof.check), checks=file.checks)
    return file


def decide_file(job: Job, file: ScannedFile) -> Decided:
    """Return what is done about each finding of one file, and the edits."""
    text = file.source.text
    resolved = [_resolve(job, finding) for finding in file.findings]
    decided = decide(resolved, text, lambda finding, target: _name(job, finding, target))
    outcomes = tuple(
        msgspec.structs.replace(
            outcome, warnings=(*outcome.warnings, *proxy_warnings(outcome, text))
        )
        if outcome.edited
        else outcome
        for outcome in decided.outcomes
    )
    if job.settings.python == "env" and file.kind == "python":
        return Decided(outcomes, to_environment(text, decided.edits, outcomes))
    return Decided(outcomes, decided.edits)


def query_of(job: Job, finding: Finding) -> Query:
    """Return the question that a finding puts to the inventory."""
    return Query(
        host=finding.host,
        port=finding.port,
        port_from=finding.port_from,
        scheme=finding.scheme,
        namespace=job.homes.consumer(finding),
    )


def _resolve(job: Job, finding: Finding) -> Resolved:
    if finding.kept == "ignored":
        return Resolved(finding, None)
    inventory = job.homes.of(finding.file).inventory
    options = Options(ingress=job.settings.ingress, daemonsets=job.settings.daemonsets)
    return Resolved(finding, resolve(query_of(job, finding), inventory, options), blocked(finding))


def _name(job: Job, finding: Finding, target: Target) -> str:
    consumer, settings = job.homes.consumer(finding), job.settings
    return service_name(target, consumer, settings.names, settings.cluster_domain)


def _after(source: Source, edits: Sequence[Edit]) -> Source:
    text = splice(source.text, [(*edit.span, edit.new) for edit in edits])
    return Source(source.path, source.encode(text))


def _again(job: Job, file: ScannedFile, after: Source) -> Check:
    """Step 4 of the proof: a second run over the result finds nothing left to do."""
    known = job.homes.of(after.path).inventory
    scan = scan_source(after, file.kind, known, public=job.settings.public)
    left = decide_file(job, ScannedFile(after, file.kind, scan.findings)).edits
    subject = after.path
    if left:
        message = f"a second run would still change line {after.line(left[0].span.start)}"
        return Check("again", subject, "failed", message)
    return Check("again", subject, "passed", "a second run finds nothing left to do")


def _unproven(outcomes: tuple[Outcome, ...], check: Check) -> tuple[Outcome, ...]:
    why = f"{check.name}: {check.message}"
    return tuple(
        msgspec.structs.replace(
            outcome, edited=False, reason="unproven", why=why, new="", warnings=()
        )
        if outcome.edited
        else outcome
        for outcome in outcomes
    )
