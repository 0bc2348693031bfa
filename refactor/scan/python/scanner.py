"""The Python scanner.

Strings first, a tree only where one of them could hold an address: finding the strings costs a
tenth of libcst's parse, and most files end there.
"""

from __future__ import annotations

import re
from functools import cache

from refactor.model import Literal, Scanned
from refactor.scan.base import Wanted
from refactor.scan.python.candidates import is_candidate
from refactor.scan.python.lexer import NotPythonError, lex
from refactor.scan.python.limits import check
from refactor.scan.python.strings import view_of

_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n|\r|\n")


def scan(text: str, wanted: Wanted) -> Scanned:
    """Return the literals of a Python text (see `base.Scanner`).

    A text in which nothing is wanted is not parsed, and so is not said to be unparsable either.
    """
    wanted = cache(wanted)
    try:
        return Scanned(_literals(text, wanted))
    except NotPythonError as problem:
        if not wanted(text):
            return Scanned(())
        from refactor.scan.text import scanner as as_text

        line = problem.line or len(_LINE_END.findall(text, 0, problem.at)) + 1
        return Scanned(as_text.scan(text, wanted).literals, problem.problem, line)


def _literals(text: str, wanted: Wanted) -> tuple[Literal, ...]:
    # Bytes that are no text stand in the text as surrogates, which libcst refuses.
    readable = text if text.isascii() else _SURROGATE.sub("\ufffd", text)
    lexed = lex(readable)
    views = [view_of(text, token) for token in lexed.tokens]
    if not is_candidate(readable, lexed, views, wanted):
        return ()
    check(readable, lexed)
    from refactor.scan.python import literals as python_literals

    return python_literals.read(readable, lexed.tokens, views, wanted)
