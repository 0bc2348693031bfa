"""Quick tests that spare a text, or a whole file, the grammar."""

from __future__ import annotations

import re
from collections.abc import Container

from refactor.addresses.hosts import tokens

# Each branch begins with a letter of its own, and a rare one, by which `re` skips through the text:
# what stands before comes second. Everything is bounded.
_HINT = (
    r"\.(?<=[0-9]\.)[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"  # IPv4
    # IPv6 with a gap: ::g:g or ::g:1.2.3.4, g::g, g:g::, and what brackets make certain
    r"|::(?:[0-9A-Fa-f]{1,4}[:.]|(?<=[0-9A-Fa-f]::)[0-9A-Fa-f%\]]|(?<=\[::)"
    r"|(?<=:[0-9A-Fa-f]::)|(?<=:[0-9A-Fa-f]{2}::)|(?<=:[0-9A-Fa-f]{3}::)|(?<=:[0-9A-Fa-f]{4}::))"
    r"|:(?<=[0-9A-Fa-f]:)[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){6}"  # IPv6 in full
    # a pod's DNS record
    r"|-(?<=[0-9A-Fa-f]-)[0-9A-Fa-f-]{1,40}\.[A-Za-z0-9-]{1,63}\."
    r"(?:[Pp][Oo][Dd]|[A-Za-z0-9-]{1,63}\.[Ss][Vv][Cc])"
)
_WANTED = re.compile(_HINT)

CANDIDATE = re.compile(_HINT.encode())
"""Finds, in the bytes of any ASCII-compatible file, what `find` could find but for names."""

PLAIN = (
    rb"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]",
    rb"::[0-9A-Fa-f]{1,4}[:.]",
    rb"[0-9A-Fa-f]::[0-9A-Fa-f%\]]",
    rb"\[::",
    rb":[0-9A-Fa-f]{1,4}::",
    rb"[0-9A-Fa-f]:[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){6}",
    rb"[0-9A-Fa-f]-[0-9A-Fa-f-]{1,40}\.[A-Za-z0-9-]{1,63}\.[Pp][Oo][Dd]",
    rb"[0-9A-Fa-f]-[0-9A-Fa-f-]{1,40}\.[A-Za-z0-9-]{1,63}\.[A-Za-z0-9-]{1,63}\.[Ss][Vv][Cc]",
)
"""The same without looking back, for matchers that cannot: one of them is found wherever
`CANDIDATE` is, and nowhere else."""


def wanted(text: str, names: Container[str] = frozenset()) -> bool:
    """Say, quickly, whether a text could hold an address; where it could not, `find` finds none.

    Args:
        text: any text.
        names: the inventory's host names, lower case.
    """
    if _WANTED.search(text):
        return True
    return names != frozenset() and any(token.text.lower() in names for token in tokens(text))
