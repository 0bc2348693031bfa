"""What becomes what, as the table on top of a pull request: address, Service, port, files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from refactor.model import MissingService, Outcome, Target
from refactor.report.groups import IndexedPlan
from refactor.report.marked import code
from refactor.report.words import address, count

_OPEN = 15
"""Rows that stand open; the rest are folded, so that the warnings are seen."""
_FILES = 2
"""Files of a row that are named."""
_HEAD = "| address | Service | port | files |\n| --- | --- | --- | --- |\n"


def becoming(reading: IndexedPlan, room: int) -> str:
    """Return the table, the most frequent rows first, as many as there is room for."""
    rows = list(_rows(reading))
    if not rows:
        return ""
    text = f"\n{_HEAD}{''.join(_fitting(rows[:_OPEN], room))}"
    shown = text.count("\n") - _HEAD.count("\n") - 1
    folded = list(_fitting(rows[_OPEN:], room - len(text)))
    if folded:
        more = count(len(folded), "more address", "es")
        text += f"\n<details><summary>{more}</summary>\n\n{_HEAD}{''.join(folded)}\n</details>\n"
    left = len(rows) - shown - len(folded)
    return text + (f"\n{count(left, 'address', 'es')} left out.\n" if left else "")


def _rows(reading: IndexedPlan) -> Iterator[str]:
    groups: defaultdict[tuple[str, str, str], list[Outcome]] = defaultdict(list)
    for outcome in reading.plan.outcomes:
        if outcome.edited:
            groups[address(outcome), _service(reading, outcome), _port(outcome)].append(outcome)
    for key, alike in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        old, service, port = key
        yield f"| {code(old)} | {service} | {port} | {_files(alike)} |\n"


def _service(reading: IndexedPlan, outcome: Outcome) -> str:
    target = outcome.resolution
    pod = f", pod {code(target.pod)}" if isinstance(target, Target) and target.pod else ""
    return code(reading.service(outcome) or outcome.new) + pod


def _port(outcome: Outcome) -> str:
    """Return the port before and after; one number where it stays."""
    old, target = outcome.finding.port, outcome.resolution
    new = target.port if isinstance(target, Target | MissingService) else old
    if not old or not new or old == new:
        return str(old or new or "")
    return f"{old} → {new}"


def _files(alike: Sequence[Outcome]) -> str:
    files = list(dict.fromkeys(outcome.finding.file for outcome in alike))
    more = f" and {len(files) - _FILES} more" if len(files) > _FILES else ""
    return ", ".join(map(code, files[:_FILES])) + more


def _fitting(rows: Sequence[str], room: int) -> Iterator[str]:
    for row in rows:
        room -= len(row)
        if room >= 0:
            yield row
