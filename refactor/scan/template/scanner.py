"""Reads Helm templates: the text outside actions, and the literals inside them.

The actions are masked without moving anything, so what is left is YAML more often than not and
the YAML scanner reads it, line by line where it is not YAML. What it finds is unmasked again: a
literal inside an action stands under the key, beside the siblings and in the object of its value.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import groupby

from msgspec.structs import replace

from refactor.model import Document, Literal, Scanned
from refactor.scan.base import PORTISH, Wanted
from refactor.scan.template.args import Argument, arguments
from refactor.scan.template.branches import ActionLiterals, Alternative, branches, parted
from refactor.scan.template.mask import ASK, line_begin, lonely, masked
from refactor.scan.text.comments import without_comment
from refactor.scan.yaml import scanner as yaml
from refactor.text.actions import Action, actions, definitions
from refactor.text.view import HOLE, Piece, View

_TEMPLATE = frozenset({"template"})
_ACTION = frozenset({"template", "action"})
# A scope of the template's own: its variables and definitions. Those of YAML count up from 0, and
# those of single actions down from -2.
_NAMES = -1
_MASKED = re.compile(f"[{ASK}{HOLE}]+")
_LINE = re.compile(r"[^\r\n]*")
_LINE_KEY = re.compile(r"\s*(?:-\s+)*[\"']?([\w./\-]+)[\"']?\s*:(?:\s|\Z)")


def scan(text: str, wanted: Wanted) -> Scanned:
    """Return, in source order, what could hold an address or be a port (see `base.Scanner`).

    A template that is no YAML when its actions are masked is nothing to report. All literals have
    the tag "template"; those inside actions "action" too, and what their function makes of them:
    "default", "compare", "format-args", "prose".
    """
    if not wanted(text):
        return Scanned(())
    return Scanned(tuple(_TemplateReader(text, wanted).literals()))


class _TemplateReader:
    """Reads one template."""

    def __init__(self, text: str, wanted: Wanted) -> None:
        self._text = text
        self._wanted = wanted
        found = list(actions(text))
        alone = lonely(text, found)
        looked = {
            action.span.start: ActionLiterals(action, arguments(action, wanted)) for action in found
        }
        self._alone = [looked[start] for start in sorted(alone)]
        self._asked = {
            start: one
            for start, one in looked.items()
            if start not in alone and (one.arguments or one.action.role != "value")
        }
        self._definitions = sorted(definitions(found))
        self._mask = masked(text, found, alone, self._asked)
        self._seen: set[int] = set()

    def literals(self) -> list[Literal]:
        asks = yaml.scan(self._mask, lambda value: ASK in value or self._wanted(value)).literals
        found = [one for literal in asks for one in self._unmasked(literal)]
        found += self._by_themselves()
        return sorted(dict.fromkeys(found), key=_start)

    def _unmasked(self, literal: Literal) -> Iterator[Literal]:
        parts = parted(literal.view, self._asked)
        literal = replace(
            literal,
            key=_unhole(literal.key),
            path=tuple(_unhole(name) or HOLE for name in literal.path),
            tags=literal.tags | _TEMPLATE,
            document=_without_holes(literal.document),
        )
        for branch in branches(parts) if len(parts) > 1 else (Alternative(literal.view),):
            if self._is_live(branch.view.text):
                yield self._in_definition(self._of_branch(literal, branch))
        for part in parts:
            if isinstance(part, ActionLiterals):
                self._seen.add(part.action.span.start)
                yield from (_inside(one, literal, part.action) for one in _apart(part))

    def _of_branch(self, literal: Literal, branch: Alternative) -> Literal:
        view = self._honest(branch.view)
        tags = literal.tags.union(*(_ACTION | one.tags for one in branch.used))
        kind = literal.kind
        if ASK in literal.view.text and kind != "key" and PORTISH.match(view.text):
            quoted = self._text[_start(literal) - 1 : _start(literal)] in ('"', "'")
            bare = not quoted and all(one.number for one in branch.used)
            kind = "number" if bare else "text"
        return replace(literal, view=view, kind=kind, tags=tags)

    def _is_live(self, text: str) -> bool:
        return bool(PORTISH.match(text)) or self._wanted(text)

    def _in_definition(self, literal: Literal) -> Literal:
        """What a definition is, and nothing else, goes under the definition's name."""
        start = _start(literal)
        index = bisect_right(self._definitions, start, key=lambda one: one.start) - 1
        if literal.path or index < 0 or "line" in literal.tags:
            return literal
        definition = self._definitions[index]
        if start > definition.end:
            return literal
        name = definition.name
        return replace(literal, key=name, path=(name,), scope=_NAMES)

    def _by_themselves(self) -> Iterator[Literal]:
        """Yield the literals of actions that the YAML around them does not hold."""
        for asked in (*self._alone, *self._missed()):
            key = "" if asked.action.role == "silent" else self._key_of_line(asked.action)
            place = Literal(View.plain(""), key, (key,) if key else (), tags=_TEMPLATE)
            yield from (_inside(one, place, asked.action) for one in _usable(asked))

    def _missed(self) -> Iterator[ActionLiterals]:
        """Yield the actions that were not reached although no comment holds them."""
        stated: dict[int, int] = {}
        for start, one in self._asked.items():
            if start in self._seen or not one.arguments:
                continue
            begin = line_begin(self._mask, start)
            if begin not in stated:
                line = _LINE.match(self._mask, begin)
                stated[begin] = begin + len(without_comment(line[0] if line else ""))
            if start < stated[begin]:
                yield one

    def _key_of_line(self, action: Action) -> str:
        start = action.span.start
        match = _LINE_KEY.match(self._text, line_begin(self._text, start), start)
        return match[1] if match else ""

    def _honest(self, view: View) -> View:
        """Take from a view's pieces what the mask put there."""
        pieces: list[Piece] = []
        for piece in view.pieces:
            at, source, length = piece
            if view.text[at : at + length] == self._text[source : source + length]:
                pieces.append(piece)
                continue
            same = [view.text[at + i] == self._text[source + i] for i in range(length)]
            for is_same, run in groupby(range(length), same.__getitem__):
                indices = list(run) if is_same else []
                pieces += [Piece(at + i, source + i, len(indices)) for i in indices[:1]]
        return View(view.text, tuple(pieces))


