"""Ingresses and Gateway routes: which Services stand behind a host of the outside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from refactor.inventory.parts import BalancedStatus, Part
from refactor.inventory.records import Record
from refactor.model import ServiceRef


class Backend(NamedTuple):
    """A Service behind a host.

    Attributes:
        port: the Service port, by number or name; None where it does not say.
        dialled: the port that a client dials at the host; None for any.
    """

    host: str
    route: str
    service: ServiceRef
    port: int | str | None
    dialled: int | None = None


class BackendPort(Part, frozen=True):
    """`backend.service.port`."""

    number: int | None = None
    name: str | None = None


class BackendService(Part, frozen=True):
    """`backend.service`."""

    name: str = ""
    port: BackendPort = BackendPort()


class IngressBackend(Part, frozen=True):
    """`backend`; the fields of its own are those of `extensions/v1beta1`."""

    service: BackendService | None = None
    service_name: str = ""
    service_port: int | str | None = None

    def of(self, host: str, ingress: Ingress) -> Iterator[Backend]:
        """Yield the Service behind a host, if this names one."""
        name, port = self.service_name, self.service_port
        if self.service:
            name, port = self.service.name, self.service.port.number or self.service.port.name
        if name:
            route = f"Ingress {ingress.namespace}/{ingress.name}"
            yield Backend(host.lower(), route, ServiceRef(ingress.namespace, name), port)


class IngressPath(Part, frozen=True):
    """`http.paths[]`."""

    backend: IngressBackend = IngressBackend()


class IngressPaths(Part, frozen=True):
    """`http`."""

    paths: tuple[IngressPath, ...] | None = None


class IngressRule(Part, frozen=True):
    """`rules[]`."""

    host: str = ""
    http: IngressPaths | None = None

    @property
    def backends(self) -> tuple[IngressBackend, ...]:
        """What its paths lead to."""
        return tuple(p.backend for p in (self.http and self.http.paths) or ())


class IngressSpec(Part, frozen=True):
    """`spec` of an Ingress."""

    rules: tuple[IngressRule, ...] | None = None
    default_backend: IngressBackend | None = None


class Ingress(Record, frozen=True, tag="Ingress"):
    """An Ingress."""

    groups: ClassVar[tuple[str, ...]] = ("networking.k8s.io", "extensions")

    spec: IngressSpec = IngressSpec()
    status: BalancedStatus = BalancedStatus()

    def each(self) -> Iterator[Backend]:
        """Yield the Services behind its hosts and behind its load balancer's addresses."""
        for rule in self.spec.rules or ():
            for host in (rule.host,) * bool(rule.host) + self.status.hosts:
                for backend in rule.backends:
                    yield from backend.of(host, self)
        for host in self.status.hosts if self.spec.default_backend else ():
            yield from self.spec.default_backend.of(host, self)  # type: ignore[union-attr]
