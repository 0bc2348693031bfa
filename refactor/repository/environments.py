"""Which cluster and which namespace a file belongs to."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from refactor.files.globs import Patterns
from refactor.model import Finding, Refusal, Resolution, ServiceRef
from refactor.settings.types import Environment, Settings

if TYPE_CHECKING:
    from refactor.inventory import Inventory
    from refactor.repository.model import Reader
    from refactor.repository.repository import Repository


class FileEnvironment(NamedTuple):
    """What a file belongs to.

    Attributes:
        name: of the environment; "" where none claims the file.
        inventory: of its cluster.
        namespace: of the programs that read the file; "" where it is not known.
    """

    name: str
    inventory: Inventory
    namespace: str


class Environments:
    """Finds the home of each file: the first environment whose globs match it."""

    def __init__(
        self, settings: Settings, inventories: Mapping[str, Inventory], namespace: str = ""
    ) -> None:
        """Take the settings and one inventory per environment, "" for files of none."""
        self._repository: Repository | None = None
        self._made: frozenset[ServiceRef] = frozenset()
        self._default = FileEnvironment("", inventories[""], namespace or settings.namespace)
        self._specs = [_spec(e, settings, inventories, namespace) for e in settings.environments]

    def of(self, path: str) -> FileEnvironment:
        """Return the home of a file, by its relative path."""
        for spec, home in self._specs:
            if spec.covers(path):
                return home
        return self._default

    def with_repository(self, repository: Repository) -> Environments:
        """Return the same homes, with what the repository says of its readers."""
        other = copy.copy(self)
        other._repository = repository
        return other

    def replaced(self, inventories: Mapping[Inventory, Inventory]) -> Environments:
        """Return the same homes with other inventories in the place of some."""
        other = copy.copy(self)
        other._made = frozenset(
            ref
            for old, new in inventories.items()
            for ref, service in new.services.items()
            if old.services.get(ref) is not service
        )
        other._default = _moved(self._default, inventories)
        other._specs = [(spec, _moved(home, inventories)) for spec, home in self._specs]
        return other

    @property
    def inventories(self) -> tuple[Inventory, ...]:
        """Those of all homes, each once."""
        found = {id(home.inventory): home.inventory for _, home in self._specs}
        return tuple(({id(self._default.inventory): self._default.inventory} | found).values())

    @property
    def repository(self) -> Repository:
        """What the repository says of its readers, after `with_repository`."""
        if self._repository is None:
            message = "the repository was not asked"
            raise LookupError(message)
        return self._repository

    def readers(self, finding: Finding) -> tuple[Reader, ...]:
        """Return the programs that get a finding's text; none where the repository is not asked."""
        return self._repository.readers(finding) if self._repository else ()

    def lacking(self, resolution: Resolution | None) -> Refusal | None:
        """Return which of the repository's manifests lacks a target's port; None for none."""
        from refactor.model import Target

        if self._repository is None or not isinstance(resolution, Target) or resolution.headless:
            return None
        if resolution.service in self._made:  # the plan gives it the port
            return None
        why = self._repository.lacking(resolution)
        return Refusal("name", "port-mismatch", why) if why else None

    def reader(self, finding: Finding) -> str:
        """Return the namespace whose short names hold for every reader, "" for none."""
        if self._repository:
            spaces = {reader.namespace for reader in self._repository.readers(finding)}
            return spaces.pop() if len(spaces) == 1 else ""
        from refactor.repository.consumers import (
            read_at_home,  # only now: a clean tree has no findings
        )

        document = finding.document
        kind, version = (document.kind, document.api_version) if document else ("", "")
        return self.consumer(finding) if not version or read_at_home(kind, version) else ""

    def consumer(self, finding: Finding) -> str:
        """Return the namespace that a finding stands in, "" where it is not known.

        A manifest's own `metadata.namespace` is a fact; settings and options are what is assumed
        for files that do not say.
        """
        said = finding.document.namespace if finding.document else ""
        return said or self.of(finding.file).namespace


def _moved(home: FileEnvironment, inventories: Mapping[Inventory, Inventory]) -> FileEnvironment:
    return home._replace(inventory=inventories.get(home.inventory, home.inventory))


_Spec = tuple[Patterns, FileEnvironment]


def _spec(
    environment: Environment,
    settings: Settings,
    inventories: Mapping[str, Inventory],
    namespace: str,
) -> _Spec:
    spec = Patterns(environment.files)
    home = FileEnvironment(
        environment.name,
        inventories.get(environment.name, inventories[""]),
        namespace or environment.namespace or settings.namespace,
    )
    return spec, home


def inventory_files(settings: Settings) -> dict[str, Sequence[str]]:
    """Return the inventory files of each environment, "" for files that none claims."""
    named = {e.name: e.inventories or settings.inventories for e in settings.environments}
    return {"": settings.inventories, **named}
