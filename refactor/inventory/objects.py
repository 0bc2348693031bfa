"""The objects of one cluster, each once, by kind and identity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from refactor.inventory.endpoints import Endpoints, EndpointSlice
from refactor.inventory.gateways import Gateway, HTTPRoute
from refactor.inventory.hosts import Hosts
from refactor.inventory.imports import ServiceImport
from refactor.inventory.lazy import RecordSequence
from refactor.inventory.policies import Namespace, NetworkPolicy
from refactor.inventory.records import Node, Pod, Record, Service
from refactor.inventory.routes import Ingress
from refactor.inventory.selection import Selection
from refactor.inventory.slice_index import Slice
from refactor.inventory.workloads import Workload
from refactor.model import WorkloadRef

_R = TypeVar("_R", bound=Record)


class InventoryObjects:
    """The objects, and the indexes over them."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        """Take objects as they come; of several states of one the newest counts."""
        kinds = _Kinds(records)
        self.twice = kinds.twice
        self.services = {service.ref: service for service in kinds.of(Service)}
        self.nodes = {node.name: node for node in kinds.of(Node)}
        self.imports = {held.ref: held for held in kinds.of(ServiceImport)}
        self.routes: list[Ingress | HTTPRoute] = [*kinds.of(Ingress), *kinds.of(HTTPRoute)]
        self.gateways = kinds.of(Gateway)
        self.policies = kinds.of(NetworkPolicy)
        self.namespaces = {held.name: held.labels for held in kinds.of(Namespace)}
        self.each_pod: RecordSequence[Pod] = kinds.of(Pod)
        self.each_slice: RecordSequence[Slice] = [*kinds.of(EndpointSlice), *kinds.of(Endpoints)]
        self.each_workload: RecordSequence[Workload] = kinds.of(Workload)

    @cached_property
    def pods(self) -> Mapping[str, Pod]:
        """Pods by `namespace/name`."""
        return {pod.key: pod for pod in self.each_pod}

    @cached_property
    def workloads(self) -> Mapping[WorkloadRef, Workload]:
        """Workloads by identity."""
        return {workload.ref: workload for workload in self.each_workload}

    @cached_property
    def hosts(self) -> Hosts:
        """Who has an address or a name."""
        return self._hosts(
            self.services.values(),
            self.each_pod,
            self.nodes.values(),
            self.each_slice,
            self.routes,
            self.gateways,
            self.imports.values(),
        )

    def _hosts(self, *objects: Any) -> Hosts:
        return Hosts(*objects)

    @cached_property
    def selection(self) -> Selection:
        """Who selects whom."""
        return Selection(self.services.values(), self.each_pod)


class _Kinds:
    """Records by their kind, in the order they came in, each once."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._by_type: defaultdict[type[Record], list[Any]] = defaultdict(list)
        for record in records:
            self._by_type[type(record)].append(record)
        self.twice = 0
        for kind, held in self._by_type.items():
            newest = _newest(held)
            self.twice += len(held) - len(newest)
            self._by_type[kind] = newest

    def of(self, kind: type[_R]) -> list[_R]:
        """Return the records of one kind, and of those that are kinds of it."""
        return [
            record
            for one, held in self._by_type.items()
            if issubclass(one, kind)
            for record in held
        ]


def _newest(records: list[_R]) -> list[_R]:
    """Return each object of one kind once: its newest state."""
    if len({record.metadata.name for record in records}) == len(records):
        return records  # as it is with pods
    kept: dict[tuple[str, str], _R] = {}
    for record in records:
        key = (record.namespace, record.name)
        other = kept.setdefault(key, record)
        if other is not record and _age(record) > _age(other):
            kept[key] = record
    return list(kept.values())


def _age(record: Record) -> tuple[int, bytes]:
    """Order states of one object; a manifest has no resourceVersion and gives way to the object."""
    version = record.metadata.resource_version
    return int(version) if version.isdecimal() else -1, msgspec.json.encode(record)
