r"""Finds the strings and small integers of a Python text, with their exact places.

The standard `tokenize` serves this worse: what it says of f-strings, `\r` and form feeds differs
from one Python to the next, and its rows and columns must be turned into offsets. Here a place is
an offset into the text as it is, and f-strings nest as PEP 701 has it on every Python.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from refactor.text.view import Span

MAX_HOLES = 50
"""How deep holes of f-strings may nest."""

_OPEN_STRING = "a string does not end"
_OPEN_FORMATTED = "an f-string does not end"
_TOO_DEEP = "f-strings nest too deep"

_ATOM = re.compile(r"""[#"'0-9]""")
_IN_HOLE = re.compile(r"""[#"'0-9()\[\]{}:]""")
_COMMENT = re.compile(r"#[^\r\n]*")
_PREFIX = re.compile(r"(?<!\w)(?:[bft]r?|r[bft]?|ur?)\Z", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?<![\w.\x80-\U0010ffff])(?:0[xob]\w+|[0-9][0-9_]*(?:\.[0-9_]*)?(?:e[-+]?[0-9][0-9_]*)?j?)",
    re.IGNORECASE,
)
_NAME = re.compile(r"\w+")  # the rest of it
_FRACTION = re.compile(r"[0-9_]+(?:[eE][-+]?[0-9_]+)?\w*")
_SMALL = re.compile(r"[0-9]{1,5}\Z")
_QUOTE = re.compile(r"'''|\"\"\"|'|\"")
# The rest of a string after its opening quote. A backslash keeps the quote after it, in raw too.
_BODY = {
    "'": re.compile(r"[^'\\\r\n]*+(?>(?:\\(?:\r\n|.)[^'\\\r\n]*+)*)'", re.DOTALL),
    '"': re.compile(r'[^"\\\r\n]*+(?>(?:\\(?:\r\n|.)[^"\\\r\n]*+)*)"', re.DOTALL),
    "'''": re.compile(r"[^'\\]*+(?>(?:(?:\\.|'(?!''))[^'\\]*+)*)'''", re.DOTALL),
    '"""': re.compile(r'[^"\\]*+(?>(?:(?:\\.|"(?!""))[^"\\]*+)*)"""', re.DOTALL),
}
_LINE_END = {"'": r"|[\r\n]", '"': r"|[\r\n]", "'''": "", '"""': ""}
# What ends a stretch of an f-string's text, or only looks as if it did.
_STOP = {
    (quote, raw): re.compile(
        ("" if raw else r"\\N\{[^{}]*\}|")
        + rf"\\(?:\r\n|[^{{}}])|\\|\{{\{{|\}}\}}|\{{|{quote}{line_end}",
        re.DOTALL,
    )
    for quote, line_end in _LINE_END.items()
    for raw in (False, True)
}
_SPEC_STOP = {quote: re.compile(rf"[{{}}]|{quote}{end}") for quote, end in _LINE_END.items()}


class NotPythonError(Exception):
    """The text cannot be read as Python.

    Args:
        problem: what is wrong, in one line.
        at: the offset where that is.
        line: the line, from 1, where only that is known.
    """

    def __init__(self, problem: str, at: int = 0, line: int = 0) -> None:
        super().__init__(problem)
        self.problem = problem
        self.at = at
        self.line = line


