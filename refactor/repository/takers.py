"""Who takes a ConfigMap or a Secret: workloads, releases, sidecars that look for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from refactor.model import Document, Finding, WorkloadRef
from refactor.repository.consumers import read_at_home
from refactor.repository.live import taking
from refactor.repository.model import MOST_READERS, Reader
from refactor.repository.objects import Objects, WorkloadObject
from refactor.repository.placements import Placement, Placements
from refactor.yaml.kustomizations import named
from refactor.yaml.kustomize import Kustomization
from refactor.yaml.plain import down, text, texts

if TYPE_CHECKING:
    from refactor.inventory import Inventory

_DATA = ("data", "stringData", "binaryData")
# Labels by which people and tools sort objects: no program looks for ConfigMaps by them.
_ORDINARY = re.compile(
    r"(?:app\.kubernetes\.io|helm\.sh|kustomize\.toolkit\.fluxcd\.io|argocd\.argoproj\.io/instance)(?:/.*)?"
    r"|(?:k8s-)?app|name|component|tier|chart|release|heritage|env|environment|version|team|owner|part-of"
    r"|instance|service|role|stage|project"
)
# What a sidecar or an operator looks for, in every namespace (github.com/kiwigrid/k8s-sidecar,
# Argo CD's declarative setup, Prometheus and Loki rules).
_SOUGHT = re.compile(
    r"grafana|dashboard|datasource|sidecar|prometheus|alert|loki|_rules?$|argocd\.argoproj\.io/secret-type"
)
# Copied into other namespaces (emberstack's reflector, mittwald's replicator, config-syncer).
_COPIED = re.compile(r"reflector|replicat|k8s-sidecar|kubed|config-syncer|copier|mirror|sync")
_MESH = re.compile(r"istio(?:-[\w-]+)?|linkerd-config")


class Takers:
    """Finds the readers of ConfigMaps and Secrets, as manifests or generators make them."""

    def __init__(
        self,
        objects: Objects,
        placements: Placements,
        given: Callable[[str, str], Iterable[Reader]],
        live: Callable[[str], Inventory | None],
    ) -> None:
        """Take what is known."""
        self._objects = objects
        self._placements = placements
        self._given = given
        self._live = live

    def generated(self, finding: Finding) -> Iterator[Reader]:
        """Yield who takes a ConfigMap or Secret that a kustomization makes of this file."""
        path = finding.file
        for one in self._objects.kustomizations.takers(path):
            for made in one.generators:
                own = path == one.file and made.place == finding.path[: len(made.place)]
                if not own and path not in made.files:
                    continue
                found = [p for p in self._placements.of(one.file) if one in p.way]
                for placed in found:
                    yield from self._takers(
                        one.file, made.kind, made.name, "", placed, made.labels, {}
                    )

    def of_object(self, finding: Finding, document: Document) -> Iterator[Reader]:
        """Yield who takes the ConfigMap or Secret that a finding stands in."""
        meta = self._objects.metadata(finding.file, document.kind, document.name)
        labels, notes = down(meta, "labels"), down(meta, "annotations")
        at = next((i for i, key in enumerate(finding.path) if key in _DATA), -1)
        key = finding.path[at + 1] if 0 <= at < len(finding.path) - 1 else ""
        for placed in self._placements.of(finding.file, document.namespace):
            yield from self._takers(
                finding.file, document.kind, document.name, key, placed, labels, notes
            )

    def _takers(
        self,
        path: str,
        kind: str,
        name: str,
        key: str,
        placed: Placement,
        labels: Mapping[str, Any],
        notes: Mapping[str, Any],
    ) -> Iterator[Reader]:
        """Yield who takes a ConfigMap or Secret in one of its deployments."""
        readers = (
            self.reading(work, at, f"{kind} {name}")
            for work in self._objects.naming(name)
            if any((t.kind, t.name) == (kind, name) and t.shows(key) for t in work.takes())
            for at in self._placements.of(work.file, work.namespace)
            if at.together(placed)
        )
        found = list(islice(readers, MOST_READERS + 1))
        found += self._seen(path, kind, named(name, placed.way), placed.known, found)
        given = list(self._given(kind, name))
        carried = list(self._carried(kind, name, placed))
        sought = [label for label in labels if _SOUGHT.search(label)]
        strange = [label for label in labels if not _ORDINARY.fullmatch(label)]
        copied = [note for note in notes if _COPIED.search(note)]
        yield from (*found, *given, *carried)
        if told := sought or copied or ([] if found or given else strange):
            yield Reader(evidence=f"programs that look for {told[0]}, wherever they run")
        elif _MESH.fullmatch(name) and key == "mesh":
            yield Reader(evidence="every sidecar of the mesh reads its configuration")
        elif not (any(reader.namespace == placed.known for reader in found) or given or carried):
            yield Reader(
                namespace=placed.known,
                installation=placed.said,
                evidence=f"{kind} {name}, which nothing here is seen to take",
            )

    def _seen(
        self, path: str, kind: str, name: str, space: str, known: list[Reader]
    ) -> list[Reader]:
        """Return the workloads of the cluster that take it, but for those that are known."""
        inventory = self._live(path)
        names = {(w.kind, w.name) for reader in known if (w := reader.workload)}
        found = taking(inventory, kind, name, space) if inventory else ()
        return [
            reader for reader in found if (w := reader.workload) and (w.kind, w.name) not in names
        ]

    def _carried(self, kind: str, name: str, placed: Placement) -> Iterator[Reader]:
        """Yield who reads what `replacements` and `vars` carry from an object into others."""
        parts = self._objects.kustomizations.parts(placed.top) if placed.top else []
        for source in (one for part in parts for one in part.vars):
            if (text(source, "kind"), text(source, "name")) == (kind, name):
                yield Reader(evidence="`vars` carry it into other objects")
        for one in (r for part in parts for r in part.replacements):
            if (text(one.source, "kind"), text(one.source, "name")) != (kind, name):
                continue
            for target in one.targets:
                aim = text(down(target, "select"), "kind")
                noted = any("annotations" in path for path in texts(target.get("fieldPaths")))
                if noted or (aim and not read_at_home(aim)):
                    yield Reader(evidence=f"replacements carry it into {aim or 'annotations'}")

    def patched(self, one: Kustomization, target: Mapping[str, Any], path: str) -> Iterator[Reader]:
        """Yield the workloads that a patch of operations is for."""
        name, kind = text(target, "name"), text(target, "kind")
        named_so = (work for work in self._objects.naming(name) if work.name == name)
        works = [work for work in named_so if kind in ("", work.kind)]
        for placed in self._placements.of(one.file, ""):
            for work in works[:1]:
                yield self.reading(work, placed, "")
            if not works:
                told = f"patched by {path}"
                yield Reader(namespace=placed.known, installation=placed.said, evidence=told)

    def reading(self, work: WorkloadObject, placed: Placement, through: str) -> Reader:
        """Return a workload as a reader, in one of its deployments."""
        network = self._objects.network(work, placed.top)
        space = placed.known
        evidence = [f"by {network.where}"] if network.where else []
        evidence += [through] * bool(through)
        return Reader(
            WorkloadRef(work.kind, space, named(work.name, placed.way)),
            space,
            "host" if network.host else "pod",
            network.dns or "",
            placed.said,
            ", ".join(evidence) or f"in {work.file}",
        )
