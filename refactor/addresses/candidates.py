"""What the bytes of a file must hold for it to hold an address: the first look at every file.

Imports nothing of the grammar, which most repositories never need.
"""

from __future__ import annotations

import re

# Each branch begins with a letter of its own, and a rare one, by which `re` skips through the text:
# what stands before comes second. Everything is bounded.
HINT = (
    r"\.(?<=[0-9]\.)[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"  # IPv4
    # IPv6 with a gap: ::g:g or ::g:1.2.3.4, g::g, g:g::, and what brackets make certain
    r"|::(?:[0-9A-Fa-f]{1,4}[:.]|(?<=[0-9A-Fa-f]::)[0-9A-Fa-f%\]]|(?<=\[::)"
    r"|(?<=:[0-9A-Fa-f]::)|(?<=:[0-9A-Fa-f]{2}::)|(?<=:[0-9A-Fa-f]{3}::)|(?<=:[0-9A-Fa-f]{4}::))"
    r"|:(?<=[0-9A-Fa-f]:)[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){6}"  # IPv6 in full
    # a pod's DNS record
    r"|-(?<=[0-9A-Fa-f]-)[0-9A-Fa-f-]{1,40}\.[A-Za-z0-9-]{1,63}\."
    r"(?:[Pp][Oo][Dd]|[A-Za-z0-9-]{1,63}\.[Ss][Vv][Cc])"
)

CANDIDATE = re.compile(HINT.encode())
"""Finds, in the bytes of any ASCII-compatible file, what `find` could find but for names."""

ROUGH = (
    rb"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]"
    rb"|::[0-9A-Fa-f]+[:.]|[0-9A-Fa-f]::[0-9A-Fa-f%\]]|\[::|:[0-9A-Fa-f]+::"
    rb"|[0-9A-Fa-f]:" + rb"[0-9A-Fa-f]+:" * 6 + rb"[0-9A-Fa-f]"
    rb"|\.[Pp][Oo][Dd]|\.[Ss][Vv][Cc]"
)
"""Found wherever `CANDIDATE` is, and simpler: as one expression it is compiled in 4 ms."""
