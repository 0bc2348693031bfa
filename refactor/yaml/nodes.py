"""A YAML text to trees whose scalars know their place; nothing is resolved or constructed.

The trees are built from parser events, so an alias stays an alias, a key may come twice, and deep
nesting costs no recursion. Scalars that are not asked for are kept as their bare value: most are,
and the garbage collector has nothing to do with them. libyaml reads first (ten times as quick);
what it refuses (URLs in flow lists, surrogate escapes of JSON) ruamel's own parser reads, one
document at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeAlias

from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from refactor.yaml.events import MAX_DEPTH, REFUSALS, problem_of, pure_events, quick_events
from refactor.yaml.stream import MARKER

_PURE_LIMIT = 1 << 20  # code points; ruamel's own parser reads some 300,000 a second
# All but YAML 1.2.2's printable characters (5.1), and what YAML 1.1 alone took for line ends (5.4).
_UNREADABLE = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_MARK_AT_START = re.compile("\\A\ufeff|(\r\n|\r|\n)\ufeff")


class Scalar(NamedTuple):
    """A scalar: its value, where it stands with `&anchor` and `!tag`, its style's indicator.

    Attributes:
        start, end: half-open, in code points; for block scalars `end` may be a line late.
        style: one of `"`, `'`, `|`, `>`, and "" for plain.
    """

    value: str
    start: int
    end: int
    style: str


class MappingNode(NamedTuple):
    """A mapping; `children` are its keys and values, in turn."""

    children: list[Node]


class SequenceNode(NamedTuple):
    """A sequence; `children` are its items."""

    children: list[Node]


class Alias(NamedTuple):
    """Another mention of an anchored node (None where no such anchor is)."""

    target: Node | None


Node: TypeAlias = "str | Scalar | MappingNode | SequenceNode | Alias"
"""A `str` is the value of a scalar that was not asked for."""

Asked = Callable[[str], bool]
"""Says of a scalar's value whether its place is wanted."""


class StreamPart(NamedTuple):
    """One document of a stream, or a stretch of the stream that does not parse.

    Attributes:
        root: the document; None where it does not parse.
    """

    root: Node | None
    start: int = 0
    end: int = 0
    problem: str = ""
    place: int = 0


class _Reading(NamedTuple):
    roots: list[Node]
    end: int
    problem: str
    place: int


def readable(text: str) -> str:
    """Return a text of the same length that a YAML parser does not refuse for its characters.

    Form feeds become spaces, other control characters and stray bytes U+FFFD. A byte order mark
    that begins a line (files that were put together) changes places with the line end before it.
    """
    if not _UNREADABLE.search(text) and "\ufeff" not in text:
        return text
    text = _MARK_AT_START.sub(lambda mark: " " + mark[1] if mark[1] else "\n", text)
    return _UNREADABLE.sub(lambda found: " " if found[0] in "\f\v" else "\ufffd", text)


def compose(text: str, asked: Asked) -> list[StreamPart]:
    """Return the documents of a text, in order; a broken one does not lose the others."""
    reading = _read(text, 0, len(text), asked, pure=False)
    parts = [StreamPart(root) for root in reading.roots]
    if not reading.problem:
        return parts
    starts = [reading.end]
    starts += [found.start() for found in MARKER.finditer(text, reading.end + 1)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        parts += _compose_chunk(text, start, end, asked)
    return parts


def _compose_chunk(text: str, start: int, end: int, asked: Asked) -> list[StreamPart]:
    reading = _read(text, start, end, asked, pure=False)
    if reading.problem and end - start <= _PURE_LIMIT:
        reading = _read(text, start, end, asked, pure=True)
    if reading.problem:
        return [StreamPart(None, start, end, reading.problem, reading.place)]
    return [StreamPart(root) for root in reading.roots]


def _read(text: str, start: int, end: int, asked: Asked, *, pure: bool) -> _Reading:
    """Read documents until the end or the first that does not parse."""
    roots: list[Node] = []
    done = start
    try:
        events = (pure_events if pure else quick_events)(text[start:end])
        for root, stop in _documents(events, start, asked):
            roots.append(root)
            done = stop
    except REFUSALS as error:
        mark = getattr(error, "problem_mark", None)
        place = start + min(mark.index, end - start) if mark else done
        return _Reading(roots, done, problem_of(error), place)
    return _Reading(roots, end, "", end)


def _documents(events: Iterator[Any], base: int, asked: Asked) -> Iterator[tuple[Node, int]]:
    """Build each document; yield it with the offset where it ends."""
    anchors: dict[str, Node] = {}
    stack: list[list[Node]] = [[]]
    for event in events:
        kind = type(event)
        if kind is ScalarEvent:
            node = _scalar(event, base) if asked(event.value) else event.value
            stack[-1].append(node)
            if event.anchor is not None:
                anchors[event.anchor] = node
        elif kind is AliasEvent:
            stack[-1].append(Alias(anchors.get(event.anchor)))
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            _open(
                MappingNode([]) if kind is MappingStartEvent else SequenceNode([]),
                event,
                stack,
                anchors,
            )
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            stack.pop()
        elif kind is DocumentEndEvent:
            yield stack[0][0], base + event.end_mark.index
            anchors, stack = {}, [[]]


def _scalar(event: Any, base: int) -> Scalar:
    start, end = event.start_mark.index, event.end_mark.index
    return Scalar(event.value, base + start, base + end, event.style or "")


def _open(
    node: MappingNode | SequenceNode, event: Any, stack: list[list[Node]], anchors: dict[str, Node]
) -> None:
    if len(stack) > MAX_DEPTH:
        message = f"nested deeper than {MAX_DEPTH} collections"
        raise ValueError(message)
    stack[-1].append(node)
    stack.append(node.children)
    if event.anchor is not None:
        anchors[event.anchor] = node


def pairs(node: MappingNode) -> Iterator[tuple[Node, Node]]:
    """Return a mapping's keys with their values."""
    return zip(node.children[::2], node.children[1::2], strict=True)


def text_of(node: Node | None) -> str:
    """Return a scalar's value, through an alias too; "" for anything else."""
    if isinstance(node, Alias):
        node = node.target
    if isinstance(node, str):
        return node
    return node.value if isinstance(node, Scalar) else ""
