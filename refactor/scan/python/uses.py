"""What is done with values in the expressions of a Python program."""

from __future__ import annotations

from typing import Any

import libcst as cst

from refactor.scan.python import holes
from refactor.scan.python import use_statements as statements
from refactor.scan.python.flow import ANY, Cell
from refactor.scan.python.index import COMPARED, Handlers, Index, leaf
from refactor.scan.python.observed import put_under
from refactor.scan.python.scopes import parameters
from refactor.scan.python.tree import FORMATTED, STRINGS, children, constant, kind, text_operands
from refactor.scan.python.use_calls import call, filled
from refactor.scan.python.use_notes import is_no_host

_NOTHING = frozenset({"None", "True", "False"})
_EMPTY = frozenset({"''", '""'})


def _leaf(_: Index, node: cst.CSTNode) -> list[Cell]:
    return [leaf(node)]


def _name(index: Index, node: cst.Name) -> list[Cell]:
    return index.lookup(node.value)


def _attribute(index: Index, node: cst.Attribute) -> list[Cell]:
    return [index.same((*cell, node.attr.value)) for cell in index.visit(node.value)]


def _subscript(index: Index, node: cst.Subscript) -> list[Cell]:
    owners = index.visit(node.value)
    match node.slice:
        case [cst.SubscriptElement(slice=cst.Index(value=cst.SimpleString() as key))]:
            return [(*cell, key.raw_value) for cell in owners]
        case [cst.SubscriptElement(slice=cst.Index(value=cst.Integer(value=number)))]:
            return [(*cell, f"#{number}") for cell in owners]
        case [cst.SubscriptElement(slice=cst.Slice() as part)]:
            index.visit_all(children(part, names=True))
            index.flow.note(owners, COMPARED, own=True)
            return owners
    for element in node.slice:
        if isinstance(element.slice, cst.Index):
            keys = index.visit(element.slice.value)
            # `Base[Model]` names a type, and looks nothing up.
            index.flow.note([c for c in keys if index.definition((c,)) is None], COMPARED)
    return [(*cell, ANY) for cell in owners]


def _text(index: Index, node: cst.CSTNode) -> list[Cell]:
    """An f-string, strings side by side, a sum with a string in it."""
    operands = text_operands(node)
    if not operands:
        return _operation(index, node)
    first = _first(operands)
    is_formatted = any(kind(part) in FORMATTED for part in operands)
    where = f"line {index.line(first)}" if is_formatted else ""
    return index.reading(
        where,
        lambda: filled(index, holes.pieces_of(operands, index.visit), first),
    )


def _first(operands: list[cst.CSTNode]) -> cst.CSTNode:
    return next(part for part in operands if kind(part) in STRINGS)


def _operation(index: Index, node: Any) -> list[Cell]:
    operands = text_operands(node.left) if isinstance(node.operator, cst.Modulo) else []
    if operands:
        pieces = holes.pieces_of(operands, index.visit)
        items = node.right.elements if isinstance(node.right, cst.Tuple) else ()
        given = [item.value for item in items] or [node.right]
        pieces = holes.percent(pieces, [index.visit(value) for value in given])
        return filled(index, pieces, _first(operands))
    cells = index.visit_all((node.left, node.right))
    if isinstance(node.operator, cst.BitAnd | cst.BitXor | cst.Subtract):  # of sets
        index.flow.note(cells, COMPARED)
    return []


def _either(index: Index, node: cst.BooleanOperation) -> list[Cell]:
    return index.visit_all((node.left, node.right))


def _conditional(index: Index, node: cst.IfExp) -> list[Cell]:
    index.visit(node.test)
    return index.visit_all((node.body, node.orelse))


def _inner(index: Index, node: Any) -> list[Cell]:
    return index.visit(node.expression if isinstance(node, cst.Await) else node.value)


def _items(index: Index, node: Any) -> list[Cell]:
    """A tuple, a list or a set that gets no name: what holds for it holds for its items."""
    row = [(element.value, index.visit(element.value)) for element in node.elements]
    index.in_command(row)
    index.meet(row)
    match row:
        case [(key, _), (_, cells)]:
            index.flow.note(cells, *put_under(constant(key)))
    return [cell for _, cells in row for cell in cells]


def _dictionary(index: Index, node: cst.Dict) -> list[Cell]:
    own = leaf(node)
    index.store(own, node)
    return [own]


def _comparison(index: Index, node: cst.Comparison) -> list[Cell]:
    operands = [node.left, *(target.comparator for target in node.comparisons)]
    found = index.visit_all(operands)
    if not any(_is_nothing(operand) or is_no_host(operand) for operand in operands):
        index.flow.note(found, COMPARED)
    return []


def _is_nothing(node: cst.CSTNode) -> bool:
    """Whether a comparison with it asks no more than whether there is something."""
    is_name = isinstance(node, cst.Name) and node.value in _NOTHING
    return is_name or (isinstance(node, cst.SimpleString) and node.value in _EMPTY)


def _lambda(index: Index, node: cst.Lambda) -> list[Cell]:
    for param in parameters(node.params):
        if param.default:
            index.visit(param.default)
    return index.within(node, (node.body,))


def _comprehension(index: Index, node: Any) -> list[Cell]:
    _loop_over(index, node.for_in)
    if isinstance(node, cst.DictComp):
        index.visit(node.key)
        own = leaf(node)
        index.store((*own, ANY), node.value)
        return [own]
    return index.visit(node.elt)


def _loop_over(index: Index, node: cst.CompFor | None) -> None:
    while node is not None:
        statements.each(index, node.target, node.iter)
        for condition in node.ifs:
            index.visit(condition.test)
        node = node.inner_for_in


def _named(index: Index, node: cst.NamedExpr) -> list[Cell]:
    sources = index.visit(node.value)
    index.bind(node.target, sources)
    return sources


HANDLERS: Handlers = {
    **dict.fromkeys((*(k for k in STRINGS if k not in FORMATTED), "Integer"), _leaf),
    **dict.fromkeys((*FORMATTED, "ConcatenatedString", "BinaryOperation"), _text),
    **dict.fromkeys(("Await", "StarredElement"), _inner),
    **dict.fromkeys(("Tuple", "List", "Set"), _items),
    **dict.fromkeys(("ListComp", "SetComp", "GeneratorExp", "DictComp"), _comprehension),
    **dict.fromkeys(("AnnAssign", "AugAssign"), statements.assign_one),
    "Assign": statements.assign,
    "Attribute": _attribute,
    "BooleanOperation": _either,
    "Call": call,
    "ClassDef": statements.class_definition,
    "Comparison": _comparison,
    "Dict": _dictionary,
    "For": statements.loop,
    "FunctionDef": statements.function,
    "If": statements.branches,
    "IfExp": _conditional,
    "Import": statements.imported,
    "ImportFrom": statements.imported_from,
    "Lambda": _lambda,
    "Match": statements.matched,
    "Name": _name,
    "NamedExpr": _named,
    "Return": statements.returned,
    "Subscript": _subscript,
}
"""What is done at each kind of node."""
