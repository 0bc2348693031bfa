"""The map of calls in Graphviz' language: what is broken in red."""

from __future__ import annotations

from refactor.report.receivers import clean, page
from refactor.verify.calls import Connection, calls
from refactor.verify.model import Verification


def dot(told: Verification) -> str:
    """Return a graph of callers and Services."""
    found = calls(told)
    lines = ["digraph calls {", "  rankdir=LR;", '  node [fontname="sans-serif"];']
    callers, callees = ({call.caller for call in found}, {call.callee for call in found})
    lines += [
        f"  {_quoted('> ' + one)} [label={_quoted(one)}, shape=box];" for one in sorted(callers)
    ]
    lines += [f"  {_quoted(one)} [shape=ellipse];" for one in sorted(callees)]
    lines += [_edge(call) for call in found]
    return page("\n".join([*lines, "}"]) + "\n")


def _edge(call: Connection) -> str:
    told = f"label={_quoted(call.port)}" + ", color=red, fontcolor=red" * call.broken
    return f"  {_quoted('> ' + call.caller)} -> {_quoted(call.callee)} [{told}];"


def _quoted(text: str) -> str:
    shown = clean(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{shown}"'
