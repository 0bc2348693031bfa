"""What a scan found, a line each, and the counts that close every report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from refactor.model import Outcome, Plan
from refactor.report.lines import ReportLine
from refactor.report.words import QUIET, address, clean, count, place


def scan_lines(outcomes: Iterable[Outcome]) -> Iterator[ReportLine]:
    """Yield one line per finding: place, address, key, and why it would be kept."""
    for outcome in outcomes:
        finding = outcome.finding
        key = f" ({finding.key})" if finding.key else ""
        why = f"  kept: {finding.kept_why}" if finding.kept else ""
        text = clean(f"{place(outcome)}: {address(outcome)}{key}{why}")
        yield ReportLine(text, "dim" if why else "", hang=4)
        for remark in finding.remarks:
            yield ReportLine(f"    {clean(remark)}", "dim", hang=4)


def notes(plan: Plan) -> Iterator[ReportLine]:
    """Yield what is to be said of whole files."""
    if not plan.notes:
        return
    yield ReportLine("Notes", "title")
    for note in plan.notes:
        line = f":{note.line}" if note.line else ""
        yield ReportLine(clean(f"  {note.file}{line}: {note.message}"), "warn", hang=4)
    yield ReportLine("")


def summary(plan: Plan) -> Iterator[ReportLine]:
    """Yield the counts of a scan: findings, files, and every reason why not."""
    places = len({outcome.finding.file for outcome in plan.outcomes})
    found = f"{count(len(plan.outcomes), 'address', 'es')} in {count(places, 'file')}"
    yield from reasons(plan)
    yield from skipped(plan)
    yield ReportLine(f"Found {found} ({count(plan.files_read, 'file')} read).", "title")


def reasons(plan: Plan, *, quiet: bool = False) -> Iterator[ReportLine]:
    """Yield the numbers of each reason; quiet: not of those that have a section of their own."""
    numbers = Counter(outcome.reason for outcome in plan.outcomes if outcome.reason)
    ordered = sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    for title, wanted, style in (("Needs review", False, "warn"), ("Left as it is", True, "dim")):
        told = ", ".join(
            f"{number} {name}" for name, number in ordered if (name in QUIET) == wanted
        )
        if told and (wanted or not quiet):
            yield ReportLine(f"{title}: {told}.", style, hang=2)


def skipped(plan: Plan) -> Iterator[ReportLine]:
    """Yield what was not looked into."""
    if told := ", ".join(_skipped(name, n) for name, n in plan.passed_over.items()):
        yield ReportLine(f"Skipped: {told}.", "dim", hang=2)
    if plan.passed_over.get("inventory") and not plan.files_read:
        yield ReportLine(
            "Only an inventory was given: `-i FILE` reads it as one; PATHS are the files to check.",
            "warn",
            hang=2,
        )


_SKIPPED = {"prose": "documentation", "ignored": "git-ignored"}


def _skipped(name: str, number: int) -> str:
    what = _SKIPPED.get(name, name)
    if name == "version-control":
        return count(number, "version-control folder")
    return count(number, f"{what} file")
