"""A node's address: what listens there, by port (many pods share it)."""

from __future__ import annotations

from collections.abc import Iterable

from refactor.inventory import Pod, target_of
from refactor.model import Reason, Resolution, Unresolved
from refactor.resolve.pods import among
from refactor.resolve.query import Lookup
from refactor.resolve.words import listed, node_line

_ANY = ("", "0.0.0.0", "::")  # noqa: S104 - hostIP's spelling of every address


def by_host_port(case: Lookup) -> Resolution | None:
    """Resolve a node's address with a pod's hostPort, or a port of a pod on its network."""
    nodes = case.inventory.hosts.nodes.get(case.host)
    if not nodes:
        return None
    chain = (node_line(case, nodes),)
    if case.query.port is None:
        reason: Reason = "open-port" if case.is_open else "no-port"
        why = "many programs share a node's address: only a port tells which one is meant"
        return Unresolved(reason, why, "write the port", chain)
    found = listeners(case, case.query.port)
    if not found:
        why = f"node {listed(nodes)} has no nodePort, hostPort or pod known to listen on "
        hint = "it may be the node's own"
        return Unresolved("port-mismatch", f"{why}{case.query.port}", hint, chain)
    return among(case, [pod for pod, _ in found], min(port for _, port in found))


def listeners(case: Lookup, port: int) -> list[tuple[Pod, int]]:
    """Return the pods that listen on a port of the node, each with its container port."""
    nodes, on_node = case.inventory.hosts.nodes, case.inventory.hosts.on_node
    found = {
        pod.key: (pod, inner)
        for node in nodes.get(case.host, ())
        for pod in on_node.get(node, ())
        for inner in _listens(case, pod, port)
    }
    return list(found.values())


def _listens(case: Lookup, pod: Pod, port: int) -> Iterable[int]:
    """Yield the container port that a node's port leads to in a pod."""
    for declared in pod.ports:
        if not case.speaks(declared.protocol):
            continue
        if declared.host_port == port and declared.host_ip in (*_ANY, case.host):
            yield declared.container_port
        elif pod.on_host and declared.container_port == port:
            yield port
    if pod.on_host and _is_targeted(case, pod, port):
        yield port


def _is_targeted(case: Lookup, pod: Pod, port: int) -> bool:
    """Whether a Service sends to this port of the pod, which need not declare it."""
    return any(
        target_of(declared, pod) == port and case.speaks(declared.protocol)
        for service in case.inventory.selection.services_of(pod)
        for declared in service.ports
    )
