"""What an address stands for: docs/semantics.md, section 3."""

from __future__ import annotations

import msgspec

from refactor.addresses import pod_record
from refactor.inventory import Inventory
from refactor.inventory.names import normal
from refactor.model import Ambiguous, Reason, Resolution, Target, Unresolved
from refactor.resolve.endpoints import by_endpoint
from refactor.resolve.history import by_history
from refactor.resolve.imported import by_import_ip, by_imported_endpoint
from refactor.resolve.ingress import by_alias, by_route, unknown
from refactor.resolve.mapped import by_mapping
from refactor.resolve.nodes import by_host_port
from refactor.resolve.pods import by_pod, contested
from refactor.resolve.query import Lookup, Options, Query
from refactor.resolve.service_ip import by_cluster_ip, by_node_port, by_outer_address

__all__ = ["Lookup", "Options", "Query", "case_of", "resolve"]

# The rows of docs/semantics.md, section 3, in its order; the first that holds wins. The user's
# mapping comes before them, then an address that several objects have.
_ROWS = (
    by_import_ip,
    by_cluster_ip,
    by_outer_address,
    by_node_port,
    by_pod,
    by_host_port,
    by_imported_endpoint,
    by_endpoint,
    by_route,
    by_alias,
)
_DEFAULT = Options()
_DNS = 53


def resolve(query: Query, inventory: Inventory, options: Options = _DEFAULT) -> Resolution:
    """Return what an address stands for, or why that is not known; never raises."""
    return inventory.remembered(
        (query, options), lambda: _answer(case_of(query, inventory, options))
    )


def case_of(query: Query, inventory: Inventory, options: Options = _DEFAULT) -> Lookup:
    """Return the question with its host in normal form, a pod's DNS record as the pod's address."""
    record = pod_record(query.host)
    return Lookup(query, inventory, options, record.ip if record else normal(query.host), record)


def _answer(case: Lookup) -> Resolution:
    """A row that knows the owner and finds no Service gives way to a later row that finds one."""
    refusal: Resolution | None = None
    if settled := by_mapping(case) or contested(case):
        return _writable(case, settled)
    for row in _ROWS:
        answer = row(case)
        if isinstance(answer, Target | Ambiguous):
            return _name_server(case, answer) or _writable(case, answer)
        refusal = refusal or answer
    return refusal or _earlier(case) or unknown(case)


def _earlier(case: Lookup) -> Resolution | None:
    """Ask the earlier states of the cluster about an address without an owner."""
    answer = by_history(case, lambda query, past: resolve(query, past, case.options))
    return _writable(case, answer) if answer else None


def _name_server(case: Lookup, answer: Target | Ambiguous) -> Unresolved | None:
    """Keep a name server's own address: it cannot be looked up by name."""
    if not isinstance(answer, Target) or case.query.scheme or case.query.port not in (None, _DNS):
        return None
    service = case.inventory.services.get(answer.service)
    if service is None or all(port.port != _DNS for port in service.ports):
        return None
    why = f"it is a name server, Service {answer.service}: those are reached by IP"
    hint = "map it in the settings if a program looks up its name"
    return Unresolved("needs-ip", why, hint, answer.chain)


def _writable(case: Lookup, answer: Resolution) -> Resolution:
    """Refuse a Target that could not be written where the address stands."""
    if not isinstance(answer, Target):
        return answer
    if not answer.service.namespace:
        why = f"the manifest of Service {answer.service.name} says no namespace"
        return Unresolved("outside", why, "say `metadata.namespace` there, or map it", answer.chain)
    if case.query.port is None and answer.port is not None:
        why = f"it is port {answer.port} of Service {answer.service}, and {case.no_port}"
        reason: Reason = "open-port" if case.is_open else "no-port"
        return Unresolved(reason, why, "write the port it connects to", answer.chain)
    return _other_port(case, answer) or answer


def _other_port(case: Lookup, answer: Target) -> Unresolved | None:
    """Refuse a Target that the second port of the same host does not lead to, unchanged."""
    number = case.query.other
    if number is None or answer.headless:
        return None
    query = msgspec.structs.replace(case.query, port=number, other=None)
    other = resolve(query, case.inventory, case.options)
    if isinstance(other, Target) and (other.service, other.port) == (answer.service, number):
        return None
    why = f"its second port {number} is not port {number} of Service {answer.service}"
    return Unresolved("shared-port", why, "write a host for each port", answer.chain)
