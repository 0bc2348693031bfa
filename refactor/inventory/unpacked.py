"""The objects of a packed inventory, and its indexes, each unpacked when it is first asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from refactor.inventory.hosts import Hosts
from refactor.inventory.kinds import AnyWorkload
from refactor.inventory.lazy import ByKey, RecordSequence, Shelf
from refactor.inventory.names import Number, normal, numbered
from refactor.inventory.objects import InventoryObjects
from refactor.inventory.packed import Packed
from refactor.inventory.pod_index import Owner, PodLookup
from refactor.inventory.records import Pod
from refactor.inventory.selection import Key, Selection
from refactor.inventory.slice_index import Slice
from refactor.inventory.workloads import Workload
from refactor.model import ServiceRef, WorkloadRef


class Unpacked(InventoryObjects):
    """See `InventoryObjects`."""

    def __init__(self, packed: Packed) -> None:
        """Take a packed inventory."""
        super().__init__()
        self._packed = packed
        self.services = {service.ref: service for service in packed.services}
        self.nodes = {node.name: node for node in packed.nodes}
        self.imports = {held.ref: held for held in packed.imports}
        self.routes = list(packed.routes)
        self.gateways = list(packed.gateways)
        self.policies = list(packed.policies)
        self.namespaces = packed.namespaces
        self.each_pod = Shelf[Pod](packed.pods, Pod)
        self.each_slice = Shelf[Slice](packed.slices, Slice)
        self.each_workload = Shelf[Workload](packed.workloads, AnyWorkload)

    @cached_property
    def pods(self) -> Mapping[str, Pod]:
        """See `InventoryObjects`."""
        return _ByKey(self.hosts.of_pods, self.each_pod)

    @cached_property
    def workloads(self) -> Mapping[WorkloadRef, Workload]:
        """See `InventoryObjects`."""
        keys = _unpacked(self._packed.workload_keys, list[Owner])
        return ByKey([WorkloadRef(*key) for key in keys], self.each_workload)

    def _hosts(self, *objects: Any) -> Hosts:
        return _Hosts(self._packed, *objects)

    @cached_property
    def selection(self) -> Selection:
        """See `InventoryObjects`."""
        return _Selection(self._packed, self.services.values(), self.each_pod)


class _ByKey(Mapping[str, Pod]):
    """Pods by `namespace/name`, found by their names."""

    def __init__(self, index: PodLookup, pods: RecordSequence[Pod]) -> None:
        self._index = index
        self._pods = pods

    def __getitem__(self, key: str) -> Pod:
        name = normal(key.partition("/")[2])
        pods = (self._pods[number] for number in numbered(self._index.by_name.get(name, [])))
        for pod in pods:
            if pod.key == key:
                return pod
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return (pod.key for pod in self._pods)

    def __len__(self) -> int:
        return len(self._pods)


class _Hosts(Hosts):
    def __init__(self, packed: Packed, *objects: Any) -> None:
        super().__init__(*objects)
        self._packed = packed
        self._own = frozenset(service.ref for service in self._services)

    @cached_property
    def of_pods(self) -> _Pods:
        return _Pods(self._packed)

    @cached_property
    def of_slices(self) -> _Slices:
        return _Slices(self._packed)

    def names(self, services: Collection[ServiceRef], gone: Iterable[str] = ()) -> frozenset[str]:
        gone = frozenset(gone)
        if gone or frozenset(services) != self._own:
            return super().names(services, gone)
        found: frozenset[str] = _unpacked(self._packed.names, frozenset[str])
        return found


class _Pods:
    """See `pod_index.Indexed`."""

    def __init__(self, packed: Packed) -> None:
        self._packed = packed

    @cached_property
    def by_ip(self) -> dict[str, Number]:
        return _numbers(self._packed.by_ip)

    @cached_property
    def by_name(self) -> dict[str, Number]:
        return _numbers(self._packed.by_name)

    @cached_property
    def on_node(self) -> dict[str, Number]:
        return _numbers(self._packed.on_node)

    @cached_property
    def nodes(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = _unpacked(self._packed.pod_nodes, list[tuple[str, str]])
        return found

    @cached_property
    def owned(self) -> list[tuple[Owner, int]]:
        found: list[tuple[Owner, int]] = _unpacked(self._packed.owned, list[tuple[Owner, int]])
        return found


class _Slices:
    """See `slice_index.Indexed`."""

    def __init__(self, packed: Packed) -> None:
        self._packed = packed

    @cached_property
    def by_address(self) -> dict[str, Number]:
        return _numbers(self._packed.by_address)

    @cached_property
    def by_service(self) -> dict[tuple[str, str], list[int]]:
        kind = list[tuple[tuple[str, str], list[int]]]
        return dict(_unpacked(self._packed.by_service, kind))


class _Selection(Selection):
    def __init__(self, packed: Packed, *objects: Any) -> None:
        super().__init__(*objects)
        self._packed = packed

    @cached_property
    def pods_by_pair(self) -> Mapping[Key, Sequence[int]]:
        return dict(_unpacked(self._packed.pairs, list[tuple[Key, list[int]]]))


def _numbers(packed: memoryview) -> dict[str, Number]:
    found: dict[str, Number] = _unpacked(packed, dict[str, int | list[int]])
    return found


def _unpacked(packed: memoryview, kind: Any) -> Any:
    return msgspec.msgpack.decode(packed, type=kind)
