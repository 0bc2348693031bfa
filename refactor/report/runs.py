"""What edits make of lines: those they touch, before and after, and parts that are not shown."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from refactor.model import Edit
from refactor.secret.spans import text_secrets
from refactor.text.view import Span

_URL = re.compile(r"(?:[a-z][a-z0-9+.-]*://)?[^\s{}\"']+", re.IGNORECASE)
"""An address, whatever its name says: a change of it is shown, but for the secrets within it."""


_ADDRESS = 64
"""Characters of what is a name and a port: longer new texts are looked through for secrets."""


class SourceLine(NamedTuple):
    """A line of one side, as it stands in the file."""

    number: int
    text: str
    marks: tuple[Span, ...] = ()
    secrets: tuple[Span, ...] = ()


class Run(NamedTuple):
    """Lines that edits touch, and what they become."""

    first: int
    pairs: tuple[tuple[SourceLine | None, SourceLine | None], ...]
    findings: frozenset[str]
    grown: int

    @property
    def end(self) -> int:
        """The number of the line behind them, from 0."""
        return self.first + sum(old is not None for old, _ in self.pairs)


class TextBefore(NamedTuple):
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

    def line(self, number: int, shift: int) -> SourceLine:
        """Return a line that nothing changes, at another number."""
        start, text = self.starts[number], self.lines[number]
        hidden = self.hidden(start, start + len(text))
        return SourceLine(number + 1 + shift, text, (), tuple(hidden))


def beside(text: str, secrets: Sequence[Span], edits: Sequence[Edit]) -> Iterator[Span]:
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


def runs_of(whole: TextBefore, edits: Sequence[Edit]) -> Iterator[Run]:
    """Yield the lines that edits touch, those of one line together."""
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


def _run(whole: TextBefore, first: int, last: int, edits: Sequence[Edit], grown: int) -> Run:
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
    return Run(first, pairs, findings, grown + len(after) - len(before))


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

    def lines(self, first: int) -> list[SourceLine]:
        found, start = [], 0
        for number, text in enumerate(self._text.split("\n"), first + 1):
            marks, secrets = (
                tuple(span for one in spans if (span := _clip(one, start, len(text))))
                for spans in (self._marks, self._secrets)
            )
            found.append(SourceLine(number, text, marks, secrets))
            start += len(text) + 1
        return found


def _clip(mark: Span, start: int, length: int) -> Span | None:
    begin, end = max(mark.start - start, 0), min(mark.end - start, length)
    return Span(begin, end) if begin < end else None


def _equal(old: SourceLine, new: SourceLine) -> bool:
    return old.text == new.text and not old.marks


def _paired(
    old: Sequence[SourceLine], new: Sequence[SourceLine]
) -> tuple[tuple[SourceLine | None, SourceLine | None], ...]:
    longest = max(len(old), len(new))
    padded = [[*side, *[None] * (longest - len(side))] for side in (old, new)]
    return tuple(zip(*padded, strict=True))
