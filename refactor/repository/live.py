"""Who takes a ConfigMap or a Secret in the cluster, where the repository does not say it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from refactor.repository.model import Reader

if TYPE_CHECKING:
    from refactor.inventory import Inventory

_HASH = re.compile(r"-[a-z0-9]{10}\Z")
"""What Kustomize's generators put behind a name."""


def taking(inventory: Inventory, kind: str, name: str, namespace: str) -> Iterator[Reader]:
    """Yield the workloads of a cluster whose pods mount or import an object, each once.

    Args:
        namespace: the object's; "" for any.
    """
    pods, seen = inventory.objects.each_pod, set()
    for number in (*inventory.takers.get((kind, name), ()), *_hashed(inventory, kind, name)):
        pod = pods[number]
        owner = inventory.owners_of(pod)[-1]
        if owner not in seen and namespace in ("", pod.namespace):
            seen.add(owner)
            policy = pod.spec.dns_policy
            told = f"its pods take {kind} {name} in the cluster"
            yield Reader(
                owner,
                pod.namespace,
                "host" if pod.spec.host_network else "pod",
                "" if policy == "ClusterFirst" else policy,
                evidence=told,
            )


def _hashed(inventory: Inventory, kind: str, name: str) -> Iterator[int]:
    made = inventory.cache.get("hashed names")
    if made is None:
        made = {}
        for one, said in inventory.takers:
            if short := _HASH.sub("", said):
                made.setdefault((one, short), []).append(said)
        inventory.cache["hashed names"] = made
    for said in made.get((kind, name), ()):
        if said != name:
            yield from inventory.takers[kind, said]
