"""Addresses without an owner: what earlier snapshots of the cluster say.

A live owner always wins: this is asked last, and only about what has no owner.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from refactor.inventory import Inventory, Service
from refactor.model import Ambiguous, Resolution, Target, Unresolved
from refactor.resolve.query import Lookup, Query
from refactor.resolve.words import listed, mapping_line, ports_text

Resolve = Callable[[Query, Inventory], Resolution]


def by_history(case: Lookup, resolve: Resolve) -> Resolution | None:
    """Resolve an address by who had it earlier; None where no snapshot knows.

    Owners that followed each other make it ambiguous: nothing says which of them was meant.
    """
    told = [_told(case, past, resolve) for past in case.inventory.past]
    answers = [answer for answer in told if answer is not None]
    targets = {(a.service, a.port, a.pod): a for a in answers if isinstance(a, Target)}
    if len(targets) > 1:
        refs = tuple(sorted({ref for ref, _, _ in targets}, key=str))
        chain = tuple(line for target in targets.values() for line in target.chain)
        return Ambiguous(refs, mapping_line(case, refs[0]), chain)
    return next(iter(targets.values()), None) or next(iter(answers), None)


def _told(case: Lookup, past: Inventory, resolve: Resolve) -> Target | Unresolved | None:
    """What one snapshot says, held against the present."""
    answer = resolve(case.query, past)
    mark = f"{case.query.host} is no longer in use; in {_named(past)}:"
    if isinstance(answer, Target):
        return _today(case, past, answer, mark)
    if isinstance(answer, Unresolved) and answer.reason == "unknown-address":
        return None
    if isinstance(answer, Unresolved):
        return Unresolved(answer.reason, answer.why, answer.hint, (mark, *answer.chain))
    why = f"it is no longer in use, and in {_named(past)} no single Service stood for it"
    return Unresolved("stale-address", why, "find out what has replaced it", (mark, *answer.chain))


def _named(past: Inventory) -> str:
    shots = [f"the snapshot of {shot.taken}" for shot in past.snapshots]
    return listed(shots or past.digests or ["an earlier state"])


def _today(case: Lookup, past: Inventory, target: Target, mark: str) -> Target | Unresolved:
    """Accept a Target of the past only where its Service would still lead to what it led to."""
    chain = (mark, *target.chain)
    why = _changed(case, past, target)
    if why:
        return Unresolved("stale-address", why, mapping_line(case, target.service), chain)
    warning = f"{case.query.host} is no longer in use: by {_named(past)} it was {target.service}'s"
    warnings = (*(w for w in target.warnings if "not Ready" not in w), warning)
    return msgspec.structs.replace(target, chain=chain, warnings=warnings)


def _changed(case: Lookup, past: Inventory, target: Target) -> str:
    """Say why a Service is no longer what it was; "" where it still is."""
    if target.domain:
        lost = target.service not in case.inventory.imports
        return f"ServiceImport {target.service}, which it was, is gone" * lost
    service = case.inventory.services.get(target.service)
    if service is None:
        return f"Service {target.service}, which it was, is gone"
    if service.headless != target.headless:
        return f"Service {target.service}, which it was, is {_kind(service)} now"
    if not service.headless and target.port not in (None, *(p.port for p in service.ports)):
        return f"Service {target.service}, which it was, has {ports_text(service)} now"
    for pod in sorted(past.pods_at(case.host)):
        if not _selects(service, past, pod):
            return f"Service {target.service} does not select what pod {pod} was any more"
    return ""


def _kind(service: Service) -> str:
    return "headless" if service.headless else "a ClusterIP Service"


def _selects(service: Service, past: Inventory, pod: str) -> bool:
    selector = service.selector
    return not selector or selector.items() <= past.pods[pod].labels.items()
