"""The nouns of `verify`: a name as it is written, what it leads to, and the verdict on it."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

import msgspec

from refactor.model import Finding, Note, ServiceRef, Target, Value

Verdict: TypeAlias = OneOf[
    "ok",
    "no-such-service",
    "no-such-port",
    "wrong-namespace",
    "wrong-cluster-domain",
    "no-endpoints",
    "headless-needs-pod-port",
    "external-name",
    "unresolvable-from-host-network",
    "policy-blocks",
]
VERDICTS: dict[Verdict, str] = {
    "ok": "the Service exists, and offers the port",
    "no-such-service": "no Service of this name is in the cluster or in the repository",
    "no-such-port": "the Service does not offer this port",
    "wrong-namespace": "the Service is in another namespace than this name says",
    "wrong-cluster-domain": "the name ends in a domain that the cluster does not have",
    "no-endpoints": "no ready pod is behind the Service",
    "headless-needs-pod-port": "the Service is headless: clients dial the container port",
    "external-name": "the Service is an alias of a name outside the cluster",
    "unresolvable-from-host-network": "the reader does not ask the cluster's DNS",
    "policy-blocks": "a NetworkPolicy forbids the connection",
}
"""What each verdict means; the set is closed."""

HARMLESS: frozenset[Verdict] = frozenset({"ok", "external-name"})
"""Verdicts on names that hold."""


class Name(Value, frozen=True):
    """The DNS name of a Service, taken apart.

    Attributes:
        service: the Service's name.
        namespace: as written; "" where the reader's own is meant.
        pod: a pod's name under a headless Service; "" for none.
        port: the name of a port, of an SRV record; "" for none.
        domain: what follows `svc`; "" for nothing.
        svc: whether `svc` is written, which only a Service's name has.
    """

    service: str
    namespace: str = ""
    pod: str = ""
    port: str = ""
    domain: str = ""
    svc: bool = False


class Offered(Value, frozen=True):
    """A port that a Service offers.

    Attributes:
        number: of the Service.
        name: as the Service calls it.
        protocol: "TCP", "UDP" or "SCTP".
        target: the container port's number or name.
        containers: the numbers that a named target stands for, as far as they are known.
    """

    number: int
    name: str = ""
    protocol: str = "TCP"
    target: int | str = 0
    containers: tuple[int, ...] = ()


class KnownService(Value, frozen=True):
    """A Service that exists, or that the repository deploys.

    Attributes:
        ref: its identity; the namespace is "" where the repository does not say it.
        ports: what it offers.
        source: who says so: a file, a chart, or "the inventory".
        headless: its name answers with the addresses of its pods.
        external: the name it is an alias of; "" for none.
        selector: the labels of its pods.
        pods: whether it is known to have a ready pod; None where that is not known.
        live: whether the inventory has it.
    """

    ref: ServiceRef
    ports: tuple[Offered, ...] = ()
    source: str = ""
    headless: bool = False
    external: str = ""
    selector: dict[str, str] = msgspec.field(default_factory=dict)
    pods: bool | None = None
    live: bool = False


class Verified(Value, frozen=True, omit_defaults=False):
    """A name in its place, and whether it holds.

    Attributes:
        finding: the name in its place.
        verdict: from the closed set.
        why: the verdict in words, with the objects it is about.
        remedy: what a person can do; "" where nothing is to be done.
        service: the Service that is meant; None where none is known.
        callers: the programs that read it, in words.
        fix: what the name is to stand for, where that is certain.
        host: the name to write with a fix; "" where only the port changes.
    """

    finding: Finding
    verdict: Verdict
    why: str = ""
    remedy: str = ""
    service: ServiceRef | None = None
    callers: tuple[str, ...] = ()
    fix: Target | None = None
    host: str = ""


class Verification(Value, frozen=True, omit_defaults=False):
    """All Service names of a repository.

    Attributes:
        format_version: of this document's shape.
        tool_version: of the tool that made it.
        names: every name, in order of file and place.
        notes: what a report must say about whole files.
        files_read: how many were looked into.
    """

    format_version: int = 1
    tool_version: str = ""
    names: tuple[Verified, ...] = ()
    notes: tuple[Note, ...] = ()
    files_read: int = 0

    @property
    def broken(self) -> tuple[Verified, ...]:
        """The names that do not hold."""
        return tuple(one for one in self.names if one.verdict not in HARMLESS)
