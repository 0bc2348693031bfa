"""A place as rules see it: names, words, forms, calls, and what stands around the address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from pathlib import PurePosixPath
from typing import NamedTuple

from refactor.model import Address, Literal
from refactor.rules.command import CommandLine, command_line
from refactor.rules.pattern import fold, words_of
from refactor.text.view import HOLE

# Folded names of the parts of an object that its API does not type: a ConfigMap's data, the values
# of a chart, an environment.
UNTYPED = frozenset({"data", "stringdata", "values", "valuesobject", "valuesinline", "env"})
_REACH = 400
"""Code points to each side within the address's own line."""
_LONGEST = 400
"""Code points; no form asks for the whole of a longer text."""
_DEEPEST = 64
_IP = r"(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+)"
_APART = r"[\s,\[\]\"']"
_WHOLE = {
    "ips": re.compile(rf"{_APART}*(?:{_IP}{_APART}+)*{_IP}{_APART}*"),
    "image": re.compile(r"[\w.\[\]:-]+/[a-z0-9._/-]+(?::[\w.-]+)?(?:@sha256:\w+)?"),
}
_NODE = re.compile(r"(?<![\w/:.@-])[\w.-]+@\Z")
_USED_AS = re.compile(r"call:(?P<function>[^()]*)\((?P<keyword>\w+)\)")
_FLAG = re.compile(
    r"(?<!\S)[\"']?(?:(?:-D|--(?:conf|config|set|set-string|property|override|env)[\s=]+[\"']?|-[ceop]\s+[\"']?)"
    r"(?P<key>[A-Za-z][\w.-]+)=|(?:-D|--?)(?P<flag>[A-Za-z][\w.-]+)(?:=|\s+))[\"']?[^\s\"'=;|&]{0,200}\Z"
)
"""A flag before its value, or one before a name and its value: `--conf spark.driver.host=…`."""
_STATEMENT = re.compile(r"(?:^|[;{}])\s*(?P<word>[A-Za-z][\w-]*)\s[^;{}]*\Z")
_BLANK = re.compile(r"[\s={@]")
_BEHIND = re.compile(r"[\s)]")
WITHIN = "within:"
"""Begins the tag that holds the text around a program's value; two `HOLE`s stand for the value."""
CODE = "code:"
"""Begins the tag that holds the code around a value; two `HOLE`s stand for the value."""
ARGV = "argv:"
"""What begins the tag that holds the words before an item in its list of arguments."""


class Naming(NamedTuple):
    """What a place is called."""

    key: str
    names: tuple[str, ...]
    words: tuple[str, ...]


