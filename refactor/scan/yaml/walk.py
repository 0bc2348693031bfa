"""Walks a YAML tree and names what it meets: key, path, siblings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from refactor.scan.argv import Argv
from refactor.text.key_words import stem
from refactor.yaml.nodes import (
    Alias,
    Asked,
    MappingNode,
    Node,
    Scalar,
    SequenceNode,
    pairs,
    text_of,
)

_FLAG = re.compile(r"--?[A-Za-z][\w.-]*")
_NONE: frozenset[str] = frozenset()
_ITEM = frozenset({"item"})
_MAX_ALIASED = 400  # code points
_MAX_SAID = 20  # code points
_ALIAS = frozenset({"alias"})
_ENV_NAMES = ({"name", "value"}, {"key", "value"})
# Fields whose value says something of all that is beside and below them; rules look at it.
_SAYING = frozenset({"op", "type", "resolution", "load_assignment"})


class NamedScalar(NamedTuple):
    """A scalar with its names.

    Attributes:
        scalar: the scalar.
        key, path, scope, tags: as in `model.Literal`.
        is_key: it is a mapping's key.
    """

    scalar: Scalar
    key: str
    path: tuple[str, ...]
    scope: int
    tags: frozenset[str] = _NONE
    is_key: bool = False


class Walk:
    """Collects the places of the scalars that were asked for, in source order.

    Args:
        asked_key: whether the place of a mapping's key is wanted.
        scopes: gives a new number for each collection.
    """

    def __init__(self, asked_key: Asked, scopes: Iterator[int]) -> None:
        self._asked_key = asked_key
        self._scopes = scopes
        self.places: list[NamedScalar] = []
        self.aliased: set[Scalar] = set()
        """The scalars that are mentioned again by an alias, or merged to stand beside others."""

    def mapping(
        self, node: MappingNode, path: tuple[str, ...] = (), scope: int | None = None
    ) -> None:
        """Collect from a mapping."""
        scope = next(self._scopes) if scope is None else scope
        begin, said = len(self.places), set()
        for key, value in pairs(node):
            name = text_of(key)
            self._key(key, path, scope)
            if name == "<<" and isinstance(value, MappingNode):
                self.mapping(value, path, scope)
            elif name == "args" and isinstance(value, SequenceNode):
                self.sequence(value, name, (*path, name), argv=_command(node))
            else:
                self.aliased |= _overridden(node, value) if name == "<<" else set()
                self._value(value, name, path, name, scope, _NONE)
            if name in _SAYING:
                said |= _said(node, name, text_of(value))
        if said:
            self.places[begin:] = [p._replace(tags=p.tags | said) for p in self.places[begin:]]

    def sequence(
        self,
        node: SequenceNode,
        key: str = "",
        path: tuple[str, ...] = (),
        argv: tuple[str, ...] = (),
    ) -> None:
        """Collect from a sequence; an item after a flag (`-h`) goes under that flag's name."""
        scope, flag, before = next(self._scopes), "", Argv(argv)
        every = _ITEM | {f"of:{len(node.children)}"}
        for index, item in enumerate(node.children):
            if not self._env_item(item, path, str(index), scope):
                tags = every | before.tags if isinstance(item, Scalar) else every
                self._value(item, flag or key, path, str(index), scope, tags)
            text = text_of(item)
            before.add(text)
            flag = text if _FLAG.fullmatch(text) else ""

    def root(self, node: Node) -> None:
        """Collect from a document's root."""
        if isinstance(node, MappingNode):
            self.mapping(node)
        elif isinstance(node, SequenceNode):
            self.sequence(node)
        else:
            self._value(node, "", (), "", next(self._scopes), _NONE)

    def _value(
        self,
        node: Node,
        key: str,
        path: tuple[str, ...],
        step: str,
        scope: int,
        tags: frozenset[str],
    ) -> None:
        if isinstance(node, Alias):
            # Long texts are read once, however often they are mentioned.
            if not isinstance(node.target, Scalar) or len(node.target.value) > _MAX_ALIASED:
                return
            node, tags = node.target, tags | _ALIAS
            self.aliased.add(node)
        if isinstance(node, str):
            return
        if isinstance(node, Scalar):
            whole = (*path, step) if step else path
            self.places.append(NamedScalar(node, key, whole, scope, tags))
        elif isinstance(node, MappingNode):
            self.mapping(node, (*path, step))
        elif isinstance(node, SequenceNode):
            self.sequence(node, key, (*path, step))

    def _key(self, node: Node, path: tuple[str, ...], scope: int) -> None:
        if isinstance(node, str):
            return
        if isinstance(node, Scalar):
            if self._asked_key(node.value):
                key = next((name for name in reversed(path) if not name.isdigit()), "")
                place = NamedScalar(node, key, (*path, node.value), scope, is_key=True)
                self.places.append(place)
        elif not isinstance(node, Alias):
            for child in node.children:
                self._key(child, path, scope)

    def _env_item(self, item: Node, path: tuple[str, ...], index: str, scope: int) -> bool:
        """Collect from `{name: X, value: Y}` as from `X: Y`; say whether it was one."""
        if not isinstance(item, MappingNode) or len(item.children) != 4:
            return False
        fields = {text_of(key): value for key, value in pairs(item)}
        if set(fields) not in _ENV_NAMES or isinstance(fields["value"], MappingNode | SequenceNode):
            return False
        name = text_of(fields["name" if "name" in fields else "key"])
        for field, value in fields.items():
            if field == "value":
                self._value(value, name, path, name, scope, _NONE)
            else:
                self._value(value, field, (*path, index), field, scope, _NONE)
        return True


def _said(node: MappingNode, name: str, text: str) -> set[str]:
    """Return the tags that a field gives to its whole mapping: "op=test"."""
    if name == "load_assignment":  # of an Envoy cluster; static where it says no type
        typed = any(text_of(key) in ("type", "cluster_type") for key, _ in pairs(node))
        return set() if typed else {"load_assignment="}
    return {f"{name}={text}"} if len(text) <= _MAX_SAID else set()


def _command(node: MappingNode) -> tuple[str, ...]:
    """Return the words of a container's `command`, which its `args` go on with."""
    found = next((value for key, value in pairs(node) if text_of(key) == "command"), None)
    return tuple(map(text_of, found.children)) if isinstance(found, SequenceNode) else ()


def _overridden(node: MappingNode, merged: Node) -> set[Scalar]:
    """Return the scalars of merged mappings that stand beside other hosts or ports here."""
    own = {text_of(key) for key, _ in pairs(node)}
    found: set[Scalar] = set()
    for alias in merged.children if isinstance(merged, SequenceNode) else (merged,):
        target = alias.target if isinstance(alias, Alias) else None
        if isinstance(target, MappingNode):
            scalars = {text_of(k): v for k, v in pairs(target) if isinstance(v, Scalar)}
            if any(stem(name).says for name in own & scalars.keys()):
                found |= set(scalars.values())
    return found
