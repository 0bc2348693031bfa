"""What a scan found, a line each, and the counts that close every report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from refactor.model import Outcome, Plan
from refactor.report.lines import Line
from refactor.report.words import QUIET, address, clean, count, needs_human, place


def scan_lines(outcomes: Iterable[Outcome]) -> Iterator[Line]:
    """Yield one line per finding: place, address, key, and why it would be kept."""
    for outcome in outcomes:
        finding = outcome.finding
        key = f" ({finding.key})" if finding.key else ""
        why = f"  kept: {finding.kept_why}" if finding.kept else ""
        text = clean(f"{place(outcome)}: {address(outcome)}{key}{why}")
        yield Line(text, "dim" if why else "", hang=4)
        for remark in finding.remarks:
            yield Line(f"    {clean(remark)}", "dim", hang=4)


def notes(plan: Plan) -> Iterator[Line]:
    """Yield what is to be said of whole files."""
    if not plan.notes:
        return
    yield Line("Notes", "title")
    for note in plan.notes:
        line = f":{note.line}" if note.line else ""
        yield Line(clean(f"  {note.file}{line}: {note.message}"), "warn", hang=4)
    yield Line("")


def summary(plan: Plan, *, planned: bool = True) -> Iterator[Line]:
    """Yield the counts: findings, edits, files, and every reason why not."""
    edited = sum(outcome.edited for outcome in plan.outcomes)
    yield Line("Summary", "title")
    found = count(len(plan.outcomes), "address", "es")
    yield Line(f"  found      {found} in {count(plan.files_read, 'file')}")
    if planned:
        told = f"  changed    {edited} in {count(len(plan.changes), 'file')}"
        yield Line(told, "good" if edited else "")
    if reported := sum(not new.file for new in plan.services):
        yield Line(f"  missing    {count(reported, 'Service')}, shown above", "warn")
    if plan.files:
        yield Line(f"  added      {count(len(plan.files), 'file')}", "good")
    reasons = Counter(outcome.reason for outcome in plan.outcomes if outcome.reason)
    for reason, number in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
        yield Line(f"  {number:>4} {reason}", "dim" if reason in QUIET else "warn")
    yield from _proof(plan)
    if plan.passed_over:
        told = ", ".join(f"{number} {rule}" for rule, number in plan.passed_over.items())
        yield Line(f"  passed over: {told}", "dim", hang=4)
    if plan.passed_over.get("inventory") and not plan.files_read:
        yield Line(
            "  only an inventory is here: `-i FILE` reads one, PATHS are what is looked into",
            "warn",
            hang=4,
        )


def headline(plan: Plan) -> str:
    """Return what a plan comes to, in a line."""
    edited, human = (
        sum(one.edited for one in plan.outcomes),
        sum(map(needs_human, plan.outcomes)),
    )
    told = f"{edited} of {count(len(plan.outcomes), 'address', 'es')} would change"
    told += f" in {count(len(plan.changes), 'file')}" if edited else ""
    return told + (f"; {human} {'needs' if human == 1 else 'need'} somebody" if human else "")


def _proof(plan: Plan) -> Iterator[Line]:
    checks = Counter(check.state for check in plan.checks)
    if not checks:
        return
    told = ", ".join(f"{checks[state]} {state}" for state in ("passed", "failed", "unasked"))
    yield Line(f"  proof      {told}", "warn" if checks["failed"] else "good")
    for check in plan.checks:
        if check.name == "render":
            style = "good" if check.state == "passed" else "warn"
            yield Line(clean(f"    {check.subject}: {check.message}"), style, hang=6)
