"""Patches of git's to line numbers, whatever the patched files hold."""

from __future__ import annotations

import pytest

from refactor.gate.git_diff import changed_lines


def header(name: bytes) -> bytes:
    return b"diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ " + name + b"\n"


CASES = [
    ("nothing", b"", {}),
    ("one line", header(b"b/x") + b"@@ -2 +2 @@ where\n-a\n+b\n", {"x": [range(2, 3)]}),
    ("several", header(b"b/x") + b"@@ -2,0 +3,2 @@\n+a\n+b\n@@ -9 +11 @@\n-a\n+b\n", {"x": [range(3, 5), range(11, 12)]}),
    ("lines taken away", header(b"b/x") + b"@@ -2,3 +1,0 @@\n-a\n-b\n-c\n", {}),
    ("no line feed at the end", header(b"b/x") + b"@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n", {"x": [range(1, 2)]}),
    ("a line that looks like a header", header(b"b/x") + b"@@ -1,0 +1,2 @@\n+++ b/y\n+@@ -1 +9 @@\n", {"x": [range(1, 3)]}),
    ("a line taken away that looks like one", header(b"b/x") + b"@@ -1,2 +1 @@\n--- a/y\n-@@ -1 +9 @@\n+c\n", {"x": [range(1, 2)]}),
    ("carriage returns stay in their line", header(b"b/x") + b"@@ -0,0 +1 @@\n+a\r+++ b/y\r\n", {"x": [range(1, 2)]}),
    ("a name with a space", header(b"b/a b\t") + b"@@ -0,0 +1 @@\n+a\n", {"a b": [range(1, 2)]}),
    ("a quoted name", header(rb'"b/\303\244\t\"\\\n"') + b"@@ -0,0 +1 @@\n+a\n", {'ä\t"\\\n': [range(1, 2)]}),
    ("a name that is no UTF-8", header(rb'"b/\377"') + b"@@ -0,0 +1 @@\n+a\n", {"\udcff": [range(1, 2)]}),
    ("a binary file", b"diff --git a/x b/x\nBinary files a/x and b/x differ\n", {}),
    ("a rename", b"diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n", {}),
    ("cut off", header(b"b/x") + b"@@ -0,0 +1,3 @@\n+a", {"x": [range(1, 4)]}),
]  # fmt: skip


@pytest.mark.parametrize(("patch", "want"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_changed_lines(patch: bytes, want: dict[str, list[range]]) -> None:
    assert changed_lines(patch) == want
