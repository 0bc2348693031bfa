"""Expressions: what the strings inside them are called, and who stands beside whom."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from refactor.scan.argv import Argv
from refactor.scan.python.calls import FLAG, argument
from refactor.scan.python.observed import put_under
from refactor.scan.python.places import Names, Place, Step
from refactor.scan.python.statements import bound_place
from refactor.scan.python.tree import constant, named, text_operands, written

_COMPARE = frozenset({"compare"})
_DOTTED = re.compile(r"[a-z_]\w*(?:\.[a-z_]\w*)+")
_ITEM = frozenset({"item"})


def dictionary(node: cst.Dict, place: Place, names: Names) -> Iterator[Step]:
    """The values of a dict are siblings under their keys' names."""
    scope = next(names.scopes)
    given = _name_of_value(node)
    for element in node.elements:
        if isinstance(element, cst.DictElement):
            name = named(element.key)
            inner = place.under(name, scope, place.lasting)
            if given and name == "value":
                inner = place.under(given, place.scope, place.lasting - _ITEM)
            yield Step(element.key, inner._replace(key=place.key, is_key=True))
            yield Step(element.value, inner)
        else:
            yield Step(element, place)


def _name_of_value(node: cst.Dict) -> str:
    """Return the name that `{"name": "DB_HOST", "value": "10.0.0.1"}` gives to its value."""
    pairs = {
        constant(element.key): element.value
        for element in node.elements
        if isinstance(element, cst.DictElement)
    }
    name = constant(pairs.get("name")) if {"name", "value"} == pairs.keys() else ""
    return name if name.isidentifier() or _DOTTED.fullmatch(name) else ""


def items(node: cst.Tuple | cst.List | cst.Set, place: Place, names: Names) -> Iterator[Step]:
    """Items are siblings; one after a flag (`-h`) goes under that flag's name."""
    named_pair = _named_pair(node)
    if named_pair:
        yield Step(node.elements[0].value, None)
        yield Step(node.elements[1].value, place.under(named_pair, place.scope, place.lasting))
        return
    inner = place._replace(scope=next(names.scopes), tags=place.lasting | _ITEM)
    flag, before = "", Argv()
    for index, element in enumerate(node.elements):
        path, tags = (*place.path, str(index)), inner.tags | before.tags
        yield Step(element, inner._replace(path=path, key=flag or place.key, tags=tags))
        word = constant(element.value)
        before.add("python" if named(element.value) == "executable" else word)
        flag = word if FLAG.match(word) else ""


def _named_pair(node: cst.Tuple | cst.List | cst.Set) -> str:
    """Return the name in `("Location", "http://...")`: of a header, or with dots."""
    if not isinstance(node, cst.Tuple) or len(node.elements) != 2:
        return ""
    name = constant(node.elements[0].value)
    return name if put_under(name) or _DOTTED.fullmatch(name) else ""


def comparison(node: cst.Comparison, place: Place, names: Names) -> Iterator[Step]:
    """What is compared goes by the name of what it is compared with."""
    operands = (node.left, *(target.comparator for target in node.comparisons))
    key = next(filter(None, (written(part, names.aliases).name for part in operands)), "")
    path = (*place.path, key) if key else place.path
    inner = Place(path, key, next(names.scopes), _COMPARE)
    for operand in operands:
        yield Step(operand, inner)


def subscript(node: cst.Subscript, place: Place, names: Names) -> Iterator[Step]:
    """What is looked up by is a key."""
    yield Step(node.value, place)
    inner = place._replace(scope=next(names.scopes), tags=place.lasting, is_key=True)
    for element in node.slice:
        yield Step(element, inner)


def conditional(node: cst.IfExp, place: Place, names: Names) -> Iterator[Step]:
    """Both outcomes go by the expression's name, each beside what holds under its condition."""
    condition = cst.Module([]).code_for_node(node.test)
    yield Step(node.body, names.arm(place, condition))
    yield Step(node.test, Place(place.path, "", next(names.scopes)))
    yield Step(node.orelse, names.arm(place, f"not {condition}"))


def comprehension(node: cst.CompFor, place: Place, names: Names) -> Iterator[Step]:
    """What is looped over goes by the expression's own name, or else the loop variable's."""
    yield Step(node.target, place)
    yield Step(node.iter, place if place.key else bound_place(node.target, place, names))
    for step in (*node.ifs, node.inner_for_in):
        if step is not None:
            yield Step(step, place)


def operation(node: cst.BinaryOperation, place: Place, names: Names) -> Iterator[Step]:
    """`"%s:%d" % ("10.0.0.1", 80)` fills a template; an operand of sums is no port."""
    if isinstance(node.operator, cst.Modulo) and text_operands(node.left):
        yield Step(node.left, place)
        yield Step(node.right, argument(place, names))
        return
    # `{"10.0.0.1"} & seen`
    is_set = isinstance(node.operator, cst.BitAnd | cst.BitXor | cst.Subtract)
    for operand in (node.left, node.right):
        compared = is_set and isinstance(operand, cst.Set)
        own = place._replace(tags=place.tags | _COMPARE) if compared else place
        yield Step(operand, None if isinstance(operand, cst.Integer) else own)


def signed(node: cst.UnaryOperation, place: Place, _: Names) -> Iterator[Step]:
    """A number with a sign is no port."""
    is_number = isinstance(node.expression, cst.Integer)
    yield Step(node.expression, None if is_number else place)
