"""The compiled matcher and Python's `re` give the very same answer: neither misses a file."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refactor.addresses.hints import CANDIDATE
from refactor.addresses.matcher import Matcher, compiled
from tests.forms import files

HOLDS = compiled()
PIECES = [
    b"10.0.0.1", b"1.2.3", b"1.2.3.4", b"v1.2.3.4", b"1234.5.6.7", b"::1", b"fd00::", b"fd00::1", b"[::",
    b"::ffff:10.0.0.1", b"a::b", b"std::string", b"abcd::", b":abcd::", b"1:2:3:4:5:6:7:8", b"1:2:3:4:5:6:7",
    b"10-0-0-1.shop.pod", b"10-0-0-1.a.shop.svc", b"x-y.z.svc", b"a-b.c.pod.cluster.local", b"A-F.c.d.SVC",
    b"0-1.c.Pod", b"\x00", b"\xff\xfe", b".", b":", b"-", b" ", b"\n", b"]", b"%", b"9", b"f", b"g",
]  # fmt: skip

needs_it = pytest.mark.skipif(HOLDS is None, reason="hyperscan has no wheel for this platform")


@needs_it
@given(st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join))
def test_the_same_answer_for_pieces(data: bytes) -> None:
    assert HOLDS is not None
    assert HOLDS(data) == (CANDIDATE.search(data) is not None)


@needs_it
@given(
    st.binary(max_size=200) | st.text("0123456789abcdef.:-[]%/ svcpod", max_size=80).map(str.encode)
)
def test_the_same_answer_for_anything(data: bytes) -> None:
    assert HOLDS is not None
    assert HOLDS(data) == (CANDIDATE.search(data) is not None)


@settings(deadline=None, max_examples=30)  # each compiles anew
@given(files(), st.integers(0, 2000))
def test_whichever_is_at_work(file: tuple[str, bytes], small: int) -> None:
    matcher = Matcher(small)

    for _ in range(3):
        assert matcher.may_hold(file[1]) == (CANDIDATE.search(file[1]) is not None)
    assert not matcher.may_hold(b"nothing here")


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "hyperscan", None)
    matcher = Matcher(0)

    assert compiled() is None
    assert [matcher.may_hold(data) for data in (b"x", b"10.0.0.1", b"y")] == [False, True, False]
