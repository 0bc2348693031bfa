"""Report lines made to fit a terminal: prose is folded, code is cut around what changes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from rich.cells import cell_len, get_character_cell_size
from rich.console import Console
from rich.text import Text

from refactor.report.lines import CODE, Line
from refactor.view import Span

_TAB = "    "
_MORE = "…"
_NARROWEST = 20


def fit(line: Line, width: int, console: Console) -> list[Line]:
    """Return a line as lines of no more than some width.

    Args:
        line: what to show.
        width: columns of the terminal.
        console: does the folding.
    """
    line = _untabbed(line)
    if cell_len(line.text) <= width:
        return [line]
    if line.style in CODE:
        return [cut(line, max(width, _NARROWEST))]
    return _folded(line, max(width, _NARROWEST), console)


def cut(line: Line, width: int) -> Line:
    """Return a line of code cut so that its marks, or the first of them, are seen.

    Args:
        line: longer than the width; its first character is the sign of a diff.
        width: columns, from 20.
    """
    ends = [0, *accumulate(map(get_character_cell_size, line.text))]
    start, end = (line.marks[0].start, line.marks[-1].end) if line.marks else (1, 1)
    if ends[end] < width:  # all that matters stands at the beginning
        stop = _fitting(ends, 0, width - 1)
        return _window(line, 0, stop)
    room = width - 3  # the sign, and what stands for the rest on both sides
    lead = max(0, room - (ends[end] - ends[start])) // 2
    first = start
    while first > 1 and ends[start] - ends[first - 1] <= lead:
        first -= 1
    return _window(line, first, _fitting(ends, first, room))


def _fitting(ends: Sequence[int], first: int, room: int) -> int:
    stop = first
    while stop + 1 < len(ends) and ends[stop + 1] - ends[first] <= room:
        stop += 1
    return stop


def _window(line: Line, first: int, stop: int) -> Line:
    head = line.text[:1] + _MORE if first else ""
    tail = _MORE if stop < len(line.text) else ""
    shift = len(head) - first
    inside = (Span(max(mark.start, first), min(mark.end, stop)) for mark in line.marks)
    marks = tuple(mark.shift(shift) for mark in inside if mark.start < mark.end)
    return line._replace(text=head + line.text[first:stop] + tail, marks=marks)


def _folded(line: Line, width: int, console: Console) -> list[Line]:
    body = line.text.lstrip(" ")
    indent = len(line.text) - len(body)
    hang = min(max(line.hang, indent), width // 2)
    parts = [part.plain.rstrip() for part in Text(body).wrap(console, width - hang)]
    return [
        Line(" " * (hang if number else min(indent, hang)) + part, line.style)
        for number, part in enumerate(parts)
    ]


def _untabbed(line: Line) -> Line:
    if "\t" not in line.text:
        return line
    at = [0, *accumulate(len(_TAB) if char == "\t" else 1 for char in line.text)]
    marks = tuple(Span(at[mark.start], at[mark.end]) for mark in line.marks)
    return line._replace(text=line.text.replace("\t", _TAB), marks=marks)
