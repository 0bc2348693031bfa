"""`.refactor.yaml` as plain data, with the line of each setting.

It is read event by event: no tag is honoured, no alias followed, nothing is constructed, and so
nothing in it can run or grow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NoReturn

from ruamel.yaml.error import YAMLError

from refactor.errors import RefactorError
from refactor.settings.document import Place, SettingsDocument
from refactor.yaml.events import pure_events, quick_events, resolved

_DEPTH = 8
"""How deep settings may nest; they need three levels."""

_FRACTION = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")


def read_yaml(file: str, text: str) -> SettingsDocument:
    """Read `.refactor.yaml`.

    Raises:
        RefactorError: it is no YAML, or holds what settings have no use for: several documents,
            aliases, tags, a name twice.
    """
    try:
        return _document(file, quick_events(text))
    except YAMLError:
        pass
    # libyaml reads YAML 1.1, in which `[https://host/]` is no list; the pure parser reads 1.2.
    try:
        return _document(file, pure_events(text))
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
        message = f"is not valid YAML: {problem}"
        raise RefactorError(message, where=f"{file}:{line}") from error


def _document(file: str, events: Iterator[Any]) -> SettingsDocument:
    reader = _Yaml(file, events)
    data = reader.document()
    return SettingsDocument(file, {} if data is None else data, reader.line_of)


class _Yaml:
    """Turns events to data, and keeps the line of each place."""

    def __init__(self, file: str, events: Iterator[Any]) -> None:
        self._file = file
        self._events = events
        self._lines: dict[Place, int] = {}

    def line_of(self, place: Place) -> int:
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)

    def document(self) -> object:
        data: object = None
        for count, event in enumerate(self._starts()):
            if count:
                self._refuse(event, "holds a second document; settings are one")
            data = self._node(next(self._events), ())
        return data

    def _starts(self) -> Iterator[Any]:
        for event in self._events:
            if type(event).__name__ == "DocumentStartEvent":
                yield event

    def _node(self, event: Any, place: Place) -> object:
        kind = type(event).__name__
        if kind == "AliasEvent" or event.anchor:
            self._refuse(event, "settings have no anchors and aliases; write it out")
        if event.tag:
            self._refuse(event, f"settings have no tags; leave out {event.tag}")
        if len(place) > _DEPTH:
            self._refuse(event, "nests deeper than settings do")
        self._lines.setdefault(place, event.start_mark.line + 1)
        if kind == "ScalarEvent":
            return _scalar(event.value) if event.implicit[0] else event.value
        return self._mapping(place) if kind == "MappingStartEvent" else self._list(place)

    def _mapping(self, place: Place) -> dict[str, object]:
        data: dict[str, object] = {}
        while type(event := next(self._events)).__name__ != "MappingEndEvent":
            if type(event).__name__ != "ScalarEvent":
                self._refuse(event, "the name of a setting is plain text")
            name = event.value
            if name in data:
                self._refuse(event, f"`{name}` is set twice")
            self._lines[(*place, name)] = event.start_mark.line + 1
            data[name] = self._node(next(self._events), (*place, name))
        return data

    def _list(self, place: Place) -> list[object]:
        data: list[object] = []
        while type(event := next(self._events)).__name__ != "SequenceEndEvent":
            data.append(self._node(event, (*place, len(data))))
        return data

    def _refuse(self, event: Any, message: str) -> NoReturn:
        raise RefactorError(message, where=f"{self._file}:{event.start_mark.line + 1}")


def _scalar(text: str) -> object:
    return float(text) if _FRACTION.fullmatch(text) else resolved(text)
