"""The one reader of Go's template actions: blocks that are open, and what stands in an action."""

from __future__ import annotations

import pytest

from refactor.text.actions import actions, open_blocks, replaced

OPEN = {
    "none": ("a: b", []),
    "a condition": ("{{- if .Values.on }}\na: b", [("if", ".Values.on", False)]),
    "a condition that is closed": ("{{ if .a }}x{{ end }}", []),
    "an else of a closed one": (
        "{{ if .a }}x{{ else }}y{{ end }}{{ if .b }}",
        [("if", ".b", False)],
    ),
    "an else of an open one": ("{{ if .a }}x{{ else if .b }}y", [("if", ".a", True)]),
    "two": ("{{ with .a }}{{ if eq .b 1 -}}", [("with", ".a", False), ("if", "eq .b 1", False)]),
    "an end too many": ("{{ end }}{{ range .a }}", [("range", ".a", False)]),
    "in a comment": ("{{/* {{ if .a }} */}}", []),
    "in a string": ('{{ "{{ if .a }}" }}', []),
    "a value": ("{{ .if }}", []),
    "braces in a string": ('{{ if eq .a "}}" }}', [("if", 'eq .a "}}"', False)]),
    "one that never ends": ("{{ if .a }}{{ end", [("if", ".a", False)]),
}


@pytest.mark.parametrize(("text", "expected"), OPEN.values(), ids=OPEN)
def test_the_blocks_that_are_open(text: str, expected: list[tuple[str, str, bool]]) -> None:
    found = [(one.opened.word, one.opened.behind(text), one.turned) for one in open_blocks(text)]

    assert found == expected


REPLACED = {
    "each action": ("a{{ .b }}c{{ .d }}", "a*c*"),
    "a string with braces": ('a{{ "}}" }}c', "a*c"),
    "no action": ("a } b { c", "a } b { c"),
    "one that never ends": ("a{{ .b }}c{{ .d", "a*c{{ .d"),
    "a quote that never ends": ('a{{ " }}c', "a*c"),
}


@pytest.mark.parametrize(("text", "expected"), REPLACED.values(), ids=REPLACED)
def test_something_else_in_the_place_of_actions(text: str, expected: str) -> None:
    assert replaced(text, lambda _: "*") == expected


def test_an_escaped_quote_outside_of_a_string_begins_none() -> None:
    assert [[t.text for t in one.tokens] for one in actions(r"{{ \" a }}")] == [["a"]]
