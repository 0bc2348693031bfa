"""Who calls whom, by the names themselves: what the map is drawn from."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from typing import NamedTuple

from refactor.verify.model import HARMLESS, Verification, Verified


class Connection(NamedTuple):
    """A connection that the repository speaks of.

    Attributes:
        caller: the program that dials; the file's directory where none is known.
        callee: the Service.
        port: what is dialled, "" where it is not written.
        broken: whether no name of it holds.
        names: the names that say so.
    """

    caller: str
    callee: str
    port: str
    broken: bool
    names: tuple[Verified, ...]


def calls(told: Verification) -> tuple[Connection, ...]:
    """Return every connection once, by caller and callee."""
    found: defaultdict[tuple[str, str, str], list[Verified]] = defaultdict(list)
    for one in told.names:
        port = str(one.finding.port or "")
        for caller in _callers(one):
            found[caller, _callee(one), port].append(one)
    return tuple(
        Connection(*key, any(one.verdict not in HARMLESS for one in held), tuple(held))
        for key, held in sorted(found.items())
    )


def _callers(one: Verified) -> tuple[str, ...]:
    named = [caller.split(" (")[0] for caller in one.callers]
    known = tuple(dict.fromkeys(name for name in named if not name.startswith("a program")))
    return known or (posixpath.dirname(one.finding.file) or one.finding.file,)


def _callee(one: Verified) -> str:
    if one.service is None:
        return one.finding.host
    return str(one.service) if one.service.namespace else one.service.name
