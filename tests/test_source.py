"""Bytes to text and back, whatever the bytes."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.text.source import Source, is_binary, splice

ENCODINGS = [
    ("a.yaml", "host: é\r\n".encode(), "utf-8", "host: é\r\n", True),
    ("a.yaml", codecs.BOM_UTF8 + b"a: 1", "utf-8", "a: 1", True),
    ("a.yaml", codecs.BOM_UTF16_LE + "a: é".encode("utf-16-le"), "utf-16-le", "a: é", True),
    ("a.yaml", codecs.BOM_UTF16_BE + "a: é".encode("utf-16-be"), "utf-16-be", "a: é", True),
    ("a.py", b"# -*- coding: latin-1 -*-\nx = '\xe9'", "iso8859-1", None, True),
    ("a.py", b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nx = '\x80'", "cp1252", None, True),
    ("a.py", b"x = 1\n\n# coding: latin-1\n'\xe9'", "utf-8", None, False),
    ("a.py", b"# coding: no-such-codec\nx = 1", "utf-8", None, True),
    ("a.py", b"# coding: rot13\nx = 1", "utf-8", None, False),
    ("a.yaml", b"# coding: latin-1\nx: \xe9", "utf-8", "# coding: latin-1\nx: \udce9", False),
    ("a.yaml", codecs.BOM_UTF16_LE + b"\x00", "utf-8", None, False),
]  # fmt: skip


@pytest.mark.parametrize(("path", "data", "encoding", "text", "faithful"), ENCODINGS)
def test_decoding(path: str, data: bytes, encoding: str, text: str | None, faithful: bool) -> None:
    source = Source(path, data)

    assert (source.encoding, source.faithful) == (encoding, faithful)
    assert text is None or source.text == text
    assert source.encode(source.text) == data


@given(st.sampled_from(["a.yaml", "a.py"]), st.binary(max_size=200))
def test_any_bytes_come_back(path: str, data: bytes) -> None:
    source = Source(path, data)

    assert source.encode(source.text) == data


@given(st.sampled_from([b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE]), st.text())
def test_text_in_any_mark_comes_back(mark: bytes, text: str) -> None:
    encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-8"
    data = mark + text.encode(encoding, "surrogatepass")

    assert Source("x", data).encode(Source("x", data).text) == data


@pytest.mark.parametrize(
    ("text", "replacements", "expected"),
    [
        ("abc", [], "abc"),
        ("abc", [(1, 2, "XX")], "aXXc"),
        ("abc", [(2, 3, "Z"), (0, 1, "")], "bZ"),
        ("abc", [(1, 1, "-")], "a-bc"),
    ],
)
def test_splice(text: str, replacements: list[tuple[int, int, str]], expected: str) -> None:
    assert splice(text, replacements) == expected


def test_overlapping_replacements_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        splice("abcdef", [(0, 3, "x"), (2, 4, "y")])


@pytest.mark.parametrize(
    ("offset", "line", "column", "text"),
    [(0, 1, 1, "a"), (2, 2, 1, "bc"), (4, 2, 3, "bc"), (6, 3, 1, "d"), (8, 4, 1, "")],
)
def test_places(offset: int, line: int, column: int, text: str) -> None:
    source = Source("x", b"a\nbc\r\nd\r")

    assert (source.line(offset), source.column(offset)) == (line, column)
    assert source.line_text(offset) == text


@pytest.mark.parametrize(
    ("data", "binary"),
    [(b"a: 1", False), (b"\x7fELF\0\0", True), (codecs.BOM_UTF16_LE + b"a\0", False), (b"", False)],
)
def test_binary(data: bytes, binary: bool) -> None:
    assert is_binary(data) is binary
