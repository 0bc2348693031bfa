"""A cluster as it would be after `helm install`: made of what a chart renders to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from refactor.helm.objects import Object
from refactor.helm.workloads import pod_spec

_CONTROLLERS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet")


def cluster_of(objects: Iterable[Object], subnet: str = "10.77") -> dict[str, Any]:
    """Return kubectl's List of the Services and workloads, with pods as controllers make them."""
    numbers = iter(range(1, 60_000))
    return {
        "apiVersion": "v1",
        "kind": "List",
        "items": [item for one in objects for item in _items(one, subnet, numbers)],
    }


def as_json(cluster: dict[str, Any]) -> str:
    return json.dumps(cluster, indent=1)


def _items(one: Object, subnet: str, numbers: Iterator[int]) -> Iterator[dict[str, Any]]:
    meta = {**(one.content.get("metadata") or {})}
    meta |= {"namespace": one.identity.namespace, "name": one.identity.name}
    item = {**one.content, "metadata": meta}
    if one.identity.kind == "Service":
        spec = {**(item.get("spec") or {})}
        if spec.get("clusterIP") != "None" and spec.get("type") != "ExternalName":
            spec["clusterIP"] = _address("10.43", next(numbers))
        yield {**item, "spec": spec}
    elif one.identity.kind in _CONTROLLERS and pod_spec(one):
        yield item
        replicas = int(item["spec"].get("replicas") or 1)
        owner = one.identity
        if owner.kind == "Deployment":
            hashed = f"{owner.name}-5d4f8c7b96"
            yield _replica_set(item, hashed)
            owner = owner._replace(kind="ReplicaSet", name=hashed)
        for index in range(min(replicas, 5)):
            tail = str(index) if owner.kind == "StatefulSet" else f"x{index}q7z"
            yield _pod(item, owner.kind, owner.name, tail, _address(subnet, next(numbers)))


def _address(subnet: str, number: int) -> str:
    return f"{subnet}.{number // 250}.{number % 250 + 1}"


def _replica_set(deployment: dict[str, Any], name: str) -> dict[str, Any]:
    meta = {k: deployment["metadata"][k] for k in ("namespace",)}
    owner = _owner("Deployment", deployment["metadata"]["name"])
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {**meta, "name": name, "ownerReferences": [owner]},
        "spec": {k: deployment["spec"][k] for k in ("selector", "template") if k in deployment["spec"]},
    }  # fmt: skip


def _pod(item: dict[str, Any], kind: str, owner: str, tail: str, ip: str) -> dict[str, Any]:
    template = item["spec"]["template"]
    labels = dict((template.get("metadata") or {}).get("labels") or {})
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"{owner}-{tail}", "namespace": item["metadata"]["namespace"], "labels": labels,
            "ownerReferences": [_owner(kind, owner)],
        },
        "spec": {**template["spec"], "nodeName": "node-1"},
        "status": {"phase": "Running", "podIP": ip, "podIPs": [{"ip": ip}], "hostIP": "10.20.0.11"},
    }  # fmt: skip


def _owner(kind: str, name: str) -> dict[str, Any]:
    return {"apiVersion": "apps/v1", "kind": kind, "name": name, "controller": True}
