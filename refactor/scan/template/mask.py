"""A template's text with its actions masked, every offset as it was: YAML more often than not."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from refactor.text.actions import Action, definitions
from refactor.text.view import HOLE

ASK = "\ufffb"
"""Stands for the first code point of an action that is to be looked into."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_FILLED = re.compile(r"(?P<indent>(?<=[\r\n])[ \t]+)|[^\r\n]")
_KEY_ONLY = re.compile(r"[ \t]*(?:-[ \t]+)*[\"']?[\w./\-]+[\"']?:[ \t]*\Z")
# A block scalar's header, the blank lines behind it, the indentation of its first line of text.
_BLOCK_HEAD = re.compile(r"[|>][-+]?[ \t]*(?:\r?\n)((?:[ \t]*\r?\n)+)( *)(?=\S)")


def lonely(text: str, found: list[Action]) -> set[int]:
    """Return where the actions begin that give their lines no content of their own.

    They share them with nothing but white space and others of their kind; or they end a line with
    what begins on the next: `labels: {{- toYaml .labels | nindent 4 }}`.
    """
    lonely: set[int] = set()
    for row in _rows(text, found):
        begin, end = line_begin(text, row[0].span.start), _end(text, row[-1].span.end)
        ends = [begin, *(action.span.end for action in row)]
        starts = [*(action.span.start for action in row), end]
        between = [text[a:b].strip() for a, b in zip(ends, starts, strict=True)]
        if not any(between[1:]) and (not between[0] or _starts_below(text[begin : starts[0]], row)):
            lonely |= {action.span.start for action in row}
    return lonely


def masked(text: str, found: list[Action], lonely: Container[int], asked: Container[int]) -> str:
    """Return the text with its actions masked, as long as it was, its line ends in their places.

    A lonely action becomes white space; the borders of a definition those of a document, for it
    is one; any other as many `HOLE`s as it is long, the first of them `ASK` where it is asked.
    """
    borders = _borders(text, found, lonely)
    parts, cursor = [], 0
    for action in found:
        start, end = action.span
        parts.append(text[cursor:start])
        if start in borders:
            parts.append("---" + _filled(text[start + 3 : end], " "))
        elif start in lonely:
            parts.append(_filled(text[start:end], " "))
        else:
            parts.append(ASK if start in asked else HOLE)
            parts.append(_filled(text[start + 1 : end], HOLE))
        cursor = end
    parts.append(text[cursor:])
    return _BLOCK_HEAD.sub(_with_comments, "".join(parts))


def _borders(text: str, found: list[Action], lonely: Container[int]) -> set[int]:
    """Where definitions begin and end at the begin of a line, which is where YAML has its own."""
    closed = definitions(found)
    places = {one.start for one in closed} | {one.end for one in closed if one.end in lonely}
    return {
        place
        for place in places
        if place == line_begin(text, place) and not _LINE_END.search(text, place, place + 3)
    }


def line_begin(text: str, at: int) -> int:
    """Return where the line begins that holds a place of a text."""
    begin = text.rfind("\n", 0, at) + 1
    return max(begin, text.rfind("\r", begin, at) + 1)


def _rows(text: str, found: list[Action]) -> Iterator[list[Action]]:
    """Group the actions that stand on the same lines."""
    row: list[Action] = []
    for action in found:
        if row and _LINE_END.search(text, row[-1].span.end, action.span.start):
            yield row
            row = []
        row.append(action)
    if row:
        yield row


def _starts_below(before: str, row: list[Action]) -> bool:
    below = any(token.text == "nindent" for action in row for token in action.tokens)
    return below and _KEY_ONLY.match(before) is not None


def _filled(text: str, fill: str) -> str:
    """Indentation within an action stays, or it would end the YAML around it."""
    return _FILLED.sub(lambda match: match["indent"] or fill, text)


def _with_comments(head: re.Match[str]) -> str:
    """Shorten blank lines that are longer than the indentation behind them (YAML 1.2.2, 8.1.1.1).

    Such a line would set the scalar's indentation; a comment there is content and sets it right.
    """
    indent = len(head[2])
    lines = head[1].splitlines(keepends=True)
    shown = [
        line[:indent] + "#" + line[indent + 1 :] if len(line.rstrip("\r\n")) > indent else line
        for line in lines
    ]
    before = head.start(1) - head.start()
    return head[0][:before] + "".join(shown) + head[2]


def _end(text: str, at: int) -> int:
    match = _LINE_END.search(text, at)
    return match.start() if match else len(text)
