"""The plan for a pull request: GitHub Flavored Markdown, never longer than a forge takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from refactor.model import Outcome, Plan
from refactor.report.becoming import becoming
from refactor.report.diff import content_lines
from refactor.report.groups import STATES, IndexedPlan
from refactor.report.markdown_files import PlannedFiles
from refactor.report.marked import code, details, prose, spans
from refactor.report.origin import facts
from refactor.report.semantic import object_lines
from refactor.report.tally import Tally, kind, tally, verified, warnings
from refactor.report.words import address, advice, count, elsewhere, needs_human, place

LIMIT = 65_000
"""Characters: GitHub takes 65,536 in a comment or a description, and bots put some around it."""

_OMITTED = 240
"""Characters kept for the two lines that say what was left out."""

_CHECKS = 10
"""Checks that failed or were not run that are told one by one."""

_PLACES = 3
"""Places of a warning that are named."""

SUMMARY = "### Summary"
"""The heading of the details: what stands above it is what a reviewer needs first."""

_TABLE = "| {} | {} | {} | {} |"


def markdown(plan: Plan, root: Path, limit: int = LIMIT) -> str:
    """Return a plan's report for a pull request: what becomes what and the warnings, then the rest.

    What does not fit is left out whole: rows of the table of what needs review beyond half of
    the room, then the diffs of files, and the report says how many and which.
    """
    reading = IndexedPlan(plan)
    text = f"## refactor: {_title(tally(reading))}\n{_basis(plan)}"
    room = limit - len(text) - _OMITTED
    text += becoming(reading, room // 6)
    cautions = f"Warnings ({tally(reading).warnings})"
    text += section(cautions, _warnings(plan), room // 6, "warning")
    text += section("Not verified", _open_checks(reading), room // 6, "check")
    text += "\n".join(_summary(reading)) + "\n"
    text += _human(plan, room // 2)
    text += section("Notes", notes(plan), (limit - len(text)) // 4, "note")
    text += _made(plan, (limit - len(text)) // 4)
    text += PlannedFiles(reading, root).shown(limit - len(text) - _OMITTED)
    text += _objects(plan, limit - len(text) - _OMITTED)
    return text[:limit]


def parted(report: str) -> tuple[str, str]:
    """Return a report in two parts: what a reviewer needs first, and the details from there on."""
    first, mark, rest = f"{report}\n".partition(f"\n{SUMMARY}\n")
    return (first, f"{SUMMARY}\n{rest}".rstrip("\n")) if mark else (report, "")


def _basis(plan: Plan) -> str:
    """Return what the plan rests on, in a line."""
    told = " · ".join(f"{name} {prose(text)}" for name, text, _ in facts(plan))
    return f"\n{told}\n" if plan.basis.made else ""


def _summary(reading: IndexedPlan) -> Iterator[str]:
    plan, numbers = reading.plan, tally(reading)
    if not (plan.outcomes or plan.files or plan.services):
        return
    yield f"\n{SUMMARY}\n"
    yield "| | |\n| --- | --- |"
    yield f"| found | {numbers.found} in {count(numbers.places, 'file')} |"
    yield f"| **to change** | **{numbers.change} in {count(numbers.files, 'file')}** |"
    yield from _left("needs review", plan.outcomes, "review")
    yield from _left("correct as it is", plan.outcomes, "correct")
    yield from _left("not checked", plan.outcomes, "unchecked")
    if plan.files:
        yield f"| to add | {count(len(plan.files), 'file')} |"
    if numbers.warnings:
        yield f"| **warnings** | **{numbers.warnings}**, listed above |"
    if numbers.change:
        yield f"| verified | {verified(numbers)} |"


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
    for check in open_checks[:_CHECKS]:
        subject = code(reading.subject(check))
        yield f"- {check.name} {STATES[check.state]}: {subject}: {prose(check.message)}"


def _warnings(plan: Plan) -> Iterator[str]:
    """Yield each warning with the places it is about, an item of a list each."""
    for text, places in warnings(plan).items():
        shown = ", ".join(map(code, places[:_PLACES]))
        more = f" and {len(places) - _PLACES} more" if len(places) > _PLACES else ""
        yield f"- {prose(text)}: {shown}{more}"


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


def _made(plan: Plan, room: int) -> str:
    """Return the Services that this repository cannot hold, their manifests whole."""
    others = [new for new in plan.services if not new.file]
    parts = (
        details(
            f"{'Ports for' if new.extends else 'New'} Service {new.service}, for {new.workload}",
            "\n".join(f"+{line}" for line in content_lines(new.manifest)),
            [
                f"- {prose(elsewhere(new))}",
                *(f"- **warning**: {prose(text)}" for text in new.warnings),
            ],
        )
        for new in others
    )
    start = "\n### Services to make in other repositories\n"
    kept, left = _fit(parts, room - len(start) - _OMITTED)
    if not others or not kept:
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
