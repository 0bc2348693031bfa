"""The parts that Kubernetes objects share: metadata, owners, containers, templates.

Each struct holds only the API fields that something here reads; what kubectl prints besides is
skipped while decoding. Null stands for empty, as it does in Go.
"""

from __future__ import annotations

import msgspec
from msgspec import field


class Part(msgspec.Struct, frozen=True, gc=False, rename="camel", omit_defaults=True):
    """A piece of an object, its fields spelled as in the API (camelCase in JSON)."""


class Owner(Part, frozen=True):
    """`metadata.ownerReferences[]`."""

    kind: str = ""
    name: str = ""
    controller: bool = False


class Meta(Part, frozen=True):
    """`metadata`."""

    name: str = ""
    namespace: str = ""
    labels: dict[str, str] | None = None
    owner_references: tuple[Owner, ...] | None = None
    resource_version: str = ""


class ContainerPort(Part, frozen=True):
    """`containers[].ports[]`: what a container declares to listen on, from 1 to 65535."""

    container_port: int
    name: str = ""
    protocol: str = "TCP"
    host_port: int = 0
    host_ip: str = field(name="hostIP", default="")


class Container(Part, frozen=True):
    """A container. `restart_policy` "Always" makes an init container a native sidecar."""

    name: str = ""
    ports: tuple[ContainerPort, ...] | None = None
    restart_policy: str = ""


class HasContainers(Part, frozen=True):
    """The containers of a pod, or of a template of pods."""

    containers: tuple[Container, ...] | None = None
    init_containers: tuple[Container, ...] | None = None
    host_network: bool = False

    @property
    def ports(self) -> tuple[ContainerPort, ...]:
        """The ports of all containers that stay, in the order in which names are looked up.

        Source: Kubernetes `FindPort`: containers first, then restartable init containers.
        """
        containers = self.containers or ()
        if len(containers) == 1 and not self.init_containers:
            return containers[0].ports or ()
        sidecars = (c for c in self.init_containers or () if c.restart_policy == "Always")
        return tuple(port for c in (*containers, *sidecars) for port in c.ports or ())

    @property
    def has_host_port(self) -> bool:
        """Whether a container that stays listens at its node's address."""
        for container in self.containers or ():
            for port in container.ports or ():
                if port.host_port:
                    return True
        return bool(self.init_containers) and any(port.host_port for port in self.ports)


class ObjectName(Part, frozen=True):
    """A reference to an object of the same namespace."""

    name: str = ""


class SecretName(Part, frozen=True):
    """`volumes[].secret`."""

    secret_name: str = ""


class Projection(Part, frozen=True):
    """`volumes[].projected.sources[]`."""

    config_map: ObjectName | None = None
    secret: ObjectName | None = None


class Projected(Part, frozen=True):
    """`volumes[].projected`."""

    sources: tuple[Projection, ...] | None = None


class Volume(Part, frozen=True):
    """`volumes[]`, as far as it shows a ConfigMap or a Secret."""

    config_map: ObjectName | None = None
    secret: SecretName | None = None
    projected: Projected | None = None


class ImportedFrom(Part, frozen=True):
    """`containers[].envFrom[]`."""

    config_map_ref: ObjectName | None = None
    secret_ref: ObjectName | None = None


class ValueFrom(Part, frozen=True):
    """`containers[].env[].valueFrom`."""

    config_map_key_ref: ObjectName | None = None
    secret_key_ref: ObjectName | None = None


class ImportedValue(Part, frozen=True):
    """`containers[].env[]` of a pod, without its name and value."""

    value_from: ValueFrom | None = None


class PodContainer(Container, frozen=True):
    """A container of a pod, with what it imports."""

    env_from: tuple[ImportedFrom, ...] | None = None
    env: tuple[ImportedValue, ...] | None = None


class Variable(Part, frozen=True):
    """`containers[].env[]`, without its value."""

    name: str = ""


class TemplateContainer(Container, frozen=True):
    """A container of a template, with the variables it declares."""

    env: tuple[Variable, ...] | None = None


class TemplateSpec(HasContainers, frozen=True):
    """`template.spec`."""

    containers: tuple[TemplateContainer, ...] | None = None
    init_containers: tuple[TemplateContainer, ...] | None = None
    enable_service_links: bool = True
    subdomain: str = ""


class Template(Part, frozen=True):
    """`spec.template`: what a workload's pods are made from."""

    metadata: Meta = Meta()
    spec: TemplateSpec = TemplateSpec()


class Requirement(Part, frozen=True):
    """`matchExpressions[]`."""

    key: str = ""
    operator: str = ""
    values: tuple[str, ...] | None = None


class LabelSelector(Part, frozen=True):
    """`spec.selector` of a workload."""

    match_labels: dict[str, str] | None = None
    match_expressions: tuple[Requirement, ...] | None = None


class LoadBalancerIngress(Part, frozen=True):
    """`status.loadBalancer.ingress[]`."""

    ip: str = ""
    hostname: str = ""


class LoadBalancer(Part, frozen=True):
    """`status.loadBalancer`."""

    ingress: tuple[LoadBalancerIngress, ...] | None = None


class BalancedStatus(Part, frozen=True):
    """`status` of a Service or an Ingress."""

    load_balancer: LoadBalancer = LoadBalancer()

    @property
    def hosts(self) -> tuple[str, ...]:
        """The addresses and names that the load balancer answers to."""
        told = self.load_balancer.ingress or ()
        return tuple(host for entry in told for host in (entry.ip, entry.hostname) if host)
