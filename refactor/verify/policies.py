"""Whether a NetworkPolicy forbids a connection; what cannot be decided forbids nothing.

Source: Kubernetes API, NetworkPolicy: policies only add up, a pod that none selects is open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from refactor.inventory.parts import LabelSelector, Requirement
from refactor.inventory.policies import NetworkPolicy, Peer, PolicyPort

Maybe: TypeAlias = bool | None
"""True, False, or None for what is not known."""
_NAME = "kubernetes.io/metadata.name"


class Pods(NamedTuple):
    """The pods at one end of a connection.

    Attributes:
        namespace: theirs.
        labels: theirs.
        space_labels: of their namespace; None where they are not known.
        ports: numbers of container ports by name.
    """

    namespace: str
    labels: Mapping[str, str]
    space_labels: Mapping[str, str] | None = None
    ports: Mapping[str, int] = {}


class Dialled(NamedTuple):
    """The container port that a connection goes to; None where it is not known."""

    port: int | None
    protocol: str = "TCP"


def blocking(
    policies: Iterable[NetworkPolicy], caller: Pods, callee: Pods, port: Dialled
) -> str | None:
    """Return the policies that forbid a connection, in words; None where none is known to."""
    held = list(policies)
    for direction, here, there in (("Ingress", callee, caller), ("Egress", caller, callee)):
        limiting = [
            policy
            for policy in held
            if policy.namespace == here.namespace
            and policy.limits(direction)
            and selects(policy.spec.pod_selector, here.labels)
        ]
        answers = [_lets(policy, direction, there, callee, port) for policy in limiting]
        if limiting and all(answer is False for answer in answers):
            names = ", ".join(f"{one.namespace}/{one.name}" for one in limiting)
            side = "into" if direction == "Ingress" else "out of"
            rule = _rule(limiting[0], direction)
            return f"NetworkPolicy {names} limits connections {side} these pods: {rule}"
    return None


def _rule(policy: NetworkPolicy, direction: str) -> str:
    rules = policy.spec.ingress if direction == "Ingress" else policy.spec.egress
    if not rules:
        return f"its {direction.lower()} has no rule, and lets nothing through"
    return f"no rule of its {direction.lower()} lets this one through"


def _lets(policy: NetworkPolicy, direction: str, there: Pods, callee: Pods, port: Dialled) -> Maybe:
    """Say whether a rule of a policy lets a connection through."""
    if direction == "Ingress":
        rules = [(rule.from_, rule.ports) for rule in policy.spec.ingress or ()]
    else:
        rules = [(rule.to, rule.ports) for rule in policy.spec.egress or ()]
    answers = [
        _both(_any_peer(peers, policy.namespace, there), _any_port(ports, callee, port))
        for peers, ports in rules
    ]
    return _any(answers)


def _any_peer(peers: tuple[Peer, ...] | None, home: str, pods: Pods) -> Maybe:
    return _any([_is_peer(peer, home, pods) for peer in peers]) if peers else True


def _is_peer(peer: Peer, home: str, pods: Pods) -> Maybe:
    if peer.ip_block is not None:
        return None  # addresses of pods change
    inside: Maybe = pods.namespace == home
    if peer.namespace_selector is not None:
        inside = _space(peer.namespace_selector, pods)
    alike = peer.pod_selector is None or selects(peer.pod_selector, pods.labels)
    return _both(inside, alike)


def _space(selector: LabelSelector, pods: Pods) -> Maybe:
    labels = {**(pods.space_labels or {}), _NAME: pods.namespace}
    asked = {*(selector.match_labels or ()), *(r.key for r in selector.match_expressions or ())}
    if pods.space_labels is None and asked - {_NAME}:
        return None
    return selects(selector, labels)


def _any_port(ports: tuple[PolicyPort, ...] | None, callee: Pods, dialled: Dialled) -> Maybe:
    return _any([_is_port(one, callee, dialled) for one in ports]) if ports else True


def _is_port(one: PolicyPort, callee: Pods, dialled: Dialled) -> Maybe:
    if one.protocol != dialled.protocol:
        return False
    if one.port is None:
        return True
    if dialled.port is None:
        return None
    if isinstance(one.port, str) and not one.port.isdecimal():
        number = callee.ports.get(one.port)
        return None if number is None else number == dialled.port
    return int(one.port) <= dialled.port <= (one.end_port or int(one.port))


def selects(selector: LabelSelector, labels: Mapping[str, str]) -> bool:
    """Say whether labels fit a selector; an empty one fits all."""
    wanted = (selector.match_labels or {}).items() <= labels.items()
    return wanted and all(_fits(one, labels) for one in selector.match_expressions or ())


def _fits(one: Requirement, labels: Mapping[str, str]) -> bool:
    has, values = one.key in labels, one.values or ()
    if one.operator == "In":
        return has and labels[one.key] in values
    if one.operator == "NotIn":
        return not has or labels[one.key] not in values
    return has if one.operator == "Exists" else not has


def _any(answers: Iterable[Maybe]) -> Maybe:
    told = list(answers)
    return True if True in told else None if None in told else False


def _both(one: Maybe, other: Maybe) -> Maybe:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True
