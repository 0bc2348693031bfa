"""An inventory as one piece of MessagePack, of which nothing is unpacked before it is asked for.

It holds what the structs hold and no more: no Secret, no annotation, no variable's value is in it.
"""

from __future__ import annotations

import zlib
from typing import Any

import msgspec

from refactor import __version__
from refactor.inventory.gateways import Gateway
from refactor.inventory.imports import ServiceImport
from refactor.inventory.index import Inventory
from refactor.inventory.kinds import Route
from refactor.inventory.policies import NetworkPolicy
from refactor.inventory.records import Node, Service
from refactor.inventory.snapshot import Snapshot

_FORM = 3
"""Is raised with every change of what is packed, or of the structs within."""

_MARK = f"refactor {__version__} inventory {_FORM}\n".encode()


class Packed(msgspec.Struct, frozen=True, array_like=True):
    """An inventory, its large parts packed.

    Attributes:
        size: of the input, in bytes.
    """

    digest: str
    size: int
    remarks: tuple[str, ...]
    snapshots: tuple[Snapshot, ...]
    services: tuple[Service, ...]
    nodes: tuple[Node, ...]
    imports: tuple[ServiceImport, ...]
    routes: tuple[Route, ...]
    gateways: tuple[Gateway, ...]
    policies: tuple[NetworkPolicy, ...]
    namespaces: dict[str, dict[str, str]]
    pods: memoryview
    slices: memoryview
    workloads: memoryview
    workload_keys: memoryview
    by_ip: memoryview
    by_name: memoryview
    on_node: memoryview
    pod_nodes: memoryview
    owned: memoryview
    by_address: memoryview
    by_service: memoryview
    pairs: memoryview
    names: memoryview


_DECODER = msgspec.msgpack.Decoder(Packed)


def pack(inventory: Inventory, digest: str, size: int) -> tuple[bytes, bytes]:
    """Return an inventory, but for mappings and the past, as bytes: a head and the rest.

    Args:
        size: of the input, in bytes.
    """
    held = inventory.objects
    hosts, pods, slices = held.hosts, held.hosts.of_pods, held.hosts.of_slices
    whole = Packed(
        digest,
        size,
        inventory.remarks,
        inventory.snapshots,
        tuple(held.services.values()),
        tuple(held.nodes.values()),
        tuple(held.imports.values()),
        tuple(held.routes),
        tuple(held.gateways),
        tuple(held.policies),
        held.namespaces,
        _raw(list(held.each_pod)),
        _raw(list(held.each_slice)),
        _raw(list(held.each_workload)),
        _raw([(one.kind, one.namespace, one.name) for one in held.each_workload]),
        _raw(pods.by_ip),
        _raw(pods.by_name),
        _raw(pods.on_node),
        _raw(pods.nodes),
        _raw(pods.owned),
        _raw(slices.by_address),
        _raw(list(slices.by_service.items())),
        _raw(list(held.selection.pods_by_pair.items())),
        _raw(hosts.names(held.services.keys())),
    )
    data = msgspec.msgpack.encode(whole)
    return _MARK + _sum(data), data


def unpack(data: bytes) -> Packed | None:
    """Return what has been packed; None for what this version has not packed, or not so."""
    start = len(_MARK) + len(_sum(b""))
    body = memoryview(data)[start:]
    if data[:start] != _MARK + _sum(body):
        return None
    try:
        return _DECODER.decode(body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _sum(data: bytes | memoryview) -> bytes:
    return zlib.crc32(data).to_bytes(4, "big")


def _raw(value: Any) -> memoryview:
    return memoryview(msgspec.msgpack.encode(value))


def _of(packed: msgspec.Raw, kind: Any) -> Any:
    return msgspec.msgpack.decode(packed, type=kind)
