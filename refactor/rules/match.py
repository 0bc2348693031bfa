"""The matcher: the first row that holds for a place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from typing import NamedTuple

from refactor.model import Document
from refactor.rules.pattern import (
    Steps,
    anchor,
    fits,
    fold,
    name_steps,
    parts,
    path_steps,
    words_of,
)
from refactor.rules.place import Naming, Place
from refactor.rules.row import Call, ObjectIs, Row, texts


class Compiled(NamedTuple):
    """A row with its patterns read."""

    row: Row
    paths: tuple[Steps, ...]
    names: tuple[Steps, ...]
    settings: tuple[tuple[str, ...], ...]
    commands: tuple[tuple[str, ...], ...]

    @property
    def is_named(self) -> bool:
        """Whether it speaks of names at all."""
        return bool(self.paths or self.names or self.settings or self.row.key)

    def holds(self, place: Place) -> bool:
        """Say whether every condition holds."""
        row = self.row
        return (
            (row.object is None or _is_object(row.object, place.literal.document))
            and (not self.is_named or any(self._is_called(n, place) for n in place.namings))
            and (not row.seen or any(_saw(tag, place) for tag in texts(row.seen)))
            and (row.call is None or _is_call(row.call, place))
            and (not row.file or _is_file(texts(row.file), place))
            and (not row.forms or place.forms is None or not place.forms.isdisjoint(row.forms))
            and (
                not row.scheme or bool(place.address and place.address.scheme in texts(row.scheme))
            )
            and (not row.is_context or self._stands(place))
        )

    def _is_called(self, naming: Naming, place: Place) -> bool:
        return (
            naming.key in texts(self.row.key)
            or any(fits(steps, naming.names) for steps in self.paths)
            or any(fits(steps, naming.words) for steps in self.names)
            or any(place.setting[-len(words) :] == words for words in self.settings)
        )

    def _stands(self, place: Place) -> bool:
        """Say whether the words around the address are those that the row tells of."""
        row = self.row
        before, after = place.around
        return (
            (not self.commands or self._runs(place))
            and (not row.flag or _follows(texts(row.flag), place))
            and (not row.directive or place.directive in map(fold, texts(row.directive)))
            and (not row.before or any(re.search(p, before) for p in texts(row.before)))
            and (not row.after or any(re.match(p, after) for p in texts(row.after)))
            and (not row.line or any(re.search(p, place.line) for p in texts(row.line)))
        )

    def _runs(self, place: Place) -> bool:
        anywhere = bool(self.row.flag)
        return any(place.command.runs(spec, anywhere=anywhere) for spec in self.commands)


def compiled(row: Row) -> Compiled:
    """Read the patterns of a row."""
    return Compiled(
        row,
        tuple(map(path_steps, texts(row.path))),
        tuple(map(name_steps, texts(row.name))),
        tuple(words_of((setting,)) for setting in texts(row.setting)),
        tuple(tuple(command.split()) for command in texts(row.command)),
    )


class Rules:
    """Rows in order, found by the words that they need."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = tuple(rows)

    @cached_property
    def _named(self) -> _Index:
        return _Index([compiled(row) for row in self.rows if not row.is_context])

    @cached_property
    def _around(self) -> _Index:
        return _Index([compiled(row) for row in self.rows if row.is_context])

    def row_for(self, place: Place) -> Row | None:
        """Return the first row that holds for a place; None where no row does."""
        found = self._named.first(place)
        if found or not place.has_context:
            return found
        if found := self._around.first(place):
            return found
        flagged = place.under_flag()
        return self._named.first(flagged) if flagged else None


class _Index:
    """Rows by a word that a place must have for them to hold."""

    def __init__(self, rows: Sequence[Compiled]) -> None:
        self._rows = rows
        self._always: list[int] = []
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        for index, row in enumerate(rows):
            words = _needs(row)
            for word in words:
                self._by_word[word].append(index)
            if not words:
                self._always.append(index)

    def first(self, place: Place) -> Row | None:
        asked = {index for word in _has(place) for index in self._by_word.get(word, ())}
        order = sorted(asked.union(self._always))
        return next((self._rows[i].row for i in order if self._rows[i].holds(place)), None)


def _needs(row: Compiled) -> frozenset[str]:
    """Return words, one of which a place must have; none where that is not known."""
    if row.commands:
        return frozenset(f"${command[0]}" for command in row.commands)
    anchors = [(" ", steps) for steps in row.names] + [("", steps) for steps in row.paths]
    found = [frozenset(kind + word for word in anchor(steps)) for kind, steps in anchors]
    if row.settings or row.row.key or not found or not all(found):
        return frozenset()
    return frozenset().union(*found)


def _has(place: Place) -> Iterable[str]:
    for naming in place.namings:
        for name in naming.names:
            yield from parts(name)
        yield from (f" {word}" for word in naming.words)
    yield from (f"${word}" for word in place.command.words)


def _saw(tag: str, place: Place) -> bool:
    if tag == "key":
        return place.literal.kind == "key"
    return place.is_object if tag == "object" else tag in place.tags


def _is_object(wanted: ObjectIs, document: Document | None) -> bool:
    if document is None or (wanted.kinds and document.kind not in wanted.kinds):
        return False
    group = document.api_version.rpartition("/")[0] or "core"
    return not (wanted.groups and document.api_version) or group in wanted.groups


def _is_call(wanted: Call, place: Place) -> bool:
    return any(
        (not wanted.argument or argument in wanted.argument)
        and any(name == f or name.endswith(f".{f}") for f in wanted.function)
        for name, argument in place.calls
    )


def _is_file(globs: tuple[str, ...], place: Place) -> bool:
    return any(fnmatchcase(name, glob) for name in place.files for glob in globs)


def _follows(flags: tuple[str, ...], place: Place) -> bool:
    return place.command.flag in flags or place.command.attached in flags
