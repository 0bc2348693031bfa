"""Which files of a tree are looked into, and how many each rule passes over.

A directory that is passed over counts as one and is not entered. Symbolic links are never
followed: what they lead to inside the tree is reached by its own path, and what is outside is
not the repository's.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from refactor.disk import read, real
from refactor.errors import RefactorError
from refactor.model import Note
from refactor.settings import Settings
from refactor.walk_ignores import Ignores
from refactor.walk_rules import HUGE, LARGEST, of_directory, of_file, of_listing

__all__ = ["Walked", "find_root", "read", "walk"]


class Walked(NamedTuple):
    """What a walk came upon.

    Attributes:
        files: relative path with forward slashes, and absolute path; in order of the first.
        passed_over: how many files (or whole directories) each rule passed over.
        notes: the directories that could not be listed.
    """

    files: list[tuple[str, Path]]
    passed_over: dict[str, int]
    notes: list[Note]


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


def walk(root: Path, paths: Sequence[Path], settings: Settings) -> Walked:
    """List the files under some paths that no rule passes over.

    Args:
        root: the repository's root.
        paths: files and directories under it; none for all of it. A file that is named here is
            listed whatever the rules say.
        settings: what to ignore, and whether tests are looked at.

    Raises:
        RefactorError: a path does not exist or lies outside the root.
    """
    root = real(root)
    walker = _Walker(root, settings)
    for path in paths or [root]:
        walker.start(_inside(root, path))
    return walker.walked()


def _inside(root: Path, path: Path) -> Path:
    if not os.path.lexists(path):
        message = "no such file or directory"
        raise RefactorError(message, where=str(path))
    found = real(path)
    if not found.is_relative_to(root):
        message = f"lies outside of {root}"
        raise RefactorError(message, where=str(path), remedy="run it on that repository by itself")
    return found


class _Directory(NamedTuple):
    """A directory to list.

    Attributes:
        path: with a slash at its end; "" for the top itself.
        ignores: what counts above it.
        named: whether a person asked for it.
    """

    path: str
    ignores: Ignores
    named: bool = False

    @property
    def name(self) -> str:
        return self.path[:-1].rpartition("/")[2]


class _Walker:
    """Lists one directory after another.

    Its paths count from the top of the git repository, which may be above the root, as git's
    patterns do; `_cut` is what they have more than paths from the root.
    """

    def __init__(self, root: Path, settings: Settings) -> None:
        self._top = next((d for d in (root, *root.parents) if os.path.lexists(d / ".git")), root)
        self._cut = len(_relative(root, self._top))
        self._ignores = Ignores.of_settings(settings.ignore, self._cut)
        self._tests = settings.tests
        self._found: dict[str, Path] = {}
        self._listed: set[str] = set()
        self._passed: Counter[str] = Counter()
        self._notes: list[Note] = []

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
            self._passed["huge"] += 1
            message = f"is larger than {LARGEST // 1_000_000} MB, and not read"
            self._notes.append(Note(name, "huge", message))
        else:
            self._found[name] = path

    def walked(self) -> Walked:
        """Return what has been found."""
        notes = sorted(self._notes, key=lambda note: note.file)
        return Walked(sorted(self._found.items()), dict(sorted(self._passed.items())), notes)

    def _above(self, path: Path) -> Ignores:
        ignores = self._ignores
        for parent in reversed(path.parents):
            if parent.is_relative_to(self._top):
                names = [name for name in (".git", ".gitignore") if os.path.lexists(parent / name)]
                ignores = ignores.within(parent, _relative(parent, self._top), names)
        return ignores

    def _list(self, directory: _Directory) -> Iterator[_Directory]:
        if directory.path in self._listed:
            return
        self._listed.add(directory.path)
        place = self._top / directory.path
        try:
            with os.scandir(place) as listing:
                entries = list(listing)
        except OSError as error:
            self._passed["unreadable"] += 1
            message = f"cannot be listed: {error.strerror}"
            self._notes.append(Note(directory.path[self._cut : -1], "unreadable", message))
            return
        names = {entry.name for entry in entries}
        if not directory.named and (rule := of_listing(directory.name, names)):
            self._passed[rule] += 1
            return
        ignores = directory.ignores.within(place, directory.path, names)
        yield from self._sort(directory._replace(ignores=ignores), entries)

    def _sort(self, directory: _Directory, entries: list[os.DirEntry[str]]) -> Iterator[_Directory]:
        """Keep the files, give back the directories, count what a rule passes over."""
        in_tests = not {"test", "tests"}.isdisjoint(directory.path[self._cut :].split("/"))
        for entry in entries:
            path = directory.path + entry.name
            if entry.is_dir(follow_symlinks=False):
                rule = of_directory(entry.name)
                if not rule and directory.ignores.cover(path, directory=True):
                    rule = "ignored"
                if not rule:
                    yield _Directory(f"{path}/", directory.ignores)
            else:
                rule = self._file_rule(entry, directory, in_tests=in_tests)
                if not rule:
                    self._found[path[self._cut :]] = Path(entry.path)
            if rule:
                self._passed[rule] += 1

    def _file_rule(self, entry: os.DirEntry[str], directory: _Directory, *, in_tests: bool) -> str:
        """Return the rule that passes a file over, the cheap ones asked first; "" for none."""
        rule = of_file(entry.name, directory.name, in_tests=in_tests)
        if rule and not (rule == "test-file" and self._tests):
            return rule
        if directory.ignores.cover(directory.path + entry.name):
            return "ignored"
        if entry.is_symlink():
            return "link"
        if not entry.is_file(follow_symlinks=False):
            return "special"
        return "huge" if _size(entry) > HUGE else ""


def _relative(path: Path, top: Path) -> str:
    """Return a path from the top with a slash at its end; "" for the top itself."""
    inner = path.relative_to(top).as_posix()
    return "" if inner == "." else f"{inner}/"


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0  # gone since it was listed: reading it will say so
