"""Strings that the source does not hold letter for letter, and files in any encoding."""

from __future__ import annotations

import pytest

from refactor.text.source import Source
from refactor.text.view import HOLE
from tests.test_scan_python import check_pieces, read

ESCAPED = {
    "hex": (r"'\x31\x30.0.0.1'", "10.0.0.1", [".0.0.1"]),
    "hex in bytes": (r"b'10.0.0\x2e1 \xff'", "10.0.0.1 ÿ", ["10.0.0", "1 "]),
    "octal": (r"'10.0.0\0561'", "10.0.0.1", ["10.0.0", "1"]),
    "four digits": (r"'\u0031\u0030.0.0.1'", "10.0.0.1", [".0.0.1"]),
    "eight digits": (r"'\U0001F600 10.0.0.1'", "😀 10.0.0.1", [" 10.0.0.1"]),
    "no such character": (r"'\U00110000 10.0.0.1'", "\ufffd 10.0.0.1", [" 10.0.0.1"]),
    "by name": (r"'\N{FULL STOP}10.0.0.1'", ".10.0.0.1", ["10.0.0.1"]),
    "no such name": (r"'\N{NO SUCH}10.0.0.1'", "\ufffd10.0.0.1", ["10.0.0.1"]),
    "a name that is no text": ("'\\N{\udcff}10.0.0.1'", "\ufffd10.0.0.1", ["10.0.0.1"]),
    "by name in bytes is itself": (r"b'\N{DOT}10.0.0.1'", r"\N{DOT}10.0.0.1", [r"\N{DOT}10.0.0.1"]),
    "unknown is itself": (r"'\d10.0.0.1'", r"\d10.0.0.1", [r"\d10.0.0.1"]),
    "one letter": (r"'\t\'\\10.0.0.1'", "\t'\\10.0.0.1", ["10.0.0.1"]),
    "raw": (r"r'\x31\'10.0.0.1'", r"\x31\'10.0.0.1", [r"\x31\'10.0.0.1"]),
    "folded line": ("'10.0.\\\n0.1'", "10.0.0.1", ["10.0.", "0.1"]),
    "folded line, CRLF": ("'10.0.\\\r\n0.1'", "10.0.0.1", ["10.0.", "0.1"]),
    "braces": ("f'{{10.0.0.1}}{x}'", "{10.0.0.1}" + HOLE, ["10.0.0.1"]),
    "raw braces": ("fr'{{10.0.0.1}}'", "{10.0.0.1}", ["10.0.0.1"]),
    "implicit": ("'10.0.' '0.1'", "10.0.0.1", ["10.0.", "0.1"]),
    "CRLF": ("'''a\r\n10.0.0.1'''", None, ["10.0.0.1"]),
}  # fmt: skip


@pytest.mark.parametrize(("string", "text", "pieces"), ESCAPED.values(), ids=ESCAPED)
def test_escapes_have_no_place(string: str, text: str | None, pieces: list[str]) -> None:
    source = f"é = {string}"

    (literal,) = read(source).literals

    assert text is None or literal.view.text == text
    assert [source[at : at + length] for _, at, length in literal.view.pieces] == pieces
    check_pieces(source, (literal,))


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("# coding: latin-1\nH = 'é 10.0.0.1'".encode("latin-1"), "iso8859-1"),
        ("#!/x\n# -*- coding: cp1252 -*-\nH = '€ 10.0.0.1'".encode("cp1252"), "cp1252"),
        (b"\xef\xbb\xbfH = '\xc3\xa9 10.0.0.1'", "utf-8"),
        (b"H = '\xff 10.0.0.1'", "utf-8"),
    ],
    ids=["PEP 263", "PEP 263, second line", "byte order mark", "undecodable"],
)
def test_encodings(data: bytes, encoding: str) -> None:
    source = Source("a.py", data)

    (literal,) = read(source.text).literals
    span = literal.view.locate(2, 10)

    assert source.encoding == encoding
    assert span is not None
    assert span.of(source.text) == "10.0.0.1"
    assert source.encode(source.text) == data
