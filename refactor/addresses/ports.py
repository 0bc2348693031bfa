"""The port that follows a host."""

from __future__ import annotations

import re
from typing import NamedTuple

from refactor.text.dns import MAX_PORT
from refactor.text.view import HOLE, Span

_DIGITS = re.compile(r"[0-9]{1,6}")
# f-string and template holes, `{port}`, `%d`, `$PORT`.
_OPEN = (HOLE, "{", "%", "$")
# What begins with a slash, or is empty: nginx' and Caddy's names for the rest of a request.
_REST = re.compile(
    r"(?:\$\{?|\{(?:http\.request\.)?)(?:(?:request|document)_)?(?:uri|path|is_args)\b"
)
# `nc -z 10.0.4.17 6379`, `replicaof 10.0.4.17 6379`, `redis-server --replicaof "10.0.4.17" 6379`
_SPACED = re.compile(
    r"(?:(?<![\w.-])(?:nc|ncat|netcat|telnet)(?:\s+-\w+(?:\s+\d+)?)*"
    r"|(?<![\w.-])(?:--)?(?:(?:replica|slave)of|cluster\s+meet))\s+[\"']?\Z",
    re.IGNORECASE,
)
_SPACED_PORT = re.compile(r"[\"']?[ \t]+[\"']?(?:(?P<port>[0-9]{1,5})(?![\w.:/-])|\$)")
_WINDOW = 48  # code points
_DEV = ("/dev/tcp/", "/dev/udp/")
_DEV_PORT = re.compile(r"/([0-9]{1,5})(?![\w.])")


class PortReading(NamedTuple):
    """What was read of a port.

    Attributes:
        number: None where none is written, or no legal one.
    """

    number: int | None = None
    span: Span | None = None
    open: bool = False
    bad: bool = False


NO_PORT = PortReading()
_OPEN_PORT = PortReading(open=True)
BAD_PORT = PortReading(bad=True)


def port_after(text: str, host: Span) -> PortReading:
    """Return the port that follows a host: behind a colon, `/dev/tcp/HOST/PORT`, `nc HOST PORT`."""
    if text[host.end : host.end + 1] == ":":
        return _behind_colon(text, host.end + 1)
    if text[max(0, host.start - 9) : host.start] in _DEV:
        match = _DEV_PORT.match(text, host.end)
        return legal(Span(*match.span(1)), text) if match else NO_PORT
    return _behind_blank(text, host)


def _behind_blank(text: str, host: Span) -> PortReading:
    """Return the port that a command takes as the word behind its host."""
    match = _SPACED_PORT.match(text, host.end)
    if match is None or not _SPACED.search(text[max(0, host.start - _WINDOW) : host.start]):
        return NO_PORT
    return legal(Span(*match.span("port")), text) if match["port"] else _OPEN_PORT


def legal(span: Span, text: str) -> PortReading:
    """Return the port whose digits stand here; a bad one where they are out of range.

    A leading zero is refused: the number would not be the text that an edit replaces.
    """
    digits = span.of(text)
    number = int(digits)
    if digits.startswith("0") or number > MAX_PORT:
        return BAD_PORT
    return PortReading(number, span)


def _behind_colon(text: str, at: int) -> PortReading:
    match = _DIGITS.match(text, at)
    if match is None:
        after = text[at : at + 1]
        if after in _OPEN or not after:  # at the text's end, a port is going to be appended
            return _OPEN_PORT
        return BAD_PORT if after.isalnum() or after in "_:" else NO_PORT
    after, next_one = text[match.end() : match.end() + 1], text[match.end() + 1 : match.end() + 2]
    if _REST.match(text, match.end()):
        return legal(Span(*match.span()), text)
    if after in _OPEN and (after == HOLE or next_one):
        return _OPEN_PORT
    # `:80a`, `:1.2.3` (an image's tag), `:8080-8090`; a sentence may end behind a port.
    if after.isalnum() or after == "_" or (after in (".", "-") and next_one.isalnum()):
        return BAD_PORT
    return legal(Span(*match.span()), text)
