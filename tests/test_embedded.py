"""Documents inside documents: read by their own scanner, edited in the outer file."""

from __future__ import annotations

import json
import re

import pytest

from refactor.model import Document, Literal, Scanned
from refactor.scan import embedded, scan

IP = re.compile(r"\d+\.\d+\.\d+\.\d+")


def wanted(text: str) -> bool:
    return bool(IP.search(text))


def read(source: str) -> Scanned:
    return scan("yaml", source, wanted)


def block(name: str, body: str, style: str = "|") -> str:
    lines = "".join(f"    {line}\n" if line else "\n" for line in body.split("\n"))
    return f"data:\n  {name}: {style}\n{lines}"


def names(literal: Literal, source: str) -> tuple[str, str, str, str]:
    """Kind, key and path, and what stands at the literal's place in the outer source."""
    span = literal.view.locate(0, len(literal.view.text))
    held = span.of(source) if span else ""
    return literal.kind, literal.key, "/".join(literal.path), held


JSON = '{"redis": {"host": "10.0.0.1", "port": 6379}}'
PATCH = "- op: replace\n  path: /spec/x\n  value: 10.0.0.1"
FILES = [
    # id, name, body, literals
    (
        "YAML by name (row 69)",
        "application.yml",
        "redis:\n  host: 10.0.0.1\n  port: 6379",
        [
            ("text", "host", "data/application.yml/redis/host", "10.0.0.1"),
            ("number", "port", "data/application.yml/redis/port", "6379"),
        ],
    ),
    (
        "JSON by name (row 69)",
        "config.json",
        '{\n  "host": "10.0.0.1",\n  "port": "80"\n}',
        [
            ("text", "host", "data/config.json/host", "10.0.0.1"),
            ("text", "port", "data/config.json/port", "80"),
        ],
    ),
    (
        "one line of JSON",
        "annotation",
        JSON,
        [
            ("text", "host", "data/annotation/redis/host", "10.0.0.1"),
            ("number", "port", "data/annotation/redis/port", "6379"),
        ],
    ),
    ("JSON list", "x", '["10.0.0.1", 1]', [("text", "x", "data/x/0", "10.0.0.1"), ("number", "x", "data/x/1", "1")]),
    ("YAML's flow form", "x", "{host: 10.0.0.1}", [("text", "host", "data/x/host", "10.0.0.1")]),
    (
        "properties (row 69)",
        "application.properties",
        "# 10.9.9.9\nredis.host=10.0.0.1\nredis.port=6379",
        [
            ("text", "redis.host", "data/application.properties/redis.host", "10.0.0.1"),
            ("number", "redis.port", "data/application.properties/redis.port", "6379"),
        ],
    ),
    (
        "patch by shape (row 83)",
        "patch",
        PATCH,
        [("text", "value", "data/patch/0/value", "10.0.0.1")],
    ),
    (
        "values (row 83)",
        "values",
        "host: 10.0.0.1",
        [("text", "host", "data/values/host", "10.0.0.1")],
    ),
    (
        "values by their ending",
        "defaultValues",
        "host: 10.0.0.1\n# 10.9.9.9",
        [("text", "host", "data/defaultValues/host", "10.0.0.1")],
    ),
    (
        "YAML by shape",
        "conf",
        "a: b\nhost: 10.0.0.1",
        [("text", "host", "data/conf/host", "10.0.0.1")],
    ),
    (
        "YAML in YAML in YAML",
        "a.yaml",
        "b.yaml: |\n  c: '{\"host\": \"10.0.0.1\"}'",
        [("text", "host", "data/a.yaml/b.yaml/c/host", "10.0.0.1")],
    ),
    (
        "marker inside (row 85)",
        "all.yaml",
        "a: 10.0.0.1\n---\nb: 10.0.0.2",
        [
            ("text", "a", "data/all.yaml/a", "10.0.0.1"),
            ("text", "b", "data/all.yaml/b", "10.0.0.2"),
        ],
    ),
    ("one line under a name", "a.yaml", "h: 10.0.0.1", [("text", "h", "data/a.yaml/h", "10.0.0.1")]),
    ("commented out", "a.yaml", "# host: 10.0.0.1\na: b", []),
    ("commented out in a script", "run.sh", "set -e\n# curl 10.0.0.1", []),
]  # fmt: skip


