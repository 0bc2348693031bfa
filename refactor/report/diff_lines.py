"""A file's edits as a diff: from the edits themselves, which say which words of a line change."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from refactor.model import Edit
from refactor.report.receivers import readable
from refactor.report.runs import Run, SourceLine, TextBefore, beside, runs_of
from refactor.secret.mask import MASK
from refactor.secret.spans import text_secrets
from refactor.text.view import Span


class Side(NamedTuple):
    """One line, before or after.

    Attributes:
        number: from 1.
        text: without its end; secrets masked and control characters spelled out.
        marks: the words that change, in code points of `text`.
    """

    number: int
    text: str
    marks: tuple[Span, ...] = ()


class DiffRow(NamedTuple):
    """A line and what becomes of it: both sides, or one of a line that is added or removed."""

    old: Side | None
    new: Side | None
    changed: bool


class Hunk(NamedTuple):
    """Changed lines with those around them.

    Attributes:
        rows: in order of place.
        findings: fingerprints of what is changed in them.
    """

    rows: tuple[DiffRow, ...]
    findings: frozenset[str]

    @property
    def head(self) -> str:
        """The line that begins a hunk of a unified diff."""
        old, new = _range(row.old for row in self.rows), _range(row.new for row in self.rows)
        return f"@@ -{old} +{new} @@"

    def bare(self) -> Hunk:
        """Return it without the blank lines that it begins or ends with, for a reader."""
        shown = [n for n, row in enumerate(self.rows) if row.changed or not _blank(row)]
        rows = self.rows[shown[0] : shown[-1] + 1] if shown else self.rows
        return self._replace(rows=rows)

    def unified(self) -> Iterator[tuple[str, Side]]:
        """Yield each line of a unified diff with its sign: what goes, then what comes."""
        run: list[DiffRow] = []
        for row in (*self.rows, None):
            if row is not None and row.changed:
                run.append(row)
                continue
            yield from (("-", each.old) for each in run if each.old)
            yield from (("+", each.new) for each in run if each.new)
            run = []
            if row is not None and row.new:
                yield " ", row.new


def hunks(
    text: str,
    edits: Sequence[Edit],
    context: int = 2,
    wanted: Collection[str] | None = None,
    secrets: Sequence[Span] | None = None,
) -> tuple[Hunk, ...]:
    """Return the diff that edits make.

    Args:
        wanted: fingerprints: lines that none of these findings changes are shown as they are;
            None for all.
        secrets: where they stand in the file, in order; None where nothing is known of it.
    """
    secrets = text_secrets(text) if secrets is None else secrets
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    whole = TextBefore(text, lines, starts, tuple(beside(text, secrets, edits)))
    runs = [run for run in runs_of(whole, edits) if wanted is None or run.findings & {*wanted}]
    found: list[list[Run]] = []
    for run in runs:
        if found and run.first - found[-1][-1].end <= 2 * context:
            found[-1].append(run)
        else:
            found.append([run])
    return tuple(_hunk(whole, group, context) for group in found)


def shown_line(text: str, mark: Span, secrets: Sequence[Span]) -> Side:
    """Return the line that a stretch of text stands in, with the stretch marked."""
    start = text.rfind("\n", 0, mark.start) + 1
    end = text.find("\n", mark.start)
    line = text[start : end if end >= 0 else len(text)]
    number = text.count("\n", 0, start) + 1
    whole = Span(0, len(line))
    hidden = [
        Span(max(s.start - start, 0), min(s.end - start, whole.end))
        for s in secrets
        if s.start < start + len(line) and s.end > start
    ]
    marked = Span(mark.start - start, min(mark.end - start, whole.end))
    return _side(SourceLine(number, line, (marked,), tuple(hidden)))


def _hunk(whole: TextBefore, runs: Sequence[Run], context: int) -> Hunk:
    lines = whole.lines
    first = max(0, runs[0].first - context)
    end = min(len(lines), runs[-1].end + context)
    if end == len(lines) and not lines[-1] and runs[-1].end < end:
        end -= 1  # what follows the last line's end is no line
    pairs: list[tuple[SourceLine | None, SourceLine | None]] = []
    around = [first, *(bound for run in runs for bound in (run.first, run.end)), end]
    shift = runs[0].grown - _growth(runs[0])
    for index, (begin, stop) in enumerate(pairwise(around)):
        if index % 2:
            run = runs[index // 2]
            pairs += run.pairs
            shift = run.grown
        else:
            pairs += [(whole.line(n, 0), whole.line(n, shift)) for n in range(begin, stop)]
    rows = tuple(
        DiffRow(
            _side(line) if line else None,
            _side(other) if other else None,
            line is None or other is None or bool(line.marks or other.marks),
        )
        for line, other in pairs
    )
    return Hunk(rows, frozenset().union(*(run.findings for run in runs)))


def _blank(row: DiffRow) -> bool:
    side = row.new or row.old
    return side is not None and not side.text.strip()


def _growth(run: Run) -> int:
    return sum((new is not None) - (old is not None) for old, new in run.pairs)


def _side(line: SourceLine) -> Side:
    """Spell a line out piece by piece, so that its marks keep to their words."""
    hidden = line.secrets
    cuts = sorted({0, len(line.text), *(at for span in (*line.marks, *hidden) for at in span)})
    text, marks = "", []
    secret, marked = _finder(hidden), _finder(line.marks)
    for begin, end in pairwise(cuts):
        piece = readable(
            line.text[begin:end].rstrip("\r") if end == cuts[-1] else line.text[begin:end]
        )
        if inside := secret(begin):
            piece = MASK if inside.start == begin else ""
        if piece and marked(begin):
            marks.append(Span(len(text), len(text) + len(piece)))
        text += piece
    return Side(line.number, text, tuple(marks))


def _finder(spans: Sequence[Span]) -> Callable[[int], Span | None]:
    """Return what finds the one of some spans, none touching another, that holds a place."""
    ordered = sorted(span for span in spans if span.start < span.end)

    def find(place: int) -> Span | None:
        index = bisect_right(ordered, place, key=lambda span: span.start) - 1
        return ordered[index] if index >= 0 and place < ordered[index].end else None

    return find


def _range(sides: Iterator[Side | None]) -> str:
    numbers = [side.number for side in sides if side]
    if not numbers:
        return "0,0"
    return f"{numbers[0]},{len(numbers)}" if len(numbers) > 1 else f"{numbers[0]}"
