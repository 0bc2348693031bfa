"""Quick tests that spare a text, or a whole file, the grammar."""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from refactor.addresses.candidates import HINT
from refactor.addresses.hosts import hosts, mentions

_WANTED = re.compile(HINT)
_V4 = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_DIGITS = re.compile(r"[0-9]{0,3}\Z")
_BEFORE, _BEHIND = 64, 192  # code points, which hold the longest IPv6 address or pod's record


def wanted(text: str, names: Container[str] = frozenset()) -> bool:
    """Say, quickly, whether a text could hold an address; where it could not, `find` finds none."""
    return _WANTED.search(text) is not None or mentions(text, names)


def any_host(text: str, names: Container[str], counts: Callable[[str], bool]) -> bool:
    """Say, without reading the whole of a long text, whether it could hold a host that counts."""
    seen = (_near(text, match, counts) for match in _WANTED.finditer(text))
    return any(seen) or mentions(text, names)


def _near(text: str, hint: re.Match[str], counts: Callable[[str], bool]) -> bool:
    at = hint.start()
    if hint[0][0] == ".":
        digits = _DIGITS.search(text, max(0, at - 3), at)
        found = _V4.match(text, digits.start()) if digits else None
        return found is None or counts(found[0])
    window = text[max(0, at - _BEFORE) : at + _BEHIND]
    # `\nfd00::1`: what stands before it is a part of an escape.
    return "\\" in window or any(counts(host.text) for host in hosts(window, frozenset()))
