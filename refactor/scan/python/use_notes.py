"""What a call does with the values that it gets."""

from __future__ import annotations

import re

import libcst as cst

from refactor.scan.python.calls import compares, takes_pattern
from refactor.scan.python.flow import ANY, Cell, Meeting
from refactor.scan.python.index import COMPARED, Index, says_port
from refactor.scan.python.observed import LISTENS, NEEDS_IP, is_ip_type, observed
from refactor.scan.python.scopes import SELF, parameters
from refactor.scan.python.tree import constant, dotted, named
from refactor.scan.python.use_called import Called

_LOOKED = frozenset({"get", "pop", "setdefault", "add", "discard"})
_PARTS = frozenset({"split", "rsplit", "partition", "rpartition"})
_TESTS = frozenset({"startswith", "endswith", "removeprefix", "removesuffix", "replace"})
_LIST_TESTS = frozenset({"index", "remove", "count"})
_SERVES = frozenset({"serve_forever", "get_server"})
# `requests.get(HOST)`, `self.session.get(HOST)` fetch, and look nothing up.
_FETCHES = re.compile(
    r"(?:.*[._])?(?:requests|httpx|aiohttp|session|client|http|urllib3?|api)\.\w+"
)
_EACH = frozenset({"map", "filter", "sorted", "min", "max", "any", "all"})
# What says nothing of a host: a scheme, a slash, a query's sign.
_NO_HOST = re.compile(
    r"(?:https?|wss?|rediss?|amqps?|grpcs?|tcp|unix|ldaps?)(?::/{0,2})?|[a-z][a-z0-9+.-]*://|/{1,2}"
    r"|:?//|[?&#=@,;\s]+|[\[\]]|\.git"
)
_OWN_NAMES = ("host", "address", "addr", "hostname", "server_name", "bind")


def note(index: Index, called: Called, callee: list[Cell]) -> None:
    """Note on each argument what takes it, and on the callee's owner what is asked of it."""
    flow, name = index.flow, called.name
    _note_bases(index, called, callee)
    for position, given in enumerate(called.given):
        flow.note(given.cells, *observed(name, given.keyword, position))
        words = (name,)
        if called.last in _TESTS and is_no_host(given.node):
            continue
        told = (f"({given.keyword})",) if given.keyword else ()
        cells = [(*cell, ANY) for cell in given.cells] if given.star else given.cells
        if isinstance(given.node, cst.Dict):  # what a dict of dicts holds is given, too
            cells = [*cells, *((*cell, *[ANY] * deep) for cell in cells for deep in (1, 2))]
        flow.note(cells, *(f"call:{word}{more}" for word in words for more in ("", *told)))
        if given.star == "**":
            _note_keys(index, given.cells, words)
        flow.note(given.cells, *_looks_at(name, position))
    _note_owner(index, called)
    if called.last in _LOOKED and _is_table(name) and called.positional:
        flow.note(called.positional[0].cells, "lookup")
    if called.last in _EACH:
        _note_each(index, called)
    if any(is_ip_type(dotted(given.node, index.aliases)) for given in called.given):
        flow.note([cell for given in called.given for cell in given.cells], NEEDS_IP)
    index.meet((given.node, given.cells) for given in called.positional)
    index.meet_named((g.keyword, g.node, g.cells) for g in called.given if g.keyword)
    port = next((g for g in called.given if g.keyword == "port" and named(g.node) != "None"), None)
    if port is not None:
        hosts = [cell for g in called.positional[:2] if not says_port(g.node) for cell in g.cells]
        flow.meet(hosts, Meeting(ports=tuple(port.cells)))


def _looks_at(name: str, position: int) -> tuple[str, ...]:
    if position == 0 and takes_pattern(name):
        return ("pattern",)
    return (COMPARED,) if compares(name) else ()


def _is_table(name: str) -> bool:
    """Say whether a method may be that of a dict or a set."""
    return "." in name and not _FETCHES.fullmatch(name)


def _note_owner(index: Index, called: Called) -> None:
    """Note what a method asks of what it is called on."""
    flow = index.flow
    tested = called.last in _TESTS and not all(is_no_host(g.node) for g in called.given[:1])
    if tested or (called.last in _PARTS and any(constant(g.node) == "." for g in called.given)):
        flow.note(called.owner, COMPARED, own=True)
    if called.last in _LIST_TESTS:
        flow.note(called.owner, COMPARED)
    if called.last in _SERVES:
        flow.note([(*cell, ANY) for cell in called.owner if cell[-1] != SELF], LISTENS)


def is_no_host(node: cst.CSTNode) -> bool:
    """Say whether a constant tells of a URL's form alone: any host passes a test for it."""
    if isinstance(node, cst.Tuple):
        return all(is_no_host(element.value) for element in node.elements)
    return isinstance(node, cst.SimpleString) and bool(_NO_HOST.fullmatch(node.raw_value))


def _note_each(index: Index, called: Called) -> None:
    """`map(ip_address, HOSTS)`, `sorted(HOSTS, key=ip_address)`: what each item is given to."""
    keys = [given for given in called.given if given.keyword == "key"]
    takers = keys or called.positional[:1]
    items = [(*cell, ANY) for g in called.positional[0 if keys else 1 :] for cell in g.cells]
    for taker in takers:
        if isinstance(taker.node, cst.Lambda):
            first = [param.name.value for param in parameters(taker.node.params)][:1]
            targets: list[Cell] = [(id(taker.node), name) for name in first]
        else:
            definition = index.definition(taker.cells)
            targets = index.takes(definition)[:1] if definition is not None else []
            index.flow.note(items, f"call:{dotted(taker.node, index.aliases)}")
        for target in targets:
            index.flow.move(items, target)


def _note_keys(index: Index, cells: list[Cell], words: tuple[str, ...]) -> None:
    """`run(**CFG)`: each key is a keyword."""
    for key in _OWN_NAMES:
        tags = [f"call:{word}{more}" for word in words for more in ("", f"({key})")]
        index.flow.note([(*cell, key) for cell in cells], *tags)


def _note_bases(index: Index, called: Called, callee: list[Cell]) -> None:
    """What makes an object of a class of this module is as good as a call of its bases."""
    found = index.definition(callee)
    if called.name == "super().__init__" and index.classes:
        found = index.classes[-1]
    if not isinstance(found, cst.ClassDef):
        return
    if any("Enum" in dotted(arg.value, index.aliases) for arg in found.bases):
        index.flow.note([(id(found), SELF, ANY)], COMPARED)  # a member is looked up by its value
        index.flow.note([cell for g in called.given for cell in g.cells], COMPARED)
    made: Cell = ("made", id(called.node))
    for given in called.given:
        index.flow.move(given.cells, (*made, given.keyword) if given.keyword else made)
        told = f"({given.keyword})" if given.keyword else ""
        for arg in found.bases:
            tag = f"call:{dotted(arg.value, index.aliases)}"
            index.flow.note([(*made, given.keyword) if told else made], tag, tag + told)
