"""The files of a repository as they are, or as they will be after some changes."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from refactor.files.walk_rules import HUGE, of_directory, of_listing
from refactor.text.source import Source

_MOST = 20_000
"""Files of one chart; the largest real ones have some thousand."""


class Tree:
    """Reads below a root, and nothing else: a link that leads out of it is not followed."""

    def __init__(self, root: Path, changes: Mapping[str, bytes] | None = None) -> None:
        """Take the root.

        Args:
            changes: new bytes by path relative to the root, of files that are there or not yet.
        """
        self._root = root.resolve()
        self._changes = dict(changes or {})
        self._sources: dict[str, Source] = {}
        self._read = lru_cache(maxsize=None)(self._read_disk)
        self._below = lru_cache(maxsize=None)(self._list)

    def changed(self, changes: Mapping[str, bytes]) -> Tree:
        """Return the same tree with some more files changed; what was read is not read again."""
        other = Tree(self._root, {**self._changes, **changes})
        other._read, other._below = self._read, self._below
        return other

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes by its path relative to the root; None where there is none."""
        return self._changes[path] if path in self._changes else self._read(path)

    def source(self, path: str) -> Source:
        """Return a file as text; empty where there is none."""
        if path not in self._sources:
            self._sources[path] = Source(path, self.read(path) or b"")
        return self._sources[path]

    def below(self, directory: str) -> tuple[list[str], list[str]]:
        """Return the files under a directory, links inside the tree followed, and what to note.

        Args:
            directory: relative to the root; "" for the root.
        """
        found, notes = self._below(directory)
        prefix = f"{directory}/" if directory else ""
        added = [path for path in self._changes if path.startswith(prefix)]
        return sorted({*found, *added}), list(notes)

    def _read_disk(self, path: str) -> bytes | None:
        real = self._inside(path)
        try:
            return real.read_bytes() if real and stat.S_ISREG(real.stat().st_mode) else None
        except OSError:
            return None

    def _inside(self, path: str) -> Path | None:
        try:
            real = (self._root / path).resolve()
        except (OSError, RuntimeError, ValueError):  # a loop of links, a NUL in a name
            return None
        return real if real.is_relative_to(self._root) else None

    def _list(self, directory: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        found: list[str] = []
        notes: list[str] = []
        left: list[tuple[str, tuple[Path, ...]]] = [(directory, ())]
        entered = 0
        while left and entered + len(found) < _MOST:
            folder, above = left.pop()
            entered += 1
            real = self._inside(folder)
            if real is None:
                notes.append(f"{folder} leads out of the repository and is not followed")
            elif real not in above:
                for path, is_directory in self._entries(folder, real):
                    if is_directory:
                        left.append((path, (*above, real)))
                    else:
                        found.append(path)
        if left:
            notes.append(f"{directory or '.'} holds more than {_MOST} files: some are left out")
        return tuple(found), tuple(notes)

    def _entries(self, folder: str, real: Path) -> list[tuple[str, bool]]:
        """The files of a directory, and the directories (and links out of the tree) to enter."""
        try:
            with os.scandir(real) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError:
            return []
        if of_listing(real.name, {entry.name for entry in entries}):
            return []
        kept = []
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            outside = entry.is_symlink() and self._inside(path) is None
            if outside or entry.is_dir():
                if not of_directory(entry.name):
                    kept.append((path, True))
            elif entry.is_file() and _size(entry) <= HUGE:
                kept.append((path, False))
        return kept


def _size(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat().st_size
    except OSError:
        return 0  # gone since it was listed: reading it will say so
