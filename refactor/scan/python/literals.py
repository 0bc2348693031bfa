"""String expressions in their places to literals with their way back to the source."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any, NamedTuple, TypeAlias
from typing import Literal as OneOf

import libcst as cst
from msgspec.structs import replace

from refactor.model import Literal
from refactor.scan import embedded
from refactor.scan.base import PORTISH, Wanted
from refactor.scan.generated import is_generated
from refactor.scan.python.followed import followed
from refactor.scan.python.lexer import NotPythonError, PythonToken
from refactor.scan.python.places import NO_TAGS, Names, Site
from refactor.scan.python.seen import seen_in
from refactor.scan.python.tree import kind
from refactor.scan.python.walk import walk
from refactor.text.view import HOLE, View, ViewBuilder

# An item that names its value: `--redis-host=10.0.4.17`, `DB_HOST=10.0.4.17`.
_NAMED_ITEM = re.compile(r"(?:--?[A-Za-z][\w.-]*|[A-Z_][A-Z0-9_]*)=(?=.)")
_IS_GENERATED = frozenset({"generated"})
_IS_KEY = frozenset({"keyed"})
_UNPLACED = "its strings have no certain place"
_UNKNOWN = View(HOLE, ())
_Kind: TypeAlias = OneOf["text", "number", "key"]


class _Leaf(NamedTuple):
    token: PythonToken
    view: View


def read(
    text: str, tokens: Sequence[PythonToken], views: Sequence[View], wanted: Wanted
) -> tuple[Literal, ...]:
    """Return the literals of a Python text, in source order."""
    module = _parsed(text)
    walked = walk(module)
    leaves = _placed(text, walked.leaves, tokens, views)
    reader = _Reader(leaves, walked.names, wanted)
    sites = sorted(walked.sites, key=reader.start)
    read = [(_first(site), literal) for site in sites for literal in reader.literals(site)]
    tags = _IS_GENERATED if is_generated(text) else NO_TAGS
    found = _settled([literal for _, literal in read], walked.names, tags)
    placed = {node: leaf.token for node, leaf in leaves.items()}
    owners = [owner for owner, _ in read]
    return followed(text, module, walked.names.aliases, placed, owners, found)


def _first(site: Site) -> int:
    """Return the id of a site's first string."""
    return next(id(part) for part in site.parts if part)


def _parsed(text: str) -> cst.Module:
    try:
        return cst.parse_module(text)
    except (cst.ParserSyntaxError, cst.CSTValidationError) as error:
        # A concatenation of text and bytes parses and then fails libcst's own validation.
        raise _problem(text, error) from error


def _problem(text: str, error: Exception) -> NotPythonError:
    """Say it as Python itself does, if it can: libcst's words are long and its lines uncertain."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as own:
        return NotPythonError(own.msg, line=own.lineno or 1)
    except (ValueError, RecursionError, MemoryError):
        pass
    if isinstance(error, cst.ParserSyntaxError):
        told = error.message.partition(": expected")[0]
        return NotPythonError(told, line=max(error.raw_line, 1))
    return NotPythonError(str(error), line=1)


def _placed(
    text: str, nodes: Sequence[cst.CSTNode], tokens: Sequence[PythonToken], views: Sequence[View]
) -> dict[int, _Leaf]:
    """Give each node its token: both are in source order, and two by two they must be equal.

    libcst's own positions are not taken: they are off after a form feed, and cost three times as
    much as the parse.
    """
    even = len(nodes) == len(tokens)
    if not even or not all(map(partial(_same, text), nodes, tokens)):
        raise NotPythonError(_UNPLACED)
    return {id(n): _Leaf(t, v) for n, t, v in zip(nodes, tokens, views, strict=True)}


def _same(text: str, node: cst.CSTNode, token: PythonToken) -> bool:
    if isinstance(node, cst.SimpleString | cst.Integer):
        return text[token.start : token.end] == node.value
    start, texts = _formatted(node)
    own = [span.of(text) for span in token.texts]
    return own == texts and text.startswith(start, token.start)


def _formatted(node: Any) -> tuple[str, list[str]]:
    """Return an f-string's opening and the texts between its holes, as `PythonToken.texts`."""
    texts = [""]
    for part in node.parts:
        if kind(part).endswith("Text"):
            texts[-1] += part.value
        else:
            texts.append("")
    return node.start, texts


class _Reader:
    """Turns the places of one module into literals."""

    def __init__(self, leaves: dict[int, _Leaf], names: Names, wanted: Wanted) -> None:
        self._leaves = leaves
        self._names = names
        self._wanted = wanted

    def start(self, site: Site) -> int:
        """Return where a site's first string stands."""
        return next(self._leaves[id(part)].token.start for part in site.parts if part)

    def literals(self, site: Site) -> Sequence[Literal]:
        place, view = site.place, self._view(site)
        number = isinstance(site.parts[0], cst.Integer)
        what: _Kind = "key" if place.is_key else "number" if number else "text"
        literal = _item(Literal(view, place.key, place.path, place.scope, what, place.tags))
        text = literal.view.text
        if PORTISH.match(text):
            return (literal,)
        if not self._wanted(text):
            return ()
        literal = replace(literal, tags=literal.tags | seen_in(text))
        return (what == "text" and self._embedded(literal)) or (literal,)

    def _embedded(self, literal: Literal) -> Sequence[Literal]:
        """Return what the document in a string holds, nothing where it holds none."""
        text = literal.view.text
        if "\n" not in text and not text.lstrip().startswith(("{", "[")):
            return ()
        found = embedded.literals(
            literal.view,
            literal.key,
            self._wanted,
            scopes=self._names.scopes,
            path=literal.path,
            tags=literal.tags,
        )
        return found or ()

    def _view(self, site: Site) -> View:
        views = [self._leaves[id(part)].view if part else _UNKNOWN for part in site.parts]
        if len(views) == 1:
            return views[0]
        built = ViewBuilder()
        for view in views:
            built.append(view)
        return built.view()


def _item(literal: Literal) -> Literal:
    """Take `--flag=` and `NAME=` off a list's item, as the key that they are."""
    named = _NAMED_ITEM.match(literal.view.text) if "item" in literal.tags else None
    if not named:
        return literal
    name = named[0][:-1]
    view = literal.view.sub(named.end(), len(literal.view.text))
    if name.startswith("-"):
        return replace(literal, view=view, key=name)
    path = (*literal.path[:-1], name)
    return replace(literal, view=view, key=name, path=path, tags=literal.tags - {"item"})


def _keyed(literal: Literal, keys: AbstractSet[str]) -> frozenset[str]:
    """Tell what equals a key of the module: it is looked up by, or there is no telling."""
    return _IS_KEY if literal.kind == "text" and literal.view.text in keys else NO_TAGS


def _settled(found: list[Literal], names: Names, tags: frozenset[str]) -> tuple[Literal, ...]:
    """Let the hosts of a branch that names no port look for theirs further out."""
    with_ports = {
        literal.scope
        for literal in found
        if PORTISH.match(literal.view.text) and "port" in literal.key.lower()
    }
    keys = {literal.view.text for literal in found if literal.kind == "key"}
    return tuple(
        replace(
            literal,
            scope=names.home(literal.scope, with_ports),
            tags=literal.tags | tags | _keyed(literal, keys),
        )
        for literal in found
    )
