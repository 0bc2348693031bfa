"""A program of whatever language as words, strings and signs."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

from refactor.text.view import Span

_COMMENT = r"(?P<comment>%s/\*(?:[^*]|\*(?!/)){0,4000}\*/)"
_REST = (
    r"|(?P<string>[rbfuRBFU]{0,2}(?:\"\"\"(?P<d3>.*?)(?:\"\"\"|\Z)|'''(?P<s3>.*?)(?:'''|\Z)"
    r"|\"(?P<d>(?:[^\"\\\n]|\\.)*)\"?|'(?P<s>(?:[^'\\\n]|\\.)*)'?|`(?P<t>(?:[^`\\]|\\.)*)`?))"
    r"|(?P<word>[A-Za-z_$@][\w$]*(?:(?:\??\.|->|::)[A-Za-z_]\w*)*[?!]?)"
    r"|(?P<line>\n)|(?P<op>:=|=>|===?|!==?|\|\|=?|\?\?=?|\?:|&&|\+=|<-|[^\s\w])"
)
# By whether `#` begins a comment: then `//` is no sign of one, and else `#` is not.
_PATTERNS = {
    True: re.compile(_COMMENT % "" + r"|(?P<hash>\#[^\n]*)|(?P<skip>//)" + _REST, re.DOTALL),
    False: re.compile(_COMMENT % r"//[^\n]*|" + r"|(?P<hash>(?!))|(?P<skip>\#)" + _REST, re.DOTALL),
}
_BODIES = ("d3", "s3", "d", "s", "t")


class Token(NamedTuple):
    """A word, a string, a sign or the end of a line; `body` is a string's without its quotes."""

    kind: str
    text: str
    start: int
    body: Span | None = None


def texts(text: str, *, hashes: bool) -> Callable[[int], bool]:
    """Return what says whether a place of a program is within a string or a comment."""
    spans = [
        Span(found.start(), found.end())
        for found in _found(text, hashes=hashes)
        if found["string"] is not None or found["comment"] or found["hash"]
    ]
    starts = [span.start for span in spans]

    def inside(place: int) -> bool:
        index = bisect_right(starts, place) - 1
        return index >= 0 and place < spans[index].end

    return inside


def _found(text: str, *, hashes: bool) -> Iterator[re.Match[str]]:
    return (found for found in _PATTERNS[hashes].finditer(text) if found["skip"] is None)


def tokens_of(text: str, *, hashes: bool) -> Iterator[Token]:
    """Yield what a program is made of, without its comments."""
    for found in _found(text, hashes=hashes):
        if found["string"] is not None:
            body = next(Span(*found.span(name)) for name in _BODIES if found[name] is not None)
            yield Token("string", found[0], found.start(), body)
        elif found["hash"] is None and found["comment"] is None:
            yield Token(found.lastgroup or "", found[0], found.start())
