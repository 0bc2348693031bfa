"""Endpoints by address and by Service, by way of the slices that list them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from refactor.inventory.endpoints import Endpoint, Endpoints, EndpointSlice
from refactor.inventory.lazy import Found, RecordSequence
from refactor.inventory.names import Number, Numbers, by_host, normal, numbered
from refactor.model import ServiceRef

Slice: TypeAlias = EndpointSlice | Endpoints


class SliceLookup(Protocol):
    """Where each endpoint is found; slices go by their numbers."""

    @property
    def by_address(self) -> Numbers:
        """Slices by the addresses they list."""

    @property
    def by_service(self) -> Mapping[tuple[str, str], Sequence[int]]:
        """Slices by the namespace and the name of their Service."""


class SliceIndex(NamedTuple):
    """See `SliceLookup`."""

    by_address: dict[str, Number]
    by_service: dict[tuple[str, str], list[int]]


def index_slices(slices: Iterable[Slice]) -> SliceIndex:
    """Look at each slice once."""
    pairs: list[tuple[str, int]] = []
    by_service: dict[tuple[str, str], list[int]] = {}
    for number, one in enumerate(slices):
        service, addresses = one.service, one.addresses
        if service is None or not addresses:
            continue
        by_service.setdefault((service.namespace, service.name), []).append(number)
        pairs += [(address, number) for address in addresses]
    return SliceIndex(by_host(pairs), by_service)


class ByAddress(Found[str, Sequence[Endpoint]]):
    """Endpoints by address; those of a slice are made when one of them is asked for."""

    def __init__(self, numbers: Numbers, slices: RecordSequence[Slice]) -> None:
        """Take the numbers of the slices, and the slices."""
        super().__init__(numbers)
        self._slices = slices
        self._made: dict[int, dict[str, list[Endpoint]]] = {}

    def __getitem__(self, host: str) -> list[Endpoint]:
        """Return the endpoints at an address."""
        numbers = numbered(self._numbers[host])
        return [one for number in numbers for one in self._of(number)[host]]

    def _of(self, number: int) -> dict[str, list[Endpoint]]:
        if number not in self._made:
            made: dict[str, list[Endpoint]] = {}
            for endpoint in self._slices[number].each():
                made.setdefault(normal(endpoint.address), []).append(endpoint)
            self._made[number] = made
        return self._made[number]


class ByService(Mapping[ServiceRef, Sequence[Endpoint]]):
    """Endpoints by Service."""

    def __init__(
        self, numbers: Mapping[tuple[str, str], Sequence[int]], slices: RecordSequence[Slice]
    ) -> None:
        """Take the numbers of the slices, and the slices."""
        self._numbers = numbers
        self._slices = slices

    def __getitem__(self, service: ServiceRef) -> list[Endpoint]:
        """Return the endpoints of a Service."""
        numbers = self._numbers[service.namespace, service.name]
        return [endpoint for number in numbers for endpoint in self._slices[number].each()]

    def __iter__(self) -> Iterator[ServiceRef]:
        """Yield the Services."""
        return (ServiceRef(*key) for key in self._numbers)

    def __len__(self) -> int:
        """Return how many Services there are."""
        return len(self._numbers)
