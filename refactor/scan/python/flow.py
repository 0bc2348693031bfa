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


class _Facts(NamedTuple):
    """What is known of one cell, by all beginnings of it.

    Attributes:
        moves: where its value goes, and how much of it.
        own: what is done with it, and not with the items of a list in it.
        done: what is done with it, by the cell where that was noted.
        met: the ports that it is used with.
    """

    moves: tuple[tuple[Cell, int], ...]
    own: frozenset[str]
    done: tuple[tuple[Cell, set[str]], ...]
    met: tuple[Meeting, ...]


_UNKNOWN = _Facts((), frozenset(), (), ())


class Flow:
    """The moves of values through one module, and what is done with each."""

    def __init__(self) -> None:
        self._next: defaultdict[Cell, list[tuple[Cell, int]]] = defaultdict(list)
        self._done: defaultdict[Cell, set[str]] = defaultdict(set)
        self._own: defaultdict[Cell, set[str]] = defaultdict(set)
        self._meetings: defaultdict[Cell, list[Meeting]] = defaultdict(list)
        self._facts: dict[Cell, _Facts] = {}

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
        """Return what becomes of what is written at a cell; nothing is noted from then on."""
        held, todo = {start: WHOLE}, [start]
        while todo and len(held) < _MOST:
            cell = todo.pop()
            for target, how in self._known(cell).moves:
                left = min(held[cell], how)
                if left > held.get(target, -1):
                    held[target] = left
                    todo.append(target)
        exact = [cell for cell, how in held.items() if how == WHOLE]
        hosts = (cell for cell, how in held.items() if how == HOST)
        tags = self._tags(held, () if direct else start)
        return Reached(frozenset(exact), tags, self._all_met(exact), self._all_met(hosts))

    def _all_met(self, cells: Iterable[Cell]) -> tuple[Meeting, ...]:
        return tuple(dict.fromkeys(met for cell in cells for met in self._known(cell).met))

    def _tags(self, cells: Iterable[Cell], start: Cell) -> frozenset[str]:
        found: set[str] = set()
        for cell in cells:
            facts = self._known(cell)
            found |= facts.own
            for noted, tags in facts.done:
                if noted != start:
                    found |= tags
        return frozenset(found)

    def _known(self, cell: Cell) -> _Facts:
        known = self._facts.get(cell)
        if known is None:
            known = self._facts[cell] = self._read(cell)
        return known

    def _read(self, cell: Cell) -> _Facts:
        moves: list[tuple[Cell, int]] = []
        own: set[str] = set()
        done: list[tuple[Cell, set[str]]] = []
        met: list[Meeting] = []
        for prefix, rest in _prefixes(cell):
            moves += _moved(self._next.get(prefix, ()), rest)
            if not rest:
                own.update(self._own.get(prefix, ()))
            if all(_is_index(name) for name in rest):
                done += [(prefix, self._done[prefix])] if prefix in self._done else []
                met += self._meetings.get(prefix, ())
        if not (moves or own or done or met):
            return _UNKNOWN
        return _Facts(tuple(moves), frozenset(own), tuple(done), tuple(met))


def _moved(targets: Iterable[tuple[Cell, int]], rest: Cell) -> Iterator[tuple[Cell, int]]:
    for target, how in targets:
        to = target + rest if how == WHOLE else target
        # Cut short, a field of another module's class would be the class itself.
        if len(to) <= _DEEPEST or to[0] != "module":
            yield to[:_DEEPEST], how


def _is_index(name: object) -> bool:
    return isinstance(name, str) and (name == ANY or name.startswith("#"))


def _prefixes(cell: Cell) -> Iterator[tuple[Cell, Cell]]:
    """Yield the beginnings of a cell, keys also as any key, each with the rest."""
    for length in range(_ROOT, len(cell) + 1):
        choices = [(name, ANY) if name != ANY else (ANY,) for name in cell[_ROOT:length]]
        for names in product(*choices):
            yield (*cell[:_ROOT], *names), cell[length:]
