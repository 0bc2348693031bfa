"""Which Services select a pod, and which pods a Service selects.

Every Service is filed under the rarest pair of its selector, so that a look-up touches the few
Services that share that pair with the pod, in a cluster of any size.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from refactor.inventory.lazy import RecordSequence
from refactor.inventory.records import Pod, Service

_Pair = tuple[str, str]
Key = tuple[str, _Pair]
"""A namespace, and a label with its value."""


class Selection:
    """Selectors and labels, joined."""

    def __init__(self, services: Iterable[Service], pods: RecordSequence[Pod]) -> None:
        self._services = [service for service in services if service.selector]
        self._pods = pods

    def services_of(self, pod: Pod) -> list[Service]:
        """Return the Services that select a pod, in no order.

        A Service selects by equality, in its own namespace; an empty selector selects nothing.
        """
        filed = self._filed.get(pod.namespace)
        if not filed:
            return []
        labels = pod.labels.items()
        return [
            service
            for pair in labels
            for service in filed.get(pair, ())
            if service.selector.items() <= labels
        ]

    def pods_of(self, service: Service) -> list[Pod]:
        """Return the pods that a Service selects and that have not finished, in no order."""
        wanted = service.selector.items()
        pair = self._rarest(service)
        numbers = self.pods_by_pair.get((service.namespace, pair), ()) if pair else ()
        pods = (self._pods[number] for number in numbers)
        return [pod for pod in pods if wanted <= pod.labels.items()]

    @cached_property
    def _counts(self) -> Counter[tuple[str, _Pair]]:
        return Counter((s.namespace, pair) for s in self._services for pair in s.selector.items())

    def _rarest(self, service: Service) -> _Pair | None:
        namespace, counts = service.namespace, self._counts
        return min(
            service.selector.items(), key=lambda pair: (counts[namespace, pair], pair), default=None
        )

    @cached_property
    def _filed(self) -> dict[str, dict[_Pair, list[Service]]]:
        filed: defaultdict[str, defaultdict[_Pair, list[Service]]]
        filed = defaultdict(lambda: defaultdict(list))
        for service in self._services:
            if pair := self._rarest(service):
                filed[service.namespace][pair].append(service)
        return {namespace: dict(by_pair) for namespace, by_pair in filed.items()}

    @cached_property
    def pods_by_pair(self) -> Mapping[Key, Sequence[int]]:
        """Numbers of pods that have not finished, by the pairs that Services are filed under."""
        found: dict[Key, list[int]] = {
            (namespace, pair): [] for namespace, filed in self._filed.items() for pair in filed
        }
        for number, pod in enumerate(self._pods):
            if not pod.finished:
                for pair in pod.labels.items():
                    if (held := found.get((pod.namespace, pair))) is not None:
                        held.append(number)
        return found
