"""The checks of SEMANTICS.md section 5 that need no Helm: names, and syntax before and after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal as OneOf

from refactor.inventory import Inventory
from refactor.model import Check, Outcome, Target
from refactor.plan.edit import Decided
from refactor.plan.proof.syntax import differs
from refactor.settings_check import is_domain
from refactor.source import Source
from refactor.tree import ScannedFile


def prove_file(
    file: ScannedFile, after: Source, decided: Decided, inventory: Inventory
) -> tuple[Check, ...]:
    """Return steps 1 and 2 of the proof for one edited file.

    Args:
        file: as it is.
        after: as it will be.
        decided: its outcomes and edits.
        inventory: of the cluster it belongs to.
    """
    names = tuple(_names(decided.outcomes, inventory))
    return (*names, _syntax(file, after, decided))


def _names(outcomes: tuple[Outcome, ...], inventory: Inventory) -> Iterator[Check]:
    for outcome in outcomes:
        if outcome.edited and isinstance(outcome.resolution, Target):
            problem = _leads_astray(outcome, outcome.resolution, inventory)
            state: OneOf["passed", "failed"] = "failed" if problem else "passed"
            message = problem or _shown(outcome)
            yield Check("names", outcome.finding.fingerprint, state, message)


def _shown(outcome: Outcome) -> str:
    return f"{outcome.new} leads to what {outcome.finding.host} led to"


def _leads_astray(outcome: Outcome, target: Target, inventory: Inventory) -> str:
    """Step 1: the Service exists, and leads to the very pod and port that were addressed."""
    if told := _impossible(target):
        return told
    if target.domain:
        return "" if target.service in inventory.imports else f"{target.service} is not imported"
    if target.service not in inventory.services:
        return f"Service {target.service} is not in the inventory"
    if inventory.mapping(outcome.finding.host, outcome.finding.port):
        return _lacks_port(target, inventory)
    pods = inventory.pods_at(outcome.finding.host)
    if not pods or target.port is None or outcome.finding.port is None:
        return ""
    reached = inventory.leads_to(target.service, target.port, pod=target.pod)
    wanted = {(pod, outcome.finding.port) for pod in pods}
    if wanted & reached:
        return ""
    return f"{outcome.new} does not lead to {min(pods)} port {outcome.finding.port}"


def _lacks_port(target: Target, inventory: Inventory) -> str:
    """Of what the settings map: the Service offers the port; who has the address is their word."""
    service = inventory.services[target.service]
    if target.port is None or target.headless or any(p.port == target.port for p in service.ports):
        return ""
    return f"Service {target.service} has no port {target.port}"


def _impossible(target: Target) -> str:
    """Say what of a target no cluster has, whatever the inventory says; it may be made up."""
    names = (target.pod, target.service.name, target.service.namespace, target.domain)
    for name in filter(None, names):
        if not is_domain(name):
            return f"{name!r} is no DNS name"
    port = target.port
    return "" if port is None or 0 < port < 65536 else f"{port} is no port"


def _syntax(file: ScannedFile, after: Source, decided: Decided) -> Check:
    """Step 2: parsed before and after, only the edited scalars differ."""
    path = file.source.path
    if (after.bom, after.encoding) != (file.source.bom, file.source.encoding):
        return Check("syntax", path, "failed", "its bytes would read in another encoding")
    problem = differs(file.kind, file.source.text, after.text, decided.edits)
    if problem is None:
        return Check("syntax", path, "passed", "text: the bytes outside the edits are the same")
    if problem:
        return Check("syntax", path, "failed", problem)
    return Check("syntax", path, "passed", "parses as before but for the edited scalars")
