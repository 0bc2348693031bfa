"""The compiled matcher and Python's `re` give the very same answer: neither misses a file."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refactor.addresses.candidates import CANDIDATE, ROUGH
from refactor.addresses.known import names_filter
from refactor.addresses.matcher import Matcher, any_of
from tests.forms import files

HOLDS = Matcher(2000)
PIECES = [
    b"10.0.0.1", b"1.2.3", b"1.2.3.4", b"v1.2.3.4", b"1234.5.6.7", b"::1", b"fd00::", b"fd00::1", b"[::",
    b"::ffff:10.0.0.1", b"a::b", b"std::string", b"abcd::", b":abcd::", b"1:2:3:4:5:6:7:8", b"1:2:3:4:5:6:7",
    b"10-0-0-1.shop.pod", b"10-0-0-1.a.shop.svc", b"x-y.z.svc", b"fd00--.a.pod", b"a-b.c.pod.cluster.local", b"A-F.c.d.SVC",
    b"0-1.c.Pod", b"\x00", b"\xff\xfe", b".", b":", b"-", b" ", b"\n", b"]", b"%", b"9", b"f", b"g",
]  # fmt: skip

needs_it = pytest.mark.skipif(any_of([ROUGH]) is None, reason="hyperscan has no wheel here")


@needs_it
@given(st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join))
def test_the_same_answer_for_pieces(data: bytes) -> None:
    assert HOLDS.may_hold(data) == (CANDIDATE.search(data) is not None)


@needs_it
@given(
    st.binary(max_size=200) | st.text("0123456789abcdef.:-[]%/ svcpod", max_size=80).map(str.encode)
)
def test_the_same_answer_for_anything(data: bytes) -> None:
    assert HOLDS.may_hold(data) == (CANDIDATE.search(data) is not None)


@settings(deadline=None, max_examples=30)  # each compiles anew
@given(files(), st.sampled_from((0, 2000)))
def test_whichever_is_at_work(file: tuple[str, bytes], many: int) -> None:
    matcher = Matcher(many)

    for _ in range(3):
        assert matcher.may_hold(file[1]) == (CANDIDATE.search(file[1]) is not None)
    assert not matcher.may_hold(b"nothing here")


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "hyperscan", None)
    matcher = Matcher(2000)

    assert any_of([ROUGH]) is None
    assert [matcher.may_hold(data) for data in (b"x", b"10.0.0.1", b"y")] == [False, True, False]


NAMES = frozenset({"node-7", "orders-5d8f6b7c9-lm6gh", "db-0", "lb.example.com"})
MANY_NAMES = NAMES | {f"web-6d5f7c9b8d-{n:05d}" for n in range(3000)}
TOKENS = [
    *(name.encode() for name in sorted(NAMES)), b"DB-0", b"db-01", b"xdb-0", b"db-0.", b"web-6d5f7c9b8d-00042",
    b"web-6d5f7c9b8d-99999", b"WEB-6D5F7C9B8D-00001.shop", b"orders-5d8f6b7c9", b"://", b" ", b"\n", b":80", b"\xff",
]  # fmt: skip


@pytest.mark.parametrize("names", [NAMES, MANY_NAMES], ids=["few", "many"])
def test_names_are_found_the_same_way_in_few_files_and_in_many(names: frozenset[str]) -> None:
    slow, quick = names_filter(names, 0), names_filter(names, 2000)

    @given(st.lists(st.sampled_from(TOKENS), max_size=6).map(b"".join) | st.binary(max_size=60))
    def holds(data: bytes) -> None:
        assert quick(data) == quick(memoryview(data)) == slow(data)

    holds()
    assert quick(b"host: DB-0:80")
    assert not quick(b"host: xdb-0:80")
