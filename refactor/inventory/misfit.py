"""Whether an inventory is of the cluster that a repository speaks of."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable

from refactor.inventory.index import Inventory

_LEAST = 3
"""Addresses that must all be unknown before the inventory is doubted."""


def misfit(hosts: Iterable[str], inventory: Inventory) -> str:
    """Return why an inventory seems to be of another cluster; "" where it does not.

    Args:
        hosts: of the addresses that were found, as written.
        inventory: where they were looked up.
    """
    mapped = {host for host, _ in inventory.mappings}
    found = [host for host in dict.fromkeys(hosts) if host not in mapped]
    if inventory.is_empty or len(found) < _LEAST or any(map(inventory.knows, found)):
        return ""
    told = f"none of the {len(found)} addresses is in this inventory"
    theirs = _networks(ip for pod in inventory.objects.each_pod for ip in pod.ips)
    yours = _networks(found)
    if theirs and yours and theirs != yours:
        told += f"; its pods are in {theirs}, most addresses here in {yours}"
    return f"{told}: is it the right cluster?"


def _networks(ips: Iterable[str]) -> str:
    """Return the /16 (IPv6: /48) that holds the most addresses."""
    counts: Counter[str] = Counter()
    for text in ips:
        try:
            ip = ipaddress.ip_address(text)
        except ValueError:
            continue
        bits = 16 if ip.version == 4 else 48
        counts[str(ipaddress.ip_network(f"{ip}/{bits}", strict=False))] += 1
    return counts.most_common(1)[0][0] if counts else ""
