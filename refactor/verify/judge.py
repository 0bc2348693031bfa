"""The verdict on one name for one reader: each question in its order, the first that fails tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from refactor.addresses import protocol
from refactor.inventory import Inventory
from refactor.model import Finding, ServiceRef, Target
from refactor.repository.consumers import without_names
from refactor.repository.model import Reader
from refactor.verify.model import Known, Name, Offered, Verdict
from refactor.verify.near import allowed, distance, nearest, related
from refactor.verify.places import is_certain
from refactor.verify.policies import Dialled, Pods, blocking
from refactor.verify.truth import Truth, unclaimed


class Told(NamedTuple):
    """A verdict for one reader; see `Verified`."""

    verdict: Verdict
    why: str = ""
    remedy: str = ""
    service: ServiceRef | None = None
    fix: Target | None = None
    host: str = ""


class Asked(NamedTuple):
    """A name, who reads it, and what it is looked up in.

    Attributes:
        finding: the name in its place.
        name: its parts.
        reader: who reads it.
        space: the namespace in which it is looked up; "" where that is not known.
        inventory: of the file's cluster.
        truth: what exists.
        domain: the cluster's.
        in_chart: whether Helm may make another name of the text.
    """

    finding: Finding
    name: Name
    reader: Reader
    space: str
    inventory: Inventory
    truth: Truth
    domain: str
    in_chart: bool


def judge(asked: Asked) -> Told | None:
    """Return the verdict; None where nothing can be said."""
    found = _at(asked, asked.space)
    if not found:
        return _missing(asked)
    service = found[0]
    steps = (_domain, _network, _alias, _port, _ready, _policy)
    told = (step(asked, found) for step in steps)
    return next((one for one in told if one), Told("ok", service=_ref(asked, service)))


def _at(asked: Asked, space: str) -> list[Known]:
    """Return the Services that a name means; the repository's own words outrank what runs."""
    known = asked.truth.named(asked.name.service, asked.inventory)
    return [one for one in known if not space or one.ref.namespace in ("", space)]


def _ref(asked: Asked, service: Known) -> ServiceRef:
    return ServiceRef(service.ref.namespace or asked.space, service.ref.name)


# What is not there.


def _missing(asked: Asked) -> Told | None:
    known = asked.truth.named(asked.name.service, asked.inventory)
    elsewhere = [one for one in known if one.ref.namespace]
    return _elsewhere(asked, elsewhere) if elsewhere else _unknown(asked)


def _elsewhere(asked: Asked, held: Sequence[Known]) -> Told | None:
    """Tell of a Service that is in another namespace, where that is no other cluster's."""
    name, spaces = asked.name, sorted({one.ref.namespace for one in held})
    meant = held
    if name.namespace:
        near = nearest(name.namespace, spaces)
        if near:
            meant = [one for one in held if one.ref.namespace == near[0]]
        elif not _is_ours(asked, name.namespace):
            return None
        why = f"Service {name.service} is in {_or(spaces)}, not in {name.namespace}"
    elif asked.reader.workload is None or not is_certain(asked.finding):
        return None
    else:
        why = (
            f"{asked.reader} looks {name.service} up in {asked.space}; "
            f"the Service is in {_or(spaces)}"
        )
    refs = {one.ref for one in meant}
    one = meant[0]
    fits = asked.finding.port is None or any(p.number == asked.finding.port for p in one.ports)
    if len(refs) > 1 or not fits or asked.in_chart:
        options = " or ".join(f"{name.service}.{space}" for space in spaces)
        return Told("wrong-namespace", why, f"write the namespace that is meant: {options}")
    host = _host(asked, one.ref.namespace)
    fix = Target(one.ref, asked.finding.port, name.pod, one.headless, (why,))
    return Told("wrong-namespace", why, f"write {host}", one.ref, fix, host)


