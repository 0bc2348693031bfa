"""The verdict on one name for one reader: the first question that fails decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from refactor.addresses import protocol
from refactor.model import Target
from refactor.repository.consumers import without_names
from refactor.verify.asked import Asked, Told, at, either, host_of, listed, ref_of
from refactor.verify.missing import astray, missing
from refactor.verify.model import KnownService, Offered
from refactor.verify.near import allowed, distance
from refactor.verify.policies import Dialled, Pods, blocking

_Step: TypeAlias = Callable[[Asked, Sequence[KnownService]], Told | None]


def judge(asked: Asked) -> Told | None:
    """Return the verdict; None where nothing can be said."""
    if _is_elsewhere(asked):
        return None
    found = at(asked, asked.space)
    if not found:
        return missing(asked)
    if told := astray(asked, found):
        return told
    service = found[0]
    steps: tuple[_Step, ...] = (_domain, _network, _alias, _port, _ready, _policy)
    answers = (step(asked, found) for step in steps)
    return next((one for one in answers if one), Told("ok", service=ref_of(asked, service)))


def _is_elsewhere(asked: Asked) -> bool:
    """Whether a name ends in the domain of another cluster."""
    said, ours = asked.name.domain, asked.domain
    if said in ("", ours, "cluster.local"):
        return False
    return distance(said, ours) > allowed(ours) and not ours.startswith(f"{said}.")


def _domain(asked: Asked, found: Sequence[KnownService]) -> Told | None:
    name, domain = asked.name, asked.domain
    if not name.domain or name.domain == domain:
        return None
    why = f"the cluster's domain is {domain}, not {name.domain}"
    host = host_of(asked, name.namespace, domain)
    ref = ref_of(asked, found[0])
    fix = Target(ref, asked.finding.port, name.pod, found[0].headless, (why,))
    return Told("wrong-cluster-domain", why, f"write {host}", ref, fix, host)


def _network(asked: Asked, found: Sequence[KnownService]) -> Told | None:
    reader = asked.reader
    refused = without_names(host_network=reader.network == "host", dns_policy=reader.dns_policy)
    if not refused:
        return None
    remedy = "set dnsPolicy: ClusterFirstWithHostNet"
    why = f"{reader}: {refused[1]}"
    return Told("unresolvable-from-host-network", why, remedy, ref_of(asked, found[0]))


def _alias(asked: Asked, found: Sequence[KnownService]) -> Told | None:
    if not all(one.external for one in found):
        return None
    why = f"an alias of {found[0].external}, which is outside the cluster"
    return Told("external-name", why, service=ref_of(asked, found[0]))


def _port(asked: Asked, found: Sequence[KnownService]) -> Told | None:
    own = [one for one in found if not one.live and not one.source.startswith("chart ")]
    held = [one for one in own or found if not one.external]
    ports = [port for one in held for port in one.ports]
    if asked.name.port:
        return _named_port(asked, held, ports)
    number, spoken = asked.finding.port, asked.finding.scheme
    written = asked.finding.port_from in ("written", "sibling")
    if number is None or not ports or not (written or spoken in ("http", "https")):
        return None
    if any(one.headless for one in held):
        return _headless(asked, held, ports, number)
    if not written and len({one.number for one in ports}) > 1:
        return None  # a client may know a port of its own
    fits = [one for one in ports if one.number == number]
    if any(one.protocol == protocol(spoken) for one in fits) or (fits and not spoken):
        return None
    return _no_port(asked, held, ports, number)


def _named_port(
    asked: Asked, held: Sequence[KnownService], ports: Sequence[Offered]
) -> Told | None:
    if not ports or any(one.name == asked.name.port for one in ports):
        return None
    names = sorted({one.name for one in ports if one.name})
    why = f"Service {held[0].ref.name} has no port named {asked.name.port}"
    remedy = f"did you mean {either(names)}?" if names else "name the Service's port"
    return Told("no-such-port", why, remedy, ref_of(asked, held[0]))


def _no_port(
    asked: Asked, held: Sequence[KnownService], ports: Sequence[Offered], number: int
) -> Told | None:
    ref = ref_of(asked, held[0])
    numbers = sorted({one.number for one in ports})
    why = f"Service {ref.name} offers {listed(numbers)}, not {number}"
    meant = {one.number for one in ports if number in _goals(asked, held, one)}
    if not meant and len(numbers) == 1:
        meant = set(numbers)
    if len(meant) != 1:
        return Told("no-such-port", why, f"dial one of {listed(numbers)}", ref)
    new = meant.pop()
    sure = asked.finding.port_from in ("written", "sibling") and not asked.in_chart
    fix = Target(ref, new, asked.name.pod, chain=(why,)) if sure else None
    return Told("no-such-port", why, f"dial {new}", ref, fix)


def _headless(
    asked: Asked, held: Sequence[KnownService], ports: Sequence[Offered], number: int
) -> Told | None:
    """A headless name answers with pods' addresses, where no port is mapped."""
    if any(number in _goals(asked, held, one) for one in ports):
        return None
    if _is_peer(asked, held):
        return None  # what its own pods listen on need not be declared
    goals = [(one, _goals(asked, held, one)) for one in ports if one.number == number]
    mapped = {goal for _, found in goals for goal in found}
    if not goals:
        written = asked.finding.port_from in ("written", "sibling")
        return _undeclared(asked, held, number) if written else None
    if len(mapped) != 1:
        return None
    new = mapped.pop()
    ref = ref_of(asked, held[0])
    why = f"Service {ref.name} is headless, and its pods listen on {new}, not on {number}"
    fix = Target(ref, new, asked.name.pod, headless=True, chain=(why,))
    return Told("headless-needs-pod-port", why, f"dial {new}", ref, fix)


