"""The YAML scanner: manifests, values, kustomizations, compose files, JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import count

from msgspec.structs import replace

from refactor.model import Document, Literal, Scanned
from refactor.scan import embedded
from refactor.scan.base import PORTISH, Wanted
from refactor.scan.yaml import secrets as yaml_secrets
from refactor.scan.yaml.scalars import faithful, view_of
from refactor.scan.yaml.walk import NamedScalar, Walk
from refactor.text.view import View
from refactor.yaml.nodes import Node, Scalar, StreamPart, compose, readable
from refactor.yaml.objects import identify, objects, tags_of

# An item that names its value: `--redis-host=10.0.4.17` (also with a port), `DB_HOST=10.0.4.17`.
_NAMED_ITEM = re.compile(r"(?:(?P<flag>--?[A-Za-z][\w.-]*)|(?P<name>[A-Z_][A-Z0-9_]*))=(?=.)")
_ALIASED = frozenset({"aliased"})
_PORT_ITEM = re.compile(r"(?:[\w.-]+=)?[0-9]{1,5}\Z")


def scan(text: str, wanted: Wanted) -> Scanned:
    """Return the literals of a YAML or JSON text (see `base.Scanner`)."""
    return read(documents(text, wanted), text, wanted)


def documents(text: str, wanted: Wanted) -> list[StreamPart]:
    """Return the documents of a text, with the places of what `read` needs."""
    return compose(readable(text), yaml_secrets.asked(text, partial(_is_asked, wanted)))


def read(parts: list[StreamPart], text: str, wanted: Wanted, *, depth: int = 0) -> Scanned:
    """Return the literals of a text's documents."""
    reader = _YamlReader(text, wanted, depth)
    literals: list[Literal] = []
    for part in parts:
        literals += reader.as_text(part) if part.root is None else reader.document(part.root)
    broken = next((part for part in parts if part.root is None), None)
    if broken is None:
        return Scanned(tuple(literals))
    line = text.count("\n", 0, broken.place) + 1
    return Scanned(tuple(literals), broken.problem, line)


class _YamlReader:
    """Reads the documents of one text."""

    def __init__(self, text: str, wanted: Wanted, depth: int) -> None:
        self._text = text
        self._readable = readable(text)
        self._wanted = wanted
        self._depth = depth
        self._scopes = count(1)

    def document(self, root: Node) -> Iterator[Literal]:
        aliased: set[Scalar] = set()
        walks: list[tuple[Node, Walk]] = []
        for item in objects(root):
            walk = Walk(self._wanted, self._scopes)
            walk.root(item)
            aliased |= walk.aliased
            walks += [(item, walk)] if walk.places else []
        for item, walk in walks:
            document = identify(item)
            places = walk.places
            if document and document.kind == "Secret":
                places = yaml_secrets.with_data(places, item, next(self._scopes))
            tags = tags_of(item, document)
            for place in places:
                own = _ALIASED if place.scalar in aliased else frozenset()
                yield from self._literals(place, document, place.tags | tags | own)

    def as_text(self, part: StreamPart) -> tuple[Literal, ...]:
        """Read a stretch that does not parse line by line."""
        from refactor.scan.text import scanner as text

        stretch = self._text[part.start : part.end]
        scanned = text.scan(stretch, self._wanted)
        return embedded.carried(scanned.literals, View.plain(stretch, part.start), self._scopes)

    def _literals(
        self, place: NamedScalar, document: Document | None, tags: frozenset[str]
    ) -> tuple[Literal, ...]:
        view, exact = view_of(self._readable, place.scalar)
        if self._readable is not self._text:
            view = faithful(view, self._text)
        style = place.scalar.style
        tags |= {"block"} if style in ("|", ">") else set()
        tags |= set() if exact else {"raw"}
        literal = Literal(view, place.key, place.path, place.scope, "text", tags, document)
        if place.is_key:
            return (replace(literal, kind="key"),)
        if "base64" in tags:
            inner = yaml_secrets.decoded(view, self._wanted)
            return (replace(literal, view=inner),) if inner else ()
        if not style and PORTISH.match(view.text):
            return (replace(literal, kind="number"),)
        found = embedded.literals(
            view,
            place.key,
            self._wanted,
            scopes=self._scopes,
            depth=self._depth,
            path=place.path,
            tags=tags,
            document=document,
        )
        return found if found is not None else self._item(literal)

    def _item(self, literal: Literal) -> tuple[Literal, ...]:
        """Take `--flag=` and `NAME=` off a list's item, as the key that they are."""
        text = literal.view.text
        named = _NAMED_ITEM.match(text) if "item" in literal.tags else None
        if named and self._is_live(value := text[named.end() :]):
            view = literal.view.sub(named.end(), len(text))
            literal = replace(literal, view=view, key=named[0][:-1])
            if named["name"]:
                path = (*literal.path[:-1], named["name"])
                literal = replace(literal, path=path, tags=literal.tags - {"item"})
            text = value
        return (literal,) if self._is_live(text) else ()

    def _is_live(self, text: str) -> bool:
        return bool(PORTISH.match(text)) or self._wanted(text)


def _is_asked(wanted: Wanted, value: str) -> bool:
    return bool(_PORT_ITEM.match(value)) or wanted(value)
