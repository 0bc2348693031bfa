"""The manifests of a repository, by what they describe: where a workload's own stands."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from refactor.model import WorkloadRef

_KIND = re.compile(
    rb"kind[\"']?\s*:\s*[\"']?(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|Pod|Service|Kustomization)"
)


class Manifest(NamedTuple):
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


class Kustomization(NamedTuple):
    """A `kustomization.yaml`.

    Attributes:
        file: relative path.
        prefix, suffix: put around names.
        namespace: given to all; "" for none.
        resources: files and directories, relative to the root.
        generates: it makes names with hashes, or patches them, which does not matter to Services.
    """

    file: str
    prefix: str
    suffix: str
    namespace: str
    resources: tuple[str, ...]


class Manifests:
    """What the YAML files of a repository describe; charts' templates are not among them."""

    def __init__(self, files: Iterable[str], read: Callable[[str], bytes | None]) -> None:
        """Take the files.

        Args:
            files: relative paths, of no chart.
            read: gives a file's bytes.
        """
        self.all: list[Manifest] = []
        self.kustomizations: list[Kustomization] = []
        for file in files:
            if not file.endswith((".yaml", ".yml", ".json")):
                continue
            data = read(file)
            named = posixpath.basename(file) in ("kustomization.yaml", "kustomization.yml")
            if data is None or not (named or _KIND.search(data)):
                continue
            for content in _objects(data):
                if named:
                    self.kustomizations.append(_kustomization(file, content))
                else:
                    self.all.append(Manifest(file, content))

    def of(self, workload: WorkloadRef) -> list[tuple[Manifest, tuple[Kustomization, ...]]]:
        """Return the manifests a workload may come from, each with the kustomizations on its way.

        Args:
            workload: as the cluster has it: prefixes, suffixes and namespaces are looked through.
        """
        found = []
        for manifest in self.all:
            if manifest.kind == workload.kind:
                found += [
                    (manifest, way)
                    for way in self._ways(manifest.file)
                    if _named(manifest.name, way) == workload.name
                    and _placed(manifest, way) in ("", workload.namespace)
                ]
        certain = [one for one in found if _placed(*one) == workload.namespace]
        return certain or found

    def service(self, name: str, namespace: str) -> list[Manifest]:
        """Return the manifests of a Service, as the cluster has it."""
        return [
            manifest
            for manifest in self.all
            if manifest.kind == "Service"
            and any(
                _named(manifest.name, way) == name and _placed(manifest, way) in ("", namespace)
                for way in self._ways(manifest.file)
            )
        ]

    def _ways(self, file: str) -> Iterator[tuple[Kustomization, ...]]:
        """Yield the chains of kustomizations that take a file in, the nearest first."""
        nearest = [k for k in self.kustomizations if file in k.resources]
        if not nearest:
            yield ()
        for one in nearest:
            yield from self._above((one,))

    def _above(self, way: tuple[Kustomization, ...]) -> Iterator[tuple[Kustomization, ...]]:
        yield way
        folder = posixpath.dirname(way[-1].file)
        for one in self.kustomizations:
            if folder in one.resources and one not in way:
                yield from self._above((*way, one))


def bare_name(name: str, way: Iterable[Kustomization]) -> str | None:
    """Return what a manifest has to say for an object to get this name; None where it cannot."""
    for one in reversed(tuple(way)):
        if not (name.startswith(one.prefix) and name.endswith(one.suffix)):
            return None
        name = name[len(one.prefix) : len(name) - len(one.suffix)]
    return name or None


def _named(name: str, way: Iterable[Kustomization]) -> str:
    for one in way:
        name = f"{one.prefix}{name}{one.suffix}"
    return name


def _placed(manifest: Manifest, way: tuple[Kustomization, ...]) -> str:
    stated = [one.namespace for one in way if one.namespace]
    return stated[-1] if stated else manifest.namespace


def _objects(data: bytes) -> Iterator[dict[str, Any]]:
    from refactor.inventory.yaml_data import NotYamlError, TooMuchError, documents

    try:
        found = documents(data.decode("utf-8-sig", "replace"))
    except (NotYamlError, TooMuchError):
        return
    for document in found:
        if isinstance(document, dict):
            items: Any = document.get("items")
            if not (isinstance(items, list) and str(document.get("kind", "")).endswith("List")):
                items = [document]
            yield from (item for item in items if isinstance(item, dict))


def _kustomization(file: str, content: dict[str, Any]) -> Kustomization:
    folder = posixpath.dirname(file)
    listed = [*_texts(content.get("resources")), *_texts(content.get("bases"))]
    return Kustomization(
        file,
        str(content.get("namePrefix") or ""),
        str(content.get("nameSuffix") or ""),
        str(content.get("namespace") or ""),
        tuple(posixpath.normpath(posixpath.join(folder, text)) for text in listed),
    )


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
