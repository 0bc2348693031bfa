"""All that is looked up about pods, of which there are very many: each index on its first use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from operator import itemgetter
from typing import Protocol

from refactor.inventory.lazy import RecordSequence
from refactor.inventory.names import Number, Numbers, by_host, normal
from refactor.inventory.records import FINISHED, Pod

Owner = tuple[str, str, str]
"""Kind, namespace and name."""


class PodLookup(Protocol):
    """Where each pod is found; pods go by their numbers."""

    @property
    def by_ip(self) -> Numbers:
        """Pods by the addresses that are their own."""

    @property
    def by_name(self) -> Numbers:
        """Pods by name, and by `spec.hostname`."""

    @property
    def on_node(self) -> Numbers:
        """Pods that listen at their node's addresses, by the node's name."""

    @property
    def nodes(self) -> Iterable[tuple[str, str]]:
        """Addresses of nodes, in normal form, and their names, of which pods are the evidence."""

    @property
    def owned(self) -> Iterable[tuple[Owner, int]]:
        """How many pods that have not finished each controller has."""


class PodIndex:
    """The same, found by looking at the pods; see `PodLookup`."""

    def __init__(self, pods: RecordSequence[Pod]) -> None:
        """Take the pods."""
        self._pods = pods

    @cached_property
    def by_ip(self) -> dict[str, Number]:
        """See `PodLookup`."""
        pods = enumerate(self._pods)
        return by_host([(ip, n) for n, pod in pods if not pod.on_host for ip in pod.ips])

    @cached_property
    def by_name(self) -> dict[str, Number]:
        """See `PodLookup`."""
        pods = enumerate(self._pods)
        names = [(pod.metadata.name, pod.spec.hostname, n) for n, pod in pods]
        pairs = [(name, n) for name, _, n in names]
        if more := [(host, n) for name, host, n in names if host and host != name]:
            pairs = sorted([*pairs, *more], key=itemgetter(1))
        return by_host(pairs)

    @cached_property
    def on_node(self) -> dict[str, Number]:
        """See `PodLookup`."""
        return by_host(
            [
                (pod.spec.node_name or pod.status.host_ip, n)
                for n, pod in enumerate(self._pods)
                if (pod.on_host or pod.spec.has_host_port) and not pod.finished
            ]
        )

    @cached_property
    def nodes(self) -> list[tuple[str, str]]:
        """See `PodLookup`."""
        told = {
            (status.host_ip, pod.spec.node_name)
            for pod in self._pods
            if (status := pod.status).host_ip and status.phase not in FINISHED
        }
        return sorted({(normal(host), name or host) for host, name in told})

    @cached_property
    def owned(self) -> list[tuple[Owner, int]]:
        """See `PodLookup`."""
        counted = Counter(
            (owner.kind, pod.metadata.namespace, owner.name)
            for pod in self._pods
            if not pod.finished and (owner := pod.controller)
        )
        return list(counted.items())
