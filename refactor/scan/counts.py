"""Which texts hold an address that could be a finding: most need no further reading."""

from __future__ import annotations

import re
from functools import cache, lru_cache, partial

from refactor import addresses
from refactor.addresses.known import KnownHosts
from refactor.model import Address
from refactor.rules.judge import in_range, is_live

# Escapes of letters and digits, which may hide an address.
_ESCAPED = re.compile(r"\\(?:[xU]|u00(?:2[DdEe]|3[0-9Aa]|[4-7]))")
# What may be a Secret, whose `data` is base64.
_SECRET = re.compile(r"\bkind\b.{0,80}?\bSecret\b", re.DOTALL)
_LONG = 2000
"""Code points from which a text is asked for hosts only, and not for what stands around them."""
_AT_HAND = 131_072
"""Texts whose addresses are kept: a file is asked for what it holds, and then read."""


def is_idle(text: str, kind: str, counts: Counts, known: KnownHosts) -> bool:
    """Say whether a text needs no reading: it shows no host that counts, and hides none.

    Python may put an address together from several strings, a Secret holds base64.
    """
    if kind == "python" or (known.names and "\\" in text):
        return False
    if kind in ("yaml", "template") and _SECRET.search(text):
        return False
    return not counts.any_host(text) and not _ESCAPED.search(text)


class Counts:
    """Says which texts hold an address that could be a finding wherever it stands.

    Loopback, documentation and public addresses fill whole files that then need no parsing.
    """

    def __init__(self, known: KnownHosts, *, public: bool) -> None:
        self.names = known.names
        self._known = known
        self._public = public
        self._live = cache(partial(is_live, known=known, public=public))
        self._short = lru_cache(_AT_HAND)(partial(addresses.find, names=known.names))
        self.wanted = cache(self._wanted)

    def _wanted(self, text: str) -> bool:
        """Say whether a text holds such an address; of a long one, whether it holds such a host."""
        if not addresses.wanted(text, self._known.names):
            return False
        return self.any_host(text) if len(text) > _LONG else any(map(self._counts, self.find(text)))

    def any_host(self, text: str) -> bool:
        """Say whether a text holds a host that could be a finding."""
        return addresses.any_host(text, self._known.names, self._live)

    def find(self, text: str) -> tuple[Address, ...]:
        """Return the addresses of a text."""
        if len(text) > _LONG:
            return addresses.find(text, names=self._known.names)
        return self._short(text)

    def _counts(self, address: Address) -> bool:
        return in_range(address, self._known, public=self._public)
