"""All kustomizations of a repository: who takes in what, and what that makes of it.

A base is deployed by its overlays: each way up from a file to a kustomization that nothing else
takes in is one deployment of it. Source: the Kustomization file's reference.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from refactor.yaml.kustomize import Kustomization, Patch
from refactor.yaml.plain import contents, down, objects, text

MOST_WAYS = 64
"""Ways from one file; one that has more is not told by them."""

Way = tuple[Kustomization, ...]
"""Kustomizations that take one another in, the innermost first."""


class Kustomizations:
    """All of a repository's, and who takes in what."""

    def __init__(self, known: Iterable[Kustomization]) -> None:
        self.all = _with_components(tuple(known))
        self._by_file = {one.file: one for one in self.all}
        self._by_folder = {one.folder: one for one in self.all}
        self._above: defaultdict[str, list[Kustomization]] = defaultdict(list)
        for one in self.all:
            for path in one.takes:
                self._above[path].append(one)

    def of_file(self, path: str) -> Kustomization | None:
        """Return the kustomization that a file is."""
        return self._by_file.get(path)

    def of_folder(self, folder: str) -> Kustomization | None:
        """Return the kustomization of a directory, "." for the root."""
        return self._by_folder.get(folder)

    def takers(self, path: str) -> list[Kustomization]:
        """Return the kustomizations that name a file, and itself where it is one."""
        own = self._by_file.get(path)
        return [*([own] if own else []), *self._above.get(path, ())]

    def ways(self, path: str) -> list[Way]:
        """Return the ways from a file up to what is deployed, at most one more than count."""
        found: list[Way] = []
        for one in self.takers(path):
            for way in self._ways((one,)):
                found.append(way)
                if len(found) > MOST_WAYS:
                    return found
        return found

    def _ways(self, way: Way) -> Iterator[Way]:
        further = [one for one in self._above.get(way[-1].folder, ()) if one not in way]
        if not further or len(way) > MOST_WAYS:
            yield way
            return
        yielded = 0
        for one in further:
            for longer in self._ways((*way, one)):
                yield longer
                yielded += 1
                if yielded > MOST_WAYS:
                    return

    def parts(self, top: Kustomization) -> list[Kustomization]:
        """Return a kustomization and all that it takes in, the innermost first."""
        found: dict[str, Kustomization] = {}
        left = [top]
        while left:
            one = left.pop()
            if one.file not in found:
                found[one.file] = one
                left += [below for path in one.resources if (below := self._by_folder.get(path))]
        return list(reversed(found.values()))


def _with_components(known: tuple[Kustomization, ...]) -> tuple[Kustomization, ...]:
    """Return kustomizations, those that name no namespace with that of a component of theirs."""
    spaces = {one.folder: one.namespace for one in known if one.namespace}

    def of_parts(one: Kustomization) -> str:
        return next((spaces[path] for path in reversed(one.components) if path in spaces), "")

    return tuple(
        one if one.namespace or not one.components else one._replace(namespace=of_parts(one))
        for one in known
    )


def outermost(way: Way) -> str:
    """Return the namespace that counts on a way; "" where none is named."""
    return next((one.namespace for one in reversed(way) if one.namespace), "")


def named(name: str, way: Iterable[Kustomization]) -> str:
    """Return what an object's name becomes on a way."""
    for one in way:
        name = f"{one.prefix}{name}{one.suffix}"
    return name


def bare_name(name: str, way: Iterable[Kustomization]) -> str | None:
    """Return what a manifest has to say for an object to get this name; None where it cannot."""
    for one in reversed(tuple(way)):
        if not (name.startswith(one.prefix) and name.endswith(one.suffix)):
            return None
        name = name[len(one.prefix) : len(name) - len(one.suffix)]
    return name or None


def is_target(patch: Patch, content: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Say whether a patch is for an object: by its target, else by what the patch itself names.

    Source: Kustomize, `types.Selector`: kinds and names are anchored regular expressions.
    """
    wanted = patch.target or {"kind": said.get("kind"), "name": down(said, "metadata").get("name")}
    name = down(content, "metadata").get("name")
    if not patch.target and not (wanted["kind"] and wanted["name"]):
        return False
    if not (_fits(wanted.get("kind"), content.get("kind")) and _fits(wanted.get("name"), name)):
        return False
    labels = down(content, "metadata", "labels")
    asked = text(wanted, "labelSelector")
    pairs = [pair.partition("=") for pair in asked.split(",") if "=" in pair and "!" not in pair]
    return all(str(labels.get(key.strip())) == value.strip("= ") for key, _, value in pairs)


def _fits(pattern: Any, value: Any) -> bool:
    if not pattern:
        return True
    return any(fnmatchcase(str(value or ""), _glob(one)) for one in str(pattern).split("|"))


def _glob(pattern: str) -> str:
    """Return a selector's pattern as a glob, which takes no time beyond its length to refuse."""
    plain = re.sub(r"([*?\[])", r"[\1]", pattern)
    return plain.replace(".[*]", "*").replace(".+", "?*")


def documents_of(patch: Patch, data: bytes | None) -> list[Any]:
    """Return a patch's documents: objects, or lists of JSON patch operations."""
    raw = patch.text.encode() if patch.text else data
    return [one for one in contents(raw) if isinstance(one, list)] or objects(raw)
