"""The template scanner: text outside actions, literals inside them, each in its place."""

from __future__ import annotations

import re

import pytest

from refactor.model import Document, Literal, Scanned
from refactor.scan.template import scanner as template
from refactor.text.view import HOLE

IP = re.compile(r"\d+\.\d+\.\d+\.\d+|svc\.cluster")
RUN = re.compile(f"{HOLE}+")


def scan(source: str) -> Scanned:
    return template.scan(source, lambda text: bool(IP.search(text)))


def read(source: str) -> tuple[Literal, ...]:
    scanned = scan(source)
    assert (scanned.unparsable, scanned.line) == ("", 0)
    assert all("template" in literal.tags for literal in scanned.literals)
    return scanned.literals


def shown(literal: Literal) -> tuple[str, str]:
    """Its path, and its text with `~` for what only the render knows."""
    return "/".join(literal.path).replace(HOLE, "~"), RUN.sub("~", literal.view.text)


# id, source, what it gives as (path, text)
FORMS = [
    ("default (row 75)", 'h: {{ .Values.h | default "10.0.0.1" }}', [("h", "10.0.0.1")]),
    ("default, quoted by a function", 'h: {{ .h | default "10.0.0.1" | quote }}', [("h", "10.0.0.1")]),
    ("default, prefix form", 'h: {{ default "10.0.0.1" .h }}', [("h", "10.0.0.1")]),
    ("trimmed", 'h: {{- default "10.0.0.1" .h -}}', [("h", "10.0.0.1")]),
    ("nested quotes", 'h: "{{ .h | default "10.0.0.1" }}"', [("h", "10.0.0.1")]),
    ("single quotes around it", "h: '{{ .h | default \"10.0.0.1\" }}'", [("h", "10.0.0.1")]),
    ("raw string", "h: {{ .h | default `10.0.0.1` }}", [("h", "10.0.0.1")]),
    ("alone", 'h: {{ "10.0.0.1" }}', [("h", "10.0.0.1")]),
    ("coalesce", 'h: {{ coalesce .a .b "10.0.0.1" }}', [("h", "10.0.0.1")]),
    ("ternary", 'h: {{ ternary "10.0.0.1" "10.0.0.2" .x }}:80', [("h", "10.0.0.1:80"), ("h", "10.0.0.2:80")]),
    ("tpl", 'h: {{ tpl "http://10.0.0.1" . }}', [("h", "http://10.0.0.1")]),
    ("required", 'h: {{ required "x" (default "10.0.0.1" .h) }}', [("h", "10.0.0.1")]),
    ("over lines", 'h: {{ .h |\n  default "10.0.0.1" }}', [("h", "10.0.0.1")]),
    ("over lines, further left", 'a:\n  h: {{ .h |\ndefault "10.0.0.1" }}', [("a/h", "10.0.0.1")]),
    ("text around it", 'h: http://{{ default "10.0.0.1" .h }}:80/x', [("h", "http://10.0.0.1:80/x")]),
    ("unknown port", "h: 10.0.0.1:{{ .p }}", [("h", "10.0.0.1:~")]),
    ("port that is a default", "h: 10.0.0.1:{{ .p | default 80 }}/x", [("h", "10.0.0.1:~/x")]),
    ("both are defaults", 'h: {{ default "10.0.0.1" .h }}:{{ default 80 .p }}', [("h", "10.0.0.1:~")]),
    ("unknown text before it", "h: {{ .x }}10.0.0.1", [("h", "~10.0.0.1")]),
    ("user info", 'u: "{{ .s }}://{{ .u }}@10.0.0.1:80"', [("u", "~://~@10.0.0.1:80")]),
    (
        "built host (CASES)",
        "dsn: tcp(db.{{ .Release.Namespace }}.svc.cluster.local:3306)/x",
        [("dsn", "tcp(db.~.svc.cluster.local:3306)/x")],
    ),
    ("siblings", "host: 10.0.0.1\nport: {{ int 80 }}", [("host", "10.0.0.1"), ("port", "80")]),
    (
        "env items",
        'env:\n- name: H\n  value: {{ .h | default "10.0.0.1" }}\n- name: P\n  value: "80"',
        [("env/H", "10.0.0.1"), ("env/P", "80")],
    ),
    ("flow list", 'a: [{{ .a }}, {{ default "10.0.0.1" .b }}]', [("a/1", "10.0.0.1")]),
    ("flow mapping", "a: { {{ .k }}: 10.0.0.1 }", [("a/~", "10.0.0.1")]),
    ("flags", 'args: ["--redis={{ .h | default "10.0.0.1" }}:{{ .p }}"]', [("args/0", "10.0.0.1:~")]),
    ("action as a key", "{{ .k }}: 10.0.0.1", [("~", "10.0.0.1")]),
    ("action in a key", "{{ .k }}_HOST: 10.0.0.1", [("_HOST", "10.0.0.1")]),
    ("action in the midst of a key", "A_{{ .k }}_HOST: 10.0.0.1", [("A_~_HOST", "10.0.0.1")]),
    ("branches", "h: {{ if .x }}10.0.0.1{{ else }}10.0.0.2{{ end }}", [("h", "10.0.0.1"), ("h", "10.0.0.2")]),
    (
        "branches with a common end",
        "h: {{ if .x }}10.0.0.1{{ else if .y }}10.0.0.2{{ else }}z{{ end }}:80",
        [("h", "10.0.0.1:80"), ("h", "10.0.0.2:80")],
    ),
    ("a branch that may be missing", "u: http://10.0.0.1{{ if .p }}:{{ .p }}{{ end }}/", [("u", "http://10.0.0.1:~/")]),
    (
        "branches of a scheme",
        "u: {{ if .t }}https{{ else }}http{{ end }}://10.0.0.1",
        [("u", "https://10.0.0.1"), ("u", "http://10.0.0.1")],
    ),
    (
        "branches in branches",
        "h: {{ if .a }}x{{ else }}{{ if .b }}10.0.0.1{{ else }}y{{ end }}{{ end }}",
        [("h", "10.0.0.1")],
    ),
    ("block in one line", "{{ if .x }}h: 10.0.0.1{{ end }}", [("h", "10.0.0.1")]),
    (
        "branches on lines",
        "{{- if .x }}\nh: 10.0.0.1\n{{- else }}\nh: 10.0.0.2\n{{- end }}",
        [("h", "10.0.0.1"), ("h", "10.0.0.2")],
    ),
    ("definition", '{{- define "x.host" -}}10.0.0.1{{- end -}}', [("x.host", "10.0.0.1")]),
    (
        "definitions on lines",
        '{{- define "a" -}}\n10.0.0.1\n{{- end }}\n{{ define "b" }}\nx: 10.0.0.2\n{{ end }}',
        [("a", "10.0.0.1"), ("x", "10.0.0.2")],
    ),
    (
        "JSON in a definition (CASES)",
        '{{- define "x" }}\n{\n "r": {\n  "addr": "10.0.0.1",\n  "port": 80,\n  "x": {{ .x }}\n }\n}\n{{- end }}',
        [("r/addr", "10.0.0.1"), ("r/port", "80")],
    ),
    ("printf", 'h: {{ printf "%s:%d" "10.0.0.1" 80 }}', [("h", "10.0.0.1"), ("h", "80")]),
    ("printf's own text", 'h: {{ printf "http://10.0.0.1:%d" .p }}', [("h", "http://10.0.0.1:%d")]),
    ("list", 'h: {{ list "10.0.0.1:1" "10.0.0.2:2" | join "," }}', [("h", "10.0.0.1:1"), ("h", "10.0.0.2:2")]),
    ("variables", '{{ $host := "10.0.0.1" }}\n{{ $port := 80 }}', [("host", "10.0.0.1"), ("port", "80")]),
    ("variable of a default", '{{- $host := .h | default "10.0.0.1" }}', [("host", "10.0.0.1")]),
    ("dict", '{{ $d := dict "host" "10.0.0.1" "port" 80 }}', [("d/host", "10.0.0.1"), ("d/port", "80")]),
    (
        "dict of an include",
        'x: {{ include "x" (dict "host" "10.0.0.1" "ctx" .) }}',
        [("x/host", "10.0.0.1")],
    ),
    ("dict on its own line", '{{ include "x" (dict "host" "10.0.0.1") | nindent 2 }}', [("host", "10.0.0.1")]),
    ("set", '{{ $_ := set .Values "host" "10.0.0.1" }}', [("_/host", "10.0.0.1")]),
    ("range", '{{ range list "10.0.0.1" }}\n- {{ . }}\n{{ end }}', [("", "10.0.0.1")]),
    ("with", '{{- with "10.0.0.1" }}\nh: {{ . }}\n{{- end }}', [("", "10.0.0.1")]),
    ("encoded by a function", 'h: {{ "10.0.0.1" | b64enc }}', [("h", "10.0.0.1")]),
    (
        "encoded in a Secret",
        'apiVersion: v1\nkind: Secret\ndata:\n  u: {{ "tcp://10.0.0.1" | b64enc }}',
        [("u", "tcp://10.0.0.1")],
    ),
    (
        "file in a block scalar",
        "data:\n  a.conf: |\n    {{- if .x }}\n    host=10.0.0.1\n    port=80\n    {{- end }}\n  b: c",
        [("data/a.conf/host", "10.0.0.1"), ("data/a.conf/port", "80")],
    ),
    (
        "nginx in a block scalar",
        'data:\n  a.conf: |\n    resolver {{ .r | default "10.0.0.1" }};\n    server {{ .x }}:80;\n    server 10.0.0.2:80;',
        [("data/a.conf/resolver", "10.0.0.1"), ("data/a.conf/server", "10.0.0.2:80")],
    ),
    (
        "JSON in a block scalar",
        'data:\n  a.json: |\n    {"host": {{ default "10.0.0.1" .h | quote }}, "port": {{ .p }}}',
        [("data/a.json/host", "10.0.0.1")],
    ),
    ("labels below", 'l: {{- include "x" . | nindent 2 }}\n  h: 10.0.0.1', [("l/h", "10.0.0.1")]),
    ("labels below, no blank", 'l:{{ include "x" . | nindent 2 }}\n  h: 10.0.0.1', [("l/h", "10.0.0.1")]),
    ("labels in the way", 'l:\n  {{- toYaml .x | nindent 2 }}\n  h: 10.0.0.1', [("l/h", "10.0.0.1")]),
    ("escapes", 'h: {{ "tcp:\\u002f/10.0.0.1\\x41\\n\\"\\101" }}', [("h", 'tcp://10.0.0.1A\n"A')]),
    ("braces in a string", 'h: "{{ "}}" }} 10.0.0.1"', [("h", "~ 10.0.0.1")]),
    ("action in a raw string", "h: {{ `{{ .x }}` }} 10.0.0.1", [("h", "~ 10.0.0.1")]),
    ("character literal", "h: {{ eq .c '}' }} 10.0.0.1", [("h", "~ 10.0.0.1")]),
    ("never closed", 'h: {{ default "10.0.0.1"', [("h", '{{ default "10.0.0.1"')]),
    ("braces that open nothing", "h: 10.0.0.1 }} {{", [("h", "10.0.0.1 }} {{")]),
    ("no action", "h: 10.0.0.1\np: 80", [("h", "10.0.0.1"), ("p", "80")]),
    ("CRLF", 'a: {{ default "10.0.0.1" .x }}\r\nb: 10.0.0.2\r\n', [("a", "10.0.0.1"), ("b", "10.0.0.2")]),
    ("CR", 'a: {{ default "10.0.0.1" .x }}\rb: 10.0.0.2\r', [("a", "10.0.0.1"), ("b", "10.0.0.2")]),
    ("tab", 'a:\t{{ default "10.0.0.1" .x }}', [("a", "10.0.0.1")]),
    ("no ASCII", 'é: {{ .日 | default "10.0.0.1" }} 😀', [("é", "10.0.0.1 😀")]),
    (
        "no YAML",
        'x: y\n  - [\nhost: {{ .h | default "10.0.0.1" }}\nport: 80',
        [("host", "10.0.0.1"), ("port", "80")],
    ),
    (
        "no YAML, other documents are",
        'x: y\n  - [\n---\na:\n  h: {{ .h | default "10.0.0.1" }}',
        [("a/h", "10.0.0.1")],
    ),
    ("prose", "{{ .x }}\nSee http://10.0.0.1:80 at {{ .y }}", [("", "See http://10.0.0.1:80 at ~")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected"), [row[1:] for row in FORMS], ids=[row[0] for row in FORMS]
)
def test_forms(source: str, expected: list[tuple[str, str]]) -> None:
    found = read(source)

    assert [shown(literal) for literal in found] == expected
    for literal in found:
        for at, start, length in literal.view.pieces:
            assert literal.view.text[at : at + length] == source[start : start + length]
        for ip in IP.finditer(literal.view.text):
            span = literal.view.locate(*ip.span())
            assert span is not None
            assert span.of(source) == ip[0]


# id, source: nothing at all
NOTHING = [
    ("comment (row 74)", "{{/* 10.0.0.1 */}}"),
    ("trimmed comment", "{{- /* 10.0.0.1 */ -}}"),
    ("comment over lines", "{{/*\n10.0.0.1\n*/}}\na: b"),
    ("comment behind a value", "a: b {{/* 10.0.0.1 */}}"),
    ("comment with braces in it", "{{/* }} 10.0.0.1 {{ */}}"),
    ("comment of YAML (row 73)", "# 10.0.0.1"),
    ("comment of YAML behind a value", "a: b # 10.0.0.1"),
    ("action in a comment of YAML", '# {{ default "10.0.0.1" .h }}'),
    ("action in a comment behind a value", 'a: b # {{ default "10.0.0.1" .h }}'),
    ("action in a comment, no YAML", 'x: y\n  - [\n# {{ default "10.0.0.1" .h }}'),
    ("definition in a comment", '{{- /*\n{{ define "x" }}10.0.0.1{{ end }}\n*/}}'),
    ("no address", "host: {{ .h }}\nport: 80"),
    ("ports alone", "port: {{ .p | default 80 }}"),
    ("name of a template", 'a: {{ include "10.0.0.1" . }}'),
    ("name of a definition", '{{ define "10.0.0.1" }}\na: b\n{{ end }}'),
    ("address outside strings", "a: {{ .x.10.0.0.1 }}"),
    ("empty", ""),
    ("action alone", "{{ }}"),
]


@pytest.mark.parametrize("source", [row[1] for row in NOTHING], ids=[row[0] for row in NOTHING])
def test_nothing(source: str) -> None:
    assert read(source) == ()


# id, what stands beside `h: 10.0.0.1` and is no port
NO_PORT = [
    ("width", "a: {{ .x | trunc 63 }}"),
    ("indentation", 'a: {{ include "x" . | indent 4 }}'),
    ("condition", "{{ if 80 }}\nb: c\n{{ end }}"),
    ("comparison", "a: {{ if eq .p 80 }}x{{ end }}"),
    ("comparison of a pipeline", "a: {{ if .p | default 80 | eq 81 }}x{{ end }}"),
    ("arithmetic", "a: {{ add 80 1 }}"),
    ("index", "a: {{ index .x 0 }}"),
    ("range", "{{ range until 5 }}\nb: c\n{{ end }}"),
    ("six digits", "a: {{ default 100000 .p }}"),
    ("decimal", "a: {{ default 1.5 .p }}"),
    ("port inside a text", "a: x:{{ .p | default 80 }}"),
    ("comment", "{{/* 80 */}}"),
]


@pytest.mark.parametrize("line", [row[1] for row in NO_PORT], ids=[row[0] for row in NO_PORT])
def test_no_port(line: str) -> None:
    assert [shown(literal) for literal in read(f"h: 10.0.0.1\n{line}\n")] == [("h", "10.0.0.1")]


# id, line beside `h: 10.0.0.1`, kind
PORTS = [
    ("bare", "p: 80", "number"),
    ("quoted", 'p: "80"', "text"),
    ("number", "p: {{ default 80 .p }}", "number"),
    ("number, quoted by a function", "p: {{ .p | default 80 | quote }}", "number"),
    ("string", 'p: {{ .p | default "80" }}', "text"),
    ("number in quotes", 'p: "{{ .p | default 80 }}"', "text"),
    ("branch", "p: {{ if .x }}80{{ end }}", "number"),
    ("branch in quotes", 'p: "{{ if .x }}80{{ end }}"', "text"),
]


@pytest.mark.parametrize(
    ("line", "kind"), [row[1:] for row in PORTS], ids=[row[0] for row in PORTS]
)
def test_port(line: str, kind: str) -> None:
    [host, port] = read(f"h: 10.0.0.1\n{line}\n")

    assert (port.key, port.view.text, port.kind) == ("p", "80", kind)
    assert port.scope == host.scope


# id, source, tags besides "template"
TAGS = [
    ("outside", "a: 10.0.0.1", set()),
    ("inside", 'a: {{ "10.0.0.1" }}', {"action"}),
    ("default", 'a: {{ .x | default "10.0.0.1" }}', {"action", "default"}),
    ("coalesce", 'a: {{ coalesce .x "10.0.0.1" }}', {"action", "default"}),
    ("default, in a list", 'a: [{{ .x | default "10.0.0.1" }}]', {"action", "default", "item", "of:1"}),
    ("arguments", 'a: {{ printf "%s" "10.0.0.1" }}', {"action", "format-args"}),
    ("format", 'a: {{ printf "10.0.0.1:%d" .p }}', {"action"}),
    ("eq (row 76)", 'a: {{ if eq .h "10.0.0.1" }}x{{ end }}', {"action", "compare"}),
    ("eq, alone on its line", '{{- if eq .h "10.0.0.1" }}\n{{ end }}', {"action", "compare"}),
    ("else if", 'a: {{ if .x }}b{{ else if eq "10.0.0.1" .h }}x{{ end }}', {"action", "compare"}),
    ("eq, piped to", 'a: {{ if "10.0.0.1" | eq .h }}x{{ end }}', {"action", "compare"}),
    ("eq, in parentheses", 'a: {{ if and .y (eq .h "10.0.0.1") }}x{{ end }}', {"action", "compare"}),
    ("eq of a default", 'a: {{ eq (default "10.0.0.1" .h) "x" }}', {"action", "compare"}),
    ("has", '{{- if has "10.0.0.1" .l }}\n{{ end }}', {"action", "compare"}),
    ("contains", '{{- if contains "10.0.0.1" .l }}\n{{ end }}', {"action", "compare"}),
    ("regexMatch", '{{- if regexMatch "10.0.0.1" .l }}\n{{ end }}', {"action", "compare"}),
    ("replace", 'a: {{ .h | replace "10.0.0.1" "x" }}', {"action", "compare"}),
    ("index", 'a: {{ index .Values "10.0.0.1" }}', {"action", "compare"}),
    ("no comparison: shortened", 'a: {{ "10.0.0.1/" | trimSuffix "/" }}', {"action"}),
    ("no comparison: beside one", 'a: {{ ternary "10.0.0.1" "x" (eq .a "b") }}', {"action"}),
    ("no comparison: behind one", 'a: {{ eq .a "b" | ternary "10.0.0.1" "x" }}', {"action"}),
    ("fail", '{{- fail "not 10.0.0.1" }}', {"action", "prose"}),
    ("fail of a printf", '{{- fail (printf "not 10.0.0.1 %s" .x) }}', {"action", "prose"}),
    ("required", 'a: {{ required "like 10.0.0.1" .h }}', {"action", "prose"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "tags"), [row[1:] for row in TAGS], ids=[row[0] for row in TAGS]
)
def test_tags(source: str, tags: set[str]) -> None:
    [literal] = read(source)

    assert literal.tags == tags | {"template"}


# id, source; siblings have the same letter
SIBLINGS = [
    ("mapping", 'h: {{ default "10.0.0.1" .h }}\np: {{ default 80 .p }}', "aa"),
    ("two mappings", 'a:\n  h: {{ default "10.0.0.1" .h }}\nb:\n  p: 80', "ab"),
    ("arguments", 'h: {{ printf "%s:%d" "10.0.0.1" 80 }}\np: 81', "aab"),
    ("two calls", 'a: {{ printf "%s:%d" "10.0.0.1" 1 }}\nb: {{ printf "%s:%d" "10.0.0.2" 2 }}', "aabb"),
    ("variables", '{{ $h := "10.0.0.1" }}\n{{ $p := 80 }}\np: 81', "aab"),
    ("dicts", '{{ $a := dict "h" "10.0.0.1" "p" 1 }}\n{{ $b := dict "h" "10.0.0.2" "p" 2 }}', "aabb"),
    (
        "definitions",
        '{{ define "x.host" }}\n10.0.0.1\n{{ end }}\n{{ define "x.port" }}\n80\n{{ end }}\np: 81',
        "aab",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "siblings"), [row[1:] for row in SIBLINGS], ids=[row[0] for row in SIBLINGS]
)
def test_siblings(source: str, siblings: str) -> None:
    letters: dict[int, str] = {}
    for literal in read(source):
        letters.setdefault(literal.scope, "abcdef"[len(letters)])
    assert "".join(letters[literal.scope] for literal in read(source)) == siblings


def test_document_of_a_template() -> None:
    """A name that only the render knows is no name."""
    [literal] = read(
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .n }}-x\n  namespace: shop\n"
        'spec:\n  clusterIP: {{ .ip | default "10.0.0.1" }}\n'
    )

    assert literal.document == Document("Service", "v1", name="", namespace="shop")


def test_flag_of_a_list_goes_under_its_name() -> None:
    [host, port] = read(
        'args:\n- --host={{ .h | default "10.0.0.1" }}\n- --port={{ default 80 .p }}'
    )

    assert [(one.key, one.view.text) for one in (host, port)] == [
        ("--host", "10.0.0.1"),
        ("--port", "80"),
    ]


def test_key_of_a_list_in_a_template() -> None:
    [literal] = read('nameservers:\n- {{ .n | default "10.0.0.1" }}')

    assert (literal.key, literal.path) == ("nameservers", ("nameservers", "0"))
