"""The plan for a pull request: GitHub Flavored Markdown, never longer than a forge takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from refactor.model import Outcome, Plan
from refactor.report.diff import content_lines
from refactor.report.groups import Reading
from refactor.report.markdown_files import Files
from refactor.report.marked import code, details, prose, spans
from refactor.report.semantic import object_lines
from refactor.report.words import QUIET, address, advice, count, needs_human, place

LIMIT = 65_000
"""Characters: GitHub takes 65,536 in a comment or a description, and bots put some around it."""

_OMITTED = 240
"""Characters kept for the two lines that say what was left out."""

_CHECKS = 10
"""Failed or unasked checks that are told one by one; the rest are only counted."""

_SERVICES = 30
"""Services that are told one by one, those with the most changes first."""

_TABLE = "| {} | {} | {} | {} |"


def markdown(plan: Plan, root: Path, limit: int = LIMIT) -> str:
    """Return a plan's report for a pull request.

    What does not fit is left out whole: rows of the table of what needs a human beyond half of
    the room, then the diffs of files, and the report says how many and which.

    Args:
        plan: the plan.
        root: the repository it is of, whose files give the diffs their context.
        limit: its greatest length, in characters.

    Raises:
        OSError: a file that the plan edits cannot be read.
    """
    reading = Reading(plan)
    text = "\n".join(_head(reading)) + "\n"
    room = limit - len(text) - _OMITTED
    text += _human(plan, room // 2)
    text += section("Notes", notes(plan), (limit - len(text)) // 4, "note")
    text += _services(reading, (limit - len(text)) // 4)
    text += _made(plan, (limit - len(text)) // 4)
    text += Files(reading, root).shown(limit - len(text) - _OMITTED)
    text += _objects(plan, limit - len(text) - _OMITTED)
    return text[:limit]


def _head(reading: Reading) -> Iterator[str]:
    plan = reading.plan
    edited = sum(outcome.edited for outcome in plan.outcomes)
    yield f"## refactor: {_title(plan, edited)}"
    yield ""
    yield "| | |\n| --- | --- |"
    yield f"| found | {len(plan.outcomes)} in {count(plan.files_read, 'file')} |"
    yield f"| **changed** | **{edited} in {count(len(plan.changes), 'file')}** |"
    if plan.files:
        yield f"| added | {count(len(plan.files), 'file')} |"
    yield from _left("needs a human", filter(needs_human, plan.outcomes))
    yield from _left("right as it is", (o for o in plan.outcomes if o.reason in QUIET))
    yield from _proof(reading)


def _title(plan: Plan, edited: int) -> str:
    if not plan.outcomes:
        return "no hard-coded addresses"
    found = count(len(plan.outcomes), "hard-coded address", "es")
    what = "becomes a Service name" if edited == 1 else "become Service names"
    return f"{edited} of {found} {what}" if edited else f"{found}, nothing to change"


def _left(name: str, outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield a row of the table with how many there are, and why."""
    reasons = Counter(str(outcome.reason) for outcome in outcomes)
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    if told := ", ".join(f"{number} {reason}" for reason, number in ordered):
        yield f"| {name} | {reasons.total()}: {told} |"


def _proof(reading: Reading) -> Iterator[str]:
    checks = Counter(check.state for check in reading.plan.checks)
    if not checks:
        return
    told = ", ".join(f"{checks[state]} {state}" for state in ("passed", "failed", "unasked"))
    yield f"| proof | {told} |"
    open_checks = [check for check in reading.plan.checks if check.state != "passed"]
    if open_checks:
        yield ""
    for check in open_checks[:_CHECKS]:
        subject = code(reading.subject(check))
        yield f"- {check.name} {check.state}: {subject}: {prose(check.message)}"


def _human(plan: Plan, room: int) -> str:
    outcomes = sorted(filter(needs_human, plan.outcomes), key=lambda outcome: str(outcome.reason))
    head = (_TABLE.format("reason", "place", "address", "why, and what to do"), "| --- " * 4 + "|")
    return section("What needs a human", map(_row, outcomes), room, "address", head)


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
    """Return a titled list of lines, as many of them as there is room for.

    Args:
        title: of the section; there is none without lines.
        lines: each without its end.
        room: characters.
        what: the word for one of them.
        head: lines before them.
    """
    start = "\n".join(("", f"### {title}", "", *head, ""))
    kept, left = _fit((line + "\n" for line in lines), room - len(start))
    if not kept and not left:
        return ""
    plural = "es" if what.endswith("s") else "s"
    return start + "".join(kept) + (f"\n{count(left, what, plural)} left out.\n" if left else "")


def _services(reading: Reading, room: int) -> str:
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
