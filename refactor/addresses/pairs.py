"""Hosts and ports that go by names within one text: key=value DSNs and argument lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from refactor.addresses.ranges import zone
from refactor.addresses.slots import Form, Item, Slot, items
from refactor.text.key_words import stem
from refactor.text.view import Span

# libpq's keywords, and ADO's and JDBC's connection properties; `(HOST=` of Oracle Net.
_DSN = re.compile(
    r"(?<![\w.-])(?:(?P<ado>server(?:[ ]?name)?|data[ ]?source|addr(?:ess)?|network[ ]address)"
    r"|(?P<host>host(?:addr|[ ]?name)?)|(?P<port>port(?:[ ]?number)?))"
    r"[ \t]{0,3}=[ \t]{0,3}[\"']?(?:(?:tcp|np|lpc|admin):)?(?P<value>[^\s;&()\"'|]*)"
    r"|(?P<stop>\n)",
    re.IGNORECASE,
)
# SQL Server writes a port, and an instance, behind the host: `10.0.4.17\X,1433`.
_COMMA_PORT = re.compile(
    r"[^\s,;&()\"'|\\]*+(?:\\\w{1,32})?[ \t]?,[ \t]?(?P<port>[0-9]{1,5})(?![\w.])"
)
# A flag and its value in a shell line, or as items of a list: `"-h", "10.0.4.17"`.
_FLAG = re.compile(
    r"(?<![^\s\"'`\[,(=])(?:(?P<short>-h(?=[0-9]{1,3}\.)|-P(?=[0-9]))"
    r"|(?P<flag>--?[A-Za-z][\w.-]*+)(?:=[\"']?|[ \t\"',]{1,4}))(?!-)(?P<value>[^\s\"'`|;)]*)"
    r"|(?P<stop>&&|\|\|?|;|(?<!\\)(?<!\\\r)\n)"
)
_NUMBER = re.compile(r"[0-9]{1,5}")


class _Named(NamedTuple):
    """A host or a port that goes by a name."""

    words: tuple[str, ...]
    name: str
    hosts: tuple[int, ...] = ()
    ports: tuple[Span, ...] = ()
    own: Span | None = None
    says_host: bool = True
    mixed: bool = False


def dsn_slots(text: str) -> dict[int, Slot]:
    """Return where key=value DSNs have their hosts; a DSN ends with its line."""
    return _slots(_lines(_DSN, text), "dsn") if "=" in text else {}


def flag_slots(text: str) -> dict[int, Slot]:
    """Return where argument lists have their hosts; a list ends with its command."""
    return _slots(_lines(_FLAG, text), "flag") if "-" in text else {}


def _lines(pattern: re.Pattern[str], text: str) -> Iterator[list[_Named]]:
    line: list[_Named] = []
    for match in pattern.finditer(text):
        if match["stop"]:
            yield line
            line = []
        elif named := (_flag if pattern is _FLAG else _key)(text, match):
            line.append(named)
    yield line


def _key(text: str, match: re.Match[str]) -> _Named | None:
    name = (match["ado"] or match["host"] or match["port"]).lower()
    start, end = match.span("value")
    if match["port"]:
        spans = tuple(Span(item.start, item.end) for item in items(text, start, end))
        if all(_NUMBER.fullmatch(text, *span) for span in spans):
            return _Named((), name, ports=spans)
        return None
    if match["ado"]:
        comma = _COMMA_PORT.match(text, start)
        return _Named((), name, (start,), own=Span(*comma.span("port")) if comma else None)
    found = list(items(text, start, end))
    return _Named((), name, tuple(item.host for item in found), mixed=_mixed(text, found))


def _flag(text: str, match: re.Match[str]) -> _Named | None:
    name = match["short"] or match["flag"]
    words, says = stem(name)
    start, end = match.span("value")
    if says == "port":
        span = Span(start, end - text.endswith((",", "]"), start, end))
        return _Named(words, name, ports=(span,)) if _NUMBER.fullmatch(text, *span) else None
    found = list(items(text, start, end))
    hosts = tuple(item.host for item in found)
    return _Named(words, name, hosts, says_host=says == "host", mixed=_mixed(text, found))


def _mixed(text: str, hosts: Sequence[Item]) -> bool:
    zones = (zone(text[item.host : item.end]) for item in hosts)
    return len(hosts) > 1 and any(where != "private" for where in zones)


def _slots(lines: Iterator[list[_Named]], form: Form) -> dict[int, Slot]:
    found: dict[int, Slot] = {}
    for line in lines:
        bound = _bound(line)
        for index, named in enumerate(line):
            ports = (named.own,) if named.own else bound.get(index, ())
            if len(ports) != len(named.hosts):  # libpq: one port for all hosts, or one for each
                ports = ports[:1] * len(named.hosts) if len(ports) == 1 else ()
            name = named.name if form == "flag" else ""
            bar = "shared-port" if named.mixed and len(set(ports)) == 1 else ""
            for host, port in zip_longest(named.hosts, ports):
                found[host] = Slot(form, port=port, is_host=named.says_host, name=name, bar=bar)
    return found


def _bound(line: Sequence[_Named]) -> dict[int, tuple[Span, ...]]:
    """Return the ports of each host of a line, by its place in the line."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for index, named in enumerate(line):
        groups.setdefault(named.words, []).append(index)
    found: dict[int, tuple[Span, ...]] = {}
    for group in groups.values():
        found |= _in_turn(line, group)
    ports = [named.ports for named in line if named.ports]
    hosts = [index for index, named in enumerate(line) if named.hosts and named.says_host]
    # The only port goes with the only `-h` or `--host` whatever its name; a bare `--port` beside
    # `--db-host` does not: it may be the program's own.
    if len(ports) == len(hosts) == 1 and not line[hosts[0]].words:
        found.setdefault(hosts[0], ports[0])
    return found


def _in_turn(line: Sequence[_Named], group: list[int]) -> dict[int, tuple[Span, ...]]:
    """Bind each host to the port that follows it, or precedes it where ports come first.

    With a port at both ends it is not certain which goes with what, and nothing is bound.
    """
    if line[group[0]].ports:
        if line[group[-1]].ports:
            return {}
        group.reverse()
    found: dict[int, tuple[Span, ...]] = {}
    waiting: dict[str, int] = {}
    for index in group:
        if line[index].ports:
            found |= dict.fromkeys(waiting.values(), line[index].ports)
            waiting.clear()
        else:
            waiting[line[index].name] = index
    return found
