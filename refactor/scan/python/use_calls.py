"""What a call does with the values that it gets, and what it gives back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import libcst as cst

from refactor.scan.python import holes
from refactor.scan.python.calls import tells
from refactor.scan.python.flow import HOST, Cell, Meeting
from refactor.scan.python.index import Index, hole, leaf, says_port
from refactor.scan.python.observed import NEEDS_IP, is_ip_type
from refactor.scan.python.scopes import RETURNED, SELF
from refactor.scan.python.tree import STRINGS, constant, dotted, kind, text_operands
from refactor.scan.python.use_called import Called, Given
from refactor.scan.python.use_notes import note

# Calls that give their first argument, or what they are called on, as it is or converted.
_SAME = frozenset({"int", "str", "float", "bytes", "list", "tuple", "set", "frozenset", "sorted"})
_SAME |= {"reversed", "iter", "next", "cast", "copy", "deepcopy", "enumerate", "Field", "field"}
_SAME |= {"Option", "Argument", "Query", "Header", "Param", "SecretStr", "AnyUrl", "HttpUrl"}
_SAME_METHODS = frozenset({"strip", "lstrip", "rstrip", "lower", "upper", "encode", "decode"})
_SAME_METHODS |= {"items", "values", "copy", "as_posix"}
_FALLBACKS = frozenset({"default", "fallback", "const", "default_factory"})
_LOOKUPS = frozenset({"get", "pop", "setdefault"})
_URL_PARSERS = frozenset({"urlparse", "urlsplit"})
_HOST_PARTS = ("hostname", "netloc")
_SPLITS = frozenset({"split", "rsplit", "partition", "rpartition"})
_MOST_GIVEN = 8
"""Values that a `*` is taken for."""
_OPTIONS = frozenset({"add_argument", "add_option", "option", "argument"})
_PARSED = re.compile(r"parse_(?:known_|intermixed_)?args")
ENVIRON: Cell = ("module", "os", "environ")


def call(index: Index, node: cst.Call) -> list[Cell]:
    """Note what a call does with its arguments; return what it gives."""
    name = plain_name(node.func, index.aliases)
    where = "" if tells(name.rpartition(".")[2]) else (name or "a call")
    return index.reading(where, lambda: _called(index, node, name))


def plain_name(func: cst.CSTNode, aliases: Mapping[str, str]) -> str:
    """Return the dotted name of what is called; `TCPServer.__init__(self, ...)` is `TCPServer`."""
    name = dotted(func, aliases)
    return name if name.startswith("super()") else name.removesuffix(".__init__")


def _called(index: Index, node: cst.Call, name: str) -> list[Cell]:
    func = node.func
    is_text = isinstance(func, cst.Attribute) and bool(text_operands(func.value))
    owner = index.visit(func.value) if isinstance(func, cst.Attribute) and not is_text else []
    if isinstance(func, cst.Attribute):
        callee = [index.same((*cell, func.attr.value)) for cell in owner]
    else:
        callee = index.visit(func)
    given = tuple(_given(index, node))
    called = Called(name, owner, given, node)
    if called.last in ("substitute", "safe_substitute"):
        return _substituted(index, called)
    if is_text and called.last in ("format", "join"):
        return _template(index, called, text_operands(func.value))  # type: ignore[attr-defined]
    if is_text:
        index.visit(func.value)  # type: ignore[attr-defined]
    note(index, called, callee)
    if _is_option(called):
        _stored_option(index, called, ("options", ""))
    return _result(index, called, callee)


def _given(index: Index, node: cst.Call) -> Iterator[Given]:
    for arg in node.args:
        keyword = arg.keyword.value if arg.keyword else ""
        cells = index.visit(arg.value)
        yield Given(keyword, arg.star, arg.value, cells)


def _template(index: Index, called: Called, operands: list[cst.CSTNode]) -> list[Cell]:
    """`"{}:{}".format(host, port)`, `":".join((host, port))`."""
    first = next(part for part in operands if kind(part) in STRINGS)
    if called.last == "join":
        if constant(first) == ":" and called.given:
            _joined(index, called.given[0].node)
        return [cell for given in called.given for cell in given.cells]
    values: dict[object, list[Cell]] = {
        given.keyword or number: given.cells for number, given in enumerate(called.given)
    }
    if called.given and called.given[0].star == "*":  # `"{}:{}".format(*ADDRESS)`
        cells = called.given[0].cells
        values = {n: [(*cell, f"#{n}") for cell in cells] for n in range(_MOST_GIVEN)} | values
        values[0] = [(*cell, "#0") for cell in cells]
    mapping = [cell for given in called.given if given.star == "**" for cell in given.cells]
    pieces = holes.braces(holes.pieces_of(operands, index.visit), values, mapping)
    return filled(index, pieces, first)


def filled(index: Index, pieces: list[holes.Piece], first: cst.CSTNode) -> list[Cell]:
    """Note what a template does with the values in its holes; return where its own comes from."""
    ports = holes.behind_host(pieces)
    if ports:
        index.flow.meet([hole(first)], Meeting(ports=tuple(ports)))
        index.read(hole(first))
    return holes.fill(index.flow, pieces, leaf(first))


def _substituted(index: Index, called: Called) -> list[Cell]:
    """`Template("http://$host:80").substitute(host=HOST)`, the template by its own name too."""
    values: dict[object, list[Cell]] = {g.keyword: g.cells for g in called.given if g.keyword}
    match called.node.func:
        case cst.Attribute(value=cst.Call(args=[cst.Arg(value=cst.SimpleString() as text)])):
            pieces = holes.dollars(holes.pieces_of([text], index.visit), values)
            return filled(index, pieces, text)
        case _:
            return []


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


def _result(index: Index, called: Called, callee: list[Cell]) -> list[Cell]:
    definition = index.definition(callee)
    if definition is not None:
        _pass(index, called, index.takes(definition))
        own = SELF if isinstance(definition, cst.ClassDef) else RETURNED
        return [(id(definition), own)]
    if _PARSED.fullmatch(called.last):
        return [("options", "")]
    fallbacks = [cell for g in called.given if g.keyword in _FALLBACKS for cell in g.cells]
    looked = _looked_up(index, called)
    if looked or fallbacks:
        return [*looked, *fallbacks]
    if called.last in _SAME_METHODS:
        return called.owner
    if called.last in _SPLITS and any(constant(g.node) == ":" for g in called.given):
        parts = leaf(called.node)  # `host, port = ADDRESS.split(":")`
        index.flow.move(called.owner, (*parts, "#0"), HOST)
        return [parts]
    if called.positional and (back := _given_back(index, called, called.positional[0].cells)):
        return back
    classes = [cell for cell in callee if cell[0] == "module" and called.last[:1].isupper()]
    if classes:
        return classes
    if any(given.keyword for given in called.given):  # an object, or a dict, that holds them
        made = leaf(called.node)
        for given in called.given:
            index.flow.move(given.cells, (*made, given.keyword) if given.keyword else made)
        return [made]
    return []


def _given_back(index: Index, called: Called, first: list[Cell]) -> list[Cell]:
    """Return where the first argument is, where a call gives it, or its host, back."""
    if called.last in _URL_PARSERS:
        parsed = leaf(called.node)
        for part in _HOST_PARTS:
            index.flow.move(first, (*parsed, part), HOST)
        return [parsed]
    return first if called.last in _SAME else []


def _pass(index: Index, called: Called, targets: list[Cell]) -> None:
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


def _looked_up(index: Index, called: Called) -> list[Cell]:
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


def _is_option(called: Called) -> bool:
    return called.last in _OPTIONS and bool(called.positional)


def option(index: Index, decorator: cst.BaseExpression, function: int) -> None:
    """`@click.option("--db-host", default=...)`: the default flows into the parameter."""
    if not isinstance(decorator, cst.Call):
        index.visit(decorator)
        return
    name = dotted(decorator.func, index.aliases)
    called = Called(name, [], tuple(_given(index, decorator)), decorator)
    if _is_option(called):
        _stored_option(index, called, (function,))


def _stored_option(index: Index, called: Called, owner: Cell) -> None:
    words = [constant(given.node) for given in called.positional]
    flag = next((word for word in words if word.startswith("--")), words[0])
    dest = next((constant(g.node) for g in called.given if g.keyword == "dest"), "")
    plain = next((word for word in words if word and not word.startswith("-")), "")
    name = dest or plain or flag.partition("/")[0].lstrip("-").replace("-", "_")
    for given in called.given:
        if given.keyword in _FALLBACKS and name:
            index.flow.move(given.cells, (*owner, name))
        if given.keyword == "type" and is_ip_type(dotted(given.node, index.aliases)):
            index.flow.note([(*owner, name)], NEEDS_IP)
