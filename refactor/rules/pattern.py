"""Ordered patterns over names: `spec.**.server`, `** listen ** host|address`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple

from refactor.text.key_words import spelled

_SEGMENT = re.compile(r"((?:'[^']*'|[^.'])+)(?:\.|\Z)")
_FOLDED = re.compile(r"[-_.\s]")
DEEP = "**"


class PathStep(NamedTuple):
    """What one name has to be."""

    words: frozenset[str] = frozenset()
    globs: tuple[str, ...] = ()
    deep: bool = False

    def takes(self, name: str) -> bool:
        """Say whether a name fits; `metallb.io/loadBalancerIPs` also goes by its last part."""
        return any(
            part in self.words or any(fnmatchcase(part, glob) for glob in self.globs)
            for part in parts(name)
        )


Steps = tuple[PathStep, ...]


@lru_cache(4096)
def fold(name: str) -> str:
    """Return a name without case, dashes, underscores and dots: `NO_PROXY` is `noproxy`."""
    return _FOLDED.sub("", name).lower()


def parts(name: str) -> tuple[str, ...]:
    """Return a folded name and, where a prefix owns it, what stands behind the prefix."""
    return (name, name.rpartition("/")[2]) if "/" in name else (name,)


def path_steps(text: str) -> Steps:
    """Read a path: names between dots."""
    return tuple(_step([fold(word.strip("'")) for word in _split(part)]) for part in _parts(text))


def name_steps(text: str) -> Steps:
    """Read the words of a name: words between blanks."""
    return tuple(_step(part.lower().split("|")) for part in text.split())


def _parts(text: str) -> list[str]:
    return [match[1] for match in _SEGMENT.finditer(text)]


def _split(part: str) -> list[str]:
    return re.findall(r"'[^']*'|[^|']+", part)


def _step(words: Sequence[str]) -> PathStep:
    if list(words) == [DEEP]:
        return PathStep(deep=True)
    globs = tuple(word for word in words if "*" in word)
    return PathStep(frozenset(words) - set(globs), globs)


def fits(steps: Steps, names: Sequence[str]) -> bool:
    """Say whether names fit a pattern; linear in both."""
    at = _opened(steps, {0})
    for name in names:
        stay = {i for i in at if i < len(steps) and steps[i].deep}
        go = {i + 1 for i in at if i < len(steps) and not steps[i].deep and steps[i].takes(name)}
        at = _opened(steps, stay | go)
        if not at:
            return False
    return len(steps) in at


def _opened(steps: Steps, at: set[int]) -> set[int]:
    """Add the places behind a `**`, which may stand for no name at all."""
    found = set(at)
    for i in sorted(at):
        while i < len(steps) and steps[i].deep:
            i += 1
            found.add(i)
    return found


def anchor(steps: Steps) -> frozenset[str]:
    """Return words of which a name that fits has to hold one; none where that is not known."""
    plain = [step.words for step in reversed(steps) if step.words and not step.globs]
    return plain[0] if plain else frozenset()


def words_of(names: Iterable[str]) -> tuple[str, ...]:
    """Return the words of names: `serverAddr.http` is server, addr, http."""
    return tuple(w for name in names for w in re.split(r"[._]", spelled(name)) if w)
