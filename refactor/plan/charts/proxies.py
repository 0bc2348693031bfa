"""The proxies of the workloads that read an address, as a chart gives them their environment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from refactor.helm.objects import Object
from refactor.helm.traced import Use
from refactor.helm.workloads import FieldReader, pod_spec

_PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy"})


def proxied(uses: Iterable[Use], objects: Sequence[Object]) -> tuple[tuple[str, str], ...]:
    """Return the readers that go through a proxy, each with its NO_PROXY."""
    specs = {str(item.identity): pod_spec(item) for item in objects}
    found = {}
    for reader in (reader for use in uses for reader in use.readers):
        env = _environment(specs.get(str(reader.workload), {}), reader, objects)
        if any(env.get(name) for name in _PROXIES):
            found[str(reader.workload)] = env.get("no_proxy", "")
    return tuple(found.items())


def _environment(
    spec: Mapping[str, Any], reader: FieldReader, objects: Sequence[Object]
) -> dict[str, str]:
    """Return what a container finds in its environment, names in lower case."""
    found: dict[str, str] = {}
    containers = (*_maps(spec.get("initContainers")), *_maps(spec.get("containers")))
    for container in containers:
        if container.get("name") in (reader.container, None) or not reader.container:
            found |= _taken(container, reader.workload.namespace, objects)
            found |= {
                str(item.get("name")).lower(): str(item.get("value") or "")
                for item in _maps(container.get("env"))
            }
    return found


def _taken(container: Mapping[str, Any], space: str, objects: Sequence[Object]) -> dict[str, str]:
    """Return what `envFrom` takes from ConfigMaps and Secrets of the same chart."""
    names = set(_references(container))
    return {
        str(key).lower(): str(value)
        for item in objects
        if (item.identity.kind, item.identity.name) in names and item.identity.namespace == space
        for field in ("data", "stringData")
        for key, value in (item.content.get(field) or {}).items()
    }


def _references(container: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for source in _maps(container.get("envFrom")):
        for field, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
            reference = source.get(field)
            if isinstance(reference, dict):
                yield kind, str(reference.get("name"))


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
