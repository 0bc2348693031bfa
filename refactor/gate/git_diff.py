"""Which lines a patch of git's gives anew (git-diff(1), "Generating patch text with -p")."""

from __future__ import annotations

import ast
import os
import re
from collections import defaultdict
from collections.abc import Iterator

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_NEW = b"+++ "


def changed_lines(patch: bytes) -> dict[str, list[range]]:
    """Return the numbers, from 1, of the lines that are new or other, by file."""
    found: defaultdict[str, list[range]] = defaultdict(list)
    name = ""
    lines = iter(patch.split(b"\n"))
    for line in lines:
        if line.startswith(_NEW):
            name = _name(line[len(_NEW) :])
        elif hunk := _HUNK.match(line):
            start, count = int(hunk[2]), _count(hunk[3])
            if count:
                found[name].append(range(start, start + count))
            _pass_over(lines, _count(hunk[1]) + count)
    return dict(found)


def _count(digits: bytes | None) -> int:
    return 1 if digits is None else int(digits)


def _pass_over(lines: Iterator[bytes], count: int) -> None:
    """Read a hunk's lines, which may hold anything, a header's look included."""
    while count:
        if not next(lines, b"").startswith(b"\\"):
            count -= 1


def _name(text: bytes) -> str:
    if text.startswith(b'"'):
        # git quotes as C does, which is as Python does for bytes.
        text = ast.literal_eval("b" + text.decode("ascii"))
    return os.fsdecode(text.rstrip(b"\t").removeprefix(b"b/"))
