"""Who waits for whom: a Service that is missing belongs to the repository that makes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import NamedTuple


class ServiceRequest(NamedTuple):
    """What a repository's plan makes, and what it rests on.

    Attributes:
        name: the repository's.
        provides: Services that it makes.
        needs: Services that others have to make.
    """

    name: str
    provides: frozenset[str]
    needs: frozenset[str]


class Wait(NamedTuple):
    """A repository that another one waits for.

    Attributes:
        provider: its name.
        service: that it makes.
    """

    provider: str
    service: str


class Order(NamedTuple):
    """The order of the campaign.

    Attributes:
        names: every repository, providers before those that wait for them.
        waits: of each repository that waits.
        cycles: repositories that wait for one another, which therefore do not.
        unmet: Services that a repository needs and no repository makes.
    """

    names: tuple[str, ...]
    waits: Mapping[str, tuple[Wait, ...]]
    cycles: tuple[tuple[str, ...], ...]
    unmet: Mapping[str, tuple[str, ...]]

    def cycle_of(self, name: str) -> tuple[str, ...]:
        """Return the repositories that a repository waits for in a circle, itself included."""
        return next((cycle for cycle in self.cycles if name in cycle), ())


def order(asks: Iterable[ServiceRequest]) -> Order:
    """Return an order in which every repository comes after those it waits for."""
    asks = sorted(asks)
    makers: dict[str, str] = {}
    for ask in asks:
        for service in sorted(ask.provides):
            makers.setdefault(service, ask.name)
    waits = {ask.name: _waits(ask, makers) for ask in asks}
    graph = {name: {wait.provider for wait in of} for name, of in waits.items()}
    cycles = tuple(_cut_cycles(graph))
    kept = {
        name: tuple(wait for wait in of if wait.provider in graph[name])
        for name, of in waits.items()
    }
    return Order(
        names=tuple(TopologicalSorter(graph).static_order()),
        waits={name: of for name, of in kept.items() if of},
        cycles=cycles,
        unmet={a.name: left for a in asks if (left := tuple(sorted(a.needs - makers.keys())))},
    )


def _waits(ask: ServiceRequest, makers: Mapping[str, str]) -> tuple[Wait, ...]:
    return tuple(
        Wait(makers[service], service)
        for service in sorted(ask.needs)
        if makers.get(service, ask.name) != ask.name
    )


def _cut_cycles(graph: dict[str, set[str]]) -> Iterable[tuple[str, ...]]:
    """Take the edges of every circle out of the graph, and return the circles."""
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle: list[str] = error.args[1]
            # graphlib gives it as each node before the one that waits for it.
            for before, after in pairwise(circle):
                graph[after].discard(before)
            yield tuple(sorted(set(circle)))
        else:
            return
