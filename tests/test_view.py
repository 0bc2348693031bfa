"""Views lead back to the source, or say that they cannot."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from refactor.text.view import Piece, Span, View, ViewBuilder

PARTS = st.lists(st.tuples(st.booleans(), st.text(max_size=8)), max_size=12)


def build(parts: list[tuple[bool, str]]) -> tuple[str, View]:
    """A source in which only the kept parts stand, with other text between them."""
    builder, source = ViewBuilder(), ""
    for kept, text in parts:
        if kept:
            builder.keep(text, len(source))
            source += text
        else:
            builder.put(text)
            source += "\\x" * len(text)
    return source, builder.view()


@given(PARTS)
def test_what_is_located_stands_there(parts: list[tuple[bool, str]]) -> None:
    source, view = build(parts)

    for start in range(len(view.text)):
        for end in range(start + 1, len(view.text) + 1):
            span = view.locate(start, end)
            assert span is None or span.of(source) == view.text[start:end]


@given(PARTS, st.integers(0, 40), st.integers(0, 40))
def test_a_part_of_a_view_leads_to_the_same_place(
    parts: list[tuple[bool, str]], low: int, size: int
) -> None:
    _, view = build(parts)
    low = min(low, len(view.text))
    high = min(low + size, len(view.text))
    part = view.sub(low, high)

    assert part.text == view.text[low:high]
    for at in range(high - low):
        assert part.locate(at, at + 1) == view.locate(low + at, low + at + 1)


@given(PARTS, PARTS)
def test_through_composes(outer: list[tuple[bool, str]], inner: list[tuple[bool, str]]) -> None:
    middle_source, inner_view = build(inner)
    source = "::" + middle_source
    outer_view = View(middle_source, (Piece(0, 2, len(middle_source)),) if middle_source else ())
    composed = outer_view.through(inner_view)

    assert composed.text == inner_view.text
    for at in range(len(composed.text)):
        span = composed.locate(at, at + 1)
        assert (span is None) == (inner_view.locate(at, at + 1) is None)
        assert span is None or span.of(source) == composed.text[at]


def test_a_stretch_over_two_pieces_has_no_place_of_its_own() -> None:
    view = View("10.0.0.1", (Piece(0, 5, 4), Piece(4, 30, 4)))

    assert view.locate(0, 8) is None
    assert view.around(0, 8) == Span(5, 34)
    assert view.locate(4, 8) == Span(30, 34)


def test_touching_pieces_become_one() -> None:
    builder = ViewBuilder()
    builder.keep("ab", 3)
    builder.keep("cd", 5)
    builder.keep("ef", 9)

    assert builder.view().pieces == (Piece(0, 3, 4), Piece(4, 9, 2))
