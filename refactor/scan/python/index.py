"""The index of uses of one module: which value gets where, and what is done with it there.

`self.host = "10.0.4.17"` and, in another method, `sock.bind((self.host, 80))`: the literal is as
good as written in the call. Read from libcst's tree, whose grammar is newer than the interpreter's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any, TypeAlias

import libcst as cst

from refactor.scan.argv import Argv
from refactor.scan.base import PORTISH
from refactor.scan.python.flow import ANY, Cell, Flow, Meeting
from refactor.scan.python.observed import put_under
from refactor.scan.python.scopes import SELF, Definition, Scope, scope_of, takes
from refactor.scan.python.tree import children, constant, kind, named
from refactor.text.dns import MAX_PORT
from refactor.text.key_words import stem

COMPARED = "compare"
"""The tag of what is compared."""
Handlers: TypeAlias = Mapping[str, Callable[["Index", Any], list[Cell]]]
_LEAST_PORT = 20  # below it a number after a host is a count, or seconds
_READ = frozenset({"Name", "Attribute", "Subscript"})


class Index:
    """Where the values of one module get.

    Attributes:
        flow: their moves.
        aliases: the dotted name that each imported name stands for.
        line: gives the line of a string.
        words: what stands in each list that may be a command.
        classes: those around what is visited.

    Args:
        module: as libcst parsed it.
        aliases: of that module.
        line: of that module.
        handlers: what is done at each kind of node.
    """

    def __init__(
        self,
        module: cst.Module,
        aliases: Mapping[str, str],
        line: Callable[[cst.CSTNode], int],
        handlers: Handlers,
    ) -> None:
        self.flow = Flow()
        self.aliases = aliases
        self.line = line
        self._handlers = handlers
        self._same: dict[Cell, Cell] = {}
        self._defs: dict[Cell, Definition] = {}
        self._takes: dict[int, list[Cell]] = {}
        self._scopes: list[Scope] = []
        self._reading: list[Cell] | None = None
        self.words: dict[Cell, tuple[str, ...]] = {}
        self.classes: list[cst.ClassDef] = []
        self._names: dict[Cell, list[str]] = {}
        self.within(module, children(module))

    def visit_all(self, nodes: Iterable[cst.CSTNode]) -> list[Cell]:
        """Visit nodes, and return what any of them may be."""
        return [cell for node in nodes for cell in self.visit(node)]

    def visit(self, node: cst.CSTNode) -> list[Cell]:
        """Note what is done in a node; return the cells that its value comes from."""
        name = kind(node)
        handler = self._handlers.get(name)
        if handler is None:
            self.visit_all(children(node, names=True))
            return []
        found = handler(self, node)
        if self._reading is not None and name in _READ:
            self._reading += found
        return found

    def definition(self, cells: Iterable[Cell]) -> Definition | None:
        """Return the function or class of this module that a callee is."""
        return next((self._defs[cell] for cell in cells if cell in self._defs), None)

    def takes(self, definition: Definition) -> list[Cell]:
        """Return the cells that take the arguments of a call of a function or a class."""
        if id(definition) not in self._takes:
            self._takes[id(definition)] = takes(definition)
        return self._takes[id(definition)]

    def reading(self, where: str, visit: Callable[[], list[Cell]]) -> list[Cell]:
        """Visit an outermost call or f-string, and note all that is read in it.

        Args:
            where: what reads; "" where that tells nothing.
        """
        outer = self._reading
        if not where or outer is not None:
            return visit()
        self._reading = []
        try:
            found = visit()
            self.flow.note(self._reading, f"read:{where}")
        finally:
            self._reading = outer
        return found

    def read(self, cell: Cell) -> None:
        """Note that what is visited, a call or an f-string, reads a cell."""
        if self._reading is not None:
            self._reading.append(cell)

    def store(self, target: Cell, value: cst.CSTNode) -> list[Cell]:
        """Let the value of an expression flow into a cell, item by item where it has items."""
        if isinstance(value, cst.Dict):
            return self._store_dict(target, value)
        if isinstance(value, cst.Tuple | cst.List):
            items = [
                (element.value, self.store((*target, f"#{index}"), element.value))
                for index, element in enumerate(value.elements)
            ]
            self.words[target] = self.in_command(items)
            self.meet(items)
            return [cell for _, cells in items for cell in cells]
        sources = self.visit(value)
        if len(sources) == 1 and sources[0] in self._defs and len(sources[0]) == len(target) == 2:
            self._same[target] = sources[0]
        self.flow.move(sources, target)
        return sources

    def bind(self, target: cst.CSTNode, sources: list[Cell]) -> None:
        """Let values flow into what a target names, part by part where it takes them apart."""
        if isinstance(target, cst.Tuple | cst.List):
            for index, element in enumerate(target.elements):
                self.bind(element.value, [(*cell, f"#{index}") for cell in sources])
            return
        for cell in self.target(target):
            self.flow.move(sources, cell)

    def target(self, node: cst.CSTNode) -> list[Cell]:
        """Return the cells that a target of an assignment names."""
        if isinstance(node, cst.Name):
            return self.lookup(node.value)
        return self.visit(node) if isinstance(node, cst.Attribute | cst.Subscript) else []

    def meet(self, items: Iterable[tuple[cst.CSTNode, list[Cell]]]) -> None:
        """Note each host of a row of values that is followed by its port."""
        row = list(items)
        for (own, hosts), (node, ports) in pairwise(row):
            if says_port(node) and not says_port(own):
                self.flow.meet(hosts, Meeting(ports=tuple(ports)))

    def in_command(
        self, items: Iterable[tuple[cst.CSTNode, list[Cell]]], before: tuple[str, ...] = ()
    ) -> tuple[str, ...]:
        """Note on each item of a list the words before it, where the first names a program."""
        argv = Argv(before)
        for node, cells in items:
            self.flow.note(cells, *argv.tags)
            argv.add("python" if named(node) == "executable" else constant(node))
        return argv.words

    def meet_named(self, items: Iterable[tuple[str, cst.CSTNode, list[Cell]]]) -> None:
        """Note the hosts among named values that have their port beside them."""
        row = [(stem(name), node, cells) for name, node, cells in items]
        for own, _, hosts in row:
            ports = [
                cells
                for other, node, cells in row
                if other.says == "port" and other.words == own.words and named(node) != "None"
            ]
            if own.says == "host" and len(ports) == 1:
                self.flow.meet(hosts, Meeting(ports=tuple(ports[0])))

    def _store_dict(self, target: Cell, value: cst.Dict) -> list[Cell]:
        row = []
        for item in value.elements:
            if isinstance(item, cst.DictElement):
                self.visit(item.key)
                key = constant(item.key)
                cells = self.store((*target, key or ANY), item.value)
                self.flow.note(cells, *put_under(key))
                row.append((key, item.value, cells))
            else:
                self.flow.move(self.visit(item.value), target)
        self.meet_named(row)
        return []

    def within(self, node: cst.CSTNode, body: Iterable[cst.CSTNode]) -> list[Cell]:
        """Visit the body of a module, a class or a function in the scope that it opens."""
        scope = scope_of(node, self._scopes[-1] if self._scopes else None)
        for name, definition in scope.defs.items():
            own = (id(definition), SELF)
            self._defs[own if isinstance(definition, cst.ClassDef) else scope.cell(name)] = (
                definition
            )
            if isinstance(definition, cst.ClassDef):
                self._same[scope.cell(name)] = own
        self._scopes.append(scope)
        reading, self._reading = self._reading, None
        found = self.visit_all(body)
        if len(self._scopes) == 1:
            for name in sorted(scope.names):
                self._names.setdefault(self.same(scope.cell(name)), []).append(name)
        self._reading = reading
        self._scopes.pop()
        return found

    def exports(self, cells: Iterable[Cell]) -> tuple[tuple[str, ...], ...]:
        """Return what other modules may call the values in some cells."""
        return tuple(
            sorted(
                (name, *map(str, cell[2:]))
                for cell in cells
                for name in self._names.get(cell[:2], ())
            )
        )

    def here(self, name: str) -> Cell:
        """Return the cell of a name that is bound in the scope at hand."""
        return self._scopes[-1].cell(name)

    @property
    def scope(self) -> Scope:
        """The scope at hand."""
        return self._scopes[-1]

    def same(self, cell: Cell) -> Cell:
        """Return the cell that another name stands for: of an import, a class, its object."""
        return self._same.get(cell, cell)

    def rename(self, cell: Cell, other: Cell) -> None:
        """Let a name stand for another cell from here on."""
        self._same[cell] = other

    def lookup(self, name: str) -> list[Cell]:
        """Return the cell that a name stands for here; nothing for one of Python's own."""
        for scope in reversed(self._scopes):
            if name in scope.names and (not scope.is_class or scope is self._scopes[-1]):
                cell = scope.cell(name)
                return [self.same(cell)]
        return []


def leaf(node: cst.CSTNode) -> Cell:
    """Return the cell of what is written at a string or an integer."""
    return ("leaf", id(node))


def hole(node: cst.CSTNode) -> Cell:
    """Return the cell of the hole behind the host that a template holds."""
    return ("hole", id(node))


def says_port(node: cst.CSTNode) -> bool:
    """Say whether an expression's own words say that it is a port: `PORT`, `int(a.port)`, `80`."""
    match node:
        case cst.SimpleString():
            return bool(PORTISH.match(constant(node)))
        case cst.Integer(value=value):
            return value.isdigit() and _LEAST_PORT <= int(value) <= MAX_PORT
        case cst.Subscript(slice=[cst.SubscriptElement(slice=cst.Index(value=key))]):
            return stem(constant(key)).says == "port"
        case cst.Call(args=[cst.Arg(value=inner), *_]):
            return says_port(inner) or stem(constant(inner)).says == "port"
        case cst.BinaryOperation(left=left, operator=cst.Add() | cst.Subtract()):
            return says_port(left)
        case _:
            return stem(named(node)).says == "port"
