"""EndpointSlices and the Endpoints they replaced: which addresses a Service leads to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from refactor.inventory.parts import Part
from refactor.inventory.records import Record
from refactor.model import ServiceRef

_SERVICE_NAME = "kubernetes.io/service-name"


class EndpointPort(Part, frozen=True):
    """`ports[]`: goes by the name of the Service's port. `port` 0 stands for every port."""

    name: str | None = None
    port: int | None = None
    protocol: str | None = None


class TargetRef(Part, frozen=True):
    """`targetRef`: the pod behind an address."""

    kind: str = ""
    name: str = ""


class EndpointConditions(Part, frozen=True):
    """`conditions` of an endpoint; None stands for ready, as the API says."""

    ready: bool | None = None


class SliceEndpoint(Part, frozen=True):
    """`endpoints[]` of an EndpointSlice."""

    addresses: tuple[str, ...] | None = None
    hostname: str | None = None
    target_ref: TargetRef | None = None
    conditions: EndpointConditions = EndpointConditions()


class Endpoint(NamedTuple):
    """An address that a Service leads to.

    Attributes:
        hostname: the name it has under a headless Service; "" for none.
        pod: the name of the pod behind it; "" for none.
    """

    service: ServiceRef
    address: str
    hostname: str
    pod: str
    ports: tuple[EndpointPort, ...]
    ready: bool = True


class EndpointSlice(Record, frozen=True, tag="EndpointSlice"):
    """An EndpointSlice."""

    groups: ClassVar[tuple[str, ...]] = ("discovery.k8s.io",)

    endpoints: tuple[SliceEndpoint, ...] | None = None
    ports: tuple[EndpointPort, ...] | None = None

    @property
    def service(self) -> ServiceRef | None:
        """The Service that leads to its addresses; None where it names none."""
        name = self.labels.get(_SERVICE_NAME)
        return ServiceRef(self.namespace, name) if name else None

    @property
    def addresses(self) -> list[str]:
        """Its addresses."""
        return [address for one in self.endpoints or () for address in one.addresses or ()]

    def each(self) -> Iterator[Endpoint]:
        """Yield its addresses; none where it names no Service."""
        service, ports = self.service, self.ports or ()
        for endpoint in self.endpoints or () if service else ():
            pod = _pod(endpoint.target_ref)
            ready = endpoint.conditions.ready is not False
            for address in endpoint.addresses or ():
                yield Endpoint(service, address, endpoint.hostname or "", pod, ports, ready)  # type: ignore[arg-type]


class EndpointAddress(Part, frozen=True):
    """`subsets[].addresses[]` of Endpoints."""

    ip: str = ""
    hostname: str = ""
    target_ref: TargetRef | None = None


class Subset(Part, frozen=True):
    """`subsets[]` of Endpoints."""

    addresses: tuple[EndpointAddress, ...] | None = None
    not_ready_addresses: tuple[EndpointAddress, ...] | None = None
    ports: tuple[EndpointPort, ...] | None = None


class Endpoints(Record, frozen=True, tag="Endpoints"):
    """Endpoints: they have their Service's name."""

    subsets: tuple[Subset, ...] | None = None

    @property
    def service(self) -> ServiceRef:
        """The Service that leads to its addresses."""
        return ServiceRef(self.namespace, self.name)

    @property
    def addresses(self) -> list[str]:
        """Its addresses."""
        return [endpoint.address for endpoint in self.each()]

    def each(self) -> Iterator[Endpoint]:
        """Yield its addresses."""
        service = self.service
        for subset in self.subsets or ():
            told = (subset.addresses or (), True), (subset.not_ready_addresses or (), False)
            for entry, ready in ((entry, ready) for entries, ready in told for entry in entries):
                pod, ports = _pod(entry.target_ref), subset.ports or ()
                yield Endpoint(service, entry.ip, entry.hostname, pod, ports, ready)


def _pod(target: TargetRef | None) -> str:
    return target.name if target and target.kind == "Pod" else ""
