"""What stands left and right of a host, where that makes it part of something else."""

from __future__ import annotations

import re
from typing import TypeAlias

from refactor.addresses.hosts import Host
from refactor.text.view import HOLE, Span

_IPV4 = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
_IP = rf"(?:{_IPV4}(?!\w|\.[0-9])|[0-9A-Fa-f]{{0,4}}:[0-9A-Fa-f:]{{2,40}})"
_BETWEEN = r"[ \t]?(?:[-–]|\.{2,3})[ \t]?"
_RANGE_RIGHT = re.compile(rf"{_BETWEEN}{_IP}|-[0-9]{{1,3}}(?![\w.:-])")
# The end of an IPv6 address, two colons of it, is enough.
_RANGE_LEFT = re.compile(
    rf"(?:(?<![\w.]){_IPV4}|:[0-9A-Fa-f]{{0,4}}:[0-9A-Fa-f]{{0,4}}){_BETWEEN}\Z"
)
_CIDR = re.compile(rf"/(?:[0-9]{{1,3}}(?![\w/?#]|[.-]\w)|{_IPV4}(?![\w.]))")
_MASKED = re.compile(rf"{_IPV4}/\Z")
_HALF_IPV6 = re.compile(r":[0-9A-Fa-f]{0,4}:\Z")
_REVERSE = re.compile(r"\.(?:in-addr|ip6)\.", re.IGNORECASE)
_COMPARED = re.compile(r"[=<>!~]=[ \t]?\Z")
_VERSION_WORD = re.compile(
    r"(?:version|\b(?:ver|tag|release|rev|revision|build|oid|section))"
    r"[\"']?[ \t]*[:=]?[ \t]*[\"']?\Z",
    re.IGNORECASE,
)
# Words before a colon that say an address follows, and not a tag (`app:1.2.3.4`).
_ADDRESS_WORD = re.compile(
    r"(?<!\w)(?:tcp|udp|tls|ssl|host|hostname|server|addr|address|ip|endpoint):\Z", re.IGNORECASE
)
_FLAG = re.compile(r"(?<!\S)--?[\w-]*\Z")
_WINDOW = 64
# Whatever ends in one of these is only known at run time, and glued to what stands here.
_HOLES_LEFT = (HOLE, "}", ")", "%", "$")
_HOLES_RIGHT = (HOLE, "{", "@")
_NAME_LEFT = frozenset(" \t\r\n\"'`=,;([{<>|&@!")

Shape: TypeAlias = str | None
"""The bar that a shape is; "" where there is none, None where there is no candidate at all."""


def left(text: str, host: Host, *, has_port: bool) -> Shape:
    """Return what stands before a host makes of it."""
    start = host.around.start
    window = text[max(0, start - _WINDOW) : start]
    before = window[-1:]
    if not before:
        return ""
    if before in _HOLES_LEFT or (before == "]" and host.text != host.span.of(text)):
        return None
    if _is_word(before):
        return None
    if window.rstrip(" \t").endswith(("-", "–", "..")) and _RANGE_LEFT.search(window[-24:]):
        return "range"
    shape = _left_of(before, window)
    if has_port and shape in ("version", "user-agent"):
        return "part-of-name" if before == "-" else ""
    return shape


def right(text: str, host: Host, *, in_url: bool) -> Shape:
    """Return what stands behind a host makes of it; a colon is the port's."""
    end = host.around.end
    after, following = text[end : end + 1], text[end + 1 : end + 2]
    if not after:
        return ""
    if after in _HOLES_RIGHT or _is_word(after):
        return None
    if after == "(" and host.kind == "v6":  # a call in C++: `fade::add()`
        return None
    if after in "$%":
        return None if _is_glued(following) or following == "(" else ""
    if host.kind in ("name", "record"):
        return None if after in ".-" and _is_glued(following) else ""
    if after in " \t-–." and _RANGE_RIGHT.match(text, end):
        return "range"
    if after == "/" and not in_url:
        return "cidr" if _CIDR.match(text, end) else ""
    if after == ".":
        return _right_of_dot(text, end)
    if after == "-" and _is_glued(following):
        return "part-of-name" if in_url else "version"
    return ""


def says_version(before: str) -> bool:
    """Say whether what stands before an address says that it is a version.

    Args:
        before: the text before it; its last 32 characters are looked at.
    """
    window = before[-32:]
    return bool(_COMPARED.search(window) or _VERSION_WORD.search(window))


def may_be_named(text: str, span: Span) -> bool:
    """Say whether what stands before a name lets `name:port` be a host and its port."""
    window = text[max(0, span.start - _WINDOW) : span.start]
    return not window or window[-1] in _NAME_LEFT or bool(_ADDRESS_WORD.search(window))


def _left_of(before: str, window: str) -> Shape:
    if before in _LEFT_OF:
        return _LEFT_OF[before](window)
    return "version" if before in "^~+#" or says_version(window) else ""


def _left_of_dash(window: str) -> Shape:
    glued = window[-2:-1]
    if glued and glued in _HOLES_LEFT:
        return None
    return "version" if _is_word(glued) and not _FLAG.search(window) else ""


def _left_of_colon(window: str) -> Shape:
    """Tell an image's tag (`app:1.2.3.4`) from `tcp:10.0.4.17` and `"host":10.0.4.17`."""
    if _HALF_IPV6.search(window):
        return None
    glued = window[-2:-1]
    is_named = _is_word(glued) or glued in _HOLES_LEFT
    return "version" if is_named and not _ADDRESS_WORD.search(window) else ""


def _left_of_slash(window: str) -> Shape:
    """Tell a product's version (`UP.Browser/5.0.4.1`) from a path that holds an address."""
    if _MASKED.search(window):
        return "cidr"
    return "user-agent" if _is_word(window[-2:-1]) else ""


def _left_of_dot(window: str) -> Shape:
    return "part-of-name" if _is_word(window[-2:-1]) else None


def _left_of_backslash(window: str) -> Shape:
    """Let a UNC path be; one backslash is an escape, or a domain's."""
    return "" if window.endswith("\\\\") else None


_LEFT_OF = {
    "-": _left_of_dash,
    ":": _left_of_colon,
    "/": _left_of_slash,
    ".": _left_of_dot,
    "\\": _left_of_backslash,
}


def _right_of_dot(text: str, end: int) -> Shape:
    following = text[end + 1 : end + 2]
    if following.isdigit() or _REVERSE.match(text, end):
        return None
    return "part-of-name" if _is_glued(following) else ""


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _is_glued(character: str) -> bool:
    return bool(character) and (_is_word(character) or character in (HOLE, "{", "$", "%"))
