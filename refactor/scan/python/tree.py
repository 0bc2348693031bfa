"""A libcst tree's nodes in the order in which they stand in the source, and what they are called.

libcst's own `children` and visitors rebuild or copy as they go; reading the fields costs a tenth.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

import libcst as cst

# Every field that can lead to a string or a number, in an order that is right for each node.
_FIELDS = (
    "decorators decorator type_parameters posonly_params params param star_arg kwonly_params"
    " star_kwarg returns bases keywords targets target annotation subject cases cls key pattern"
    " guard type test exc cause iter ifs inner_for_in items item asname name func args elt value"
    " for_in left comparisons comparator right expression format_spec parts lower upper step slice"
    " elements patterns kwds bound default msg body handlers orelse finalbody"
)
_OUT_OF_ORDER = {"IfExp": ("body", "test", "orelse")}

FORMATTED = ("FormattedString", "TemplatedString")
STRINGS = ("SimpleString", *FORMATTED)
"""Kinds of node that are one string token each."""


by_name = lru_cache(8192)
"""Keeps what a function says of names: a program calls the same few over and over."""


def whole(pattern: str) -> Callable[[str], bool]:
    """Return what says whether a pattern holds for a whole name."""
    fullmatch = re.compile(pattern).fullmatch
    return by_name(lambda name: fullmatch(name) is not None)


class Written(NamedTuple):
    """What an assignment's target is called.

    Attributes:
        owner: the dotted name of the object it belongs to; "" for a plain name.
        name: the name, the attribute or the constant key; "" for anything else.
    """

    owner: str
    name: str


def kind(node: cst.CSTNode) -> str:
    """Return a node's kind; by name, for older libcst lacks some kinds."""
    return type(node).__name__


def children(node: cst.CSTNode, *, names: bool = False) -> list[cst.CSTNode]:
    """Return the nodes directly below one, in source order, without signs and blanks."""
    found: list[cst.CSTNode] = []
    for value in _fields(type(node))(node):
        known: type[object] = type(value)
        if known is list or known is tuple:
            found += value
        elif _is_node(known) and (names or known is not cst.Name):  # type: ignore[arg-type]
            found.append(value)
    return found


@cache
def _is_node(known: type[object]) -> bool:
    """Say whether a class is of nodes; `isinstance` would ask libcst's abstract classes anew."""
    return issubclass(known, cst.CSTNode)


@cache
def _fields(node: type[cst.CSTNode]) -> Callable[[cst.CSTNode], tuple[Any, ...]]:
    """Return what reads the fields of a kind of node."""
    own = {field.name for field in dataclasses.fields(node)}
    plain = tuple(name for name in _FIELDS.split() if name in own)
    match _OUT_OF_ORDER.get(node.__name__, plain):
        case ():
            return lambda _: ()
        case (name,):
            return lambda node: (getattr(node, name),)
        case several:
            return attrgetter(*several)


def dotted(node: cst.CSTNode, aliases: Mapping[str, str]) -> str:
    """Return the dotted name of an expression: `socket.socket().bind`, `.bind` of what has none."""
    names: list[str] = []
    called = ""
    at: Any = node
    while (known := type(at)) is not cst.Name:  # by the class itself: asked for each call
        if known is cst.Attribute:
            names.append(at.attr.value + called)
            at, called = at.value, ""
        elif known is cst.Call:
            at, called = at.func, f"(){called}"
        elif known is cst.Subscript:
            at, called = at.value, f"[{_index(at)}]{called}"
        else:
            return ".".join((called, *reversed(names)))
    names.append(aliases.get(at.value, at.value) + called)
    return ".".join(reversed(names))


def _index(node: cst.Subscript) -> str:
    match node.slice:
        case [cst.SubscriptElement(slice=cst.Index(value=key))]:
            return named(key)
        case _:
            return ""


def constant(node: cst.CSTNode | None) -> str:
    """Return what stands between the quotes of a plain string; "" for anything else."""
    return node.raw_value if isinstance(node, cst.SimpleString) else ""


def named(node: cst.CSTNode) -> str:
    """Return what a mapping's key is called: a string, a name, a number; "" for the rest."""
    match node:
        case cst.Name(value=name) | cst.Integer(value=name):
            return name
        case cst.Attribute(attr=cst.Name(value=name)):
            return name
        case _:
            return constant(node)


def written(target: cst.CSTNode, aliases: Mapping[str, str]) -> Written:
    """Return what a target of an assignment is called."""
    match target:
        case cst.Name(value=name):
            return Written("", name)
        case cst.Attribute(value=owner, attr=attr):
            return Written(dotted(owner, aliases), attr.value)
        case cst.Subscript(value=owner, slice=[cst.SubscriptElement(slice=cst.Index(value=key))]):
            return Written(dotted(owner, aliases), constant(key))
        case _:
            return Written("", "")


def text_operands(node: cst.CSTNode) -> list[cst.CSTNode]:
    """Return what one string expression is put together from, left to right."""
    found: list[cst.CSTNode] = []
    todo = [node]
    while todo:
        match todo.pop():
            case cst.ConcatenatedString(left=left, right=right):
                todo += (right, left)
            case cst.BinaryOperation(left=left, operator=cst.Add(), right=right):
                todo += (right, left)
            case part:
                found.append(part)
    return found if any(kind(part) in STRINGS for part in found) else []
