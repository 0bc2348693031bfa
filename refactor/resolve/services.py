"""Which Service stands for a pod: docs/semantics.md, section 3, "Which Service"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec

from refactor.inventory import Pod, Service, ServicePort, target_of
from refactor.inventory.names import is_ip
from refactor.model import Ambiguous, Resolution, Target
from refactor.resolve.pod_port import PodPort
from refactor.resolve.ports import declares, implied_by_key, offered, pick
from refactor.resolve.query import Lookup
from refactor.resolve.words import listed, mapping_line, ports_text, selector_text, selects_line

_OUTWARD = {"NodePort": 1, "LoadBalancer": 2}


def through_service(held: PodPort) -> Resolution:
    """Return what stands for a pod that is like every other of its workload."""
    selecting = held.inventory.selection.services_of(held.pod)
    if not selecting:
        namespace = held.pod.namespace
        return held.saw(f"no Service in namespace {namespace} selects it").missing()
    if held.port is None:
        return _on_any_port(held, selecting)
    offers = {
        service.ref: (service, ports)
        for service in selecting
        if (ports := offered(held.case, service, held.pod, held.port))
    }
    if not offers:
        return _lacking(held, selecting, held.port)
    best = foremost(held.case, [service for service, _ in offers.values()])
    if len(best) > 1:
        return tied(held.case, best, held.chain)
    return _on_port(held, *offers[best[0].ref], held.port)


def foremost(case: Lookup, services: Iterable[Service]) -> list[Service]:
    """Return the Services that nothing beats, in order of their names.

    What is tied by rank is decided by the Service that a pod's DNS record names, or not at all.
    """
    ranked = [(rank(service), service) for service in services]
    if len(ranked) == 1:
        return [ranked[0][1]]
    top = max(order for order, _ in ranked)
    best = [service for order, service in ranked if order == top]
    named = [service for service in best if case.record and service.name == case.record.service]
    return sorted(named or best, key=lambda service: (service.namespace, service.name))


class Rank(NamedTuple):
    """Where a Service stands among those that offer the port: the greater wins."""

    virtual: bool
    inside: int
    pairs: int


def rank(service: Service) -> Rank:
    """Return a Service's rank: a cluster IP first, then its type, then its selector."""
    inside = 0 if service.headless else -_OUTWARD.get(service.spec.type, 0)
    return Rank(not service.headless, inside, len(service.selector))


def tied(case: Lookup, services: Sequence[Service], chain: tuple[str, ...]) -> Ambiguous:
    """Return that several Services fit, and what would decide."""
    refs = tuple(service.ref for service in services)
    line = f"nothing decides between Services {listed(refs)}"
    return Ambiguous(refs, mapping_line(case, refs[0]), (*chain, line))


def port_tied(
    case: Lookup, service: Service, ports: Sequence[ServicePort], chain: tuple[str, ...]
) -> Ambiguous:
    """Return that several ports of one Service fit, and what would decide."""
    numbers = sorted({port.port for port in ports})
    line = f"nothing decides between ports {listed(numbers)} of Service {service.ref}"
    remedy = mapping_line(case, service.ref, numbers[0])
    return Ambiguous((service.ref,), remedy, (*chain, line))


def _on_port(
    held: PodPort, service: Service, ports: Sequence[ServicePort], dialled: int
) -> Target | Ambiguous:
    port = pick(held.case, ports) or (ports[0] if service.headless else None)
    if port is None:
        return port_tied(held.case, service, ports, held.chain)
    held = held.saw(selects_line(service, port, dialled))
    number = dialled if service.headless else port.port
    return _target(held, service, number)


def _on_any_port(held: PodPort, selecting: list[Service]) -> Resolution:
    """Without a port a name serves where no port changes on the way, and none is lost."""
    offers = {service.ref: _led_to(service, held.pod) for service in selecting}
    asked = frozenset().union(*offers.values())
    fitting = [
        service
        for service in selecting
        if offers[service.ref] >= asked and (service.headless or same_ports(service, held.pod))
    ]
    if not fitting:
        return _by_key(held, asked) or _without_port(held, selecting, asked)
    best = foremost(held.case, fitting)
    if len(best) > 1:
        return tied(held.case, best, held.chain)
    service = best[0]
    line = f"Service {service.ref} selects {selector_text(service)}; no port changes"
    target = _target(held.saw(line), service, None)
    return msgspec.structs.replace(
        target, warnings=(*target.warnings, *_unlisted(held, service, offers[service.ref]))
    )


