"""The whole chain of a resolution, in lines: whose address it is, and why this Service."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.inventory import Inventory, Pod, Service
from refactor.model import Ambiguous, MissingService, Resolution, ServiceRef, Target, Unresolved
from refactor.resolve import Lookup, Options, Query, case_of, resolve
from refactor.resolve.nodes import listeners
from refactor.resolve.pods import holders
from refactor.resolve.ports import offered
from refactor.resolve.services import rank
from refactor.resolve.words import listed, mapping_line, ports_text, selector_text

_SELECTING = 50  # Services shown that select the pod, and
_STRANGERS = 10  # that do not
_DEFAULT = Options()


def explain(query: Query, inventory: Inventory, options: Options = _DEFAULT) -> tuple[str, ...]:
    """Return why an address resolves as it does, for people."""
    return tuple(_lines(case_of(query, inventory, options)))


def _lines(case: Lookup) -> Iterator[str]:
    answer = resolve(case.query, case.inventory, case.options)
    yield _question(case)
    yield from (f"  {line}" for line in answer.chain)
    for pod, port in _pods(case):
        yield from (f"  {line}" for line in _about(pod))
        yield from (f"  {line}" for line in _considered(case, pod, port, answer))
    yield from _verdict(case, answer)


def _question(case: Lookup) -> str:
    query = case.query
    told = [f"{query.scheme}://"] * bool(query.scheme)
    told += [f"port {query.port_from}"] * (query.port_from not in ("none", "written"))
    told += [f"dialled from namespace {query.namespace}"] * bool(query.namespace)
    return f"{case.dialled} ({', '.join(told)})" if told else case.dialled


def _pods(case: Lookup) -> list[tuple[Pod, int | None]]:
    """The pods the address may stand for, each with its container port."""
    own = [(pod, case.query.port) for pod in holders(case) if not pod.finished]
    on_node = listeners(case, case.query.port) if case.query.port and not own else []
    return sorted([*own, *on_node], key=lambda found: found[0].key)


def _about(pod: Pod) -> Iterator[str]:
    labels = ", ".join(f"{key}={value}" for key, value in sorted(pod.labels.items()))
    ports = ", ".join(
        f"{port.container_port}/{port.protocol}" + (f" ({port.name})" if port.name else "")
        for port in pod.ports
    )
    yield f"pod {pod.key}: labels {labels or 'none'}; container ports {ports or 'none'}"


def _considered(case: Lookup, pod: Pod, port: int | None, answer: Resolution) -> Iterator[str]:
    """The Services of the pod's namespace, those that select it first."""
    selecting = sorted(
        case.inventory.selection.services_of(pod),
        key=lambda service: (*(-int(part) for part in rank(service)), service.name),
    )
    for service in selecting[:_SELECTING]:
        kind = "headless" if service.headless else service.spec.type
        facts = f"{kind}; {selector_text(service)}; ports {ports_text(service)}"
        yield f"Service {service.ref} ({facts}): {_standing(case, pod, port, service, answer)}"
    if len(selecting) > _SELECTING:
        yield f"and {len(selecting) - _SELECTING} more Services that select it"
    chosen = {service.name for service in selecting}
    yield from _strangers(case, pod, chosen)


def _strangers(case: Lookup, pod: Pod, chosen: set[str]) -> Iterator[str]:
    others = sorted(
        service.name
        for ref, service in case.inventory.services.items()
        if ref.namespace == pod.namespace and service.name not in chosen
    )
    for name in others[:_STRANGERS]:
        service = case.inventory.services[ServiceRef(pod.namespace, name)]
        yield f"Service {service.ref}: {_stranger(service, pod)}"
    if len(others) > _STRANGERS:
        yield f"and {len(others) - _STRANGERS} more Services that do not select it"


def _stranger(service: Service, pod: Pod) -> str:
    if not service.selector:
        return "has no selector"
    missed = sorted(service.selector.items() - pod.labels.items())
    return f"does not select it, wants {','.join(f'{key}={value}' for key, value in missed)}"


def _standing(
    case: Lookup, pod: Pod, port: int | None, service: Service, answer: Resolution
) -> str:
    """Say why a Service that selects the pod is, or is not, the one."""
    if isinstance(answer, Target) and answer.service == service.ref:
        return "this one"
    if isinstance(answer, Target) and answer.pod:
        return "not its governing Service"
    if port is not None and not offered(case, service, pod, port):
        return f"leads to no port {port}"
    if isinstance(answer, Target):
        winner = case.inventory.services.get(answer.service)
        return _beaten(service, winner) if winner else "selects it"
    if isinstance(answer, Ambiguous):
        return _beaten(service, case.inventory.services[answer.candidates[0]])
    return "selects it"


def _beaten(service: Service, winner: Service) -> str:
    if rank(service) >= rank(winner):
        return "fits as well as others"
    if service.headless and not winner.headless:
        return f"fits, but ClusterIP beats headless ({winner.ref})"
    if rank(service).inside < rank(winner).inside:
        return f"fits, but {winner.spec.type} beats {service.spec.type} ({winner.ref})"
    return f"fits, but a more specific selector wins ({winner.ref})"


def _verdict(case: Lookup, answer: Resolution) -> Iterator[str]:
    match answer:
        case Target(service=service, port=port, pod=pod, warnings=warnings):
            name = f"{pod} under Service {service}" if pod else f"Service {service}"
            yield f"→ {name}{'' if port is None else f', port {port}'}"
            yield from (f"  warning: {warning}" for warning in warnings)
            yield f"  otherwise: {mapping_line(case, 'NAMESPACE/NAME')}"
        case Ambiguous(candidates=candidates, remedy=remedy):
            yield f"→ ambiguous: {listed(candidates)}"
            yield f"  decide it: {remedy}"
        case MissingService(workload=workload, port=port, protocol=protocol, extend=extend):
            told = f"port {port}/{protocol}" if port else "its ports"
            need = f"Service {extend} lacks {told}" if extend else f"no Service for {told}"
            yield f"→ missing-service: {workload}: {need}"
        case Unresolved(reason=reason, why=why, hint=hint):
            yield f"→ {reason}: {why}"
            yield from (f"  {line}" for line in (hint,) if line)
