"""The plan for a pull request: GitHub Flavored Markdown, never longer than a forge takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from refactor.model import Outcome, Plan
from refactor.report.diff import content_lines
from refactor.report.groups import STATES, IndexedPlan
from refactor.report.markdown_files import PlannedFiles
from refactor.report.marked import code, details, prose, spans
from refactor.report.origin import facts
from refactor.report.semantic import object_lines
from refactor.report.tally import Tally, kind, tally, verified, warnings
from refactor.report.words import address, advice, count, needs_human, place

LIMIT = 65_000
"""Characters: GitHub takes 65,536 in a comment or a description, and bots put some around it."""

_OMITTED = 240
"""Characters kept for the two lines that say what was left out."""

_CHECKS = 10
"""Checks that failed or were not run that are told one by one."""

_PLACES = 3
"""Places of a warning that are named."""

_SERVICES = 30
"""Services that are told one by one, those with the most changes first."""

_TABLE = "| {} | {} | {} | {} |"


def markdown(plan: Plan, root: Path, limit: int = LIMIT) -> str:
    """Return a plan's report for a pull request.

    What does not fit is left out whole: rows of the table of what needs review beyond half of
    the room, then the diffs of files, and the report says how many and which.
    """
    reading = IndexedPlan(plan)
    text = "\n".join(_head(reading)) + "\n"
    room = limit - len(text) - _OMITTED
    text += section("Warnings", _warnings(plan), room // 6, "warning")
    text += _becomes(plan, room // 6)
    text += _human(plan, room // 2)
    text += section("Notes", notes(plan), (limit - len(text)) // 4, "note")
    text += _services(reading, (limit - len(text)) // 4)
    text += _made(plan, (limit - len(text)) // 4)
    text += PlannedFiles(reading, root).shown(limit - len(text) - _OMITTED)
    text += _objects(plan, limit - len(text) - _OMITTED)
    return text[:limit]


def _head(reading: IndexedPlan) -> Iterator[str]:
    numbers = tally(reading)
    yield f"## refactor: {_title(numbers)}"
    yield ""
    yield "| | |\n| --- | --- |"
    yield f"| found | {numbers.found} in {count(numbers.places, 'file')} |"
    yield f"| **to change** | **{numbers.change} in {count(numbers.files, 'file')}** |"
    yield from _left("needs review", reading.plan.outcomes, "review")
    yield from _left("correct as it is", reading.plan.outcomes, "correct")
    yield from _left("not checked", reading.plan.outcomes, "unchecked")
    if reading.plan.files:
        yield f"| to add | {count(len(reading.plan.files), 'file')} |"
    if numbers.warnings:
        yield f"| **warnings** | **{numbers.warnings}**, listed below |"
    if numbers.change:
        yield f"| verified | {verified(numbers)} |"
    if reading.plan.basis.made:
        yield from (f"| {name} | {prose(text)} |" for name, text, _ in facts(reading.plan))
    yield from _open_checks(reading)


def _title(numbers: Tally) -> str:
    if not numbers.found:
        return "no hard-coded addresses"
    found = count(numbers.found, "hard-coded address", "es")
    what = "becomes a Service name" if numbers.change == 1 else "become Service names"
    return (
        f"{numbers.change} of {found} {what}" if numbers.change else f"{found}, nothing to change"
    )


def _left(name: str, outcomes: Iterable[Outcome], wanted: str) -> Iterator[str]:
    """Yield a row of the table with how many there are, and why."""
    reasons = Counter(str(outcome.reason) for outcome in outcomes if kind(outcome) == wanted)
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    if told := ", ".join(f"{number} {reason}" for reason, number in ordered):
        yield f"| {name} | {reasons.total()}: {told} |"


def _open_checks(reading: IndexedPlan) -> Iterator[str]:
    open_checks = [check for check in reading.plan.checks if check.state != "passed"]
    if open_checks:
        yield ""
    for check in open_checks[:_CHECKS]:
        subject = code(reading.subject(check))
        yield f"- {check.name} {STATES[check.state]}: {subject}: {prose(check.message)}"


def _warnings(plan: Plan) -> Iterator[str]:
    """Yield each warning with the places it is about, an item of a list each."""
    for text, places in warnings(plan).items():
        shown = ", ".join(map(code, places[:_PLACES]))
        more = f" and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
        yield f"- {prose(text)}: {shown}{more}"


def _becomes(plan: Plan, room: int) -> str:
    """Return a table of what becomes what, the most frequent first."""
    rows = Counter(
        (address(o), o.new, o.finding.file) for o in plan.outcomes if o.edited
    )  # fmt: skip
    pairs: dict[tuple[str, str], list[int]] = {}
    for (old, new, _), number in rows.items():
        files, times = pairs.setdefault((old, new), [0, 0])
        pairs[old, new] = [files + 1, times + number]
    ordered = sorted(pairs.items(), key=lambda item: (-item[1][1], item[0]))
    head = ("| address | becomes | changes | files |", "| --- | --- | ---: | ---: |")
    told = (
        f"| {code(old)} | {code(new)} | {times} | {files} |"
        for (old, new), (files, times) in ordered
    )
    return section("What becomes what", told, room, "address", head)


def _human(plan: Plan, room: int) -> str:
    outcomes = sorted(filter(needs_human, plan.outcomes), key=lambda outcome: str(outcome.reason))
    head = (_TABLE.format("reason", "place", "address", "why, and what to do"), "| --- " * 4 + "|")
    return section("Needs review", map(_row, outcomes), room, "address", head)


def _row(outcome: Outcome) -> str:
    told = "<br>→ ".join(filter(None, (prose(outcome.why), spans(advice(outcome)))))
    return _TABLE.format(outcome.reason, code(place(outcome)), code(address(outcome)), told)


def notes(plan: Plan) -> Iterator[str]:
    """Yield what is to be said of whole files, an item of a list each."""
    for note in plan.notes:
        line = f":{note.line}" if note.line else ""
        yield f"- {code(note.file + line)}: {prose(note.message)}"


def section(
    title: str, lines: Iterable[str], room: int, what: str, head: tuple[str, ...] = ()
) -> str:
    """Return a titled list of lines, as many of them as there is room for."""
    start = "\n".join(("", f"### {title}", "", *head, ""))
    kept, left = _fit((line + "\n" for line in lines), room - len(start))
    if not kept and not left:
        return ""
    plural = "es" if what.endswith("s") else "s"
    return start + "".join(kept) + (f"\n{count(left, what, plural)} left out.\n" if left else "")


def _services(reading: IndexedPlan, room: int) -> str:
    """Return a table of the Services that addresses give way to, where it fits."""
    groups = reading.groups()
    if not groups:
        return ""
    lines = ["", "### Services", "", "| Service | changes | files |", "| --- | ---: | ---: |"]
    lines += [
        f"| {code(group.service)} | {len(group.outcomes)} | {len(group.files)} |"
        for group in groups[:_SERVICES]
    ]
    if len(groups) > _SERVICES:
        lines += ["", f"{len(groups) - _SERVICES} more."]
    text = "\n".join(lines) + "\n"
    return text if len(text) <= room else ""


def _made(plan: Plan, room: int) -> str:
    """Return the Services that this repository cannot hold, their manifests whole."""
    elsewhere = [new for new in plan.services if not new.file]
    parts = (
        details(
            f"{'Ports for' if new.extends else 'New'} Service {new.service}, for {new.workload}",
            "\n".join(f"+{line}" for line in content_lines(new.manifest)),
            [f"- **warning**: {prose(text)}" for text in new.warnings],
        )
        for new in elsewhere
    )
    start = "\n### Services to make in other repositories\n"
    kept, left = _fit(parts, room - len(start) - _OMITTED)
    if not elsewhere or not kept:
        return ""
    return start + "".join(kept) + (f"\n{count(left, 'Service')} left out.\n" if left else "")


def _objects(plan: Plan, room: int) -> str:
    """Return the changes as Kubernetes sees them, where all of them fit."""
    if not plan.objects:
        return ""
    lines = [line.text for line in object_lines(plan)]
    told = f"As Kubernetes sees it: {count(len(plan.objects), 'field')}"
    text = details(told, "\n".join(lines[1:-1]), language="")
    short = "\nToo long for a comment: what Kubernetes sees is left out.\n"
    return text if len(text) <= room else short if len(short) <= room else ""


def _fit(parts: Iterable[str], room: int) -> tuple[list[str], int]:
    """Return the parts that fit into a room, one after another, and how many do not."""
    kept: list[str] = []
    left = 0
    for part in parts:
        if len(part) <= room:
            room -= len(part)
            kept.append(part)
        else:
            left += 1
    return kept, left