def _led_to(service: Service, pod: Pod) -> frozenset[int]:
    """Return the container ports of a pod that a Service leads to."""
    if service.headless and not service.ports:
        return frozenset(port.container_port for port in pod.ports)
    return frozenset(number for port in service.ports if (number := target_of(port, pod)))


def _unlisted(held: PodPort, service: Service, listed_ports: frozenset[int]) -> Iterable[str]:
    """Warn of ports that the pod answers on and the Service does not."""
    more = sorted({port.container_port for port in held.pod.ports} - listed_ports)
    if more and not service.headless:
        told = f"pod {held.pod.key} also declares port {listed(more)}"
        yield f"no port is written, and {told}, which Service {service.ref} does not offer"


def _by_key(held: PodPort, asked: frozenset[int]) -> Resolution | None:
    """Take the port that the key's protocol implies (`REDIS_HOST`: 6379), where one leads there."""
    ports = implied_by_key(held.case) & asked
    if len(ports) != 1:
        return None
    answer = through_service(held._replace(port=next(iter(ports))))
    if isinstance(answer, Target) and answer.port in ports:  # what is not written stays so
        return msgspec.structs.replace(answer, port=None)
    return answer


def _without_port(held: PodPort, selecting: list[Service], asked: frozenset[int]) -> Resolution:
    best = foremost(held.case, selecting)[0]
    why = f"Service {best.ref} maps ports ({ports_text(best)})"
    if best.headless or same_ports(best, held.pod):
        others = listed(sorted(str(service.ref) for service in selecting))
        why = f"Services {others} share ports {listed(sorted(asked))} of the pod between them"
    if held.case.is_open:
        hint = "write the port as a literal"
        return held.refused("open-port", f"{why}, and the port is only known at run time", hint)
    return held.refused(
        "no-port", f"{why}, and {held.case.no_port}", "write the port it connects to"
    )


def same_ports(service: Service, pod: Pod) -> bool:
    """Say whether every port of a Service leads to the container port of the same number."""
    return bool(service.ports) and all(target_of(p, pod) == p.port for p in service.ports)


def _lacking(held: PodPort, selecting: list[Service], port: int) -> Resolution:
    best = min(selecting, key=lambda service: _suits(service, held))
    if declares(held.case, held.pod, port):
        line = f"Service {best.ref} selects it, and has no port that leads to {port}"
        return held.saw(line).missing(best.ref)
    why = f"no container of pod {held.pod.key} declares port {port}, and no Service leads there"
    return held.refused("port-mismatch", why, f"Service {best.ref} has {ports_text(best)}")


def _suits(service: Service, held: PodPort) -> tuple[bool, int, int, bool, str]:
    """Order Services by how well they take another port; what is tied goes by name."""
    virtual, inside, pairs = rank(service)
    own = service.name == held.workload.name
    return not virtual, -inside, -pairs, not own, service.name


def _target(held: PodPort, service: Service, port: int | None) -> Target:
    warnings = tuple(_warnings(held, service))
    return Target(service.ref, port, "", service.headless, held.chain, warnings)


def _warnings(held: PodPort, service: Service) -> Iterable[str]:
    if not held.pod.ready:
        yield f"pod {held.pod.key} is not Ready: the Service may lead nowhere now"
    if service.headless and held.workload.kind != "StatefulSet":
        yield f"headless Service {service.ref} answers with all pods; some clients keep the first"
    if held.workload.kind in ("Job", "CronJob"):
        yield f"pod {held.pod.key} belongs to {held.workload}: it runs once, and is gone then"
    yield from family_warning(held.case, service)


def family_warning(case: Lookup, service: Service) -> Iterable[str]:
    """Warn where a name answers with another family than the address had."""
    family = "IPv6" if ":" in case.host else "IPv4"
    families = service.families
    if families and family not in families and is_ip(case.host):
        yield f"Service {service.ref} answers with {listed(sorted(families))} only"
