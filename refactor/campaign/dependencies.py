"""What the repositories of a campaign need of one another: Services are of one cluster each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from refactor.campaign.order import ServiceRequest
from refactor.campaign.repositories import home_of
from refactor.campaign.spec import Campaign
from refactor.campaign.state import States
from refactor.campaign.values import Result
from refactor.model import MissingService, ServiceRef


class _Link(NamedTuple):
    cluster: str
    provides: frozenset[str]
    needs: frozenset[str]
    asks: tuple[MissingService, ...]
    withheld: Mapping[str, str]


class Links:
    """What each repository needs and makes, by the plans that are kept."""

    def __init__(self, links: Mapping[str, _Link]) -> None:
        self._links = links
        self._asked: defaultdict[str, dict[MissingService, set[str]]] = defaultdict(dict)
        self._made: defaultdict[str, set[str]] = defaultdict(set)
        for name, link in links.items():
            self._made[link.cluster] |= link.provides
            for ask in link.asks:
                self._asked[link.cluster].setdefault(ask, set()).add(name)

    def asked_of(self, name: str, cluster: str) -> tuple[MissingService, ...]:
        """Return the Services that other repositories of a cluster lack."""
        asked = self._asked.get(cluster, {})
        return tuple(sorted((ask for ask, by in asked.items() if by != {name}), key=repr))

    def assumed_of(self, name: str) -> tuple[ServiceRef, ...]:
        """Return the Services that a repository lacks and that another one makes."""
        link = self._links.get(name)
        if link is None:
            return ()
        made = sorted(link.needs & self._made[link.cluster])
        return tuple(ServiceRef.read(service) for service in made)

    def withheld_of(self, name: str) -> list[str]:
        """Return why Services that a repository lacks are not made where their workload is."""
        link = self._links.get(name)
        if link is None:
            return []
        lacked = {f"{ask.workload.namespace}/{ask.workload.name}" for ask in link.asks}
        return [
            f"{other} cannot make a Service for {workload}: {why}"
            for other, theirs in self._links.items()
            for workload, why in theirs.withheld.items()
            if theirs.cluster == link.cluster and workload in lacked and other != name
        ]

    def asks(self) -> Iterator[ServiceRequest]:
        """Return the same as names for an order."""
        for name, link in self._links.items():
            yield ServiceRequest(
                name,
                frozenset(f"{link.cluster}\t{service}" for service in link.provides),
                frozenset(f"{link.cluster}\t{service}" for service in link.needs),
            )


def cluster_of(campaign: Campaign, name: str) -> str:
    """Return what tells the cluster of a repository from others: its inventories."""
    return "\n".join(home_of(campaign.homes, name).inventories)


def links_of(campaign: Campaign, states: States) -> Links:
    """Return what the repositories of a campaign need of one another."""
    outlines = states.outlines()
    return Links({n: _link(cluster_of(campaign, n), result) for n, result in outlines.items()})


def _link(cluster: str, result: Result) -> _Link:
    return _Link(
        cluster,
        frozenset(result.provides),
        frozenset(result.needs),
        result.asks,
        result.withheld,
    )
