"""Go template actions in a text: where they stand, what they do, the words and strings in them.

Source: Go's text/template, "Actions", "Text and spaces" and "Arguments".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal as OneOf
from typing import NamedTuple

from refactor.text.view import Span, View, ViewBuilder

_OPEN = re.compile(r"\{\{-?\s*(?P<comment>/\*)?")
# Strings may hold "}}", so they are read as wholes.
_TOKEN = re.compile(
    r"\"(?>(?:[^\"\\\r\n]|\\.)*)\"|`[^`]*+`|'(?:[^'\\\r\n]|\\.)'|-?\}\}"
    r"|[A-Za-z_$.][\w$.]*+|\d++(?![\w.])|:=|[=()|]"
    r"|(?P<none>\\.)"  # outside of a string it is nothing, and never the begin of one
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


class ActionToken(NamedTuple):
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
    tokens: tuple[ActionToken, ...]
    role: Role

    @property
    def word(self) -> str:
        """What it begins with, such as `if`; "" for a comment."""
        return self.tokens[0].text if self.tokens else ""

    def behind(self, text: str, number: int = 1) -> str:
        """Return what stands in it behind so many tokens, as the template has it."""
        last = self.tokens[-1] if len(self.tokens) > number else None
        return text[self.tokens[number].start : last.start + len(last.text)] if last else ""


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


class Block(NamedTuple):
    """A block that is open at some place: its action, and whether an `else` came after it."""

    opened: Action
    turned: bool


def open_blocks(text: str) -> list[Block]:
    """Return the blocks that are open at the end of a text, from the outermost in."""
    stack: list[Block] = []
    for action in actions(text):
        if action.role == "open":
            stack.append(Block(action, turned=False))
        elif action.role == "else" and stack:
            stack[-1] = stack[-1]._replace(turned=True)
        elif action.role == "end" and stack:
            stack.pop()
    return stack


def replaced(text: str, put: Callable[[Action], str]) -> str:
    """Return a template with something else in the place of each of its actions."""
    parts, at = [], 0
    for action in actions(text):
        parts += [text[at : action.span.start], put(action)]
        at = action.span.end
    return "".join([*parts, text[at:]])


def rebased(text: str, base: str) -> str:
    """Return a template that gives the same from another context.

    Args:
        text: uses `.`, or `$`, for its chart's root.
        base: what that root is called where the text goes: `.`, `$`, `$.Subcharts.redis`.
    """

    def moved(action: Action) -> str:
        parts, at = [], action.span.start
        for token in action.tokens:
            if _is_context(text, token):
                rest = token.text[1:].removeprefix(".")
                parts += [text[at : token.start], f"{base.rstrip('.')}.{rest}" if rest else base]
                at = token.start + len(token.text)
        return "".join([*parts, text[at : action.span.end]])

    return replaced(text, moved)


def _is_context(text: str, token: ActionToken) -> bool:
    """Say whether a token is `.`, `$`, or a field of these, and not of what stands before it."""
    if text[token.start - 1] in ")]":
        return False
    return token.text in (".", "$") or re.match(r"(?:\.|\$\.)[A-Za-z_]", token.text) is not None


def string_view(token: ActionToken) -> View | None:
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
    tokens: list[ActionToken] = []
    for match in _TOKEN.finditer(text, opened.end()):
        if match[0] in ("}}", "-}}"):
            return Action(Span(opened.start(), match.end()), tuple(tokens), _role(tokens))
        if match["none"] is None:
            tokens.append(ActionToken(match[0], match.start()))
    return None


def _role(tokens: list[ActionToken]) -> Role:
    if not tokens:
        return "silent"
    assigns = tokens[0].text.startswith("$") and any(t.text in (":=", "=") for t in tokens[1:3])
    return "silent" if assigns else _ROLES.get(tokens[0].text, "value")


def _decoded(escape: str) -> str:
    if len(escape) == 1:
        return _SIMPLE.get(escape, escape)
    code = int(escape, 8) if escape.isdigit() else int(escape[1:], 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"
