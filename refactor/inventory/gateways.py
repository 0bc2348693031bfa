"""The Gateway API: Gateways, and the routes that lead from their hosts to Services.

Source: Gateway API v1. A route without host names of its own has those of the listeners it is
attached to; a TCPRoute has none, and goes by a Gateway's address and the listener's port.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from refactor.inventory.parts import Part
from refactor.inventory.records import Record
from refactor.inventory.routes import Backend
from refactor.model import ServiceRef

Gateways = Mapping[tuple[str, str], "Gateway"]
"""Gateways by namespace and name."""


class Listener(Part, frozen=True):
    """`spec.listeners[]` of a Gateway."""

    name: str = ""
    port: int = 0
    hostname: str = ""


class GatewaySpec(Part, frozen=True):
    """`spec` of a Gateway."""

    listeners: tuple[Listener, ...] | None = None


class GatewayAddress(Part, frozen=True):
    """`status.addresses[]`: an IP address or a host name."""

    value: str = ""


class GatewayStatus(Part, frozen=True):
    """`status` of a Gateway."""

    addresses: tuple[GatewayAddress, ...] | None = None


class Gateway(Record, frozen=True, tag="Gateway"):
    """A Gateway."""

    groups: ClassVar[tuple[str, ...]] = ("gateway.networking.k8s.io",)

    spec: GatewaySpec = GatewaySpec()
    status: GatewayStatus = GatewayStatus()

    @property
    def hosts(self) -> tuple[str, ...]:
        """The addresses and names that it answers to."""
        return tuple(a.value for a in self.status.addresses or () if a.value)


class ParentRef(Part, frozen=True):
    """`spec.parentRefs[]`: the Gateway, and the listener, that a route is attached to."""

    kind: str = "Gateway"
    name: str = ""
    namespace: str = ""
    section_name: str = ""
    port: int | None = None

    def takes(self, listener: Listener) -> bool:
        """Say whether this refers to a listener; one that names none refers to all."""
        return self.section_name in ("", listener.name) and self.port in (None, listener.port)


class BackendRef(Part, frozen=True):
    """`backendRefs[]` of a route."""

    kind: str = "Service"
    name: str = ""
    namespace: str = ""
    port: int | None = None


class RouteRule(Part, frozen=True):
    """`rules[]` of a route."""

    backend_refs: tuple[BackendRef, ...] | None = None


class RouteSpec(Part, frozen=True):
    """`spec` of a route."""

    parent_refs: tuple[ParentRef, ...] | None = None
    hostnames: tuple[str, ...] | None = None
    rules: tuple[RouteRule, ...] | None = None


class HTTPRoute(Record, frozen=True, tag="HTTPRoute"):
    """An HTTPRoute."""

    groups: ClassVar[tuple[str, ...]] = ("gateway.networking.k8s.io",)

    spec: RouteSpec = RouteSpec()

    def backends(self, gateways: Gateways) -> Iterator[Backend]:
        """Yield the Services behind its hosts."""
        route = f"{self.kind} {self.namespace}/{self.name}"
        refs = [ref for rule in self.spec.rules or () for ref in rule.backend_refs or ()]
        for host, dialled in dict.fromkeys(self._hosts(gateways)):
            for ref in refs:
                if ref.kind == "Service":
                    service = ServiceRef(ref.namespace or self.namespace, ref.name)
                    yield Backend(host.lower(), route, service, ref.port, dialled)

    def _hosts(self, gateways: Gateways) -> Iterator[tuple[str, int | None]]:
        """Yield each host with the port that is dialled there."""
        if self.spec.hostnames:
            yield from ((host, None) for host in self.spec.hostnames)
            return
        for gateway, listener in self._listeners(gateways):
            if listener.hostname:
                yield listener.hostname, None
            else:
                yield from ((host, listener.port) for host in gateway.hosts)

    def _listeners(self, gateways: Gateways) -> Iterator[tuple[Gateway, Listener]]:
        for parent in self.spec.parent_refs or ():
            gateway = gateways.get((parent.namespace or self.namespace, parent.name))
            if gateway and parent.kind == "Gateway":
                listeners = gateway.spec.listeners or ()
                yield from ((gateway, one) for one in listeners if parent.takes(one))


class GRPCRoute(HTTPRoute, frozen=True, tag="GRPCRoute"):
    """A GRPCRoute."""


class TCPRoute(HTTPRoute, frozen=True, tag="TCPRoute"):
    """A TCPRoute: it has no host names, so a Gateway's address and port lead to it."""


def gateway_backends(routes: Iterable[HTTPRoute], gateways: Iterable[Gateway]) -> Iterator[Backend]:
    """Yield what stands behind the hosts of routes."""
    by_name = {(gateway.namespace, gateway.name): gateway for gateway in gateways}
    for route in routes:
        yield from route.backends(by_name)
