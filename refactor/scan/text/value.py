"""One value of a line: where its text stands, and what that text says once decoded."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from refactor.text.view import View, ViewBuilder

QUOTED = r"\"(?>(?:[^\"\\]|\\.)*)\"|'(?>(?:[^'\\]|\\.)*)'|`[^`]*+`"
"""A string in any of the three quotes; only in the first do backslashes mean something here."""

_QUOTED = re.compile(rf"[@$A-Za-z]{{0,2}}(?:{QUOTED})(?!\w)")
# `${DB_HOST:-10.0.4.17}`: what a shell or a compose file takes where the variable is not set.
_DEFAULT = re.compile(r"\$\{\w+:?[-=]([^{}]*)\}\Z")
_IN_QUOTES = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[ntr\"'\\/$`])")
_BARE = re.compile(r"\\[:=#! ]")  # of java.util.Properties
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r"}


class LineValue(NamedTuple):
    """One value of a line.

    Attributes:
        key: what it is assigned to; "" where the line assigns nothing.
        start, end: where its text stands in the line, quotes left out.
        mark: the quote around it, "" for none.
        group: values of one line with the same number are siblings; 0 are those of the line's own
            scope.
        item: it is an item of a list.
    """

    key: str
    start: int
    end: int
    mark: str = ""
    group: int = 0
    item: bool = False

    def decode(self, line: View) -> View:
        """Return the view of the value's own text."""
        part = stretch(line, self.start, self.end)
        if "\\" not in part.text or self.mark not in ('"', ""):
            return part
        builder, cursor = ViewBuilder(), 0
        for escape in (_IN_QUOTES if self.mark else _BARE).finditer(part.text):
            builder.append(part.sub(cursor, escape.start()))
            builder.put(_decoded(escape[0][1:]))
            cursor = escape.end()
        builder.append(part.sub(cursor, len(part.text)))
        return builder.view()


def value_at(line: str, key: str, start: int, end: int, *, group: int = 0) -> LineValue:
    """Return the value that stands between two places of a line."""
    quoted = _QUOTED.match(line, start, end)
    mark = ""
    if quoted:
        mark, end = line[quoted.end() - 1], quoted.end() - 1
        start = line.index(mark, start) + 1
    else:
        end = start + len(line[start:end].rstrip(",; \t\f\v"))
    default = _DEFAULT.match(line, start, end)
    if default:
        start, end = default.span(1)
    return LineValue(key.lstrip("$@"), start, end, mark, group)


def stretch(view: View, start: int, end: int) -> View:
    """Return `view.sub(start, end)`, at once where the view has very many pieces."""
    first = bisect_right(view.pieces, start, key=lambda piece: piece.at) - 1
    last = bisect_right(view.pieces, end, key=lambda piece: piece.at)
    return View(view.text, view.pieces[max(0, first) : last]).sub(start, end)


def _decoded(escape: str) -> str:
    if len(escape) > 1:
        return chr(int(escape[1:], 16))
    return _SIMPLE.get(escape, escape)
