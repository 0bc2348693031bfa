"""Objects by number: those that are at hand, and those that are made when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, Protocol, SupportsIndex, TypeVar

import msgspec

from refactor.inventory.names import Numbers, numbered

_K = TypeVar("_K")
_T = TypeVar("_T")
_V = TypeVar("_V")
_T_co = TypeVar("_T_co", covariant=True)


class RecordSequence(Protocol[_T_co]):
    """Objects in a row."""

    def __getitem__(self, number: SupportsIndex, /) -> _T_co:
        """Return one of them."""

    def __iter__(self) -> Iterator[_T_co]:
        """Yield all of them."""

    def __len__(self) -> int:
        """Return how many there are."""


class Shelf(Generic[_T]):
    """Objects that are decoded, each once, when they are asked for."""

    def __init__(self, packed: memoryview, kind: Any) -> None:
        """Take an array of objects."""
        self._packed = packed
        self._decoder: msgspec.msgpack.Decoder[_T] = msgspec.msgpack.Decoder(kind)
        self._made: dict[int, _T] = {}

    @cached_property
    def _items(self) -> list[msgspec.Raw]:
        return msgspec.msgpack.decode(self._packed, type=list[msgspec.Raw])

    def __getitem__(self, number: SupportsIndex, /) -> _T:
        """Return the object of this number."""
        place = number.__index__()
        made = self._made.get(place)
        if made is None:
            made = self._made[place] = self._decoder.decode(self._items[place])
        return made

    def __iter__(self) -> Iterator[_T]:
        """Yield the objects in order."""
        return (self[number] for number in range(len(self._items)))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._items)


class Found(Mapping[_K, _V]):
    """What is made of numbers when it is asked for; the keys are at hand."""

    def __init__(self, numbers: Mapping[_K, Any]) -> None:
        """Take the numbers of objects, by key."""
        self._numbers = numbers

    def __contains__(self, key: object) -> bool:
        """Say whether there is anything by a key."""
        return key in self._numbers

    def __iter__(self) -> Iterator[_K]:
        """Yield the keys."""
        return iter(self._numbers)

    def __len__(self) -> int:
        """Return how many keys there are."""
        return len(self._numbers)


class ByKey(Found[_K, _T]):
    """Objects by their identity."""

    def __init__(self, keys: Sequence[_K], held: RecordSequence[_T]) -> None:
        """Take identities and objects, in the same order."""
        super().__init__({key: number for number, key in enumerate(keys)})
        self._held = held

    def __getitem__(self, key: _K) -> _T:
        """Return the object of an identity."""
        return self._held[self._numbers[key]]


class ByHost(Found[str, Sequence[_T]]):
    """Objects by a host that they have."""

    def __init__(self, numbers: Numbers, held: RecordSequence[_T]) -> None:
        """Take the numbers of the objects, and the objects."""
        super().__init__(numbers)
        self._held = held

    def __getitem__(self, host: str) -> list[_T]:
        """Return the objects that have a host."""
        return [self._held[number] for number in numbered(self._numbers[host])]
