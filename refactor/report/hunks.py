"""A file's edits as a diff: from the edits themselves, which say which words of a line change."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from refactor.mask import MASK
from refactor.model import Edit
from refactor.report.receivers import readable
from refactor.secret.spans import text_secrets
from refactor.view import Span

_URL = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?[^\s{}\"']+", re.IGNORECASE)
"""An address, whatever its name says: a change of it is shown, but for the secrets within it."""


_ADDRESS = 64
"""Characters of what is a name and a port: longer new texts are looked through for secrets."""


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
    secrets: tuple[Span, ...] = ()


class _Run(NamedTuple):
    """Lines that edits touch, and what they become."""

    first: int
    pairs: tuple[tuple[_Line | None, _Line | None], ...]
    findings: frozenset[str]
    grown: int

    @property
    def end(self) -> int:
        return self.first + sum(old is not None for old, _ in self.pairs)


class _Text(NamedTuple):
    """The text before, as lines, and what of it is not shown."""

    text: str
    lines: Sequence[str]
    starts: Sequence[int]
    secrets: Sequence[Span]

    def hidden(self, start: int, end: int) -> list[Span]:
        """Return the secrets of a stretch, counted from its start."""
        first = bisect_right(self.secrets, start, key=lambda span: span.end)
        last = bisect_right(self.secrets, end - 1, key=lambda span: span.start)
        inside = (_clip(span, start, end - start) for span in self.secrets[first:last])
        return [span for span in inside if span]

    def line(self, number: int, shift: int) -> _Line:
        """Return a line that nothing changes, at another number."""
        start, text = self.starts[number], self.lines[number]
        hidden = self.hidden(start, start + len(text))
        return _Line(number + 1 + shift, text, (), tuple(hidden))


def hunks(
    text: str,
    edits: Sequence[Edit],
    context: int = 2,
    wanted: Collection[str] | None = None,
    secrets: Sequence[Span] | None = None,
) -> tuple[Hunk, ...]:
    """Return the diff that edits make.

    Args:
        text: the file's text before.
        edits: all of the file's, in order of place.
        context: lines to show around what changes.
        wanted: fingerprints: lines that none of these findings changes are shown as they are;
            None for all.
        secrets: where they stand in the file, in order; None where nothing is known of it.
    """
    secrets = text_secrets(text) if secrets is None else secrets
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    whole = _Text(text, lines, starts, tuple(_beside(text, secrets, edits)))
    runs = [run for run in _runs(whole, edits) if wanted is None or run.findings & {*wanted}]
    found: list[list[_Run]] = []
    for run in runs:
        if found and run.first - found[-1][-1].end <= 2 * context:
            found[-1].append(run)
        else:
            found.append([run])
    return tuple(_hunk(whole, group, context) for group in found)


def _beside(text: str, secrets: Sequence[Span], edits: Sequence[Edit]) -> Iterator[Span]:
    """Yield secrets without the addresses in them that change, which are to be seen."""
    at = 0
    for secret in secrets:
        while at < len(edits) and edits[at].span.end <= secret.start:
            at += 1
        last = at
        while last < len(edits) and edits[last].span.start < secret.end:
            last += 1
        within = [
            e.span
            for e in edits[at:last]
            if secret.start <= e.span.start <= e.span.end <= secret.end
        ]
        if within and _URL.fullmatch(secret.of(text)):
            yield from (span.shift(secret.start) for span in text_secrets(secret.of(text)))
            continue
        start = secret.start
        for edit in within:
            if start < edit.start:
                yield Span(start, edit.start)
            start = edit.end
        if start < secret.end:
            yield Span(start, secret.end)


def _runs(whole: _Text, edits: Sequence[Edit]) -> Iterator[_Run]:
    lines, starts = whole.lines, whole.starts
    grown = at = 0
    for group in _by_line(whole.text, edits):
        while starts[at + 1] <= group[0].span.start and at + 1 < len(lines):
            at += 1
        last = at
        while starts[last + 1] < group[-1].span.end and last + 1 < len(lines):
            last += 1
        run = _run(whole, at, last, group, grown)
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


def _run(whole: _Text, first: int, last: int, edits: Sequence[Edit], grown: int) -> _Run:
    old, new = _Marked(), _Marked()
    at, end = whole.starts[first], whole.starts[last] + len(whole.lines[last])
    for edit in edits:
        start, stop = edit.span
        hidden = whole.hidden(start, stop)
        for side in (old, new):
            side.keep(whole.text[at:start], whole.hidden(at, start))
        old.mark(edit.old, hidden)
        new.mark(edit.new, _hidden_again(edit, hidden))
        at = stop
    for side in (old, new):
        side.keep(whole.text[at:end], whole.hidden(at, end))
    before, after = old.lines(first), new.lines(first + grown)
    # A line that is only moved on, by one put before it, is no change.
    kept = 0
    while kept < min(len(before), len(after)) and _equal(before[-1 - kept], after[-1 - kept]):
        kept += 1
    pairs = _paired(before[: len(before) - kept], after[: len(after) - kept])
    findings = frozenset(edit.finding for edit in edits)
    return _Run(first, pairs, findings, grown + len(after) - len(before))


def _hidden_again(edit: Edit, hidden: Sequence[Span]) -> list[Span]:
    """Return the secrets of a new text: its own, and those of the old one that it keeps."""
    found = [*text_secrets(edit.new)] if len(edit.new) > _ADDRESS else []
    for value in {span.of(edit.old) for span in hidden}:
        found += [Span(*match.span()) for match in re.finditer(re.escape(value), edit.new)]
    return found


class _Marked:
    """A text put together from pieces that stay and pieces that change."""

    def __init__(self) -> None:
        self._text = ""
        self._marks: list[Span] = []
        self._secrets: list[Span] = []

    def keep(self, text: str, hidden: Iterable[Span]) -> None:
        self._secrets += [span.shift(len(self._text)) for span in hidden]
        self._text += text

    def mark(self, text: str, hidden: Iterable[Span]) -> None:
        if text:
            self._marks.append(Span(len(self._text), len(self._text) + len(text)))
        self.keep(text, hidden)

    def lines(self, first: int) -> list[_Line]:
        found, start = [], 0
        for number, text in enumerate(self._text.split("\n"), first + 1):
            marks, secrets = (
                tuple(span for one in spans if (span := _clip(one, start, len(text))))
                for spans in (self._marks, self._secrets)
            )
            found.append(_Line(number, text, marks, secrets))
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


def _hunk(whole: _Text, runs: Sequence[_Run], context: int) -> Hunk:
    lines = whole.lines
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
            pairs += [(whole.line(n, 0), whole.line(n, shift)) for n in range(begin, stop)]
    rows = tuple(
        Row(
            _side(line) if line else None,
            _side(other) if other else None,
            line is None or other is None or bool(line.marks or other.marks),
        )
        for line, other in pairs
    )
    return Hunk(rows, frozenset().union(*(run.findings for run in runs)))


def _growth(run: _Run) -> int:
    return sum((new is not None) - (old is not None) for old, new in run.pairs)


def _side(line: _Line) -> Side:
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
