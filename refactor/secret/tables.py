"""Values named by the head of their column: of SQL's INSERT, of CSV, of a table in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from refactor.secret.names import Strength, strength
from refactor.secret.values import secret_of
from refactor.text.view import Span

_INSERT = re.compile(
    r"\binsert\s+into\s+[^\s()]{1,128}\s*\((?P<columns>[^()]{1,2000})\)\s*values\s*(?=\()",
    re.IGNORECASE,
)
_TUPLE = re.compile(r"\s*,?\s*\((?P<row>(?:[^()']|'(?:[^']|'')*')*)\)")
_CELL = re.compile(r"'(?:[^']|'')*'|[^,']+")
_RULE = re.compile(r"[\s|:-]+\Z")
_TOLD = re.compile(
    r"^[ \t>*+-]{0,8}\**(?P<name>[A-Za-z][\w -]{0,40}?)\**[ \t]*:\**[ \t]*`(?P<value>[^`\s]+)`",
    re.MULTILINE,
)


def named(name: str, text: str) -> Iterator[Span]:
    """Yield what stands in the columns of secrets.

    Args:
        name: of the file, in lower case.
    """
    for head in _INSERT.finditer(text):
        yield from _inserted(text, head.end(), _strengths(head["columns"].split(",")))
    if name.endswith((".csv", ".tsv")):
        yield from _columns(text, max(",;\t|", key=text.partition("\n")[0].count))
    elif name.endswith((".md", ".markdown")):
        yield from _table(text)
        for told in _TOLD.finditer(text):
            yield from secret_of(told["value"], told.start("value"), strength(told["name"]))


def _strengths(names: Sequence[str]) -> list[Strength]:
    return [strength(name.strip().strip("`\"'[]")) for name in names]


def _inserted(text: str, at: int, columns: Sequence[Strength]) -> Iterator[Span]:
    while any(columns) and (row := _TUPLE.match(text, at)):
        at = row.end()
        cells = [cell for cell in _CELL.finditer(text, *row.span("row")) if cell[0].strip()]
        for found, cell in zip(columns, cells, strict=False):
            if cell[0][0] == "'":
                yield from secret_of(cell[0][1:-1], cell.start() + 1, found)


def _columns(text: str, part: str) -> Iterator[Span]:
    head, _, _ = text.partition("\n")
    columns = _strengths(head.split(part))
    if any(columns):
        yield from _cells(text, len(head) + 1, part, columns)


def _cells(text: str, at: int, part: str, columns: Sequence[Strength]) -> Iterator[Span]:
    for line in text[at:].splitlines(keepends=True):
        place = at
        for found, cell in zip(columns, line.split(part), strict=False):
            bare = cell.strip().strip('"`')
            yield from secret_of(bare, place + cell.find(bare), found)
            place += len(cell) + len(part)
        at += len(line)


def _table(text: str) -> Iterator[Span]:
    """Rows of a name and a value, and columns below a head."""
    at, columns = 0, list[Strength]()
    for line in text.splitlines(keepends=True):
        cells = line.strip().split("|")
        if not line.lstrip().startswith("|"):
            columns = []
        elif not columns:
            columns = _strengths(cells)
        elif not _RULE.match(line):
            found = _cells(line, 0, "|", columns) if any(columns) else ()
            yield from (span.shift(at) for span in found)
        if len(cells) == 4 and _is_value(cells[2], cells[1]):
            bare = cells[2].strip(" `")
            yield from secret_of(
                bare, at + line.index(cells[2]) + cells[2].index(bare), strength(cells[1])
            )
        at += len(line)


def _is_value(cell: str, name: str) -> bool:
    bare = cell.strip(" `")
    return bool(bare) and not re.search(r"\s", bare) and bare.casefold() not in name.casefold()
