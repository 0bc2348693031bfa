"""What is done with values in the statements of a Python program."""

from __future__ import annotations

import re

import libcst as cst

from refactor.scan.python.flow import ANY, Cell
from refactor.scan.python.index import COMPARED, Index, leaf
from refactor.scan.python.observed import NEEDS_IP, is_ip_type, put_under
from refactor.scan.python.scopes import RETURNED, SELF, parameters
from refactor.scan.python.statements import unpacked
from refactor.scan.python.tree import children, dotted, written
from refactor.scan.python.use_calls import option

_WORD = re.compile(r"\w+")


def each(index: Index, target: cst.CSTNode, iterated: cst.CSTNode) -> None:
    """Let the items of what is looped over flow into the loop's variables."""
    if isinstance(iterated, cst.Tuple | cst.List):
        own = leaf(iterated)
        index.store(own, iterated)
        index.bind(target, [(*own, ANY)])
        return
    found = [(*cell, ANY) for cell in index.visit(iterated)]
    name = dotted(iterated.func, index.aliases) if isinstance(iterated, cst.Call) else ""
    taken = {"enumerate": 1, ".items": 1}.get(
        "." + name.rpartition(".")[2] if "." in name else name
    )
    if taken is not None and isinstance(target, cst.Tuple) and len(target.elements) > taken:
        target = target.elements[taken].value
    index.bind(target, found)


def assign(index: Index, node: cst.Assign) -> list[Cell]:
    """`HOST = ...`, `self.host = HOST`, `A = B = ...`."""
    first = node.targets[0].target
    _assign_to(index, first, node.value)
    for other in node.targets[1:]:
        index.bind(other.target, index.target(first))
    return []


def _assign_to(index: Index, target: cst.CSTNode, value: cst.CSTNode) -> None:
    pairs = unpacked(target, value)
    for own, item in pairs:
        _assign_to(index, own, item)
    if pairs:
        return
    cells = index.target(target)
    if len(cells) == 1:
        found = index.store(cells[0], value)
    else:
        found = index.visit(value)
        index.bind(target, found)
    if isinstance(target, cst.Subscript):
        index.flow.note(found, *put_under(written(target, {}).name))


def assign_one(index: Index, node: cst.AnnAssign | cst.AugAssign) -> list[Cell]:
    """`host: IPv4Address = ...`, `hosts += ...`."""
    if isinstance(node, cst.AnnAssign):
        _annotated(index, index.target(node.target), node.annotation)
    if isinstance(node, cst.AugAssign) and isinstance(node.value, cst.List | cst.Tuple):
        row = [(element.value, index.visit(element.value)) for element in node.value.elements]
        for cell in index.target(node.target):
            index.words[cell] = index.in_command(row, index.words.get(cell, ()))
            for _, cells in row:
                index.flow.move(cells, (*cell, ANY))
    elif node.value is not None:
        _assign_to(index, node.target, node.value)
    return []


def _annotated(index: Index, cells: list[Cell], annotation: cst.Annotation | None) -> None:
    if annotation is None:
        return
    todo: list[cst.CSTNode] = [annotation.annotation]
    while todo:
        node = todo.pop()
        names = _WORD.findall(node.raw_value) if isinstance(node, cst.SimpleString) else ()
        if any(map(is_ip_type, (*names, dotted(node, {})))):
            index.flow.note(cells, NEEDS_IP)
        if isinstance(node, cst.Call):  # `Annotated[str, Field(default="...")]`
            for cell in cells:
                index.flow.move(index.visit(node), cell)
            continue
        todo += children(node, names=True)


def loop(index: Index, node: cst.For) -> list[Cell]:
    """What is looped over flows into the loop's variables."""
    each(index, node.target, node.iter)
    index.visit(node.body)
    return index.visit(node.orelse) if node.orelse else []


def branches(index: Index, node: cst.If) -> list[Cell]:
    """All branches of an `if`, one after another: a long chain nests deep."""
    branch: cst.If | cst.Else | None = node
    while isinstance(branch, cst.If):
        index.visit_all((branch.test, branch.body))
        branch = branch.orelse
    return index.visit(branch) if branch is not None else []


def returned(index: Index, node: cst.Return) -> list[Cell]:
    """What a function returns is what its calls give."""
    if node.value is not None:
        index.store((index.scope.number, RETURNED), node.value)
    return []


def function(index: Index, node: cst.FunctionDef) -> list[Cell]:
    """A function: its options and defaults flow into its parameters."""
    for decorator in node.decorators:
        option(index, decorator.decorator, id(node))
    for param in parameters(node.params):
        own = (id(node), param.name.value)
        _annotated(index, [own], param.annotation)
        if param.default is not None:
            index.store(own, param.default)
    index.within(node, (node.body,))
    return []


def class_definition(index: Index, node: cst.ClassDef) -> list[Cell]:
    """A class holds what the classes that it is made from hold."""
    own = (id(node), SELF)
    index.visit_all(decorator.decorator for decorator in node.decorators)
    for arg in (*node.bases, *node.keywords):
        bases = index.visit(arg.value)
        index.flow.move(bases, own)
        for base in bases:  # a base's method reads what the class sets
            index.flow.move([own], base)
        index.flow.move([own], ("base", dotted(arg.value, index.aliases)))
    index.classes.append(node)
    index.within(node, (node.body,))
    index.classes.pop()
    return []


def matched(index: Index, node: cst.Match) -> list[Cell]:
    """The subject of a `match` is compared."""
    index.flow.note(index.visit(node.subject), COMPARED)
    for case in node.cases:
        index.visit_all(children(case, names=True))
    return []


def imported(index: Index, node: cst.Import) -> list[Cell]:
    """An imported module's name stands for the module."""
    for alias in node.names:
        whole = dotted(alias.name, {})
        own = alias.asname.name if alias.asname else None
        if isinstance(own, cst.Name):
            index.rename(index.here(own.value), module_cell(whole))
        elif own is None:
            first = whole.partition(".")[0]
            index.rename(index.here(first), module_cell(first))
    return []


def imported_from(index: Index, node: cst.ImportFrom) -> list[Cell]:
    """An imported name stands for another module's."""
    if isinstance(node.names, cst.ImportStar):
        return []
    module = "." * len(node.relative) + (dotted(node.module, {}) if node.module else "")
    for alias in node.names:
        name = dotted(alias.name, {})
        own = alias.asname.name if alias.asname else alias.name
        if isinstance(own, cst.Name):
            index.rename(index.here(own.value), (*module_cell(module), name))
    return []


def module_cell(name: str) -> Cell:
    """Return the cell of an imported module, its packages taken apart."""
    dots = re.match(r"\.*", name)
    level = dots[0] if dots else ""
    parts = [part for part in name[len(level) :].split(".") if part]
    return ("module", level, *parts) if level else ("module", *parts)
