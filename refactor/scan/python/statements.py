"""Statements: what their expressions are called, and where a new block of names begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from refactor.scan.python.calls import LOG, call
from refactor.scan.python.places import Names, Place, Step
from refactor.scan.python.tree import dotted, text_operands, written

_DEFAULT = frozenset({"default"})
_COMPARE = frozenset({"compare"})
_ITSELF = ("", "self", "cls")
_STEP = re.compile(r"[.\[\]()]+")


def assign(node: cst.Assign, place: Place, names: Names) -> Iterator[Step]:
    """`HOST = ...`, `self.host = ...`, `d["host"] = ...`, `HOST, PORT = ...`."""
    for target in node.targets:
        yield Step(target, place)
    yield from _bound(node.targets[0].target, node.value, place, names)


def assign_one(
    node: cst.AnnAssign | cst.AugAssign | cst.NamedExpr, place: Place, names: Names
) -> Iterator[Step]:
    """`host: str = ...`, `hosts += ...`, `host := ...`."""
    yield Step(node.target, place)
    if isinstance(node, cst.AnnAssign):
        yield Step(node.annotation, bound_place(node.target, place, names) or place)
    if node.value is not None:
        yield from _bound(node.target, node.value, place, names)


def _bound(target: cst.CSTNode, value: cst.CSTNode, place: Place, names: Names) -> Iterator[Step]:
    pairs = unpacked(target, value)
    if pairs:
        for name, item in pairs:
            yield from _bound(name, item, place, names)
    else:
        yield Step(value, bound_place(target, place, names))


def unpacked(
    target: cst.CSTNode, value: cst.CSTNode
) -> list[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """Return each name with its value in `HOST, PORT = "10.0.0.1", 80`."""
    if not isinstance(target, cst.Tuple | cst.List) or not isinstance(value, cst.Tuple | cst.List):
        return []
    elements = (*target.elements, *value.elements)
    even = len(target.elements) == len(value.elements)
    if not even or any(isinstance(element, cst.StarredElement) for element in elements):
        return []
    return [(t.value, v.value) for t, v in zip(target.elements, value.elements, strict=True)]


def bound_place(target: cst.CSTNode, place: Place, names: Names) -> Place | None:
    """Return the place of what is bound to a target."""
    owner, name = written(target, names.aliases)
    if name == "__all__":
        return None
    if not name:
        return place._replace(scope=next(names.scopes))
    holder = next(filter(None, reversed(_STEP.split(owner))), "")
    if holder not in _ITSELF:
        place = place._replace(path=(*place.path, holder))
    return place.under(name, names.scope_of(place.scope, owner), place.lasting)


def function(node: cst.FunctionDef, place: Place, names: Names) -> Iterator[Step]:
    """A function: its decorators are siblings, its parameters are, and its body's names are."""
    inner = place._replace(path=(*place.path, node.name.value), scope=next(names.scopes))
    for decorator in node.decorators:
        yield Step(decorator, inner)
    if node.type_parameters is not None:
        yield Step(node.type_parameters, inner)
    yield Step(node.params, inner._replace(scope=next(names.scopes)))
    if node.returns is not None:
        yield Step(node.returns, inner)
    yield Step(node.body, inner._replace(scope=next(names.scopes)))


def parameter(node: cst.Param, place: Place, _: Names) -> Iterator[Step]:
    """A parameter's default goes by the parameter's name."""
    if node.annotation is not None:
        yield Step(node.annotation, place.under(node.name.value, place.scope))
    if node.default is not None:
        yield Step(node.default, place.under(node.name.value, place.scope, _DEFAULT))


def annotated(node: cst.Annotation, place: Place) -> Iterator[Step]:
    """A type holds no address; what `Annotated` adds to it may: `Annotated[str, Field("...")]`."""
    match node.annotation:
        case cst.Subscript(value=owner, slice=[first, *rest]) if (
            dotted(owner, {}).rpartition(".")[2] == "Annotated"
        ):
            yield Step(owner, None)
            yield Step(first, None)
            for element in rest:
                match element.slice:
                    case cst.Index(value=cst.Call()):
                        yield Step(element, place)
                    case _:
                        yield Step(element, None)
        case other:
            yield Step(other, None)


