"""A file's edits as a diff: from the edits themselves, which say which words of a line change."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from refactor.mask import MASK, secrets
from refactor.model import Edit
from refactor.report.secret_lines import hidden
from refactor.report.words import readable
from refactor.view import Span

_ABOVE = 3
"""Lines above those shown that are read too: `- name: PASSWORD`, and the value below it."""


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


class Row(NamedTuple):
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

    rows: tuple[Row, ...]
    findings: frozenset[str]

    @property
    def head(self) -> str:
        """The line that begins a hunk of a unified diff."""
        old, new = _range(row.old for row in self.rows), _range(row.new for row in self.rows)
        return f"@@ -{old} +{new} @@"

    def unified(self) -> Iterator[tuple[str, Side]]:
        """Yield each line of a unified diff with its sign: what goes, then what comes."""
        run: list[Row] = []
        for row in (*self.rows, None):
            if row is not None and row.changed:
                run.append(row)
                continue
            yield from (("-", each.old) for each in run if each.old)
            yield from (("+", each.new) for each in run if each.new)
            run = []
            if row is not None and row.new:
                yield " ", row.new


class _Line(NamedTuple):
    """A line of one side, as it stands in the file."""

    number: int
    text: str
    marks: tuple[Span, ...] = ()


class _Run(NamedTuple):
    """Lines that edits touch, and what they become."""

    first: int
    pairs: tuple[tuple[_Line | None, _Line | None], ...]
    findings: frozenset[str]
    grown: int

    @property
    def end(self) -> int:
        return self.first + sum(old is not None for old, _ in self.pairs)


def hunks(
    text: str, edits: Sequence[Edit], context: int = 2, wanted: Collection[str] | None = None
) -> tuple[Hunk, ...]:
    """Return the diff that edits make.

    Args:
        text: the file's text before.
        edits: all of the file's, in order of place.
        context: lines to show around what changes.
        wanted: fingerprints: lines that none of these findings changes are shown as they are;
            None for all.
    """
    lines = text.split("\n")
    runs = [run for run in _runs(text, lines, edits) if wanted is None or run.findings & {*wanted}]
    found: list[list[_Run]] = []
    for run in runs:
        if found and run.first - found[-1][-1].end <= 2 * context:
            found[-1].append(run)
        else:
            found.append([run])
    around = hidden(lines)
    return tuple(_hunk(around, group, context) for group in found)


def _runs(text: str, lines: Sequence[str], edits: Sequence[Edit]) -> Iterator[_Run]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    grown = at = 0
    for group in _by_line(text, edits):
        while starts[at + 1] <= group[0].span.start and at + 1 < len(lines):
            at += 1
        last = at
        while starts[last + 1] < group[-1].span.end and last + 1 < len(lines):
            last += 1
        run = _run(lines[at : last + 1], starts[at], at, group, grown)
        yield run
        grown = run.grown


def _by_line(text: str, edits: Sequence[Edit]) -> Iterator[list[Edit]]:
    """Put edits together that touch the same line."""
    group: list[Edit] = []
    for edit in edits:
        if group and "\n" in text[group[-1].span.end : edit.span.start]:
            yield group
            group = []
        group.append(edit)
    if group:
        yield group


def _run(lines: Sequence[str], start: int, first: int, edits: Sequence[Edit], grown: int) -> _Run:
    old, new = _Marked(), _Marked()
    whole, at = "\n".join(lines), 0
    for edit in edits:
        begin, end = edit.span.start - start, edit.span.end - start
        for side, changed in ((old, edit.old), (new, edit.new)):
            side.keep(whole[at:begin])
            side.mark(changed)
        at = end
    for side in (old, new):
        side.keep(whole[at:])
    before, after = old.lines(first), new.lines(first + grown)
    # A line that is only moved on, by one put before it, is no change.
    kept = 0
    while kept < min(len(before), len(after)) and _equal(before[-1 - kept], after[-1 - kept]):
        kept += 1
    pairs = _paired(before[: len(before) - kept], after[: len(after) - kept])
    findings = frozenset(edit.finding for edit in edits)
    return _Run(first, pairs, findings, grown + len(after) - len(before))


class _Marked:
    """A text put together from pieces that stay and pieces that change."""

    def __init__(self) -> None:
        self._text = ""
        self._marks: list[Span] = []

    def keep(self, text: str) -> None:
        self._text += text

    def mark(self, text: str) -> None:
        if text:
            self._marks.append(Span(len(self._text), len(self._text) + len(text)))
        self._text += text

    def lines(self, first: int) -> list[_Line]:
        found, start = [], 0
        for number, text in enumerate(self._text.split("\n"), first + 1):
            inside = (_clip(mark, start, len(text)) for mark in self._marks)
            found.append(_Line(number, text, tuple(mark for mark in inside if mark)))
            start += len(text) + 1
        return found


def _clip(mark: Span, start: int, length: int) -> Span | None:
    begin, end = max(mark.start - start, 0), min(mark.end - start, length)
    return Span(begin, end) if begin < end else None


def _equal(old: _Line, new: _Line) -> bool:
    return old.text == new.text and not old.marks


def _paired(
    old: Sequence[_Line], new: Sequence[_Line]
) -> tuple[tuple[_Line | None, _Line | None], ...]:
    longest = max(len(old), len(new))
    padded = [[*side, *[None] * (longest - len(side))] for side in (old, new)]
    return tuple(zip(*padded, strict=True))


def _hunk(lines: Sequence[str], runs: Sequence[_Run], context: int) -> Hunk:
    first = max(0, runs[0].first - context)
    end = min(len(lines), runs[-1].end + context)
    if end == len(lines) and not lines[-1] and runs[-1].end < end:
        end -= 1  # what follows the last line's end is no line
    pairs: list[tuple[_Line | None, _Line | None]] = []
    around = [first, *(bound for run in runs for bound in (run.first, run.end)), end]
    shift = runs[0].grown - _growth(runs[0])
    for index, (begin, stop) in enumerate(pairwise(around)):
        if index % 2:
            run = runs[index // 2]
            pairs += run.pairs
            shift = run.grown
        else:
            pairs += [
                (_Line(n + 1, lines[n]), _Line(n + 1 + shift, lines[n])) for n in range(begin, stop)
            ]
    before = lines[max(0, first - _ABOVE) : first]
    old = iter(_shown(before, [line for line, _ in pairs if line]))
    new = iter(_shown(before, [line for _, line in pairs if line]))
    rows = tuple(
        Row(
            next(old) if line else None,
            next(new) if other else None,
            line is None or other is None or bool(line.marks or other.marks),
        )
        for line, other in pairs
    )
    return Hunk(rows, frozenset().union(*(run.findings for run in runs)))


def _growth(run: _Run) -> int:
    return sum((new is not None) - (old is not None) for old, new in run.pairs)


def _shown(before: Sequence[str], lines: Sequence[_Line]) -> Iterator[Side]:
    """Yield lines as they may be shown; seen together, for a name may tell of the next line."""
    found = secrets("\n".join((*before, *(line.text for line in lines))))
    start = sum(len(line) + 1 for line in before)
    for line in lines:
        first = bisect_right(found, start, key=lambda span: span.end)
        last = bisect_right(found, start + len(line.text), key=lambda span: span.start)
        inside = (_clip(span, start, len(line.text)) for span in found[first:last])
        yield _side(line, [span for span in inside if span])
        start += len(line.text) + 1


def _side(line: _Line, hidden: Sequence[Span]) -> Side:
    """Spell a line out piece by piece, so that its marks keep to their words."""
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
