"""What an address stands for, or why that is not known."""

from __future__ import annotations

from typing import TypeAlias

from refactor.model.base import Reason, Value


class ServiceRef(Value, frozen=True):
    """A Service's identity in one cluster."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"

    @classmethod
    def read(cls, text: str) -> ServiceRef:
        """Read what `str` gives: `namespace/name`."""
        return cls(*text.split("/", 1))


class WorkloadRef(Value, frozen=True):
    """A workload's identity in one cluster (kind as the API spells it)."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}"


class Target(Value, frozen=True, tag="target"):
    """The address stands for this Service.

    Attributes:
        service: the Service.
        port: what to dial at the new name; None where no port was known and none is needed.
        pod: the pod's name where its identity is kept (`<pod>.<service>...`); "" otherwise.
        headless: its name answers with pod addresses, and ports are not mapped.
        chain: the evidence, a line a step, for `explain` and the reports.
        warnings: what a human should know although the edit is made.
        domain: the DNS domain it is named under where that is not the cluster's own
            ("clusterset.local"); "" otherwise.
    """

    service: ServiceRef
    port: int | None = None
    pod: str = ""
    headless: bool = False
    chain: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    domain: str = ""


class Ambiguous(Value, frozen=True, tag="ambiguous"):
    """Several Services fit.

    Attributes:
        candidates: the Services that are tied.
        remedy: the settings line that would decide.
        chain: the evidence.
    """

    candidates: tuple[ServiceRef, ...]
    remedy: str = ""
    chain: tuple[str, ...] = ()


class Unresolved(Value, frozen=True, tag="unresolved"):
    """Nothing can be said, and why.

    Attributes:
        reason: from the closed set.
        why: the reason in words, with the objects it is about.
        hint: what a person can do about it.
        chain: the evidence so far.
    """

    reason: Reason
    why: str
    hint: str = ""
    chain: tuple[str, ...] = ()


class MissingService(Value, frozen=True, tag="missing-service"):
    """A workload is known and no Service leads to it (or not on that port).

    Attributes:
        workload: the pod's owner, through its ReplicaSet or Job.
        port: the container port that is dialled; None where it is not known.
        protocol: "TCP", "UDP" or "SCTP".
        extend: the Service that selects the pod and lacks the port; None to make a new one.
        pod: the pod the address named.
        chain: the evidence.
    """

    workload: WorkloadRef
    port: int | None = None
    protocol: str = "TCP"
    extend: ServiceRef | None = None
    pod: str = ""
    chain: tuple[str, ...] = ()


Resolution: TypeAlias = Target | Ambiguous | Unresolved | MissingService
