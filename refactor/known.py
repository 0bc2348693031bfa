"""What a scan needs to know of an inventory: which hosts are in it. Nothing more."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

# Tokens that could be a host name; a set look-up per token beats an alternation of 100,000 names.
_TOKEN = re.compile(rb"[a-z0-9][a-z0-9.-]*[a-z0-9]")


class Known(Protocol):
    """The hosts an inventory holds."""

    @property
    def names(self) -> frozenset[str]:
        """Names, lower case, by which machines may be written."""

    def knows(self, host: str) -> bool:
        """Say whether this very address or name is in the inventory."""


class _Nothing:
    names: frozenset[str] = frozenset()

    def knows(self, host: str) -> bool:  # noqa: ARG002 - it is the protocol's
        return False


NOTHING: Known = _Nothing()
"""A scan without an inventory."""


def names_filter(names: frozenset[str]) -> Callable[[bytes], bool]:
    """Return a quick test whether bytes hold one of these names as a whole token.

    Args:
        names: lower-case host names.
    """
    if not names:
        return lambda _: False
    encoded = frozenset(name.encode() for name in names)
    return lambda data: not encoded.isdisjoint(_tokens(data))


def _tokens(data: bytes) -> set[bytes]:
    found = set(_TOKEN.findall(data.lower()))
    return found | {part.rstrip(b".") for part in found}
