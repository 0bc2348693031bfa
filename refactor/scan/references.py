"""What a text does with its own variables: `$(HOST):15673`, `curl http://${HOST}:8080/`.

Sources: "Define Dependent Environment Variables" of Kubernetes' documentation; POSIX, "Parameter
Expansion".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from refactor.model import Dial, Literal
from refactor.rules.place import WITHIN
from refactor.scan.base import PORTISH
from refactor.text.view import HOLE, View
from refactor.yaml.stream import MARKER

KINDS = frozenset({"yaml", "text", "template"})
"""Kinds of file whose variables are followed."""

_NAME = r"[A-Za-z_]\w*"
_REFERENCE = re.compile(
    rf"(?<![\\$])\$(?:\((?P<kube>{_NAME})\)|\{{(?P<braced>{_NAME})(?::?[-=?+][^{{}}\n]*)?\}}|(?P<plain>{_NAME}))"
)
_PORT_VARIABLE = rf"\$[({{]?(?P<name>{_NAME})(?::?[-=?+][^{{}}\n]*)?[)}}]?"
_PORT = re.compile(
    rf"(?::|[\"']?\s+(?:-p\s*|-P\s*|--port[=\s]+)?[\"']?|/(?=\d+(?![\w./])))"
    rf"(?:(?P<digits>[1-9][0-9]{{1,4}})(?![\w.])|{_PORT_VARIABLE})"
)
_SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?:[^/\s\"'@]*@)?\Z")
_ENDS = re.compile(r"[/?#\s\"'`)]|\Z")
_COMMENT = re.compile(r"\s*#")
_AROUND = 200  # code points


def referred(text: str, literals: Sequence[Literal]) -> tuple[Literal, ...]:
    """Return literals with the ports that their text uses them with, by the name of each."""
    if "$" not in text:
        return tuple(literals)
    uses = _Uses(text, literals)
    return tuple(uses.told(literal) for literal in literals)


class _Uses:
    """The references of one text, by document and by name."""

    def __init__(self, text: str, literals: Sequence[Literal]) -> None:
        self._text = text
        self._starts = [found.start() for found in MARKER.finditer(text)]
        self._found: defaultdict[tuple[int, str], list[re.Match[str]]] = defaultdict(list)
        for found in _REFERENCE.finditer(text):
            self._found[self._document(found.start()), found[found.lastgroup or 0]].append(found)
        self._ports: defaultdict[tuple[int, str], list[Literal]] = defaultdict(list)
        for literal in literals if self._found else ():
            if PORTISH.match(literal.view.text):
                self._ports[self._document(_start(literal)), literal.key].append(literal)

    def told(self, literal: Literal) -> Literal:
        """Return a literal with what is done with it by its name."""
        if not literal.key or PORTISH.match(literal.view.text):
            return literal
        own = _start(literal)
        document = self._document(own)
        found = [
            use
            for use in self._found.get((document, literal.key), ())
            if not use.start() <= own < use.end() and not self._is_comment(use)
        ]
        dials = [dial for use in found for dial in self._dials(use, document, literal)]
        within = frozenset(self._within(use) for use in found)
        if not found:
            return literal
        return replace(literal, dials=tuple(dict.fromkeys(dials)), tags=literal.tags | within)

    def _document(self, at: int) -> int:
        return bisect_right(self._starts, at)

    def _line(self, use: re.Match[str]) -> tuple[str, str]:
        begin = self._text.rfind("\n", 0, use.start()) + 1
        end = self._text.find("\n", use.end())
        return self._text[begin : use.start()], self._text[use.end() : end if end >= 0 else None]

    def _is_comment(self, use: re.Match[str]) -> bool:
        return bool(_COMMENT.match(self._line(use)[0]))

    def _within(self, use: re.Match[str]) -> str:
        before, after = self._line(use)
        return f"{WITHIN}{before[-_AROUND:]}{HOLE * 2}{after[:_AROUND]}"

    def _dials(self, use: re.Match[str], document: int, host: Literal) -> Iterator[Dial]:
        before, after = self._line(use)
        port = _PORT.match(after)
        scheme = _SCHEME.search(before)
        if port and port["digits"]:
            start, end = (use.end() + at for at in port.span("digits"))
            view = View.plain(self._text[start:end], start)
            yield Dial((Literal(view, "port", (*host.path[:-1], "port"), tags=host.tags),))
        elif port and (after.startswith(":") or "port" in port["name"].lower()):
            yield Dial(tuple(self._ports.get((document, port["name"]), ())))
        elif scheme and _ENDS.match(after):
            yield Dial((), scheme["scheme"])


def _start(literal: Literal) -> int:
    span = literal.view.locate(0, len(literal.view.text)) or literal.view.around(0, 1)
    return span.start if span else -1
