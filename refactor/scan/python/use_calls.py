"""What a call does with the values that it gets, and what it gives back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

from refactor.scan.python import holes
from refactor.scan.python.calls import COMPARISON, TELLING
from refactor.scan.python.flow import ANY, Cell, Meeting
from refactor.scan.python.index import COMPARED, Index, leaf, says_port
from refactor.scan.python.observed import observed
from refactor.scan.python.scopes import RETURNED, SELF, takes
from refactor.scan.python.tree import STRINGS, constant, dotted, kind, text_operands

# Calls that give their first argument, or what they are called on, as it is or converted.
_SAME = frozenset({"int", "str", "float", "bytes", "list", "tuple", "set", "frozenset", "sorted"})
_SAME |= {"reversed", "iter", "next", "cast", "copy", "deepcopy", "enumerate", "Field", "field"}
_SAME |= {"Option", "Argument", "Query", "Header", "Param", "SecretStr", "AnyUrl", "HttpUrl"}
_SAME_METHODS = frozenset({"strip", "lstrip", "rstrip", "lower", "upper", "encode", "decode"})
_SAME_METHODS |= {"items", "values", "copy", "as_posix"}
_FALLBACKS = frozenset({"default", "fallback", "const", "default_factory"})
_LOOKUPS = frozenset({"get", "pop", "setdefault"})
_LOOKED = frozenset({"get", "pop", "setdefault", "add", "discard"})
_PARTS = frozenset({"split", "rsplit", "partition", "rpartition"})
_TESTS = frozenset({"startswith", "endswith", "removeprefix", "removesuffix", "replace"})
_OPTIONS = frozenset({"add_argument", "add_option", "option", "argument"})
_PARSED = re.compile(r"parse_(?:known_|intermixed_)?args")
_IP_TYPE = re.compile(r"(?:.*\.)?(?:IPv[46]Address|ip_address)")
ENVIRON: Cell = ("module", "os", "environ")
_IP_TAG = "call:ip_address"
_OWN_NAMES = ("host", "address", "addr", "hostname", "server_name", "bind")


class _Given(NamedTuple):
    """An argument: its keyword, its node, and the cells that it may come from."""

    keyword: str
    star: str
    node: cst.BaseExpression
    cells: list[Cell]


class _Called(NamedTuple):
    """A call with its arguments visited once."""

    name: str
    owner: list[Cell]
    given: tuple[_Given, ...]
    node: cst.Call

    @property
    def last(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def positional(self) -> list[_Given]:
        return [given for given in self.given if not given.keyword and not given.star]


def call(index: Index, node: cst.Call) -> list[Cell]:
    """Note what a call does with its arguments; return what it gives."""
    name = dotted(node.func, index.aliases)
    where = "" if TELLING.fullmatch(name.rpartition(".")[2]) else (name or "a call")
    return index.reading(where, lambda: _called(index, node, name))


def _called(index: Index, node: cst.Call, name: str) -> list[Cell]:
    func = node.func
    is_text = isinstance(func, cst.Attribute) and bool(text_operands(func.value))
    owner = index.visit(func.value) if isinstance(func, cst.Attribute) and not is_text else []
    if isinstance(func, cst.Attribute):
        callee = [index.same((*cell, func.attr.value)) for cell in owner]
    else:
        callee = index.visit(func)
    given = tuple(_given(index, node))
    called = _Called(name, owner, given, node)
    if is_text and called.last in ("format", "join"):
        return _template(index, called, text_operands(func.value))  # type: ignore[attr-defined]
    if is_text:
        index.visit(func.value)  # type: ignore[attr-defined]
    _note(index, called, callee)
    if _is_option(called):
        _stored_option(index, called, ("options", ""))
    return _result(index, called, callee)


def _given(index: Index, node: cst.Call) -> Iterator[_Given]:
    for arg in node.args:
        keyword = arg.keyword.value if arg.keyword else ""
        cells = index.visit(arg.value)
        yield _Given(keyword, arg.star, arg.value, cells)


def _template(index: Index, called: _Called, operands: list[cst.CSTNode]) -> list[Cell]:
    """`"{}:{}".format(host, port)`, `":".join((host, port))`."""
    first = next(part for part in operands if kind(part) in STRINGS)
    if called.last == "join":
        if constant(first) == ":" and called.given:
            _joined(index, called.given[0].node)
        return [cell for given in called.given for cell in given.cells]
    values: dict[object, list[Cell]] = {
        given.keyword or number: given.cells for number, given in enumerate(called.given)
    }
    pieces = holes.braces(holes.pieces_of(operands, index.visit), values)
    return holes.fill(index.flow, pieces, leaf(first))


def _joined(index: Index, node: cst.CSTNode) -> None:
    match node:
        case cst.Tuple(elements=[first, second]) | cst.List(elements=[first, second]):
            if not says_port(first.value) and _is_plain(first.value) and _is_plain(second.value):
                ports = tuple(index.visit(second.value))
                index.flow.meet(index.visit(first.value), Meeting(ports=ports))


def _is_plain(node: cst.CSTNode) -> bool:
    """Whether it may be visited again: it nests no calls."""
    while isinstance(node, cst.Attribute):
        node = node.value
    if isinstance(node, cst.Call):
        return all(isinstance(arg.value, cst.Name | cst.Integer) for arg in node.args)
    return isinstance(node, cst.Name | cst.Integer | cst.SimpleString)


def _note(index: Index, called: _Called, callee: list[Cell]) -> None:
    """Note on each argument what takes it, and on the callee's owner what is asked of it."""
    flow, name = index.flow, called.name
    _note_bases(index, called, callee)
    for position, given in enumerate(called.given):
        flow.note(given.cells, *observed(name, given.keyword, position))
        words = (name,)
        told = (f"({given.keyword})",) if given.keyword else ()
        cells = [(*cell, ANY) for cell in given.cells] if given.star else given.cells
        if isinstance(given.node, cst.Dict):  # what a dict of dicts holds is given, too
            cells = [*cells, *((*cell, *[ANY] * deep) for cell in cells for deep in (1, 2))]
        flow.note(cells, *(f"call:{word}{more}" for word in words for more in ("", *told)))
        if given.star == "**":
            _note_keys(index, given.cells, words)
        if COMPARISON.fullmatch(name):
            flow.note(given.cells, COMPARED)
    asked = called.last in _PARTS and any(constant(g.node) == "." for g in called.given)
    if asked or called.last in _TESTS:
        flow.note(called.owner, COMPARED, own=True)
    if called.last in _LOOKED and called.owner and called.positional:
        flow.note(called.positional[0].cells, "lookup")
    index.meet((given.node, given.cells) for given in called.positional)
    index.meet_named((g.keyword, g.node, g.cells) for g in called.given if g.keyword)


