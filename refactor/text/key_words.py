"""Names without the word that says host or port: `ordersHost` and `ORDERS_PORT` are both orders."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_PLURAL = re.compile(r"[A-Z]{2,}s(?![a-z])")  # trustedIPs
_HOST_WORDS = {"host", "hostname", "hosts", "hostaddr", "addr", "addrs", "address", "addresses"}
_HOST_WORDS |= {"ip", "ips", "ipaddr", "ipaddress", "server", "servers", "endpoint", "endpoints"}
_HOST_WORDS |= {"node", "nodes", "contact", "points", "contactpoints", "seeds", "brokers"}
# `PGHOST`, `dbport`: no separator, and no word of its own that ends so (`ghost`, `transport`).
_JOINED = re.compile(r"(?P<name>[a-z]{2,}?)(?P<says>hostaddr|hostname|hosts?|port)")
_WORDS = """
    airport cohost cohosts comport deport dport export ghost ghosts import localhost lport passport
    rapport rehost report rport seaport sport support teleport transport vhost vhosts viewport
    virtualhost virtualhosts
"""
_WHOLE = frozenset(_WORDS.split())
_FLAG_HOST = frozenset({"-h", "-H"})
_FLAG_PORT = frozenset({"-p", "-P"})


class Stem(NamedTuple):
    """A name without the word that says host or port.

    Attributes:
        says: "host", "port" or "" where the name says neither.
    """

    words: tuple[str, ...]
    says: str


@lru_cache(maxsize=4096)
def spelled(name: str) -> str:
    """Return a name's words, lower case, with `_` between them, and dots where it has dots."""
    name = _PLURAL.sub(lambda match: match[0].capitalize(), name)
    return ".".join("_".join(_WORD.findall(part)).lower() for part in name.split("."))


@lru_cache(maxsize=4096)
def stem(name: str) -> Stem:
    """Return a name's words without the one that says host or port."""
    if name in _FLAG_HOST:
        return Stem((), "host")
    if name in _FLAG_PORT:
        return Stem((), "port")
    words = [part for word in _WORD.findall(name) for part in _parted(word.lower())]
    if "port" in words:
        kept = [w for w in words if w not in ("port", "value", "number")]
        return Stem(tuple(w for w in kept if w not in _HOST_WORDS), "port")
    rest = tuple(w for w in words if w not in _HOST_WORDS)
    return Stem(rest, "host" if len(rest) < len(words) else "")


def _parted(word: str) -> tuple[str, ...]:
    """Return a word in two where it ends in the word that says host or port: `pghost`."""
    joined = None if word in _WHOLE else _JOINED.fullmatch(word)
    return (joined["name"], joined["says"]) if joined else (word,)
