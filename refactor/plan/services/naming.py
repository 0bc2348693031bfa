"""Legal and unique names of Services and of their ports (RFC 1035, RFC 6335)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection

from refactor.text.dns import LABEL_LENGTH

_ILLEGAL = re.compile(r"[^a-z0-9-]+")
_WELL_KNOWN = {80: "http", 8080: "http", 8000: "http", 443: "https", 8443: "https"}
_WELL_KNOWN |= {5432: "postgres", 3306: "mysql", 6379: "redis", 9092: "kafka", 27017: "mongodb"}
_WELL_KNOWN |= {5672: "amqp", 50051: "grpc", 53: "dns", 11211: "memcached", 4222: "nats"}


def service_label(name: str, taken: Collection[str]) -> str:
    """Return a name as a DNS label of RFC 1035 that is free in its namespace.

    A Service's name must begin with a letter and hold 63 characters at most; what is cut off is
    made up for by a hash, so that two long names do not become one.
    """
    label = _ILLEGAL.sub("-", name.lower()).strip("-")
    if not label or not label[0].isalpha():
        label = f"svc-{label}".rstrip("-")
    label = _cut(label, name)
    if label not in taken:
        return label
    for suffix in ("-svc", *(f"-svc-{number}" for number in range(2, 1000))):
        candidate = _cut(label, name, len(suffix)) + suffix
        if candidate not in taken:
            return candidate
    return _cut(label, name + str(len(taken)), 9)


def port_name(number: int, declared: str, protocol: str, taken: Collection[str]) -> str:
    """Return a port's name: the container's own, else the well-known one, else `tcp-8081`."""
    plain = f"{protocol.lower()}-{number}"
    known = _WELL_KNOWN.get(number, plain) if protocol == "TCP" or number == 53 else plain
    for candidate in (declared, known, f"{known}-{protocol.lower()}", plain):
        if candidate and candidate not in taken and len(candidate) <= LABEL_LENGTH:
            return candidate
    return f"{plain}-{len(taken)}"


def environment_prefix(name: str) -> str:
    """Return what Kubernetes puts before `_SERVICE_HOST` and `_PORT` for a Service of this name.

    Source: kubernetes.io, "Service", environment variables.
    """
    return name.upper().replace("-", "_")


def _cut(label: str, original: str, room: int = 0) -> str:
    limit = LABEL_LENGTH - room
    if len(label) <= limit:
        return label
    digest = hashlib.sha256(original.encode()).hexdigest()[:8]
    return f"{label[: limit - 9].rstrip('-')}-{digest}"
