"""Each promise of the documents on safety names the test that holds it, and that test is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
_HELD = re.compile(r"<!-- held by (tests/[\w/]+\.py)(?:::(\w+))?(?:::(\w+))? -->")
_PROMISED = re.compile(r"## What is promised\n(.*?)(?=\n## )", re.DOTALL)
_FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


def promises(document: str) -> list[str]:
    """Return the items of lists, the tables, and the paragraphs that begin in bold, with their marks."""
    parts = re.split(r"\n(?=- )|\n\n", _FENCE.sub("", document))
    found: list[str] = []
    for part in map(str.strip, parts):
        if part.startswith("<!-- held by") and found:
            found[-1] += "\n" + part
        elif _promises(part):
            found.append(part)
    return found


def _promises(part: str) -> bool:
    in_bold = part.startswith("**") and not part.endswith("**")
    return part.startswith(("- ", "| ")) or in_bold


def promised() -> list[str]:
    """Return the promises of both documents."""
    security = _PROMISED.search((TOP / "SECURITY.md").read_text("utf-8"))
    assert security
    return promises(security[1]) + promises((TOP / "docs/safety.md").read_text("utf-8"))


def named(path: str) -> set[str]:
    """Return the tests and classes of tests that a file defines."""
    nodes = ast.walk(ast.parse((TOP / path).read_text("utf-8")))
    return {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}


@pytest.mark.parametrize("promise", promised(), ids=lambda text: text[:50])
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


MARK = "<!-- held by tests/a.py -->"
DOCUMENTS = {
    f"- One. {MARK}\n- Two.\n": [True, False],
    f"It is so.\n\n- One\n  and more.\n  {MARK}\n": [True],
    f"| a |\n| --- |\n| b |\n\n{MARK}\n\nSaid.\n\n| c |\n": [True, False],
    f"**Bold.** One. {MARK}\n\n**Bold.** Two.\n\n**A head.**\n": [True, False],
    "```\n- no item\n```\n\nProse - with a dash.\n": [],
}


@pytest.mark.parametrize(("document", "held"), DOCUMENTS.items())
def test_a_promise_without_a_test_is_seen(document: str, held: list[bool]) -> None:
    assert [bool(_HELD.search(one)) for one in promises(document)] == held
