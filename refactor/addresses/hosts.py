"""One scan for all that could be a host by its own letters; what stands around it comes later."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Container, Iterator
from typing import NamedTuple

from refactor.addresses.ranges import pod_record
from refactor.text.view import Span

# Octets are checked below. In front: no octet, no letter, unless it is the flag of `-h10.0.4.17`.
_V4 = re.compile(
    r"(?:(?<![\w])(?<![0-9]\.)|(?<=\A-h)|(?<=\s-h))[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?!\w|\.[0-9])"
)
_V6 = re.compile(
    r"\[(?P<boxed>[0-9A-Fa-f:.]{2,45})(?P<zone>%\w[\w.-]{0,40})?\]"
    r"|(?:(?<![\w:.])|(?<=ipv6:))(?P<bare>[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]+)"
    r"(?P<scope>%(?![dsrifx]\b)[A-Za-z][\w.-]{0,40})?"
)
_MAX_V6 = 45  # characters of the longest spelling: eight groups, the last two as IPv4
_HEX = re.compile(r"[0-9A-Fa-f]{3,4}")
_TOKEN = re.compile(r"[\w.-]+")
# A token without the dots and dashes around it.
_NAME = re.compile(r"\w(?:[\w.-]*\w)?")
_RECORD = re.compile(r"\.(?:pod|svc)", re.IGNORECASE)
# `${HOST:-` of a shell, `${HOST:` of Spring: the host is a default, and what follows the brace
# follows the host.
_DEFAULT = re.compile(r"\$\{[\w.-]{1,64}(?::[-=?+]?|[-=?+])\Z")
_WINDOW = 72


class Host(NamedTuple):
    """A stretch that could be a host."""

    text: str
    span: Span
    kind: str
    around: Span


class HostToken(NamedTuple):
    """A run of letters, digits, dots and dashes, without those dots and dashes that end it."""

    text: str
    start: int
    run_end: int


def hosts(text: str, names: Container[str]) -> Iterator[Host]:
    """Yield, in order of place and without overlaps, what could be hosts."""
    found = [*_v6(text), *_v4(text), *_named(text, names)]
    found.sort(key=lambda host: (host.span.start, -host.span.end))
    end = 0
    for host in found:
        if host.span.start >= end:
            end = host.span.end
            yield _wrapped(text, host)


def tokens(text: str) -> Iterator[HostToken]:
    """Yield what could be names: each a whole word, so that no part of a longer name is one."""
    for match in _TOKEN.finditer(text):
        token = match[0].lstrip("-.")
        start = match.end() - len(token)
        yield HostToken(token.rstrip("-."), start, match.end())


def _v4(text: str) -> Iterator[Host]:
    for match in _V4.finditer(text):
        if all(int(octet) < 256 for octet in match[0].split(".")):
            yield _host(match[0], Span(*match.span()), "v4")


def _v6(text: str) -> Iterator[Host]:
    for match in _V6.finditer(text):
        if match["boxed"]:
            if _is_v6(match["boxed"]):
                yield _host(match[0][1:-1], Span(*match.span()), "v6")
            continue
        host = match["bare"].rstrip(".")
        if host.endswith(":") and not host.endswith("::"):
            host = host[:-1]
        if len(host) <= _MAX_V6 and _is_convincing(host) and _is_v6(host):
            host += match["scope"] or "" if host == match["bare"] else ""
            yield _host(host, Span(match.start(), match.start() + len(host)), "v6")


def mentions(text: str, names: Container[str]) -> bool:
    """Say whether one of the names stands in a text as a whole token."""
    if names == frozenset():
        return False
    if text.isascii() and isinstance(
        names, frozenset
    ):  # elsewhere a letter's lower case may be two
        return not names.isdisjoint(_NAME.findall(text.lower()))
    return any(token.text.lower() in names for token in tokens(text))


def _named(text: str, names: Container[str]) -> Iterator[Host]:
    if not ("-" in text and _RECORD.search(text)) and not mentions(text, names):
        return
    for token in tokens(text):
        kind = "record" if pod_record(token.text) else "name" if token.text.lower() in names else ""
        if kind:
            end = token.start + len(token.text) + _has_root_dot(text, token)
            yield _host(text[token.start : end], Span(token.start, end), kind)


def _has_root_dot(text: str, token: HostToken) -> bool:
    """Whether the one dot behind a name is DNS's root, and not a sentence's end."""
    if token.run_end - token.start - len(token.text) != 1 or text[token.run_end - 1] != ".":
        return False
    behind = text[token.run_end : token.run_end + 1]
    return behind in (":", "/") if behind.strip() else len(text.split(maxsplit=1)) == 1


def _host(text: str, span: Span, kind: str) -> Host:
    return Host(text, span, kind, span)


def _wrapped(text: str, host: Host) -> Host:
    start, end = host.span
    if text[start - 1 : start] not in (":", "-", "=", "?", "+"):
        return host
    low = max(0, start - _WINDOW)
    opened = _DEFAULT.search(text[low:start])
    if opened is None:
        return host
    return host._replace(around=Span(low + opened.start(), end + (text[end : end + 1] == "}")))


def _is_v6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True


def _is_convincing(text: str) -> bool:
    """Keep times, MACs, slices and scope operators out where no bracket says that it is IPv6."""
    groups = [group for group in text.split(":") if group]
    if "::" not in text:
        return any(len(group) != 2 for group in groups)
    return len(groups) >= 2 and any(_HEX.fullmatch(group) for group in groups)
