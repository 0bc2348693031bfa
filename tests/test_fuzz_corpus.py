"""What fuzzing grew, and what it found, replayed without the fuzzer.

`python -m fuzz` says how it is grown; `python -m fuzz.corpus` chooses what is kept.
"""

from __future__ import annotations

import pytest

from fuzz.corpus import KEPT, LONGEST, ROOM, load
from fuzz.targets import TARGETS, seeds


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_kept_holds(name: str) -> None:
    for data in load(name):
        TARGETS[name].check(data)


@pytest.mark.parametrize("name", TARGETS)
def test_what_fuzzing_begins_with_holds(name: str) -> None:
    for data in seeds(TARGETS[name]):
        TARGETS[name].check(data)


def test_the_corpora_stay_small() -> None:
    kept = {name: load(name) for name in TARGETS}

    assert all(kept.values())
    assert {file.stem for file in KEPT.glob("*.json")} == set(TARGETS)
    assert max(len(data) for inputs in kept.values() for data in inputs) <= LONGEST
    assert all(sum(map(len, inputs)) <= ROOM for inputs in kept.values())


# What fuzzing found, each as short as it gets; the fix has a test of its own beside its code.
FOUND = [
    ("python", "bytes that are no text in a name escape", b"'\\N{NO SUCH0.\xff}10.0.0.1'"),
    ("template", "an action with an address for a port", b'10.0.0.1:{{":/10.0.0.1"}}'),
    ("text", "a mark of UTF-16 before an odd number of bytes", b"\xff\xfe10.0.0.1 10"),
    ("yaml", "a port with a zero before it", b"host: 10.0.0.1\nport: '04'"),
    ("journal", "a path that no file system has", b'{"number":1,"steps":[{"path":"\\ud800","before":"","after":"","temporary":".refactor-00000000-0.tmp"}]}'),
    ("plan", "a plan that is no UTF-8", b'{"format_version":1,"tool_version":"\x9f"}'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data"), [(n, d) for n, _, d in FOUND], ids=[f[1] for f in FOUND])
def test_what_was_found_holds(name: str, data: bytes) -> None:
    TARGETS[name].check(data)
