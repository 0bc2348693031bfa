"""A document compared in pieces gives what it gives as a whole (docs/semantics.md, section 6, step 2)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.plan.proof.pieces import differing
from refactor.plan.proof.syntax import _DiffersError, _events_differ, _UnreadableError

# Each may stand before or behind any other: open quotes, blocks, flow, anchors, what is no key.
FRAGMENTS = [
    "a: 10.0.0.1\n", "b:\n  c: 10.0.0.1\n  d: [1, 2]\n", "e:\n- 10.0.0.1\n- f: g\n", "h: |\n  x 10.0.0.1\n\n",
    "i: >-\n  x\n\n  y\n", 'j: "x\n', "k: 'y\n  z'\n", 'l"\n', "m: {n: 10.0.0.1,\n", "o: p}\n", "q: &x 1\n",
    "r: *x\n", "# a: b\n", "? s\n: t\n", "---\n", "...\n", "u: v\n  w\n", "- z\n", "plain text\n", "\n", "x: !!str 1\n",
    "y: !t!u 1\n", "%TAG !t! tag:t\n", "--- |\n", "z:\n", "  deeper: 10.0.0.1\n", "aa: # 10.0.0.1\n", "\tbb: 1\n", "cc:\r\n  dd: 10.0.0.1\r\n",
]  # fmt: skip


def told(pairs: list[tuple[str, str]]) -> list[object]:
    found: list[object] = []
    try:
        for pair in pairs:
            found += _events_differ(*pair)
    except _UnreadableError:
        return ["unreadable"]  # whose message tells a line, that of the piece
    except _DiffersError as error:
        found.append(str(error).split(":")[0])
    return found


@given(
    st.lists(st.sampled_from(FRAGMENTS), max_size=7),
    st.lists(
        st.sampled_from(["orders", "orders: x", '"orders"', "[orders", "|", "10.0.0.1\nff: 1"]),
        max_size=3,
    ),
)
def test_pieces_tell_what_the_whole_tells(fragments: list[str], names: list[str]) -> None:
    before = after = "".join(fragments)
    for name in names:
        after = after.replace("10.0.0.1", name, 1)

    assert told(differing(before, after)) == told([(before, after)])


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("a: 1\nb:\n  c: 10.0.0.1\nd: 2\n", ["b:\n  c: 10.0.0.1\n"]),
        ("# top\n---\nb: 10.0.0.1\nd: 10.0.0.1\n", ["b: 10.0.0.1\n", "d: 10.0.0.1\n"]),
        ("a: 10.0.0.1\n", None),
        ("--- |\na: 10.0.0.1\nb: 1\n", None),  # the root is one text
        ("a: '\nb: 10.0.0.1\n'\n", None),  # b is no key
        ("a: {x: 1,\nb: 10.0.0.1}\n", None),
        ("a: 1\nb: 10.0.0.1\n---\nc: 1\n", None),  # two documents
    ],
)
def test_what_is_cut(text: str, pieces: list[str] | None) -> None:
    after = text.replace("10.0.0.1", "orders")

    cut = [(piece, piece.replace("10.0.0.1", "orders")) for piece in pieces or [text]]
    assert differing(text, after) == cut
