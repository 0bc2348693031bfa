"""Every form of a YAML scalar to a literal whose pieces stand in the source letter for letter."""

from __future__ import annotations

import re

import pytest

from refactor.model import Literal, Scanned
from refactor.scan import scan
from refactor.scan.yaml.scalars import view_of
from refactor.text.view import View
from refactor.yaml.nodes import Scalar

IP = re.compile(r"\d+\.\d+\.\d+\.\d+")


def read(source: str) -> Scanned:
    return scan("yaml", source, lambda text: bool(IP.search(text)))


def pieces(literal: Literal, source: str) -> list[str]:
    return [source[at : at + length] for _, at, length in literal.view.pieces]


# id, source, text of the one literal, what stands of it in the source
SCALARS = [
    ("plain", "a: 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("plain, no line end", "a: 10.0.0.1", "10.0.0.1", ["10.0.0.1"]),
    ("plain, comment after it", "a: 10.0.0.1 # was 10.9.9.9\n", "10.0.0.1", ["10.0.0.1"]),
    ("plain, hash inside", "a: x#10.0.0.1\n", "x#10.0.0.1", ["x#10.0.0.1"]),
    ("plain, spaces inside", "a: x  y 10.0.0.1\n", "x  y 10.0.0.1", ["x  y 10.0.0.1"]),
    ("plain, colon inside", "a: tcp:10.0.0.1:80\n", "tcp:10.0.0.1:80", ["tcp:10.0.0.1:80"]),
    ("plain, folded", "a: x\n  10.0.0.1\n", "x 10.0.0.1", ["x", "10.0.0.1"]),
    ("plain on the next line", "a:\n  10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("plain with a tab before it", "a:\t10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("plain with a tab after it", "a: 10.0.0.1\t\n", "10.0.0.1", ["10.0.0.1"]),
    ("plain, non-ASCII before", "é: 日本 10.0.0.1\n", "日本 10.0.0.1", ["日本 10.0.0.1"]),
    ("plain, beyond the BMP", "😀: 😀 10.0.0.1\n", "😀 10.0.0.1", ["😀 10.0.0.1"]),
    ("plain document", "10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("single", "a: '10.0.0.1'\n", "10.0.0.1", ["10.0.0.1"]),
    ("single, quote inside", "a: 'x''10.0.0.1'\n", "x'10.0.0.1", ["x", "10.0.0.1"]),
    ("single, quotes at both ends", "a: '''10.0.0.1'''\n", "'10.0.0.1'", ["10.0.0.1"]),
    ("single, backslash is itself", r"a: 'x\n10.0.0.1'", r"x\n10.0.0.1", [r"x\n10.0.0.1"]),
    ("single, folded", "a: 'x \n  10.0.0.1'\n", "x 10.0.0.1", ["x", "10.0.0.1"]),
    ("single, blank at its ends", "a: ' 10.0.0.1 '\n", " 10.0.0.1 ", [" 10.0.0.1 "]),
    ("double", 'a: "10.0.0.1"\n', "10.0.0.1", ["10.0.0.1"]),
    ("double, escaped quote", r'a: "\"10.0.0.1\""', '"10.0.0.1"', ["10.0.0.1"]),
    ("double, escaped tab", r'a: "x\t10.0.0.1"', "x\t10.0.0.1", ["x", "10.0.0.1"]),
    ("double, escaped slash", r'a: "http:\/\/10.0.0.1"', "http://10.0.0.1", ["http:", "10.0.0.1"]),
    ("double, escaped backslash", r'a: "\\10.0.0.1"', "\\10.0.0.1", ["10.0.0.1"]),
    ("double, hex", r'a: "\x4110.0.0.1"', "A10.0.0.1", ["10.0.0.1"]),
    ("double, hex in the address", r'a: "10.0.0\x2e1"', "10.0.0.1", ["10.0.0", "1"]),
    ("double, four digits", r'a: "\u00e9 10.0.0.1"', "é 10.0.0.1", [" 10.0.0.1"]),
    ("double, eight digits", r'a: "\U0001F600 10.0.0.1"', "😀 10.0.0.1", [" 10.0.0.1"]),
    ("double, JSON's surrogates", r'{"a": "\ud83d\ude00 10.0.0.1"}', None, [" 10.0.0.1"]),
    ("double, the rarest escapes", r'a: "\0\e\N\_\L\P\ 10.0.0.1"', None, ["10.0.0.1"]),
    ("double, folded", 'a: "x\n  10.0.0.1"\n', "x 10.0.0.1", ["x", "10.0.0.1"]),
    ("double, escaped fold", 'a: "10.0.\\\n    0.1"\n', "10.0.0.1", ["10.0.", "0.1"]),
    ("double, blank before the fold", 'a: "x \\\n  10.0.0.1"\n', "x 10.0.0.1", ["x ", "10.0.0.1"]),
    ("double, folded with CRLF", 'a: "x\r\n  10.0.0.1"\r\n', "x 10.0.0.1", ["x", "10.0.0.1"]),
    ("double, a trailing comment", 'a: "10.0.0.1" # "10.0.0.2"\n', "10.0.0.1", ["10.0.0.1"]),
    ("literal, one line", "a: |\n  10.0.0.1\n", "10.0.0.1\n", ["10.0.0.1"]),
    ("literal, stripped", "a: |-\n  10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("literal, kept", "a: |+\n  10.0.0.1\n\n\n", "10.0.0.1\n\n\n", ["10.0.0.1"]),
    ("literal, header comment", "a: |- # 10.9.9.9\n  10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("literal, indicator", "a: |1-\n  10.0.0.1\n", " 10.0.0.1", [" 10.0.0.1"]),
    ("literal, indicator after chomping", "a: |-1\n  10.0.0.1\n", " 10.0.0.1", [" 10.0.0.1"]),
    ("literal, blank lines first", "a: |-\n\n\n  10.0.0.1\n", "\n\n10.0.0.1", ["10.0.0.1"]),
    ("literal, CRLF", "a: |\r\n  10.0.0.1\r\n", "10.0.0.1\n", ["10.0.0.1"]),
    ("literal, deep in", "- - a: |-\n      10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("literal, at the root", "--- |\n10.0.0.1\n", None, ["10.0.0.1"]),
    ("literal, a comment behind", "a: |\n  10.0.0.1\n# 10.9.9.9\n", "10.0.0.1\n", ["10.0.0.1"]),
    ("folded", "a: >-\n  x\n  10.0.0.1\n", "x 10.0.0.1", ["x", "10.0.0.1"]),
    ("folded, kept", "a: >+\n  x\n  10.0.0.1\n\n", "x 10.0.0.1\n\n", ["x", "10.0.0.1"]),
    ("folded, CRLF", "a: >-\r\n  x\r\n  10.0.0.1\r\n", "x 10.0.0.1", ["x", "10.0.0.1"]),
    ("anchor", "a: &h 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("tag", "a: !!str 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("verbatim tag", "a: !<tag:yaml.org,2002:str> 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("a program's own tag", "a: !vault '10.0.0.1'\n", "10.0.0.1", ["10.0.0.1"]),
    ("tag that would construct", "a: !!python/object:os.x 10.0.0.1", "10.0.0.1", ["10.0.0.1"]),
    ("anchor and tag", "a: &h !!str '10.0.0.1'\n", "10.0.0.1", ["10.0.0.1"]),
    ("tag and anchor", 'a: !!str &h "10.0.0.1"\n', "10.0.0.1", ["10.0.0.1"]),
    ("tag, comment, scalar", "a: !!str # 10.9.9.9\n  10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("anchored block", "a: &h |-\n  10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("anchor that is an address", "a: &10.9.9.9 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("flow list", "a: [10.0.0.1]\n", "10.0.0.1", ["10.0.0.1"]),
    ("flow list of URLs", "a: [http://10.0.0.1:80/]\n", "http://10.0.0.1:80/", None),
    ("flow mapping", "{a: 10.0.0.1}\n", "10.0.0.1", ["10.0.0.1"]),
    ("flow, anchored in a list", "[&h 10.0.0.1, b]\n", "10.0.0.1", ["10.0.0.1"]),
    ("flow over lines", "a: [x,\n  10.0.0.1\n  ]\n", "10.0.0.1", ["10.0.0.1"]),
    ("JSON, no blanks", '{"a":"10.0.0.1","b":[]}', "10.0.0.1", ["10.0.0.1"]),
    ("JSON, indented by tabs", '{\n\t"a": "10.0.0.1"\n}', "10.0.0.1", ["10.0.0.1"]),
    ("sequence under its key, not indented", "a:\n- 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("explicit key and value", "? a\n: 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("directive", "%YAML 1.2\n---\na: 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("tag directive", "%TAG ! tag:x,1:\n---\na: !b 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("on the marker's line", "--- 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("empty documents around it", "---\n---\n10.0.0.1\n...\n---\n", "10.0.0.1", ["10.0.0.1"]),
    ("no marker after an end", "a: b\n...\nc: 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("CRLF", "a: b\r\nc: 10.0.0.1\r\n", "10.0.0.1", ["10.0.0.1"]),
    ("CR", "a: b\rc: 10.0.0.1\r", "10.0.0.1", ["10.0.0.1"]),
    ("duplicate key (row 86)", "a: x\na: 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("anchor defined twice", "a: &h x\nb: &h 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("second byte order mark", "\ufeffa: 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    (
        "byte order mark of a second file",
        "a: b\n\ufeff---\nc: 10.0.0.1\n",
        "10.0.0.1",
        ["10.0.0.1"],
    ),
    ("byte order mark after CRLF", "a: b\r\n\ufeffc: 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("byte order mark in the text", "a: x\ufeff10.0.0.1\n", "x\ufeff10.0.0.1", None),
    ("form feed on its own line", "a: b\n\f\nc: 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("form feed in a comment", "# x\fy\na: 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("stray byte in a comment", "# caf\udce9\na: 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
    ("stray byte in the text", "a: \udce9 10.0.0.1\n", "\ufffd 10.0.0.1", [" 10.0.0.1"]),
    ("control character in the text", 'a: "\x7f10.0.0.1"\n', "\ufffd10.0.0.1", ["10.0.0.1"]),
    ("line separator in the text", 'a: "\u2028 10.0.0.1"', "\ufffd 10.0.0.1", [" 10.0.0.1"]),
    ("next line in a block", "a: |-\n  \x85 10.0.0.1\n", "\ufffd 10.0.0.1", [" 10.0.0.1"]),
    ("line separator in a comment", "# x\u2028y\na: 10.0.0.1\n", "10.0.0.1", ["10.0.0.1"]),
]


@pytest.mark.parametrize(
    ("source", "text", "held"), [row[1:] for row in SCALARS], ids=[row[0] for row in SCALARS]
)
def test_scalar(source: str, text: str | None, held: list[str] | None) -> None:
    scanned = read(source)

    [literal] = scanned.literals
    assert (scanned.unparsable, literal.kind) == ("", "text")
    assert "raw" not in literal.tags
    assert text is None or literal.view.text == text
    assert pieces(literal, source) == ([text] if held is None else held)


NOTHING = [
    ("comment (row 73)", "# 10.0.0.1\na: b # 10.0.0.1\n"),
    ("comment in a list", "- a\n# - 10.0.0.1\n"),
    ("comment in a flow list", "[a, # 10.0.0.1\n b]\n"),
    ("comment only", "# 10.0.0.1"),
    ("alias", "a: *10.0.0.1\n"),
    ("anchor's name", "a: &10.0.0.1 b\n"),
    ("tag's name", "a: !10.0.0.1 b\n"),
    ("tag directive", "%TAG ! tag:10.0.0.1,1:\n---\na: !b c\n"),
    ("block scalar's header", "a: | # 10.0.0.1\n  b\n"),
    ("comment in an embedded file", "a.sh: |\n  # 10.0.0.1\n  true\n"),
    ("too long for a port", "a: 123456\n"),
    ("not whole numbers", "[1.5, -1, +1, 0x1F, 1_000, 8080/tcp, '80 ', 1e3]\n"),
    ("a number as a key", "8080: x\n"),
    ("assignment outside a list", "a: X=8080\n"),
    ("empty", ""),
    ("empty documents", "---\n---\n...\n"),
    ("nothing in it", "a: [b, {c: d}]\n"),
]


@pytest.mark.parametrize("source", [row[1] for row in NOTHING], ids=[row[0] for row in NOTHING])
def test_no_literal(source: str) -> None:
    assert read(source) == Scanned(())


PORTS = [
    ("plain", "port: 8080\n", "number"),
    ("one digit", "port: 1\n", "number"),
    ("five digits", "port: 65535\n", "number"),
    ("single-quoted", "port: '8080'\n", "text"),
    ("double-quoted", 'port: "8080"\n', "text"),
    ("flow", "{port: 8080}\n", "number"),
    ("JSON", '{"port":8080}', "number"),
    ("anchored", "port: &p 8080\n", "number"),
    ("block", "port: |-\n  8080\n", "text"),
]


@pytest.mark.parametrize(("source", "kind"), [row[1:] for row in PORTS], ids=[r[0] for r in PORTS])
def test_port(source: str, kind: str) -> None:
    [literal] = read(source).literals

    assert literal.kind == kind
    assert pieces(literal, source) == [literal.view.text]
    assert re.fullmatch(r"\d{1,5}", literal.view.text)


BROKEN = [
    # id, source, line of the complaint
    ("tab as indentation (row 86)", "a:\n\tb: 10.0.0.1\n", 2),
    ("two colons", "a: b: 10.0.0.1\n", 1),
    ("unclosed quote", "a: b\nc: '10.0.0.1\n", 3),
    ("unclosed list", "a: [10.0.0.1\nb: c\n", 2),
    ("template", "{{- if x }}\na: 10.0.0.1\n{{- end }}\n", 1),
    ("Jinja", "{% if x %}\na: 10.0.0.1\n{% endif %}\n", 1),
    ("reserved indicator", "a: @x\nb: 10.0.0.1\n", 1),
    ("bad escape", 'a: "\\q"\nb: 10.0.0.1\n', 1),
    ("incompatible version", "%YAML 2.0\n---\na: 10.0.0.1\n", 1),
]


@pytest.mark.parametrize(
    ("source", "line"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN]
)
def test_broken_file_is_read_as_text(source: str, line: int) -> None:
    scanned = read(source)

    [literal] = scanned.literals
    [found] = IP.finditer(literal.view.text)
    span = literal.view.locate(*found.span())
    assert scanned.unparsable
    assert "\n" not in scanned.unparsable
    assert scanned.line == line
    assert span is not None
    assert span.of(source) == "10.0.0.1"


def test_one_broken_document_does_not_lose_the_others() -> None:
    source = (
        "a: {host: 10.0.0.1}\n---\nb: [10.0.0.2\n---\nc: {host: 10.0.0.3}\n--- # next\n"
        "d: 'x\n---\ne: [http://10.0.0.5]\n"
    )

    scanned = read(source)

    assert (scanned.line, bool(scanned.unparsable)) == (4, True)
    paths = [(literal.path, pieces(literal, source)) for literal in scanned.literals]
    assert paths == [
        (("a", "host"), ["10.0.0.1"]),
        (("b",), ["[10.0.0.2"]),
        (("c", "host"), ["10.0.0.3"]),
        (("e", "0"), ["http://10.0.0.5"]),
    ]
    assert len({literal.scope for literal in scanned.literals}) == 4


def test_a_view_that_is_not_the_value_gives_way_to_the_source() -> None:
    source = 'a: &h "x 10.0.0.1"\n'

    view, exact = view_of(source, Scalar("y 10.0.0.1", 3, len(source) - 1, '"'))

    assert (view, exact) == (View.plain('"x 10.0.0.1"', 6), False)


HOSTILE = [
    ("flow lists", "[" * 5000 + "10.0.0.1"),
    ("flow mappings", "{a: " * 5000 + "10.0.0.1"),
    ("block lists", "- " * 5000 + "10.0.0.1"),
    ("explicit keys", "? " * 5000 + "10.0.0.1"),
]


@pytest.mark.parametrize("source", [row[1] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_hostile_nesting_is_read_as_text(source: str) -> None:
    scanned = read(source)

    assert scanned.unparsable == "nested deeper than 100 collections"
    assert [IP.findall(literal.view.text) for literal in scanned.literals] == [["10.0.0.1"]]


def test_alias_bomb_is_read_once() -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    source = "a0: &a0 [10.0.0.1]\n" + "\n".join(levels)

    assert [literal.path for literal in read(source).literals] == [("a0", "0")]


def test_alias_to_itself() -> None:
    (literal,) = read("a: &a [*a, 10.0.0.1]\n").literals

    assert (literal.path, literal.view.text) == (("a", "1"), "10.0.0.1")
    assert literal.view.locate(0, 8) == (11, 19)
