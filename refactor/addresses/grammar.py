"""The address grammar: candidate hosts by one scan, then a look left and right of each.

Every scan is linear in the text: the windows around a host are bounded, and what is known of the
whole text (its URLs, DSNs and flags) is read once.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterator
from functools import cached_property
from typing import Literal as OneOf
from typing import TypeAlias

from refactor.addresses import bounds
from refactor.addresses.hints import wanted
from refactor.addresses.hosts import Host, hosts
from refactor.addresses.pairs import dsn_slots, flag_slots
from refactor.addresses.ports import BAD_PORT, NO_PORT, PortReading, legal, port_after
from refactor.addresses.ranges import is_nat64, zone
from refactor.addresses.slots import Slot
from refactor.addresses.urls import urls
from refactor.model import Address
from refactor.text.view import HOLE, Span

_Form: TypeAlias = OneOf["bare", "pair", "url", "dsn", "flag", "embedded"]

_SEPARATORS = re.compile(r"[\s,;]+")
# host:port, more colons behind it, and ZooKeeper's chroot behind the last
_PAIR = re.compile(
    rf"(?:\[[\w:.%-]{{2,80}}\]|[\w.-]+):(?:[0-9]|[{{%${HOLE}])[^\s,;/]*(?:/[^\s,;]*)?"
)
# Around an address behind a label's colon: others of one list.
_ITEM = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]{1,5})?"
_LISTED_ON = re.compile(rf"(?::[0-9]{{1,5}})?[,;][ \t]?(?:[\w.-]+:)?{_ITEM}(?![\w.])")
_LISTED = re.compile(rf"(?<![\w.]){_ITEM};[ \t]?[\w.-]+:\Z")
_WINDOW = 64  # code points
# ZooKeeper's second port; HAProxy's `server a 10.0.4.17:80 check port 81`.
_SECOND = re.compile(r":([0-9]{1,5})(?![\w.])")
_SERVER = re.compile(r"(?:^|\n)[ \t]*server[ \t]+\S+[ \t]+\Z")
_CHECK = re.compile(r"(?=[^\n]{0,200}\bcheck\b)[^\n]{0,200}\bport[ \t]+([0-9]{1,5})\b")
_EMPTY_PORT = re.compile(r":[/?#]")
_LEADING_ZERO = re.compile(r"\b0[0-9]")


def find(text: str, *, names: Container[str] = frozenset()) -> tuple[Address, ...]:
    """Return every address in a text, those ruled out by shape or range with their `bar`.

    Returns:
        In order of place; the spans are offsets into `text`.
    """
    return tuple(each(text, names=names))


def each(text: str, *, names: Container[str] = frozenset()) -> Iterator[Address]:
    """Yield what `find` returns, one by one: to know of one only, the rest is not read."""
    if not wanted(text, names):
        return
    reader: _TextReader | None = None
    for host in hosts(text, names):
        reader = reader or _TextReader(text)
        address = reader.address(host)
        if address is not None:
            yield address


class _TextReader:
    """What is known of one text as a whole."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._whole = Span(len(text) - len(text.lstrip()), len(text.rstrip()))
        read = urls(text)
        self._user_info = read.user_info
        self._slots = dsn_slots(text) | flag_slots(text) | read.slots

    def address(self, host: Host) -> Address | None:
        """Return the address that a candidate is, None if it is not one."""
        slot = self._slots.get(host.around.start)
        port = port_after(self._text, host.around)
        if self._is_user_info(host, slot, port) or self._is_label(host, slot, port):
            return None
        if host.kind == "name" and not self._is_host_place(host, slot, port):
            return None
        shape = self._shape(host, slot, port)
        if shape is None:
            return None
        if slot and slot.form == "url" and _EMPTY_PORT.match(self._text, host.around.end):
            port = BAD_PORT
        bar = slot.bar if slot else ""
        if slot and slot.port and port is NO_PORT:
            port = legal(slot.port, self._text)
        elif bar == "shared-port":  # each has its own
            bar = ""
        return Address(
            host=host.text,
            host_span=host.span,
            port=port.number,
            port_span=port.span,
            scheme=slot.scheme if slot else "",
            prefix_span=slot.prefix if slot else None,
            form=self._form(host, slot, port),
            open_port=port.open,
            other_port=self._other_port(host, port),
            bar=shape or _bar(host, port) or bar,
        )

    def _other_port(self, host: Host, port: PortReading) -> int | None:
        """A peer's second port, and the port of a health check further on in the line."""
        if port.span is None:
            return None
        second = _SECOND.match(self._text, port.span.end)
        if second is None and _SERVER.search(
            self._text, max(0, host.span.start - 200), host.span.start
        ):
            second = _CHECK.match(self._text, port.span.end)
        return int(second[1]) if second else None

    def _shape(self, host: Host, slot: Slot | None, port: PortReading) -> bounds.Shape:
        in_url = slot is not None and slot.form == "url"
        behind = bounds.right(self._text, host, in_url=in_url)
        if behind is None:
            return None
        if slot is None:
            before = bounds.left(self._text, host, has_port=port is not NO_PORT)
        else:
            before = "version" if bounds.says_version(slot.name) and port is NO_PORT else ""
        if before == "version" and self._is_labelled(host):
            before = ""
        if before is None or host.kind in ("name", "record"):
            return before and ""
        return behind if behind in ("cidr", "range") else before or behind

    def _is_user_info(self, host: Host, slot: Slot | None, port: PortReading) -> bool:
        """Whether a URL's host, or any with an `@` before it, is still to come."""
        if port.span and self._text[port.span.end : port.span.end + 1] == "@":
            return True
        at = host.span.start
        index = bisect_right(self._user_info, Span(at, len(self._text))) - 1
        return slot is None and index >= 0 and at < self._user_info[index].end

    def _is_label(self, host: Host, slot: Slot | None, port: PortReading) -> bool:
        """Whether it names what follows (`etcd-0=http://…`, `n1@…`, `dc1:10.0.4.1`)."""
        after = self._text[host.around.end : host.around.end + 2]
        if after[:1] == "=" and after != "==":
            return True
        return host.kind == "name" and (after[:1] == "@" or (port.bad and slot is None))

    def _is_labelled(self, host: Host) -> bool:
        """Whether the colon before it is a data centre's: `dc1:10.0.4.1,10.0.4.2;dc2:10.0.4.3`."""
        start, end = host.around
        return bool(
            _LISTED_ON.match(self._text, end)
            or _LISTED.search(self._text, max(0, start - _WINDOW), start)
        )

    def _is_host_place(self, host: Host, slot: Slot | None, port: PortReading) -> bool:
        """A name counts in a URL, before a port, in a DSN, as a host's flag, alone, or dotted."""
        if host.text.rstrip(".").count(".") >= 2 or host.span == self._whole:
            return True
        if slot is not None and slot.is_host:
            return True
        # `db:` alone is a key, or a target of make, and no address whose port is to come.
        is_key = slot is None and not self._text[host.around.end + 1 :].strip()
        is_dialled = port.number is not None or (port.open and not is_key)
        return is_dialled and (slot is not None or bounds.may_be_named(self._text, host.around))

    def _form(self, host: Host, slot: Slot | None, port: PortReading) -> _Form:
        if host.span == self._whole:
            return "bare"
        if slot is not None:
            return slot.form
        start, end = host.around
        if port is not NO_PORT and self._is_list and self._text[start - 1 : start] != ":":
            return "pair"
        has_path = self._text[end : end + 1] == "/" and not self._text[end + 1 : end + 2].isdigit()
        return "url" if port is NO_PORT and has_path else "embedded"

    @cached_property
    def _is_list(self) -> bool:
        parts = (part for part in _SEPARATORS.split(self._text) if part)
        return all(_PAIR.fullmatch(part) for part in parts)


def _bar(host: Host, port: PortReading) -> str:
    """Return what a host's own letters bar: its port first, its range last."""
    if port.bad:
        return "bad-port"
    if host.kind in ("name", "record"):
        return ""
    if host.kind == "v4" and _LEADING_ZERO.search(host.text):
        return "leading-zeros"
    if is_nat64(host.text):
        return "nat64"
    where = zone(host.text)
    return "" if where == "private" else where