class PythonToken(NamedTuple):
    """A string or a small integer.

    Attributes:
        start, end: its place, prefix and quotes included.
        prefix: of a string, lower case; "" for a number.
        texts: what stands between its quotes; of an f-string each stretch between the holes,
            empty ones too, so that there is one more of them than of holes; none for a number.
    """

    start: int
    end: int
    prefix: str = ""
    texts: tuple[Span, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether it is an integer."""
        return not self.texts


class Lexed(NamedTuple):
    """What was found in a text.

    Attributes:
        tokens: by start; those inside an f-string's holes follow it.
        code: the stretches between strings and comments, in order.
    """

    tokens: tuple[PythonToken, ...]
    code: tuple[Span, ...]


def lex(text: str) -> Lexed:
    """Return the strings and the integers of at most five digits in a Python text."""
    lexer = _Lexer(text)
    lexer.run()
    return Lexed(tuple(lexer.tokens), tuple(lexer.code))


class _Lexer:
    def __init__(self, text: str) -> None:
        self.tokens: list[PythonToken] = []
        self.code: list[Span] = []
        self._text = text
        self._mark = 0
        self._holes = 0

    def run(self) -> None:
        at = 0
        while atom := _ATOM.search(self._text, at):
            at = self._atom(atom.start(), atom[0])
        self._blank(len(self._text), len(self._text))

    def _atom(self, at: int, char: str) -> int:
        """Take the comment, number or string at an offset; return where it ends."""
        if char == "#":
            end = _end(_COMMENT, self._text, at)
            self._blank(at, end)
            return end
        return self._string(at) if char in "\"'" else self._number(at)

    def _number(self, at: int) -> int:
        number = _NUMBER.match(self._text, at)
        if not number:
            rest = _FRACTION if self._text[at - 1] == "." else _NAME
            return _end(rest, self._text, at)
        if _SMALL.match(number[0]):
            self.tokens.append(PythonToken(at, number.end()))
        return number.end()

    def _string(self, at: int) -> int:
        text = self._text
        before = _PREFIX.search(text, max(self._mark, at - 3), at)
        start = before.start() if before else at
        prefix = text[start:at].lower()
        quote = _QUOTE.match(text, at)
        mark = quote[0] if quote else ""
        begin = at + len(mark)
        if "f" in prefix or "t" in prefix:
            return self._formatted(start, prefix, mark, begin)
        body = _BODY[mark].match(text, begin)
        if not body:
            raise NotPythonError(_OPEN_STRING, start)
        span = Span(begin, body.end() - len(mark))
        self.tokens.append(PythonToken(start, body.end(), prefix, (span,)))
        self._blank(start, body.end())
        return body.end()

    def _formatted(self, start: int, prefix: str, quote: str, at: int) -> int:
        """Take an f-string, what stands in its holes after it."""
        index = len(self.tokens)
        self.tokens.append(PythonToken(start, at))
        texts: list[Span] = []
        begin, blank = at, start
        while True:
            stop = _STOP[quote, "r" in prefix].search(self._text, at)
            if not stop or stop[0] in "\r\n":
                raise NotPythonError(_OPEN_FORMATTED, start)
            at = stop.end()
            if stop[0] in ("{", quote):
                texts.append(Span(begin, stop.start()))
                self._blank(blank, stop.start() if stop[0] == "{" else at)
            if stop[0] == quote:
                self.tokens[index] = PythonToken(start, at, prefix, tuple(texts))
                return at
            if stop[0] == "{":
                begin = blank = at = self._hole(at, quote)

    def _hole(self, at: int, quote: str) -> int:
        """Take what stands in a hole; return the place after its closing brace."""
        begin, depth = at, 0
        self._holes += 1
        if self._holes > MAX_HOLES:
            raise NotPythonError(_TOO_DEEP, at)
        while found := _IN_HOLE.search(self._text, at):
            char, at = found[0], found.end()
            if depth == 0 and char in ":}":
                at = at if char == "}" else self._spec(at, quote)
                self._holes -= 1
                return at
            if char in "()[]{}":
                depth += 1 if char in "([{" else -1
            elif char != ":":
                at = self._atom(found.start(), char)
        raise NotPythonError(_OPEN_FORMATTED, begin)

    def _spec(self, at: int, quote: str) -> int:
        """Take a format specification with its holes; return the place after the closing brace."""
        blank = at
        while stop := _SPEC_STOP[quote].search(self._text, at):
            self._blank(blank, stop.start())
            if stop[0] == "}":
                return stop.end()
            if stop[0] != "{":
                break
            blank = at = self._hole(stop.end(), quote)
        raise NotPythonError(_OPEN_FORMATTED, at)

    def _blank(self, start: int, end: int) -> None:
        """Note that a stretch is no code."""
        self.code.append(Span(self._mark, start))
        self._mark = end


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at
