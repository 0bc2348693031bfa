"""Who takes a ConfigMap or a Secret in the cluster, where the repository does not say it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
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


def _by_short_name(inventory: Inventory) -> Mapping[tuple[str, str], list[str]]:
    made: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for kind, said in inventory.takers:
        if short := _HASH.sub("", said):
            made[kind, short].append(said)
    return made


def _hashed(inventory: Inventory, kind: str, name: str) -> Iterator[int]:
    made = inventory.remembered("hashed names", partial(_by_short_name, inventory))
    for said in made.get((kind, name), ()):
        if said != name:
            yield from inventory.takers[kind, said]
