"""Texts that are no Python, or that libcst would not survive: they are read as text."""

from __future__ import annotations

import pytest

from refactor.scan import scan
from refactor.scan.python import literals as python_literals
from refactor.scan.python.lexer import NotPythonError, lex
from refactor.scan.python.strings import view_of
from tests.test_scan_python import IP, read

UNPARSABLE = {
    "row 107: Python 2": ("x = 1\nprint '10.0.0.1'\n", "Missing parentheses in call to 'print'", 2),
    "row 107: broken": ("x = = '10.0.0.1'", "invalid syntax", 1),
    "open string": ("x = 1\ny = 'a\nz = '10.0.0.1'", "a string does not end", 2),
    "open string, CRLF": ("x = 1\r\ny = 'a\r\nz = '10.0.0.1'", "a string does not end", 2),
    "open f-string": ("x = f'10.0.0.1", "an f-string does not end", 1),
    "open hole": ("x = f'10.0.0.1{", "an f-string does not end", 1),
    "open format": ("x = f'10.0.0.1{x:'", "an f-string does not end", 1),
    "open triple": ("x = '''10.0.0.1", "a string does not end", 1),
    "template": ("import {{ x }}\nH = '10.0.0.1'", "invalid syntax", 1),
    "NUL": ("x = 1 \0\nH = '10.0.0.1'", "", 1),
    "mixed tabs": ("if x:\n\ta = '10.0.0.1'\n        b = 1\n", "inconsistent use of tabs", 3),
}


@pytest.mark.parametrize(("source", "problem", "line"), UNPARSABLE.values(), ids=UNPARSABLE)
def test_unparsable_is_read_as_text(source: str, problem: str, line: int) -> None:
    scanned = read(source)

    assert problem in scanned.unparsable
    assert scanned.unparsable
    assert "\n" not in scanned.unparsable
    assert scanned.line == line
    assert any("10.0.0.1" in literal.view.text for literal in scanned.literals)
    assert scanned.literals == scan("text", source, lambda text: bool(IP.search(text))).literals


DEEP = {
    "brackets": "(" * 5000 + ")" * 5000,
    "open brackets": "[" * 100_000,
    "calls": "f(" * 2000 + ")" * 2000,
    "f-strings": "f'{" * 3000,
    "not": "not " * 20_000 + "x",
    "minus": "-" * 20_000 + "x",
    "attributes": "x" + ".a" * 20_000,
    "attributes over lines": "x" + "\\\n.a" * 20_000,
    "attributes over lines in brackets": "(x" + "\n.a" * 20_000 + ")",
    "calls of calls": "f" + "(1, 2)" * 20_000,
    "sum": "x" + "+x" * 20_000,
    "conditionals": "x if y else " * 20_000 + "x",
    "lambdas": "lambda a, b: " * 20_000 + "x",
    "comprehensions": "[x " + "for a, b in c " * 20_000 + "]",
    "elif": "if x: pass\n" + "elif x: pass\n" * 20_000,
    "patterns": "match x:\n  case " + "[" * 30 + "]" * 30 + ": pass",
    "mapping patterns": "match x:\n  case " + "{1: " * 12 + "x" + "}" * 12 + ": pass",
}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
def test_what_would_take_the_process_down_is_read_as_text(source: str) -> None:
    scanned = read(f"H = '10.0.0.1'\n{source}\n")

    assert "deep" in scanned.unparsable
    assert [literal.view.text for literal in scanned.literals][:1] == ["10.0.0.1"]


FLAT = {
    "long table": "x = [\n" + "  ('a', f(-1.5), {'b': [not c.d, 2]}),\n" * 200 + "]",
    "long module": "a.b.c = d.e(f).g + -h\n" * 300,
    "dict of lambdas": "d = {" + "'a': lambda x, y: x,\n" * 300 + "}",
    "many ifs": "if x: pass\nelif y: pass\nelse: pass\n" * 200,
    "many patterns": "match x:\n" + "  case {'a': [b, (c, d)]}: pass\n" * 100,
    "long sum": "x = " + " + ".join(["'a'"] * 800),
    "case as a name": "case = [[[[[[(((1)))]]]]]]",
}


@pytest.mark.parametrize("source", FLAT.values(), ids=FLAT)
def test_what_is_long_is_not_deep(source: str) -> None:
    assert not read(f"H = '10.0.0.1'\n{source}\n").unparsable


def test_strings_that_are_not_where_the_tree_says_are_given_up() -> None:
    text = "H = '10.0.0.1'"
    tokens = lex("H = '10.0.0.2'").tokens
    views = [view_of(text, token) for token in tokens]

    with pytest.raises(NotPythonError, match="certain place"):
        python_literals.read(text, lex("H = ['10.0.0.1']").tokens, views, bool)
    with pytest.raises(NotPythonError, match="certain place"):
        python_literals.read(text, (), (), bool)
