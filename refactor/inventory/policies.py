"""NetworkPolicies and the labels of namespaces: who may connect to whom."""

from __future__ import annotations

from typing import ClassVar

from msgspec import field

from refactor.inventory.parts import LabelSelector, Part
from refactor.inventory.records import Record


class IPBlock(Part, frozen=True):
    """`ipBlock` of a peer: what it covers is not known before pods have addresses."""

    cidr: str = ""


class Peer(Part, frozen=True):
    """`from[]` and `to[]`."""

    pod_selector: LabelSelector | None = None
    namespace_selector: LabelSelector | None = None
    ip_block: IPBlock | None = field(name="ipBlock", default=None)


class PolicyPort(Part, frozen=True):
    """`ports[]`: a number, a name of a container port, or a range."""

    port: int | str | None = None
    end_port: int | None = None
    protocol: str = "TCP"


class PolicyIngress(Part, frozen=True):
    """`spec.ingress[]`; without peers or ports it lets all of them through."""

    from_: tuple[Peer, ...] | None = field(name="from", default=None)
    ports: tuple[PolicyPort, ...] | None = None


class EgressRule(Part, frozen=True):
    """`spec.egress[]`."""

    to: tuple[Peer, ...] | None = None
    ports: tuple[PolicyPort, ...] | None = None


class PolicySpec(Part, frozen=True):
    """`spec` of a NetworkPolicy."""

    pod_selector: LabelSelector = LabelSelector()
    policy_types: tuple[str, ...] | None = None
    ingress: tuple[PolicyIngress, ...] | None = None
    egress: tuple[EgressRule, ...] | None = None


class NetworkPolicy(Record, frozen=True, tag="NetworkPolicy"):
    """A NetworkPolicy."""

    groups: ClassVar[tuple[str, ...]] = ("networking.k8s.io",)

    spec: PolicySpec = PolicySpec()

    def limits(self, direction: str) -> bool:
        """Say whether it limits "Ingress" or "Egress" of the pods that it selects."""
        told = self.spec.policy_types
        if told is None:
            return direction == "Ingress" or self.spec.egress is not None
        return direction in told


class Namespace(Record, frozen=True, tag="Namespace"):
    """A namespace."""
