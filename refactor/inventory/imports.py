"""ServiceImports: Services of other clusters, under names of their own.

Source: Multi-Cluster Services API (KEP-1645) and its DNS specification: a ServiceImport is reached
as `<service>.<namespace>.svc.clusterset.local`, a pod of a headless one as
`<hostname>.<cluster>.<service>.<namespace>.svc.clusterset.local`.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from refactor.inventory.endpoints import EndpointPort, EndpointSlice
from refactor.inventory.parts import Part
from refactor.inventory.records import Record
from refactor.model import ServiceRef

DOMAIN = "clusterset.local"
"""The DNS domain that ServiceImports are named under."""

_SERVICE = "multicluster.kubernetes.io/service-name"
_CLUSTER = "multicluster.kubernetes.io/source-cluster"


class ImportPort(Part, frozen=True):
    """`spec.ports[]`: the same in every cluster, and mapped as a Service's are."""

    port: int
    name: str = ""
    protocol: str = "TCP"


class ImportSpec(Part, frozen=True):
    """`spec` of a ServiceImport: "ClusterSetIP" or "Headless"."""

    type: str = "ClusterSetIP"
    ips: tuple[str, ...] | None = None
    ports: tuple[ImportPort, ...] | None = None


class ServiceImport(Record, frozen=True, tag="ServiceImport"):
    """A ServiceImport, of the API's own group or Google's."""

    groups: ClassVar[tuple[str, ...]] = ("multicluster.x-k8s.io", "net.gke.io")

    spec: ImportSpec = ImportSpec()

    @property
    def ref(self) -> ServiceRef:
        """Its identity: the exported Service's own."""
        return ServiceRef(self.namespace, self.name)

    @property
    def headless(self) -> bool:
        """Its name answers with the addresses of its pods."""
        return self.spec.type == "Headless"

    @property
    def ips(self) -> tuple[str, ...]:
        """Its virtual addresses in the cluster set."""
        return self.spec.ips or ()

    @property
    def ports(self) -> tuple[ImportPort, ...]:
        """Its ports."""
        return self.spec.ports or ()


class Imported(NamedTuple):
    """An address behind a ServiceImport.

    Attributes:
        pod: `<hostname>.<cluster>`, the name it has where the import is headless; "" for none.
    """

    service: ServiceRef
    address: str
    pod: str
    ports: tuple[EndpointPort, ...]


def imported(slice_: EndpointSlice) -> list[Imported]:
    """Return the addresses of a slice that stands behind a ServiceImport; none of any other."""
    name = slice_.labels.get(_SERVICE)
    if not name:
        return []
    service, cluster = ServiceRef(slice_.namespace, name), slice_.labels.get(_CLUSTER, "")
    return [
        Imported(service, address, _name(endpoint.hostname, cluster), slice_.ports or ())
        for endpoint in slice_.endpoints or ()
        for address in endpoint.addresses or ()
    ]


def _name(hostname: str | None, cluster: str) -> str:
    return f"{hostname}.{cluster}" if hostname and cluster else ""
