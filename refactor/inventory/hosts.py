"""The addresses and names of a cluster, each with the objects that have it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import TypeVar

from refactor.addresses import canonical
from refactor.inventory.endpoints import Endpoint, Endpoints, EndpointSlice
from refactor.inventory.gateways import Gateway, HTTPRoute, gateway_backends
from refactor.inventory.imports import Imported, ServiceImport, imported
from refactor.inventory.records import Node, Pod, Service
from refactor.inventory.routes import Backend, Ingress
from refactor.model import ServiceRef

_T = TypeVar("_T")
# Nothing, IPv4, IPv6, this very machine, a wildcard.
_NO_NAME = re.compile(r"[\d.]*\Z|.*:|localhost(?:\.|\Z)|\*")


def normal(host: str) -> str:
    """Return a host as the index has it: `addresses.canonical`, without its price for IPv4."""
    return canonical(host) if ":" in host or "[" in host else host.lower().rstrip(".")


def is_ip(host: str) -> bool:
    """Say whether a host in normal form is an IP address."""
    return ":" in host or host.replace(".", "").isdecimal()


def _block(ip: str) -> str:
    return ".".join(ip.split(".")[:2])


class Hosts:
    """Who has an address or a name; all keys are normal forms.

    Args:
        services, pods, nodes: the objects, each once.
        slices: EndpointSlices and Endpoints.
        routes: Ingresses and Gateway routes.
        gateways: what Gateway routes are attached to.
        imports: Services of other clusters.
    """

    def __init__(
        self,
        services: Collection[Service],
        pods: Collection[Pod],
        nodes: Collection[Node],
        slices: Collection[EndpointSlice | Endpoints],
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
    def pods(self) -> dict[str, list[Pod]]:
        """Pods, finished ones too, by the addresses that are their own."""
        return _index((ip, pod) for pod in self._pods if not pod.on_host for ip in pod.ips)

    @cached_property
    def pod_blocks(self) -> frozenset[str]:
        """The beginnings, two octets each, of the pods' IPv4 addresses."""
        return frozenset(_block(ip) for ip in self.pods if "." in ip)

    def was_pod(self, host: str) -> bool:
        """Say whether an address that nobody has lies among those of pods, and of nothing else.

        Args:
            host: in normal form.
        """
        others = (*self.cluster_ips, *self.outer, *self.nodes)
        block = _block(host) if is_ip(host) and "." in host else ""
        return block in self.pod_blocks and all(_block(other) != block for other in others)

    @cached_property
    def pod_names(self) -> dict[str, list[Pod]]:
        """Pods by name, and by `spec.hostname`."""
        return _index(
            (name, pod)
            for pod in self._pods
            for name in {pod.metadata.name, pod.spec.hostname or pod.metadata.name}
        )

    @cached_property
    def nodes(self) -> dict[str, list[str]]:
        """Node names by the nodes' names and addresses; `hostIP` of pods counts as evidence."""
        found = {(host, node.name) for node in self._nodes for host in node.hosts}
        found |= {
            (pod.status.host_ip, pod.spec.node_name or pod.status.host_ip)
            for pod in self._pods
            if pod.status.host_ip and not pod.finished
        }
        return _index(sorted({(normal(host), name) for host, name in found}))

    @cached_property
    def on_node(self) -> dict[str, list[Pod]]:
        """Pods that listen at their node's addresses, by the node's name."""
        return _index(
            (pod.spec.node_name or pod.status.host_ip, pod)
            for pod in self._pods
            if not pod.finished
            if pod.on_host or any(port.host_port for port in pod.ports)
        )

    @cached_property
    def endpoints(self) -> dict[str, list[Endpoint]]:
        """Endpoints by address."""
        return _index((endpoint.address, endpoint) for endpoint in self._endpoints())

    @cached_property
    def endpoints_of(self) -> dict[ServiceRef, list[Endpoint]]:
        """Endpoints by Service."""
        found: defaultdict[ServiceRef, list[Endpoint]] = defaultdict(list)
        for endpoint in self._endpoints():
            found[endpoint.service].append(endpoint)
        return dict(found)

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

    def _endpoints(self) -> Iterator[Endpoint]:
        return (endpoint for slice_ in self._slices for endpoint in slice_.each())

    def holds(self, host: str) -> bool:
        """Say whether this address, in normal form, is anybody's; names are `names`' affair."""
        indexes = (self.cluster_ips, self.pods, self.nodes, self.outer, self.endpoints)
        more = (self.backends, self.aliases, self.import_ips, self.imported)
        return any(host in index for index in (*indexes, *more))

    def names(self, services: Collection[ServiceRef], gone: Iterable[str] = ()) -> frozenset[str]:
        """Return the names by which machines may be written; a Service's own is none of them.

        Args:
            services: of the cluster.
            gone: names that machines had earlier.
        """
        taken = {ref.name for ref in services}
        taken |= {f"{ref.name}.{ref.namespace}" for ref in services}
        found = {normal(name) for pod in self._pods for name in (pod.name, pod.spec.hostname)}
        found.update(gone)
        for index in (self.outer, self.nodes, self.backends, self.aliases, self.endpoints):
            found.update(index)
        return frozenset(
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
