"""What is a comment in the many languages that are read line by line.

No language is known here, so the rules are those that most agree on. In doubt a text is no
comment: an address shown too often is a lesser evil than one that is not shown.
"""

from __future__ import annotations

import re

from refactor.text.view import Span

# Blocks: of XML, of Jinja, and of C where it begins a line or a statement is over before it.
# `path: /*` is a path and `${#list}` a length.
_OPENS = re.compile(
    r"(?P<xml><!--)|(?P<jinja>(?<!\$)\{#)"
    r"|(?:^|[;,{}()])[ \t]*(?P<c>/\*)|(?<=[ \t])(?P<inline>/\*)",
    re.MULTILINE,
)
_CLOSES = {"xml": "-->", "jinja": "#}", "c": "*/", "inline": "*/"}
# Whole lines. `#define`, Rust's `#[arg(...)]` and a shell's `! nc -z` are not comments; VB's
# apostrophe opens no string.
_WHOLE = re.compile(
    r"\s*(?:#(?!\s*define\b|\[\w+\()|;|//|!(?!\s+[\w./]+\s+-)|::\s|@?REM\s|'\s[^']*\Z)",
    re.IGNORECASE,
)
# Behind white space; `#fff` is a colour and `//10.0.0.1/share` a place.
_TRAILING = re.compile(r"(?<=\s)(?:#(?!(?:[0-9A-Fa-f]{3,4}){1,2}(?![\w.:]))|//(?!\d))|(?<=;)//")
# In a shell `;` goes on with the next command, and no blank may stand before a `=`; within brackets
# it parts entries.
_INI_PAIR = re.compile(r"\s*[\w.-]+\s+=[^;(){}\[\]]*;")
_INI_TRAILING = re.compile(r"(?<=\s);\s")
_LINE_END = re.compile(r"[\r\n]")
_QUOTE = re.compile(r"(?<!\\)\"|(?<!\w)'|'(?!\w)")


def blocks(text: str) -> list[Span]:
    """Return the block comments of a text, in order; one that never ends does not count."""
    found: list[Span] = []
    if not any(mark in text for mark in ("<!--", "{#", "/*")):
        return found
    barren = dict.fromkeys(_CLOSES, 0)  # up to where no end of that kind is to be found
    at = line_end = 0
    while opened := _OPENS.search(text, at):
        kind = opened.lastgroup or ""
        at, end = opened.end(), -1
        if at > line_end:
            line_end = _line_end(text, at)
        if at > barren[kind]:
            # In the middle of a line it must end there: elsewhere it is a path.
            stop = line_end if kind == "inline" else len(text)
            end = text.find(_CLOSES[kind], at, stop)
            barren[kind] = stop if end < 0 else 0
        if end >= 0:
            at = end + len(_CLOSES[kind])
            found.append(Span(opened.start(kind), at))
    return found


def without_comment(line: str) -> str:
    """Return what a line says before its comment."""
    if _WHOLE.match(line):
        return ""
    if "#" in line or "//" in line:
        line = line[: _unquoted(line, _TRAILING)]
    if ";" in line and _INI_PAIR.match(line):
        line = line[: _unquoted(line, _INI_TRAILING)]
    return line


def _unquoted(line: str, mark: re.Pattern[str]) -> int:
    """Return where the first mark outside quotes stands; the line's length where none does."""
    double = single = cursor = 0
    for match in mark.finditer(line):
        for quote in _QUOTE.finditer(line, cursor, match.start()):
            double += quote[0] == '"'
            single += quote[0] == "'"
        if double % 2 == 0 and single % 2 == 0:
            return match.start()
        cursor = match.start()
    return len(line)


def _line_end(text: str, at: int) -> int:
    found = _LINE_END.search(text, at)
    return found.start() if found else len(text)