def _start(literal: Literal) -> int:
    return literal.view.pieces[0].source if literal.view.pieces else 0


def _inside(one: Argument, place: Literal, action: Action) -> Literal:
    """Return a literal of an action that does not just yield it.

    Those of one action are siblings, and so are all variables.
    """
    path = (*place.path, *one.names)
    return replace(
        place,
        view=one.view,
        key=path[-1] if one.names else place.key,
        path=path,
        scope=_NAMES if action.role == "silent" and len(path) == 1 else -2 - action.span.start,
        kind="number" if one.number else "text",
        tags=place.tags | _ACTION | one.tags,
    )


def _usable(asked: ActionLiterals) -> tuple[Argument, ...]:
    """A number in a condition or a `range` is no port."""
    if asked.action.role in ("open", "else"):
        return tuple(one for one in asked.arguments if not PORTISH.match(one.view.text))
    return asked.arguments


def _apart(asked: ActionLiterals) -> Iterator[Argument]:
    """What an action does not just yield; `branches` has the rest."""
    yields = asked.action.role == "value"
    return (one for one in _usable(asked) if not (yields and one.yields))


def _unhole(name: str) -> str:
    """Return a name without what only the render knows; a `HOLE` where that is in its midst."""
    return _MASKED.sub(HOLE, name.strip(ASK + HOLE))


def _without_holes(document: Document | None) -> Document | None:
    """A name that only the render knows is not known here."""
    if document is None:
        return None
    name, namespace = document.name, document.namespace
    return replace(
        document,
        name="" if _MASKED.search(name) else name,
        namespace="" if _MASKED.search(namespace) else namespace,
    )
