"""Reads a program in a language that nothing here parses: as text, with the code around each value.

No language is known, so what is said of a value is what stands before and behind it in the source:
`&http.Server{Addr: "10.0.4.17:80"}`, `strings.HasPrefix(u, "http://10.0.4.17")`.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from refactor.model import Dial, Literal, Scanned
from refactor.rules.place import CODE
from refactor.scan.base import HOST_ARGUMENT, PORTISH, Wanted
from refactor.scan.generated import is_generated
from refactor.scan.text import scanner as text_scanner
from refactor.text.view import HOLE, Span, View

_BEFORE, _AFTER = 300, 120  # code points
# Comments that only some languages have: Lua, SQL, Haskell; PowerShell; tests beside the code. No
# length is changed.
_COMMENT = re.compile(
    r"--\[\[.*?\]\]|<#.*?#>|^[ \t]*(?:--(?=[\s\[])|///)[^\n]*"
    # Rust keeps the tests of a module at its end.
    r"|^(?P<in>[ \t]*)#\[cfg\(test\)\]\s*^(?P=in)mod\s.*?(?:^(?P=in)\}|\Z)",
    re.DOTALL | re.MULTILINE,
)
_IP = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{0,30}:[0-9A-Fa-f]{0,4})"
    r"(?![\w.:])"
)
# `new Socket("10.0.4.17", 80)`, `net.JoinHostPort("10.0.4.17", strconv.Itoa(80))`
_ARGUMENTS = re.compile(
    rf"([\"'`]){_IP.pattern}\1\s*,\s*(?:[\w.]+\(\s*)?([\"']?)(?P<port>[1-9][0-9]{{1,4}})\2\s*[,)\]}}]"
)
_IS_GENERATED = frozenset({"generated"})
_NONE: frozenset[str] = frozenset()
_BLANKED = re.compile(r"[^\n]")


def scan(text: str, wanted: Wanted) -> Scanned:
    """Return the literals of a program's text (see `base.Scanner`)."""
    if not wanted(text):
        return Scanned(())
    code = _COMMENT.sub(lambda found: _BLANKED.sub(" ", found[0]), text)
    scanned = text_scanner.scan(code, wanted)
    tags = _IS_GENERATED if is_generated(text) else _NONE
    return replace(scanned, literals=tuple(_in_code(code, one, tags) for one in scanned.literals))


def _in_code(text: str, literal: Literal, tags: frozenset[str]) -> Literal:
    """Add what stands before and behind a literal, and the port of `dial("10.0.4.17", 80)`."""
    size = len(literal.view.text)
    span = None if PORTISH.match(literal.view.text) else literal.view.locate(0, size)
    if span is None:
        return literal
    before = text[max(0, span.start - _BEFORE) : span.start]
    end = text.find("\n", span.end, span.end + _AFTER)
    after = text[span.end : end if end >= 0 else span.end + _AFTER]
    tags |= literal.tags | {f"{CODE}{before}{HOLE * 2}{after}"}
    dials = _dials(text, span)
    return replace(literal, tags=tags | {HOST_ARGUMENT} if dials else tags, dials=dials)


def _dials(text: str, span: Span) -> tuple[Dial, ...]:
    """Return the port that is the argument after the one host of a literal."""
    if len(_IP.findall(text, *span)) != 1:
        return ()
    found = _ARGUMENTS.search(text, max(0, span.start - 1), span.end + _AFTER)
    if found is None or found.start() > span.end:
        return ()
    return (Dial((Literal(View.plain(found["port"], found.start("port")), "port", ("port",)),)),)
