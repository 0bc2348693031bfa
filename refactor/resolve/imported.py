"""Services of other clusters: what a ServiceImport leads to goes by `clusterset.local`."""

from __future__ import annotations

from refactor.inventory.imports import DOMAIN, Imported, ServiceImport
from refactor.model import Resolution, ServiceRef, Target, Unresolved
from refactor.resolve.query import Lookup
from refactor.resolve.words import listed


def by_import_ip(case: Lookup) -> Resolution | None:
    """Resolve a ServiceImport's own address.

    It comes before clusterIP: behind an import stands a derived Service of the same address, whose
    name means nothing. Source: KEP-1645, "ClusterSetIP".
    """
    held = case.inventory.hosts.import_ips.get(case.host)
    if not held:
        return None
    said = f"{case.query.host} is the address of ServiceImport {listed(i.ref for i in held)}"
    fitting = [one for one in held if _takes(case, one)]
    if len(fitting) != 1:
        return _refused(case, held, said)
    return Target(fitting[0].ref, case.query.port, chain=(said,), domain=DOMAIN)


def by_imported_endpoint(case: Lookup) -> Resolution | None:
    """Resolve an address behind a ServiceImport: a pod of another cluster."""
    entries = case.inventory.hosts.imported.get(case.host, ())
    imports = case.inventory.imports
    known = [(entry, imports[entry.service]) for entry in entries if entry.service in imports]
    if not known:
        return None
    refs = listed(sorted({held.ref for _, held in known}, key=str))
    said = f"{case.query.host} is an endpoint of ServiceImport {refs}"
    found = {(held.ref, *_port(case, entry, held)) for entry, held in known}
    found = {answer for answer in found if answer[1]}
    if len(found) != 1:
        return _refused(case, [held for _, held in known], said)
    ref, _, port, pod = found.pop()
    headless = imports[ref].headless
    return Target(ref, port, pod, headless, (said,), domain=DOMAIN)


def _port(case: Lookup, entry: Imported, held: ServiceImport) -> tuple[bool, int | None, str]:
    """Whether an import leads to the dialled port there, its own port, and the pod's name."""
    dialled = case.query.port
    if held.headless:
        return True, dialled, entry.pod
    names = {p.name or "" for p in entry.ports if dialled is not None and p.port == dialled}
    ports = {p.port for p in held.ports if p.name in names and case.speaks(p.protocol)}
    return len(ports) == 1, min(ports, default=None), ""


def _takes(case: Lookup, held: ServiceImport) -> bool:
    port = case.query.port
    return port is None or any(p.port == port and case.speaks(p.protocol) for p in held.ports)


def _refused(case: Lookup, held: list[ServiceImport], said: str) -> Unresolved:
    refs: list[ServiceRef] = sorted({one.ref for one in held}, key=str)
    ports = listed(sorted({port.port for one in held for port in one.ports}))
    if case.query.port is None:
        return Unresolved("no-port", f"ServiceImport {listed(refs)} maps ports", chain=(said,))
    why = f"ServiceImport {listed(refs)} does not lead to one port for {case.query.port}"
    return Unresolved("port-mismatch", why, f"its ports: {ports or 'none'}", (said,))
