"""Names that lead nowhere: what was meant, where it is certain that a Service was."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from refactor.inventory import Inventory
from refactor.model import ServiceRef, Target
from refactor.verify.asked import Asked, Told, either, host_of, ref_of
from refactor.verify.claims import is_claimed
from refactor.verify.model import KnownService
from refactor.verify.names import ALWAYS
from refactor.verify.near import is_numbered, nearest, related
from refactor.verify.places import is_certain, is_slip

_TELLING = 8
"""Letters from which a name of several words is no other word by chance."""


def missing(asked: Asked) -> Told | None:
    """Return the verdict on a name that leads nowhere; None where it may be another cluster's."""
    if asked.name.service == ALWAYS and asked.space in ("", "default"):
        return None
    known = asked.truth.named(asked.name.service, asked.inventory)
    elsewhere = [one for one in known if one.ref.namespace]
    return _elsewhere(asked, elsewhere) if elsewhere else _unknown(asked)


def _elsewhere(asked: Asked, held: Sequence[KnownService]) -> Told | None:
    """Tell of a Service that is in another namespace, where that is no other cluster's."""
    name, spaces = asked.name, sorted({one.ref.namespace for one in held})
    meant = held
    if name.namespace:
        near = nearest(name.namespace, spaces)
        if near:
            meant = [one for one in held if one.ref.namespace == near[0]]
        elif not _is_ours(asked, name.namespace):
            return None
        why = f"Service {name.service} is in {either(spaces)}, not in {name.namespace}"
    elif asked.reader.workload is None or not is_certain(asked.finding):
        return None
    else:
        why = (
            f"{asked.reader} looks {name.service} up in {asked.space}; "
            f"the Service is in {either(spaces)}"
        )
    refs = {one.ref for one in meant}
    one = meant[0]
    fits = asked.finding.port is None or any(p.number == asked.finding.port for p in one.ports)
    if len(refs) > 1 or not fits or asked.in_chart:
        options = " or ".join(f"{name.service}.{space}" for space in spaces)
        return Told("wrong-namespace", why, f"write the namespace that is meant: {options}")
    host = host_of(asked, one.ref.namespace)
    fix = Target(one.ref, asked.finding.port, name.pod, one.headless, (why,))
    return Told("wrong-namespace", why, f"write {host}", one.ref, fix, host)


def astray(asked: Asked, found: Sequence[KnownService]) -> Told | None:
    """Return the verdict on a namespace that is a slip of the one that has the Service.

    A manifest that says no namespace may be deployed to any.
    """
    space = asked.name.namespace
    if not space or any(one.ref.namespace for one in found) or _is_ours(asked, space):
        return None
    known = asked.truth.named(asked.name.service, asked.inventory)
    spaces = {one.ref.namespace for one in known} - {""}
    if nearest(space, spaces):
        return _elsewhere(asked, [one for one in known if one.ref.namespace])
    made = asked.truth.made_spaces
    near = nearest(space, made) if space not in made else []
    if not near:
        return None
    why = f"no namespace {space} is known; {near[0]} is one of the repository's"
    host = host_of(asked, near[0])
    return Told("wrong-namespace", why, f"write {host}", ref_of(asked, found[0]))


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
    if _is_pod(asked):
        return None
    slips = [one for other in nearest(name.service, _names(asked)) for one in _of(asked, other)]
    meant = slips[0].ref.name if slips else ""
    if name.service in truth.claims.aliases or is_claimed(name.service, truth.claims.names, meant):
        return None
    if slips and is_slip(asked.finding, composed=bool(truth.claims.composed)):
        return _told(asked, slips)
    if _is_fitting(asked, slips):
        return _told(asked, slips)
    if name.namespace and not _is_ours(asked, name.namespace):
        return None
    if not name.namespace and (asked.in_chart or not is_certain(asked.finding)):
        return None
    if past := _past(asked):
        why = f"Service {past} was in an earlier inventory and is gone"
        return Told("no-such-service", why, _instead(slips or _grown(asked)))
    like = slips or _grown(asked)
    whole = name.namespace and _is_whole(asked.inventory)
    return _told(asked, like) if like or whole else None


def _is_pod(asked: Asked) -> bool:
    """Whether a bare name is a pod's own, as programs of one StatefulSet call each other."""
    workload, _, ordinal = asked.name.service.rpartition("-")
    if asked.finding.port is not None or not ordinal.isdecimal():
        return False
    made = asked.truth.workloads(asked.inventory)
    return any((one.kind, one.name) == ("StatefulSet", workload) for one in made)


def _is_fitting(asked: Asked, slips: Sequence[KnownService]) -> bool:
    """Whether the Service that is meant has the port, and the place or the name leaves no doubt."""
    finding, reader, name = asked.finding, asked.reader, asked.name.service
    if all(is_numbered(name, one.ref.name) for one in slips):
        return False
    inside = asked.in_chart or reader.workload is not None or bool(reader.installation)
    telling = "-" in name and len(name) >= _TELLING
    if finding.form == "bare" and finding.port is None:
        return telling
    fits = any(p.number == finding.port for one in slips for p in one.ports)
    written = finding.port_from in ("written", "sibling")
    return fits and (inside or (telling and written))


def _told(asked: Asked, like: Iterable[KnownService]) -> Told:
    where = f" in namespace {asked.space}" if asked.space else ""
    why = f"no Service {asked.name.service} is known{where}"
    return Told("no-such-service", why, _instead(like))


def _names(asked: Asked) -> frozenset[str]:
    return asked.truth.names(asked.inventory)


def _past(asked: Asked) -> ServiceRef | None:
    name = asked.name.service
    found = (ref for past in asked.inventory.past for ref in past.services if ref.name == name)
    return next((ref for ref in found if asked.space in ("", ref.namespace)), None)


def _grown(asked: Asked) -> list[KnownService]:
    """Return the Services whose new name contains the old one; they have the same port."""
    port = asked.finding.port
    others = related(asked.name.service, _names(asked))
    grown = (one for other in others for one in _of(asked, other))
    return [one for one in grown if any(p.number == port for p in one.ports)]


def _of(asked: Asked, name: str) -> list[KnownService]:
    known = asked.truth.named(name, asked.inventory)
    return [one for one in known if asked.space in ("", one.ref.namespace) or not one.ref.namespace]


def _instead(like: Iterable[KnownService]) -> str:
    names = list(dict.fromkeys(one.ref.name for one in like))[:3]
    if not names:
        return "deploy the Service, or write the name of one that exists"
    return f"did you mean {either(names)}?"
