"""Patterns that are asked only where the words stand that they cannot do without."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

# One piece of a pattern outside all groups.
_PIECE = re.compile(
    r"(?P<words>\(\?:[\w-]+(?:\|[\w-]+)*\))|(?P<open>\()|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])"
    r"|(?P<kind>\\[A-Za-z0-9]|[.^$])|(?P<either>\|)|(?P<some>\+)|(?P<maybe>[?*]|\{\d*,?\d*\})"
    r"|\\?(?P<plain>.)",
    re.DOTALL,
)
_FLAGS = re.compile(r"\(\?[a-z]+\)")
_BRACKETS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()]", re.DOTALL)
_Words = tuple[str, ...]


class Needle(NamedTuple):
    """A pattern, and the words without which it holds nowhere.

    Attributes:
        pattern: is searched for; compiled when it is.
        needs: groups of words in lower case; one of each must stand in the text.
    """

    pattern: str
    needs: tuple[_Words, ...] = ()

    def stands(self, text: str, folded: str) -> bool:
        """Say whether the pattern is found in a text, whose case-folded form is known."""
        return self.may_stand(folded) and compiled(self.pattern).search(text) is not None

    def may_stand(self, folded: str) -> bool:
        """Say whether the words stand in a case-folded text."""
        return all(any(word in folded for word in words) for words in self.needs)


compiled = cache(re.compile)  # the module's own cache is too small for all rules


@lru_cache(512)
def needle(pattern: str) -> Needle:
    """Read a pattern."""
    return Needle(pattern, _needs(_FLAGS.sub("", pattern)))


def _needs(pattern: str) -> tuple[_Words, ...]:
    """Return what stands outside all groups; nothing where the pattern has alternatives there."""
    found: list[_Words] = []
    run, at = "", 0
    while piece := _PIECE.match(pattern, at):
        at = piece.end()
        if piece["either"]:
            return ()
        if piece["plain"]:
            run += piece["plain"]
            continue
        if piece["maybe"]:  # what stands before it may be missing
            if run:
                run = run[:-1]
            elif found and pattern[piece.start() - 1] == ")":
                found.pop() if _is_words(pattern, piece.start()) else None
        found += [(run.casefold(),)] if run else []
        run = ""
        if piece["words"]:
            found.append(tuple(piece["words"][3:-1].casefold().split("|")))
        at = _behind_group(pattern, at) if piece["open"] else at
    return (*found, (run.casefold(),)) if run else tuple(found)


def _is_words(pattern: str, end: int) -> bool:
    """Whether a group of plain words ends there."""
    return re.search(r"\(\?:[\w-]+(?:\|[\w-]+)*\)\Z", pattern[:end]) is not None


def _behind_group(pattern: str, at: int) -> int:
    depth = 1
    for found in _BRACKETS.finditer(pattern, at):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    return len(pattern)
