"""A Service's own addresses: clusterIP, load balancer, externalIP, and nodePort."""

from __future__ import annotations

from collections.abc import Sequence

from refactor.inventory import Service, ServicePort
from refactor.model import Resolution, Target, Unresolved
from refactor.resolve.query import Lookup
from refactor.resolve.services import tied
from refactor.resolve.words import listed, node_line, ports_text, selector_text

_INSIDE = "clients outside the cluster will not resolve this name; keep the address for them"


def by_cluster_ip(case: Lookup) -> Resolution | None:
    """Resolve a clusterIP."""
    services = case.inventory.hosts.cluster_ips.get(case.host, [])
    return _own(case, services, "the clusterIP", ()) if services else None


def by_outer_address(case: Lookup) -> Resolution | None:
    """Resolve a load balancer's address or name, or an externalIP; Services may share one."""
    services = case.inventory.hosts.outer.get(case.host, [])
    if not services or (case.query.port is None and case.host in case.inventory.hosts.nodes):
        return None
    return _own(case, services, "an address of the load balancer", (_INSIDE,))


def _own(
    case: Lookup, services: Sequence[Service], what: str, warnings: tuple[str, ...]
) -> Resolution:
    services = sorted(services, key=lambda service: (service.namespace, service.name))
    fitting = [service for service in services if _takes(case, service)]
    said = f"{case.query.host} is {what} of Service"
    if len(fitting) > 1:
        return tied(case, fitting, (f"{said}s {listed(s.ref for s in fitting)}",))
    if fitting:
        service = fitting[0]
        chain = (_line(said, service),)
        return Target(service.ref, case.query.port, chain=chain, warnings=warnings)
    refs = listed(service.ref for service in services)
    why = f"{what} of Service {refs} has no port {case.query.port}"
    hint = f"its ports: {listed(ports_text(service) for service in services)}"
    return Unresolved("port-mismatch", why, hint, (f"{said} {refs}",))


def _line(said: str, service: Service) -> str:
    selects = f"selects {selector_text(service)}" if service.selector else "has no selector"
    return f"{said} {service.ref}, which {selects}"


def _takes(case: Lookup, service: Service) -> bool:
    port = case.query.port
    return port is None or any(p.port == port and case.speaks(p.protocol) for p in service.ports)


def by_node_port(case: Lookup) -> Resolution | None:
    """Resolve a nodePort of any node."""
    nodes = case.inventory.hosts.nodes.get(case.host)
    if not nodes or case.query.port is None:
        return None
    found = [
        (service, port)
        for service, port in case.inventory.node_ports.get(case.query.port, ())
        if case.speaks(port.protocol)
    ]
    found = [pair for pair in found if pair[1].protocol == "TCP"] or found
    if not found:
        return None
    if len({service.ref for service, _ in found}) > 1:
        ordered = sorted(
            (s for s, _ in found), key=lambda service: (service.namespace, service.name)
        )
        return tied(case, ordered, (node_line(case, nodes),))
    return _on_node_port(case, nodes, *found[0])


def _on_node_port(case: Lookup, nodes: list[str], service: Service, port: ServicePort) -> Target:
    mapped = f"nodePort {port.node_port} is port {port.port} of Service {service.ref}"
    return Target(
        service.ref, port.port, chain=(node_line(case, nodes), mapped), warnings=(_INSIDE,)
    )
