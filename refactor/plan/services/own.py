"""Services that the repository has and the cluster has not yet (docs/semantics.md, section 5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from refactor.inventory.records import Service
from refactor.inventory.workloads import Workload
from refactor.plan.services.manifests import Manifests
from refactor.yaml.plain import down


class RepositoryService(NamedTuple):
    """A Service of the repository's, as the cluster will have it, and where its manifest stands."""

    record: Service
    file: str


def own_services(workload: Workload, manifests: Manifests) -> list[RepositoryService]:
    """Return the Services that the repository's manifests make for a workload's pods."""
    labels = workload.template.metadata.labels or {}
    found = {}
    for manifest, name in manifests.services_in(workload.namespace):
        record = service_record(manifest.content, workload.namespace, name)
        if record and record.selector and record.selector.items() <= labels.items():
            found[record.ref] = RepositoryService(record, manifest.file)
    return list(found.values())


def service_record(content: Mapping[str, Any], namespace: str, name: str) -> Service | None:
    """Return a Service as kubectl would list it; None if the API would not take it."""
    given = {
        "kind": "Service",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": _texts(down(content, "metadata", "labels")),
        },
        "spec": {key: value for key, value in down(content, "spec").items() if value is not None},
    }
    try:
        return msgspec.convert(given, Service)
    except msgspec.ValidationError:
        return None


def _texts(value: Mapping[str, Any]) -> dict[str, str]:
    return {key: text for key, text in value.items() if isinstance(text, str)}


def names_in(manifests: Manifests, namespace: str) -> Iterator[str]:
    """Yield the names that the repository's Services have, or may have, in a namespace."""
    yield from (name for _, name in manifests.services_in(namespace))
