"""What git ignores in a directory, and what the settings do (gitignore(5), "Description").

Git says so itself where there is one. Where there is none, or it cannot tell, the patterns of the
tree are read here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import NamedTuple, Protocol

from refactor.files.disk import read
from refactor.files.globs import Patterns

Paths = frozenset[str] | None
_LIMIT = 250_000
"""Bytes of a file of patterns that count; compiling more would take seconds."""


class Left(Protocol):
    """What a user leaves out of a walk; the settings of a repository are one."""

    @property
    def ignore(self) -> tuple[str, ...]:
        """Globs of files that are not looked into."""

    @property
    def tests(self) -> bool:
        """Whether test files are looked into."""


class _Layer(NamedTuple):
    """Patterns, and how many letters of a path come before the directory they count from."""

    cut: int
    patterns: Patterns


class GitIgnored(NamedTuple):
    """What git says it ignores, and how many letters of a path come before its repository."""

    cut: int
    paths: frozenset[str]


class Ignores(NamedTuple):
    """What counts in one directory. Paths are from the top of the repository.

    Attributes:
        told: by git, in place of those files; None where it has not been asked or cannot tell.
    """

    settings: _Layer
    layers: tuple[_Layer, ...] = ()
    told: GitIgnored | None = None

    @classmethod
    def of_settings(cls, globs: Collection[str], cut: int) -> Ignores:
        """Return what the settings ignore."""
        return cls(_Layer(cut, Patterns(globs)))

    @property
    def any(self) -> bool:
        """Whether anything may be ignored at all."""
        told = bool(self.told and self.told.paths)
        return told or bool(self.settings.patterns) or any(patterns for _, patterns in self.layers)

    def within(
        self, directory: Path, path: str, names: Collection[str], git: Callable[[Path], Paths]
    ) -> Ignores:
        """Return what counts inside a directory.

        Args:
            path: its path with a slash at its end; "" for the top.
        """
        layers = self.layers
        if ".git" in names:
            if (paths := git(directory)) is not None:
                return Ignores(self.settings, (), GitIgnored(len(path), paths))
            self = self._replace(told=None)  # an outer repository's does not count
            layers = (_layer(_git_directory(directory) / "info/exclude", path),)
        if ".gitignore" in names and self.told is None:
            layers = (_layer(directory / ".gitignore", path), *layers)
        return self if layers is self.layers else self._replace(layers=layers)

    def cover(self, path: str, *, directory: bool = False) -> bool:
        """Say whether a name in this directory is ignored; the nearest fitting pattern decides."""
        cut, settings = self.settings
        if settings.verdict(path[cut:], directory=directory):
            return True
        if self.told is not None:
            inner = path[self.told.cut :]
            return (f"{inner}/" if directory else inner) in self.told.paths
        for cut, patterns in self.layers:
            verdict = patterns.verdict(path[cut:], directory=directory)
            if verdict is not None:
                return verdict
        return False


def _layer(file: Path, path: str) -> _Layer:
    data = read(file, _LIMIT)
    text = data.decode("utf-8-sig", "surrogateescape") if isinstance(data, bytes) else ""
    return _Layer(len(path), Patterns(text.split("\n")))


def _git_directory(top: Path) -> Path:
    """Return where a repository keeps `info/`: a worktree's `.git` is a file that names the place.

    See gitrepository-layout(5): "gitdir", "commondir".
    """
    named = _named(top / ".git", "gitdir: ")
    if not named:
        return top / ".git"
    own = top / named
    return own / _named(own / "commondir")


def _named(file: Path, prefix: str = "") -> str:
    data = read(file, 4096)
    line = os.fsdecode(data).rstrip("\r\n") if isinstance(data, bytes) else ""
    return line.removeprefix(prefix) if line.startswith(prefix) and "\0" not in line else ""
