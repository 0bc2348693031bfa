"""The kinds of object that say who is behind an address, as kubectl prints them.

The kind is the tag by which msgspec picks the struct, so a List of everything decodes in one pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from msgspec import field

from refactor.inventory.parts import (
    BalancedStatus,
    ContainerPort,
    HasContainers,
    Meta,
    ObjectName,
    Owner,
    Part,
    PodContainer,
    Volume,
)
from refactor.model import ServiceRef

FINISHED = ("Succeeded", "Failed")
"""Phases of a pod that has run to its end."""


class Record(Part, frozen=True, tag_field="kind"):
    """An object of the cluster."""

    groups: ClassVar[tuple[str, ...]] = ("",)

    api_version: str = ""
    metadata: Meta = Meta()

    @property
    def kind(self) -> str:
        """Its kind, as the API spells it."""
        return str(type(self).__struct_config__.tag)

    @property
    def namespace(self) -> str:
        """Its namespace; "" for none."""
        return self.metadata.namespace

    @property
    def name(self) -> str:
        """Its name."""
        return self.metadata.name

    @property
    def labels(self) -> dict[str, str]:
        """Its labels."""
        return self.metadata.labels or {}

    @property
    def controller(self) -> Owner | None:
        """The object that made this one and looks after it."""
        owners = self.metadata.owner_references or ()
        if len(owners) == 1:
            return owners[0]
        return next((owner for owner in owners if owner.controller), None) or next(
            iter(owners), None
        )


class PodAddress(Part, frozen=True):
    """`status.podIPs[]`."""

    ip: str = ""


class Condition(Part, frozen=True):
    """`status.conditions[]`."""

    type: str = ""
    status: str = ""


class PodSpec(HasContainers, frozen=True):
    """`spec` of a Pod."""

    containers: tuple[PodContainer, ...] | None = None
    init_containers: tuple[PodContainer, ...] | None = None
    volumes: tuple[Volume, ...] | None = None
    dns_policy: str = ""
    node_name: str = ""
    hostname: str = ""
    subdomain: str = ""

    @property
    def takes(self) -> Iterator[tuple[str, str]]:
        """The ConfigMaps and Secrets that it mounts or imports: kind and name."""
        for volume in self.volumes or ():
            secret = ObjectName(volume.secret.secret_name) if volume.secret else None
            yield from _named(volume.config_map, secret)
            for shown in (volume.projected.sources or ()) if volume.projected else ():
                yield from _named(shown.config_map, shown.secret)
        for container in (*(self.containers or ()), *(self.init_containers or ())):
            for source in container.env_from or ():
                yield from _named(source.config_map_ref, source.secret_ref)
            for one in container.env or ():
                if one.value_from:
                    yield from _named(
                        one.value_from.config_map_key_ref, one.value_from.secret_key_ref
                    )


def _named(config_map: ObjectName | None, secret: ObjectName | None) -> Iterator[tuple[str, str]]:
    if config_map:
        yield "ConfigMap", config_map.name
    if secret:
        yield "Secret", secret.name


class PodStatus(Part, frozen=True):
    """`status` of a Pod."""

    phase: str = ""
    pod_ip: str = field(name="podIP", default="")
    pod_ips: tuple[PodAddress, ...] | None = field(name="podIPs", default=None)
    host_ip: str = field(name="hostIP", default="")
    conditions: tuple[Condition, ...] | None = None


class Pod(Record, frozen=True, tag="Pod"):
    """A pod."""

    spec: PodSpec = PodSpec()
    status: PodStatus = PodStatus()

    @property
    def key(self) -> str:
        """Its identity: `namespace/name`."""
        return f"{self.metadata.namespace}/{self.metadata.name}"

    @property
    def ips(self) -> tuple[str, ...]:
        """Its addresses, of every family."""
        status = self.status
        if told := status.pod_ips:
            return (told[0].ip,) if len(told) == 1 else tuple([address.ip for address in told])
        return (status.pod_ip,) if status.pod_ip else ()

    @property
    def finished(self) -> bool:
        """It ran to its end: its address may be another's by now."""
        return self.status.phase in FINISHED

    @property
    def on_host(self) -> bool:
        """It shares its node's network, and so its node's addresses."""
        status = self.status
        return self.spec.host_network or (status.pod_ip == status.host_ip != "")

    @property
    def ready(self) -> bool:
        """Its condition Ready holds, or is not told."""
        told = (c.status for c in self.status.conditions or () if c.type == "Ready")
        return next(told, "True") == "True"

    @property
    def ports(self) -> tuple[ContainerPort, ...]:
        """The ports that its containers declare."""
        return self.spec.ports


