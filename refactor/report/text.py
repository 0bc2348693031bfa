"""The plan for a terminal: diffs by Service, with reason and proof, what needs a human, counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from refactor.model import NewFile, Outcome, Plan, Target
from refactor.report.diff import content_lines, file_hunks
from refactor.report.groups import Group, Reading, proof
from refactor.report.lines import LONGEST, Line, cut, diff_lines, table
from refactor.report.semantic import object_lines
from refactor.report.summary import notes, scan_lines, summary
from refactor.report.words import QUIET, address, advice, clean, count, place

__all__ = ["QUIET", "Line", "address", "notes", "place", "plan_lines", "scan_lines", "summary"]

_MARKS = {"proven": "✓", "failed": "✗", "unasked": "?", "": "?"}


def plan_lines(plan: Plan, root: Path) -> Iterator[Line]:
    """Yield a plan's report.

    Args:
        plan: the plan.
        root: the repository it is of, whose files give the diffs their context.

    Raises:
        RefactorError: a file is not what the plan rests on.
    """
    reading = Reading(plan)
    groups = reading.groups()
    for group in groups:
        yield from _group(reading, group, root)
    yield from _files(plan)
    yield from _made(plan)
    yield from object_lines(plan)
    yield from _not_changed(plan.outcomes)
    yield from notes(plan)
    yield from _services(reading, groups)
    yield from summary(plan)


def _group(reading: Reading, group: Group, root: Path) -> Iterator[Line]:
    marks = {outcome.finding.fingerprint for outcome in group.outcomes}
    changes = [
        change
        for change in reading.plan.changes
        if any(edit.finding in marks for edit in change.edits)
    ]
    told = f"{count(len(marks), 'change')} in {count(len(changes), 'file')}"
    made = (", extended" if group.made.extends else ", new") if group.made else ""
    yield Line(f"Service {clean(group.service)}: {told}{made}", "title", hang=4)
    said: set[tuple[str, ...]] = set()
    for change in changes:
        yield Line(clean(change.path), "file")
        yield from (cut(line, LONGEST) for line in diff_lines(file_hunks(root, change, marks)))
        for outcome in group.files.get(change.path, ()):
            yield from _outcome(reading, outcome, said)
    yield Line("")


def _outcome(reading: Reading, outcome: Outcome, said: set[tuple[str, ...]]) -> Iterator[Line]:
    """Yield a change with its proof, and its evidence where no change before it had the same."""
    verdict = reading.verdict(outcome)
    text = f"{outcome.finding.line}: {address(outcome)} → {outcome.new}"
    told = f"  {_MARKS[verdict]} {text}  {proof(reading.checks(outcome))}"
    yield Line(clean(told), "good" if verdict == "proven" else "warn", hang=4)
    for reached in _reached(outcome):
        yield Line(clean(f"      {reached}"), "dim", hang=8)
    chain = outcome.resolution.chain if outcome.resolution else ()
    if chain and chain not in said:
        said.add(chain)
        yield Line(f"      {clean('; '.join(chain))}", "dim", hang=8)
    for warning in outcome.warnings:
        yield Line(f"      warning: {clean(warning)}", "warn", hang=8)


def _reached(outcome: Outcome) -> list[str]:
    return [f"reaches {field}" for field in outcome.reaches]


def _files(plan: Plan) -> Iterator[Line]:
    for new in plan.files:
        yield Line(f"{clean(new.path)} (new)", "title")
        yield from _manifest(new)
        if new.purpose:
            yield Line(f"  {clean(new.purpose)}", "good", hang=4)
        yield Line("")


def _manifest(new: NewFile) -> Iterator[Line]:
    yield from (Line(f"+{line}", "add") for line in content_lines(new.content))


def _made(plan: Plan) -> Iterator[Line]:
    """Yield the Services to make; whole, where no file of this repository will hold them."""
    for new in plan.services:
        verb = "gains" if new.extends else "is new, with"
        ports = ", ".join(str(port) for port in new.ports) or "no port"
        where = f" in {new.file}" if new.file else ": its manifest is for another repository"
        yield Line(clean(f"Service {new.service} {verb} port {ports}{where}"), "title", hang=4)
        yield Line(clean(f"  for {new.workload}"), "dim")
        yield from (Line(clean(f"  warning: {w}"), "warn", hang=4) for w in new.warnings)
        if not new.file:
            yield from (Line(f"+{line}", "add") for line in content_lines(new.manifest))
        yield Line("")


def _not_changed(outcomes: Iterable[Outcome]) -> Iterator[Line]:
    groups: defaultdict[str, defaultdict[str, list[Outcome]]]
    groups = defaultdict(lambda: defaultdict(list))
    for outcome in outcomes:
        if outcome.reason:
            groups[outcome.reason][advice(outcome)].append(outcome)
    for reason in sorted(groups, key=lambda name: (name in QUIET, name)):
        number = sum(map(len, groups[reason].values()))
        yield Line(f"Not changed: {reason} ({number})", "title")
        for told, alike in groups[reason].items():
            for outcome in alike:
                yield from _left(outcome, quiet=reason in QUIET)
            if told:
                yield Line(f"      → {told}", "dim", hang=8)
        yield Line("")


def _left(outcome: Outcome, *, quiet: bool) -> Iterator[Line]:
    text = f"  {place(outcome)}: {address(outcome)}: {outcome.why}"
    yield Line(clean(text), "dim" if quiet else "warn", hang=6)
    for told in (*outcome.finding.remarks, *([] if quiet else _reached(outcome))):
        yield Line(f"      {clean(told)}", "dim", hang=8)


def _services(reading: Reading, groups: tuple[Group, ...]) -> Iterator[Line]:
    """Yield the table of Services."""
    if not groups:
        return
    head, *rows = table([
        ("service", "changes", "files", "proven", "headless"),
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
    yield Line("Services", "title")
    yield Line(head, "dim")
    yield from (Line(row) for row in rows)
    yield Line("")


def _headless(outcome: Outcome) -> bool:
    return isinstance(outcome.resolution, Target) and outcome.resolution.headless
