"""Which lines are siblings: those of one section, one block, one indentation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from refactor.scan.text.values import declared

# [section], [section "sub"], [[table.of.tables]]; not `[[ -f x ]]`, `[::1]` or a list's items.
_SECTION = re.compile(r"\[{1,2}\s*([^\W\d][^\[\],]*)\]{1,2}\s*\Z")
_SECTION_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^\s.\"']+)")
_DEPTH = 32  # levels of indentation that a path tells of
_MAX_SECTION = 200  # code points
_FIRST_WORD = re.compile(r"\s*(?:-\s+)?[\"'$@]?([\w.\-/]+)")
_NAMES_ITEM = re.compile(r"\s*-\s+(?:name|key)\s*:\s*[\"']?([\w.\-]+)[\"']?\s*\Z")
_ITEM_VALUE = re.compile(r"value\s*:")


@dataclass(slots=True)
class _Level:
    indent: int
    number: int
    list_number: int
    line: str = ""


class Scopes:
    """Follows a text's sections and indentation, a line at a time."""

    def __init__(self) -> None:
        self._last = 0
        self._section: tuple[str, ...] = ()
        self._stack = [_Level(0, 0, 0)]
        self.item = ""
        """X, where the line last entered is the `value:` under `- name: X`; else ""."""

    @property
    def number(self) -> int:
        """Of the scope of the line last entered; of its list, for the value of a named item."""
        return self._stack[-1].list_number if self.item else self._stack[-1].number

    @property
    def parents(self) -> tuple[str, ...]:
        """The names that lead to that line: its section, then what it is indented under."""
        names = (_name(level.line) for level in self._stack[-_DEPTH:-1])
        return (*self._section, *(name for name in names if name))

    def enter(self, text: str) -> None:
        """Take the next line into account."""
        self.item = ""
        bare = text.lstrip()
        begins_item = bare.startswith(("- ", "-\t"))
        indent = len(text) - len(bare[1:].lstrip() if begins_item else bare)
        if bare.startswith("[") and (section := _section(bare)):
            self._section = section
            self._stack = [self._level(0)]
            return
        while len(self._stack) > 1 and self._stack[-1].indent > indent:
            self._stack.pop()
        top = self._stack[-1]
        if top.indent < indent:
            top = self._level(indent)
            self._stack.append(top)
        elif begins_item:
            top.number = self.new()
        elif bare.startswith("value"):
            named = _NAMES_ITEM.match(top.line) if _ITEM_VALUE.match(bare) else None
            self.item = named[1] if named else ""
        top.line = text

    def new(self) -> int:
        """Return a number that no scope has yet."""
        self._last += 1
        return self._last

    def _level(self, indent: int) -> _Level:
        return _Level(indent, self.new(), self.new())


def _section(text: str) -> tuple[str, ...]:
    match = _SECTION.match(text) if len(text) < _MAX_SECTION else None
    if match is None or "::" in text:
        return ()
    return tuple("".join(part) for part in _SECTION_PART.findall(match[1]))


@lru_cache(maxsize=1024)
def _name(line: str) -> str:
    """Return what a line names that others are indented under: `db:`, `const db = {`, `http {`."""
    if name := declared(line):
        return name
    word = _FIRST_WORD.match(line)
    return word[1] if word else ""
