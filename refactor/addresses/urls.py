"""URLs, and what is like them: `scheme://u:p@HOST`, `ipv4:HOST`, `tcp(HOST`."""

from __future__ import annotations

import re
from typing import NamedTuple

from refactor.addresses.slots import Slot, items
from refactor.text.view import HOLE, Span

# RFC 3986 section 3.2: the authority ends at a slash, `?` or `#`; a semicolon begins SQL Server's
# properties. The run is possessive, and a URL that follows a comma is left to the next search.
_AUTHORITY = r"""(?P<authority>[^\s/?#"'<>\\`;|:]*+(?>(?::(?!//)[^\s/?#"'<>\\`;|:]*+)*))"""
_URL = re.compile(
    r"(?:(?P<oracle>(?<!\w)jdbc:oracle:[a-z0-9]{1,8}:[^@\s\"'(]{0,128}@(?://)?)"
    r"|(?P<ip>(?<![\w.+-])ipv[46]:(?:///)?)(?!/)"
    # gRPC's name resolution, RFC 3261, RFC 7064 and RFC 7065
    r"|(?<![\w.+-])(?:(?P<grpc>dns|passthrough):(?:///)?|(?P<voice>sips?|stuns?|turns?):)(?!/)"
    r"|(?P<go>(?<!\w)(?:tcp|udp)[46]?\()"
    r"|(?P<url>://)"
    r"|(?<![:/\w\\])//)" + _AUTHORITY,
    re.IGNORECASE,
)
# What every alternative but those with `//` and `(` holds. To look for these takes a hundredth of
# the time that the pattern takes to find nothing.
_SIGNS = (
    *("oracle:", "ipv4:", "ipv6:", "dns:", "passthrough:"),
    *("sip:", "sips:", "stun:", "stuns:", "turn:", "turns:"),
)
# Connector/J and its like put a mode behind the scheme that counts.
_MODES = "replication|loadbalance|sequential|failover|aurora"
_SCHEME = re.compile(
    rf"(?<![A-Za-z0-9])(?P<scheme>[A-Za-z][A-Za-z0-9+._-]*)(?::(?:{_MODES}))?\Z", re.IGNORECASE
)
_WINDOW = 48


class Urls(NamedTuple):
    """The URLs of a text."""

    slots: dict[int, Slot]
    user_info: list[Span]


def urls(text: str) -> Urls:
    """Return the places of a text where URLs have their hosts, and their user info."""
    found = Urls({}, [])
    if not _may_hold(text):
        return found
    for match in _URL.finditer(text):
        prefix = Span(*match.span("ip")) if match["ip"] else None
        listed = list(items(text, *match.span("authority")))
        # gRPC's `dns:///` takes one name, `ipv4:` a list.
        bar = "grpc-list" if prefix and len(listed) > 1 else ""
        slot = Slot("dsn" if match["go"] else "url", _scheme(text, match), prefix, bar=bar)
        for item in listed:
            found.slots[item.host] = slot
            if item.host > item.start:
                found.user_info.append(Span(item.start, item.host))
    return found


def _may_hold(text: str) -> bool:
    """Say whether the pattern may match; letters of other scripts may fold to ours: `ſ` to `s`."""
    if "//" in text or "(" in text:
        return True
    if ":" not in text:
        return False
    lower = text.lower()
    return not text.isascii() or any(sign in lower for sign in _SIGNS)


def _scheme(text: str, match: re.Match[str]) -> str:
    """Return the innermost scheme in lower case; "" where it is only known at run time."""
    if match["oracle"]:
        return "oracle"
    if not match["url"]:
        return (match["grpc"] or match["voice"] or "").lower()
    low = max(0, match.start() - _WINDOW)
    scheme = _SCHEME.search(text[low : match.start()])
    if scheme is None or text[max(0, low + scheme.start() - 1)] in (HOLE, "}"):
        return ""
    return scheme["scheme"].lower()
