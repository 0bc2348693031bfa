"""Report lines made to fit a terminal: prose is folded, code is cut around what changes."""

from __future__ import annotations

from itertools import accumulate

from rich.cells import cell_len, get_character_cell_size
from rich.console import Console
from rich.text import Text

from refactor.report.lines import CODE, Line, cut
from refactor.text.view import Span

_TAB = "    "
_NARROWEST = 20


def fit(line: Line, width: int) -> list[Line]:
    """Return a line as lines of no more than some width.

    Args:
        line: what to show.
        width: columns of the terminal.
    """
    line = _untabbed(line)
    if cell_len(line.text) <= width:
        return [line]
    if line.style in CODE:
        return [cut(line, max(width, _NARROWEST), get_character_cell_size)]
    return _folded(line, max(width, _NARROWEST))


def _folded(line: Line, width: int) -> list[Line]:
    body = line.text.lstrip(" ")
    indent = len(line.text) - len(body)
    hang = min(max(line.hang, indent), width // 2)
    parts = [part.plain.rstrip() for part in Text(body).wrap(Console(), width - hang)]
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
