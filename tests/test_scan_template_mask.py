"""Actions are found as Go finds them, and masked without moving anything."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.scan.template import scanner as template
from refactor.scan.template.mask import ASK, lonely, masked
from refactor.scan.text import scanner as text
from refactor.text.actions import actions, definitions
from refactor.text.view import HOLE

IP = re.compile(r"\d+\.\d+\.\d+\.\d+")


def wanted(value: str) -> bool:
    return bool(IP.search(value))


def mask(source: str, *asked: int) -> str:
    found = list(actions(source))
    return masked(source, found, lonely(source, found), asked)


# id, source, its mask: `~` for what only the render knows, `.` for white space
MASKS = [
    ("value", "a: {{ .x }}", "a: ~~~~~~~~"),
    ("beside text", "a: b{{.x}}c", "a: b~~~~~~c"),
    ("in quotes", 'a: "{{ "x" }}"', 'a: "~~~~~~~~~"'),
    ("key", "{{.x}}: y", "~~~~~~: y"),
    ("item", "- {{.x}}", "- ~~~~~~"),
    ("lonely", "a: b\n  {{- x }}  \nc: d", "a: b\n  ........  \nc: d"),
    ("two lonely ones", "{{ a }} {{ b }}", "....... ......."),
    ("lonely and not", "{{ a }}\n{{ b }} c", ".......\n~~~~~~~ c"),
    ("lonely over lines", "{{ a\n  b }}\nc", "....\n  ....\nc"),
    ("over lines", "a: {{ a\n  b\n}}", "a: ~~~~\n  ~\n~~"),
    ("comment", "a: {{/* }} */}} b", "a: ~~~~~~~~~~~~ b"),
    ("comment over lines", "{{/*\n x\n*/}}", "....\n .\n...."),
    ("comment that never ends", "{{/* a }} b", "{{/* a }} b"),
    ("action that never ends", "{{ a }} b {{ c", "~~~~~~~ b {{ c"),
    ("string that never ends", '{{ "a }} b', '~~~~~~~~ b'),
    ("braces in a string", '{{ "}}" }} b', "~~~~~~~~~~ b"),
    ("quote in a string", '{{ "\\"}}" }} b', "~~~~~~~~~~~~ b"),
    ("braces in a raw string", "{{ `}}\n` }} b", "~~~~~~\n~~~~ b"),
    ("braces of JSON", '{"a": {"b": 1}}', '{"a": {"b": 1}}'),
    ("empty", "", ""),
    ("below a key", "a: {{- x | nindent 2 }}\n  b: c", "a: ....................\n  b: c"),
    ("below a key, in a block", "a: {{ if b }}{{ x | nindent 2 }}{{ end }}", "a: " + "." * 38),
    ("below a key, no blank", "a:{{ x | nindent 2 }}", "a:..................."),
    ("not below a key", "a: b {{ x | nindent 2 }}", "a: b ~~~~~~~~~~~~~~~~~~~"),
    ("indented text", "a: {{ x | indent 2 }}", "a: ~~~~~~~~~~~~~~~~~~"),
    ("definition", '{{ define "a" }}\nb\n{{ end }}', "---.............\nb\n---......"),
    ("definition in one line", '{{define "a"}}b{{end}}', "---...........b~~~~~~~"),
    ("definition that is indented", ' {{ define "a" }}\nb\n {{ end }}', " ................\nb\n ........."),
    ("definition that is not closed", '{{ define "a" }}\nb', "................\nb"),
    ("end of another block", '{{ define "a" }}\n{{ if b }}\n{{ end }}\n{{ end }}', "---.............\n..........\n.........\n---......"),
    ("line end in the first three", '{{\nif a }}\n{{\nend }}', "..\n.......\n..\n......"),
    ("head of a block scalar", "a: |\n  {{ if b }}\n  c", "a: |\n  #.........\n  c"),
    ("head, further in", "a: |\n      {{ if b }}\n  c", "a: |\n  #   ..........\n  c"),
    ("head, further out", "a: |-\n{{ if b }}\n    c", "a: |-\n....#.....\n    c"),
    ("head, shorter than the text", "a: >\n{{ b }}\n          c", "a: >\n.......\n          c"),
    ("head with an indicator", "a: |2\n    {{ b }}\n  c", "a: |2\n    .......\n  c"),
    ("CRLF", "a: |\r\n  {{ b }}\r\n  c\r\n", "a: |\r\n  #......\r\n  c\r\n"),
    ("CR", "{{ a }}\rb: {{ c }}\r", ".......\rb: ~~~~~~~\r"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected"), [row[1:] for row in MASKS], ids=[row[0] for row in MASKS]
)
def test_mask(source: str, expected: str) -> None:
    shown = mask(source).replace(HOLE, "~")

    assert shown == re.sub(r"\.", " ", expected)


def test_what_is_asked_begins_with_a_mark() -> None:
    assert mask("a: {{ b }} {{ c }}", 3) == f"a: {ASK}{HOLE * 6} {HOLE * 7}"


# id, action, its role
ROLES = [
    ("field", "{{ .x }}", "value"),
    ("include", '{{ include "x" . }}', "value"),
    ("if", "{{ if .x }}", "open"),
    ("if, trimmed", "{{- if .x -}}", "open"),
    ("range", "{{ range $i, $x := .y }}", "open"),
    ("with", "{{ with .x }}", "open"),
    ("define", '{{ define "x" }}', "open"),
    ("else", "{{ else }}", "else"),
    ("else if", "{{ else if .x }}", "else"),
    ("end", "{{end}}", "end"),
    ("assignment", "{{ $x := .y }}", "silent"),
    ("another assignment", "{{ $x = .y }}", "silent"),
    ("comment", "{{/* x */}}", "silent"),
    ("break", "{{ break }}", "silent"),
    ("variable", "{{ $x }}", "value"),
    ("name that begins like a word", "{{ ending }}", "value"),
]


@pytest.mark.parametrize(
    ("source", "role"), [row[1:] for row in ROLES], ids=[row[0] for row in ROLES]
)
def test_role(source: str, role: str) -> None:
    [action] = actions(source)

    assert (action.role, action.span) == (role, (0, len(source)))


def test_definitions() -> None:
    source = '{{ define "a" }}{{ if x }}{{ end }}{{ end }}{{ define `b` }}{{ end }}{{ end }}'

    assert [
        (one.name, source[one.start :][:14], source[one.end :][:9])
        for one in definitions(actions(source))
    ] == [("a", '{{ define "a" ', "{{ end }}"), ("b", "{{ define `b` ", "{{ end }}")]


LONG = [
    ("actions of one value", '{{ .x | default "10.0.0.1" }}', 5_000),
    ("openers", "{{", 200_000),
    ("openers of comments", "{{/* ", 100_000),
    ("comments", "{{/* x */}} ", 50_000),
    ("strings that do not close", '{{ "a }} ', 20_000),
    ("raw strings that do not close", "{{ ` }}\n", 20_000),
    ("conditions", "{{ if .x }}", 20_000),
    ("branches", "{{ else if .x }}y", 20_000),
    ("lines", "{{ if .x }}\n", 20_000),
    ("comments of YAML", '# {{ "10.0.0.2" }}', 5_000),
]


@pytest.mark.parametrize(("part", "times"), [row[1:] for row in LONG], ids=[row[0] for row in LONG])
def test_long_templates_lose_nothing(part: str, times: int) -> None:
    """Work that grows with the square of a text would never end here."""
    scanned = template.scan(f"a: 10.0.0.1\nb: x {part * times}", wanted)

    assert scanned.literals[0].view.text == "10.0.0.1"


def test_deep_parentheses() -> None:
    depth = 50_000

    [literal] = template.scan(f'a: {{{{ {"(" * depth}"10.0.0.1"{")" * depth} }}}}', wanted).literals

    assert literal.view.text == "10.0.0.1"


FRAGMENTS = [
    "10.0.0.1", "80", "a: ", "- ", "host: ", "{{ ", " }}", "{{- ", " -}}", "{{/*", "*/}}", "if ",
    "else", "end", "define ", '"x"', '"10.0.0.2"', "`10.0.0.3`", "$x := ", "default ", "printf ",
    "dict ", "eq ", "(", ")", " | ", "nindent 2", "|\n", "\n", "\r\n", "\r", "  ", "\t", '"', "'",
    "`", "\\", ":", "#", "{", "}", "[", "]", "{{ end }}", "{{ else }}", "{{ if .x }}", "é", "😀",
    "\udce9", HOLE, ASK, "---\n", "\u2028", "\x00", '{{ default "10.0.0.4" .x }}', "kind: Secret\n",
    "data:\n",
]  # fmt: skip
SOURCES = st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))


@given(SOURCES)
def test_a_mask_moves_nothing(source: str) -> None:
    found = list(actions(source))
    shown = masked(source, found, lonely(source, found), {one.span.start for one in found})

    inside = {index for one in found for index in range(*one.span)}
    assert len(shown) == len(source)
    for index, (new, old) in enumerate(zip(shown, source, strict=True)):
        if old in "\r\n" or new in "\r\n" or not (index in inside or new == "#"):
            assert new == old


@given(SOURCES)
def test_any_template(source: str) -> None:
    scanned = template.scan(source, wanted)

    starts = [literal.view.pieces[0].source for literal in scanned.literals if literal.view.pieces]
    assert (scanned.unparsable, starts) == ("", sorted(starts))
    for literal in scanned.literals:
        for at, start, length in literal.view.pieces:
            assert literal.view.text[at : at + length] == source[start : start + length]
        assert wanted(literal.view.text) or re.fullmatch(r"\d{1,5}", literal.view.text)


LINES = [
    "a: 10.0.0.1", 'b: {{ default "10.0.0.1" .x }}', "c: http://10.0.0.1:{{ .p }}/", "d:", "{{- if .x }}",
    "{{- end }}", "- 10.0.0.1", '- {{ .x | default "10.0.0.1:80" }}', "e: |", '  {{ "10.0.0.1" }}',
    '{{ $x := "10.0.0.1" }}', "f: [", "text 10.0.0.1", '{{ define "x" }}', "  g: {{ if .x }}10.0.0.1{{ end }}",
    'h: "{{ .x | default "10.0.0.1" }}:80"', "{{ .k }}: 10.0.0.1", "i: 'x\n  10.0.0.1 y'",
]  # fmt: skip


@given(st.lists(st.sampled_from(LINES), max_size=12).map("\n".join))
def test_an_address_is_never_lost(source: str) -> None:
    """Whether the mask parses or not, each address can be edited where it stands."""
    places = [match.start() for match in IP.finditer(source)]

    found = {
        span.start
        for literal in template.scan(source, wanted).literals
        for match in IP.finditer(literal.view.text)
        if (span := literal.view.locate(*match.span()))
    }

    assert sorted(found) == places


@given(st.text(st.characters(exclude_characters="{}"), max_size=60))
def test_a_text_without_actions_is_masked_by_itself(source: str) -> None:
    """But for blank lines at a block scalar's head, which YAML would not take."""
    if not re.search(r"[|>]", source):
        assert mask(source) == source
    assert [len(line) for line in mask(source).split("\n")] == [
        len(line) for line in source.split("\n")
    ]


def test_text_and_template_agree_where_there_is_no_action() -> None:
    source = "x: y\n  - [\nhost: 10.0.0.1\nport: 80\n"

    assert [(one.key, one.view, one.kind) for one in template.scan(source, wanted).literals] == [
        (one.key, one.view, one.kind) for one in text.scan(source, wanted).literals
    ]
