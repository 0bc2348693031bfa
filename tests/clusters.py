"""Builds kubectl's objects for tests, and inventories of them, through the real reader."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from refactor.inventory import Inventory, Mapping
from refactor.inventory.read import read
from refactor.model import (
    Ambiguous,
    MissingService,
    Resolution,
    ServiceRef,
    Target,
    Unresolved,
)

Object = dict[str, Any]
_GROUPS = {
    "Deployment": "apps/v1", "ReplicaSet": "apps/v1", "StatefulSet": "apps/v1",
    "DaemonSet": "apps/v1", "Job": "batch/v1", "CronJob": "batch/v1",
    "EndpointSlice": "discovery.k8s.io/v1", "Ingress": "networking.k8s.io/v1",
    "HTTPRoute": "gateway.networking.k8s.io/v1", "GRPCRoute": "gateway.networking.k8s.io/v1",
}  # fmt: skip


def thing(kind: str, name: str, ns: str = "shop", **rest: Any) -> Object:
    """Any object; `meta` adds to its metadata."""
    meta = {"name": name, **({"namespace": ns} if ns else {}), **rest.pop("meta", {})}
    return {"apiVersion": _GROUPS.get(kind, "v1"), "kind": kind, "metadata": meta, **rest}


def owned(kind: str, name: str) -> list[Object]:
    return [{"apiVersion": "x/v1", "kind": kind, "name": name, "controller": True}]


def port(number: int, name: str = "", protocol: str = "TCP", **rest: Any) -> Object:
    """A container port."""
    return {
        "containerPort": number,
        "protocol": protocol,
        **({"name": name} if name else {}),
        **rest,
    }


def pod(
    name: str,
    ip: str,
    labels: dict[str, str] | None = None,
    ports: Sequence[int | Object] = (),
    owner: str = "",
    ns: str = "shop",
    phase: str = "Running",
    ready: bool = True,
    host: str = "10.20.0.1",
    node: str = "worker-1",
    sidecars: Sequence[Object] = (),
    **spec: Any,
) -> Object:
    """A pod; `owner` is "Kind/name", `ip` may hold several with a comma."""
    ips = [one for one in ip.split(",") if one]
    containers = [{"name": "main", "ports": [port(p) if isinstance(p, int) else p for p in ports]}]
    meta: Object = {"labels": labels or {}}
    if owner:
        meta["ownerReferences"] = owned(*owner.split("/"))
    return thing(
        "Pod", name, ns, meta=meta,
        spec={"nodeName": node, "containers": containers, "initContainers": list(sidecars), **spec},
        status={
            "phase": phase, "hostIP": host, "podIP": ips[0] if ips else "",
            "podIPs": [{"ip": one} for one in ips],
            "conditions": [{"type": "Ready", "status": "True" if ready else "False"}],
        },
    )  # fmt: skip


def sport(number: int, target: int | str | None = None, name: str = "", **rest: Any) -> Object:
    """A Service's port."""
    told = {"port": number, "protocol": "TCP", **({"name": name} if name else {}), **rest}
    return told if target is None else {**told, "targetPort": target}


def service(
    name: str,
    ip: str,
    selector: dict[str, str] | None,
    *ports: Object | tuple[int, int | str],
    ns: str = "shop",
    ingress: Sequence[Object] = (),
    **spec: Any,
) -> Object:
    """A Service; `ip` "None" makes it headless, several go with a comma."""
    ips = [one for one in ip.split(",") if one]
    listed = [p if isinstance(p, dict) else sport(*p) for p in ports]
    return thing(
        "Service", name, ns,
        spec={
            "type": "ClusterIP", "clusterIP": ips[0] if ips else "", "clusterIPs": ips, "ports": listed,
            **({} if selector is None else {"selector": selector}), **spec,
        },
        status={"loadBalancer": {"ingress": list(ingress)} if ingress else {}},
    )  # fmt: skip


