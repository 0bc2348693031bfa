"""Which files of a tree are looked into, and how many each rule passes over.

A directory that is passed over counts as one and is not entered. Symbolic links are never
followed: what they lead to inside the tree is reached by its own path, and what is outside is
not the repository's.

Listing directories and sorting their files are two steps: the second is by far the longer one, and
many processes can share it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from refactor.errors import RefactorError
from refactor.files.disk import read, real
from refactor.files.walk_ignores import Ignores, Left, Paths
from refactor.files.walk_rules import HUGE, LARGEST, of_directory, of_file, of_listing
from refactor.model import Note

__all__ = ["TreeListing", "WalkResult", "find_root", "listed", "read", "walk"]


_MOST_ASKED = 32
"""Repositories in one tree whose git is asked; of more, the patterns are read here."""


class WalkResult(NamedTuple):
    """What a walk came upon."""

    files: list[tuple[str, Path]]
    passed_over: dict[str, int]
    notes: list[Note]


class Listing(NamedTuple):
    """Files of one directory, before any rule about files.

    Attributes:
        path: of the directory, from the top, with a slash at its end; "" for the top itself.
    """

    path: str
    ignores: Ignores
    files: list[tuple[str, str]]


class TreeListing:
    """All listings under some paths, and the rules for their files.

    Paths of listings count from the top of the git repository, which may be above the root, as
    git's patterns do; `_cut` is what they have more than paths from the root.
    """

    def __init__(self, root: Path, settings: Left) -> None:
        self._top = next((d for d in (root, *root.parents) if os.path.lexists(d / ".git")), root)
        self._prefix = f"{self._top}/".replace("//", "/")
        self._cut = len(_relative(root, self._top))
        self._ignores = Ignores.of_settings(settings.ignore, self._cut)
        self._tests = settings.tests
        self._seen: set[str] = set()
        self.root = f"{root}/".replace("//", "/")
        self.named: dict[str, None] = {}
        self._told: dict[Path, Paths] = {}
        self.listings: list[Listing] = []
        self.passed: Counter[str] = Counter()
        self.notes: list[Note] = []

    @property
    def files(self) -> int:
        """How many files there are, before any rule about files."""
        return sum(len(listing.files) for listing in self.listings)

    def _git(self, top: Path) -> Paths:
        """Ask git what it ignores in a repository; of those inside the tree only so many."""
        if top not in self._told:
            if len(self._told) >= _MOST_ASKED:
                return None
            from refactor.files.git import ignored

            below = self.root[len(self._prefix) : -1] if top == self._top else ""
            self._told[top] = ignored(top, below)
        return self._told[top]

    def start(self, path: Path) -> None:
        """Take in a file, or a directory and all that is under it."""
        inner = _relative(path, self._top)
        if not path.is_dir():
            self._take(path, inner[self._cut : -1])
            return
        left = [_Directory(inner, self._above(path), named=True)]
        while left:
            left += self._list(left.pop())

    def _take(self, path: Path, name: str) -> None:
        """Take in a file that a person named."""
        if path.exists() and path.stat().st_size > LARGEST:
            self.passed["huge"] += 1
            message = f"is larger than {LARGEST // 1_000_000} MB, and not read"
            self.notes.append(Note(name, "huge", message))
        else:
            self.named[name] = None

    def kept(self, listing: Listing, passed: Counter[str]) -> Iterator[str]:
        """Yield the relative paths of a listing's files that no rule passes over by their name."""
        directory, ignores, files = listing
        inner = directory[self._cut :]
        in_tests = not {"test", "tests", "__tests__"}.isdisjoint(inner.split("/"))
        parent = directory[:-1].rpartition("/")[2]
        cover = ignores.cover if ignores.any else None
        for name, odd in files:
            rule = of_file(name, parent, in_tests=in_tests)
            if not rule or (rule == "test-file" and self._tests):
                rule = "ignored" if cover and cover(directory + name) else odd
            if inner + name in self.named:
                continue
            if rule:
                passed[rule] += 1
            else:
                yield inner + name

    def _above(self, path: Path) -> Ignores:
        ignores = self._ignores
        for parent in reversed(path.parents):
            if parent.is_relative_to(self._top):
                names = [name for name in (".git", ".gitignore") if os.path.lexists(parent / name)]
                ignores = ignores.within(parent, _relative(parent, self._top), names, self._git)
        return ignores

    def _list(self, directory: _Directory) -> Iterator[_Directory]:
        if directory.path in self._seen:
            return
        self._seen.add(directory.path)
        place = self._prefix + directory.path
        try:
            with os.scandir(place) as listing:
                entries = list(listing)
        except OSError as error:
            self.passed["unreadable"] += 1
            message = f"cannot be listed: {error.strerror}"
            self.notes.append(Note(directory.path[self._cut : -1], "unreadable", message))
            return
        names = {entry.name for entry in entries}
        if not directory.named and (rule := of_listing(directory.name, names)):
            self.passed[rule] += 1
            return
        ignores = directory.ignores.within(Path(place), directory.path, names, self._git)
        yield from self._sort(directory.path, ignores, entries)

    def _sort(
        self, directory: str, ignores: Ignores, entries: list[os.DirEntry[str]]
    ) -> Iterator[_Directory]:
        """Take down the files, give back the directories, count those that a rule passes over."""
        files = []
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                files.append((entry.name, _odd(entry)))
                continue
            path = directory + entry.name
            rule = of_directory(entry.name)
            if not rule and ignores.cover(path, directory=True):
                rule = "ignored"
            if rule:
                self.passed[rule] += 1
            else:
                yield _Directory(f"{path}/", ignores)
        if files:
            self.listings.append(Listing(directory, ignores, files))


