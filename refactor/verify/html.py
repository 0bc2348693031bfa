"""The verdicts and the map of calls as one page."""

from __future__ import annotations

from typing import NamedTuple

from refactor.report.page import page
from refactor.verify.calls import Connection, calls
from refactor.verify.model import VERDICTS, Verification

_ROW, _LEFT, _WIDTH, _TOP, _LETTERS = 30, 300, 1000, 12, 40


class Box(NamedTuple):
    """A caller or a Service of the map: its name, whole and cut, and its middle."""

    name: str
    shown: str
    y: int


class Edge(NamedTuple):
    """A call of the map."""

    path: str
    port: str
    broken: bool
    title: str


def html(told: Verification) -> str:
    """Return a page that needs nothing else."""
    found = calls(told)
    left = _boxes({call.caller for call in found})
    right = _boxes({call.callee for call in found})
    return page(
        "verify.html",
        ["report.css", "verify.css"],
        [],
        told=told,
        broken=told.broken,
        verdicts=VERDICTS,
        left=list(left.values()),
        right=list(right.values()),
        edges=[_edge(call, left, right) for call in found],
        height=_ROW * max(len(left), len(right), 1) + 2 * _TOP,
    )


def _boxes(names: set[str]) -> dict[str, Box]:
    return {
        name: Box(name, _cut(name), _TOP + _ROW * at + _ROW // 2)
        for at, name in enumerate(sorted(names))
    }


def _cut(name: str) -> str:
    return name if len(name) <= _LETTERS else f"…{name[1 - _LETTERS :]}"


def _edge(call: Connection, left: dict[str, Box], right: dict[str, Box]) -> Edge:
    start, end = left[call.caller].y, right[call.callee].y
    first, last = _LEFT, _WIDTH - _LEFT
    bend = (last - first) // 2
    path = f"M{first} {start}C{first + bend} {start} {last - bend} {end} {last} {end}"
    port = f":{call.port}" if call.port else ""
    return Edge(path, call.port, call.broken, f"{call.caller} calls {call.callee}{port}")