def _is_ours(asked: Asked, space: str) -> bool:
    """Whether a namespace is one of which all Services are known."""
    if _is_whole(asked.inventory):
        return True
    return space in asked.truth.spaces(asked.inventory)


def _is_whole(inventory: Inventory) -> bool:
    """Whether the inventory is of a whole cluster, as far as it says."""
    shots = inventory.snapshots
    return bool(inventory.services) and bool(shots) and not any(one.namespaces for one in shots)


def _unknown(asked: Asked) -> Told | None:
    """Tell of a name that no Service has, where it is certain that a Service is meant."""
    name, truth = asked.name, asked.truth
    if name.service in truth.aliases or not unclaimed(name.service, truth.claims):
        return None
    if not name.namespace and (asked.in_chart or not is_certain(asked.finding)):
        return None
    if name.namespace and not _is_ours(asked, name.namespace):
        return None
    if past := _past(asked):
        why = f"Service {past} was in an earlier inventory and is gone"
        return Told("no-such-service", why, _instead(_like(asked)))
    like = _like(asked)
    whole = name.namespace and _is_whole(asked.inventory)
    if not like and not whole:
        return None
    where = f" in namespace {asked.space}" if asked.space else ""
    return Told("no-such-service", f"no Service {name.service} is known{where}", _instead(like))


def _past(asked: Asked) -> ServiceRef | None:
    name = asked.name.service
    found = (ref for past in asked.inventory.past for ref in past.services if ref.name == name)
    return next((ref for ref in found if asked.space in ("", ref.namespace)), None)


def _like(asked: Asked) -> list[Known]:
    """Return the Services whose name a wrong one resembles; a new name needs the same port."""
    truth, inventory, name = asked.truth, asked.inventory, asked.name.service
    names = truth.names(inventory)
    near = [one for other in nearest(name, names) for one in _of(asked, other)]
    if near:
        return near
    port = asked.finding.port
    grown = (one for other in related(name, names) for one in _of(asked, other))
    return [one for one in grown if any(p.number == port for p in one.ports)]


def _of(asked: Asked, name: str) -> list[Known]:
    known = asked.truth.named(name, asked.inventory)
    return [one for one in known if asked.space in ("", one.ref.namespace) or not one.ref.namespace]


def _instead(like: Iterable[Known]) -> str:
    names = list(dict.fromkeys(one.ref.name for one in like))[:3]
    if not names:
        return "deploy the Service, or write the name of one that exists"
    return f"did you mean {_or(names)}?"


# What is there, and does not answer.


def _domain(asked: Asked, found: Sequence[Known]) -> Told | None:
    name, domain = asked.name, asked.domain
    if not name.domain or name.domain == domain:
        return None
    slip = distance(name.domain, domain) <= allowed(domain) or domain.startswith(f"{name.domain}.")
    stated = name.domain == "cluster.local"
    if not slip and not stated:
        return None  # another cluster's
    why = f"the cluster's domain is {domain}, not {name.domain}"
    host = _host(asked, name.namespace, domain)
    ref = _ref(asked, found[0])
    fix = Target(ref, asked.finding.port, name.pod, found[0].headless, (why,))
    return Told("wrong-cluster-domain", why, f"write {host}", ref, fix, host)


def _network(asked: Asked, found: Sequence[Known]) -> Told | None:
    reader = asked.reader
    refused = without_names(host_network=reader.network == "host", dns_policy=reader.dns_policy)
    if not refused:
        return None
    remedy = "set dnsPolicy: ClusterFirstWithHostNet"
    why = f"{reader}: {refused[1]}"
    return Told("unresolvable-from-host-network", why, remedy, _ref(asked, found[0]))


def _alias(asked: Asked, found: Sequence[Known]) -> Told | None:
    if not all(one.external for one in found):
        return None
    why = f"an alias of {found[0].external}, which is outside the cluster"
    return Told("external-name", why, service=_ref(asked, found[0]))


