"""The literals inside an action that could be an address or a port, and what is done with them."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

from refactor.scan.base import PORTISH, Wanted
from refactor.text.actions import Action, ActionToken, string_view
from refactor.text.view import View

_NONE: frozenset[str] = frozenset()
# Functions of Go's text/template, of Sprig and of Helm: what flows into the first is compared, what
# is written as an argument of the second is matched or used as a key.
_COMPARES = frozenset({"eq", "ne", "lt", "le", "gt", "ge", "has", "contains", "hasPrefix"})
_COMPARES |= {"hasSuffix", "regexMatch", "mustRegexMatch", "semverCompare"}
_MATCHES = frozenset({"hasKey", "index", "get", "pluck", "replace", "split", "splitList", "splitn"})
_MATCHES |= {"trimPrefix", "trimSuffix", "trimAll", "regexFind", "regexFindAll", "regexSplit"}
_MATCHES |= {"regexReplaceAll", "regexReplaceAllLiteral"}
_FALLS_BACK = frozenset({"default", "coalesce"})
_COMBINES = frozenset({"printf", "print", "println", "list", "tuple", "join"})
_NAMES_TEMPLATE = frozenset({"include", "template", "define", "block"})
_TAKES_PORTS = _FALLS_BACK | _COMBINES | {"", "ternary", "dict", "set", "quote", "toString", "int"}
_KEYWORDS = frozenset({"if", "else", "with", "range"})


class Argument(NamedTuple):
    """A literal inside an action.

    Attributes:
        view: its text.
        names: what the action calls it: the variable it is assigned to, the entry of a `dict`.
        tags: what is done with it, as in `model.Literal`.
        number: it is an integer and no string.
        yields: the action may yield just this text.
    """

    view: View
    names: tuple[str, ...]
    tags: frozenset[str]
    number: bool
    yields: bool


_Group: TypeAlias = "list[list[ActionToken | _Group]]"
"""A pipeline: commands, each of words and of pipelines in parentheses."""


def arguments(action: Action, wanted: Wanted) -> tuple[Argument, ...]:
    """Return the literals that could be an address or a port, in source order."""
    variable, tokens = _without_head(action.tokens)
    found: list[tuple[int, Argument]] = []
    pending: list[tuple[_Group, frozenset[str]]] = [(_grouped(tokens), _NONE)]
    while pending:
        group, around = pending.pop()
        for command in reversed(group):  # what a command yields is passed on to those behind it
            first = command[0] if command else None
            name = first.text if isinstance(first, ActionToken) and first.text[:1].isalpha() else ""
            around |= {name} & (_COMPARES | {"fail"})
            for index, part in enumerate(command):
                if not isinstance(part, ActionToken):
                    pending.append((part, around))
                elif argument := _argument(command, index, name, around, wanted):
                    names = (*variable, *argument.names)
                    found.append((part.start, argument._replace(names=names)))
    return tuple(argument for _, argument in sorted(found, key=lambda item: item[0]))


def _without_head(
    tokens: tuple[ActionToken, ...],
) -> tuple[tuple[str, ...], tuple[ActionToken, ...]]:
    """Take `if`, `else if` and `$name :=` off; return the variable's name."""
    start = 0
    while start < len(tokens) and tokens[start].text in _KEYWORDS:
        start += 1
    for index in range(start + 1, min(start + 3, len(tokens))):
        if tokens[index].text in (":=", "="):
            return (tokens[index - 1].text.lstrip("$"),), tokens[index + 1 :]
    return (), tokens[start:]


def _grouped(tokens: tuple[ActionToken, ...]) -> _Group:
    root: _Group = [[]]
    stack = [root]
    for token in tokens:
        if token.text == "(":
            inner: _Group = [[]]
            stack[-1][-1].append(inner)
            stack.append(inner)
        elif token.text == ")":
            if len(stack) > 1:
                stack.pop()
        elif token.text == "|":
            stack[-1].append([])
        else:
            stack[-1][-1].append(token)
    return root


def _argument(
    command: list[ActionToken | _Group],
    index: int,
    name: str,
    around: frozenset[str],
    wanted: Wanted,
) -> Argument | None:
    token = command[index]
    if not isinstance(token, ActionToken) or (name in _NAMES_TEMPLATE and index == 1):
        return None
    number = bool(PORTISH.match(token.text))
    view = View.plain(token.text, token.start) if number else string_view(token)
    if view is None:
        return None
    is_port = name in _TAKES_PORTS and not around and bool(PORTISH.match(view.text))
    if not (is_port or (not number and wanted(view.text))):
        return None
    combined = name in _COMBINES and not (name == "printf" and index == 1)
    tags = _tags(name, index, around) | ({"format-args"} if combined else _NONE)
    entry = _entry(command, index, name)
    return Argument(view, entry, tags, number, yields=not (tags - {"default"} or entry))


def _tags(name: str, index: int, around: frozenset[str]) -> frozenset[str]:
    if around & _COMPARES or name in _MATCHES:
        return frozenset({"compare"})
    if around or (name == "required" and index == 1):
        return frozenset({"prose"})
    return frozenset({"default"}) if name in _FALLS_BACK else _NONE


def _entry(command: list[ActionToken | _Group], index: int, name: str) -> tuple[str, ...]:
    """Return the key of an entry: `dict "host" "10.0.4.17"`, `set $d "host" "10.0.4.17"`."""
    is_value = (name == "dict" and index % 2 == 0) or (name == "set" and index == 3)
    before = command[index - 1]
    key = string_view(before) if is_value and isinstance(before, ActionToken) else None
    return (key.text,) if key else ()
