"""Step 2 for Python that is newer than the interpreter: its code is the same, but for strings.

libcst's grammar knows what `ast` of an older interpreter does not: `type X = int`, PEP 701.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import libcst as cst

from refactor.scan.python.lexer import Lexed, NotPythonError, lex
from refactor.scan.python.limits import check

_OTHER_CODE = ("code", "other code")


def token_values(before: str, after: str) -> Iterator[tuple[str, str]] | None:
    """Return the values that differ, in order of place; None where the first did not parse."""
    old = _read(before)
    if isinstance(old, str):
        return None
    new = _read(after)
    if isinstance(new, str):
        return iter([_OTHER_CODE])
    if _code(before, old) != _code(after, new):
        return iter([_OTHER_CODE])
    pairs = zip(_values(before, old), _values(after, new), strict=True)
    return ((a, b) for a, b in pairs if a != b)


def _read(text: str) -> Lexed | str:
    """Return what a text is made of, or why it is no Python."""
    try:
        lexed = lex(text)
        check(text, lexed)
        cst.parse_module(text)
    except NotPythonError as error:
        return error.problem
    except (
        cst.ParserSyntaxError,
        cst.CSTValidationError,
        RecursionError,
        UnicodeError,  # bytes that are no text
    ) as error:
        return str(error).splitlines()[0]
    return lexed


def _code(text: str, lexed: Lexed) -> tuple[list[str], list[tuple[str, int]]]:
    """Return what stands between the strings, and the form of each string."""
    forms = [(token.prefix, len(token.texts)) for token in lexed.tokens]
    return [span.of(text) for span in lexed.code], forms


def _values(text: str, lexed: Lexed) -> list[str]:
    tokens = (
        [text[token.start : token.end]] if token.is_number else [s.of(text) for s in token.texts]
        for token in lexed.tokens
    )
    return list(chain.from_iterable(tokens))
