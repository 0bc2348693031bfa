"""Lines that formatters join again: a shorter name may fit where the address did not.

Asked only with `--python env`, which lays out what it writes as formatters do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from refactor.model import Edit
from refactor.plan.python_width import line_of
from refactor.text.source import splice
from refactor.text.view import Span

_OPENS = re.compile(r"[(\[{]\Z")
_CLOSES = re.compile(r"[ \t]*[)\]}][^#\r\n]*\Z")
# Parentheses that only hold a line's break: `URL = (`.
_ONLY_HOLDS = re.compile(r"(?:[^=]=|\breturn|\bin) (?=\(\Z)")
_BREAK = re.compile(r"\r\n|\r|\n")


class _Around(NamedTuple):
    """A line between one that opens a bracket and one that closes it."""

    opening: Span
    line: Span
    closing: Span

    def joined(self, text: str, inner: str) -> str:
        """Return the one line of the three."""
        return self.opening.of(text) + inner.strip() + self.closing.of(text).strip()


def joins(text: str, edits: Sequence[Edit], width: int) -> Iterator[Edit]:
    """Yield what joins each edited line with those around it, where all fit one line only now."""
    lines: defaultdict[Span, list[Edit]] = defaultdict(list)
    for edit in edits:
        if edit.role != "import":
            lines[line_of(text, edit.span)].append(edit)
    for line, group in lines.items():
        around = _around(text, line)
        if around is None or any(edit.role == "expression" for edit in group):
            continue
        if around.opening in lines or around.closing in lines:
            continue
        new = splice(line.of(text), [(*e.span.shift(-line.start), e.new) for e in group])
        before, after = around.joined(text, line.of(text)), around.joined(text, new)
        holds = _ONLY_HOLDS.search(around.opening.of(text)) and after.endswith(")")
        spare = 2 * bool(holds and around.closing.of(text).strip() == ")")
        if len(after) - spare <= width < len(before) - spare:
            yield from _joined(text, around, group[0], spare=bool(spare))


def _around(text: str, line: Span) -> _Around | None:
    before = list(_BREAK.finditer(text, max(0, line.start - 2), line.start))
    after = _BREAK.match(text, line.end)
    if not before or after is None or line.of(text).rstrip().endswith(","):
        return None
    start = before[-1].start()
    opening = line_of(text, Span(start, start))
    closing = line_of(text, Span(after.end(), after.end()))
    fits = _OPENS.search(opening.of(text)) and _CLOSES.match(closing.of(text))
    return _Around(opening, line, closing) if fits else None


def _joined(text: str, around: _Around, edit: Edit, *, spare: bool) -> Iterator[Edit]:
    inner, closing = around.line.of(text), around.closing.of(text)
    first = Span(around.opening.end - spare, around.line.start + len(inner) - len(inner.lstrip()))
    start = around.line.start + len(inner.rstrip())
    indent = len(closing) - len(closing.lstrip())
    last = Span(start, around.closing.start + indent + spare)
    for span in (first, last):
        yield Edit(edit.file, span, span.of(text), "", edit.finding, "layout")
