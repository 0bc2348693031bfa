"""Which scope a name of a Python program belongs to.

Source: the Python language reference, "Resolution of names".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

import libcst as cst

from refactor.scan.python.flow import Cell
from refactor.scan.python.tree import children, dotted

SELF = "self"
"""The name of what a class and its objects hold."""
RETURNED = "return"
"""The name of what a function gives back."""
Definition: TypeAlias = cst.FunctionDef | cst.ClassDef

_DEFINITIONS = (cst.FunctionDef, cst.ClassDef)
_SCOPES = (*_DEFINITIONS, cst.Lambda)
_ELSEWHERE = (cst.Global, cst.Nonlocal)


class Scope(NamedTuple):
    """A module, a class, a function.

    Attributes:
        number: its own.
        names: what it binds.
        defs: the functions and classes among them.
        is_class: it is a class.
        itself: the first parameter of a method.
        owner: the cell of the class around it.
    """

    number: int
    names: frozenset[str]
    defs: Mapping[str, Definition]
    is_class: bool = False
    itself: str = ""
    owner: Cell = ()

    def cell(self, name: str) -> Cell:
        """Return the cell of a name that this scope binds."""
        if self.is_class:
            return (self.number, SELF, name)
        return self.owner if name and name == self.itself else (self.number, name)


def scope_of(node: cst.CSTNode, around: Scope | None = None) -> Scope:
    """Return the scope that a module, a class or a function opens."""
    names, defs = _bound(node)
    names += [param.name.value for param in _params(node)]
    itself = ""
    if around and around.is_class and isinstance(node, cst.FunctionDef):
        itself = _itself(node)
    return Scope(
        id(node),
        frozenset(names),
        defs,
        is_class=isinstance(node, cst.ClassDef),
        itself=itself,
        owner=(around.number, SELF) if around else (),
    )


def takes(node: Definition) -> list[Cell]:
    """Return the cells that take the arguments of a call of a function or a class, in order."""
    if isinstance(node, cst.FunctionDef):
        return [(id(node), name) for name in _names_of(node)]
    names, defs = _bound(node)
    made = defs.get("__init__")
    if isinstance(made, cst.FunctionDef):
        return [(id(made), name) for name in _names_of(made)[1:]]
    return [(id(node), SELF, name) for name in names if name not in defs]


def parameters(node: cst.Parameters) -> list[cst.Param]:
    """Return all parameters of a function, in order."""
    stars = [star for star in (node.star_arg, node.star_kwarg) if isinstance(star, cst.Param)]
    return [*node.posonly_params, *node.params, *node.kwonly_params, *stars]


def _params(node: cst.CSTNode) -> list[cst.Param]:
    return parameters(node.params) if isinstance(node, cst.FunctionDef | cst.Lambda) else []


def _names_of(node: cst.FunctionDef) -> list[str]:
    return [param.name.value for param in parameters(node.params)]


def _itself(node: cst.FunctionDef) -> str:
    plain = not any(dotted(d.decorator, {}) == "staticmethod" for d in node.decorators)
    return next(iter(_names_of(node)), "") if plain else ""


def _bound(scope: cst.CSTNode) -> tuple[list[str], dict[str, Definition]]:
    """Return the names that a scope binds in its body, and the definitions among them."""
    body = scope.body if isinstance(scope, _SCOPES) else scope
    todo: list[Any] = [body]
    found: list[str] = []
    elsewhere: set[str] = set()
    defs: dict[str, Definition] = {}
    while todo:
        node = todo.pop()
        known = type(node)
        if known in _BINDS:
            found += _BINDS[known](node)
        elif known in _DEFINITIONS:
            defs[node.name.value] = node
            found.append(node.name.value)
        elif known in _ELSEWHERE:
            elsewhere |= {item.name.value for item in node.names}
        if known not in _SCOPES:
            todo += reversed(children(node))
    return [name for name in dict.fromkeys(found) if name not in elsewhere], defs


def _imported(alias: cst.ImportAlias) -> list[str]:
    if alias.asname is not None:
        return _targets(alias.asname.name)
    return [dotted(alias.name, {}).partition(".")[0]]


def _targets(target: cst.CSTNode) -> list[str]:
    match target:
        case cst.Name(value=name):
            return [name]
        case cst.Tuple(elements=elements) | cst.List(elements=elements):
            return [name for element in elements for name in _targets(element.value)]
        case _:
            return []


def _target(node: Any) -> list[str]:
    return _targets(node.target)


def _imports(node: Any) -> list[str]:
    names = node.names
    return [] if isinstance(names, cst.ImportStar) else [n for a in names for n in _imported(a)]


# By the class itself: `isinstance` of libcst's abstract classes costs ten times as much.
_BINDS: Mapping[type, Callable[[Any], list[str]]] = {
    cst.AssignTarget: _target,
    cst.AnnAssign: _target,
    cst.AugAssign: _target,
    cst.NamedExpr: _target,
    cst.For: _target,
    cst.CompFor: _target,
    cst.AsName: lambda node: _targets(node.name),
    cst.Import: _imports,
    cst.ImportFrom: _imports,
}
