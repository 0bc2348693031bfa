"""Stand-ins for addresses: of the same shape, unique, and easily found again.

A template may test what it is given (`regexMatch`, `splitList ":"`, a schema's `format: ipv4`), so
an address is stood in for by an address. All of one shape are of one length: none is a part of
another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import product

# 198.18.0.0/15 (RFC 2544) and 2001:2::/48 (RFC 5180) are for benchmarks, `.invalid` (RFC 2606)
# names nothing: no cluster uses them.
HOST = re.compile(
    r"198\.18\.\d{3}\.\d{3}(?!\d)|2001:2::[1-9][0-9a-f]{3}(?![0-9a-f])"
    r"|zq[1-9]\d{3}(?!\d)(?:\.example\.invalid)?"
)
PORT = re.compile(r"(?<!\d)2\d{4}(?!\d)")
_IPV4 = re.compile(r"[0-9.]+\Z")


class Sentinels:
    """Hands out stand-ins that none of some texts holds."""

    def __init__(self, texts: Iterable[str]) -> None:
        taken: set[str] = set()
        for text in texts:
            taken.update(HOST.findall(text))
            taken.update(PORT.findall(text))
        octets = product(range(101, 250), range(101, 250))
        self._ipv4 = _free((f"198.18.{a}.{b}" for a, b in octets), taken)
        self._ipv6 = _free((f"2001:2::{n:x}" for n in range(0x1000, 0x10000)), taken)
        self._short = _free((f"zq{n}" for n in range(1000, 10000)), taken)
        self._port = _free((str(n) for n in range(20011, 30000)), taken)

    def host(self, text: str) -> str:
        """Return a stand-in for a host, without its brackets."""
        if ":" in text:
            return next(self._ipv6)
        if _IPV4.match(text):
            return next(self._ipv4)
        return f"{next(self._short)}.example.invalid" if "." in text else next(self._short)

    def port(self) -> str:
        """Return a stand-in for a port: five digits, below the range of node ports."""
        return next(self._port)


_NOTHING = "{{/**/}}"
_FACTS = ("Release", "Chart", "Values", "Capabilities")
"""What a chart's root holds, and what the names of its objects are made of."""
_NOT_DOT, _NOT_DOLLAR = "-zd", "-zr"


def _unless_root(context: str, mark: str) -> str:
    """Return a template that writes a mark where a context is not a chart's root."""
    held = " ".join(f'(hasKey {context} "{fact}")' for fact in _FACTS)
    return (
        f'{{{{if kindIs "map" {context}}}}}{{{{if not (and {held})}}}}{mark}{{{{end}}}}'
        f"{{{{else}}}}{mark}{{{{end}}}}"
    )


WHICH_ROOT = _unless_root(".", _NOT_DOT) + _unless_root("$", _NOT_DOLLAR)
"""Stands after a host in a template, and tells in what comes out whether `.` and `$` are roots."""


def roots(text: str, host: str) -> str:
    """Return which of `.` and `$` is the root wherever a text of a template came out."""
    found = ".$"
    for rest in text.split(host)[1:]:
        marks = rest.startswith(_NOT_DOT), rest.removeprefix(_NOT_DOT).startswith(_NOT_DOLLAR)
        here = "" if rest.startswith("{{") else "." * (not marks[0]) + "$" * (not marks[1])
        found = "".join(one for one in found if one in here)
    return found


def with_templates(text: str, hosts: Collection[str]) -> str:
    """Return a text with a template after each stand-in host, which `tpl` makes nothing of.

    What is not passed through `tpl` keeps its braces. A comment has no quotes, which would end
    those of the template that the value is put into (`args: ["--url={{ .Values.url }}"]`).
    """
    return HOST.sub(lambda found: found[0] + (_NOTHING if found[0] in hosts else ""), text)


def is_evaluated(text: str, host: str) -> bool | None:
    """Say whether a template after a host was evaluated; None where the host is not there."""
    return None if host not in text else f"{host}{{{{" not in text


def _free(candidates: Iterable[str], taken: set[str]) -> Iterator[str]:
    return (text for text in candidates if text not in taken)
