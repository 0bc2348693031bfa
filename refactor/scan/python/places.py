"""Where in a Python program a string stands: what it is called, and who its siblings are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import NamedTuple

import libcst as cst

NO_TAGS: frozenset[str] = frozenset()


class Place(NamedTuple):
    """The place of an expression.

    Attributes:
        path, key, scope, tags: as in `model.Literal`; a block of statements has no key.
        is_key: what stands here is looked up by: a dict's key, a subscript.
    """

    path: tuple[str, ...] = ()
    key: str = ""
    scope: int = 0
    tags: frozenset[str] = NO_TAGS
    is_key: bool = False

    def under(self, name: str, scope: int, tags: frozenset[str] = NO_TAGS) -> Place:
        """Return the place below this one that goes by a name."""
        return Place((*self.path, name), name, scope, tags)

    @property
    def lasting(self) -> frozenset[str]:
        """The tags that hold for what stands deeper inside an argument, too."""
        return frozenset(tag for tag in self.tags if not tag.startswith("call:"))


class Step(NamedTuple):
    """A node to go to next.

    Attributes:
        node: the node.
        place: its place; None where nothing is to be found.
        is_part: it is a part of a string expression that has been noted already.
    """

    node: cst.CSTNode
    place: Place | None
    is_part: bool = False


class Site(NamedTuple):
    """A string expression or an integer in its place.

    Attributes:
        place: its place.
        parts: the strings that are joined in it, None for an operand that is not known.
    """

    place: Place
    parts: tuple[cst.CSTNode | None, ...]


class Names:
    """What names stand for in one module, and the numbers of its scopes.

    Attributes:
        aliases: the dotted name that each imported name stands for.
        scopes: gives numbers that are new in the file.
        bases: the first base of each class, by the class's name.
    """

    def __init__(self) -> None:
        self.aliases: dict[str, str] = {}
        self.scopes: Iterator[int] = count(1)
        self.bases: dict[str, str] = {}
        self._owned: dict[tuple[int, str], int] = {}
        self._outer: dict[int, int] = {}

    def scope_of(self, scope: int, owner: str) -> int:
        """Return the scope of what is set on one object in a block: `self.host`, `d["host"]`.

        Args:
            owner: the object's dotted name; "" for the block itself.
        """
        if not owner:
            return scope
        if (scope, owner) not in self._owned:
            own = self._owned[scope, owner] = next(self.scopes)
            if scope in self._outer:
                self._outer[own] = self.scope_of(self._outer[scope], owner)
        return self._owned[scope, owner]

    def branch(self, place: Place) -> Place:
        """Return the place of a block that may not run: its names are not its siblings' names."""
        scope = next(self.scopes)
        self._outer[scope] = place.scope
        return place._replace(scope=scope)

    def arm(self, place: Place, condition: str) -> Place:
        """Return the place of what holds under a condition, beside all that holds under it."""
        own = (place.scope, f"if {condition}")
        if own not in self._owned:
            self._owned[own] = self.branch(place).scope
        return place._replace(scope=self._owned[own])

    def home(self, scope: int, with_ports: set[int]) -> int:
        """Return the scope in which a host looks for its port: a branch without one looks out."""
        while scope in self._outer and scope not in with_ports:
            scope = self._outer[scope]
        return scope
