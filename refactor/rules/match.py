"""The matcher: the first row that holds for a place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from typing import NamedTuple

from refactor.model import Document
from refactor.rules.needle import Needle, needle
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
from refactor.rules.place import AddressPlace, Naming
from refactor.rules.row import CallPattern, ObjectIs, PlaceRule, texts
from refactor.text.view import HOLE

_KEPT = 4096
"""Places whose rows are kept: items of one list, and keys that many documents share."""
_TEXTS = 64
"""Texts whose rows are kept."""
_NUMBER = re.compile(r"[0-9]{2,}")
_NUMBERED = re.compile(r"[0-9]{2}|[*?\[][^.|\s]*[0-9]|[0-9][^.|\s]*[*?\[]")
"""A pattern that tells such numbers apart."""


class Compiled(NamedTuple):
    """A row with its patterns read."""

    row: PlaceRule
    paths: tuple[Steps, ...]
    names: tuple[Steps, ...]
    settings: tuple[tuple[str, ...], ...]
    commands: tuple[tuple[str, ...], ...]
    directives: frozenset[str]
    before: tuple[Needle, ...]
    after: tuple[re.Pattern[str], ...]
    line: tuple[Needle, ...]

    @property
    def is_named(self) -> bool:
        """Whether it speaks of names at all."""
        return bool(self.paths or self.names or self.settings or self.row.key)

    def holds(self, place: AddressPlace) -> bool:
        """Say whether every condition holds."""
        return self.suits(place) and self.takes(place) and self.stands(place)

    def suits(self, place: AddressPlace) -> bool:
        """Say whether its conditions on the literal hold, whichever of its addresses is asked."""
        row = self.row
        return (
            (row.object is None or _is_object(row.object, place.literal.document))
            and (not self.is_named or any(self._is_called(n, place) for n in place.namings))
            and (not row.seen or any(_saw(tag, place) for tag in texts(row.seen)))
            and (row.call is None or _is_call(row.call, place))
            and (not row.file or _is_file(texts(row.file), place))
        )

    def takes(self, place: AddressPlace) -> bool:
        """Say whether its conditions on the form of the address hold."""
        row = self.row
        return (not row.forms or place.forms is None or not place.forms.isdisjoint(row.forms)) and (
            not row.scheme or bool(place.address and place.address.scheme in texts(row.scheme))
        )

    def stands(self, place: AddressPlace) -> bool:
        """Say whether the words around the address are those that the row tells of."""
        row = self.row
        if not row.is_context:
            return True
        before, after = place.around
        return (
            (not self.commands or self._runs(place))
            and (not row.flag or _follows(texts(row.flag), place))
            and (not row.directive or place.directive in self.directives)
            and (not self.before or any(n.stands(before, place.before) for n in self.before))
            and (not self.after or any(p.match(after) for p in self.after))
            and (not self.line or any(n.stands(place.line, place.folded) for n in self.line))
        )

    def may_stand(self, folded: str) -> bool:
        """Say whether it may hold somewhere in a case-folded text, by the words that it needs."""
        return (not self.before or any(n.may_stand(folded) for n in self.before)) and (
            not self.line or any(n.may_stand(folded) for n in self.line)
        )

    def _is_called(self, naming: Naming, place: AddressPlace) -> bool:
        return (
            naming.key in texts(self.row.key)
            or any(fits(steps, naming.names) for steps in self.paths)
            or any(fits(steps, naming.words) for steps in self.names)
            or any(place.setting[-len(words) :] == words for words in self.settings)
        )

    def _runs(self, place: AddressPlace) -> bool:
        anywhere = bool(self.row.flag)
        return any(place.command.runs(spec, anywhere=anywhere) for spec in self.commands)


def compiled(row: PlaceRule) -> Compiled:
    """Read the patterns of a row."""
    return Compiled(
        row,
        tuple(map(path_steps, texts(row.path))),
        tuple(map(name_steps, texts(row.name))),
        tuple(words_of((setting,)) for setting in texts(row.setting)),
        tuple(tuple(command.split()) for command in texts(row.command)),
        frozenset(map(fold, texts(row.directive))),
        tuple(map(needle, texts(row.before))),
        tuple(map(re.compile, texts(row.after))),
        tuple(map(needle, texts(row.line))),
    )


class Rules:
    """Rows in order, found by the words that they need."""

    def __init__(self, rows: Sequence[PlaceRule]) -> None:
        self.rows = tuple(rows)

    @cached_property
    def _named(self) -> _Index:
        return _Index([compiled(row) for row in self.rows if not row.is_context])

    @cached_property
    def _around(self) -> _Index:
        return _Index([compiled(row) for row in self.rows if row.is_context])

    def row_for(self, place: AddressPlace) -> PlaceRule | None:
        """Return the first row that holds for a place; None where no row does."""
        found = self._named.first_named(place)
        if found or not place.has_context:
            return found
        if found := self._around.first(place):
            return found
        flagged = place.under_flag()
        return self._named.first_named(flagged) if flagged else None


class _Index:
    """Rows by a word that a place must have for them to hold."""

    def __init__(self, rows: Sequence[Compiled]) -> None:
        self._rows = rows
        self._always: list[int] = []
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        self._suiting: dict[object, tuple[Compiled, ...]] = {}
        self._numbers = any(map(_NUMBERED.search, _all_names(rows)))
        for index, row in enumerate(rows):
            words = _needs(row)
            for word in words:
                self._by_word[word].append(index)
            if not words:
                self._always.append(index)
        self._within = lru_cache(_TEXTS)(self._may_stand)

    def _may_stand(self, surroundings: tuple[str, str, str, str]) -> tuple[int, ...]:
        """Return the rows without such a word that may hold in a text; all its addresses ask."""
        argv, flag, code, text = surroundings
        ahead, _, behind = code.partition(HOLE * 2)
        flagged = f"\n{argv} {flag}{text}" if flag else ""
        folded = f"{argv} {ahead}{text}{behind}{flagged}".casefold()
        return tuple(index for index in self._always if self._rows[index].may_stand(folded))

    def first(self, place: AddressPlace) -> PlaceRule | None:
        """Return the first row that holds."""
        asked = {index for word in _around(place) for index in self._by_word.get(word, ())}
        rows = self._asked(asked.union(self._within(place.surroundings)))
        return next((one.row for one in rows if one.holds(place)), None)

    def first_named(self, place: AddressPlace) -> PlaceRule | None:
        """Return the first row that holds, of rows that ask nothing of the words around."""
        key = place.identity(_same if self._numbers else _numberless)
        rows = self._suiting.get(key)
        if rows is None:
            if len(self._suiting) >= _KEPT:
                self._suiting.clear()
            asked = {index for word in _has(place) for index in self._by_word.get(word, ())}
            rows = tuple(one for one in self._asked(asked.union(self._always)) if one.suits(place))
            self._suiting[key] = rows
        return next((one.row for one in rows if one.takes(place)), None)

    def _asked(self, numbers: Iterable[int]) -> Iterator[Compiled]:
        return (self._rows[number] for number in sorted(numbers))


def _all_names(rows: Iterable[Compiled]) -> Iterator[str]:
    for told in (one.row for one in rows):
        for field in (told.path, told.name, told.setting, told.key, told.file):
            yield from texts(field)


def _same(name: str) -> str:
    return name


def _numberless(name: str) -> str:
    """Return a name with every number of several digits as zeros, of which no row speaks."""
    return _NUMBER.sub(lambda found: "0" * len(found[0]), name)


def _needs(row: Compiled) -> frozenset[str]:
    """Return words, one of which a place must have; none where that is not known."""
    told = row.row
    groups = (
        [f"${command[0]}" for command in row.commands],
        [f"-{flag}" for flag in texts(told.flag)],
        [f";{word}" for word in row.directives],
        [] if told.is_context else _names_needed(row),
        [] if told.is_context else [f"#{tag}" for tag in texts(told.seen)],
        [] if told.is_context or not told.call else [f"({_last(f)}" for f in told.call.function],
        [] if told.is_context or not told.object else [f"@{kind}" for kind in told.object.kinds],
    )
    return next((frozenset(group) for group in groups if group), frozenset())


def _names_needed(row: Compiled) -> list[str]:
    """Return words, one of which a name must have; none where any pattern asks for no word."""
    found = [[f"={key}"] for key in texts(row.row.key)]
    found += [[f"~{words[-1]}"] for words in row.settings]
    found += [[f" {word}" for word in anchor(steps)] for steps in row.names]
    found += [list(anchor(steps)) for steps in row.paths]
    return [word for group in found for word in group] if all(found) else []


def _has(place: AddressPlace) -> Iterator[str]:
    """Yield what a place has whatever stands around the address."""
    for naming in place.namings:
        yield f"={naming.key}"
        for name in naming.names:
            yield from parts(name)
        yield from (f" {word}" for word in naming.words)
    yield from (f"~{word}" for word in place.setting[-1:])
    yield from (f"#{tag}" for tag in place.tags)
    yield from (f"#{tag}" for tag in ("key", "object") if _saw(tag, place))
    yield from (f"({_last(name)}" for name, _ in place.calls)
    if place.literal.document:
        yield f"@{place.literal.document.kind}"


def _around(place: AddressPlace) -> Iterator[str]:
    """Yield what stands around the address."""
    command = place.command
    yield from (f"${word}" for word in command.words)
    yield f"-{command.flag}"
    yield f"-{command.attached}"
    yield f";{place.directive}"


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _saw(tag: str, place: AddressPlace) -> bool:
    if tag == "key":
        return place.literal.kind == "key"
    return place.is_object if tag == "object" else tag in place.tags


def _is_object(wanted: ObjectIs, document: Document | None) -> bool:
    if document is None or (wanted.kinds and document.kind not in wanted.kinds):
        return False
    group = document.api_version.rpartition("/")[0] or "core"
    return not (wanted.groups and document.api_version) or group in wanted.groups


def _is_call(wanted: CallPattern, place: AddressPlace) -> bool:
    return any(
        (not wanted.argument or argument in wanted.argument)
        and any(name == f or name.endswith(f".{f}") for f in wanted.function)
        for name, argument in place.calls
    )


def _is_file(globs: tuple[str, ...], place: AddressPlace) -> bool:
    return any(fnmatchcase(name, glob) for name in place.files for glob in globs)


def _follows(flags: tuple[str, ...], place: AddressPlace) -> bool:
    return place.command.flag in flags or place.command.attached in flags
