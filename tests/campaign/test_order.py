"""Providers come first, circles are cut and told."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.campaign.order import ServiceRequest, Wait, order


def ask(name: str, provides: Iterable[str] = (), needs: Iterable[str] = ()) -> ServiceRequest:
    return ServiceRequest(name, frozenset(provides), frozenset(needs))


def test_a_provider_comes_first() -> None:
    found = order(
        [ask("a", needs=["s/z"]), ask("b", needs=["s/a"]), ask("z", ["s/z"]), ask("m", ["s/a"])]
    )

    assert found.waits == {"a": (Wait("z", "s/z"),), "b": (Wait("m", "s/a"),)}
    assert found.names.index("z") < found.names.index("a")
    assert found.names.index("m") < found.names.index("b")
    assert found.cycles == ()


@pytest.mark.parametrize(
    "asks",
    [
        pytest.param([ask("a"), ask("b")], id="nobody-needs"),
        pytest.param([ask("a", ["s/x"], ["s/x"])], id="own-service"),
        pytest.param([ask("a", needs=["s/x"]), ask("b", ["s/y"])], id="nobody-makes-it"),
    ],
)
def test_nobody_waits(asks: list[ServiceRequest]) -> None:
    assert order(asks).waits == {}


def test_a_service_that_nobody_makes_is_told() -> None:
    assert order([ask("a", needs=["s/x"])]).unmet == {"a": ("s/x",)}


def test_a_circle_is_told_and_nobody_in_it_waits() -> None:
    found = order(
        [
            ask("a", ["s/a"], ["s/b"]),
            ask("b", ["s/b"], ["s/c"]),
            ask("c", ["s/c"], ["s/a"]),
            ask("d", (), ["s/a"]),
        ]
    )

    assert found.cycles == (("a", "b", "c"),)
    assert found.cycle_of("b") == ("a", "b", "c")
    assert found.cycle_of("d") == ()
    assert found.waits == {"d": (Wait("a", "s/a"),)}


def test_two_circles_with_a_common_member_are_both_cut() -> None:
    found = order(
        [ask("a", ["s/a"], ["s/b", "s/c"]), ask("b", ["s/b"], ["s/a"]), ask("c", ["s/c"], ["s/a"])]
    )

    assert sorted(found.cycles) == [("a", "b"), ("a", "c")]
    assert found.waits == {}


NAMES = st.sampled_from("abcdef")


@given(st.dictionaries(NAMES, st.sets(NAMES)))
def test_whatever_is_needed_everybody_has_a_place_after_those_it_waits_for(
    needs: dict[str, set[str]],
) -> None:
    found = order(
        [ask(name, [f"s/{name}"], [f"s/{other}" for other in of]) for name, of in needs.items()]
    )

    assert sorted(found.names) == sorted(needs)
    for name, waits in found.waits.items():
        assert all(found.names.index(wait.provider) < found.names.index(name) for wait in waits)