class AddressPlace:
    """An address in its place.

    Args:
        address: what was read there; None where only the place is known.
        file: the file's path, "" where it is not known.
    """

    def __init__(
        self,
        literal: Literal,
        address: Address | None = None,
        file: str = "",
        forms: frozenset[str] | None = None,
    ) -> None:
        self.literal = literal
        self.address = address
        self.tags = literal.tags
        self.forms = _forms(literal, address) if address else forms
        self._file = file

    def identity(self, known_as: Callable[[str], str]) -> tuple[object, ...]:
        """Return what tells places apart by all but their address, its names as they are known.

        Indexes of lists do not count.
        """
        one = self.literal
        path = tuple(known_as(name) for name in one.path if not name.isdigit())
        return known_as(one.key), path, self.tags, one.kind, one.document, self._file

    @cached_property
    def namings(self) -> tuple[Naming, ...]:
        """Its own name, and the keyword under which each call takes the name it is bound to."""
        used = (_USED_AS.fullmatch(tag) for tag in self.tags)
        as_keyword = (
            _naming(match["keyword"], (f"{match['function'].rpartition('.')[2]}()",))
            for match in used
            if match
        )
        return (_naming(self.literal.key, self.literal.path), *as_keyword)

    @cached_property
    def setting(self) -> tuple[str, ...]:
        """The words of all its names."""
        path = self.literal.path[-_DEEPEST:]
        named = (*path, *((self.literal.key,) if self.literal.key not in path[-1:] else ()))
        return words_of(name for name in named if not name.isdigit())

    @cached_property
    def calls(self) -> tuple[tuple[str, str], ...]:
        """The calls that it is an argument of, each with the keyword, "" for a position."""
        return tuple(_calls(self.literal))

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The names of its file, and of the file within a file."""
        return (PurePosixPath(self._file).name, *self.literal.path)

    @cached_property
    def is_object(self) -> bool:
        """Whether it is a field of an object, as the API types it: no text, no values in it."""
        document = self.literal.document
        if document is None or not (document.kind and document.api_version):
            return False
        folded = {fold(name) for name in self.literal.path}
        return "embedded" not in self.tags and UNTYPED.isdisjoint(folded)

    @cached_property
    def around(self) -> tuple[str, str]:
        """What stands before and behind the host in its line, or list of arguments."""
        if self.address is None:
            return "", ""
        text = self.literal.view.text
        start, end = self.address.host_span
        begin = max(text.rfind("\n", 0, start) + 1, start - _REACH)
        stop = text.find("\n", end, end + _REACH)
        before, after = text[begin:start], text[end : end + _REACH if stop < 0 else stop]
        argv, code = self._tag(ARGV), self._tag(CODE)
        if code:
            ahead, _, behind = code.partition(HOLE * 2)
            return before if begin else ahead + before, after if stop >= 0 else after + behind
        if begin or not argv:
            return before, after
        flag = "" if before or argv.endswith(self.literal.key) else self._flag
        return f"{argv} {flag}{before}", after

    @property
    def _flag(self) -> str:
        """`--address=` of `["--address=10.0.4.17"]`: the key is the flag."""
        key = self.literal.key
        return f"{key}=" if key.startswith("-") else ""

    @property
    def surroundings(self) -> tuple[str, str, str, str]:
        """The list of arguments, the flag, the code and the text in which it stands."""
        return self._tag(ARGV), self._flag, self._tag(CODE), self.literal.view.text

    def _tag(self, name: str) -> str:
        return next((tag[len(name) :] for tag in self.tags if tag.startswith(name)), "")

    @cached_property
    def has_context(self) -> bool:
        """Whether anything but the value itself stands there."""
        before, after = self.around
        return bool(_BLANK.search(before) or _BEHIND.search(after))

    @cached_property
    def line(self) -> str:
        """The line as far as it is looked at."""
        before, after = self.around
        return before + (self.address.host if self.address else "") + after

    @cached_property
    def before(self) -> str:
        """What stands before the host, without case."""
        return self.around[0].casefold()

    @cached_property
    def folded(self) -> str:
        """The line without case."""
        return self.line.casefold()

    @cached_property
    def command(self) -> CommandLine:
        """The command in which it stands."""
        return command_line(self.around[0])

    @cached_property
    def directive(self) -> str:
        """The first word of the statement in which it stands, folded."""
        found = _STATEMENT.search(self.around[0])
        return fold(found["word"]) if found else ""

    def under_flag(self) -> AddressPlace | None:
        """Return the place as if the flag before it were its key; None where there is none."""
        found = _FLAG.search(self.around[0])
        if found is None:
            return None
        from msgspec.structs import replace

        key = found["key"] or found["flag"]
        return AddressPlace(replace(self.literal, key=key), self.address, self._file)


def _naming(key: str, path: tuple[str, ...]) -> Naming:
    names = [fold(name).lstrip("/") for name in path[-_DEEPEST:] if not name.isdigit()]
    if key and (not names or names[-1] != fold(key).lstrip("/")):
        names.append(fold(key).lstrip("/"))
    return Naming(key.lstrip("-"), tuple(names), words_of((key,)))


def _forms(literal: Literal, address: Address) -> frozenset[str]:
    has_port = address.port is not None or address.open_port
    found = {"url" if address.scheme else "pair" if has_port else "bare"}
    text = literal.view.text
    if len(text) <= _LONGEST:
        found |= _whole_forms(text)
    start = address.host_span[0]
    if not address.scheme and _NODE.search(text[max(0, start - _REACH) : start]):
        found.add("node")
    return frozenset(found)


@lru_cache(256)
def _whole_forms(text: str) -> frozenset[str]:
    """Return the forms that a whole text has; each of its addresses asks."""
    return frozenset(form for form, whole in _WHOLE.items() if whole.fullmatch(text.strip()))


def _calls(literal: Literal) -> Iterator[tuple[str, str]]:
    used = {m["function"]: m["keyword"] for tag in literal.tags if (m := _USED_AS.fullmatch(tag))}
    names = [name for name in literal.path if not name.isdigit()]
    keyword = names[-1] if len(names) > 1 and names[-2].endswith("()") else ""
    for tag in literal.tags:
        if tag.startswith("call:") and not tag.endswith(")"):
            yield tag[5:], used.get(tag[5:], keyword)
    # A tuple, or a list, that is an argument: its items carry no tag of the call.
    for depth in (1, 2):
        if len(names) >= depth and names[-depth].endswith("()"):
            yield names[-depth][:-2], names[-1] if depth == 2 else ""
