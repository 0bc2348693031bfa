"""The plan for a terminal: diffs with their reasons, what needs a human, a summary."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from refactor.model import Ambiguous, FileChange, Outcome, Plan, Target, Unresolved
from refactor.report.diff import file_diff, new_file_diff
from refactor.report.mask import mask

# What a person can do something about comes with its remedy; the rest is listed in brief.
QUIET = frozenset({"kept-field", "compared", "needs-ip", "shape", "ignored", "public", "locked"})
_DIFF_STYLES = {"+": "add", "-": "remove", "@": "place"}


class Line(NamedTuple):
    """One line of a report.

    Attributes:
        text: without its end.
        style: "title", "add", "remove", "place", "good", "warn", "dim" or "".
    """

    text: str
    style: str = ""


def plan_lines(plan: Plan, root: Path) -> Iterator[Line]:
    """Yield a plan's report.

    Args:
        plan: the plan.
        root: the repository it is of, whose files give the diffs their context.
    """
    by_file: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in plan.outcomes:
        by_file[outcome.finding.file].append(outcome)
    for change in plan.changes:
        yield from _change(change, by_file[change.path], root)
    for new in plan.files:
        yield Line(f"{new.path} (new)", "title")
        yield from _styled(new_file_diff(new))
        yield Line(f"  {new.purpose}", "good")
        yield Line("")
    yield from _services(plan)
    yield from _not_changed(plan.outcomes)
    yield from _notes(plan)
    yield from summary(plan)


def scan_lines(outcomes: Iterable[Outcome]) -> Iterator[Line]:
    """Yield one line per finding: place, address, key, and why it would be kept."""
    for outcome in outcomes:
        finding = outcome.finding
        key = f" ({finding.key})" if finding.key else ""
        why = f"  kept: {finding.kept_why}" if finding.kept else ""
        yield Line(f"{place(outcome)}: {address(outcome)}{key}{why}", "dim" if why else "")
        for remark in finding.remarks:
            yield Line(f"    {remark}", "dim")


def summary(plan: Plan, *, planned: bool = True) -> Iterator[Line]:
    """Yield the counts: findings, edits, files, and every reason why not."""
    edited = sum(outcome.edited for outcome in plan.outcomes)
    files = len(plan.changes)
    yield Line("Summary", "title")
    found = _count(len(plan.outcomes), "address", "addresses")
    read = _count(plan.files_read, "file", "files")
    yield Line(f"  found      {found} in {read}")
    style = "good" if edited else ""
    if planned:
        yield Line(f"  changed    {edited} in {_count(files, 'file', 'files')}", style)
    reported = sum(not new.file for new in plan.services)
    if reported:
        yield Line(f"  missing    {_count(reported, 'Service', 'Services')}, shown above", "warn")
    if plan.files:
        yield Line(f"  added      {_count(len(plan.files), 'file', 'files')}", "good")
    reasons = Counter(outcome.reason for outcome in plan.outcomes if outcome.reason)
    for reason, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
        yield Line(f"  {count:>4} {reason}", "dim" if reason in QUIET else "warn")
    checks = Counter(check.state for check in plan.checks)
    if checks:
        told = ", ".join(f"{checks[state]} {state}" for state in ("passed", "failed", "unasked"))
        yield Line(f"  proof      {told}", "warn" if checks["failed"] else "good")
    for check in plan.checks:
        if check.name == "render":
            style = "good" if check.state == "passed" else "warn"
            yield Line(f"    {check.subject}: {check.message}", style)
    if plan.passed_over:
        told = ", ".join(f"{count} {rule}" for rule, count in plan.passed_over.items())
        yield Line(f"  passed over: {told}", "dim")


def place(outcome: Outcome) -> str:
    """Return `file:line:column` of a finding."""
    finding = outcome.finding
    return f"{finding.file}:{finding.line}:{finding.column}"


def address(outcome: Outcome) -> str:
    """Return the address as a reader would say it: host, and the port where one is dialled."""
    finding = outcome.finding
    host = f"[{finding.host}]" if ":" in finding.host and finding.port else finding.host
    return f"{host}:{finding.port}" if finding.port else finding.host


def _change(change: FileChange, outcomes: list[Outcome], root: Path) -> Iterator[Line]:
    yield Line(change.path, "title")
    yield from _styled(file_diff(root, change))
    for outcome in outcomes:
        if not outcome.edited:
            continue
        yield Line(f"  {outcome.finding.line}: {address(outcome)} → {outcome.new}", "good")
        if isinstance(outcome.resolution, Target):
            yield Line(f"      {'; '.join(outcome.resolution.chain)}", "dim")
        for reached in outcome.reaches:
            yield Line(f"      reaches {reached}", "dim")
        for warning in outcome.warnings:
            yield Line(f"      warning: {warning}", "warn")
    yield Line("")


def _services(plan: Plan) -> Iterator[Line]:
    """Yield the Services to make; whole, where no file of this repository will hold them."""
    for new in plan.services:
        verb = "gains" if new.extends else "is new, with"
        ports = ", ".join(str(port) for port in new.ports) or "no port"
        where = f" in {new.file}" if new.file else ": its manifest is for another repository"
        yield Line(f"Service {new.service} {verb} port {ports}{where}", "title")
        yield Line(f"  for {new.workload}", "dim")
        for warning in new.warnings:
            yield Line(f"  warning: {warning}", "warn")
        if not new.file:
            yield from (Line(f"    {line}", "add") for line in new.manifest.splitlines())
        yield Line("")


def _styled(diff: Iterable[str]) -> Iterator[Line]:
    # Masked as a whole: a secret's name may stand on the line before it.
    for line in mask("\n".join(diff)).split("\n"):
        if not line.startswith(("---", "+++")):
            yield Line(line, _DIFF_STYLES.get(line[:1], ""))


def _not_changed(outcomes: Iterable[Outcome]) -> Iterator[Line]:
    groups: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.reason:
            groups[outcome.reason].append(outcome)
    for reason in sorted(groups, key=lambda name: (name in QUIET, name)):
        quiet = reason in QUIET
        yield Line(f"Not changed: {reason} ({len(groups[reason])})", "title")
        for outcome in groups[reason]:
            text = f"  {place(outcome)}: {address(outcome)}: {outcome.why}"
            yield Line(text, "dim" if quiet else "warn")
            if not quiet:
                yield from (Line(f"      reaches {field}", "dim") for field in outcome.reaches)
            yield from _advice(outcome)
        yield Line("")


def _advice(outcome: Outcome) -> Iterator[Line]:
    for remark in outcome.finding.remarks:
        yield Line(f"      {remark}", "dim")
    match outcome.resolution:
        case Unresolved(hint=hint) if hint and not outcome.finding.kept:
            yield Line(f"      → {hint}", "dim")
        case Ambiguous(remedy=remedy) if remedy and not outcome.finding.kept:
            yield Line(f"      → {remedy}", "dim")
        case _:
            return


def _notes(plan: Plan) -> Iterator[Line]:
    if not plan.notes:
        return
    yield Line("Notes", "title")
    for note in plan.notes:
        line = f":{note.line}" if note.line else ""
        yield Line(f"  {note.file}{line}: {mask(note.message)}", "warn")
    yield Line("")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
