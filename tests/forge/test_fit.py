"""Titles and bodies, cut and marked."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.campaign.forge.pull_text import DraftMarks, fitted, same, short

NOTE = "_The rest is left out: it is longer than a pull request may be._\n"
MARKS = DraftMarks("Draft: ", re.compile(r"^\s*(draft:\s*)+", re.IGNORECASE), 40)


def test_what_fits_is_left_as_it_is() -> None:
    text = "```\n" + "x" * 996

    assert fitted(text, 1000) == text


@pytest.mark.parametrize(
    ("begin", "line", "end"),
    [
        ("", "text", "text\n\n"),
        ("```diff\n", "+ a", "+ a\n```\n\n"),
        ("````\n```\n", "x", "x\n````\n\n"),
        ("~~~\n", "```", "```\n~~~\n\n"),
        ("```\na\n```\n", "text", "text\n\n"),
        ("<details>\n<details>\n\n", "x", "x\n\n</details>\n\n</details>\n\n"),
        ("<details>\nx\n</details>\n", "x", "x\n\n"),
        ("<details>\n\n```\n", "x", "x\n```\n\n</details>\n\n"),
    ],
    ids=[
        "text",
        "code",
        "longer-fence",
        "other-fence",
        "closed-code",
        "folds",
        "closed-fold",
        "code-in-a-fold",
    ],
)
def test_cut_at_a_line_and_closed(begin: str, line: str, end: str) -> None:
    cut = fitted(begin + f"{line}\n" * 1000, 1000)

    assert cut.startswith(begin)
    assert cut.endswith(f"{line}\n{end.partition(chr(10))[2]}{NOTE}")
    assert 600 < len(cut) <= 1000


def test_one_long_line_is_cut_within() -> None:
    assert fitted("x" * 5000, 1000).startswith("x" * 600)


@given(
    text=st.text(st.sampled_from("`~<>/details \nx"), max_size=3000), limit=st.integers(1000, 1200)
)
def test_never_longer_than_it_may_be(text: str, limit: int) -> None:
    assert len(fitted(text, limit)) <= limit
    assert fitted(fitted(text, limit), limit) == fitted(text, limit)


@pytest.mark.parametrize(
    ("title", "draft", "marked"),
    [
        ("Call", True, "Draft: Call"),
        ("Call", False, "Call"),
        ("draft: Call", False, "Call"),
        ("Draft: draft: Call", True, "Draft: Call"),
        ("Drafting: Call", False, "Drafting: Call"),
        ("Call\n  by name", True, "Draft: Call by name"),
        ("x" * 60, True, "Draft: " + "x" * 32 + "…"),
        ("Draft:", False, "Draft:"),
    ],
)
def test_marks(title: str, draft: bool, marked: str) -> None:
    assert MARKS.title(title, draft=draft) == marked


@pytest.mark.parametrize(
    ("title", "limit", "cut"), [("abc", 3, "abc"), ("abcd", 3, "ab…"), (" a \t b ", 9, "a b")]
)
def test_short(title: str, limit: int, cut: str) -> None:
    assert short(title, limit) == cut


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("a\r\nb", "a\nb\n", True),
        (None, "", True),
        (" a", "a", True),
        ("a b", "a  b", False),
        ("a\n\nb", "a\nb", False),
        ("A", "a", False),
    ],
)
def test_same(one: str | None, other: str | None, are: bool) -> None:
    assert same(one, other) is are
