"""Which namespace Kustomize puts the objects of a file into: an overlay's says more than `-n`.

A base is deployed by its overlays, so each way up from a file to a kustomization that nothing else
takes in is one deployment of it; the outermost `namespace` of a way is the one that counts.
Source: the Kustomization file's reference, fields `namespace`, `resources`, `components`, and
`patches`. A file is taken in by a kustomization of its own directory, or of one above it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from refactor.files.names import beneath

_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_LISTED = ("resources", "bases", "components", "patchesStrategicMerge", "crds", "configurations")
_PATCHES = ("patches", "patchesJson6902", "replacements")
_MADE = ("configMapGenerator", "secretGenerator")
_MOST_WAYS = 64
"""Ways from one file; whoever has more is not told by them."""


class _Kustomization(NamedTuple):
    file: str
    namespace: str
    takes: frozenset[str]


def may_be_placed(root: Path, paths: Iterable[str]) -> list[str]:
    """Return those of some files that a kustomization could take in, by where it would lie."""

    @cache
    def holds(folder: str) -> bool:
        if any((root / folder / name).is_file() for name in _NAMES):
            return True
        return bool(folder) and holds(posixpath.dirname(folder))

    return [path for path in paths if holds(posixpath.dirname(path))]


def placed(
    paths: Iterable[str], files: Iterable[str], read: Callable[[str], bytes | None]
) -> dict[str, frozenset[str]]:
    """Return the namespaces that kustomizations put files into, "" for a way that names none.

    Args:
        paths: the files that are asked about, relative to the root.
        files: all of the repository, likewise.
        read: gives a file's bytes.

    Returns:
        By path; a file that no kustomization takes in is not there.
    """
    known = [_read(file, read) for file in files if posixpath.basename(file) in _NAMES]
    above = _above(known)
    found = {}
    for path in paths:
        nearest = [one for one in known if path == one.file or path in one.takes]
        ways = [_outermost(way) for one in nearest for way in _ways((one,), above)]
        if ways:
            found[path] = frozenset(ways[:_MOST_WAYS]) | ({""} if len(ways) > _MOST_WAYS else set())
    return found


def _above(known: Iterable[_Kustomization]) -> dict[str, list[_Kustomization]]:
    """Return the kustomizations that take in a directory, by it."""
    found: dict[str, list[_Kustomization]] = {}
    for one in known:
        for taken in one.takes:
            found.setdefault(taken, []).append(one)
    return found


def _ways(
    way: tuple[_Kustomization, ...], above: Mapping[str, list[_Kustomization]]
) -> Iterator[tuple[_Kustomization, ...]]:
    """Yield the ways up, at most one more than count."""
    folder = posixpath.dirname(way[-1].file) or "."
    further = [one for one in above.get(folder, ()) if one not in way]
    if not further or len(way) > _MOST_WAYS:
        yield way
    yielded = 0
    for one in further:
        for longer in _ways((*way, one), above):
            yield longer
            yielded += 1
            if yielded > _MOST_WAYS:
                return


def _outermost(way: tuple[_Kustomization, ...]) -> str:
    return next((one.namespace for one in reversed(way) if one.namespace), "")


def _read(file: str, read: Callable[[str], bytes | None]) -> _Kustomization:
    from refactor.inventory.yaml_data import NotYamlError, TooMuchError, documents

    try:
        found = documents((read(file) or b"").decode("utf-8-sig", "replace"))
    except (NotYamlError, TooMuchError):
        found = []
    content = next((document for document in found if isinstance(document, dict)), {})
    folder = posixpath.dirname(file)
    takes = frozenset(filter(None, (beneath(folder, text) for text in _taken(content))))
    return _Kustomization(file, str(content.get("namespace") or ""), takes)


def _taken(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield the paths that a kustomization names."""
    for field in _LISTED:
        yield from _texts(content.get(field))
    for field in _PATCHES:
        yield from (item["path"] for item in _maps(content.get(field)) if _is_text(item, "path"))
    for made in (item for field in _MADE for item in _maps(content.get(field))):
        listed = (*_texts(made.get("files")), *_texts(made.get("envs")))
        yield from (text.rpartition("=")[2] for text in listed)
        yield from [made["env"]] if _is_text(made, "env") else []


def _is_text(item: Mapping[str, Any], key: str) -> bool:
    return isinstance(item.get(key), str)


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
