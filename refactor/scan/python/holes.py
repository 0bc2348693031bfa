"""What the text around a hole says of the value in it: `f"http://{HOST}:8080"`, `f"{HOST}/32"`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import libcst as cst

from refactor.rules.place import WITHIN
from refactor.scan.base import BLOCK
from refactor.scan.python.flow import PART, Cell, Flow, Meeting, Spot
from refactor.scan.python.observed import COMPARED, HEADER
from refactor.scan.python.seen import seen_in
from refactor.scan.python.tree import kind
from refactor.text.view import HOLE

_PORT = re.compile(r":(?P<digits>[0-9]{1,5})?(?![0-9])")
_NAMED_PORT = re.compile(
    r"['\"]?[\s;,&()]+(?:-p|-P|--port|port)(?:\s*=\s*|\s+)['\"]?(?P<digits>[0-9]{1,5})?(?![0-9])"
)
# `ssh -p 2222 root@{HOST}`
_PORT_BEFORE = re.compile(
    r"(?:^|\s)(?:-p|-P|--port)(?:=|\s+)(?P<digits>[0-9]{1,5})\s+(?:[^\n;|&]*\s)?(?:[^\s/@]+@)?\Z"
)
_HOST_BEFORE = re.compile(r"[\w\]]:\Z")
_BITS = re.compile(r"/[0-9]{1,3}(?![\w./-])")
_SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://[^/\s]*\Z")
_ENDS = re.compile(r"[/?#\s\"']|\Z")
_PERCENT = re.compile(r"%(?:\((?P<name>\w+)\))?[#0\- +]*[0-9]*(?:\.[0-9]+)?[sdriu]")
_BRACES = re.compile(
    r"(?<!\{)\{(?P<name>\w*)(?P<rest>(?:\.\w+|\[\w+\])*)(?:![rsa])?(?::[^{}]*)?\}(?!\})"
)
_DOLLAR = re.compile(r"(?<!\$)\$(?:(?P<name>[A-Za-z_]\w*)|\{(?P<braced>\w+)\})")
_FIELD = re.compile(r"\w+")


_AROUND = 200  # code points
_OF_HOLES = frozenset({"page", COMPARED})
_HEADER = re.compile(
    r"(?:\\n|\A|\n)(?:Host|Origin|Referer|X-Forwarded-(?:For|Host)): (?:https?://)?\Z"
)
_CRLF = re.compile(r"HTTP/1\.|\\r\\n|\r\n")


class Text(NamedTuple):
    """A stretch of a template: its text, the string it stands in, and where."""

    text: str
    leaf: int
    stretch: int = 0
    start: int = 0


Piece: TypeAlias = Text | list[Cell]
Visit: TypeAlias = Callable[[cst.CSTNode], list[Cell]]


def pieces_of(operands: Sequence[cst.CSTNode], visit: Visit) -> list[Piece]:
    """Return what a string expression is put together from."""
    found: list[Piece] = []
    for part in operands:
        if isinstance(part, cst.SimpleString):
            found.append(Text(part.raw_value, id(part)))
        elif isinstance(part, cst.FormattedString) or kind(part) == "TemplatedString":
            found += _formatted(part, visit)
        else:
            found.append(visit(part))
    return [piece for piece in found if not isinstance(piece, Text) or piece.text]


def _formatted(node: cst.CSTNode, visit: Visit) -> Iterator[Piece]:
    stretch = 0
    before = ""
    for part in getattr(node, "parts", ()):
        if kind(part).endswith("Text"):
            before += part.value
        else:
            yield Text(before, id(node), stretch)
            before, stretch = "", stretch + 1
            yield visit(part.expression)
            for inner in part.format_spec or ():
                if not kind(inner).endswith("Text"):
                    visit(inner.expression)
    yield Text(before, id(node), stretch)


def percent(pieces: Sequence[Piece], values: Sequence[list[Cell]]) -> list[Piece]:
    """Return the pieces of `"http://%s:%d" % (host, port)`, `"http://%(host)s" % CFG`."""
    return _filled(pieces, _PERCENT, dict(enumerate(values)), values[0] if values else ())


def braces(
    pieces: Sequence[Piece], values: Mapping[object, list[Cell]], mapping: Iterable[Cell] = ()
) -> list[Piece]:
    """Return the pieces of `"http://{}:{}".format(host, port)`, `"{host}".format(**CFG)`."""
    return _filled(pieces, _BRACES, values, mapping)


def dollars(pieces: Sequence[Piece], values: Mapping[object, list[Cell]]) -> list[Piece]:
    """Return the pieces of `Template("http://$host:80").substitute(host=HOST)`."""
    return _filled(pieces, _DOLLAR, values)


def _filled(
    pieces: Sequence[Piece],
    hole: re.Pattern[str],
    values: Mapping[object, list[Cell]],
    mapping: Iterable[Cell] = (),
) -> list[Piece]:
    found: list[Piece] = []
    count = 0
    for piece in pieces:
        if not isinstance(piece, Text):
            found.append(piece)
            continue
        cursor = 0
        for match in hole.finditer(piece.text):
            told = match.groupdict()
            name = told["name"] or told.get("braced") or ""
            found.append(_cut(piece, cursor, match.start()))
            key = int(name) if name.isdigit() else name or count
            count += not name
            cells = values.get(key) or [(*cell, name) for cell in mapping if name]
            rest = _FIELD.findall(told.get("rest") or "")
            found.append([(*cell, *rest) for cell in cells])
            cursor = match.end()
        found.append(_cut(piece, cursor, len(piece.text)))
    return [piece for piece in found if not isinstance(piece, Text) or piece.text]


def _cut(piece: Text, start: int, end: int) -> Text:
    return piece._replace(text=piece.text[start:end], start=piece.start + start)


def fill(flow: Flow, pieces: Sequence[Piece], result: Cell) -> list[Cell]:
    """Note what a template does with the values in its holes; return where its own comes from."""
    if len(pieces) == 1 and not isinstance(pieces[0], Text):
        return pieces[0]
    around: list[Piece] = [Text("", 0), *pieces, Text("", 0)]
    for index, piece in enumerate(pieces, 1):
        if isinstance(piece, Text):
            continue
        before, after = around[index - 1], around[index + 1]
        beyond = around[index + 2] if index + 2 < len(around) else None
        flow.move(piece, result, PART)
        flow.note(piece, _within(pieces[: index - 1], pieces[index:]), *_said(pieces, before))
        _hole(flow, piece, before, after, beyond)
    return [result]


def _within(before: Sequence[Piece], after: Sequence[Piece]) -> str:
    """Return the tag of what stands around a hole."""
    return f"{WITHIN}{_text(before)[-_AROUND:]}{HOLE * 2}{_text(after)[:_AROUND]}"


def _said(pieces: Sequence[Piece], before: Piece) -> Iterator[str]:
    """Yield what the whole template, and the line before a hole, say of the value in it."""
    yield from seen_in(_text(pieces)) & _OF_HOLES
    if isinstance(before, Text) and _HEADER.search(before.text) and _CRLF.search(_text(pieces)):
        yield HEADER


def _text(pieces: Sequence[Piece]) -> str:
    texts = (piece.text if isinstance(piece, Text) else HOLE for piece in pieces)
    return "".join(texts).replace("{{", "{").replace("}}", "}")


def _hole(flow: Flow, hosts: list[Cell], before: Piece, after: Piece, beyond: Piece | None) -> None:
    said = before.text if isinstance(before, Text) else ""
    if isinstance(before, Text) and (ahead := _PORT_BEFORE.search(said)):
        flow.meet(hosts, Meeting(spot=_spot(before, ahead)))
        return
    if not isinstance(after, Text):
        return
    port = _PORT.match(after.text) or _NAMED_PORT.match(after.text)
    if port:
        meeting = _met(after, port, beyond)
        if meeting:
            flow.meet(hosts, meeting)
        return
    scheme = _SCHEME.search(said)
    if _BITS.match(after.text) and not scheme and not said.endswith("@"):
        flow.note(hosts, BLOCK)
    elif scheme and _ENDS.match(after.text) and (after.text or beyond is None):
        flow.meet(hosts, Meeting(scheme=scheme["scheme"]))


def _met(after: Text, port: re.Match[str], beyond: Piece | None) -> Meeting | None:
    if port["digits"]:
        return Meeting(spot=_spot(after, port))
    if port.end() < len(after.text):
        return None
    return Meeting(ports=tuple(beyond)) if isinstance(beyond, list) else Meeting()


def _spot(text: Text, port: re.Match[str]) -> Spot:
    start, end = port.span("digits")
    return Spot(text.leaf, text.stretch, text.start + start, text.start + end, port["digits"])


def behind_host(pieces: Sequence[Piece]) -> list[Cell]:
    """Return the value in the one hole that holds the port of a host: `f"http://10.0.4.17:{P}"`."""
    found = [
        piece
        for before, piece in pairwise(pieces)
        if isinstance(before, Text) and isinstance(piece, list) and _HOST_BEFORE.search(before.text)
    ]
    return found[0] if len(found) == 1 else []
