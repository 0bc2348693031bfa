"""Joins a host to the port that stands beside it, where that is certain.

docs/semantics.md, section 1, "bare hosts with their port next to them". A wrong pair is worse than
none: a sibling that is not certain leaves the host alone, with a remark.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from refactor import addresses
from refactor.model import Dial, Literal
from refactor.text.dns import MAX_PORT
from refactor.text.key_words import Stem, stem
from refactor.text.view import Span, View

# With a zero before it a number is octal to some readers, and no port that anyone writes.
_PORT_TEXT = re.compile(r"[1-9][0-9]{0,4}\Z")


class Pair(NamedTuple):
    """The port that goes with a host.

    Attributes:
        port: the sibling that holds it; None where none is certain.
        remark: what the report should say about a sibling that is not certain.
        more: where else the same port of the same host is written.
        refused: why the host cannot be edited, whatever it stands for.
        is_open: its port is only known at run time.
    """

    port: Literal | None
    remark: str = ""
    more: tuple[Literal, ...] = ()
    refused: str = ""
    is_open: bool = False

    @property
    def ports(self) -> tuple[Literal, ...]:
        """All places where the port is written."""
        return (self.port, *self.more) if self.port else ()

    def spans(self, text: str) -> tuple[Span, ...]:
        """Return where a source holds each port letter for letter; nothing where it lacks one."""
        places = [(port.view.locate(0, len(port.view.text)), port.view.text) for port in self.ports]
        found = tuple(span for span, port in places if span and span.of(text) == port)
        return found if len(found) == len(self.ports) else ()


def is_port(literal: Literal) -> bool:
    """Say whether a literal's whole text is a port number (1 to 65535)."""
    text = literal.view.text
    return bool(_PORT_TEXT.match(text)) and int(text) <= MAX_PORT


def shared(host: Literal, port: Literal) -> str:
    """Return why a port serves more than its host, "" where nothing says that it does."""
    if "aliased" in port.tags:
        return "an alias, or a merge, uses the port for something else too"
    apart = {tag for tag in port.tags - host.tags if tag.startswith("read:")}
    if not apart:
        return ""
    where = min(apart).removeprefix("read:")
    place = f"{where} reads" if not where.isdigit() else "another line reads"
    return f"{place} {port.key} without {host.key or 'the host'}"


def dialled(host: Literal, beside: Pair) -> Pair:
    """Return the port of a host from the places where a program uses it with one."""
    written, is_open = _written(host.dials, beside.port)
    schemes = (addresses.implied_port(dial.scheme) for dial in host.dials if dial.scheme)
    implied = {port for port in schemes if port}
    own = beside.port
    if own and own.view not in written and shared(host, own):
        own = None  # the program's own: it is read elsewhere, without the host
    if own:
        written.setdefault(own.view, own)
    numbers = sorted({int(port.view.text) for port in written.values()} | implied)
    if len(numbers) > 1 or (is_open and (own or written)):
        told = " and ".join(map(str, numbers[:3])) + (", and others" if is_open else "")
        return Pair(None, refused=f"the program uses it with several ports: {told}")
    if implied and written:
        return Pair(None, refused=f"the program writes port {numbers[0]} once, and implies it once")
    if not written:
        return Pair(None, remark="" if beside.port else beside.remark, is_open=is_open)
    first, *more = written.values()
    return Pair(first, more=tuple(more))


def _written(dials: Iterable[Dial], beside: Literal | None) -> tuple[dict[View, Literal], bool]:
    """Return the ports that are written at each place, and whether one is known nowhere."""
    found: dict[View, Literal] = {}
    is_open = False
    for dial in dials:
        ports = {port.view: port for port in dial.ports if is_port(port)}
        if beside is not None and beside.view in ports:
            found[beside.view] = beside
        elif ports:
            found |= ports
        elif not dial.scheme:
            is_open = True
    return found, is_open


