"""How values move through a program: cells, what flows from one into another, what is done there.

A cell is a tuple: a scope, a name in it, then attributes, keys and indexes ("#0", "*" for any).
What is written at one place is followed to every place that it may reach.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple, TypeAlias

Cell: TypeAlias = tuple[object, ...]

ANY = "*"
PART, HOST, WHOLE = range(3)
"""How much of a value a move takes: a part of it, its host, all of it."""
_ROOT = 2
_DEEPEST = 6
_MOST = 500
"""Cells that one literal is followed to."""


class Spot(NamedTuple):
    """A port inside a template's own text.

    Attributes:
        leaf: the id of the template's node.
        stretch: which of its texts between holes.
        start, end: in that text, as the source has it.
        digits: what stands there.
    """

    leaf: int
    stretch: int
    start: int
    end: int
    digits: str


class Meeting(NamedTuple):
    """A host and the port that it is used with at one place.

    Attributes:
        ports: the cells of the port's value; none where it is not known, or stands in `spot`.
        spot: where a template has the port.
        scheme: what implies the port.
    """

    ports: tuple[Cell, ...] = ()
    spot: Spot | None = None
    scheme: str = ""


class Reached(NamedTuple):
    """Where a value may get.

    Attributes:
        cells: those that hold it as it is.
        tags: what is done with it.
        meetings: what ports it is used with.
        of_host: what ports its host alone is used with, where it is more than a host.
    """

    cells: frozenset[Cell]
    tags: frozenset[str]
    meetings: tuple[Meeting, ...]
    of_host: tuple[Meeting, ...] = ()


class Flow:
    """The moves of values through one module, and what is done with each."""

    def __init__(self) -> None:
        self._next: defaultdict[Cell, list[tuple[Cell, int]]] = defaultdict(list)
        self._done: defaultdict[Cell, set[str]] = defaultdict(set)
        self._own: defaultdict[Cell, set[str]] = defaultdict(set)
        self._meetings: defaultdict[Cell, list[Meeting]] = defaultdict(list)

    def move(self, sources: Iterable[Cell], target: Cell, how: int = WHOLE) -> None:
        """Let values flow into a cell; as a `PART` where they are only a part of what it holds."""
        for source in sources:
            if source != target:
                self._next[source].append((target, how))

    def note(self, cells: Iterable[Cell], *tags: str, own: bool = False) -> None:
        """Note what is done with cells; not with the items of lists in them where it is `own`."""
        for cell in cells:
            (self._own if own else self._done)[cell].update(tags)

    def meet(self, hosts: Iterable[Cell], meeting: Meeting) -> None:
        """Note that hosts are used with a port."""
        for cell in hosts:
            self._meetings[cell].append(meeting)

    def follow(self, start: Cell, *, direct: bool = False) -> Reached:
        """Return what becomes of what is written at a cell."""
        held, todo = {start: WHOLE}, [start]
        while todo and len(held) < _MOST:
            cell = todo.pop()
            for target, how in self._moves(cell):
                left = min(held[cell], how)
                if left > held.get(target, -1):
                    held[target] = left
                    todo.append(target)
        exact = frozenset(cell for cell, how in held.items() if how == WHOLE)
        tags = frozenset(tag for cell in held for tag in self._tags(cell, () if direct else start))
        hosts = (cell for cell, how in held.items() if how == HOST)
        return Reached(exact, tags, self._all_met(exact), self._all_met(hosts))

    def _all_met(self, cells: Iterable[Cell]) -> tuple[Meeting, ...]:
        return tuple(dict.fromkeys(met for cell in cells for met in self._met(cell)))

    def _moves(self, cell: Cell) -> Iterator[tuple[Cell, int]]:
        for prefix, rest in _prefixes(cell):
            for target, how in self._next.get(prefix, ()):
                to = target + rest if how == WHOLE else target
                # Cut short, a field of another module's class would be the class itself.
                if len(to) <= _DEEPEST or to[0] != "module":
                    yield to[:_DEEPEST], how

    def _tags(self, cell: Cell, start: Cell) -> Iterator[str]:
        for prefix, rest in _prefixes(cell):
            if not rest:
                yield from self._own.get(prefix, ())
            if prefix != start and all(_is_index(name) for name in rest):
                yield from self._done.get(prefix, ())

    def _met(self, cell: Cell) -> Iterator[Meeting]:
        for prefix, rest in _prefixes(cell):
            if all(_is_index(name) for name in rest):
                yield from self._meetings.get(prefix, ())


def _is_index(name: object) -> bool:
    return isinstance(name, str) and (name == ANY or name.startswith("#"))


def _prefixes(cell: Cell) -> Iterator[tuple[Cell, Cell]]:
    """Yield the beginnings of a cell, keys also as any key, each with the rest."""
    for length in range(_ROOT, len(cell) + 1):
        choices = [(name, ANY) if name != ANY else (ANY,) for name in cell[_ROOT:length]]
        for names in product(*choices):
            yield (*cell[:_ROOT], *names), cell[length:]
