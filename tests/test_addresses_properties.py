"""What holds for any text: spans hold what they say, the quick tests miss nothing, work is linear."""

from __future__ import annotations

import gc
import re
import sys
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.addresses import canonical, find, pod_record, urls, wanted, zone
from refactor.addresses.candidates import CANDIDATE
from refactor.model import Address
from refactor.text.view import HOLE

NAMES = frozenset({"worker-3", "lb.eu.example.com", "10.0.0.9", "redis"})
PARTS = [
    "10.0.0.1", "172.16.3.4", "127.0.0.1", "8.8.8.8", "1.2.3", "256.1.1.1", "010.0.0.1", "0.0.0.0",
    "fd00:10::17", "[fd00::1]", "::1", "::", "[::]", "fd00::", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1",
    "fd00:1:2:3:4:5:6:7", "fe80::1%eth0", "aa:bb:cc:dd:ee:ff", "10-0-4-17.shop.pod", "fd00-10--1.a.pod",
    "10-0-4-17.orders.shop.svc.cluster.local", "worker-3", "LB.eu.example.com", "redis",
    "http://", "jdbc:postgresql://", "://", "//", "ipv4:", "ipv6:", "dns:///", "u:p@", "tcp(", "host=",
    "port=", "Server=", "(HOST=", "-h ", "-p ", "--db-host=", "--db-port ", "${X:-", "}", "{", HOLE,
    ":80", ":5432", ":99999", ":0", ":080", ":http", ":", "/32", "/x", "-", ".", ",", ";", " ", "\n",
    "'", '"', "\\", "\\\\", "@", "%", "%d", "$", "=", "==", "v", "é", "\ud800", "\uff11", "K", "&&", "a",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PARTS), max_size=12).map("".join) | st.text(
    alphabet="0123456789abf.:-/[]%@, \n\ufffc", max_size=60
)


@given(TEXTS, st.sampled_from([frozenset(), NAMES]))
def test_addresses_stand_where_they_say(text: str, names: frozenset[str]) -> None:
    end = 0
    for address in find(text, names=names):
        assert end <= address.host_span.start < address.host_span.end <= len(text)
        end = address.host_span.end
        assert address.host_span.of(text) in (address.host, f"[{address.host}]")
        assert (address.port is None) == (address.port_span is None)
        if address.port_span:
            assert address.port_span.of(text) == str(address.port)
            assert 0 < (address.port or 0) < 65536
        if address.prefix_span:
            assert re.fullmatch("ipv[46]:(///)?", address.prefix_span.of(text))
        assert (address.form == "bare") == (address.host_span.of(text) == text.strip())
        _assert_kind(address, names)


def _assert_kind(address: Address, names: frozenset[str]) -> None:
    """A live address is private, a pod's record, or a name of the inventory."""
    if zone(address.host) != "name":
        assert address.bar or zone(address.host) == "private"
    elif not address.bar:
        assert pod_record(address.host) or canonical(address.host) in names


@given(TEXTS, st.sampled_from([frozenset(), NAMES]))
def test_what_is_found_is_wanted(text: str, names: frozenset[str]) -> None:
    assert wanted(text, names) or not find(text, names=names)


@given(TEXTS, st.sampled_from(["utf-8", "latin-1"]))
def test_what_is_found_is_a_candidate(text: str, encoding: str) -> None:
    data = text.encode(encoding, "replace" if encoding == "latin-1" else "surrogatepass")

    assert CANDIDATE.search(data) or not find(text)


@given(TEXTS | st.text(max_size=20))
def test_canonical_is_idempotent(host: str) -> None:
    assert canonical(canonical(host)) == canonical(host)
    assert zone(host)


@given(st.ip_addresses())
def test_every_ip_alone_is_found_whole(ip: object) -> None:
    host = f"[{ip}]" if ":" in str(ip) else str(ip)
    (address,) = find(f"http://u:p@{host}:8080/x")

    assert (canonical(address.host), address.port) == (canonical(str(ip)), 8080)
    assert address.bar in ("", zone(str(ip)), "nat64")


HOSTILE = [
    "1.", "1.1.1.1.", "::", ":", "a:", "a::", "ab:", "http://", "dns:", "dns:///", "//", "://,", "@",
    "u:p@", "10.0.0.1,", "10.0.0.1:80,", "10.0.0.1@", "10.0.0.1 ", "10.0.0.1-", "10.0.0.1:", "[fd00::1]",
    "[", "fd00::1,", "fd00::1 ", "a-", "1-1-1-1.a.pod.", "1-", "a.", "host=", "host=10.0.0.1 ", "host=1,",
    "port=1 host=10.0.0.1 ", "server=10.0.0.1,", "-h 10.0.0.1 ", "-h", "--a ", "--a=1,", "-p 1 ", "${a:-",
    "${", "tcp(", "jdbc:oracle:thin:", "ipv4:", "ipv4:10.0.0.1,", " ", "\n", "=", HOLE, "9", "worker-3:",
    "worker-3,", "redis.",
]  # fmt: skip


def steps(text: str) -> int:
    """How many lines of Python run, and how many addresses are made, for a text."""
    count = 0

    def trace(frame: FrameType, event: str, arg: object) -> object:
        nonlocal count
        count += 1
        return trace

    before = sys.gettrace()
    gc.disable()  # what it would end has steps of its own
    sys.settrace(trace)
    try:
        find(text, names=NAMES)
    finally:
        sys.settrace(before)
        gc.enable()
    return count


@pytest.mark.parametrize("part", HOSTILE)
def test_twice_the_text_takes_twice_the_steps(part: str) -> None:
    lead = "http://u:10.0.0.1:"
    once, twice = (steps(lead + part * n + " 10.0.0.1") for n in (200, 400))

    assert twice <= 2.1 * once + 100


@pytest.mark.parametrize("part", [part for part in HOSTILE if not find(part * 9)])
def test_a_long_text_of_what_is_no_host_ends(part: str) -> None:
    """The scans in C have no steps to count: one that is not linear does not end here."""
    text = ("http://u:10.0.0.1:" + part * (300_000 // len(part)))[:300_000]

    assert len(find(text + " 10.0.0.2")) <= 2
    assert wanted(text)
    assert CANDIDATE.search(text.encode())


def test_a_long_list_is_found_whole() -> None:
    assert len(find("10.0.0.1:80," * 20_000)) == 20_000


SIGNS = ["jdbc:oracle:thin:@", "JDBC:Oracle:x:@", "IPv4:", "ipv6", "dns:", "DNS", "Passthrough:"]
SIGNS += [
    "sip:",
    "sips:",
    "\u017fip:",
    "stun:",
    "TURNS:",
    "tcp4(",
    "UDP(",
    "//",
    ":",
    "x",
    " ",
    "@h",
]


@given(st.lists(st.sampled_from([*SIGNS, *PARTS]), max_size=8).map("".join))
def test_the_quick_test_for_urls_misses_none(text: str) -> None:
    assert urls._may_hold(text) or not urls._URL.search(text)


@pytest.mark.parametrize("sign", urls._SIGNS)
def test_each_sign_is_one(sign: str) -> None:
    """A text that it alone lets through is one that matches."""
    assert urls._may_hold(sign.upper())
    assert urls._URL.search(sign.replace("oracle:", "jdbc:oracle:thin:@") + "h")


@pytest.mark.parametrize(
    "text", ["h = 10.0.0.1:80", "a: b", "", "dns", "x:y:z", "sip.example.com:5"]
)
def test_most_texts_are_not_looked_through(text: str) -> None:
    assert not urls._may_hold(text)
