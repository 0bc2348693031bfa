"""YAML to plain data, without constructors, without recursion, and bounded.

Only what JSON has comes out: mappings with string keys, lists, strings, integers, booleans, null.
An alias shares its anchor's data, and counts with all that it stands for, so that a short text
cannot stand for a thousand million nodes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from refactor.yaml.events import (
    MAX_DEPTH,
    REFUSALS,
    problem_of,
    pure_events,
    quick_events,
    resolved,
)

MAX_NODES = 20_000_000
"""Nodes of one text, aliases written out."""

_PURE_LIMIT = 1 << 18  # code points; the pure parser reads some 60,000 a second


class NotYamlError(Exception):
    """A text does not parse.

    Attributes:
        line: where, from 1; 0 where it is not known.
    """

    def __init__(self, problem: str, line: int = 0) -> None:
        super().__init__(problem)
        self.line = line


class TooMuchError(Exception):
    """A text nests too deeply, or its aliases stand for too much."""


def documents(text: str) -> list[Any]:
    """Return the data of each document.

    libyaml reads first; what it refuses (URLs in flow lists) the slower pure parser may read.

    Raises:
        NotYamlError: it does not parse.
        TooMuchError: it nests too deeply, or its aliases stand for too much.
    """
    try:
        return list(_built(quick_events(text)))
    except NotYamlError:
        if len(text) > _PURE_LIMIT:
            raise
    return list(_built(pure_events(text)))


def _built(events: Iterator[Any]) -> Iterator[Any]:
    builder = _Builder()
    try:
        for event in events:
            if type(event) is DocumentEndEvent:
                yield builder.root()
            else:
                builder.take(event)
    except REFUSALS as error:
        mark = getattr(error, "problem_mark", None)
        raise NotYamlError(problem_of(error), mark.line + 1 if mark else 0) from error


class _Open:
    """A collection whose end has not come yet."""

    def __init__(self, event: Any, size: int) -> None:
        self.is_mapping = type(event) is MappingStartEvent
        self.anchor = event.anchor
        self.size = size
        self.children: list[Any] = []

    @property
    def at_key(self) -> bool:
        return self.is_mapping and len(self.children) % 2 == 0

    def close(self) -> Any:
        return _mapping(self.children) if self.is_mapping else self.children


class _Builder:
    def __init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._size = 0
        self._root: Any = None

    def root(self) -> Any:
        """Return the finished document."""
        return self._root

    def take(self, event: Any) -> None:
        """Take the next event in."""
        kind = type(event)
        if kind is ScalarEvent:
            self._scalar(event)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            self._open(event)
        elif issubclass(kind, CollectionEndEvent):
            done = self._stack.pop()
            self._add(done.close(), done.anchor, done.size)
        elif kind is AliasEvent:
            value, size = self._anchors[event.anchor]
            self._count(size)
            self._add(value)
        elif kind is DocumentStartEvent:
            self._start()

    def _open(self, event: Any) -> None:
        self._count(1)
        self._stack.append(_Open(event, self._size))
        if len(self._stack) > MAX_DEPTH:
            message = f"nests deeper than {MAX_DEPTH} collections"
            raise TooMuchError(message)

    def _scalar(self, event: Any) -> None:
        self._count(1)
        is_key = bool(self._stack) and self._stack[-1].at_key
        plain = not is_key and event.implicit[0]
        self._add(resolved(event.value) if plain else event.value, event.anchor, self._size)

    def _count(self, nodes: int) -> None:
        self._size += nodes
        if self._size > MAX_NODES:
            message = f"stands for more than {MAX_NODES} nodes, aliases written out"
            raise TooMuchError(message)

    def _add(self, value: Any, anchor: str | None = None, since: int = 0) -> None:
        if anchor is not None:
            self._anchors[anchor] = (value, self._size - since + 1)
        if self._stack:
            self._stack[-1].children.append(value)
        else:
            self._root = value


def _mapping(children: list[Any]) -> dict[str, Any]:
    keys = (key if isinstance(key, str) else "" for key in children[::2])
    own = dict(zip(keys, children[1::2], strict=True))
    if "<<" not in own:
        return own
    merged: dict[str, Any] = {}
    given = own.pop("<<")
    for other in reversed(given if isinstance(given, list) else [given]):
        merged |= other if isinstance(other, dict) else {}
    return merged | own
