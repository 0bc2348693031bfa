"""Decoded text that knows the way back to the source it came from.

A string in a source file is seldom its own text: escapes, folded lines, indentation of block
scalars, concatenation and nested documents all stand between the two. A `View` is the text as
the program that reads it will see it, with the stretches ("pieces") of it that stand letter for
letter in the source. An address found in a view can be edited only where one piece holds it
whole, so an escape in the middle of one is seen, not guessed about.

All offsets are half-open and count code points of the decoded text, never bytes.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

import msgspec

HOLE = "\ufffc"
"""Stands in a view for text that is only known at run time: `{port}` of an f-string,
`{{ .Values.host }}` of a chart, the unknown operand of a concatenation."""


class Span(NamedTuple):
    """A half-open stretch of text, in code points."""

    start: int
    end: int

    def shift(self, by: int) -> Span:
        """Return the same stretch, `by` code points further on."""
        return Span(self.start + by, self.end + by)

    def of(self, text: str) -> str:
        """Return what stands at this span in `text`."""
        return text[self.start : self.end]


class Piece(NamedTuple):
    """`length` code points at `at` in the view stand, unchanged, at `source` in the source."""

    at: int
    source: int
    length: int


def _begin(piece: Piece) -> int:
    return piece.at


class View(msgspec.Struct, frozen=True):
    """A text and the pieces of it that the source holds letter for letter.

    Attributes:
        text: the decoded text.
        pieces: in order of `at`, not overlapping; what no piece covers has no place of its own.
    """

    text: str
    pieces: tuple[Piece, ...]

    @classmethod
    def plain(cls, text: str, source: int = 0) -> View:
        """Return the view of a text that stands in the source as it is, from `source` on."""
        return cls(text, (Piece(0, source, len(text)),) if text else ())

    def locate(self, start: int, end: int) -> Span | None:
        """Return where the source holds this stretch whole, or None where it does not.

        Args:
            start: first code point of the stretch in `text`.
            end: the code point after its last.
        """
        index = bisect_right(self.pieces, start, key=_begin) - 1
        if index < 0:
            return None
        piece = self.pieces[index]
        if end > piece.at + piece.length or start > end:
            return None
        return Span(start, end).shift(piece.source - piece.at)

    def around(self, start: int, end: int) -> Span | None:
        """Return the smallest source span that covers the stretch, gaps included.

        It serves to show a place that cannot be edited; None where no piece touches it.
        """
        touched = [p for p in self.pieces if p.at < max(end, start + 1) and p.at + p.length > start]
        if not touched:
            return None
        first, last = touched[0], touched[-1]
        begin = first.source + max(0, start - first.at)
        stop = last.source + min(last.length, end - last.at)
        return Span(min(begin, stop), max(begin, stop))

    def sub(self, start: int, end: int) -> View:
        """Return the view of one stretch of this view's text."""
        kept = []
        first = max(0, bisect_right(self.pieces, start, key=_begin) - 1)
        for at, source, length in self.pieces[first:]:
            if at >= end:
                break
            low, high = max(at, start), min(at + length, end)
            if low < high:
                kept.append(Piece(low - start, source + low - at, high - low))
        return View(self.text[start:end], tuple(kept))

    def through(self, inner: View) -> View:
        """Return `inner`, whose source is this view's text, as a view of this view's source.

        A document inside a document (JSON in a block scalar in a Python string) is read by its
        own scanner over the outer view's text; this carries its pieces back to the file.
        """
        kept = [
            Piece(at + piece.at, piece.source, piece.length)
            for at, source, length in inner.pieces
            for piece in self.sub(source, source + length).pieces
        ]
        return View(inner.text, tuple(kept))


class ViewBuilder:
    """Puts a view together, left to right."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._pieces: list[Piece] = []
        self._length = 0

    def keep(self, text: str, source: int) -> None:
        """Add text that stands at `source` as it is; joins the piece before it where they touch."""
        if not text:
            return
        if self._pieces:
            at, begun, length = self._pieces[-1]
            if at + length == self._length and begun + length == source:
                self._pieces[-1] = Piece(at, begun, length + len(text))
                self._add(text)
                return
        self._pieces.append(Piece(self._length, source, len(text)))
        self._add(text)

    def put(self, text: str) -> None:
        """Add text that the source does not hold: a decoded escape, a fold, a `HOLE`."""
        self._add(text)

    def append(self, view: View) -> None:
        """Add a whole view, pieces included."""
        cursor = 0
        for at, source, length in view.pieces:
            self.put(view.text[cursor:at])
            self.keep(view.text[at : at + length], source)
            cursor = at + length
        self.put(view.text[cursor:])

    def view(self) -> View:
        """Return what has been put together."""
        return View("".join(self._parts), tuple(self._pieces))

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)
