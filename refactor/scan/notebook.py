"""Jupyter notebooks: the code cells, by the Python scanner, with the way back to the file's bytes.

Source: the notebook format, nbformat 4. Outputs, markdown and metadata give nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from msgspec.structs import replace

from refactor.model import Literal, Scanned
from refactor.scan.base import Wanted
from refactor.scan.text import scanner as text_scanner
from refactor.text.view import View, ViewBuilder

SUFFIXES = ("ipynb",)
_TOKEN = re.compile(r'"(?>(?:[^"\\]|\\.)*)"|[{}\[\],:]|[^\s{}\[\],:"]++', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u(?P<code>[0-9a-fA-F]{4})|(?P<sign>.))", re.DOTALL)
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
# `%pip install`, `!curl`: commands of the shell, or of the kernel, between the lines of Python.
_MAGIC = re.compile(r"^(?P<mark>[ \t]*(?:%?%sql|%system|!!?|[%?]+))(?P<said>[^\n]*)", re.MULTILINE)
_COMMANDS = re.compile(r"%?%sql|%system|!!?")
_CELL = re.compile(r"\s*%%(?:bash|sh|script|system|sql|writefile)\b[^\n]*")
_BLANKED = re.compile(r"[^\n]")
_SCOPES = 1_000_000
"""Numbers of scopes that one cell may take."""

_Path = tuple[str | int, ...]


def scan(text: str, wanted: Wanted) -> Scanned:
    """Return the literals of a notebook's code cells (see `base.Scanner`)."""
    from refactor.scan.python import scanner as python

    found: list[Literal] = []
    unparsable = ""
    for number, view in enumerate(_cells(text)):
        if not wanted(view.text):
            continue
        if first := _CELL.match(view.text):
            said = " " * first.end() + view.text[first.end() :]
        else:
            code = _MAGIC.sub(lambda line: "#" * len(line[0]), view.text)
            scanned = python.scan(code, wanted)
            unparsable = unparsable or scanned.unparsable
            found += (_placed(literal, view, number) for literal in scanned.literals)
            said = _commands(view.text)
        literals = text_scanner.scan(said, wanted).literals if said.strip() else ()
        found += (_placed(literal, view, number) for literal in literals)
    return Scanned(tuple(found), unparsable, 1 if unparsable else 0)


def _commands(text: str) -> str:
    """Return what the shell, or a database, gets from a cell, each at its own place."""
    said, cursor = "", 0
    for line in _MAGIC.finditer(text):
        if _COMMANDS.fullmatch(line["mark"].strip()):
            start, end = line.span("said")
            said += _BLANKED.sub(" ", text[cursor:start]) + text[start:end]
            cursor = end
    return said


def _placed(literal: Literal, view: View, cell: int) -> Literal:
    """Return a literal of a cell's text as one of the notebook's, and the ports of its uses."""
    dials = tuple(
        replace(dial, ports=tuple(_placed(port, view, cell) for port in dial.ports))
        for dial in literal.dials
    )
    return replace(
        literal,
        view=view.through(literal.view),
        path=("cells", str(cell), *literal.path),
        scope=literal.scope + cell * _SCOPES,
        dials=dials,
        exports=(),
    )


def _cells(text: str) -> list[View]:
    """Return the source of each code cell."""
    kinds: dict[object, str] = {}
    sources: defaultdict[object, ViewBuilder] = defaultdict(ViewBuilder)
    for path, start, end in _strings(text):
        match path:
            case ("cells", number, "cell_type"):
                kinds[number] = text[start:end]
            case ("cells", number, "source") | ("cells", number, "source", _):
                _decode(text, start, end, sources[number])
    return [built.view() for number, built in sources.items() if kinds.get(number) == "code"]


def _decode(text: str, start: int, end: int, built: ViewBuilder) -> None:
    cursor = start
    for found in _ESCAPE.finditer(text, start, end):
        built.keep(text[cursor : found.start()], cursor)
        sign = found["sign"] or ""
        built.put(chr(int(found["code"], 16)) if found["code"] else _SIGNS.get(sign, sign))
        cursor = found.end()
    built.keep(text[cursor:end], cursor)


def _strings(text: str) -> Iterator[tuple[_Path, int, int]]:
    """Yield each string of a JSON text that is a value: its path, and what stands in its quotes."""
    path: list[str | int] = []
    is_key = False
    for found in _TOKEN.finditer(text):
        part = found[0]
        if part[0] != '"':
            is_key = _step(part, path)
        elif is_key and path:
            path[-1] = part[1:-1]
        else:
            yield tuple(path), found.start() + 1, found.end() - 1


def _step(part: str, path: list[str | int]) -> bool:
    """Follow a sign of JSON; say whether a key comes next."""
    if part in ("{", "["):
        path.append("" if part == "{" else 0)
        return part == "{"
    if part in ("}", "]"):
        del path[-1:]
    elif part == "," and path:
        last = path[-1]
        if isinstance(last, int):
            path[-1] = last + 1
        return isinstance(last, str)
    return False
