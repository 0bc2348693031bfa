"""The kinds that an inventory is made of, and where the API has them."""

from __future__ import annotations

from typing import NamedTuple

from refactor.inventory.endpoints import Endpoints, EndpointSlice
from refactor.inventory.gateways import Gateway, GRPCRoute, HTTPRoute, TCPRoute
from refactor.inventory.imports import ServiceImport
from refactor.inventory.policies import Namespace, NetworkPolicy
from refactor.inventory.records import Node, Pod, Record, Service
from refactor.inventory.routes import Ingress
from refactor.inventory.workloads import (
    CronJob,
    DaemonSet,
    Deployment,
    Job,
    ReplicaSet,
    StatefulSet,
)

Route = Ingress | HTTPRoute | GRPCRoute | TCPRoute
AnyWorkload = Deployment | ReplicaSet | StatefulSet | DaemonSet | Job | CronJob
AnyKind = (
    Pod | Service | EndpointSlice | Endpoints | Node | AnyWorkload | Route | Gateway
    | ServiceImport | NetworkPolicy | Namespace
)  # fmt: skip
"""What is read of an inventory's objects; all others are passed over."""


class Kind(NamedTuple):
    """A kind of object.

    Attributes:
        group: its API group, "" for the core.
    """

    resource: str
    record: type[Record]
    group: str = ""
    versions: tuple[str, ...] = ("v1",)
    namespaced: bool = True

    def path(self, version: str, namespace: str = "") -> str:
        """Return the path of its list, in all namespaces or in one."""
        inside = f"/namespaces/{namespace}" if namespace else ""
        return f"{group_path(self.group, version)}{inside}/{self.resource}"

    def api_version(self, version: str) -> str:
        """Return the `apiVersion` of its objects."""
        return f"{self.group}/{version}" if self.group else version


def group_path(group: str, version: str) -> str:
    """Return the path under which a version of an API group is served."""
    return f"/apis/{group}/{version}" if group else f"/api/{version}"


_GATEWAY = "gateway.networking.k8s.io"

# EndpointSlices stand for Endpoints too: the control plane mirrors those.
KINDS = (
    Kind("services", Service),
    Kind("endpointslices", EndpointSlice, "discovery.k8s.io"),
    Kind("pods", Pod),
    Kind("nodes", Node, namespaced=False),
    Kind("deployments", Deployment, "apps"),
    Kind("replicasets", ReplicaSet, "apps"),
    Kind("statefulsets", StatefulSet, "apps"),
    Kind("daemonsets", DaemonSet, "apps"),
    Kind("jobs", Job, "batch"),
    Kind("cronjobs", CronJob, "batch"),
    Kind("ingresses", Ingress, "networking.k8s.io"),
    Kind("networkpolicies", NetworkPolicy, "networking.k8s.io"),
    Kind("namespaces", Namespace, namespaced=False),
    Kind("gateways", Gateway, _GATEWAY, ("v1", "v1beta1")),
    Kind("httproutes", HTTPRoute, _GATEWAY, ("v1", "v1beta1")),
    Kind("grpcroutes", GRPCRoute, _GATEWAY, ("v1", "v1alpha2")),
    Kind("tcproutes", TCPRoute, _GATEWAY, ("v1", "v1alpha2")),
    Kind("serviceimports", ServiceImport, "multicluster.x-k8s.io", ("v1beta1", "v1alpha1")),
)
"""In the order in which they are listed: what cannot be done without comes first."""
