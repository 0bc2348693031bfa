"""Hosts as the indexes have them, and numbers of objects by host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from refactor.addresses import canonical

Number: TypeAlias = int | list[int]
"""Of one object, as nearly always, or of several."""

Numbers: TypeAlias = Mapping[str, Number]
"""Of the objects that have a host."""


def normal(host: str) -> str:
    """Return a host as the index has it: `addresses.canonical`, without its price for IPv4."""
    return canonical(host) if ":" in host or "[" in host else host.lower().rstrip(".")


def is_ip(host: str) -> bool:
    """Say whether a host in normal form is an IP address."""
    return ":" in host or host.replace(".", "").isdecimal()


def by_host(pairs: list[tuple[str, int]]) -> dict[str, Number]:
    """Return the numbers of each host, in normal form; "" is no host."""
    pairs = _normal(pairs)
    found: dict[str, Number] = dict(pairs)
    if len(found) < len(pairs):  # most often each object has a host to itself
        found.clear()
        for host, number in pairs:
            held = found.setdefault(host, number)
            if isinstance(held, list):
                held += [number] * (held[-1] != number)
            elif held != number:
                found[host] = [held, number]
    found.pop("", None)
    return found


def numbered(number: Number) -> Sequence[int]:
    """Return numbers as a row of them."""
    return number if isinstance(number, list) else (number,)


def _normal(pairs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Bring hosts into normal form: one look at all of them settles those that have it already."""
    joined = "\n".join([host for host, _ in pairs]) + "\n"
    odd = ":" in joined or "[" in joined or ".\n" in joined or joined != joined.lower()
    return [(normal(host), number) for host, number in pairs] if odd else pairs
