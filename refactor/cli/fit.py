"""Report lines made to fit a terminal: prose is folded at words, code is wrapped anywhere."""

from __future__ import annotations

from itertools import accumulate

from rich.cells import cell_len, get_character_cell_size
from rich.console import Console
from rich.text import Text

from refactor.report.lines import CODE, ReportLine
from refactor.text.view import Span

_TAB = "    "
_NARROWEST = 20


def fit(line: ReportLine, width: int) -> list[ReportLine]:
    """Return a line as lines of no more than some width."""
    line = _untabbed(line)
    if cell_len(line.text) <= width:
        return [line]
    if line.style in CODE:
        return _wrapped(line, max(width, _NARROWEST))
    return _folded(line, max(width, _NARROWEST))


def _folded(line: ReportLine, width: int) -> list[ReportLine]:
    body = line.text.lstrip(" ")
    indent = len(line.text) - len(body)
    hang = min(max(line.hang, indent), width // 2)
    parts = [part.plain.rstrip() for part in Text(body).wrap(Console(), width - hang)]
    return [
        ReportLine(" " * (hang if number else min(indent, hang)) + part, line.style)
        for number, part in enumerate(parts)
    ]


def _wrapped(line: ReportLine, width: int) -> list[ReportLine]:
    """Return code in pieces as wide as the terminal; all but the first behind a blank."""
    parts, start, used = [], 0, 0
    for at, char in enumerate(line.text):
        size = get_character_cell_size(char)
        if used + size > width:
            parts.append(_part(line, start, at))
            start, used = at, 1
        used += size
    return [*parts, _part(line, start, len(line.text))]


def _part(line: ReportLine, start: int, end: int) -> ReportLine:
    lead = " " if start else ""
    inside = (Span(max(mark.start, start), min(mark.end, end)) for mark in line.marks)
    marks = tuple(mark.shift(len(lead) - start) for mark in inside if mark.start < mark.end)
    return ReportLine(lead + line.text[start:end], line.style, marks)


def _untabbed(line: ReportLine) -> ReportLine:
    if "\t" not in line.text:
        return line
    at = [0, *accumulate(len(_TAB) if char == "\t" else 1 for char in line.text)]
    marks = tuple(Span(at[mark.start], at[mark.end]) for mark in line.marks)
    return line._replace(text=line.text.replace("\t", _TAB), marks=marks)
