"""Hosts of the outside: Ingresses, Gateway routes, ExternalName; and what has no owner."""

from __future__ import annotations

from refactor.inventory import Service
from refactor.inventory.names import is_ip
from refactor.model import Ambiguous, Resolution, ServiceRef, Target, Unresolved
from refactor.resolve.query import Lookup
from refactor.resolve.words import listed, mapping_line

_OUTSIDE = "if it is an external machine, create a Service without a selector and an EndpointSlice"
_PODS = (
    "export it with pods: `refactor inventory`, or `kubectl get services,endpointslices,pods,...`"
)


def by_route(case: Lookup) -> Resolution | None:
    """Resolve an ingress or gateway host to its one backend, if that was asked for."""
    held = case.inventory.hosts.backends.get(case.host, ())
    backends = [b for b in held if b.dialled in (None, case.query.port)]
    if not backends:
        return None
    routes = listed(sorted({backend.route for backend in backends}))
    chain = (f"{case.query.host} is routed by {routes}",)
    if not case.options.ingress:
        why = f"it is a host of {routes}: scheme, path and TLS may differ behind"
        return Unresolved("outside", why, "`--ingress` takes the Service behind it", chain)
    services = case.inventory.services
    found = {(b.service, _number(services.get(b.service), b.port)) for b in backends}
    if len(found) > 1:
        refs = tuple(sorted({ref for ref, _ in found}, key=str))
        return Ambiguous(refs, mapping_line(case, refs[0]), chain)
    return _behind(case, *found.pop(), chain)


def _behind(
    case: Lookup, ref: ServiceRef, number: int | None, chain: tuple[str, ...]
) -> Resolution:
    service = case.inventory.services.get(ref)
    if service is None or number is None:
        lost = "which is not in the inventory" if service is None else "not to a port it has"
        why = f"it leads to Service {ref}, {lost}"
        return Unresolved("outside", why, mapping_line(case, ref), chain)
    line = f"its backend is port {number} of Service {ref}"
    warnings = ("scheme, path and TLS may differ behind the ingress",)
    return Target(ref, number, "", service.headless, (*chain, line), warnings)


def _number(service: Service | None, port: int | str | None) -> int | None:
    if service is None:
        return None
    numbers = {p.port for p in service.ports if port in (None, p.port, p.name)}
    return numbers.pop() if len(numbers) == 1 else None


def by_alias(case: Lookup) -> Resolution | None:
    """Say which ExternalName Service is an alias of a name of the outside."""
    services = case.inventory.hosts.aliases.get(case.host)
    if not services:
        return None
    refs = sorted((service.ref for service in services), key=str)
    chain = (f"{case.query.host} is the externalName of Service {listed(refs)}",)
    if is_ip(case.host):
        why = "externalName takes DNS names only: as an IP address it leads nowhere"
        return Unresolved("outside", why, _OUTSIDE, chain)
    why = f"it is outside the cluster; ExternalName Service {listed(refs)} is an alias of it"
    return Unresolved("outside", why, mapping_line(case, refs[0]), chain)


def unknown(case: Lookup) -> Unresolved:
    """Say that the address has no owner."""
    if case.inventory.is_empty:
        hint = "give an inventory: -i FILE, from `refactor inventory` or `kubectl get ... -o json`"
        return Unresolved("unknown-address", "there is no inventory to look it up in", hint)
    if case.inventory.unread:
        lacking = listed(f"{u.resource} ({u.reason})" for u in case.inventory.unread.values())
        why = f"no object in the inventory has this address{_node_port(case)}; not read: {lacking}"
        return Unresolved("unknown-address", why, "let it read them, and take it again")
    why = "no object in the inventory has this address"
    if not case.inventory.pods and is_ip(case.host):
        return Unresolved("unknown-address", f"{why}, which holds no pods", _PODS)
    if case.inventory.hosts.was_pod(case.host):
        hint = f"`--history` with a snapshot of its time, or {mapping_line(case, 'NAMESPACE/NAME')}"
        why = f"{why}; it is in the range of the pods, so its pod is gone"
        return Unresolved("unknown-address", why, hint)
    return Unresolved("unknown-address", why, _OUTSIDE)


def _node_port(case: Lookup) -> str:
    """Say whose nodePort is dialled, where the nodes are not known."""
    found = case.inventory.node_ports.get(case.query.port or 0)
    if not found or "nodes" not in case.inventory.unread:
        return ""
    return f", its port is a nodePort of Service {listed(service.ref for service, _ in found)}"
