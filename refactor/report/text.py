"""The plan for a terminal: the diff by file, what needs review with its source, one last line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Literal as OneOf
from typing import NamedTuple

from refactor.model import FileChange, NewFile, Outcome, Plan, Target
from refactor.report.diff import content_lines, file_hunks
from refactor.report.groups import IndexedPlan, ServiceGroup, proof
from refactor.report.lines import LONGEST, ReportLine, cut, diff_lines, table
from refactor.report.origin import facts
from refactor.report.review import review
from refactor.report.semantic import object_lines
from refactor.report.summary import notes, reasons, scan_lines, skipped, summary
from refactor.report.tally import checked, headline, tally, verified, warnings
from refactor.report.words import QUIET, address, clean, count, elsewhere, place

__all__ = [
    "QUIET",
    "ReportLine",
    "ReportView",
    "address",
    "notes",
    "place",
    "plan_lines",
    "scan_lines",
    "summary",
]

_MARKS = {"proven": "✓", "failed": "✗", "unasked": "?", "": "?"}
_PLACES = 3
"""Places of a warning that are named."""


class ReportView(NamedTuple):
    """How much of a plan is shown, and how.

    Attributes:
        verbose: evidence and proof of each change, and all that stays.
        stat: numbers by file in place of the diff.
        by: what changes are grouped by.
        width: columns for a line of source and its caret.
    """

    verbose: bool = False
    stat: bool = False
    by: OneOf["file", "service"] = "file"
    width: int = 100


def plan_lines(plan: Plan, root: Path, view: ReportView = ReportView()) -> Iterator[ReportLine]:  # noqa: B008 - frozen
    """Yield a plan's report."""
    reading = IndexedPlan(plan)
    yield from _basis(plan)
    yield from notes(plan)
    yield from _warnings(plan)
    yield from _changes(reading, root, view)
    yield from _files(plan, view)
    yield from _made(plan)
    if view.verbose:
        yield from object_lines(plan)
    yield from review(plan, root, view.width, everything=view.verbose)
    if view.verbose:
        yield from _quiet(plan.outcomes)
    if view.verbose or view.by == "service":
        yield from _services(reading)
    yield from _end(reading, view)


def _basis(plan: Plan) -> Iterator[ReportLine]:
    told = list(facts(plan))
    if plan.basis.made is None:
        return
    for name, text, care in told:
        yield ReportLine(clean(f"{name:<10} {text}"), "warn" if care else "dim", hang=11)
    yield ReportLine("")


def _warnings(plan: Plan) -> Iterator[ReportLine]:
    found = warnings(plan)
    if not found:
        return
    yield ReportLine(f"Warnings ({sum(map(len, found.values()))})", "title")
    for text, places in found.items():
        times = f" ({len(places)} times)" if len(places) > 1 else ""
        yield ReportLine(clean(f"  {text}{times}"), "warn", hang=4)
        more = f", and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
        yield ReportLine(clean(f"    {', '.join(places[:_PLACES])}{more}"), "dim", hang=4)
    yield ReportLine("")


def _changes(reading: IndexedPlan, root: Path, view: ReportView) -> Iterator[ReportLine]:
    if view.stat:
        yield from _stat(reading)
    elif view.by == "service":
        for group in reading.groups():
            yield from _group(reading, group, root, view)
    else:
        by_file = _by_file(reading.plan)
        for change in reading.plan.changes:
            yield from _file(reading, change, by_file.get(change.path, ()), root, view, None)
            yield ReportLine("")


def _by_file(plan: Plan) -> dict[str, list[Outcome]]:
    found: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in plan.outcomes:
        if outcome.edited:
            found[outcome.finding.file].append(outcome)
    return found


def _stat(reading: IndexedPlan) -> Iterator[ReportLine]:
    by_file = _by_file(reading.plan)
    rows = [(clean(c.path), str(len(by_file.get(c.path, ())))) for c in reading.plan.changes]
    rows += [(f"{clean(new.path)} (new)", "") for new in reading.plan.files]
    if rows:
        head, *lines = table([("file", "changes"), *rows])
        yield ReportLine(head, "dim")
        yield from map(ReportLine, lines)
        yield ReportLine("")


def _file(
    reading: IndexedPlan,
    change: FileChange,
    outcomes: Iterable[Outcome],
    root: Path,
    view: ReportView,
    marks: Collection[str] | None,
) -> Iterator[ReportLine]:
    """Yield a file's diff, with each change's proof where asked for, or where one is open."""
    yield ReportLine(clean(change.path), "file")
    found = file_hunks(root, change, marks, 2 if view.verbose else 1)
    yield from (cut(line, LONGEST) for line in diff_lines(hunk.bare() for hunk in found))
    said: set[tuple[str, ...]] = set()
    for outcome in outcomes:
        if view.verbose or reading.verdict(outcome) != "proven":
            yield from _outcome(reading, outcome, said, view)