@pytest.mark.parametrize("style", ["|", "|-", "|+"])
@pytest.mark.parametrize(
    ("name", "body", "expected"), [row[1:] for row in FILES], ids=[row[0] for row in FILES]
)
def test_file_in_a_block(
    name: str, body: str, expected: list[tuple[str, str, str, str]], style: str
) -> None:
    source = block(name, body + "\n", style)

    literals = read(source).literals

    assert [names(literal, source) for literal in literals] == expected
    assert all({"embedded", "block"} <= literal.tags for literal in literals)


@pytest.mark.parametrize(
    ("name", "body", "expected"), [row[1:] for row in FILES], ids=[row[0] for row in FILES]
)
def test_file_in_a_quoted_string(
    name: str, body: str, expected: list[tuple[str, str, str, str]]
) -> None:
    """The same document with its line ends and quotes escaped (a JSON manifest)."""
    source = json.dumps({"data": {name: body + "\n"}})

    assert [names(literal, source) for literal in read(source).literals] == expected


def test_crlf_block() -> None:
    source = block("app.yml", "host: 10.0.0.1\nport: 80\n").replace("\n", "\r\n")

    assert [names(literal, source) for literal in read(source).literals] == [
        ("text", "host", "data/app.yml/host", "10.0.0.1"),
        ("number", "port", "data/app.yml/port", "80"),
    ]


# id, name, body: read line by line, each address in a literal of its own
LINES = [
    ("nginx (row 69)", "nginx.conf", "upstream x {\n  server 10.0.0.1:80;\n  server 10.0.0.2:80;\n}"),
    ("Helm actions in YAML", "a.yaml", "a: {{ .Values.x }}\nb: 10.0.0.1\nc: 10.0.0.2"),
    ("Helm actions in YAML that parses", "a.yaml", "a: '{{ .x }}'\nb: 10.0.0.1\nc: 10.0.0.2"),
    ("hosts", "list", "10.0.0.1\n10.0.0.2"),
    ("prose with two colons a line", "notes", "first: a: 10.0.0.1\nsecond: b: 10.0.0.2"),
    ("script", "run", "#!/bin/sh\ncurl 10.0.0.1\ncurl 10.0.0.2"),
    ("YAML that does not parse", "a.yaml", "a: [10.0.0.1\nb: 10.0.0.2"),
    ("JSON that does not parse", "a.json", '{"a": "10.0.0.1",\n"b": 10.0.0.2'),
    ("another language", "main.go", 'a := "10.0.0.1"\nb := "10.0.0.2"'),
    ("prose under `values`", "values", "ask 10.0.0.1\nor 10.0.0.2"),
    ("one pair", "x", "to: 10.0.0.1\nand 10.0.0.2"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "body"), [row[1:] for row in LINES], ids=[row[0] for row in LINES]
)
def test_lines(name: str, body: str) -> None:
    source = block(name, body)

    literals = read(source).literals

    assert [IP.findall(literal.view.text) for literal in literals] == [["10.0.0.1"], ["10.0.0.2"]]
    assert all(literal.path[:2] == ("data", name) for literal in literals)
    for literal in literals:
        [found] = IP.finditer(literal.view.text)
        span = literal.view.locate(*found.span())
        assert span is not None
        assert span.of(source) == found[0]


