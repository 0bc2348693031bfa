"""What a scan needs to know of an inventory: which hosts are in it. Nothing more."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from refactor.addresses.matcher import FEW, Bytes, Test, any_of

# Tokens that could be a host name; a set look-up per token beats an alternation of 100,000 names.
_FEW_NAMES = 1000
_TELLING = 8
"""Letters that hardly stand in a file by chance."""

_TOKEN = re.compile(rb"[a-z0-9][a-z0-9.-]*[a-z0-9]")


class KnownHosts(Protocol):
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


NOTHING: KnownHosts = _Nothing()
"""A scan without an inventory."""


def names_filter(names: frozenset[str], files: int = 0) -> Callable[[Bytes], bool]:
    """Return a quick test whether bytes hold one of these names as a whole token."""
    if not names:
        return lambda _: False
    encoded = frozenset(name.encode() for name in names)
    rough = _rough(encoded, files)

    def holds(data: Bytes) -> bool:
        return (rough is None or rough(data)) and not encoded.isdisjoint(_tokens(bytes(data)))

    return holds


def _rough(names: frozenset[bytes], files: int) -> Test | None:
    """Return a test that all bytes pass that hold a name, where making it pays.

    Pods of one workload share all of their names but the end, so that there are far fewer to look
    for. A file's tokens are cut out in the time in which four expressions are compiled.
    """
    parts = names if len(names) <= _FEW_NAMES else frozenset(map(_beginning, names))
    if files < FEW or len(parts) > 4 * files:
        return None
    return any_of([re.escape(part) for part in parts], caseless=True)


def _beginning(name: bytes) -> bytes:
    head = name.rpartition(b"-")[0]
    return head if len(head) >= _TELLING else name


def _tokens(data: bytes) -> set[bytes]:
    found = set(_TOKEN.findall(data.lower()))
    return found | {part.rstrip(b".") for part in found}
