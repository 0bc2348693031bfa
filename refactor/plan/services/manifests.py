"""The manifests of a repository, by what they describe: where a workload's own stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from refactor.model import WorkloadRef
from refactor.yaml.kustomizations import Kustomizations, Way, named, outermost
from refactor.yaml.kustomize import Kustomization, is_kustomization, read_kustomization
from refactor.yaml.plain import objects

_KIND = re.compile(
    rb"kind[\"']?\s*:\s*[\"']?(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|Pod|Service)"
)


class ManifestObject(NamedTuple):
    """One object in one file.

    Attributes:
        file: relative path.
        content: plain data.
    """

    file: str
    content: dict[str, Any]

    @property
    def kind(self) -> str:
        """Its kind."""
        return str(self.content.get("kind") or "")

    @property
    def name(self) -> str:
        """Its name, as written."""
        return str(self._meta.get("name") or "")

    @property
    def namespace(self) -> str:
        """Its namespace; "" where it does not say."""
        return str(self._meta.get("namespace") or "")

    @property
    def spec(self) -> dict[str, Any]:
        """Its spec."""
        spec = self.content.get("spec")
        return spec if isinstance(spec, dict) else {}

    @property
    def _meta(self) -> dict[str, Any]:
        meta = self.content.get("metadata")
        return meta if isinstance(meta, dict) else {}


class Manifests:
    """What the YAML files of a repository describe; charts' templates are not among them."""

    def __init__(self, files: Iterable[str], read: Callable[[str], bytes | None]) -> None:
        """Take the files.

        Args:
            read: gives a file's bytes.
        """
        self.all: list[ManifestObject] = []
        self._known: dict[str, list[Way]] = {}
        found: list[Kustomization] = []
        for file in files:
            if is_kustomization(file):
                found.append(read_kustomization(file, read(file)))
            elif file.endswith((".yaml", ".yml", ".json")):
                data = read(file)
                if data is not None and _KIND.search(data):
                    self.all += (ManifestObject(file, content) for content in objects(data))
        self.kustomizations = Kustomizations(found)
        self._patches = {p.path for one in found for p in one.patches} - {
            path for one in found for path in one.resources
        }

    def of(self, workload: WorkloadRef) -> list[tuple[ManifestObject, Way]]:
        """Return the manifests a workload may come from, with the kustomizations on the way."""
        found = []
        for manifest in self.all:
            if manifest.kind == workload.kind and manifest.file not in self._patches:
                found += [
                    (manifest, way)
                    for way in self._ways(manifest.file)
                    if named(manifest.name, way) == workload.name
                    and _placed(manifest, way) in ("", workload.namespace)
                ]
        certain = [one for one in found if _placed(*one) == workload.namespace]
        return certain or found

    def service(self, name: str, namespace: str) -> list[ManifestObject]:
        """Return the manifests of a Service, as the cluster has it."""
        return [
            manifest
            for manifest in self.all
            if manifest.kind == "Service"
            and any(
                named(manifest.name, way) == name and _placed(manifest, way) in ("", namespace)
                for way in self._ways(manifest.file)
            )
        ]

    def services_in(self, namespace: str) -> list[tuple[ManifestObject, str]]:
        """Return the Services that are, or may be, deployed to a namespace, with their names.

        One that the repository deploys to this namespace beats one whose namespace is not known.
        """
        found = []
        for manifest in self.all:
            if manifest.kind != "Service" or manifest.file in self._patches:
                continue
            ways = [(_placed(manifest, way), way) for way in self._ways(manifest.file)]
            spaces = {space for space, _ in ways} & {namespace, ""}
            certain = namespace if namespace in spaces else ""
            names = {named(manifest.name, way) for space, way in ways if space == certain}
            found += [(manifest, name) for name in sorted(names) if certain in spaces]
        return found

    def beside(self, file: str, name: str) -> str:
        """Return the file of a Service of this name in a kustomization that takes a file in."""
        tops = {way[-1] for way in self._ways(file) if way}
        parts = (part for top in tops for part in self.kustomizations.parts(top))
        listed = {path for part in parts for path in part.resources}
        found = (m.file for m in self.all if (m.kind, m.name) == ("Service", name))
        return next((path for path in found if path in listed), "")

    def lists(self, file: str) -> list[Kustomization]:
        """Return the kustomizations that list a file among their resources."""
        return [one for one in self.kustomizations.takers(file) if file in one.resources]

    def _ways(self, file: str) -> list[Way]:
        """Return the chains of kustomizations that take a file in, the nearest first."""
        if file not in self._known:
            ways = [way for way in self.kustomizations.ways(file) if file in way[0].resources]
            parts = (way[:count] for way in ways for count in range(1, len(way) + 1))
            self._known[file] = list(dict.fromkeys(parts)) or [()]
        return self._known[file]


def _placed(manifest: ManifestObject, way: Way) -> str:
    return outermost(way) or manifest.namespace
