"""How evidence and refusals are put."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from refactor.inventory import Pod, Service, ServicePort
from refactor.model import ServiceRef, WorkloadRef
from refactor.resolve.query import Lookup, at

_SHOWN = 10  # of a list of objects, in one line


def pod_state(pod: Pod) -> str:
    """Return a pod's phase, and whether it is not ready."""
    phase = pod.status.phase or "state not known"
    return phase if pod.ready or pod.finished else f"{phase}, not Ready"


def pod_line(case: Lookup, pod: Pod) -> str:
    """Say which pod has the address."""
    if case.host not in case.inventory.hosts.nodes:
        return f"{case.query.host} is pod {pod.key} ({pod_state(pod)})"
    node = pod.spec.node_name or case.host
    return f"{case.dialled} is pod {pod.key} ({pod_state(pod)}) on node {node}"


def node_line(case: Lookup, nodes: Sequence[str]) -> str:
    """Say which node has the address."""
    return f"{case.query.host} is node {listed(nodes)}"


def owner_line(owners: Sequence[WorkloadRef]) -> str:
    """Say what made a pod."""
    if owners[0].kind == "Pod":
        return "owned by nothing"
    inner = [f"{owner.kind} {owner.name}, " for owner in owners[:-1]]
    return f"owned by {''.join(inner)}{owners[-1]}"


def selector_text(service: Service) -> str:
    """Return a selector as kubectl writes it."""
    return ",".join([f"{key}={value}" for key, value in sorted(service.selector.items())])


def port_text(port: ServicePort) -> str:
    """Return a Service's port with what it leads to."""
    target = port.target_port or port.port
    kind = "" if port.protocol == "TCP" else f"/{port.protocol}"
    return f"{port.port}{kind} → {target}" if target != port.port else f"{port.port}{kind}"


def ports_text(service: Service) -> str:
    """Return all ports of a Service."""
    return listed(port_text(port) for port in service.ports) or "none"


def selects_line(service: Service, port: ServicePort, container_port: int) -> str:
    """Say why a Service stands for a pod's port."""
    named = f"targetPort {port.target_port} = " if isinstance(port.target_port, str) else ""
    leads = f"its port {port.port} leads to {named}containerPort {container_port}"
    if service.headless:
        leads = f"headless, so port {container_port} stays"
    return f"Service {service.ref} selects {selector_text(service)}; {leads}"


def listed(items: Iterable[object]) -> str:
    """Return a list for a sentence; of a long one its first ten."""
    all_items = list(items)
    more = f" and {len(all_items) - _SHOWN} more" if len(all_items) > _SHOWN else ""
    return ", ".join(str(item) for item in all_items[:_SHOWN]) + more


def mapping_line(case: Lookup, service: ServiceRef | str, port: int | None = None) -> str:
    """Return the line of the settings that decides what an address stands for."""
    address = at(case.query.host, case.query.port)
    told = f", port: {port}" if port else ""
    return f'settings: mappings: [{{address: "{address}", service: {service}{told}}}]'
