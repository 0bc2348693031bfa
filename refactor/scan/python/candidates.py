"""Whether a Python text is worth a parse: most have no string that could hold an address."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from refactor.scan.base import Wanted
from refactor.scan.python.lexer import Lexed, PythonToken
from refactor.text.view import View

# What may stand between the parts of one text: `"10.0." "0.1"`, `("10.0." + # half\n "0.1")`.
_GLUE = re.compile(r"(?>(?:[\s+()\\]|#[^\r\n]*+)*)")
_STATEMENT_END = re.compile(r"[ \t\f]*(?:[#;\r\n]|\Z)")


def is_candidate(text: str, lexed: Lexed, views: Sequence[View], wanted: Wanted) -> bool:
    """Say whether some string, or strings that follow each other, could hold an address.

    Docstrings do not count. It may say yes where the tree will say no, never the other way.
    """
    bare = _Bare(text, lexed)
    for token, view in zip(lexed.tokens, views, strict=True):
        if not token.is_number and wanted(view.text) and not bare.is_bare(token):
            return True
    return any(wanted("".join(group)) for group in _joined(text, lexed, views))


def _joined(text: str, lexed: Lexed, views: Sequence[View]) -> list[list[str]]:
    """Return the texts of two or more strings with nothing but `+` and brackets between them."""
    groups: list[list[str]] = []
    enclosing: list[tuple[int, list[str]]] = []
    for token, view in zip(lexed.tokens, views, strict=True):
        if token.is_number:
            continue
        group: list[str] = []
        while enclosing and enclosing[-1][0] <= token.start:
            end, before = enclosing.pop()
            glued = _GLUE.match(text, end, token.start)
            group = before if glued and glued.end() == token.start else []
        group.append(view.text)
        groups += [group] if len(group) == 2 else []
        enclosing.append((token.end, group))
    return groups


class _Bare:
    """Tells the strings that are a statement by themselves: docstrings, and remarks like them."""

    def __init__(self, text: str, lexed: Lexed) -> None:
        self._text = text
        self._code = lexed.code
        self._depths: list[int] = []

    def is_bare(self, token: PythonToken) -> bool:
        """Say whether a string, alone on its lines, stands in no brackets."""
        line_end = self._text.rfind("\n", 0, token.start)
        if self._text[line_end + 1 : token.start].strip():
            return False
        if self._text.endswith(("\\", "\\\r"), 0, max(line_end, 0)):
            return False
        return bool(_STATEMENT_END.match(self._text, token.end)) and not self._depth(token)

    def _depth(self, token: PythonToken) -> int:
        """Return how many brackets are open before a string."""
        if not self._depths:
            pieces = (span.of(self._text) for span in self._code)
            self._depths = list(accumulate(map(_opened, pieces)))
        index = bisect_right(self._code, (token.start,)) - 1
        return self._depths[index] if index >= 0 else 0


def _opened(code: str) -> int:
    return sum(map(code.count, "([{")) - sum(map(code.count, ")]}"))