def workload(
    kind: str, name: str, labels: dict[str, str], ns: str = "shop", owner: str = "", **spec: Any
) -> Object:
    """A workload; `owner` is "Kind/name"."""
    meta = {"ownerReferences": owned(*owner.split("/"))} if owner else {}
    template = {"metadata": {"labels": labels}, "spec": {"containers": []}}
    told = {"selector": {"matchLabels": labels}, "template": template, **spec}
    return thing(kind, name, ns, meta=meta, spec=told)


def node(name: str, *addresses: str) -> Object:
    told = [{"type": "InternalIP", "address": address} for address in addresses]
    return thing("Node", name, "", status={"addresses": told})


def slice_(
    of: str, addresses: Iterable[str], *ports: Object, ns: str = "shop", **endpoint: Any
) -> Object:
    """An EndpointSlice of a Service."""
    return thing(
        "EndpointSlice", f"{of}-x1", ns, meta={"labels": {"kubernetes.io/service-name": of}},
        addressType="IPv4", endpoints=[{"addresses": [a], **endpoint} for a in addresses], ports=list(ports),
    )  # fmt: skip


def deployed(
    app: str,
    ip: str,
    *ports: int | Object,
    ns: str = "shop",
    labels: dict[str, str] | None = None,
    **more: Any,
) -> list[Object]:
    """A Deployment with its ReplicaSet and one pod."""
    labels = labels or {"app": app}
    mark = "7f9c"
    return [
        workload("Deployment", app, labels, ns, replicas=1),
        workload("ReplicaSet", f"{app}-{mark}", labels, ns, owner=f"Deployment/{app}", replicas=1),
        pod(f"{app}-{mark}-abcde", ip, {**labels, "pod-template-hash": mark}, ports, f"ReplicaSet/{app}-{mark}", ns, **more),
    ]  # fmt: skip


def stateful(
    app: str,
    ips: Sequence[str],
    *ports: int | Object,
    governing: str,
    ns: str = "shop",
    **more: Any,
) -> list[Object]:
    """A StatefulSet with its pods, ordinals from 0."""
    replicas = more.pop("replicas", len(ips))
    told = {} if replicas is None else {"replicas": replicas}
    return [
        workload("StatefulSet", app, {"app": app}, ns, serviceName=governing, **told),
        *(
            pod(f"{app}-{n}", ip, {"app": app}, ports, f"StatefulSet/{app}", ns, **{"hostname": f"{app}-{n}", "subdomain": governing, **more})
            for n, ip in enumerate(ips)
        ),
    ]  # fmt: skip


def text(*items: Object) -> bytes:
    """What kubectl would print."""
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": list(items)}).encode()


def cluster(*items: Object | list[Object], mappings: Sequence[Mapping] = ()) -> Inventory:
    """An inventory of some objects, lists of objects among them."""
    flat = [o for item in items for o in (item if isinstance(item, list) else [item])]
    return Inventory(read(text(*flat)).used if flat else (), mappings)


def ref(text: str) -> ServiceRef:
    return ServiceRef(*text.split("/"))


def short(answer: Resolution) -> tuple[object, ...]:
    """A resolution without its words: ("to", service, port, pod), ("tied", …), ("lacks", …), ("no", reason)."""
    match answer:
        case Target(service=service, port=number, pod=name):
            return ("to", str(service), number, name)
        case Ambiguous(candidates=candidates):
            return ("tied", *map(str, candidates))
        case MissingService(workload=made, port=number, protocol=spoken, extend=extend):
            return ("lacks", str(made), number, spoken, str(extend or ""))
        case Unresolved(reason=reason):
            return ("no", reason)


def to(name: str, number: int | None, pod_name: str = "") -> tuple[object, ...]:
    return ("to", name, number, pod_name)


def tied(*names: str) -> tuple[object, ...]:
    return ("tied", *names)


def lacks(
    made: str, number: int | None, spoken: str = "TCP", extend: str = ""
) -> tuple[object, ...]:
    return ("lacks", made, number, spoken, extend)


def no(reason: str) -> tuple[object, ...]:
    return ("no", reason)
