"""A line of a report for people: its text, what it means, and how it may be folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from refactor.report.hunks import Hunk
from refactor.view import Span


class Line(NamedTuple):
    """One line of a report.

    Attributes:
        text: without its end.
        style: "title", "add", "remove", "place", "good", "warn", "dim", "code" or "".
        marks: the words of it that matter, in code points.
        hang: columns by which what does not fit into a line is indented below it.
    """

    text: str
    style: str = ""
    marks: tuple[Span, ...] = ()
    hang: int = 0


CODE = frozenset({"add", "remove", "code"})
"""Styles of lines that stand in a file: they are cut where they are too long, and not folded."""
_SIGNS = {"-": "remove", "+": "add", " ": "code"}


def diff_lines(hunks: Iterable[Hunk]) -> Iterator[Line]:
    """Yield hunks as the lines of a unified diff."""
    for hunk in hunks:
        yield Line(hunk.head, "place")
        for sign, side in hunk.unified():
            marks = tuple(mark.shift(len(sign)) for mark in side.marks)
            yield Line(sign + side.text, _SIGNS[sign], marks)


def table(rows: Iterable[tuple[str, ...]], indent: str = "  ") -> list[str]:
    """Return rows of cells as lines with aligned columns; columns of numbers to the right.

    Args:
        rows: all of one length.
        indent: what each line begins with.
    """
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