def _note_keys(index: Index, cells: list[Cell], words: tuple[str, ...]) -> None:
    """`run(**CFG)`: each key is a keyword."""
    for key in _OWN_NAMES:
        tags = [f"call:{word}{more}" for word in words for more in ("", f"({key})")]
        index.flow.note([(*cell, key) for cell in cells], *tags)


def _note_bases(index: Index, called: _Called, callee: list[Cell]) -> None:
    """What makes an object of a class of this module is as good as a call of its bases."""
    found = index.definition(callee)
    if not isinstance(found, cst.ClassDef):
        return
    made: Cell = ("made", id(called.node))
    for given in called.given:
        index.flow.move(given.cells, (*made, given.keyword) if given.keyword else made)
        told = f"({given.keyword})" if given.keyword else ""
        for arg in found.bases:
            tag = f"call:{dotted(arg.value, index.aliases)}"
            index.flow.note([(*made, given.keyword) if told else made], tag, tag + told)


def _result(index: Index, called: _Called, callee: list[Cell]) -> list[Cell]:
    definition = index.definition(callee)
    if definition is not None:
        _pass(index, called, takes(definition))
        own = SELF if isinstance(definition, cst.ClassDef) else RETURNED
        return [(id(definition), own)]
    if _PARSED.fullmatch(called.last):
        return [("options", "")]
    fallbacks = [cell for g in called.given if g.keyword in _FALLBACKS for cell in g.cells]
    looked = _looked_up(index, called)
    if looked or fallbacks:
        return [*looked, *fallbacks]
    if called.last in _SAME and called.positional:
        return called.positional[0].cells
    if called.last in _SAME_METHODS:
        return called.owner
    classes = [cell for cell in callee if cell[0] == "module" and called.last[:1].isupper()]
    if classes:
        return classes
    if any(given.keyword for given in called.given):  # an object, or a dict, that holds them
        made = leaf(called.node)
        for given in called.given:
            index.flow.move(given.cells, (*made, given.keyword) if given.keyword else made)
        return [made]
    return []


def _pass(index: Index, called: _Called, targets: list[Cell]) -> None:
    """Let arguments flow into the parameters of a function of this module."""
    names = {str(cell[-1]): cell for cell in targets}
    plain = iter(targets)
    for given in called.given:
        target: Cell | None
        if given.keyword:
            target = names.get(given.keyword)
        elif given.star == "**":
            for name, own in names.items():
                index.flow.move([(*source, name) for source in given.cells], own)
            continue
        else:
            target = next(plain, None)
        if target is not None:
            index.flow.move(given.cells, target)


def _looked_up(index: Index, called: _Called) -> list[Cell]:
    """`CFG.get("host", d)`, `os.getenv("HOST", d)`, `getattr(x, "h", d)`: what is named, and d."""
    words = called.positional
    owner: list[Cell]
    if called.last in ("getattr", "setattr") and len(words) > 1:
        owner, words = words[0].cells, words[1:]
    elif called.name == "os.getenv":
        owner = [ENVIRON]
    elif called.last in _LOOKUPS:
        owner = called.owner
    elif called.last in ("config", "env"):
        return [cell for given in words[1:2] for cell in given.cells]
    else:
        return []
    key = constant(words[0].node) if words else ""
    if not key:
        return []
    found = [(*cell, key) for cell in owner]
    default = [cell for given in words[1:2] for cell in given.cells]
    for cell in found:
        index.flow.move(default, cell)
    return found or default


def _is_option(called: _Called) -> bool:
    return called.last in _OPTIONS and bool(called.positional)


def option(index: Index, decorator: cst.BaseExpression, function: int) -> None:
    """`@click.option("--db-host", default=...)`: the default flows into the parameter."""
    if not isinstance(decorator, cst.Call):
        index.visit(decorator)
        return
    name = dotted(decorator.func, index.aliases)
    called = _Called(name, [], tuple(_given(index, decorator)), decorator)
    if _is_option(called):
        _stored_option(index, called, (function,))


def _stored_option(index: Index, called: _Called, owner: Cell) -> None:
    words = [constant(given.node) for given in called.positional]
    flag = next((word for word in words if word.startswith("--")), words[0])
    dest = next((constant(g.node) for g in called.given if g.keyword == "dest"), "")
    plain = next((word for word in words if word and not word.startswith("-")), "")
    name = dest or plain or flag.partition("/")[0].lstrip("-").replace("-", "_")
    for given in called.given:
        if given.keyword in _FALLBACKS and name:
            index.flow.move(given.cells, (*owner, name))
        if given.keyword == "type" and _IP_TYPE.fullmatch(dotted(given.node, index.aliases)):
            index.flow.note([(*owner, name)], _IP_TAG)
