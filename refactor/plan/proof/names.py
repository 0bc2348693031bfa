"""Step 1 of the proof: each new name leads to what the address led to."""

from __future__ import annotations

from refactor.inventory import Inventory
from refactor.model import Check, Target
from refactor.plan.edit import new_address
from refactor.plan.row import Row
from refactor.settings.check import is_domain
from refactor.text.dns import is_port


def prove_name(row: Row, inventory: Inventory) -> Check:
    """Return step 1 for one edited row."""
    new = new_address(row)
    problem = _leads_astray(row, new, inventory)
    shown = problem or f"{new} leads to what {row.finding.host} led to"
    return Check("names", row.mark, "failed" if problem else "passed", shown)


def _leads_astray(row: Row, new: str, inventory: Inventory) -> str:
    """Say how the Service does not lead to the very pod and port that were addressed."""
    finding, target = row.finding, row.resolution
    if not isinstance(target, Target):
        return "it stands for no Service"
    if told := _impossible(target):
        return told
    if target.domain:
        return "" if target.service in inventory.imports else f"{target.service} is not imported"
    if target.service not in inventory.services:
        return f"Service {target.service} is not in the inventory"
    if inventory.mapping(finding.host, finding.port):
        return _lacks_port(target, inventory)
    pods = inventory.pods_at(finding.host)
    if not pods or target.port is None or finding.port is None:
        return ""
    reached = inventory.leads_to(target.service, target.port, pod=target.pod)
    wanted = {(pod, finding.port) for pod in pods}
    return "" if wanted & reached else f"{new} does not lead to {min(pods)} port {finding.port}"


def _lacks_port(target: Target, inventory: Inventory) -> str:
    """Of what the settings map: the Service offers the port; who has the address is their word."""
    service = inventory.services[target.service]
    if target.port is None or target.headless or any(p.port == target.port for p in service.ports):
        return ""
    return f"Service {target.service} has no port {target.port}"


def _impossible(target: Target) -> str:
    """Return why a mapped target cannot exist in any cluster."""
    names = (target.pod, target.service.name, target.service.namespace, target.domain)
    for name in filter(None, names):
        if not is_domain(name):
            return f"{name!r} is not a DNS name"
    port = target.port
    return "" if port is None or is_port(port) else f"{port} is not a port"
