"""Paths as a repository's own files name them: relative, patterned, with templates in them."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Callable, Iterable
from itertools import islice
from typing import NamedTuple

from refactor.helm.inline import without_actions
from refactor.repository.model import ANYWHERE

Read = Callable[[str], "bytes | None"]

_MOST_PATTERNS = 500
"""Patterns of paths that are looked up in one repository."""
_MOST_VALUES = 1000
"""Files of values that one deployment is taken to have."""


class Files(NamedTuple):
    """What installs are read from: all paths, what gives a file's bytes, patterns looked up."""

    paths: frozenset[str]
    read: Read
    seen: dict[str, list[str]]

    def matching(self, pattern: str, names: Iterable[str]) -> list[str]:
        """Return the names that fit a pattern; none once too many patterns were asked."""
        if pattern not in self.seen and len(self.seen) < _MOST_PATTERNS:
            self.seen[pattern] = sorted(fnmatch.filter(names, pattern))
        return self.seen.get(pattern, [])


def stated(said: str) -> str:
    """Return a namespace as it is said; `ANYWHERE` where only a template knows it."""
    return ANYWHERE if "{{" in said or "__action__" in said or "$" in said else said


def chart_at(folder: str, named: str, files: Files) -> str:
    """Return the directory of a chart in this repository; "" if it is not one."""
    place = inside(folder, named)
    prefix = "" if place == "." else f"{place}/"
    return place if place and f"{prefix}Chart.yaml" in files.paths else ""


def inside(folder: str, path: str) -> str:
    """Return a path from the root, "." for the root itself; "" if it is not inside."""
    if not path or "://" in path:
        return ""
    found = posixpath.normpath(posixpath.join(folder, path.lstrip("/") if not folder else path))
    return "" if found.startswith(("..", "/")) else found


def values_of(places: Iterable[str], files: Files) -> tuple[str, ...]:
    """Return the values files that a deployment names by paths from the root, in their order."""
    return tuple(islice((v for one in places for v in matching(one, files)), _MOST_VALUES))


def matching(path: str, files: Files) -> list[str]:
    """Return the files that a path names, whose templated parts may be anything."""
    pattern = without_actions(path, "*").replace("__action__", "*")
    if "*" not in pattern:
        return [pattern] if pattern in files.paths else []
    return files.matching(pattern, files.paths)
