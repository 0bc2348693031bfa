"""The addresses and names of a cluster, each with the objects that have it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from refactor.inventory import pod_index, slice_index
from refactor.inventory.endpoints import Endpoint, EndpointSlice
from refactor.inventory.gateways import Gateway, HTTPRoute, gateway_backends
from refactor.inventory.imports import Imported, ServiceImport, imported
from refactor.inventory.lazy import ByHost, RecordSequence
from refactor.inventory.names import is_ip, normal
from refactor.inventory.records import Node, Pod, Service
from refactor.inventory.routes import Backend, Ingress
from refactor.inventory.slice_index import ByAddress, ByService, Slice
from refactor.model import ServiceRef

_T = TypeVar("_T")
# Nothing, IPv4, IPv6, this very machine, a wildcard.
_NO_NAME = re.compile(r"[\d.]*\Z|.*:|localhost(?:\.|\Z)|\*")


def _block(ip: str) -> str:
    return ".".join(ip.split(".")[:2])


class Hosts:
    """Who has an address or a name; all keys are normal forms."""

    def __init__(
        self,
        services: Collection[Service],
        pods: RecordSequence[Pod],
        nodes: Collection[Node],
        slices: RecordSequence[Slice],
        routes: Collection[Ingress | HTTPRoute],
        gateways: Collection[Gateway] = (),
        imports: Collection[ServiceImport] = (),
    ) -> None:
        self._services = services
        self._pods = pods
        self._nodes = nodes
        self._slices = slices
        self._routes = routes
        self._gateways = gateways
        self._imports = imports

    @cached_property
    def cluster_ips(self) -> dict[str, list[Service]]:
        """Services by clusterIP."""
        return _index((ip, service) for service in self._services for ip in service.cluster_ips)

    @cached_property
    def outer(self) -> dict[str, list[Service]]:
        """Services by their load balancers' addresses and names, and by externalIP."""
        return _index((host, service) for service in self._services for host in service.outer_hosts)

    @cached_property
    def aliases(self) -> dict[str, list[Service]]:
        """ExternalName Services by the name they stand for."""
        return _index((s.spec.external_name, s) for s in self._services if s.external)

    @cached_property
    def of_pods(self) -> pod_index.PodLookup:
        """Where each pod is found."""
        return pod_index.PodIndex(self._pods)

    @cached_property
    def of_slices(self) -> slice_index.SliceLookup:
        """Where each endpoint is found."""
        return slice_index.index_slices(self._slices)

    @cached_property
    def pods(self) -> Mapping[str, Sequence[Pod]]:
        """Pods, finished ones too, by the addresses that are their own."""
        return ByHost(self.of_pods.by_ip, self._pods)

    @cached_property
    def _pod_blocks(self) -> frozenset[str]:
        """The beginnings, two octets each, of IPv4 addresses that pods have, and nothing else."""
        others = {_block(host) for host in (*self.cluster_ips, *self.outer, *self.nodes)}
        return frozenset({_block(ip) for ip in self.pods if "." in ip} - others)

    def was_pod(self, host: str) -> bool:
        """Say whether an address without an owner lies among those of pods, and of nothing else."""
        return is_ip(host) and "." in host and _block(host) in self._pod_blocks

    @cached_property
    def pod_names(self) -> Mapping[str, Sequence[Pod]]:
        """Pods by name, and by `spec.hostname`."""
        return ByHost(self.of_pods.by_name, self._pods)

    @cached_property
    def nodes(self) -> dict[str, list[str]]:
        """Node names by the nodes' names and addresses; `hostIP` of pods counts as evidence."""
        found = {(normal(host), node.name) for node in self._nodes for host in node.hosts}
        return _index(sorted(found.union(self.of_pods.nodes)))

    @cached_property
    def on_node(self) -> Mapping[str, Sequence[Pod]]:
        """Pods that listen at their node's addresses, by the node's name in normal form."""
        return ByHost(self.of_pods.on_node, self._pods)

    @cached_property
    def endpoints(self) -> Mapping[str, Sequence[Endpoint]]:
        """Endpoints by address."""
        return ByAddress(self.of_slices.by_address, self._slices)

    @cached_property
    def endpoints_of(self) -> Mapping[ServiceRef, Sequence[Endpoint]]:
        """Endpoints by Service."""
        return ByService(self.of_slices.by_service, self._slices)

    @cached_property
    def backends(self) -> dict[str, list[Backend]]:
        """What stands behind the hosts of Ingresses and Gateway routes."""
        routes = [route for route in self._routes if isinstance(route, HTTPRoute)]
        ingresses = [route for route in self._routes if isinstance(route, Ingress)]
        found = [backend for ingress in ingresses for backend in ingress.each()]
        found += gateway_backends(routes, self._gateways)
        return _index((backend.host, backend) for backend in found)

    @cached_property
    def import_ips(self) -> dict[str, list[ServiceImport]]:
        """ServiceImports by their virtual addresses."""
        return _index((ip, held) for held in self._imports for ip in held.ips)

    @cached_property
    def imported(self) -> dict[str, list[Imported]]:
        """What stands behind ServiceImports, by address."""
        if not self._imports:
            return {}
        slices = [slice_ for slice_ in self._slices if isinstance(slice_, EndpointSlice)]
        return _index((entry.address, entry) for one in slices for entry in imported(one))

    def index(self) -> None:
        """Make now what is large and nearly always asked for."""
        pods = self.of_pods
        _ = pods.by_ip, pods.by_name, pods.nodes, self.of_slices

    def holds(self, host: str) -> bool:
        """Say whether this address, in normal form, is anybody's; names are `names`' affair."""
        indexes = (self.cluster_ips, self.pods, self.nodes, self.outer, self.endpoints)
        more = (self.backends, self.aliases, self.import_ips, self.imported)
        return any(host in index for index in (*indexes, *more))

    def names(self, services: Collection[ServiceRef], gone: Iterable[str] = ()) -> frozenset[str]:
        """Return the names by which machines may be written; without those of Services."""
        taken = {ref.name for ref in services}
        taken |= {f"{ref.name}.{ref.namespace}" for ref in services}
        pods = self.of_pods
        simple = {n for n in pods.by_name if n[0].isalpha() and "." not in n and ":" not in n}
        found = {*gone, *(self.of_slices.by_address.keys() - pods.by_ip.keys())}
        for index in (pods.by_name, self.outer, self.nodes, self.backends, self.aliases):
            found.update(index.keys() - simple)
        simple -= {*taken, "localhost"}
        return frozenset(simple).union(
            name for name in found if not _NO_NAME.match(name) and not _is_service(name, taken)
        )


def _index(pairs: Iterable[tuple[str, _T]]) -> dict[str, list[_T]]:
    found: dict[str, list[_T]] = {}
    for host, held in pairs:
        if host:
            found.setdefault(normal(host), []).append(held)
    return found


def _is_service(name: str, taken: set[str]) -> bool:
    """Whether a name is a Service's own: `orders`, `orders.shop.svc`, `db-0.db.shop`."""
    if name in taken:
        return True
    first, _, rest = name.partition(".")
    return bool(rest) and (
        ".".join((first, rest.partition(".")[0])) in taken or ".".join(rest.split(".")[:2]) in taken
    )