class Siblings:
    """The ports of one file, by the scope and by the path they stand in."""

    def __init__(self, literals: Sequence[Literal]) -> None:
        self._order = {id(literal): index for index, literal in enumerate(literals)}
        self._literals = literals
        self._in_scope = Counter(literal.scope for literal in literals)
        self._by_scope: defaultdict[int, list[Literal]] = defaultdict(list)
        self._by_path: defaultdict[tuple[str, ...], list[Literal]] = defaultdict(list)
        for literal in literals:
            if is_port(literal):
                self._by_scope[literal.scope].append(literal)
                self._by_path[literal.path[:-1]].append(literal)

    def port_of(self, host: Literal) -> Pair:
        """Return the port that goes with a literal whose whole text is a host."""
        beside = self._beside(host)
        return dialled(host, beside) if host.dials else beside

    def _beside(self, host: Literal) -> Pair:
        ports = self._by_scope.get(host.scope, [])
        if not host.key or "format-args" in host.tags:
            after = self._next_argument(host, ports)
            if after is not None:
                return Pair(after)
        if "item" in host.tags:
            return self._port_of_item(host)
        return _named(stem(host.key), ports)

    def _port_of_item(self, host: Literal) -> Pair:
        """A `(host, port)` pair of two items, or a list of hosts with one port beside the list."""
        ports = self._by_scope.get(host.scope, [])
        after = self._next_argument(host, ports) or self._behind_list(host)
        if after is not None:
            return Pair(after)
        if host.key.startswith("-"):
            return _named(stem(host.key), ports)
        names = [name for name in host.path if not name.isdigit()]
        if not names:
            return Pair(None)
        parent = host.path[: len(host.path) - 1 - host.path[::-1].index(names[-1])]
        if names[-1].endswith("()"):  # a list given by its place: `MongoClient([H], port=P)`
            return _named(Stem((), "host"), self._by_path.get(host.path[:-1], []))
        pair = _named(stem(names[-1])._replace(says="host"), self._by_path.get(parent, []))
        if pair.port and self._is_mixed(host):
            told = f"{pair.port.key} {pair.port.view.text} serves other hosts of its list too"
            return Pair(None, told)
        return pair

    def _is_mixed(self, host: Literal) -> bool:
        """Whether its list holds more than what could be addresses of the cluster."""
        asked = next((int(tag[3:]) for tag in host.tags if tag.startswith("of:")), 0)
        return asked > self._in_scope[host.scope]

    def _next_argument(self, host: Literal, ports: list[Literal]) -> Literal | None:
        """The port right after the host: `connect(H, 5432)`, `(H, 5432)`, `["nc", "-z", H, P]`."""
        after = self._after(host)
        if after is None or after.scope != host.scope or after not in ports:
            return None
        if "item" in host.tags & after.tags and _is_next(host.path, after.path):
            return after
        is_call = any(tag.startswith("call:") for tag in host.tags & after.tags)
        positional = after.kind == "number" or (is_call and not after.key)
        return after if after.key == host.key and positional else None

    def _behind_list(self, host: Literal) -> Literal | None:
        """The number right after a list of hosts, in one call: `MongoClient([H, H], 27017)`."""
        after = self._after(host)
        while after and after.scope == host.scope and not is_port(after):
            after = self._after(after)
        if after is None or after.key or after.kind != "number" or not is_port(after):
            return None
        is_argument = any(tag.startswith("call:") for tag in after.tags)
        return after if is_argument and after.path == host.path[:-1] else None

    def _after(self, literal: Literal) -> Literal | None:
        index = self._order[id(literal)] + 1
        return self._literals[index] if index < len(self._literals) else None


def _is_next(path: tuple[str, ...], after: tuple[str, ...]) -> bool:
    """Say whether two paths are those of an item and the item after it."""
    numbers = path[-1:], after[-1:]
    if path[:-1] != after[:-1] or not all(part and part[0].isdecimal() for part in numbers):
        return False
    return int(after[-1]) == int(path[-1]) + 1


def _named(host: Stem, ports: Iterable[Literal]) -> Pair:
    """Choose by name among the ports that stand in a host's own scope."""
    stems = [(stem(port.key), port) for port in ports]
    stems = [(name, port) for name, port in stems if name.says == "port"]
    equal = [port for name, port in stems if name.words == host.words]
    if len(equal) == 1:
        return Pair(equal[0])
    if len(equal) > 1:
        return Pair(None, "several ports beside it go by the same name")
    longest = _longest_prefix(host.words, [name.words for name, _ in stems])
    fitting = [port for name, port in stems if longest and name.words == longest]
    if host.says == "host" and len(fitting) == 1:
        return Pair(fitting[0])
    if len(stems) == 1:
        name = stems[0][1]
        return Pair(
            None, f"{name.key} {name.view.text} stands beside it; not certain to be its port"
        )
    return Pair(None)


def _longest_prefix(
    words: tuple[str, ...], others: list[tuple[str, ...]]
) -> tuple[str, ...] | None:
    """Let `db_port` serve `db_primary_host`; a bare `port` may be the program's own."""
    fitting = [other for other in others if other and words[: len(other)] == other]
    return max(fitting, key=len, default=None)
