"""What a module does with the names it binds: compares them, hands them to calls.

`REDIS_IP = "10.0.4.17"` and `ip_address(REDIS_IP)`: the literal is as good as written in the call.
Names are looked up by Python's own rules (the language reference, "Resolution of names"), so a
parameter of the same name is another.
"""

from __future__ import annotations

import ast
import warnings
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from msgspec.structs import replace

from refactor.model import Literal
from refactor.scan.python.calls import COMPARISON, TELLING

Bound: TypeAlias = tuple[str, ...]
"""A name with the functions and classes it is bound in: as `Literal.path` has them."""

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_PARTS = frozenset({"split", "rsplit", "partition", "rpartition"})
_NOTHING = (None, "", True, False)


class _Scope(NamedTuple):
    path: Bound
    names: frozenset[str]
    is_class: bool = False


def with_uses(text: str, literals: tuple[Literal, ...]) -> tuple[Literal, ...]:
    """Return literals with the tags of what is done with the names they are bound to.

    That is "compare", "call:<dotted name>" for calls that take it, with "(<keyword>)" too where it
    has one, and "read:<dotted name>" for the outermost call around each mention.

    Args:
        text: the module.
        literals: of that module.
    """
    uses = _uses(text) if literals else {}
    return tuple(
        replace(literal, tags=literal.tags | uses[name])
        if (name := _bound(literal)) in uses
        else literal
        for literal in literals
    )


def _bound(literal: Literal) -> Bound:
    """Return what a literal is bound to: itself, or as an item of a list."""
    path = literal.path
    while path and path[-1].isdigit():
        path = path[:-1]
    return path


def _uses(text: str) -> dict[Bound, frozenset[str]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
        visitor = _Visitor(tree)
        visitor.visit(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    return {name: frozenset(tags) for name, tags in visitor.found.items()}


class _Visitor(ast.NodeVisitor):
    """Notes what is done with each name."""

    def __init__(self, tree: ast.Module) -> None:
        self.found: defaultdict[Bound, set[str]] = defaultdict(set)
        self._scopes = [_Scope((), frozenset(_stored(tree)))]
        self._depth = 0

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._enter(node, node.name, _stored(node), is_class=True)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._enter(node, node.name, (*_stored(node), *_parameters(node.args)))

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._enter(node, node.name, (*_stored(node), *_parameters(node.args)))

    def visit_Compare(self, node: ast.Compare) -> None:
        operands = [node.left, *node.comparators]
        if not any(isinstance(o, ast.Constant) and o.value in _NOTHING for o in operands):
            self._note((name for operand in operands for name in _names(operand)), "compare")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        called = _dotted(node.func)
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        names = [name for argument in given for name in _names(argument)]
        self._note(names, f"call:{called}")
        for keyword in node.keywords:
            self._note(_names(keyword.value), f"call:{called}({keyword.arg})")
        if COMPARISON.fullmatch(called):
            self._note(names, "compare")
        if isinstance(node.func, ast.Attribute) and node.func.attr in _PARTS and _by_dots(node):
            self._note(_names(node.func.value), "compare")
        self._read(node, called)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._read(node, f"line {node.lineno}")

    def _read(self, node: ast.expr, where: str) -> None:
        """Note what stands anywhere in an outermost call, or f-string, that does something."""
        if not self._depth and not TELLING.fullmatch(where.rpartition(".")[2]):
            read = (n.id for n in ast.walk(node) if isinstance(n, ast.Name))
            self._note(read, f"read:{where}")
        self._depth += 1
        self.generic_visit(node)
        self._depth -= 1

    def _enter(
        self,
        node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef,
        name: str,
        names: tuple[str, ...],
        *,
        is_class: bool = False,
    ) -> None:
        depth, self._depth = self._depth, 0
        self._scopes.append(_Scope((*self._scopes[-1].path, name), frozenset(names), is_class))
        self.generic_visit(node)
        self._scopes.pop()
        self._depth = depth

    def _note(self, names: Iterator[str] | list[str], tag: str) -> None:
        for name in names:
            scopes = [s for s in self._scopes if not s.is_class or s is self._scopes[-1]]
            home = next((s for s in reversed(scopes) if name in s.names), None)
            if home is not None:
                self.found[(*home.path, name)].add(tag)


def _stored(scope: ast.AST) -> tuple[str, ...]:
    """Return the names that a module, class or function binds itself."""
    found: list[str] = []
    todo = list(ast.iter_child_nodes(scope))
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.append(node.id)
        if not isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            todo += ast.iter_child_nodes(node)
    return tuple(found)


def _parameters(args: ast.arguments) -> tuple[str, ...]:
    return tuple(arg.arg for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs))


def _names(node: ast.expr) -> list[str]:
    """Return the name that an expression is, or those in a tuple, a list or a set."""
    items = node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else [node]
    return [item.id for item in items if isinstance(item, ast.Name)]


def _by_dots(node: ast.Call) -> bool:
    return any(isinstance(arg, ast.Constant) and arg.value == "." for arg in node.args)


def _dotted(node: ast.expr) -> str:
    """Return the dotted name of what is called; of what has no name, from its last dot on."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "")
    return ".".join(reversed(parts))
