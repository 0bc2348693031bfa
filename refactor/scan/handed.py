"""Files that a program gets as they are: Kustomize's generators, and charts by `.Files`, name them.

Whatever suffix they have, they are the configuration of a program: docs/semantics.md, section 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from pathlib import Path

from refactor.files import walk
from refactor.yaml.kustomize import NAMES, read_kustomization

_CHART = "Chart.yaml"
_HOMES = frozenset((*NAMES, _CHART))
_MOST_PATTERNS = 500
"""Of one chart; each is held against each of its files that is asked for."""
# `.Files.Get "x.alloy"`, `$.Files.Glob (printf "conf/%s/*" .name)`
_NAMED = re.compile(
    rb"\.Files\.(?:Get|GetBytes|Lines|Glob)\s+\(?\s*(?:print[fs]?\s+)?[\"`]([^\"`\n]{1,200})[\"`]"
)
_HOLE = re.compile(r"%[-+ #0-9.]*[a-z]")


class Handed:
    """Says of a path whether a kustomization or a chart at, or above, it hands it on."""

    def __init__(self, listed: walk.TreeListing) -> None:
        self._listed = listed
        self._named = lru_cache(maxsize=None)(self._named_by)

    def __call__(self, path: str) -> bool:
        """Say whether it is handed to a program."""
        parts = path.split("/")
        for count in range(len(parts)):
            folder = "".join(f"{part}/" for part in parts[:count])
            for home in self._homes.get(folder, ()):
                inner = path[len(folder) :]
                if any(fnmatchcase(inner, pattern) for pattern in self._named(folder, home)):
                    return True
        return False

    @cached_property
    def _homes(self) -> dict[str, frozenset[str]]:
        """The directories of kustomizations and charts, each with those of its files."""
        found = {}
        for inner, listing in self._listed.below():
            if names := _HOMES.intersection(name for name, _ in listing.files):
                found[inner] = names
        return found

    def _named_by(self, folder: str, home: str) -> frozenset[str]:
        """Return the paths, or patterns, that a kustomization or a chart names, from its folder."""
        if home == _CHART:
            return frozenset(list(self._in_templates(folder))[:_MOST_PATTERNS])
        made = read_kustomization(home, self._read(folder + home)).generators
        return frozenset(_escaped(path) for one in made for path in one.files)

    def _in_templates(self, folder: str) -> Iterator[str]:
        for inner, listing in self._listed.below():
            if inner.startswith(f"{folder}templates/"):
                for name, _ in listing.files:
                    data = self._read(inner + name)
                    found = _NAMED.findall(data) if b".Files." in data else ()
                    yield from (_HOLE.sub("*", one.decode("utf-8", "replace")) for one in found)

    def _read(self, path: str) -> bytes:
        data = walk.read(Path(self._listed.root + path))
        return data if isinstance(data, bytes) else b""


def _escaped(path: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", path)
