"""What follows from who reads an address: docs/semantics.md, section 2, "The reader"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from refactor.model import (
    Finding,
    MissingService,
    Refusal,
    Resolution,
    ServiceRef,
    Target,
    WorkloadRef,
)
from refactor.repository.consumers import without_names
from refactor.repository.model import Reader
from refactor.text.key_words import spelled

if TYPE_CHECKING:
    from refactor.inventory import Inventory

# Where a member of a cluster finds the others (ZooKeeper, etcd, Elasticsearch, Cassandra, Kafka,
# RabbitMQ, Redis, Consul, NATS, MinIO, Galera): all members, itself among them.
_PEERS = re.compile(
    r"(?:^|[._])(?:servers(?:_list)?|server[._]\d+|seeds?|seed_(?:hosts|nodes|list)|peers?|peer_list"
    r"|members?|nodes|initial_cluster|initial_members|unicast_hosts|voters|routes|replicas|ensemble"
    r"|join|retry_join|start_join|cluster_(?:addr|address|addresses|addrs|nodes|hosts|members|peers))$"
)
_NETWORKS = {
    "compose": "a compose project resolves its own services' names and no Kubernetes name",
    "outside": "programs outside the cluster cannot resolve a Service's name",
}


def elsewhere(readers: Sequence[Reader]) -> Refusal | None:
    """Return why a reader on another network keeps an address; None where none does."""
    for reader in readers:
        if why := _NETWORKS.get(reader.network):
            return Refusal("readers", "kept-field", f"{reader.evidence}: {why}")
    return None


def unnamed(readers: Sequence[Reader]) -> Refusal | None:
    """Return why a reader could not look a Service's name up; None where all of them can."""
    for reader in readers:
        on_host = reader.network == "host"
        if why := without_names(host_network=on_host, dns_policy=reader.dns_policy):
            return Refusal("name", "unproven", f"{reader}: {why}")
    return None


def own(
    readers: Sequence[Reader], resolution: Resolution | None, inventory: Inventory
) -> WorkloadRef | None:
    """Return the workload that reads its own address; None where another one is read of."""
    known = [reader.workload for reader in readers]
    if not known or None in known:
        return None
    stood = stands_for(resolution, inventory)
    alike = [w for w in known if w and any(_same(w, other) for other in stood)]
    return alike[0] if len(alike) == len(known) else None


def own_words(workload: WorkloadRef) -> Refusal:
    """Return why a workload's own address stays."""
    why = f"it stands for {workload}, which reads it: it may be the program's own address"
    return Refusal("readers", "own", why)


def is_peer_list(finding: Finding, workload: WorkloadRef, flag: str = "") -> bool:
    """Say whether a place, or the flag before it, lists the members of the reader's StatefulSet."""
    path = ".".join(spelled(part) for part in finding.path[-3:])
    names = (spelled(finding.key), path, spelled(flag))
    return workload.kind == "StatefulSet" and any(
        _PEERS.search(re.sub(r"[._]\d+$", "", name)) or _PEERS.search(name) for name in names
    )


def stands_for(resolution: Resolution | None, inventory: Inventory) -> frozenset[WorkloadRef]:
    """Return the workloads whose pods answer at an address."""
    if isinstance(resolution, MissingService):
        return frozenset({resolution.workload})
    if not isinstance(resolution, Target):
        return frozenset()
    ref = resolution.service
    return inventory.remembered(("stands for", ref), lambda: frozenset(_behind(ref, inventory)))


def _behind(ref: ServiceRef, inventory: Inventory) -> Iterator[WorkloadRef]:
    service = inventory.services.get(ref)
    for pod in inventory.selection.pods_of(service) if service else ():
        if made := inventory.owners_of(pod):
            yield made[-1]


def _same(one: WorkloadRef, other: WorkloadRef) -> bool:
    return (one.kind, one.name) == (other.kind, other.name) and one.namespace in (
        "",
        other.namespace,
    )
