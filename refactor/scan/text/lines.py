"""A text to logical lines: comments gone, continuations joined, each with its way back."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from refactor.scan.text.comments import blocks, without_comment
from refactor.text.view import Span, View, ViewBuilder

_LINE = re.compile(r"[^\r\n]+")
_GOES_ON = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")


class LogicalLine(NamedTuple):
    """One logical line.

    Attributes:
        text: without comment, continuation and end.
        whole: the view that leads from it back to the source.
        start: where it stands, for a line that stands there as it is and needs no view.
    """

    text: str
    start: int = 0
    whole: View | None = None

    @property
    def view(self) -> View:
        """The line with the way back to the source."""
        return self.whole or View.plain(self.text, self.start)


def logical_lines(text: str) -> Iterator[LogicalLine]:
    """Yield the lines that hold anything but white space and comments.

    A backslash at a line's end joins the next to it; the two of them leave no trace in the text.
    """
    hidden = blocks(text)
    joined: ViewBuilder | None = None
    due = 0
    for match in _LINE.finditer(text):
        if joined is not None and match.start() > due:  # an empty line ends what goes on
            yield _joined(joined)
            joined = None
        whole = _visible(match, hidden) if hidden else None
        kept = without_comment(whole.text if whole else match[0])
        goes_on = kept.endswith("\\") and _GOES_ON.search(kept) is not None
        if not goes_on and joined is None:
            if kept and not kept.isspace():
                yield LogicalLine(kept, match.start(), whole)
            continue
        joined = joined or ViewBuilder()
        view = whole or View.plain(kept, match.start())
        joined.append(view.sub(0, len(kept) - goes_on))
        due = match.end() + (2 if text.startswith("\r\n", match.end()) else 1)
        if kept and not goes_on:  # a comment between two lines parts them in no Dockerfile
            yield _joined(joined)
            joined = None
    if joined is not None:
        yield _joined(joined)


def _joined(builder: ViewBuilder) -> LogicalLine:
    view = builder.view()
    return LogicalLine(view.text, whole=view)


def _visible(match: re.Match[str], hidden: list[Span]) -> View | None:
    """Return a line without the block comments in it, each a space; None where it has none."""
    start, end = match.span()
    index = bisect_right(hidden, start, key=lambda span: span.end)
    if index == len(hidden) or hidden[index].start >= end:
        return None
    builder = ViewBuilder()
    while index < len(hidden) and hidden[index].start < end:
        span = hidden[index]
        builder.keep(match.string[start : max(start, span.start)], start)
        builder.put(" ")
        start = min(span.end, end)
        index += 1
    builder.keep(match.string[start:end], start)
    return builder.view()
