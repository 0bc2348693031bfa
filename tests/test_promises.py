"""Each promise of the documents on safety names the test that holds it, and that test is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
_HELD = re.compile(r"<!-- held by (tests/[\w/]+\.py)(?:::(\w+))?(?:::(\w+))? -->")
_PROMISED = re.compile(r"## What is promised\n(.*?)(?=\n## )", re.DOTALL)


def promises(document: str) -> list[str]:
    """Return the items of lists, and the paragraphs that promise something in bold."""
    found = _PROMISED.search(document)
    assert found
    parts = re.split(r"\n(?=- )|\n\n", found[1])
    return [part.strip() for part in parts if _promises(part.strip())]


def _promises(part: str) -> bool:
    return part.startswith("- ") or (part.startswith("**") and not part.endswith("**"))


def named(path: str) -> set[str]:
    """Return the tests and classes of tests that a file defines."""
    nodes = ast.walk(ast.parse((TOP / path).read_text("utf-8")))
    return {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}


@pytest.mark.parametrize(
    "promise", promises((TOP / "SECURITY.md").read_text("utf-8")), ids=lambda text: text[:50]
)
def test_a_promise_names_its_test(promise: str) -> None:
    assert _HELD.search(promise), promise


@pytest.mark.parametrize("document", ["SECURITY.md", "docs/safety.md"])
def test_a_test_that_is_named_is_there(document: str) -> None:
    text = (TOP / document).read_text("utf-8")
    held = _HELD.findall(text)

    assert held
    assert len(held) == text.count("<!-- held by")
    lacking = [one for one in held if not {*one[1:]} - {""} <= named(one[0])]
    assert not lacking


def test_a_promise_without_a_test_is_seen() -> None:
    document = (
        "## What is promised\n\n- One. <!-- held by tests/a.py -->\n- Two.\n\n## Else\n- No.\n"
    )

    assert [bool(_HELD.search(one)) for one in promises(document)] == [True, False]
