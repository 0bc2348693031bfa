"""A Python string as the program sees it, with the way back to the source.

Source: the Python language reference, "String and Bytes literals" and "Formatted string literals".
"""

from __future__ import annotations

import re
import unicodedata

from refactor.scan.python.lexer import PythonToken
from refactor.text.view import HOLE, Span, View, ViewBuilder

_ESCAPE = re.compile(
    r"\\(?:(?P<fold>\r\n?|\n)|(?P<octal>[0-7]{1,3})|x(?P<byte>[0-9a-fA-F]{2})"
    r"|(?P<plain>[\\'\"abfnrtv]))|(?P<end>\r\n?)"
)
_WIDE = r"|\\(?:u(?P<four>[0-9a-fA-F]{4})|U(?P<eight>[0-9a-fA-F]{8})|N\{(?P<name>[^{}]+)\})"
_TEXT_ESCAPE = re.compile(_ESCAPE.pattern + _WIDE)
_BRACES = r"|(?P<brace>\{\{|\}\})"
_FORMATTED_ESCAPE = re.compile(_TEXT_ESCAPE.pattern + _BRACES)
_RAW = re.compile(r"(?P<end>\r\n?)")
_FORMATTED_RAW = re.compile(_RAW.pattern + _BRACES)
_PLAIN = dict(zip("\\'\"abfnrtv", "\\'\"\a\b\f\n\r\t\v", strict=True))
_UNKNOWN = "\ufffd"


def view_of(text: str, token: PythonToken) -> View:
    r"""Return what a token says: a string's text, an integer's digits.

    Line ends become `\n`, as they do for the compiler. An escape that Python does not know stands
    for itself. What an f-string's hole gives is a `HOLE`.
    """
    if token.is_number:
        return View.plain(text[token.start : token.end], token.start)
    escape = _escapes(token.prefix)
    built = ViewBuilder()
    for index, span in enumerate(token.texts):
        if index:
            built.put(HOLE)
        _decode(text, span, escape, built)
    return built.view()


def _escapes(prefix: str) -> re.Pattern[str]:
    formatted = "f" in prefix or "t" in prefix
    if "r" in prefix:
        return _FORMATTED_RAW if formatted else _RAW
    if "b" in prefix:
        return _ESCAPE
    return _FORMATTED_ESCAPE if formatted else _TEXT_ESCAPE


def _decode(text: str, span: Span, escape: re.Pattern[str], built: ViewBuilder) -> None:
    cursor = span.start
    for found in escape.finditer(text, *span):
        built.keep(text[cursor : found.start()], cursor)
        cursor = found.end()
        if found[0] == "\r\n":
            built.keep("\n", cursor - 1)
        else:
            built.put(_decoded(found))
    built.keep(text[cursor : span.end], cursor)


def _decoded(found: re.Match[str]) -> str:
    kind, value = found.lastgroup, found[found.lastgroup or 0]
    if kind in ("byte", "four", "eight"):
        code = int(value, 16)
        return chr(code) if code <= 0x10FFFF else _UNKNOWN
    if kind == "octal":
        return chr(int(value, 8))
    if kind == "name":
        return _named(value)
    if kind == "plain":
        return _PLAIN[value]
    return {"fold": "", "end": "\n"}.get(kind or "", value[:1])


def _named(name: str) -> str:
    try:
        return unicodedata.lookup(name)
    except (KeyError, UnicodeEncodeError):  # bytes that are no text stand in it as surrogates
        return _UNKNOWN
