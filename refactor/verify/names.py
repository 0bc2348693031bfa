"""Which words of a text could be Service names, and what their parts mean.

Source: Kubernetes, "DNS for Services and Pods".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator
from functools import cached_property

from refactor.addresses.matcher import Bytes
from refactor.text.dns import is_label
from refactor.verify.model import Name
from refactor.verify.near import allowed, slips

# Words of a file that stand where a host is meant: with `svc`, in a URL, before a port, behind a
# key that says host (also an env item's `value`). Each expression begins with fixed letters, which
# `re` looks for fast: one alternation of them all takes fifty times as long.
_HOST = rb"([a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+){0,3})(?![\w.-])"
_SVC = re.compile(rb"\.svc\b")
_BEHIND_KEY = (
    rb"[\w.-]{0,24}[\"']?"
    rb"(?:\s{0,9}[:=,]|[ \t]{0,9}\r?\n[ \t-]{0,80}[\"']?value[\"']?[ \t]{0,9}:)"
    rb"[\s\[\"'(-]{0,120}([a-z][a-z0-9.-]*)"
)
_KEYS = b"host addr server endpoint node broker seed".split()
_PLACES = [re.compile(rb"://(?:[^\s/@\"']{1,80}@)?" + _HOST)] + [
    re.compile(key + _BEHIND_KEY)
    for word in _KEYS
    for key in (word, word.capitalize(), word.upper())
]
_PLACES.append(re.compile(rb"oints" + _BEHIND_KEY))
_PLACES.append(re.compile(rb"default\s{0,9}[=:]\s{0,9}[\"']([a-z][a-z0-9.-]*)"))
_PORT = re.compile(rb":[0-9]{2,5}\b")
_BEFORE_PORT = re.compile(rb"[\"']?([a-z0-9.-]*[a-z])(?![\w.-])")
_LONGEST = 256
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_SRV = re.compile(r"_[a-z0-9-]+")
# A clusterset's names are the affair of ServiceImports.
_SET = "clusterset.local"
ALWAYS = "kubernetes"
"""The Service that every cluster has."""


def parse(host: str, pairs: Collection[tuple[str, str]] = ()) -> Name | None:
    """Return the parts of a Service's name; None where it can be none."""
    labels = host.lower().rstrip(".").split(".")
    port = labels[0][1:] if _SRV.fullmatch(labels[0]) else ""
    labels = labels[2:] if port else labels
    if not labels or not all(map(is_label, labels)):
        return None
    if "svc" in labels[2:]:
        at = labels.index("svc", 2)
        before, domain = labels[:at], ".".join(labels[at + 1 :])
        if domain == _SET or len(before) > 3:
            return None
        pod = before[0] if len(before) == 3 else ""
        return Name(before[-2], before[-1], pod, port, domain, svc=True)
    if len(labels) == 1:
        return Name(labels[0], port=port)
    if len(labels) == 2:
        if tuple(labels) not in pairs and _governed(labels, pairs):
            return Name(labels[1], pod=labels[0], port=port)
        return Name(labels[0], labels[1], port=port)
    if len(labels) == 3 and tuple(labels[1:]) in pairs:
        return Name(labels[1], labels[2], labels[0], port)
    return None


def _governed(labels: list[str], pairs: Collection[tuple[str, str]]) -> bool:
    """Whether two labels are a pod and its Service: `kafka-0.kafka`."""
    _, dash, ordinal = labels[0].rpartition("-")
    return bool(dash) and ordinal.isdecimal() and any(labels[1] == name for name, _ in pairs)


class ServiceNames(frozenset[str]):
    """Every word that could be the name of a Service: those that exist, and near misses.

    A set by what it lists, so that files are sifted by it; it holds more words than it lists:
    what has `svc` in it, and what is one slip away from a name. Single words are not listed: they
    stand in every file (see `dialled`).
    """

    def __new__(cls, names: Iterable[str], spaces: Iterable[str]) -> ServiceNames:
        """Take the names of Services, and of namespaces."""
        listed = {*names, ALWAYS, f"{ALWAYS}.default"}
        made = super().__new__(cls, listed)
        made._spaces = frozenset(spaces) | {"default", "kube-system"}
        made._answers = {}
        return made

    def __iter__(self) -> Iterator[str]:
        """Yield the names that files are sifted by."""
        return (name for name in super().__iter__() if "." in name)

    @property
    def _single(self) -> frozenset[str]:
        return frozenset(name for name in frozenset.__iter__(self) if "." not in name)

    _spaces: frozenset[str]
    _answers: dict[str, bool]

    def __contains__(self, word: object) -> bool:
        """Say whether a lower-case word could be a Service's name."""
        if not isinstance(word, str):
            return False
        if word not in self._answers:
            self._answers[word] = self._could_be(word)
        return self._answers[word]

    def isdisjoint(self, other: Iterable[object], /) -> bool:
        """Say whether no word of some could be a Service's name."""
        return not any(word in self for word in other)

    def _could_be(self, word: str) -> bool:
        if super().__contains__(word):
            return True
        labels = word.split(".")
        if "svc" in labels[2:]:
            return parse(word) is not None
        if len(labels) == 1:
            return self._near(word) and is_label(word)
        *pods, name, space = labels
        known = super().__contains__
        if len(pods) > 1 or not all(map(is_label, labels)):
            return False
        if known(space) and not pods and name.rpartition("-")[2].isdecimal():
            return True  # a pod under its Service
        if space in self._spaces:
            return known(name) or self._near(name)
        return known(name) and self._near_space(space)

    def _near(self, word: str) -> bool:
        if not self._parts.isdisjoint((word, word.partition("-")[0])) and "-" in word:
            return True
        if word in self._parts:
            return True
        return bool(allowed(word)) and not self._slips.isdisjoint(slips(word))

    def _near_space(self, space: str) -> bool:
        return bool(allowed(space)) and not self._space_slips.isdisjoint(slips(space))

    @cached_property
    def _parts(self) -> frozenset[str]:
        """Beginnings and ends of names at a dash."""
        found = set()
        for name in self._single:
            words = name.split("-")
            for at in range(1, len(words)):
                found |= {"-".join(words[:at]), "-".join(words[at:])}
        return frozenset(found) | self._single

    @cached_property
    def _slips(self) -> frozenset[str]:
        return frozenset(slip for name in self._single if allowed(name) for slip in slips(name))

    @cached_property
    def _space_slips(self) -> frozenset[str]:
        return frozenset(slip for name in self._spaces if allowed(name) for slip in slips(name))


def dialled(data: Bytes, names: Container[str], but: Container[str] = ()) -> bool:
    """Say whether bytes hold a word of some names, but for some, where a host is meant."""
    if _SVC.search(data):
        return True
    words = (word.decode() for word in _words(data))
    return any(word in names and word not in but for word in words)


def _words(data: Bytes) -> Iterator[bytes]:
    for place in _PLACES:
        yield from place.findall(data)
    for port in _PORT.finditer(data):
        before = bytes(data[max(0, port.start() - _LONGEST) : port.start()])[::-1]
        if word := _BEFORE_PORT.match(before):
            yield word[1][::-1]


class HostSet:
    """The hosts that a scan for Service names looks for: see `addresses.known.Known`."""

    def __init__(self, names: Iterable[str], spaces: Iterable[str]) -> None:
        """Take the names of Services, and of namespaces."""
        self.names: frozenset[str] = ServiceNames(names, spaces)

    def knows(self, host: str) -> bool:
        """Say whether a host could be a Service's name."""
        return host.lower().rstrip(".") in self.names
