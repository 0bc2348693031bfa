"""docs/semantics.md, section 6, step 2: only the edited scalars differ, or the proof fails."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from refactor.model import Edit
from refactor.plan.proof.syntax import differs
from refactor.text.view import Span


def edit(old: str, new: str) -> Edit:
    role = "port" if old.isdigit() else "host"
    return Edit("f", Span(0, len(old)), old, new, "x", role)


def placed(text: str, edits: list[Edit]) -> list[Edit]:
    """The edits at the first place where a text holds what they replace."""
    return [replace(e, span=Span(text.index(e.old), text.index(e.old) + len(e.old))) for e in edits]


HOST, PORT = edit("10.0.0.1", "orders"), edit("8080", "80")

STAYS = edit("orders", "orders")  # a right name beside a wrong port
SAME = [
    ("yaml", "a: 10.0.0.1:8080 # c\n", "a: orders:80 # c\n", [HOST, PORT]),
    ("yaml", "h: 10.0.0.1\np: 8080\n", "h: orders\np: 80\n", [HOST, PORT]),
    ("yaml", "a: |\n  x 10.0.0.1\n  y\n---\nb: 1\n", "a: |\n  x orders\n  y\n---\nb: 1\n", [HOST]),
    ("yaml", "a: &x 10.0.0.1\nb: *x\n", "a: &x orders\nb: *x\n", [HOST]),
    ("yaml", '{"h": "10.0.0.1",\t"p": 8080}', '{"h": "orders",\t"p": 80}', [HOST, PORT]),
    ("yaml", "a: b: c\n---\nh: 10.0.0.1\n", "a: b: c\n---\nh: orders\n", [HOST]),
    (
        "yaml",
        "# 10.0.0.1\nh: 10.0.0.1 10.0.0.1\n",
        "# 10.0.0.1\nh: 10.0.0.1 orders\n",
        [edit(" 10.0.0.1", " orders")],
    ),
    ("python", "@f('10.0.0.1')\ndef g(): pass\n", "@f('orders')\ndef g(): pass\n", [HOST]),
    ("python", "A = '10.0.0.1'\nB = 8080\n", "A = 'orders'\nB = 80\n", [HOST, PORT]),
    *(
        (kind, f'{{"h": "orders", "p": {old}}}', f'{{"h": "orders", "p": {new}}}', [STAYS, PORT])
        for kind, old, new in (("yaml", "8080", "80"), ("yaml", '"8080"', '"80"'))
    ),
    ("python", "A = 'orders'\nB = 8080\n", "A = 'orders'\nB = 80\n", [STAYS, PORT]),
    ("python", "a = f'http://10.0.0.1:{p}/x'\n", "a = f'http://orders:{p}/x'\n", [HOST]),
]
DIFFERENT = [
    ("a value of another key", "yaml", "a: 10.0.0.1\nb: 1\n", "a: orders\nb: 2\n", [HOST]),
    ("a key that came", "yaml", "a: 10.0.0.1\n", "a: orders\nb: 2\n", [HOST]),
    ("a type that changed", "yaml", "p: 8080\n", "p: '80'\n", [PORT]),
    ("a name that YAML 1.1 takes for a boolean", "yaml", "h: 10.0.0.1\n", "h: no\n", [edit("10.0.0.1", "no")]),
    ("broken syntax", "yaml", "a: 10.0.0.1\n", "a: [orders\n", [HOST]),
    ("a number of JSON that became text", "yaml", '{"p": 8080}', '{"p": "80"}', [PORT]),
    ("another value of JSON", "yaml", '{"h": "10.0.0.1", "i": "1"}', '{"h": "orders", "i": "2"}', [HOST]),
    ("a comment", "yaml", "# 10.0.0.1\nh: 1\n", "# orders\nh: 1\n", [HOST]),
    ("the header of a block", "yaml", "h: | # 10.0.0.1\n  x\n", "h: | # orders\n  x\n", [HOST]),
    ("another document", "yaml", "h: 10.0.0.1\n---\na: 1\n", "h: orders\n---\na: 2\n", [HOST]),
    ("a document that came", "yaml", "h: 10.0.0.1\n", "h: orders\n---\na: 2\n", [HOST]),
    ("an anchor", "yaml", "h: &a 10.0.0.1\n", "h: &b orders\n", [HOST]),
    ("a comment beside a string", "python", "A = ('a'  # 10.0.0.1\n     'b')\n", "A = ('a'  # orders\n     'b')\n", [HOST]),
    ("a line below", "python", "A = '10.0.0.1'\nif A:\n    b = 1\n", "A = 'orders'\nif A:\n    b = 2\n", [HOST]),
    ("nothing changed", "yaml", "a: 10.0.0.1\n", "a: 10.0.0.1\n", [HOST]),
    ("a longer replacement than the edit", "yaml", "a: 10.0.0.1\n", "a: orders2\n", [HOST]),
    ("another constant", "python", "A = '10.0.0.1'\nB = 1\n", "A = 'orders'\nB = 2\n", [HOST]),
    ("an int that became text", "python", "B = 8080\n", "B = '80'\n", [PORT]),
    ("another name", "python", "A = '10.0.0.1'\n", "B = 'orders'\n", [HOST]),
    ("another call", "python", "f('10.0.0.1')\n", "g('orders')\n", [HOST]),
    ("broken syntax", "python", "A = '10.0.0.1'\n", "A = 'orders\n", [HOST]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "before", "after", "edits"), SAME)
def test_what_the_edits_explain(kind: str, before: str, after: str, edits: list[Edit]) -> None:
    assert differs(kind, before, after, placed(before, edits)) == ""


@pytest.mark.parametrize(
    ("kind", "before", "after", "edits"),
    [row[1:] for row in DIFFERENT],
    ids=[r[0] for r in DIFFERENT],
)
def test_what_they_do_not(kind: str, before: str, after: str, edits: list[Edit]) -> None:
    assert differs(kind, before, after, placed(before, edits))


@pytest.mark.parametrize(
    ("kind", "text"), [("text", "a"), ("yaml", "a: [b"), ("python", "print 'x'"), ("template", "a")]
)
def test_what_has_no_syntax_to_ask(kind: str, text: str) -> None:
    assert differs(kind, text, text, []) is None
