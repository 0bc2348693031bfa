"""Literals of a Python program with what becomes of them in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import libcst as cst
from msgspec.structs import replace

from refactor.model import Dial, Literal
from refactor.scan.base import BLOCK, PORTISH, TAKES_BLOCKS
from refactor.scan.python.flow import Cell, Meeting, Reached
from refactor.scan.python.index import Index
from refactor.scan.python.lexer import PythonToken
from refactor.scan.python.uses import HANDLERS
from refactor.text.view import View

OTHER_PORT = "other-port"
"""The tag of an address whose host the program uses with another port, too."""
_LINE_END = re.compile(r"\r\n|\r|\n")


def followed(
    text: str,
    module: cst.Module,
    aliases: Mapping[str, str],
    tokens: Mapping[int, PythonToken],
    owners: Sequence[int],
    literals: tuple[Literal, ...],
) -> tuple[Literal, ...]:
    """Return literals with what the module does with them.

    Tags: "compare", "lookup", "call:<dotted name>" for calls that get it, with "(<keyword>)" too
    where it has one, "read:<dotted name>" for the outermost call around each mention.
    """
    if all(PORTISH.match(literal.view.text) for literal in literals):
        return literals
    try:
        index = Index(module, aliases, _Lines(text, tokens).of, HANDLERS)
    except RecursionError:
        return literals
    told = [
        _Followed(
            index.flow.follow(("leaf", owner)),
            literal,
            index.flow.follow(("hole", owner), direct=True),
        )
        for owner, literal in zip(owners, literals, strict=True)
    ]
    ports = _origins(told)
    literals = tuple(_dialled(item, ports, text, tokens) for item in told)
    return tuple(
        replace(literal, exports=exports) if exports else literal
        for literal, item in zip(literals, told, strict=True)
        for exports in [index.exports(item.reached.cells)]
    )


class _Followed(NamedTuple):
    """A literal, what becomes of it, and the port in a hole behind its host."""

    reached: Reached
    literal: Literal
    behind: Reached

    @property
    def meetings(self) -> tuple[Meeting, ...]:
        return self.behind.meetings or self.reached.meetings


def _tagged(item: _Followed) -> Literal:
    tags = item.reached.tags | item.behind.tags
    if BLOCK in tags:  # `f"{BASE}/32"` of a URL is a path
        tags -= {BLOCK}
        tags |= set() if "/" in item.literal.view.text else {TAKES_BLOCKS}
    return replace(item.literal, tags=item.literal.tags | tags) if tags else item.literal


def _origins(told: Sequence[_Followed]) -> Mapping[Cell, Sequence[Literal]]:
    """Return the ports that may be in each cell."""
    found: defaultdict[Cell, list[Literal]] = defaultdict(list)
    met = (m for item in told for m in (*item.meetings, *item.reached.of_host))
    if any(meeting.ports for meeting in met):
        for item in told:
            if PORTISH.match(item.literal.view.text):
                for cell in item.reached.cells:
                    found[cell].append(_tagged(item))
    return found


def _uses_another_port(
    item: _Followed,
    ports: Mapping[Cell, Sequence[Literal]],
    text: str,
    tokens: Mapping[int, PythonToken],
) -> bool:
    """Whether the host of `10.0.4.17:80` is used with a port that is not the one beside it."""
    literal = item.literal
    dials = (_dial(meeting, ports, literal, text, tokens) for meeting in item.reached.of_host)
    written = {port.view.text for dial in dials for port in dial.ports}
    return any(not re.search(rf":{port}(?!\d)", literal.view.text) for port in written)


def _dialled(
    item: _Followed,
    ports: Mapping[Cell, Sequence[Literal]],
    text: str,
    tokens: Mapping[int, PythonToken],
) -> Literal:
    literal = _tagged(item)
    if item.reached.of_host and _uses_another_port(item, ports, text, tokens):
        literal = replace(literal, tags=literal.tags | {OTHER_PORT})
    if PORTISH.match(literal.view.text) or "embedded" in literal.tags:
        return literal
    dials = tuple(_dial(meeting, ports, literal, text, tokens) for meeting in item.meetings)
    return replace(literal, dials=tuple(dict.fromkeys(dials))) if dials else literal


def _dial(
    meeting: Meeting,
    ports: Mapping[Cell, Sequence[Literal]],
    host: Literal,
    text: str,
    tokens: Mapping[int, PythonToken],
) -> Dial:
    if meeting.spot is None:
        found = [port for cell in meeting.ports for port in ports.get(cell, ())]
        unique = {port.view: port for port in found}
        return Dial(tuple(unique.values()), meeting.scheme)
    leaf, stretch, start, end, _ = meeting.spot
    begin = tokens[leaf].texts[stretch].start
    view = View.plain(text[begin + start : begin + end], begin + start)
    return Dial((Literal(view, "port", (*host.path[:-1], "port"), tags=host.tags),))


class _Lines:
    """Tells the lines of a module's strings."""

    def __init__(self, text: str, tokens: Mapping[int, PythonToken]) -> None:
        self._text = text
        self._tokens = tokens
        self._ends: list[int] | None = None

    def of(self, node: cst.CSTNode) -> int:
        if self._ends is None:
            self._ends = [found.end() for found in _LINE_END.finditer(self._text)]
        return bisect_right(self._ends, self._tokens[id(node)].start) + 1
