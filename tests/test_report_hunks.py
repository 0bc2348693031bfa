"""A file's edits as hunks: what changes, word by word, and nothing else."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.model import Edit
from refactor.report.diff_lines import Hunk, hunks
from refactor.text.source import splice
from refactor.text.view import Span


def edits_of(text: str, *swaps: tuple[str, str]) -> list[Edit]:
    found = []
    for number, (old, new) in enumerate(swaps):
        start = text.index(old)
        found.append(Edit("x.yaml", Span(start, start + len(old)), old, new, f"f{number}"))
    return sorted(found, key=lambda edit: edit.span)


def drawn(found: tuple[Hunk, ...]) -> str:
    """Hunks as a diff whose changed words stand in brackets."""
    lines = []
    for hunk in found:
        lines.append(hunk.head)
        for sign, side in hunk.unified():
            text = side.text
            for start, end in reversed(side.marks):
                text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
            lines.append(sign + text)
    return "\n".join(lines)


ROWS = [
    ("one word", "a\nurl: 1.2.3.4:80\nb\n", [("1.2.3.4", "web")],
     "@@ -1,3 +1,3 @@\n a\n-url: [1.2.3.4]:80\n+url: [web]:80\n b"),
    ("host and port", "x 1.2.3.4:8080 y", [("1.2.3.4", "web"), ("8080", "80")],
     "@@ -1 +1 @@\n-x [1.2.3.4]:[8080] y\n+x [web]:[80] y"),
    ("two lines running", "h: 1.2.3.4\np: 8080\n", [("1.2.3.4", "web"), ("8080", "80")],
     "@@ -1,2 +1,2 @@\n-h: [1.2.3.4]\n-p: [8080]\n+h: [web]\n+p: [80]"),
    ("a line put in", "import a\nx = 1\ny = 1.2.3.4\n", [("x", "import os\nx"), ("1.2.3.4", "web")],
     "@@ -1,3 +1,4 @@\n import a\n-[x] = 1\n-y = [1.2.3.4]\n+[import os]\n+[x] = 1\n+y = [web]"),
    ("no final newline", "a\nb 1.2.3.4", [("1.2.3.4", "web")],
     "@@ -1,2 +1,2 @@\n a\n-b [1.2.3.4]\n+b [web]"),
    ("line ends of Windows", "a\r\nb 1.2.3.4\r\nc\r\n", [("1.2.3.4", "web")],
     "@@ -1,3 +1,3 @@\n a\n-b [1.2.3.4]\n+b [web]\n c"),
    ("a form feed is no line end", "a\fb 1.2.3.4\n", [("1.2.3.4", "web")],
     "@@ -1 +1 @@\n-a\\x0cb [1.2.3.4]\n+a\\x0cb [web]"),
    ("a secret on the line", "u: p://me:s3cret@1.2.3.4/x", [("1.2.3.4", "web")],
     "@@ -1 +1 @@\n-u: p://me:***@[1.2.3.4]/x\n+u: p://me:***@[web]/x"),
    ("a secret above it", "password: s3cret\nu: 1.2.3.4", [("1.2.3.4", "web")],
     "@@ -1,2 +1,2 @@\n password: ***\n-u: [1.2.3.4]\n+u: [web]"),
    ("a secret told by the line above", "- name: DB_PASSWORD\n  value: s3cret\nu: 1.2.3.4", [("1.2.3.4", "web")],
     "@@ -1,3 +1,3 @@\n - name: DB_PASSWORD\n   value: ***\n-u: [1.2.3.4]\n+u: [web]"),
    ("escapes of a terminal", "\x1b[31m 1.2.3.4 \u202e", [("1.2.3.4", "web")],
     "@@ -1 +1 @@\n-\\x1b[31m [1.2.3.4] \\u202e\n+\\x1b[31m [web] \\u202e"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "swaps", "expected"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS])  # fmt: skip
def test_hunks(text: str, swaps: list[tuple[str, str]], expected: str) -> None:
    assert drawn(hunks(text, edits_of(text, *swaps))) == expected


def test_no_edits_no_hunks() -> None:
    assert hunks("a\nb\n", []) == ()


def test_far_apart_are_two_and_close_by_are_one() -> None:
    text = "1.1.1.1\n" + "x\n" * 4 + "2.2.2.2\n" + "x\n" * 5 + "3.3.3.3\n"
    swaps = [("1.1.1.1", "a"), ("2.2.2.2", "b"), ("3.3.3.3", "c")]

    found = hunks(text, edits_of(text, *swaps))
    assert [hunk.head for hunk in found] == ["@@ -1,8 +1,8 @@", "@@ -10,3 +10,3 @@"]
    assert [hunk.findings for hunk in found] == [{"f0", "f1"}, {"f2"}]


def test_only_what_is_wanted_changes_and_numbers_are_those_of_the_whole_file() -> None:
    text = "a\nx\ny: 1.1.1.1\nz: 2.2.2.2, 3.3.3.3\n"
    edits = edits_of(text, ("x", "import os\nx"), ("1.1.1.1", "a"), ("2.2.2.2", "b"), ("3.3.3.3", "c"))  # fmt: skip

    assert drawn(hunks(text, edits, wanted=["f2"])) == (
        "@@ -2,3 +3,3 @@\n x\n y: 1.1.1.1\n-z: [2.2.2.2], [3.3.3.3]\n+z: [b], [c]"
    )
    assert hunks(text, edits, wanted=["other"]) == ()


LINES = st.lists(st.sampled_from(["a", "b: 9.9.9.9", "", "c 9.9.9.9 d 9.9.9.9", "\t", "9.9.9.9"]), min_size=1, max_size=12)  # fmt: skip


@given(LINES, st.data())
def test_hunks_are_a_patch_that_gives_what_the_edits_give(lines: list[str], data) -> None:
    text = "\n".join(lines)
    starts = [i for i in range(len(text)) if text.startswith("9.9.9.9", i)]
    chosen = [i for i in starts if data.draw(st.booleans())]
    news = [data.draw(st.sampled_from(["web", "x.y.z", "a\nweb", ""])) for _ in chosen]
    edits = [Edit("x", Span(i, i + 7), "9.9.9.9", new, "f") for i, new in zip(chosen, news, strict=True)]  # fmt: skip
    after = splice(text, [(*edit.span, edit.new) for edit in edits])

    given_lines, at = [], 0
    old_lines = text.split("\n")
    for hunk in hunks(text, edits):
        first = next(row.old for row in hunk.rows if row.old).number - 1
        given_lines += old_lines[at:first]
        given_lines += [side.text for sign, side in hunk.unified() if sign != "-"]
        at = first + sum(row.old is not None for row in hunk.rows)
        numbers = [row.new.number for row in hunk.rows if row.new]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        assert numbers[-1] == len(given_lines)
    given_lines += old_lines[at:]
    assert "\n".join(given_lines) == after


@given(LINES)
def test_one_for_one_swaps_read_as_difflib_has_them(lines: list[str]) -> None:
    text = "".join(f"{number} {line}\n" for number, line in enumerate(lines))
    starts = [i for i in range(len(text)) if text.startswith("9.9.9.9", i)]
    edits = [Edit("x", Span(i, i + 7), "9.9.9.9", "web", "f") for i in starts]
    theirs = difflib.unified_diff(text.split("\n")[:-1], text.replace("9.9.9.9", "web").split("\n")[:-1], n=2, lineterm="")  # fmt: skip

    mine = [line for hunk in hunks(text, edits) for line in (hunk.head, *(s + side.text for s, side in hunk.unified()))]  # fmt: skip
    assert mine == [*theirs][2:]
