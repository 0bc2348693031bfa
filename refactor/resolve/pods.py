"""A pod's IP, DNS record or name."""

from __future__ import annotations

from collections.abc import Sequence

from refactor.inventory import Pod
from refactor.inventory.names import is_ip
from refactor.model import Ambiguous, Resolution, Target, Unresolved
from refactor.resolve.identity import by_identity, keeps_identity
from refactor.resolve.pod_port import PodPort
from refactor.resolve.query import Lookup
from refactor.resolve.services import through_service
from refactor.resolve.words import listed, mapping_line, owner_line, pod_line, pod_state

_PER_NODE = ("DaemonSet", "Node")  # a static pod's owner is its Node


def by_pod(case: Lookup) -> Resolution | None:
    """Resolve the address of a pod; None where no pod has it to itself."""
    pods = holders(case)
    if not pods:
        return None
    live = [pod for pod in pods if not pod.finished]
    if not live:
        return _stale(case, pods, f"only finished pods had it: {_shown(pods)}")
    record = case.record
    if record and all(pod.namespace != record.namespace for pod in live):
        why = f"it names namespace {record.namespace}, and {record.ip} is {_shown(live)} now"
        return _stale(case, live, why)
    return among(case, live, case.query.port)


def _shown(pods: Sequence[Pod]) -> str:
    return listed(sorted(f"pod {pod.key} ({pod_state(pod)})" for pod in pods))


def _stale(case: Lookup, pods: Sequence[Pod], why: str) -> Unresolved:
    chain = tuple(pod_line(case, pod) for pod in sorted(pods, key=lambda pod: pod.key)[:10])
    return Unresolved("stale-address", why, "find out what has replaced it", chain)


def contested(case: Lookup) -> Resolution | None:
    """Refuse an address that live objects have at several times; a cluster gives it to one."""
    hosts = case.inventory.hosts
    pods = [pod for pod in hosts.pods.get(case.host, ()) if not pod.finished]
    services = hosts.cluster_ips.get(case.host, ())
    if len(pods) + len(services) < 2:
        return None
    held = [f"Service {service.ref}" for service in services]
    held += [f"pod {pod.key} ({pod_state(pod)})" for pod in pods]
    return _several(case, held)


def holders(case: Lookup) -> Sequence[Pod]:
    """Return the pods, finished ones too, that the host names."""
    hosts = case.inventory.hosts
    if is_ip(case.host):
        return hosts.pods.get(case.host, ())
    first, _, rest = case.host.partition(".")
    pods = hosts.pod_names.get(case.host) or [
        pod for pod in hosts.pod_names.get(first, ()) if rest and _is_under(pod, rest)
    ]
    near = [pod for pod in pods if pod.namespace == case.query.namespace]
    return near or pods


def _is_under(pod: Pod, rest: str) -> bool:
    """Whether `rest` follows a pod's hostname: `subdomain[.namespace[.svc[.domain]]]`."""
    labels = rest.split(".")
    told = (pod.spec.subdomain, pod.namespace, "svc")
    return bool(pod.spec.subdomain) and all(a == b for a, b in zip(labels, told, strict=False))


def among(case: Lookup, pods: Sequence[Pod], port: int | None) -> Resolution:
    """Return what a pod stands for; of several that share an address none does."""
    if len(pods) == 1:
        return stands_for(case, pods[0], port)
    ordered = sorted(pods, key=lambda pod: pod.key)
    held = [f"pod {pod.key} ({pod_state(pod)})" for pod in ordered]
    if is_ip(case.host):
        return _several(case, held)
    answers = [stands_for(case, pod, port) for pod in ordered]
    chain = (f"{case.query.host} names {listed(held)}",)
    services = {answer.service: None for answer in answers if isinstance(answer, Target)}
    if not services:
        hint = mapping_line(case, "NAMESPACE/NAME")
        return Unresolved("ambiguous", "several pods have this name", hint, chain)
    return Ambiguous(tuple(services), mapping_line(case, next(iter(services))), chain)


def _several(case: Lookup, held: list[str]) -> Unresolved:
    names = listed(sorted(held))
    why = f"several objects have it, at several times: {names}"
    chain = (f"{case.query.host} is {names}",)
    return Unresolved("stale-address", why, "export the inventory again", chain)


def stands_for(case: Lookup, pod: Pod, port: int | None) -> Resolution:
    """Return what a pod stands for on one of its ports.

    Args:
        port: its container port, None where it is not known.
    """
    owners = case.inventory.owners_of(pod)
    chain = (pod_line(case, pod), owner_line(owners))
    held = PodPort(case, pod, port, owners[-1], chain)
    if held.workload.kind in _PER_NODE and not case.options.daemonsets:
        node = pod.spec.node_name or pod.status.host_ip or "its node"
        why = f"{held.workload} runs a pod on each node; {pod.key} stands for {node}"
        return held.refused("node-bound", why, "pass `--daemonsets` to use a Service instead")
    if keeps_identity(held):
        return by_identity(held)
    return through_service(held)