def _is_peer(asked: Asked, held: Sequence[KnownService]) -> bool:
    """Whether a Service's own pods are what dials it."""
    ref = asked.reader.workload
    own = asked.truth.reading(ref, asked.inventory) if ref else None
    return any(own in asked.truth.behind(one, asked.inventory) for one in held if own)


def _undeclared(asked: Asked, held: Sequence[KnownService], number: int) -> Told | None:
    """A port that neither a headless Service nor any of its pods declares."""
    behind = [pods for one in held for pods in asked.truth.behind(one, asked.inventory)]
    declared = {one for pods in behind for one in pods.numbers}
    if number in declared or not all(pods.numbers for pods in behind) or not behind:
        return None
    ref, ports = ref_of(asked, held[0]), listed(sorted(declared))
    why = f"neither Service {ref.name} nor its pods have port {number}"
    return Told("no-such-port", why, f"dial one of {ports}", ref)


def _goals(asked: Asked, held: Sequence[KnownService], port: Offered) -> frozenset[int]:
    """Return the container ports that a Service's port leads to."""
    if isinstance(port.target, int):
        return frozenset((port.target,))
    behind = (pods for one in held for pods in asked.truth.behind(one, asked.inventory))
    found = (pods.ports.get(port.target) for pods in behind)
    return frozenset(port.containers) | {number for number in found if number}


def _ready(_: Asked, found: Sequence[KnownService]) -> Told | None:
    live = [one for one in found if one.live]
    if not live or any(one.pods is not False for one in live):
        return None
    ref = live[0].ref
    why = f"no ready pod is behind Service {ref}"
    return Told(
        "no-endpoints", why, "start its workload, or compare its selector with the pods'", ref
    )


def _policy(asked: Asked, found: Sequence[KnownService]) -> Told | None:
    policies = asked.truth.policies(asked.inventory)
    reader, number = asked.reader.workload, asked.finding.port
    space = found[0].ref.namespace
    if not policies or reader is None or not reader.namespace or not space:
        return None
    caller = asked.truth.reading(reader, asked.inventory)
    behind = asked.truth.behind(found[0], asked.inventory)
    if caller is None or not behind or any(one.namespace != space for one in behind):
        return None
    offered = [one for one in found[0].ports if one.number == number]
    goals = _goals(asked, found[:1], offered[0]) if offered else frozenset()
    dialled = Dialled(
        min(goals) if len(goals) == 1 else None, offered[0].protocol if offered else "TCP"
    )
    spaces = getattr(asked.inventory.objects, "namespaces", {})
    here = Pods(reader.namespace, caller.labels, spaces.get(reader.namespace), caller.ports)
    told = [
        blocking(policies, here, Pods(space, one.labels, spaces.get(space), one.ports), dialled)
        for one in behind
    ]
    if not all(told):
        return None
    remedy = f"add a rule that lets {reader} through, or do not dial it"
    return Told("policy-blocks", str(told[0]), remedy, ref_of(asked, found[0]))