def _group(
    reading: IndexedPlan, group: ServiceGroup, root: Path, view: ReportView
) -> Iterator[ReportLine]:
    marks = {outcome.finding.fingerprint for outcome in group.outcomes}
    changes = [
        change
        for change in reading.plan.changes
        if any(edit.finding in marks for edit in change.edits)
    ]
    told = f"{count(len(marks), 'change')} in {count(len(changes), 'file')}"
    made = (", extended" if group.made.extends else ", new") if group.made else ""
    yield ReportLine(f"Service {clean(group.service)}: {told}{made}", "title", hang=4)
    for change in changes:
        yield from _file(reading, change, group.files.get(change.path, ()), root, view, marks)
    yield ReportLine("")


def _outcome(
    reading: IndexedPlan, outcome: Outcome, said: set[tuple[str, ...]], view: ReportView
) -> Iterator[ReportLine]:
    """Yield a change with its proof, and its evidence where no change before it had the same."""
    verdict = reading.verdict(outcome)
    text = f"{outcome.finding.line}: {address(outcome)} → {outcome.new}"
    told = f"  {_MARKS[verdict]} {text}  {proof(reading.checks(outcome))}"
    yield ReportLine(clean(told), "good" if verdict == "proven" else "warn", hang=4)
    for warning in outcome.warnings:
        yield ReportLine(f"      warning: {clean(warning)}", "warn", hang=8)
    if not view.verbose:
        return
    for reached in outcome.reaches:
        yield ReportLine(clean(f"      reaches {reached}"), "dim", hang=8)
    chain = outcome.resolution.chain if outcome.resolution else ()
    if chain and chain not in said:
        said.add(chain)
        yield ReportLine(f"      {clean('; '.join(chain))}", "dim", hang=8)


def _files(plan: Plan, view: ReportView) -> Iterator[ReportLine]:
    for new in () if view.stat else plan.files:
        yield ReportLine(f"{clean(new.path)} (new)", "title")
        yield from _manifest(new)
        if new.purpose:
            yield ReportLine(f"  {clean(new.purpose)}", "good", hang=4)
        yield ReportLine("")


def _manifest(new: NewFile) -> Iterator[ReportLine]:
    yield from (ReportLine(f"+{line}", "add") for line in content_lines(new.content))


def _made(plan: Plan) -> Iterator[ReportLine]:
    """Yield the Services to make; whole, where no file of this repository will hold them."""
    for new in plan.services:
        verb = "gains" if new.extends else "is new, with"
        ports = ", ".join(str(port) for port in new.ports) or "no port"
        where = f" in {new.file}" if new.file else f": {elsewhere(new)}"
        told = f"Service {new.service} {verb} port {ports}, for {new.workload}{where}"
        yield ReportLine(clean(told), "title", hang=4)
        if not new.file:
            yield from (ReportLine(f"+{line}", "add") for line in content_lines(new.manifest))
        yield ReportLine("")


def _quiet(outcomes: Iterable[Outcome]) -> Iterator[ReportLine]:
    """Yield what stays as it is, by reason."""
    groups: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.reason in QUIET:
            groups[outcome.reason].append(outcome)
    for reason in sorted(groups):
        yield ReportLine(f"Left as it is: {reason} ({len(groups[reason])})", "title")
        for outcome in groups[reason]:
            text = f"  {place(outcome)}: {address(outcome)}: {outcome.why}"
            yield ReportLine(clean(text), "dim", hang=6)
            yield from (
                ReportLine(f"      {clean(r)}", "dim", hang=8) for r in outcome.finding.remarks
            )
        yield ReportLine("")


def _services(reading: IndexedPlan) -> Iterator[ReportLine]:
    """Yield the table of Services."""
    groups = reading.groups()
    if not groups:
        return
    head, *rows = table([
        ("service", "changes", "files", "verified", "headless"),
        *(
            (
                clean(group.service),
                str(len(group.outcomes)),
                str(len(group.files)),
                str(sum(reading.verdict(outcome) == "proven" for outcome in group.outcomes)),
                "yes" if any(_headless(outcome) for outcome in group.outcomes) else "",
            )
            for group in groups
        ),
    ])  # fmt: skip
    yield ReportLine("Services", "title")
    yield ReportLine(head, "dim")
    yield from (ReportLine(row) for row in rows)
    yield ReportLine("")


def _headless(outcome: Outcome) -> bool:
    return isinstance(outcome.resolution, Target) and outcome.resolution.headless


def _end(reading: IndexedPlan, view: ReportView) -> Iterator[ReportLine]:
    """Yield the counts, and as the last line what the plan comes to."""
    numbers = tally(reading)
    plan = reading.plan
    found = count(numbers.found, "address", "es")
    read = count(plan.files_read, "file")
    yield ReportLine(
        f"Found {found} in {count(numbers.places, 'file')} ({read} read).", "dim", hang=2
    )
    yield from reasons(plan, quiet=not view.stat)
    if numbers.change:
        good = numbers.verified == numbers.change
        told = f"{verified(numbers)}: {checked(plan)}."
        yield ReportLine(told, "good" if good else "warn", hang=2)
    for check in plan.checks:
        open_one = check.state != "passed"
        if check.name == "render" and (open_one or view.verbose):  # also what Helm was not given
            style = "warn" if open_one else "dim"
            yield ReportLine(clean(f"  {check.subject}: {check.message}"), style, hang=4)
    yield from skipped(plan)
    yield ReportLine(headline(numbers), "title", hang=6)
