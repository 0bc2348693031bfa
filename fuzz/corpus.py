"""The inputs that the fuzzer grew, kept in the repository: few, small, each for its own lines.

`python -m fuzz.corpus TARGET` chooses them anew from build/fuzz/TARGET.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import Any

import refactor

KEPT = Path(__file__).parent.parent / "tests" / "fuzz_corpus"
PACKAGE = os.path.dirname(refactor.__file__) + os.sep
LONGEST = 600
"""Bytes of an input that is kept."""
ROOM = 24_000
"""Bytes that the kept inputs of one target may have together."""


def load(name: str) -> list[bytes]:
    """Return what is kept of a target."""
    file = KEPT / f"{name}.json"
    return (
        [text.encode("latin-1") for text in json.loads(file.read_text())] if file.exists() else []
    )


def save(name: str, inputs: Iterable[bytes]) -> None:
    """Keep these, one a line; a byte is the letter of its number."""
    rows = ",\n".join(json.dumps(data.decode("latin-1")) for data in inputs)
    KEPT.mkdir(exist_ok=True)
    (KEPT / f"{name}.json").write_text(f"[\n{rows}\n]\n")


def steps(check: Any, data: bytes) -> frozenset[tuple[Any, ...]]:
    """Return the steps from line to line, within `refactor`, that an input makes.

    Each comes with how often, in powers of two: what is gone through many times counts as new.
    """
    seen: Counter[tuple[str, int, int]] = Counter()

    def enter(frame: FrameType, event: str, arg: object) -> Any:
        file = frame.f_code.co_filename
        if not file.startswith(PACKAGE):
            return None
        last = 0

        def line(frame: FrameType, event: str, arg: object) -> Any:
            nonlocal last
            if event == "line":
                seen[file, last, frame.f_lineno] += 1
                last = frame.f_lineno
            return line

        return line

    sys.settrace(enter)
    try:
        check(data)
    finally:
        sys.settrace(None)
    return frozenset((step, count.bit_length()) for step, count in seen.items())


def choose(check: Any, inputs: Iterable[bytes], known: Iterable[bytes] = ()) -> list[bytes]:
    """Return the shortest inputs that, one after another, make steps not made before.

    Args:
        check: of the target.
        inputs: to choose from.
        known: what the suite tries anyhow, whose steps do not count.
    """
    seen: set[tuple[Any, ...]] = set()
    for data in known:
        seen |= steps(check, data)
    chosen, room = [], ROOM
    for data in sorted(
        {data for data in inputs if len(data) <= LONGEST}, key=lambda d: (len(d), d)
    ):
        new = steps(check, data) - seen
        if new and len(data) <= room:
            chosen.append(data)
            room -= len(data)
            seen |= new
    return chosen


if __name__ == "__main__":
    from fuzz.targets import TARGETS, seeds

    for target in sys.argv[1:] or TARGETS:
        grown = [path.read_bytes() for path in Path("build/fuzz", target, "corpus").glob("*")]
        found = choose(TARGETS[target].check, [*grown, *load(target)], seeds(TARGETS[target]))
        save(target, found)
        print(target, len(grown), "grown,", len(found), "kept,", sum(map(len, found)), "bytes")