def class_definition(node: cst.ClassDef, place: Place, names: Names) -> Iterator[Step]:
    """A class: its fields are siblings."""
    inner = place._replace(path=(*place.path, node.name.value), scope=next(names.scopes))
    # The last base is the one that others are mixed into.
    names.bases[node.name.value] = dotted(node.bases[-1].value, names.aliases) if node.bases else ""
    for decorator in node.decorators:
        yield Step(decorator, inner)
    if node.type_parameters is not None:
        yield Step(node.type_parameters, inner)
    for arg in (*node.bases, *node.keywords):
        own = inner.under(arg.keyword.value, inner.scope) if arg.keyword else inner
        yield Step(arg.value, own)
    yield Step(node.body, inner._replace(scope=next(names.scopes)))


def returned(node: cst.Return, place: Place, _: Names) -> Iterator[Step]:
    """What a function returns goes by the function's name."""
    if node.value is not None:
        yield Step(node.value, place._replace(key=place.path[-1] if place.path else ""))


def statement(node: cst.Expr, place: Place, _: Names) -> Iterator[Step]:
    """An expression for its own sake: a string is a docstring or a remark, and gives nothing."""
    yield Step(node.value, None if text_operands(node.value) else place)


def raised(node: cst.Raise, place: Place, names: Names) -> Iterator[Step]:
    """What an exception says is for people."""
    if isinstance(node.exc, cst.Call):
        yield from call(node.exc, place, names, LOG)
    elif node.exc is not None:
        yield Step(node.exc, place)
    if node.cause is not None:
        yield Step(node.cause, place)


def asserted(node: cst.Assert, place: Place, _: Names) -> Iterator[Step]:
    """What an assertion says is for people."""
    yield Step(node.test, place)
    if node.msg is not None:
        yield Step(node.msg, place._replace(tags=LOG))


def branches(node: cst.If, place: Place, names: Names) -> Iterator[Step]:
    """Each branch has names of its own."""
    yield Step(node.test, place)
    yield Step(node.body, names.branch(place))
    if node.orelse is not None:
        yield Step(node.orelse, place)


def otherwise(node: cst.Else, place: Place, names: Names) -> Iterator[Step]:
    """The last branch."""
    yield Step(node.body, names.branch(place))


def handler(
    node: cst.ExceptHandler | cst.ExceptStarHandler, place: Place, names: Names
) -> Iterator[Step]:
    """What runs after an exception is a branch."""
    if node.type is not None:
        yield Step(node.type, place)
    yield Step(node.body, names.branch(place))


def loop(node: cst.For, place: Place, names: Names) -> Iterator[Step]:
    """What is looped over goes by the loop variable's name."""
    yield Step(node.target, place)
    yield Step(node.iter, bound_place(node.target, place, names))
    yield Step(node.body, place)
    if node.orelse is not None:
        yield Step(node.orelse, place)


def matched(node: cst.Match, place: Place, names: Names) -> Iterator[Step]:
    """A `case` pattern is compared with its subject."""
    yield Step(node.subject, place)
    key = written(node.subject, names.aliases).name
    path = (*place.path, key) if key else place.path
    for case in node.cases:
        yield Step(case.pattern, Place(path, key, next(names.scopes), _COMPARE))
        if case.guard is not None:
            yield Step(case.guard, place)
        yield Step(case.body, names.branch(place))


def imported(node: cst.Import | cst.ImportFrom, _: Place, names: Names) -> Iterator[Step]:
    """Remember what the imported names stand for."""
    module = ""
    if isinstance(node, cst.ImportFrom):
        module = dotted(node.module, {}) + "." if node.module else ""
    for alias in () if isinstance(node.names, cst.ImportStar) else node.names:
        whole = dotted(alias.name, {})
        own = alias.asname.name if alias.asname else None
        if isinstance(own, cst.Name):
            names.aliases[own.value] = module + whole
        elif module:
            names.aliases[whole] = module + whole
    yield from ()
