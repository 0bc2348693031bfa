"""What a rule is made of."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from refactor.model import Reason

_NONE: frozenset[str] = frozenset()
_IP = r"(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+)"
_APART = r"[\s,\[\]\"']"
IPS = rf"{_APART}*(?:{_IP}{_APART}+)*{_IP}{_APART}*"
"""Addresses without ports and nothing else."""
PAIR = rf"{_IP}|\d{{1,3}}(?:\.\d{{1,3}}){{3}}:\d{{1,5}}"
"""One address, with a port or without, and nothing else."""
IMAGE = r"[\w.\[\]:-]+/[a-z0-9._/-]+(?::[\w.-]+)?(?:@sha256:\w+)?"
"""An image's name: no scheme, a path behind the registry."""
PLAIN = r"(?:(?!://).)*"
"""Anything that is no URL."""


class Rule(NamedTuple):
    """One kind of place whose address stays.

    Attributes:
        name: of the pattern, for the report and for tests.
        reason: from the closed set.
        why: one clause for people.
        keys: the nearest name, folded (see `fold`), is one of these.
        ends: the nearest name, folded, ends with one of these.
        under: some name of the path, folded, is one of these.
        kinds: the document's kind is one of these.
        tags: the literal carries one of these tags.
        calls: it is a direct argument of a call whose dotted name ends with one of these.
        top: the path's first name, folded, is one of these.
        text: the literal's whole text matches this pattern.
        named: this pattern is found in the nearest name, spelled in words (see `stems.spelled`).
    """

    name: str
    reason: Reason
    why: str
    keys: frozenset[str] = _NONE
    ends: tuple[str, ...] = ()
    under: frozenset[str] = _NONE
    kinds: frozenset[str] = _NONE
    tags: frozenset[str] = _NONE
    calls: tuple[str, ...] = ()
    top: frozenset[str] = _NONE
    text: str = ""
    named: str = ""


@lru_cache(4096)
def fold(name: str) -> str:
    """Return a name without case, dashes, underscores and dots: `NO_PROXY` is `noproxy`."""
    return re.sub(r"[-_.\s]", "", name).lower()


def words(text: str) -> frozenset[str]:
    """Return the words of a text, as a table's cell."""
    return frozenset(text.split())


OBJECTS = words(
    "Pod Deployment StatefulSet DaemonSet ReplicaSet Job CronJob Service Node Ingress Endpoints"
    " EndpointSlice PersistentVolume PersistentVolumeClaim Gateway HTTPRoute GRPCRoute"
)
