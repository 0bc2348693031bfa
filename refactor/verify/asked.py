"""What is asked of one name for one reader, and what is answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from refactor.inventory import Inventory
from refactor.model import Finding, ServiceRef, Target
from refactor.repository.model import Reader
from refactor.verify.model import KnownService, Name, Verdict
from refactor.verify.truth import Truth


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


def at(asked: Asked, space: str) -> list[KnownService]:
    """Return the Services that a name means; the repository's own words outrank what runs."""
    known = asked.truth.named(asked.name.service, asked.inventory)
    return [one for one in known if not space or one.ref.namespace in ("", space)]


def ref_of(asked: Asked, service: KnownService) -> ServiceRef:
    """Return a Service's identity, as far as the reader tells its namespace."""
    return ServiceRef(service.ref.namespace or asked.space, service.ref.name)


def host_of(asked: Asked, space: str, domain: str = "") -> str:
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


def either(words: Iterable[object]) -> str:
    """Return words as alternatives."""
    return " or ".join(str(word) for word in words)


def listed(words: Iterable[object]) -> str:
    """Return words as a list."""
    return ", ".join(str(word) for word in words)
