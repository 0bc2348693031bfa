"""Go template actions in a text: where they stand, what they do, the words and strings in them.

Source: Go's text/template, "Actions", "Text and spaces" and "Arguments".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal as OneOf
from typing import NamedTuple

from refactor.text.view import Span, View, ViewBuilder

_OPEN = re.compile(r"\{\{-?\s*(?P<comment>/\*)?")
# Strings may hold "}}", so they are read as wholes.
_TOKEN = re.compile(
    r"\"(?>(?:[^\"\\\r\n]|\\.)*)\"|`[^`]*+`|'(?:[^'\\\r\n]|\\.)'|-?\}\}"
    r"|[A-Za-z_$.][\w$.]*+|\d++(?![\w.])|:=|[=()|]"
)
_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[0-7]{3}|.)")
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}

Role = OneOf["value", "open", "else", "end", "silent"]
_ROLES: dict[str, Role] = {
    **dict.fromkeys(("if", "with", "range", "define", "block"), "open"),
    **dict.fromkeys(("break", "continue"), "silent"),
    "else": "else",
    "end": "end",
}


class Token(NamedTuple):
    """A word, number, string or mark inside an action.

    Attributes:
        text: as it stands, quotes included.
        start: where.
    """

    text: str
    start: int


class Action(NamedTuple):
    """One `{{ ... }}`.

    Attributes:
        span: braces included.
        tokens: in order; none for a comment.
        role: "value" yields text; "open", "else" and "end" part the branches of a block; "silent"
            yields nothing (a comment, a variable's assignment).
    """

    span: Span
    tokens: tuple[Token, ...]
    role: Role


class Definition(NamedTuple):
    """One `{{ define "name" }} ... {{ end }}`.

    Attributes:
        start: where its first action begins.
        end: where its last action begins.
        name: the template's name.
    """

    start: int
    end: int
    name: str


def actions(text: str) -> Iterator[Action]:
    """Yield the actions of a template; one that never ends is text, and so is all behind it.

    Args:
        text: the template.
    """
    at = 0
    while opened := _OPEN.search(text, at):
        action = _comment(text, opened) if opened["comment"] else _action(text, opened)
        if action is None:
            return
        yield action
        at = action.span.end


def definitions(found: Iterable[Action]) -> list[Definition]:
    """Return the definitions that are closed, in order of their ends.

    Args:
        found: the actions of a template, in order.
    """
    closed: list[Definition] = []
    stack: list[Action] = []
    for action in found:
        if action.role == "open":
            stack.append(action)
        elif action.role == "end" and stack:
            opened = stack.pop()
            name = string_view(opened.tokens[-1]) if opened.tokens[0].text == "define" else None
            if name:
                closed.append(Definition(opened.span.start, action.span.start, name.text))
    return closed


def string_view(token: Token) -> View | None:
    """Return the view of a string literal's text; None where the token is no string."""
    body, start = token.text[1:-1], token.start + 1
    if token.text[0] == "`":
        return View.plain(body, start)
    if token.text[0] != '"':
        return None
    builder, cursor = ViewBuilder(), 0
    for escape in _ESCAPE.finditer(body):
        builder.keep(body[cursor : escape.start()], start + cursor)
        builder.put(_decoded(escape[0][1:]))
        cursor = escape.end()
    builder.keep(body[cursor:], start + cursor)
    return builder.view()


def _comment(text: str, opened: re.Match[str]) -> Action | None:
    ends = text.find("*/", opened.end())
    close = text.find("}}", ends) if ends >= 0 else -1
    return Action(Span(opened.start(), close + 2), (), "silent") if close >= 0 else None


def _action(text: str, opened: re.Match[str]) -> Action | None:
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text, opened.end()):
        if match[0] in ("}}", "-}}"):
            return Action(Span(opened.start(), match.end()), tuple(tokens), _role(tokens))
        tokens.append(Token(match[0], match.start()))
    return None


def _role(tokens: list[Token]) -> Role:
    if not tokens:
        return "silent"
    assigns = tokens[0].text.startswith("$") and any(t.text in (":=", "=") for t in tokens[1:3])
    return "silent" if assigns else _ROLES.get(tokens[0].text, "value")


def _decoded(escape: str) -> str:
    if len(escape) == 1:
        return _SIMPLE.get(escape, escape)
    code = int(escape, 8) if escape.isdigit() else int(escape[1:], 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"