# id, YAML value: no document, one literal of the whole text
WHOLE = [
    ("an address", "10.0.0.1"),
    ("bracketed IPv6 beside it", "'[fd00::1]:8080,10.0.0.1:80'"),
    ("brackets around it", "'[10.0.0.1]'"),
    ("braces", "'{host}:80 10.0.0.1 {x}'"),
    ("a template's hole", "'{{ .host }} 10.0.0.1'"),
    ("JSON cut short", '\'{"a": "10.0.0.1"\''),
    ("JSON with a tail", '\'{"a": "10.0.0.1"} x\''),
    ("a pair", "'host: 10.0.0.1'"),
    ("a shell line", "sh -c 'curl http://10.0.0.1'"),
    ("folded to one line", ">-\n  curl\n  10.0.0.1"),
    ("line end behind", "|\n  10.0.0.1"),
]


@pytest.mark.parametrize("value", [row[1] for row in WHOLE], ids=[row[0] for row in WHOLE])
def test_no_document(value: str) -> None:
    [literal] = read(f"a: {value}\n").literals

    assert (literal.key, literal.path) == ("a", ("a",))
    assert "embedded" not in literal.tags


@pytest.mark.parametrize("before", ["sh", "-c"], ids=["under its key", "under a flag"])
def test_script_of_a_container_is_text(before: str) -> None:
    """YAML would take the anchor off; a shell has none."""
    source = f"command:\n- {before}\n- |\n  a: &x 10.0.0.1\n  b: &y 10.0.0.2\n"

    literals = read(source).literals

    assert [literal.path[:2] for literal in literals] == [("command", "1")] * 2
    assert ["&" in literal.view.text for literal in literals] == [True, True]
    assert all("item" not in literal.tags for literal in literals)


def test_python_in_a_block_and_yaml_in_that() -> None:
    body = 'c = Redis(host="10.0.0.1", port=6379)\n# 10.9.9.9\nC = """\na: b\nhost: 10.0.0.2\n"""'
    source = block("app.py", body)

    host, port, inner = read(source).literals

    assert [names(item, source)[1::2] for item in (host, port, inner)] == [
        ("host", "10.0.0.1"),
        ("port", "6379"),
        ("host", "10.0.0.2"),
    ]
    assert host.scope == port.scope != inner.scope
    assert inner.path[:2] == ("data", "app.py")


def test_documents_and_scopes() -> None:
    """An embedded object is its own document; everything else stands in the outer one."""
    source = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: outer}\ndata:\n"
        "  host: 10.0.0.1\n"
        "  one.yaml: |\n    host: 10.0.0.2\n    port: 80\n"
        "  two.yaml: |\n    apiVersion: v1\n    kind: Pod\n    host: 10.0.0.3\n    port: 81\n"
    )
    outer = Document("ConfigMap", "v1", "outer")
    inner = Document("Pod", "v1")

    literals = read(source).literals

    assert [literal.document for literal in literals] == [outer] * 3 + [inner] * 2
    scopes = [literal.scope for literal in literals]
    assert scopes[1] == scopes[2]
    assert scopes[3] == scopes[4]
    assert len(set(scopes)) == 3


def test_tags_of_the_outer_document() -> None:
    source = 'a: \'{"b": "10.0.0.1"}\'\nsops: {mac: x}\n'

    [literal] = read(source).literals

    assert literal.tags == {"embedded", "locked"}


def test_depth_is_bounded() -> None:
    text = "host: 10.0.0.1"
    for _ in range(8):
        text = json.dumps({"a": text})

    [literal] = read(text).literals

    assert literal.path == ("a",) * (embedded.MAX_DEPTH + 1)
    assert literal.view.text.startswith('{"a"')


def test_an_address_four_levels_down_is_escaped_or_exact() -> None:
    text = "tcp://10.0.0.1:80/é"
    for _ in range(4):
        text = json.dumps({"a": text})

    [literal] = read(text).literals

    start = literal.view.text.index("10.0.0.1")
    span = literal.view.locate(start, start + 8)
    assert literal.view.text == "tcp://10.0.0.1:80/é"
    assert span is not None
    assert span.of(text) == "10.0.0.1"
