"""Which files of a tree could hold an address, told from their bytes alone.

Nearly every file of nearly every repository holds none, so this is where the time goes: each is
read into the same room, and looked through by a compiled matcher, in as many processes as there
are processors.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeAlias

from refactor.addresses.known import KnownHosts, names_filter
from refactor.addresses.matcher import Bytes, Matcher, Test
from refactor.files.disk import Room
from refactor.files.disk import read as read_whole
from refactor.files.kinds import kind_of
from refactor.files.parallel import TURNS, processes, shared
from refactor.files.progress import tell
from refactor.files.walk import Listing, TreeListing
from refactor.files.walk_rules import HUGE
from refactor.scan.handed import Handed
from refactor.text.source import BOMS_16, Source, is_binary

PathTest: TypeAlias = Callable[[str, Bytes], bool]
"""Says by its path and its bytes whether a file is looked into."""
_MANY = 1500
"""Files from which other processes pay: fewer are read in the time that a fork takes."""

_HEAD = 8192
"""Bytes that tell a text from binary data."""


class Prefiltered(NamedTuple):
    """What came of some files.

    Attributes:
        candidates: relative paths of those that could hold an address.
        read: how many were looked into.
        passed_over: how many each rule passed over.
    """

    candidates: list[str]
    read: int
    passed_over: dict[str, int]


class Sieve:
    """Looks into one file after another."""

    def __init__(
        self,
        listed: TreeListing,
        known_of: Callable[[str], KnownHosts],
        also: Test | None = None,
        only: PathTest | None = None,
    ) -> None:
        """Take what is the same for all files."""
        self._also, self._only = also, only
        self._listed = listed
        self._known_of = known_of
        self._files = listed.files
        self._matcher = Matcher(self._files)
        self._handed = Handed(listed)
        self._filters: dict[int, Callable[[Bytes], bool]] = {}
        self._names("")  # made before processes part: most files share it

    @cached_property
    def _room(self) -> Room:
        return Room(HUGE)

    def sift(self, listings: Iterator[Listing]) -> Prefiltered:
        """Look into the files of some directories."""
        passed: Counter[str] = Counter()
        candidates = []
        read = 0
        for listing in listings:
            for path in self._listed.kept(listing, passed):
                answer = self._look(path)
                if isinstance(answer, str):
                    passed[answer] += 1
                    continue
                read += 1
                if answer:
                    candidates.append(path)
        return Prefiltered(candidates, read, dict(passed))

    def named(self) -> Prefiltered:
        """Look into the files that a person has named, however large they are."""
        passed: Counter[str] = Counter()
        answers = {
            path: self._answer(path, kind_of(path, ""), read_whole(Path(self._listed.root + path)))
            for path in self._listed.named
        }
        passed.update(answer for answer in answers.values() if isinstance(answer, str))
        found = [path for path, answer in answers.items() if answer is True]
        return Prefiltered(found, len(answers) - passed.total(), dict(passed))

    def _look(self, path: str) -> bool | str:
        return self._answer(path, kind_of(path, ""), self._room.read(self._listed.root + path))

    def _answer(self, path: str, kind: str | None, data: Bytes | str) -> bool | str:
        """Say whether a file could hold an address, or which rule passes it over."""
        if isinstance(data, str):
            return data
        head = bytes(data[:_HEAD])
        kind = kind or kind_of(path, head[:128].decode("latin-1"))
        if kind is None and not self._handed(path):
            return "unknown-kind"
        if is_binary(head):
            return "binary"
        return self._may_hold(path, data)

    def _may_hold(self, path: str, data: Bytes) -> bool:
        if data[:2] in BOMS_16:
            data = Source(path, bytes(data)).text.encode("utf-8", "surrogatepass")
        if self._only is not None:
            return self._only(path, data)
        if self._matcher.may_hold(data) or self._names(path)(data):
            return True
        return self._also is not None and self._also(data)

    def _names(self, path: str) -> Callable[[Bytes], bool]:
        known = self._known_of(path)
        if id(known) not in self._filters:
            self._filters[id(known)] = names_filter(known.names, self._files)
        return self._filters[id(known)]


def sift(
    listed: TreeListing,
    known_of: Callable[[str], KnownHosts],
    also: Test | None = None,
    only: PathTest | None = None,
) -> Prefiltered:
    """Return which of the listed files could hold an address, in order of path."""
    sieve = Sieve(listed, known_of, also, only)
    turns = _turns(listed.listings, listed.files)
    parts = [sieve.named(), *_sifted(sieve, turns, processes() if listed.files >= _MANY else 1)]
    passed = Counter(listed.passed)
    for part in parts:
        passed.update(part.passed_over)
    candidates = sorted(path for part in parts for path in part.candidates)
    return Prefiltered(candidates, sum(part.read for part in parts), dict(passed))


def _sifted(sieve: Sieve, turns: list[list[Listing]], workers: int) -> list[Prefiltered]:
    here = os.getpid()

    def listings(numbers: Iterator[int]) -> Iterator[Listing]:
        for number in numbers:
            if os.getpid() == here:  # turns are taken in order, so this one says how far all are
                tell("reading", number, len(turns))
            yield from turns[number]

    def work(numbers: Iterator[int]) -> tuple[list[str], int, dict[str, int]]:
        found = sieve.sift(listings(numbers))
        return found.candidates, found.read, found.passed_over

    if workers > 1:
        results = shared(len(turns), work, workers - 1)
        if results is not None:
            return [Prefiltered(*result) for result in results]
    return [sieve.sift(listings(iter(range(len(turns)))))]


def _turns(listings: list[Listing], files: int) -> list[list[Listing]]:
    """Cut the listings into turns of about as many files each."""
    room = max(64, files // (TURNS // 2) + 1)
    turns: list[list[Listing]] = []
    free = 0
    for path, ignores, names in listings:
        for at in range(0, len(names), room):
            part = Listing(path, ignores, names[at : at + room])
            if free < len(part.files):
                turns.append([])
                free = room
            turns[-1].append(part)
            free -= len(part.files)
    return turns
