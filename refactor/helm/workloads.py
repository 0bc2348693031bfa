"""Which workloads read a rendered field: their own, or a ConfigMap's or Secret's that they take.

Source: Kubernetes API, PodSpec: `env`, `envFrom`, `volumes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from refactor.helm.objects import Identity, Object
from refactor.model import WorkloadRef
from refactor.yaml import pods

_CONTAINER = re.compile(r"\.(?:initC|c|ephemeralC)ontainers\[([^\]]+)\]")
_ENV = re.compile(r"\.env\[([^\]]+)\]")
_KEY = re.compile(r"(?:binaryD|stringD|d)ata(?:\.([\w-]+)|\[\"([^\"]+)\"\])")


class FieldReader(NamedTuple):
    """A workload that reads a field.

    Attributes:
        workload: which one.
        container: which of its containers; "" for all, or where it is the pod's own field.
        how: `env ORDERS_URL`, `args`, `ConfigMap settings, key app.ini`.
    """

    workload: WorkloadRef
    container: str
    how: str

    def __str__(self) -> str:
        return f"{self.workload}, {self.how}" if self.how else str(self.workload)


def readers(objects: Iterable[Object], identity: Identity, path: str) -> tuple[FieldReader, ...]:
    """Return the workloads that read a field."""
    objects = tuple(objects)
    if any(item.identity == identity and pod_spec(item) for item in objects):
        container = _CONTAINER.search(path)
        return (FieldReader(_ref(identity), container[1] if container else "", _own(path)),)
    if identity.kind not in ("ConfigMap", "Secret"):
        return ()
    key = _KEY.match(path)
    name = (key[1] or key[2]) if key else ""
    found = (
        FieldReader(
            _ref(item.identity), one.container, f"{identity.kind} {identity.name}, key {name}"
        )
        for item in objects
        if item.identity.namespace == identity.namespace
        for one in pods.taken(pod_spec(item))
        if (one.kind, one.name) == (identity.kind, identity.name) and one.shows(name)
    )
    return tuple(dict.fromkeys(found))


def pod_spec(item: Object) -> Mapping[str, Any]:
    """Return the spec of the pods that an object makes; empty where it makes none."""
    return pods.pod_spec(item.content)


def _ref(identity: Identity) -> WorkloadRef:
    return WorkloadRef(identity.kind, identity.namespace, identity.name)


def _own(path: str) -> str:
    """Return a pod's field in a few words."""
    if env := _ENV.search(path):
        return f"env {env[1]}"
    container = _CONTAINER.search(path)
    field = path[container.end() :].lstrip(".") if container else path
    return re.sub(r"\b(args|command)\[\d+\]\Z", r"\1", field)