def _port(asked: Asked, found: Sequence[Known]) -> Told | None:
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
    fits = [one for one in ports if one.number == number]
    if any(one.protocol == protocol(spoken) for one in fits) or (fits and not spoken):
        return None
    return _no_port(asked, held, ports, number)


def _named_port(asked: Asked, held: Sequence[Known], ports: Sequence[Offered]) -> Told | None:
    if not ports or any(one.name == asked.name.port for one in ports):
        return None
    names = sorted({one.name for one in ports if one.name})
    why = f"Service {held[0].ref.name} has no port named {asked.name.port}"
    remedy = f"did you mean {_or(names)}?" if names else "name the Service's port"
    return Told("no-such-port", why, remedy, _ref(asked, held[0]))


def _no_port(
    asked: Asked, held: Sequence[Known], ports: Sequence[Offered], number: int
) -> Told | None:
    ref = _ref(asked, held[0])
    numbers = sorted({one.number for one in ports})
    why = f"Service {ref.name} offers {_and(numbers)}, not {number}"
    meant = {one.number for one in ports if number in _goals(asked, held, one)}
    if not meant and len(numbers) == 1:
        meant = set(numbers)
    if len(meant) != 1:
        return Told("no-such-port", why, f"dial one of {_and(numbers)}", ref)
    new = meant.pop()
    sure = asked.finding.port_from in ("written", "sibling") and not asked.in_chart
    fix = Target(ref, new, asked.name.pod, chain=(why,)) if sure else None
    return Told("no-such-port", why, f"dial {new}", ref, fix)


def _headless(
    asked: Asked, held: Sequence[Known], ports: Sequence[Offered], number: int
) -> Told | None:
    """A headless name answers with pods' addresses, where no port is mapped."""
    if any(number in _goals(asked, held, one) for one in ports):
        return None
    goals = [(one, _goals(asked, held, one)) for one in ports if one.number == number]
    mapped = {goal for _, found in goals for goal in found}
    if len(mapped) != 1:
        return None
    new = mapped.pop()
    ref = _ref(asked, held[0])
    why = f"Service {ref.name} is headless, and its pods listen on {new}, not on {number}"
    fix = Target(ref, new, asked.name.pod, headless=True, chain=(why,))
    return Told("headless-needs-pod-port", why, f"dial {new}", ref, fix)


def _goals(asked: Asked, held: Sequence[Known], port: Offered) -> frozenset[int]:
    """Return the container ports that a Service's port leads to."""
    if isinstance(port.target, int):
        return frozenset((port.target,))
    behind = (pods for one in held for pods in asked.truth.behind(one, asked.inventory))
    found = (pods.ports.get(port.target) for pods in behind)
    return frozenset(port.containers) | {number for number in found if number}


def _ready(asked: Asked, found: Sequence[Known]) -> Told | None:
    live = [one for one in found if one.live]
    if not live or any(one.pods is not False for one in live):
        return None
    ref = live[0].ref
    why = f"no ready pod is behind Service {ref}"
    return Told(
        "no-endpoints", why, "start its workload, or compare its selector with the pods'", ref
    )


def _policy(asked: Asked, found: Sequence[Known]) -> Told | None:
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
    return Told("policy-blocks", str(told[0]), remedy, _ref(asked, found[0]))


def _host(asked: Asked, space: str, domain: str = "") -> str:
    """Return a name in the form in which it is written, with another namespace or domain."""
    name = asked.name
    parts = [f"_{name.port}", "_tcp"] if name.port else []
    parts += [name.pod] if name.pod else []
    parts += [name.service, space]
    if name.svc or not name.namespace:
        parts.append("svc")
        parts += [domain or name.domain] if domain or name.domain else []
        parts += [asked.domain] if not name.namespace and not domain else []
    return ".".join(parts)


def _or(words: Iterable[object]) -> str:
    return " or ".join(str(word) for word in words)


def _and(words: Iterable[object]) -> str:
    return ", ".join(str(word) for word in words)
