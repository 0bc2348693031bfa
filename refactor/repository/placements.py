"""Where the repository deploys a file's objects: namespaces, and the kustomizations on the way."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from refactor.repository.model import ANYWHERE, Install
from refactor.yaml.kustomizations import Kustomizations, Way, outermost
from refactor.yaml.kustomize import Kustomization


class Placement(NamedTuple):
    """One deployment of a file.

    Attributes:
        namespace: of its objects; "" for an unknown one, `ANYWHERE` for one that cannot be read.
        way: the kustomizations that take it in, the innermost first.
        said: the file that says so.
    """

    namespace: str
    way: Way = ()
    said: str = ""

    @property
    def top(self) -> Kustomization | None:
        """The outermost kustomization."""
        return self.way[-1] if self.way else None

    @property
    def known(self) -> str:
        """The namespace as a reader has it."""
        return known(self.namespace)

    @property
    def patched(self) -> bool:
        """Say whether a kustomization on the way has patches."""
        return any(one.patches for one in self.way)

    def together(self, other: Placement) -> bool:
        """Say whether two objects are deployed to the same place."""
        if self.namespace and self.namespace == other.namespace != ANYWHERE:
            return True
        return self.namespace == other.namespace and self.top == other.top


def known(namespace: str) -> str:
    """Return a namespace, "" for one that cannot be read."""
    return "" if namespace == ANYWHERE else namespace


class Placements:
    """Finds the deployments of files, each once."""

    def __init__(
        self,
        kustomizations: Kustomizations,
        by_folder: Mapping[str, tuple[Install, ...]],
        assumed: Callable[[str], str],
    ) -> None:
        """Take what is known.

        Args:
            assumed: the namespace that the user states for a file's readers; "" for none.
        """
        self._kustomizations = kustomizations
        self._by_folder = by_folder
        self._assumed = assumed
        self._found: dict[tuple[str, str], list[Placement]] = {}

    def settled(self, one: Install) -> Install:
        """Return a deployment in the namespace that what says it is deployed to itself."""
        if one.namespace or one.kind != "HelmRelease":
            return one
        spaces = {placed.namespace for placed in self.of(one.file, one.stands)}
        return replace(one, namespace=spaces.pop() if len(spaces) == 1 else ANYWHERE)

    def of(self, path: str, stated: str = "") -> list[Placement]:
        """Return the deployments of a file's object.

        Args:
            stated: the namespace that the object names; "" for none.
        """
        if (path, stated) not in self._found:
            ways = self._kustomizations.ways(path)
            found = (p for way in ways for p in self._on_way(path, way, stated))
            listed = dict.fromkeys(found if ways else self._plain(path, stated))
            self._found[path, stated] = list(listed)
        return self._found[path, stated]

    def _on_way(self, path: str, way: Way, stated: str) -> Iterator[Placement]:
        """Yield a deployment for each kustomization that is deployed, the outermost at least."""
        for count in range(1, len(way) + 1):
            part, deployed = way[:count], self._by_folder.get(way[count - 1].folder, ())
            if count == len(way):
                deployed = deployed or self._gathered(way[-1].folder)
            inner = outermost(part) or stated
            for one in deployed:
                space = one.namespace if one.outranks else inner or one.namespace
                yield Placement(space or self._assumed(path), part, one.file)
            if count == len(way) and not deployed:
                yield Placement(inner or self._assumed(path), part, part[-1].file)

    def _gathered(self, folder: str) -> tuple[Install, ...]:
        """Return what deploys all below a directory that is no kustomization (Flux does so)."""
        while folder != ".":
            folder = posixpath.dirname(folder) or "."
            if self._kustomizations.of_folder(folder):
                break
            if found := self._by_folder.get(folder):
                return tuple(one for one in found if one.gathers)
        return ()

    def _plain(self, path: str, stated: str) -> Iterator[Placement]:
        deployed = self._above(path)
        for one in deployed:
            space = one.namespace if one.outranks else stated or one.namespace
            yield Placement(space or self._assumed(path), (), one.file)
        if not deployed:
            yield Placement(stated or self._assumed(path))

    def _above(self, path: str) -> tuple[Install, ...]:
        """Return what deploys a file itself, or the nearest directory that it lies in."""
        folder = path
        while folder != "." and folder not in self._by_folder:
            folder = posixpath.dirname(folder) or "."
        return self._by_folder.get(folder, ())
