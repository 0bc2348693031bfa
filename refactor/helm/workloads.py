"""Which workloads read a rendered field: their own, or a ConfigMap's or Secret's that they take.

Source: Kubernetes API, PodSpec: `env`, `envFrom`, `volumes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from refactor.helm.objects import Identity, Object
from refactor.model import WorkloadRef

_POD_SPECS = {"Pod": ("spec",), "CronJob": ("spec", "jobTemplate", "spec", "template", "spec")}
# Of all others of Kubernetes' own API, and of custom ones that make pods in the same way.
_POD_SPEC = ("spec", "template", "spec")
_CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
_CONTAINER = re.compile(r"\.(?:initC|c|ephemeralC)ontainers\[([^\]]+)\]")
_ENV = re.compile(r"\.env\[([^\]]+)\]")
_KEY = re.compile(r"(?:binaryD|stringD|d)ata(?:\.([\w-]+)|\[\"([^\"]+)\"\])")


class Reader(NamedTuple):
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


def readers(objects: Iterable[Object], identity: Identity, path: str) -> tuple[Reader, ...]:
    """Return the workloads that read a field.

    Args:
        objects: of the same render.
        identity: the field's object.
        path: the field (see `objects.leaves`).
    """
    objects = tuple(objects)
    if any(item.identity == identity and pod_spec(item) for item in objects):
        container = _CONTAINER.search(path)
        return (Reader(_ref(identity), container[1] if container else "", _own(path)),)
    if identity.kind not in ("ConfigMap", "Secret"):
        return ()
    key = _KEY.match(path)
    name = (key[1] or key[2]) if key else ""
    found = (
        Reader(_ref(item.identity), container, f"{identity.kind} {identity.name}, key {name}")
        for item in objects
        if item.identity.namespace == identity.namespace
        for container in _takers(pod_spec(item), identity, name)
    )
    return tuple(dict.fromkeys(found))


def pod_spec(item: Object) -> Mapping[str, Any]:
    """Return the spec of the pods that an object makes; empty where it makes none."""
    spec: Any = item.content
    for key in _POD_SPECS.get(item.identity.kind, _POD_SPEC):
        spec = spec.get(key) if isinstance(spec, dict) else None
    return spec if isinstance(spec, dict) and "containers" in spec else {}


def _ref(identity: Identity) -> WorkloadRef:
    return WorkloadRef(identity.kind, identity.namespace, identity.name)


def _own(path: str) -> str:
    """Return a pod's field in a few words."""
    if env := _ENV.search(path):
        return f"env {env[1]}"
    container = _CONTAINER.search(path)
    field = path[container.end() :].lstrip(".") if container else path
    return re.sub(r"\b(args|command)\[\d+\]\Z", r"\1", field)


def _takers(spec: Mapping[str, Any], wanted: Identity, key: str) -> Iterator[str]:
    """Yield the containers that take a key of a ConfigMap or Secret."""
    showing = {
        str(volume.get("name"))
        for volume in _maps(spec.get("volumes"))
        if any(_shows(source, wanted, key) for source in _sources(volume))
    }
    for place in _CONTAINERS:
        for container in _maps(spec.get(place)):
            mounted = {str(m.get("name")) for m in _maps(container.get("volumeMounts"))}
            if mounted & showing or _in_environment(container, wanted, key):
                yield str(container.get("name") or "")


def _in_environment(container: Mapping[str, Any], wanted: Identity, key: str) -> bool:
    kind = "configMap" if wanted.kind == "ConfigMap" else "secret"
    whole = (source.get(f"{kind}Ref") for source in _maps(container.get("envFrom")))
    single = (_map(v.get("valueFrom")).get(f"{kind}KeyRef") for v in _maps(container.get("env")))
    return any(_named(source, wanted) for source in whole) or any(
        _named(source, wanted) and _map(source).get("key") == key for source in single
    )


def _sources(volume: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield volume
    yield from _maps(_map(volume.get("projected")).get("sources"))


def _shows(source: Mapping[str, Any], wanted: Identity, key: str) -> bool:
    """Say whether a volume, or a part of a projected one, shows a key."""
    shown = _map(source.get("configMap" if wanted.kind == "ConfigMap" else "secret"))
    if not (_named(shown, wanted) or shown.get("secretName") == wanted.name):
        return False
    items = list(_maps(shown.get("items")))
    return not items or any(item.get("key") == key for item in items)


def _named(reference: Any, wanted: Identity) -> bool:
    return isinstance(reference, dict) and reference.get("name") == wanted.name


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _maps(value: Any) -> Iterator[Mapping[str, Any]]:
    return (item for item in (value if isinstance(value, list) else ()) if isinstance(item, dict))
