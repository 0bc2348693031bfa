"""The plan for a pull request: GitHub Flavored Markdown, never longer than a forge takes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from html import escape
from itertools import chain
from pathlib import Path

from refactor.mask import mask
from refactor.model import Outcome, Plan, Target
from refactor.report.diff import content_lines, file_diff, new_file_diff
from refactor.report.groups import Reading, proof
from refactor.report.semantic import object_lines
from refactor.report.words import address, advice, clean, count, needs_human, place, readable

LIMIT = 65_536
"""Characters that GitHub takes in a comment or a description; GitLab takes a million."""

_OMITTED = 240
"""Characters kept for the two lines that say what was left out."""

_CHECKS = 10
"""Failed or unasked checks that are told one by one; the rest are only counted."""

_MARKUP = re.compile(r"([\\`*_\[\]~$])")
_CALL = re.compile(r"([@#])(?=\w)")
_FENCE = re.compile(r"`+")
_TABLE = "| {} | {} | {} | {} |"


def markdown(plan: Plan, root: Path, limit: int = LIMIT) -> str:
    """Return a plan's report for a pull request.

    What does not fit is left out whole: rows of the table of what needs a human beyond half of
    the room, then the diffs of files, and the report says how many.

    Args:
        plan: the plan.
        root: the repository it is of, whose files give the diffs their context.
        limit: its greatest length, in characters.

    Raises:
        OSError: a file that the plan edits cannot be read.
    """
    text = "\n".join(_head(plan)) + "\n"
    room = limit - len(text) - _OMITTED
    text += _human(plan, room // 2)
    text += _section("Notes", _notes(plan), (limit - len(text)) // 4, "note")
    text += _made(plan, (limit - len(text)) // 4)
    text += _changes(Reading(plan), root, limit - len(text) - _OMITTED)
    text += _objects(plan, limit - len(text) - _OMITTED)
    return text[:limit]


def _head(plan: Plan) -> Iterator[str]:
    edited = sum(outcome.edited for outcome in plan.outcomes)
    if not plan.outcomes:
        yield "## refactor: no hard-coded addresses"
    else:
        yield f"## refactor: {edited} of {count(len(plan.outcomes), 'hard-coded address', 'es')}"
    yield ""
    yield "| | |\n| --- | ---: |"
    yield f"| found | {len(plan.outcomes)} in {count(plan.files_read, 'file')} |"
    yield f"| **changed** | **{edited} in {count(len(plan.changes), 'file')}** |"
    if plan.files:
        yield f"| added | {count(len(plan.files), 'file')} |"
    reasons = Counter(outcome.reason for outcome in plan.outcomes if outcome.reason)
    for reason, number in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
        yield f"| not changed: {reason} | {number} |"
    checks = Counter(check.state for check in plan.checks)
    if checks:
        yield ""
        told = ", ".join(f"{checks[state]} {state}" for state in ("passed", "failed", "unasked"))
        yield f"Proof: {told}."
        open_checks = [check for check in plan.checks if check.state != "passed"]
        for check in open_checks[:_CHECKS]:
            subject = _code(Reading(plan).subject(check))
            yield f"- {check.name} {check.state}: {subject}: {_prose(check.message)}"


def _human(plan: Plan, room: int) -> str:
    outcomes = sorted(filter(needs_human, plan.outcomes), key=lambda outcome: str(outcome.reason))
    head = (_TABLE.format("reason", "place", "address", "what to do"), "| --- " * 4 + "|")
    return _section("What needs a human", map(_row, outcomes), room, "address", head)


def _row(outcome: Outcome) -> str:
    do = "; ".join(text for text in (outcome.why, advice(outcome)) if text)
    return _TABLE.format(outcome.reason, _code(place(outcome)), _code(address(outcome)), _prose(do))


def _notes(plan: Plan) -> Iterator[str]:
    for note in plan.notes:
        line = f":{note.line}" if note.line else ""
        yield f"- {_code(note.file + line)}: {_prose(note.message)}"


def _section(
    title: str, lines: Iterable[str], room: int, what: str, head: tuple[str, ...] = ()
) -> str:
    """Return a titled list of lines, as many of the first as there is room for."""
    start = "\n".join(("", f"### {title}", "", *head, ""))
    kept, left = _fit((line + "\n" for line in lines), room - len(start))
    if not kept and not left:
        return ""
    plural = "es" if what.endswith("s") else "s"
    return start + "".join(kept) + (f"\n{count(left, what, plural)} left out.\n" if left else "")


def _made(plan: Plan, room: int) -> str:
    """Return the Services that this repository cannot hold, their manifests whole."""
    elsewhere = [new for new in plan.services if not new.file]
    parts = (
        _details(
            f"{'Ports for' if new.extends else 'New'} Service {new.service}, for {new.workload}",
            [f"+{line}" for line in content_lines(new.manifest)],
            [f"- **warning**: {_prose(text)}" for text in new.warnings],
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
    text = _details(told, lines[1:-1], (), language="")
    short = "\nToo long for a comment: what Kubernetes sees is left out.\n"
    return text if len(text) <= room else short if len(short) <= room else ""


def _changes(reading: Reading, root: Path, room: int) -> str:
    plan = reading.plan
    outcomes: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in plan.outcomes:
        if outcome.edited:
            outcomes[outcome.finding.file].append(outcome)
    edited = (
        _details(
            change.path,
            file_diff(root, change),
            (_reason(reading, outcome) for outcome in outcomes[change.path]),
        )
        for change in plan.changes
    )
    added = (
        _details(f"{new.path} (new)", new_file_diff(new), [f"- {_prose(new.purpose)}"])
        for new in plan.files
    )
    start = "\n### Changes\n"
    kept, left = _fit(chain(edited, added), room - len(start))
    if not kept and not left:
        return ""
    omitted = f"\nToo long for a comment: the diffs of {count(left, 'file')} are left out.\n"
    return start + "".join(kept) + (omitted if left else "")


def _fit(parts: Iterable[str], room: int) -> tuple[list[str], int]:
    """Return the parts from the first on that fit into a room, and how many do not."""
    kept: list[str] = []
    left = 0
    for part in parts:
        room -= len(part)
        if left or room < 0:
            left += 1
        else:
            kept.append(part)
    return kept, left


def _details(name: str, diff: Iterable[str], reasons: Iterable[str], language: str = "diff") -> str:
    body = "\n".join(readable(line) for line in mask("\n".join(diff)).split("\n"))
    longest = max((len(run) for run in _FENCE.findall(body)), default=0)
    fence = "`" * max(3, longest + 1)
    told = "\n".join(reasons)
    # An empty line ends the HTML block, so that what follows is Markdown again.
    return (
        f"\n<details><summary><code>{escape(_line(name))}</code></summary>\n\n"
        f"{fence}{language}\n{body}\n{fence}\n\n{told}\n\n</details>\n"
    )


def _reason(reading: Reading, outcome: Outcome) -> str:
    line = f"- {outcome.finding.line}: {_code(address(outcome))} → {_code(outcome.new)}"
    checks = reading.checks(outcome)
    if checks:
        line += f", {_prose(proof(checks))}"
    if isinstance(outcome.resolution, Target) and outcome.resolution.chain:
        line += f": {_prose('; '.join(outcome.resolution.chain))}"
    return "\n".join((line, *(f"  - **warning**: {_prose(text)}" for text in outcome.warnings)))


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _code(text: str) -> str:
    """Return a text as inline code, in which no forge looks for mentions, links or markup."""
    text = _line(text)
    if not {"`", "|", "\\"}.intersection(text):
        return f"`{text}`" if text else ""
    # Neither a backtick nor, in a table, a bar can stand in a code span unharmed.
    marked = re.sub(r"[^\w\s./-]", lambda odd: f"&#{ord(odd[0])};", text)
    return f"<code>{marked.replace('_', '&#95;')}</code>"


def _prose(text: str) -> str:
    """Return a text that shows as it is: no markup, no HTML, no cell, no mention, no issue."""
    # Forges look for mentions in what Markdown has become: only a zero-width space helps.
    called = _CALL.sub("\\1\u200b", _line(text))
    return _MARKUP.sub(r"\\\1", escape(called, quote=False)).replace("|", "&#124;")
