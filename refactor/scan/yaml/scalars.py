"""A YAML scalar to a view: its decoded text, and what of it the source holds letter for letter.

Rules: YAML 1.2.2, chapters 7.3 (flow scalars, escapes, line folding) and 8.1 (block scalars).
Every view is checked against the parser's own value; where they differ, the scalar's source as
it stands is the view, so that an address in it is still seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from refactor.text.view import Piece, View, ViewBuilder
from refactor.yaml.nodes import Scalar

# `&anchor` and `!tag`, in any order, with what separates them from the scalar.
_PROPERTIES = re.compile(r"(?:(?:!<[^>\s]*>|[&!][^\s,\[\]{}]*)(?:\s+(?:#[^\n]*\n\s*)*)?)+")
_BREAK = re.compile(r"\r\n|\r|\n")
_BLANK = re.compile(r"[ \t]*")
_NEWLINES = re.compile(r"\n*")
_SINGLE = re.compile(r"''|[ \t\r\n]+")
_DOUBLE = re.compile(
    r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(?:\r\n|\r|\n)[ \t\r\n]*|.)"
    r"|[ \t\r\n]+"
)
_ESCAPES = dict(
    zip('0abt\tnvfre "/\\N_LP', '\0\a\b\t\t\n\v\f\r\x1b "/\\\x85\xa0\u2028\u2029', strict=True)
)


def view_of(text: str, scalar: Scalar) -> tuple[View, bool]:
    """Return a scalar's view, and whether its text is the scalar's value (else its raw source)."""
    properties = _PROPERTIES.match(text, scalar.start, scalar.end)
    start = properties.end() if properties else scalar.start
    view = _view(text, start, scalar)
    if view.text == scalar.value:
        return view, True
    return View.plain(text[start : scalar.end], start), False


def faithful(view: View, text: str) -> View:
    """Return a view without the pieces' code points that differ from the source's own text."""
    kept: list[Piece] = []
    for at, source, length in view.pieces:
        begin = 0
        differing = [i for i in range(length) if view.text[at + i] != text[source + i]]
        for stop in (*differing, length):
            if stop > begin:
                kept.append(Piece(at + begin, source + begin, stop - begin))
            begin = stop + 1
    return View(view.text, tuple(kept))


def _view(text: str, start: int, scalar: Scalar) -> View:
    value, end = scalar.value, scalar.end
    if scalar.style in ("'", '"'):
        start, end = start + 1, end - 1
    if text[start:end] == value:
        return View.plain(value, start)
    if scalar.style == "'":
        return _decoded(text, start, end, _SINGLE)
    if scalar.style == '"':
        return _decoded(text, start, end, _DOUBLE)
    lines = _block_lines(text, start, scalar) if scalar.style else _plain_lines(text, start, end)
    return _aligned(lines, value)


def _decoded(text: str, start: int, end: int, special: re.Pattern[str]) -> View:
    """Read a quoted scalar: what is neither escape nor fold stands in the source as it is."""
    built, cursor = ViewBuilder(), start
    for found in special.finditer(text, start, end):
        built.keep(text[cursor : found.start()], cursor)
        replaced = _replaced(found)
        if replaced is None:
            built.keep(found[0], found.start())
        else:
            built.put(replaced)
        cursor = found.end()
    built.keep(text[cursor:end], cursor)
    return built.view()


def _replaced(found: re.Match[str]) -> str | None:
    """Return what an escape or a run of white space stands for; None for itself."""
    raw = found[0]
    if raw == "''":
        return "'"
    breaks = len(_BREAK.findall(raw))
    if raw[0] != "\\":
        return None if not breaks else "\n" * (breaks - 1) or " "
    if breaks:
        return "\n" * (breaks - 1)
    if code := found[found.lastindex] if found.lastindex else "":
        point = int(code, 16)
        return chr(point) if point < 0x110000 else raw
    return _ESCAPES.get(raw[1:], raw)


def _plain_lines(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    """Yield the lines of a plain scalar, white space around them off, with their offsets."""
    for begin, line in _lines(text, start, end):
        indent = _BLANK.match(line)
        skipped = indent.end() if indent else 0
        yield line.strip(" \t"), begin + skipped


def _block_lines(text: str, start: int, scalar: Scalar) -> Iterator[tuple[str, int]]:
    """Yield the content lines of a block scalar, indentation off, with their offsets.

    The indentation is what the first line that is not blank has more in the source than in the
    value, so that an indentation indicator needs no arithmetic with the parent's.
    """
    lines = list(_lines(text, start, scalar.end))[1:]
    first = next((line for _, line in lines if line.strip(" ")), "")
    held = next((line for line in scalar.value.split("\n") if line.strip(" ")), "")
    indent = (len(first) - len(first.lstrip(" "))) - (len(held) - len(held.lstrip(" ")))
    for begin, line in lines:
        yield line[indent:], begin + indent


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    cursor = start
    while cursor <= end:
        stop = _BREAK.search(text, cursor, end)
        yield cursor, text[cursor : stop.start() if stop else end]
        cursor = stop.end() if stop else end + 1


def _aligned(lines: Iterable[tuple[str, int]], value: str) -> View:
    """Lay source lines against the value; between two stands one space or some line ends."""
    built, cursor = ViewBuilder(), 0
    for line, source in lines:
        if not line:
            continue
        glue = _glue(value, cursor, first=cursor == 0)
        if not value.startswith(line, cursor + len(glue)):
            break
        built.put(glue)
        built.keep(line, source)
        cursor += len(glue) + len(line)
    rest = value[cursor:]
    built.put(rest if not rest.strip("\n") else "")
    return built.view()


def _glue(value: str, cursor: int, *, first: bool) -> str:
    newlines = _NEWLINES.match(value, cursor)
    if first or (newlines and newlines[0]):
        return newlines[0] if newlines else ""
    return " " if value.startswith(" ", cursor) else ""
