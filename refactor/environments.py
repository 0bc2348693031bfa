"""Which cluster and which namespace a file belongs to."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from refactor.gitignore import Patterns
from refactor.model import Finding
from refactor.settings import Environment, Settings

if TYPE_CHECKING:
    from refactor.inventory import Inventory


class Home(NamedTuple):
    """What a file belongs to.

    Attributes:
        name: of the environment; "" where none claims the file.
        inventory: of its cluster.
        namespace: of the programs that read the file; "" where it is not known.
    """

    name: str
    inventory: Inventory
    namespace: str


class Homes:
    """Finds the home of each file: the first environment whose globs match it."""

    def __init__(
        self, settings: Settings, inventories: Mapping[str, Inventory], namespace: str = ""
    ) -> None:
        """Take the settings and one inventory per environment, "" for files of none.

        Args:
            settings: the environments, in order.
            inventories: by environment name.
            namespace: of the command line: outranks the settings.
        """
        self._placed: Mapping[str, frozenset[str]] = {}
        self._default = Home("", inventories[""], namespace or settings.namespace)
        self._specs = [_spec(e, settings, inventories, namespace) for e in settings.environments]

    def of(self, path: str) -> Home:
        """Return the home of a file, by its relative path."""
        for spec, home in self._specs:
            if spec.covers(path):
                return home
        return self._default

    def with_placed(self, placed: Mapping[str, frozenset[str]]) -> Homes:
        """Return the same homes, with the namespaces that Kustomize puts files into.

        Args:
            placed: by relative path; "" for the namespace that is assumed (see `kustomized`).
        """
        other = copy.copy(self)
        other._placed = placed
        return other

    def replaced(self, inventories: Mapping[Inventory, Inventory]) -> Homes:
        """Return the same homes with other inventories in the place of some."""
        other = copy.copy(self)
        other._default = _moved(self._default, inventories)
        other._specs = [(spec, _moved(home, inventories)) for spec, home in self._specs]
        return other

    def reader(self, finding: Finding) -> str:
        """Return the namespace whose short names hold for the program that dials, "" for none."""
        from refactor.consumers import read_at_home  # only now: a clean tree has no findings

        document = finding.document
        kind, version = (document.kind, document.api_version) if document else ("", "")
        if version and not read_at_home(kind, version):
            return ""
        assumed = self.consumer(finding)
        ways = {way or assumed for way in self._placed.get(finding.file, ())} or {assumed}
        return ways.pop() if len(ways) == 1 else ""

    def consumer(self, finding: Finding) -> str:
        """Return the namespace that a finding stands in, "" where it is not known.

        A manifest's own `metadata.namespace` is a fact; settings and options are what is assumed
        for files that do not say.
        """
        said = finding.document.namespace if finding.document else ""
        return said or self.of(finding.file).namespace


def _moved(home: Home, inventories: Mapping[Inventory, Inventory]) -> Home:
    return home._replace(inventory=inventories.get(home.inventory, home.inventory))


_Spec = tuple[Patterns, Home]


def _spec(
    environment: Environment,
    settings: Settings,
    inventories: Mapping[str, Inventory],
    namespace: str,
) -> _Spec:
    spec = Patterns(environment.files)
    home = Home(
        environment.name,
        inventories.get(environment.name, inventories[""]),
        namespace or environment.namespace or settings.namespace,
    )
    return spec, home


def inventory_files(settings: Settings) -> dict[str, Sequence[str]]:
    """Return the inventory files of each environment, "" for files that none claims."""
    named = {e.name: e.inventories or settings.inventories for e in settings.environments}
    return {"": settings.inventories, **named}
