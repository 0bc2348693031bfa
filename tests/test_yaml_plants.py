"""Any YAML that ruamel accepts is understood: an address planted into it is found in its place.

`python -m benchmarks.yaml_suite` does the same with the YAML test suite's 402 cases.
"""

from __future__ import annotations

import pytest

from fuzz.sources import check_source
from tests.yaml_plants import plant

# name, text, how many plain scalars an address can stand in for
ACCEPTED = [
    ("mapping", "a: b\n", 2),
    ("keys of two kinds", "a: b\n? c\n: d\n", 4),
    ("sequence", "- a\n- b\n", 2),
    ("sequence in a mapping, not indented", "a:\n- b\n- c\n", 3),
    ("sequence in a sequence", "- - a\n  - b\n- c\n", 3),
    ("flow in flow", "{a: [b, {c: d}], e: f}\n", 6),
    ("flow over lines", "a: [\n  b,\n  c,\n]\n", 3),
    ("pair in a flow sequence", "[a: b, c]\n", 3),
    ("document end and start", "a\n...\n---\nb\n", 2),
    ("directive", "%YAML 1.2\n---\na: b\n", 2),
    ("tag directive", "%TAG !e! tag:example.com,2000:\n---\n!e!a {b: c}\n", 2),
    ("comments everywhere", "# a\na: # b\n  b # c\n# d\n", 2),
    ("anchor and alias", "a: &x b\nc: *x\n", 3),
    ("anchored collection", "&m a: &s\n- b\n", 2),
    ("tags", "a: !!str b\nc: !t d\n", 2),
    ("block scalars between", "a: |\n  x\n\n  y\nb: >+\n  z\n\nc: d\n", 4),
    ("block scalar with its indentation", "a: |2\n    x\nb: c\n", 3),
    ("quoted beside plain", "'a': \"b\"\nc: 'd'\n", 1),
    ("empty values", "a:\nb: c\n", 3),
    ("null keys", "? \n: a\n", 1),
    ("comment behind", "a: b # c\n", 2),
    ("CRLF", "a: b\r\nc:\r\n- d\r\n", 4),
    ("no line end", "- a", 1),
    ("letters beyond the BMP", "😀: é\nü: 日本\n", 4),
    ("colons and hashes inside", "a: b:c#d\n", 2),
    ("merge key", "a: &x {b: c}\nd: {<<: *x}\n", 5),
]
REFUSED = [
    ("tab as indentation", "a:\n\tb: c\n"),
    ("sequence in a mapping", "a:\nb: c\n- "),
    ("tab behind", "a: b\t\n"),
    ("open flow", "a: [b\n"),
    ("open quote", 'a: "b\n'),
    ("two values", "a: b: c\n"),
    ("unknown anchor at the end of a broken line", "a: *x}\n]"),
    ("reserved letter", "a: @b\n"),
    ("unknown directive value", "%YAML 3.x\n---\na\n"),
    ("bad escape", 'a: "\\q"\n'),
    ("outdented sequence", "a:\n  - b\n - c\n"),
]


@pytest.mark.parametrize(
    ("text", "count"), [row[1:] for row in ACCEPTED], ids=[r[0] for r in ACCEPTED]
)
def test_what_is_planted_is_found(text: str, count: int) -> None:
    planted = plant(text)

    assert planted.missed == ()
    assert (planted.accepted, planted.planted) == (True, count)


@pytest.mark.parametrize("text", [row[1] for row in (*ACCEPTED, *REFUSED)], ids=[row[0] for row in (*ACCEPTED, *REFUSED)])  # fmt: skip
def test_each_is_read_and_edited_as_all_else(text: str) -> None:
    check_source("yaml", text.encode())
    check_source("yaml", text.replace("b", "10.0.0.2:80").encode())


@pytest.mark.parametrize("text", [row[1] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_ruamel_refuses_is_not_counted(text: str) -> None:
    assert not plant(text).accepted
