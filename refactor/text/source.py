"""Bytes to text and back, and the one place where text is spliced.

Line ends and byte order marks stay as they are; bytes that are no text in the file's encoding
survive as surrogates, so that decoding and encoding again gives the very bytes.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from functools import cached_property

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
BOMS_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""With which texts begin that no matcher of ASCII reads; those of UTF-32 begin alike."""

# PEP 263: a cookie counts in the first two lines only, and the first must be blank or a comment.
_COOKIE = re.compile(rb"\A(?:[ \t\f]*(?:#[^\r\n]*)?\r?\n)?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_LINE_END = re.compile(r"\r\n|\r|\n")


class Source:
    """One file as text.

    Attributes:
        encoding: the codec that gives the bytes back.
        bom: the byte order mark's bytes, if any.
        digest: SHA-256 of the whole file's bytes, in hexadecimal.
        faithful: False where bytes that are no text in `encoding` stand in as surrogates.
    """

    def __init__(self, path: str, data: bytes) -> None:
        import hashlib

        self.path = path
        self.bom, self.encoding = _sniff(path, data)
        body = data[len(self.bom) :]
        self.text, self.encoding, self.faithful = _decode(body, self.encoding)
        self.digest = hashlib.sha256(data).hexdigest()

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(end.end() for end in _LINE_END.finditer(self.text))]

    def line(self, offset: int) -> int:
        """Return the number, from 1, of the line that holds this code point."""
        return bisect_right(self._starts, offset)

    def column(self, offset: int) -> int:
        """Return the place, from 1, of this code point in its line, in code points."""
        return offset - self._starts[self.line(offset) - 1] + 1

    def line_text(self, offset: int) -> str:
        """Return the line that holds this code point, without its end."""
        line = self.line(offset)
        end = self._starts[line] if line < len(self._starts) else len(self.text)
        return self.text[self._starts[line - 1] : end].rstrip("\r\n")

    def encode(self, text: str) -> bytes:
        """Return the bytes of `text` in this file's encoding, its byte order mark first."""
        return self.bom + text.encode(self.encoding, _errors(self.encoding))


def splice(text: str, replacements: list[tuple[int, int, str]]) -> str:
    """Return `text` with each (start, end, new) stretch replaced.

    Raises:
        ValueError: two stretches overlap; the callers settle conflicts before they come here.
    """
    parts: list[str] = []
    cursor = 0
    for start, end, new in sorted(replacements):
        if start < cursor:
            message = f"replacements overlap at {start}"
            raise ValueError(message)
        parts += (text[cursor:start], new)
        cursor = end
    parts.append(text[cursor:])
    return "".join(parts)


def is_binary(data: bytes) -> bool:
    """Say whether this is no text: a NUL byte early on, and no UTF-16 or UTF-32 mark."""
    return b"\0" in data[:8192] and not data.startswith(tuple(mark for mark, _ in _BOMS[1:]))


def _sniff(path: str, data: bytes) -> tuple[bytes, str]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return mark, encoding
    if path.endswith((".py", ".pyw")) and (cookie := _COOKIE.match(data[:400])):
        try:
            return b"", codecs.lookup(cookie[1].decode("ascii")).name
        except (LookupError, UnicodeDecodeError):
            return b"", "utf-8"
    return b"", "utf-8"


def _decode(body: bytes, encoding: str) -> tuple[str, str, bool]:
    """Decode so that encoding gives the same bytes, by surrogates where nothing else does."""
    try:
        text = body.decode(encoding)
        if text.encode(encoding) == body:
            return text, encoding, True
    except (ValueError, LookupError):
        pass
    if encoding == "utf-8":
        return body.decode("utf-8", "surrogateescape"), "utf-8", False
    return _decode(body, "utf-8")[0], "utf-8", False


def _errors(encoding: str) -> str:
    return "surrogateescape" if encoding == "utf-8" else "strict"
