"""A line of a report for people: its text, what it means, and how it may be folded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from refactor.text.view import Span

if TYPE_CHECKING:
    from refactor.report.diff_lines import Hunk


class ReportLine(NamedTuple):
    """One line of a report.

    Attributes:
        text: without its end.
        style: "title", "file", "place", "add", "remove", "good", "warn", "dim", "code" or "".
        marks: the words of it that matter, in code points.
        hang: columns by which what does not fit into a line is indented below it.
    """

    text: str
    style: str = ""
    marks: tuple[Span, ...] = ()
    hang: int = 0


_MORE = "…"
LONGEST = 1000
"""Characters of a line of a diff that are shown: minified files hold all they have in one."""
CODE = frozenset({"add", "remove", "code"})
"""Styles of lines that stand in a file: they are wrapped letter by letter, blanks and all."""
_SIGNS = {"-": "remove", "+": "add", " ": "code"}


def diff_lines(hunks: Iterable[Hunk]) -> Iterator[ReportLine]:
    """Yield hunks as the lines of a unified diff."""
    for hunk in hunks:
        yield ReportLine(hunk.head, "place")
        for sign, side in hunk.unified():
            marks = tuple(mark.shift(len(sign)) for mark in side.marks)
            yield ReportLine(sign + side.text, _SIGNS[sign], marks)


def cut(line: ReportLine, width: int, size: Callable[[str], int] = len) -> ReportLine:
    """Return a line of code cut so that its marks, or the first of them, are seen."""
    ends = [0, *accumulate(map(size, line.text))]
    if ends[-1] <= width:
        return line
    start, end = (line.marks[0].start, line.marks[-1].end) if line.marks else (1, 1)
    if ends[end] < width:  # all that matters stands at the beginning
        stop = _fitting(ends, 0, width - 1)
        return _window(line, 0, stop)
    room = width - 3  # the sign, and what stands for the rest on both sides
    lead = max(0, room - (ends[end] - ends[start])) // 2
    first = start
    while first > 1 and ends[start] - ends[first - 1] <= lead:
        first -= 1
    stop = _fitting(ends, first, room)
    if stop == len(line.text):  # nothing is left out behind: so there is room for more before
        while first > 1 and ends[stop] - ends[first - 1] <= width - 2:
            first -= 1
    return _window(line, first, stop)


def _fitting(ends: Sequence[int], first: int, room: int) -> int:
    stop = first
    while stop + 1 < len(ends) and ends[stop + 1] - ends[first] <= room:
        stop += 1
    return stop


def _window(line: ReportLine, first: int, stop: int) -> ReportLine:
    head = line.text[:1] + (_MORE if first > 1 else "") if first else ""
    tail = _MORE if stop < len(line.text) else ""
    shift = len(head) - first
    inside = (Span(max(mark.start, first), min(mark.end, stop)) for mark in line.marks)
    marks = tuple(mark.shift(shift) for mark in inside if mark.start < mark.end)
    return line._replace(text=head + line.text[first:stop] + tail, marks=marks)


def table(rows: Iterable[tuple[str, ...]], indent: str = "  ") -> list[str]:
    """Return rows of cells as lines with aligned columns; columns of numbers to the right."""
    cells = list(rows)
    columns = list(zip(*cells, strict=True))
    widths = [max(map(len, column)) for column in columns]
    right = [all(cell.isdigit() or not cell for cell in column[1:]) for column in columns]
    return [
        indent
        + "  ".join(
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in cells
    ]
