"""Keeps from libcst what would take the whole process down.

Measured with libcst 1.9: brackets nested 3,000 deep end in a segmentation fault that nothing can
catch, 1,000 deep in two gigabytes of memory; its time grows with the square of an expression's
depth, and with the third power of 4 of the depth of a `case` pattern's brackets (ten braces take
three seconds). No program that people write comes near these limits.
"""

from __future__ import annotations

import re

from refactor.scan.python.lexer import Lexed, NotPythonError

MAX_BRACKETS = 100
"""CPython itself takes 200."""

MAX_PATTERN_BRACKETS = 6
"""In the pattern of a `case`."""

MAX_LINKS = 1000
"""Operators, attributes, calls and subscripts that hang on one another."""

MAX_ELIFS = 2000
"""In one file: each stands inside the one before it."""

_TOO_DEEP = "it nests too deep"
# What makes an expression deeper, and what ends it. An escaped line end does not.
_LINK = re.compile(
    r"(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<part>[,;])|\\(?:\r\n|.)|(?P<line>[\r\n])"
    r"|(?P<word>\b(?:lambda|for|if)\b)|(?P<link>[-+*/%@&|^<>=~.]+|\b(?:not|and|or|in|is|await)\b)"
    r"|(?P<elif>\belif\b)|(?P<case>\bcase\b(?!\s*[=.,)\]]))",
    re.DOTALL,
)


def check(text: str, lexed: Lexed) -> None:
    """Refuse a text whose depth libcst could not take."""
    depth = _Depth()
    for start, end in lexed.code:
        for found in _LINK.finditer(text, start, end):
            if not depth.take(found.lastgroup or "", found[0]):
                raise NotPythonError(_TOO_DEEP, found.start())


class _Depth:
    """How deep the expression at hand may be, at most.

    `links` counts for each open bracket what hangs together in it; a comma starts afresh, and so
    does a line's end outside brackets. `words` counts what a comma does not end.
    """

    def __init__(self) -> None:
        self.links = [0]
        self.total = self.words = self.elifs = 0
        self.limit = MAX_BRACKETS

    def take(self, kind: str, found: str) -> bool:
        """Take the next of `_LINK`; say whether all is well."""
        if kind == "open":
            self._hang()
            self.links.append(0)
        elif kind == "close" and len(self.links) > 1:
            self.total -= self.links.pop()
        elif kind == "part":
            self._cut()
        elif kind == "line" and len(self.links) == 1:
            self._cut()
            self.words, self.limit = 0, MAX_BRACKETS
        elif kind == "word":
            self.words += 1
        elif kind == "elif":
            self.elifs += 1
        elif kind == "case" and not self.total:
            self.limit = MAX_PATTERN_BRACKETS
        elif kind == "link":
            self._hang(len(found))
        return (
            len(self.links) <= self.limit + 1
            and self.total + self.words <= MAX_LINKS
            and self.elifs <= MAX_ELIFS
        )

    def _hang(self, count: int = 1) -> None:
        self.links[-1] += count
        self.total += count

    def _cut(self) -> None:
        self.total -= self.links[-1]
        self.links[-1] = 0
