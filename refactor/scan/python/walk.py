"""Goes through a Python tree and notes every string expression in its place.

No recursion: what a program nests deep, the walk keeps on a list of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, cast

import libcst as cst

from refactor.scan.base import PORTISH
from refactor.scan.python import calls, expressions, statements
from refactor.scan.python.places import Names, Place, Site, Step
from refactor.scan.python.tree import FORMATTED, STRINGS, children, kind, text_operands

_HANDLERS: dict[str, Callable[[Any, Place, Names], Iterable[Step]]] = {
    "AnnAssign": statements.assign_one,
    "Assert": statements.asserted,
    "Assign": statements.assign,
    "AugAssign": statements.assign_one,
    "BinaryOperation": expressions.operation,
    "Call": calls.call,
    "ClassDef": statements.class_definition,
    "CompFor": expressions.comprehension,
    "Comparison": expressions.comparison,
    "Dict": expressions.dictionary,
    "Else": statements.otherwise,
    "ExceptHandler": statements.handler,
    "ExceptStarHandler": statements.handler,
    "Expr": statements.statement,
    "For": statements.loop,
    "FunctionDef": statements.function,
    "If": statements.branches,
    "IfExp": expressions.conditional,
    "Import": statements.imported,
    "ImportFrom": statements.imported,
    "List": expressions.items,
    "Match": statements.matched,
    "NamedExpr": statements.assign_one,
    "Param": statements.parameter,
    "Raise": statements.raised,
    "Return": statements.returned,
    "Set": expressions.items,
    "Subscript": expressions.subscript,
    "Tuple": expressions.items,
    "UnaryOperation": expressions.signed,
}

# Types, which hold no address whatever they hold.
_SILENT = frozenset({"TypeAlias", "TypeParameters"})


class Walked(NamedTuple):
    """What a module holds.

    Attributes:
        leaves: the nodes of its strings and small integers, in source order.
        sites: its string expressions and integers in their places.
        names: of the module.
    """

    leaves: list[cst.CSTNode]
    sites: list[Site]
    names: Names


def walk(module: cst.Module) -> Walked:
    """Return the strings and integers of a module with their places."""
    walked = Walked([], [], Names())
    todo = [Step(module, Place())]
    while todo:
        steps = list(_steps(todo.pop(), walked))
        steps.reverse()
        todo += steps
    return walked


def _steps(step: Step, walked: Walked) -> Iterable[Step]:
    """Note a node if it is a string or an integer; return where to go from it."""
    node, place, _ = step
    name = kind(node)
    if name in STRINGS or name == "Integer":
        return _leaf(step, name, walked)
    if place is None or name in _SILENT:
        return [Step(child, None) for child in children(node)]
    if name == "Annotation":
        return statements.annotated(cast("cst.Annotation", node), place)
    if name in ("ConcatenatedString", "BinaryOperation"):
        operands = text_operands(node)
        if operands:
            return _joined(operands, place, walked)
    handler = _HANDLERS.get(name)
    if handler is not None:
        return handler(node, place, walked.names)
    return [Step(child, place) for child in children(node)]


def _leaf(step: Step, name: str, walked: Walked) -> Iterable[Step]:
    node, place, is_part = step
    if isinstance(node, cst.Integer):
        if not PORTISH.match(node.value):
            return ()
        place = None if place is None or place.is_key else place
    walked.leaves.append(node)
    if place is not None and not is_part:
        walked.sites.append(Site(place, (node,)))
    if name not in FORMATTED:
        return ()
    inner = calls.argument(place, walked.names) if place is not None else None
    return [Step(child, inner) for child in children(node)]


def _joined(operands: list[cst.CSTNode], place: Place, walked: Walked) -> Iterable[Step]:
    """Note strings that are joined as the one text they make."""
    texts = [kind(part) in STRINGS for part in operands]
    parts = (part if text else None for part, text in zip(operands, texts, strict=True))
    walked.sites.append(Site(place, tuple(parts)))
    inner = calls.argument(place, walked.names)
    return [
        Step(part, place, is_part=True) if text else Step(part, inner)
        for part, text in zip(operands, texts, strict=True)
    ]
