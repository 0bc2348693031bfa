"""The words before an item in a list of arguments: `["uvicorn", "main:app", "--host", ...]`."""

from __future__ import annotations

import re
from collections import deque

from refactor.rules.place import ARGV

_NONE: frozenset[str] = frozenset()
_PROGRAM = re.compile(r"[A-Za-z./][\w./-]*\Z")
_FIRST, _LAST = 6, 10  # words that are kept
_LONGEST = 80  # code points of a word


class Argv:
    """Collects the words of a list that may be a command.

    Args:
        words: those before the list.
    """

    def __init__(self, words: tuple[str, ...] = ()) -> None:
        self._first: list[str] = []
        self._last: deque[str] = deque(maxlen=_LAST)
        for word in words:
            self.add(word)

    def add(self, word: str) -> None:
        """Take the next word."""
        if len(self._first) < _FIRST:
            self._first.append(word[:_LONGEST])
        else:
            self._last.append(word[:_LONGEST])

    @property
    def words(self) -> tuple[str, ...]:
        """The words so far."""
        return (*self._first, *self._last)

    @property
    def tags(self) -> frozenset[str]:
        """The tag that holds the words so far; none where the first one names no program."""
        if not self._first or not _PROGRAM.match(self._first[0]):
            return _NONE
        return frozenset({ARGV + " ".join(self.words)})
