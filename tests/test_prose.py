"""Comments and docstrings are plain English: the turns of phrase that readers stumbled over."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

import pytest

from tests.test_floors import FILES, PACKAGE

RIDDLES = {
    "what of X": re.compile(r"\b[Ww]hat of (?!it\b)"),
    "is none": re.compile(r"(?<!there )\b(?:is|are) none\b(?! (?:left|is)\b)"),
    "nobody": re.compile(r"\b(?:[Nn]obody|[Ss]omebody|[Ww]hoever)\b"),
    "manyeth": re.compile(r"manyeth"),
}


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Yield comments and docstrings, each with its line."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.lineno, str(node.value.value)


def riddles(name: str) -> list[str]:
    pattern = RIDDLES[name]
    return [
        f"{path.relative_to(PACKAGE)}:{line + told[: found.start()].count(chr(10))}: {found[0]}"
        for path in FILES
        if pattern.search(text := path.read_text("utf-8"))
        for line, told in prose(text)
        for found in pattern.finditer(told)
    ]


@pytest.mark.parametrize("name", RIDDLES)
def test_no_riddle(name: str) -> None:
    assert riddles(name) == []


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ('"""What of an object is kept."""', "what of X", True),
        ('"""The address, None where it is none."""', "is none", True),
        ("x = 1  # nobody asks\n", "nobody", True),
        ('"""The port, 0 where there is none."""', "is none", False),
        ('x = "nobody has it"\n', "nobody", False),
        ('"""Say what of it is left."""', "what of X", False),
    ],
)
def test_what_a_riddle_is(text: str, name: str, found: bool) -> None:
    assert any(RIDDLES[name].search(told) for _, told in prose(text)) is found