class _Directory(NamedTuple):
    """A directory to list.

    Attributes:
        path: with a slash at its end; "" for the top itself.
    """

    path: str
    ignores: Ignores
    named: bool = False

    @property
    def name(self) -> str:
        return self.path[:-1].rpartition("/")[2]


def find_root(start: Path) -> Path:
    """Return the repository that a path belongs to.

    That is the nearest directory, at or above it, that holds `.refactor.yaml` or `.git`: settings
    above a repository are not its own. With neither, the directory itself, or the file's.
    """
    start = real(start)
    home = start if start.is_dir() else start.parent
    marks = (".refactor.yaml", ".git")
    marked = (d for d in (home, *home.parents) if any(os.path.lexists(d / m) for m in marks))
    return next(marked, home)


def listed(root: Path, paths: Sequence[Path], settings: Left) -> TreeListing:
    """List the directories under some paths that no rule passes over.

    Raises:
        RefactorError: a path does not exist or lies outside the root.
    """
    root = real(root)
    found = TreeListing(root, settings)
    inner = [_inside(root, path) for path in paths or [root]]
    for path in inner:
        found.start(path)
    return found


def walk(root: Path, paths: Sequence[Path], settings: Left) -> WalkResult:
    """Return the files under some paths that no rule passes over; see `listed`."""
    return walked(listed(root, paths, settings))


def walked(found: TreeListing) -> WalkResult:
    """Return the files of listings that no rule passes over."""
    passed = found.passed.copy()
    files = list(found.named)
    for listing in found.listings:
        for path in found.kept(listing, passed):
            if _size(found.root + path) > HUGE:
                passed["huge"] += 1
            else:
                files.append(path)
    notes = sorted(found.notes, key=lambda note: note.file)
    places = [(path, Path(found.root + path)) for path in sorted(files)]
    return WalkResult(places, dict(sorted(passed.items())), notes)


def _inside(root: Path, path: Path) -> Path:
    if not os.path.lexists(path):
        message = "no such file or directory"
        raise RefactorError(message, where=str(path))
    found = real(path)
    if not found.is_relative_to(root):
        message = f"lies outside of {root}"
        raise RefactorError(message, where=str(path), remedy="run it on that repository by itself")
    return found


def _odd(entry: os.DirEntry[str]) -> str:
    if entry.is_file(follow_symlinks=False):
        return ""
    return "link" if entry.is_symlink() else "special"


def _relative(path: Path, top: Path) -> str:
    """Return a path from the top with a slash at its end; "" for the top itself."""
    inner = path.relative_to(top).as_posix()
    return "" if inner == "." else f"{inner}/"


def _size(path: str) -> int:
    try:
        return os.lstat(path).st_size
    except OSError:
        return 0  # gone since it was listed: reading it will say so
