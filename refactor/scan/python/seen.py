"""What a string of a Python program is by its own text: a query, a page, a message with lengths."""

from __future__ import annotations

import re

_NONE: frozenset[str] = frozenset()
_QUERY = re.compile(
    r"\s*+(?:select\s.+?\sfrom|insert\s+into|update\s.+?\sset|delete\s+from)\s",
    re.IGNORECASE | re.DOTALL,
)
_SELECTOR = re.compile(r"\s*+\{\s*\w+\s*(?:[!=]~|!?=)\s*\\?[\"`]")  # of PromQL, of LogQL
_COMPARED = frozenset({"compare"})
_PAGE = re.compile(r"<(?:a|script|img|iframe|form|html|body|link|meta)[\s>]", re.IGNORECASE)
# JavaScript: what a browser runs, wherever the program keeps it.
_SCRIPT = re.compile(
    r"\b(?:window|document|location)\.\w+\s*=(?!=)|\bfetch\(\s*['\"`]|\bnew\s+(?:WebSocket|EventSource"
    r"|XMLHttpRequest)\(|\$\.(?:ajax|get|post|getJSON)\(|\baxios\.\w+\(|^\s*(?:const|let|var)\s+\w+\s*=",
    re.MULTILINE,
)
_IS_PAGE = frozenset({"page"})
_REQUEST = re.compile(r"\bHTTP/1\.[01]\r?\n")
_IS_REQUEST = frozenset({"request"})
# Of Redis' protocol: `$10\r\n`; of a pickle, a descriptor: bytes that are no text.
_FRAMED = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]|\$\d+\r\n")
_NETSTRING = re.compile(r"(?P<length>[1-9]\d*):(?P<text>.*),", re.DOTALL)
_IS_FRAMED = frozenset({"framed"})


def seen_in(text: str) -> frozenset[str]:
    """Return the tags of a string."""
    if _QUERY.match(text) or _SELECTOR.match(text):
        return _COMPARED
    if _PAGE.search(text) or _SCRIPT.search(text):
        return _IS_PAGE
    if _REQUEST.search(text):
        return _IS_REQUEST
    return _IS_FRAMED if _FRAMED.search(text) or _is_netstring(text) else _NONE


def _is_netstring(text: str) -> bool:
    found = _NETSTRING.fullmatch(text)
    return found is not None and int(found["length"][:6]) == len(found["text"])
