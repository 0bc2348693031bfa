"""An address that a Service lists itself: EndpointSlices and Endpoints."""

from __future__ import annotations

from typing import NamedTuple

from refactor.inventory import Service, ServicePort
from refactor.inventory.endpoints import Endpoint
from refactor.model import Resolution, ServiceRef, Target, Unresolved
from refactor.resolve.ports import pick
from refactor.resolve.query import Lookup
from refactor.resolve.services import family_warning, foremost, port_tied, tied
from refactor.resolve.words import listed, ports_text


class _Entry(NamedTuple):
    """A Service that lists the address, on each of these endpoints."""

    service: Service
    endpoints: list[Endpoint]


def by_endpoint(case: Lookup) -> Resolution | None:
    """Resolve an address of an EndpointSlice without a selector.

    Where the pod behind an address is not in the inventory, the slices that the cluster keeps for
    Services with a selector say as much.
    """
    entries = _entries(case)
    if not entries:
        return None
    fitting = [entry for entry in entries.values() if _ports(case, entry)]
    best = foremost(case, [entry.service for entry in fitting or entries.values()])
    chain = (f"{case.query.host} is an endpoint of Service {listed(s.ref for s in best)}",)
    if case.query.port is not None and not fitting:
        why = f"Service {listed(s.ref for s in best)} leads to no port {case.query.port} there"
        return Unresolved("port-mismatch", why, f"its ports: {ports_text(best[0])}", chain)
    if len(best) > 1:
        return tied(case, best, chain)
    return _target(case, entries[best[0].ref], chain)


def _entries(case: Lookup) -> dict[ServiceRef, _Entry]:
    found: dict[ServiceRef, _Entry] = {}
    for endpoint in case.inventory.hosts.endpoints.get(case.host, ()):
        service = case.inventory.services.get(endpoint.service)
        if service and not service.external and not (service.selector and _is_pods(case)):
            found.setdefault(service.ref, _Entry(service, [])).endpoints.append(endpoint)
    return found


def _is_pods(case: Lookup) -> bool:
    """Whether the inventory has the pods of this address, which then say more than a slice."""
    hosts = case.inventory.hosts
    return case.host in hosts.pods or any(
        hosts.on_node.get(node) for node in hosts.nodes.get(case.host, ())
    )


def _ports(case: Lookup, entry: _Entry) -> tuple[ServicePort, ...]:
    """The Service's ports that lead to the dialled port; they go by the same name."""
    port, service = case.query.port, entry.service
    if service.headless and not service.ports and port is not None:
        return (ServicePort(port),)
    names = {name for name, number in _listening(entry) if number in (None, port)}
    return tuple(p for p in service.ports if p.name in names and case.speaks(p.protocol))


def _listening(entry: _Entry) -> set[tuple[str, int | None]]:
    """The ports of the endpoints, by name and number; None stands for every number."""
    return {(p.name or "", p.port) for endpoint in entry.endpoints for p in endpoint.ports}


def _target(case: Lookup, entry: _Entry, chain: tuple[str, ...]) -> Resolution:
    service = entry.service
    warnings = tuple(family_warning(case, service))
    if service.headless:
        pod = max(e.hostname for e in entry.endpoints) if service.selector else ""
        return Target(service.ref, case.query.port, pod, True, chain, warnings)
    if case.query.port is None:
        return _without_port(case, entry, chain)
    ports = _ports(case, entry)
    port = pick(case, ports)
    if port is None:
        return port_tied(case, service, ports, chain)
    line = f"its port {port.port} leads to port {case.query.port} there"
    return Target(service.ref, port.port, chain=(*chain, line), warnings=warnings)


def _without_port(case: Lookup, entry: _Entry, chain: tuple[str, ...]) -> Resolution:
    service = entry.service
    if service.ports and _listening(entry) == {(p.name, p.port) for p in service.ports}:
        return Target(service.ref, chain=chain)
    why = f"Service {service.ref} maps ports ({ports_text(service)})"
    return Unresolved("open-port" if case.is_open else "no-port", why, "write the port", chain)
