"""What a module does with names that it imports from another one of its repository."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import libcst as cst

from refactor.scan.base import PORTISH, Names
from refactor.scan.python.flow import Cell, Meeting, Reached
from refactor.scan.python.index import Index, leaf
from refactor.scan.python.lexer import NotPythonError, lex
from refactor.scan.python.limits import check
from refactor.scan.python.tree import constant
from refactor.scan.python.use_statements import module_cell
from refactor.scan.python.uses import HANDLERS
from refactor.scan.python.walk import walk

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+[.\w]+[ \t]+import[ \t]+(?:\([^)]*\)|[^\n]*)|import[ \t]+[^\n]*)",
    re.MULTILINE,
)
_WORD = re.compile(r"[A-Za-z_]\w*|\*")


class Port(NamedTuple):
    """The port that another module uses a host with.

    Attributes:
        names: of a port that the host's own module holds.
        number: written, or implied, in the other module.
    """

    names: Names = ()
    number: int | None = None


class Used(NamedTuple):
    """What another module does with a value.

    Attributes:
        tags: as in `Literal`.
        ports: those that it is used with, place by place; a `Port()` is known nowhere.
    """

    tags: frozenset[str]
    ports: tuple[Port, ...]


def imported_words(text: str) -> frozenset[str]:
    """Return all words of a module's import statements, and "*"."""
    return frozenset(word for found in _IMPORT.finditer(text) for word in _WORD.findall(found[0]))


def used(
    text: str, file: str, modules: Mapping[str, Iterable[Names]]
) -> dict[tuple[str, Names], Used]:
    """Return what a module does with the values of others."""
    try:
        check(text, lex(text))
        module = cst.parse_module(text)
        walked = walk(module)
        index = Index(module, walked.names.aliases, lambda _: 0, HANDLERS)
    except (NotPythonError, cst.ParserSyntaxError, cst.CSTValidationError, RecursionError):
        return {}
    held = _numbers(index, walked.leaves)
    reached = {
        (other, names): _from(index, other, file, names)
        for other, wanted in modules.items()
        for names in wanted
    }
    owners: defaultdict[Cell, list[Names]] = defaultdict(list)
    for (_, names), found in reached.items():
        for cell in (cell for one in found for cell in one.cells):
            owners[cell].append(names)
    return {key: _used(found, held, owners, file) for key, found in reached.items() if found}


def _from(index: Index, other: str, file: str, names: Names) -> list[Reached]:
    starts = ((*module_cell(name), *names) for name in _spellings(other, file))
    reached = (index.flow.follow(start, direct=True) for start in starts)
    return [one for one in reached if one.tags or one.meetings or len(one.cells) > 1]


def _spellings(other: str, file: str) -> Iterator[str]:
    """Yield the names by which a module may be imported from another."""
    parts = re.sub(r"(?:/__init__)?\.pyw?\Z", "", other).split("/")
    for first in range(len(parts)):
        yield ".".join(parts[first:])
    here = file.split("/")[:-1]
    shared = 0
    while shared < min(len(here), len(parts) - 1) and here[shared] == parts[shared]:
        shared += 1
    yield "." * (len(here) - shared + 1) + ".".join(parts[shared:])


def _numbers(index: Index, leaves: Sequence[cst.CSTNode]) -> dict[Cell, list[int]]:
    found: defaultdict[Cell, list[int]] = defaultdict(list)
    for node in leaves:
        text = node.value if isinstance(node, cst.Integer) else constant(node)
        if PORTISH.match(text):
            for cell in index.flow.follow(leaf(node)).cells:
                found[cell].append(int(text))
    return found


def _used(
    found: Sequence[Reached],
    held: Mapping[Cell, Sequence[int]],
    owners: Mapping[Cell, Sequence[Names]],
    file: str,
) -> Used:
    tags = frozenset(_told(tag, file) for one in found for tag in one.tags)
    ports = dict.fromkeys(
        port for one in found for met in one.meetings for port in _ports(met, held, owners)
    )
    return Used(tags, tuple(ports))


def _told(tag: str, file: str) -> str:
    return f"read:{file}" if tag.startswith("read:line ") else tag


def _ports(
    meeting: Meeting, held: Mapping[Cell, Sequence[int]], owners: Mapping[Cell, Sequence[Names]]
) -> Iterator[Port]:
    if meeting.spot is not None:
        yield Port(number=int(meeting.spot.digits))
        return
    if meeting.scheme:
        return
    own = {names for cell in meeting.ports for names in owners.get(cell, ())}
    numbers = {number for cell in meeting.ports for number in held.get(cell, ())}
    yield from (Port(names) for names in sorted(own))
    yield from (Port(number=number) for number in sorted(numbers))
    if not own and not numbers:
        yield Port()
