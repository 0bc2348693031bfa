"""Strings that a scanner hands over: what is a document, and where its literals come back to."""

from __future__ import annotations

import re
from itertools import count

import pytest

from refactor.scan import embedded
from refactor.text.view import HOLE, Piece, View, ViewBuilder

IP = re.compile(r"\d+\.\d+\.\d+\.\d+")


def wanted(text: str) -> bool:
    return bool(IP.search(text))


def test_a_string_of_another_language() -> None:
    """What the Python scanner hands over: holes, no path of YAML, scopes of its own."""
    builder = ViewBuilder()
    builder.keep("\nhost: 10.0.0.1\nport: ", 40)
    builder.put(HOLE)
    builder.keep("\nother: 10.0.0.2\n", 70)

    found = embedded.literals(
        builder.view(), "CONFIG", wanted, scopes=count(9), path=("CONFIG",), tags=frozenset({"x"})
    )

    assert found is not None
    assert [(item.key, item.path, item.scope, item.tags) for item in found] == [
        ("host", ("CONFIG", "host"), 9, {"x", "embedded"}),
        ("other", ("CONFIG", "other"), 9, {"x", "embedded"}),
    ]
    assert [item.view.pieces for item in found] == [(Piece(0, 47, 8),), (Piece(0, 78, 8),)]


@pytest.mark.parametrize("text", ["10.0.0.1", "host=10.0.0.1", "[10.0.0.1]", "\n10.0.0.1\n"])
def test_one_line_is_no_document(text: str) -> None:
    assert embedded.literals(View.plain(text), "a.yaml", wanted, scopes=count()) is None


def test_below_the_bound_nothing_is_a_document() -> None:
    view = View.plain('{"a": "10.0.0.1"}')

    assert embedded.literals(view, "", wanted, scopes=count(), depth=embedded.MAX_DEPTH) is None
