"""The text scanner's lines: which are joined, which are siblings, and what they stand under."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.model import Literal
from refactor.scan.text import scanner as text

IP = re.compile(r"\d+\.\d+\.\d+\.\d+")


def wanted(value: str) -> bool:
    return bool(IP.search(value))


def read(source: str) -> tuple[Literal, ...]:
    return text.scan(source, wanted).literals


def pieces(literal: Literal, source: str) -> list[str]:
    return [source[at : at + length] for _, at, length in literal.view.pieces]


# id, source, texts of the literals, what of the first stands in the source
JOINED = [
    ("one line", "a b 10.0.0.1\n", ["a b 10.0.0.1"], ["a b 10.0.0.1"]),
    ("two", "a b \\\n  10.0.0.1\n", ["a b   10.0.0.1"], ["a b ", "  10.0.0.1"]),
    ("CRLF", "a b \\\r\n  10.0.0.1\r\n", ["a b   10.0.0.1"], ["a b ", "  10.0.0.1"]),
    ("three", "a \\\nb 10.0.0.1 \\\nc", ["a b 10.0.0.1 c"], ["a ", "b 10.0.0.1 ", "c"]),
    ("within an address", "a 10.0.\\\n0.1 10.0.0.2", ["a 10.0.0.1 10.0.0.2"], ["a 10.0.", "0.1 10.0.0.2"]),
    ("value over lines", "s=10.0.0.1:80,\\\n10.0.0.2:80", ["10.0.0.1:80,10.0.0.2:80"], ["10.0.0.1:80,", "10.0.0.2:80"]),
    ("comment between", "a b \\\n# 10.9.9.9\n 10.0.0.1", ["a b  10.0.0.1"], ["a b ", " 10.0.0.1"]),
    ("at the end", "a b 10.0.0.1 \\", ["a b 10.0.0.1"], ["a b 10.0.0.1"]),
    ("empty line ends it", "a 10.0.0.1 b\\\n\n10.0.0.2", ["a 10.0.0.1 b", "10.0.0.2"], ["a 10.0.0.1 b"]),
    ("escaped backslash", "a 10.0.0.1 \\\\\nb 10.0.0.2 c", ["a 10.0.0.1 \\\\", "b 10.0.0.2 c"], ["a 10.0.0.1 \\\\"]),
    ("backslash in a comment", "# a \\\nping 10.0.0.1 x", ["ping 10.0.0.1 x"], ["ping 10.0.0.1 x"]),
    ("backslash and a blank", "a 10.0.0.1 \\ \nb", ["a 10.0.0.1 \\"], ["a 10.0.0.1 \\"]),
    ("comment within", "a /* x */ 10.0.0.1 y", ["a   10.0.0.1 y"], ["a ", " 10.0.0.1 y"]),
    ("comment behind lines", "a\n/* x\n*/ ping 10.0.0.1 y", ["ping 10.0.0.1 y"], ["ping 10.0.0.1 y"]),
    ("old Mac", "# 10.9.9.9\rping 10.0.0.1 x\rb", ["ping 10.0.0.1 x"], ["ping 10.0.0.1 x"]),
    ("other line ends are none", "a 10.0.0.1\x0b\u2028b", ["a 10.0.0.1\x0b\u2028b"], ["a 10.0.0.1\x0b\u2028b"]),
    ("no ASCII", "größe 日本 10.0.0.1 😀", ["größe 日本 10.0.0.1 😀"], ["größe 日本 10.0.0.1 😀"]),
    ("stray byte", "a \udce9 10.0.0.1", ["a \udce9 10.0.0.1"], ["a \udce9 10.0.0.1"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "texts", "held"), [row[1:] for row in JOINED], ids=[row[0] for row in JOINED]
)
def test_logical_lines(source: str, texts: list[str], held: list[str]) -> None:
    found = read(source)

    assert [literal.view.text for literal in found] == texts
    assert pieces(found[0], source) == held


# id, source, paths of the literals; siblings have the same letter
PLACES = [
    ("one file", "HOST=10.0.0.1\nPORT=80", "aa", ["HOST", "PORT"]),
    ("empty lines do not part", "HOST=10.0.0.1\n\n\nPORT=80", "aa", ["HOST", "PORT"]),
    (
        "INI",
        "[redis]\nhost = 10.0.0.1\nport = 1\n[db]\nhost = 10.0.0.2\nport = 2",
        "aabb",
        ["redis/host", "redis/port", "db/host", "db/port"],
    ),
    ("section of Git", '[remote "o"]\n\turl = 10.0.0.1', "a", ["remote/o/url"]),
    ("table of TOML", "[a.b]\nhost = '10.0.0.1'", "a", ["a/b/host"]),
    ("tables of TOML", "[[a]]\nh = '10.0.0.1'\n[[a]]\nh = '10.0.0.2'", "ab", ["a/h", "a/h"]),
    ("section with a comment", "[a] # x\nh=10.0.0.1", "a", ["a/h"]),
    ("test of bash is no section", "[[ x ]]\n[[ -f x ]]\n[ $a ]\nh=10.0.0.1", "a", ["x/h"]),
    ("list is no section", '["a", "b"]\nh=10.0.0.1', "a", ["h"]),
    ("IPv6 is no section", "[fd00::1]\nh=10.0.0.1", "a", ["h"]),
    (
        "blocks",
        "upstream a {\n  server 10.0.0.1;\n}\nupstream b {\n  server 10.0.0.2;\n}",
        "ab",
        ["upstream/server", "upstream/server"],
    ),
    (
        "HCL",
        "redis {\n  host = '10.0.0.1'\n}\ndb {\n  port = 80\n}",
        "ab",
        ["redis/host", "db/port"],
    ),
    (
        "JSON",
        '{\n  "db": {\n    "host": "10.0.0.1",\n    "port": 80,\n  },\n  "port": 81\n',
        "aab",
        ["db/host", "db/port", "port"],
    ),
    ("YAML", "a:\n  host: 10.0.0.1\nb:\n  port: 80", "ab", ["a/host", "b/port"]),
    ("deeper and back", "a:\n  b:\n    c: 10.0.0.1\n  d: 10.0.0.2", "ab", ["a/b/c", "a/d"]),
    ("code", "const db = {\n  host: '10.0.0.1',\n  port: 80\n}", "aa", ["db/host", "db/port"]),
    (
        "items",
        "l:\n- host: 10.0.0.1\n  port: 80\n- host: 10.0.0.2\n  port: 81",
        "aabb",
        ["l/host", "l/port", "l/host", "l/port"],
    ),
    (
        "items with a name",
        "env:\n- name: DB_HOST\n  value: 10.0.0.1\n- name: DB_PORT\n  value: '80'\nport: 81",
        "aab",
        ["env/DB_HOST", "env/DB_PORT", "port"],
    ),
    (
        "named, but not the line before",
        "env:\n- name: A\n  x: y\n  value: 10.0.0.1",
        "a",
        ["env/value"],
    ),
    ("hosts of a list", "nameservers:\n- 10.0.0.1\n- 10.0.0.2", "ab", ["nameservers", "nameservers"]),
    ("list of TOML", "hosts = [\n  '10.0.0.1',\n  '10.0.0.2',\n]", "aa", ["hosts", "hosts"]),
    (
        "brackets of one line",
        '[{"host": "10.0.0.1", "port": 1}, {"host": "10.0.0.2", "port": 2}]',
        "aabb",
        ["host", "port", "host", "port"],
    ),
    ("bracket in a bracket", '{"a": {"host": "10.0.0.1"}, "port": 1}', "ab", ["host", "port"]),
    (
        "commands",
        "docker run -e HOST=10.0.0.1 -e PORT=1 a\ndocker run -e HOST=10.0.0.2 -e PORT=2 b",
        "aabb",
        ["HOST", "PORT", "HOST", "PORT"],
    ),
    ("lines of ENV", "ENV HOST=10.0.0.1\nENV PORT=80", "aa", ["HOST", "PORT"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "siblings", "paths"), [row[1:] for row in PLACES], ids=[row[0] for row in PLACES]
)
def test_places(source: str, siblings: str, paths: list[str]) -> None:
    found = read(source)

    letters: dict[int, str] = {}
    for literal in found:
        letters.setdefault(literal.scope, "abcdef"[len(letters)])
    assert ["/".join(literal.path) for literal in found] == paths
    assert "".join(letters[literal.scope] for literal in found) == siblings


def test_an_item_goes_under_the_name_of_its_list() -> None:
    [first, second] = read("nameservers:\n- 10.0.0.1\n- x: y\n  z: 10.0.0.2")

    assert (first.key, second.key) == ("nameservers", "z")


def test_a_path_tells_of_so_many_levels() -> None:
    source = (
        "".join(" " * depth + f"k{depth}:\n" for depth in range(200)) + " " * 200 + "h: 10.0.0.1"
    )

    [literal] = read(source)

    assert literal.path[0] == "k169"
    assert literal.path[-2:] == ("k199", "h")


LONG = [
    ("pairs", '{"host": "10.0.0.1", "port": 80}, ', 20_000),
    ("joined lines", "A=10.0.0.1 B=2 \\\n", 20_000),
    ("openers of comments", " /* <!-- {# ", 50_000),
    ("quotes that do not close", "a='b \\' ", 50_000),
    ("blanks", " ", 1_000_000),
    ("brackets", "[{(", 300_000),
    ("words", "a ", 500_000),
    ("marks of comments", " #fff //1 ;", 50_000),
]


@pytest.mark.parametrize(("part", "times"), [row[1:] for row in LONG], ids=[row[0] for row in LONG])
def test_one_long_line_loses_nothing(part: str, times: int) -> None:
    """Work that grows with the square of a line would never end here."""
    found = read("x" + part * times + "10.0.0.1")

    assert IP.search(found[-1].view.text)


FRAGMENTS = [
    "10.0.0.1", "80", "HOST", "port", "=", ":", " = ", ": ", '"', "'", "`", "\\", "\n", "\r\n",
    "\r", " ", "\t", "  ", "{", "}", "[", "]", "(", ")", "#", ";", "//", "/*", "*/", "<!--", "-->",
    "{#", "#}", "- ", "-e ", "ENV ", "export ", "${A:-", "name: X", "value: ", "é", "😀", "\udce9",
    "\x00", "\u2028", ",", "FROM ", "$x", "-Dk=", "[a]", "--h=", "==", "\\\n",
]  # fmt: skip
SOURCES = st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))


@given(SOURCES)
def test_any_text(source: str) -> None:
    found = read(source)

    starts = [literal.view.pieces[0].source for literal in found]
    assert starts == sorted(starts)
    for literal in found:
        for at, start, length in literal.view.pieces:
            assert literal.view.text[at : at + length] == source[start : start + length]
        assert wanted(literal.view.text) or re.fullmatch(r"\d{1,5}", literal.view.text)


@given(st.lists(st.sampled_from([f for f in FRAGMENTS if not f.startswith("\\")]), max_size=30))
def test_an_address_outside_comments_is_never_lost(parts: list[str]) -> None:
    """Every line that is no comment has its addresses in some literal, each once."""
    source = re.sub(r"[#;/!<*]|REM|--", "", "".join(parts))
    lines = re.split(r"[\r\n]+", source)
    stated = [line for line in lines if not re.match(r"\s*(?:'\s[^']*\Z|::\s)", line)]
    expected = [ip for line in stated for ip in IP.findall(line)]

    found = [ip for literal in read(source) for ip in IP.findall(literal.view.text)]

    assert found == expected
