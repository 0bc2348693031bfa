"""The deployments of which a repository speaks, by what they deploy and by what they read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any, TypeAlias

from refactor.repository.model import Install

_Installs: TypeAlias = tuple[Install, ...]


class Deployments:
    """Finds deployments, each table made when it is first asked."""

    def __init__(self, installs: _Installs, paths: Collection[str]) -> None:
        """Take all deployments, and all files."""
        self._all = installs
        self._paths = paths

    @cached_property
    def by_chart(self) -> Mapping[str, _Installs]:
        """Those of a chart, by its directory."""
        placed = ((one.folder, one) for one in self._all if one.folder)
        return _grouped((f, one) for f, one in placed if f"{_prefix(f)}Chart.yaml" in self._paths)

    @cached_property
    def by_folder(self) -> Mapping[str, _Installs]:
        """Those of a directory, or of one manifest."""
        return _grouped((one.folder, one) for one in self._all if one.folder)

    @cached_property
    def by_values(self) -> Mapping[str, _Installs]:
        """Those that lay a values file over a chart's own."""
        return _grouped((path, one) for one in self._all for path in one.values)

    @cached_property
    def by_file(self) -> Mapping[str, _Installs]:
        """Those of whose values a file holds a part."""
        parts = ((part, one) for one in self._all for part in one.given)
        return _grouped((path, one) for part, one in parts for path in part.files)

    @cached_property
    def by_spoken(self) -> Mapping[str, _Installs]:
        """Those that a file is read for on the way."""
        return _grouped((path, one) for one in self._all for path in one.spoken)

    @cached_property
    def by_map(self) -> Mapping[tuple[str, str], _Installs]:
        """Those that take their values from a ConfigMap or a Secret: kind and name."""
        return _grouped((source, one) for one in self._all for source in one.maps)


def _grouped(pairs: Iterable[tuple[Any, Install]]) -> Mapping[Any, _Installs]:
    """Return installs by a key, each once, in order."""
    found: defaultdict[Any, list[Install]] = defaultdict(list)
    for key, one in pairs:
        found[key].append(one)
    return {key: tuple(dict.fromkeys(listed)) for key, listed in found.items()}


def _prefix(folder: str) -> str:
    return "" if folder in ("", ".") else f"{folder}/"
