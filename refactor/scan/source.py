"""Reads a program in a language that nothing here parses: as text, with the code around each value.

No language is known, so what is said of a value is what stands before and behind it in the source:
`&http.Server{Addr: "10.0.4.17:80"}`, `strings.HasPrefix(u, "http://10.0.4.17")`.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from refactor.model import Literal, Scanned
from refactor.rules.place import CODE
from refactor.scan.base import PORTISH, Wanted
from refactor.scan.text import scanner as text_scanner
from refactor.text.view import HOLE

_BEFORE, _AFTER = 300, 120  # code points
# Comments that only some languages have: Lua, SQL, Haskell; PowerShell. No length is changed.
_COMMENT = re.compile(
    r"--\[\[.*?\]\]|<#.*?#>|^[ \t]*(?:--(?=[\s\[])|///)[^\n]*", re.DOTALL | re.MULTILINE
)
_BLANKED = re.compile(r"[^\n]")


def scan(text: str, wanted: Wanted) -> Scanned:
    """Return the literals of a program's text (see `base.Scanner`)."""
    if not wanted(text):
        return Scanned(())
    code = _COMMENT.sub(lambda found: _BLANKED.sub(" ", found[0]), text)
    scanned = text_scanner.scan(code, wanted)
    return replace(scanned, literals=tuple(_in_code(code, one) for one in scanned.literals))


def _in_code(text: str, literal: Literal) -> Literal:
    """Add the tag that holds what stands before and behind a literal."""
    size = len(literal.view.text)
    span = None if PORTISH.match(literal.view.text) else literal.view.locate(0, size)
    if span is None:
        return literal
    before = text[max(0, span.start - _BEFORE) : span.start]
    end = text.find("\n", span.end, span.end + _AFTER)
    after = text[span.end : end if end >= 0 else span.end + _AFTER]
    return replace(literal, tags=literal.tags | {f"{CODE}{before}{HOLE * 2}{after}"})
