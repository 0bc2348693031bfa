"""A pod that an address stands for, on one of its ports."""

from __future__ import annotations

from typing import NamedTuple

from refactor.inventory import Inventory, Pod
from refactor.model import MissingService, Reason, Resolution, ServiceRef, Unresolved, WorkloadRef
from refactor.resolve.ports import protocol_of
from refactor.resolve.query import Lookup


class PodPort(NamedTuple):
    """A pod that an address stands for."""

    case: Lookup
    pod: Pod
    port: int | None
    workload: WorkloadRef
    chain: tuple[str, ...]

    @property
    def inventory(self) -> Inventory:
        """The inventory asked."""
        return self.case.inventory

    def saw(self, line: str) -> PodPort:
        """Return the same with one more line of evidence."""
        return self._replace(chain=(*self.chain, line))

    def missing(self, extend: ServiceRef | None = None) -> Resolution:
        """Return that no Service leads to the pod's port yet; one is refused for what runs once."""
        if self.workload.kind in ("Job", "CronJob"):
            why = f"pod {self.pod.key} belongs to {self.workload}: it runs once, and is gone then"
            hint = "name what should serve this; no Service is made for a Job's pods"
            return Unresolved("stale-address", why, hint, self.chain)
        protocol = protocol_of(self.case, self.pod, self.port)
        return MissingService(self.workload, self.port, protocol, extend, self.pod.name, self.chain)

    def refused(self, reason: Reason, why: str, hint: str = "") -> Unresolved:
        """Return that nothing can be said, with the evidence so far."""
        return Unresolved(reason, why, hint, self.chain)