class ServicePort(Part, frozen=True):
    """`spec.ports[]` of a Service.

    Attributes:
        target_port: a container port's number or name; None for the same as `port`.
    """

    port: int
    name: str = ""
    protocol: str = "TCP"
    target_port: int | str | None = None
    node_port: int = 0
    app_protocol: str = ""


class ServiceSpec(Part, frozen=True):
    """`spec` of a Service."""

    type: str = "ClusterIP"
    cluster_ip: str = field(name="clusterIP", default="")
    cluster_ips: tuple[str, ...] | None = field(name="clusterIPs", default=None)
    ip_families: tuple[str, ...] | None = None
    external_ips: tuple[str, ...] | None = field(name="externalIPs", default=None)
    load_balancer_ip: str = field(name="loadBalancerIP", default="")
    external_name: str = ""
    selector: dict[str, str] | None = None
    ports: tuple[ServicePort, ...] | None = None
    publish_not_ready_addresses: bool = False


class Service(Record, frozen=True, tag="Service"):
    """A Service."""

    spec: ServiceSpec = ServiceSpec()
    status: BalancedStatus = BalancedStatus()

    @property
    def ref(self) -> ServiceRef:
        """Its identity."""
        return ServiceRef(self.metadata.namespace, self.metadata.name)

    @property
    def headless(self) -> bool:
        """Its name answers with the addresses of its pods."""
        return self.spec.cluster_ip == "None"

    @property
    def external(self) -> bool:
        """It is an alias of a DNS name outside (ExternalName), and leads to no pod."""
        return self.spec.type == "ExternalName"

    @property
    def selector(self) -> dict[str, str]:
        """The labels of its pods; an empty one selects nothing."""
        return {} if self.external else self.spec.selector or {}

    @property
    def ports(self) -> tuple[ServicePort, ...]:
        """Its ports."""
        return self.spec.ports or ()

    @property
    def cluster_ips(self) -> tuple[str, ...]:
        """Its virtual addresses, of every family; none when it is headless."""
        if self.external or self.headless:
            return ()
        return self.spec.cluster_ips or (self.spec.cluster_ip,) * bool(self.spec.cluster_ip)

    @property
    def outer_hosts(self) -> tuple[str, ...]:
        """Its load balancer's addresses and names, and its externalIPs."""
        spec = self.spec
        if self.external or self.headless:
            return ()
        hosts = spec.external_ips or ()
        if spec.type == "LoadBalancer":
            asked = (spec.load_balancer_ip,) * bool(spec.load_balancer_ip)
            hosts = (*hosts, *asked, *self.status.hosts)
        return tuple(dict.fromkeys(hosts))

    @property
    def families(self) -> frozenset[str]:
        """The address families its name answers with, "IPv4" and "IPv6"; empty if not known."""
        if self.cluster_ips:
            return frozenset("IPv6" if ":" in ip else "IPv4" for ip in self.cluster_ips)
        return frozenset(self.spec.ip_families or ())


class NodeAddress(Part, frozen=True):
    """`status.addresses[]`: InternalIP, ExternalIP, Hostname, InternalDNS or ExternalDNS."""

    address: str = ""


class NodeStatus(Part, frozen=True):
    """`status` of a Node."""

    addresses: tuple[NodeAddress, ...] | None = None


class Node(Record, frozen=True, tag="Node"):
    """A node."""

    status: NodeStatus = NodeStatus()

    @property
    def hosts(self) -> tuple[str, ...]:
        """Its name and its addresses."""
        told = (entry.address for entry in self.status.addresses or ())
        return tuple(dict.fromkeys((self.name, *told)))
