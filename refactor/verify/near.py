"""Which known name a wrong one was meant to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_DIGITS = re.compile(r"-?[0-9]+")
_SHORT = 4
"""Letters below which one changed letter makes another word."""


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names one slip away from a name, the likeliest first."""
    close = [(distance(name, one), one) for one in set(known) if one != name]
    return [one for far, one in sorted(close) if far <= allowed(name)]


def allowed(name: str) -> int:
    """Return how many letters may differ: none in short names, two in long ones."""
    return 0 if len(name) < _SHORT else 1 if len(name) < 2 * _SHORT else 2


def is_numbered(one: str, other: str) -> bool:
    """Say whether two names differ in their numbers alone: `kafka-1` is no slip of `kafka-2`."""
    return _DIGITS.sub("", one) == _DIGITS.sub("", other)


def related(name: str, known: Iterable[str]) -> list[str]:
    """Return the known names that a name has grown into: `orders-api` of `orders`.

    The other way round tells nothing: `orders-metrics` may be what a release of `orders` makes.
    """
    return sorted(one for one in set(known) if one != name and _grown(one, name))


def _grown(one: str, name: str) -> bool:
    apart = one.startswith(f"{name}-") or one.endswith(f"-{name}")
    return apart or sorted(one.split("-")) == sorted(name.split("-"))


def distance(one: str, other: str) -> int:
    """Return how many letters are missing, added, changed or swapped; 9 for many."""
    if abs(len(one) - len(other)) > 2:
        return 9
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before = before, row
        row = [i]
        for j, sign in enumerate(other, 1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != sign))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == sign:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]


def slips(name: str) -> Iterator[str]:
    """Yield a name with up to one letter missing: two names one slip apart share one of them."""
    yield name
    for at in range(len(name)):
        yield name[:at] + name[at + 1 :]
