"""The user's own word, before everything else."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.inventory import Mapping, Pod, Service
from refactor.model import Resolution, ServiceRef, Target, Unresolved
from refactor.resolve.pods import holders
from refactor.resolve.ports import offered, pick
from refactor.resolve.query import Lookup
from refactor.resolve.services import port_tied, same_ports
from refactor.resolve.words import mapping_line, ports_text


def by_mapping(case: Lookup) -> Resolution | None:
    """Resolve what the settings map: with its port first, then on any port."""
    if not case.inventory.mappings:
        return None
    for host in dict.fromkeys((case.query.host, case.host)):
        if mapping := case.inventory.mapping(host, case.query.port):
            return _mapped(case, mapping)
    return None


def _mapped(case: Lookup, mapping: Mapping) -> Resolution:
    """The Service is the user's word; a port they do not give is found as for any address."""
    ref = mapping.ref
    service = case.inventory.services.get(ref)
    chain = (f"the settings map {mapping.address} to Service {ref}",)
    headless = bool(mapping.pod) or (service is not None and service.headless)
    live = [pod for pod in holders(case) if not pod.finished]
    selected = [pod for pod in live if service in case.inventory.selection.services_of(pod)]
    told = () if service is None or selected else tuple(_against(case, ref, live))
    number = mapping.port or case.query.port
    target = Target(ref, number, mapping.pod, headless, chain, warnings=told)
    if mapping.port or headless or service is None:
        return target
    if len(live) == len(selected) == 1:
        return _through(case, service, live[0], target)
    if case.query.port is None or any(p.port == case.query.port for p in service.ports):
        return target
    why = f"the settings map it to Service {ref}, which has no port {case.query.port}"
    return _unfit(case, service, why, chain)


def _against(case: Lookup, ref: ServiceRef, live: list[Pod]) -> Iterator[str]:
    """Warn of what the inventory says against the user's word, which counts all the same."""
    for pod in live[:1]:
        held = f"{case.dialled} is pod {pod.key}, which Service {ref} does not select"
        yield f"the inventory says that {held}; the settings' mapping is believed"


def _through(case: Lookup, service: Service, pod: Pod, target: Target) -> Resolution:
    if case.query.port is None:
        if same_ports(service, pod):
            return target
        why = f"Service {service.ref} maps ports ({ports_text(service)})"
        return Unresolved(
            "open-port" if case.is_open else "no-port", why, "write the port", target.chain
        )
    ports = offered(case, service, pod, case.query.port)
    if not ports:
        why = f"no port of Service {service.ref} leads to port {case.query.port} of pod {pod.key}"
        return _unfit(case, service, why, target.chain)
    port = pick(case, ports)
    if port is None:
        return port_tied(case, service, ports, target.chain)
    line = f"its port {port.port} leads to port {case.query.port} of pod {pod.key}"
    return Target(service.ref, port.port, chain=(*target.chain, line))


def _unfit(case: Lookup, service: Service, why: str, chain: tuple[str, ...]) -> Unresolved:
    hint = mapping_line(case, service.ref, service.ports[0].port if service.ports else None)
    return Unresolved("port-mismatch", why, hint, chain)
