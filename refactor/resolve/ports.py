"""Which of a Service's ports a container port stands for: docs/semantics.md, section 3."""

from __future__ import annotations

from collections.abc import Sequence

from refactor.addresses import implied_port
from refactor.inventory import Pod, Service, ServicePort, target_of
from refactor.resolve.query import Lookup
from refactor.text.key_words import stem

# Words of one meaning, in port names and schemes. A WebSocket begins as HTTP (RFC 6455).
_SAME = {
    "web": "http", "http1": "http", "ws": "http", "websocket": "http", "wss": "https",
    "h2c": "http2", "postgresql": "postgres", "pgsql": "postgres", "pg": "postgres",
    "mongo": "mongodb", "memcache": "memcached", "rabbitmq": "amqp", "mariadb": "mysql",
}  # fmt: skip


def offered(case: Lookup, service: Service, pod: Pod, port: int) -> tuple[ServicePort, ...]:
    """Return the ports of a Service that lead to a container port, their protocol agreeing."""
    ports = service.ports
    if not ports and service.headless and declares(case, pod, port):
        return (ServicePort(port),)  # a headless Service may omit ports: its name leads to all
    return tuple(p for p in ports if target_of(p, pod) == port and case.speaks(p.protocol))


def declares(case: Lookup, pod: Pod, port: int) -> bool:
    """Say whether a container of the pod declares this port."""
    return any(p.container_port == port and case.speaks(p.protocol) for p in pod.ports)


def implied_by_key(case: Lookup) -> frozenset[int]:
    """Return the ports of the protocols that the key of a bare host names: `REDIS_HOST`."""
    found = (implied_port(_meant(word)) for word in stem(case.query.key).words)
    return frozenset(port for port in found if port)


def protocol_of(case: Lookup, pod: Pod, port: int | None) -> str:
    """Return the protocol that a container declares for a port; what the scheme says otherwise."""
    declared = {
        p.protocol for p in pod.ports if p.container_port == port and case.speaks(p.protocol)
    }
    if not declared:
        return "TCP" if case.speaks("TCP") else "UDP"
    return "TCP" if "TCP" in declared else min(declared)


def pick(case: Lookup, ports: Sequence[ServicePort]) -> ServicePort | None:
    """Choose among ports of one Service that lead to the same container port.

    The one equal to the written port wins, then the one whose name fits the scheme.

    Returns:
        The port, or None where nothing decides between several numbers.
    """
    ports = [port for port in ports if port.protocol == "TCP"] or ports
    if _is_one(ports):
        return ports[0]
    for rule in (_equal, _named, _worded):
        if _is_one(fitting := [port for port in ports if rule(case, port)]):
            return fitting[0]
    return None


def _is_one(ports: Sequence[ServicePort]) -> bool:
    return len({port.port for port in ports}) == 1


def _equal(case: Lookup, port: ServicePort) -> bool:
    return port.port == case.query.port


def _named(case: Lookup, port: ServicePort) -> bool:
    names = {_meant(port.name), _meant(port.app_protocol.rpartition("/")[2])}
    return not names.isdisjoint(_schemes(case))


def _worded(case: Lookup, port: ServicePort) -> bool:
    return not {_meant(word) for word in port.name.split("-")}.isdisjoint(_schemes(case))


def _schemes(case: Lookup) -> set[str]:
    return {_meant(part) for part in case.query.scheme.split("+") if part}


def _meant(word: str) -> str:
    word = word.lower()
    return _SAME.get(word, word)
