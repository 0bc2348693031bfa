"""What a literal of the masked text says once its actions are looked into: one text a branch.

`tcp://{{ default "10.0.4.17" .h }}:80` says `tcp://10.0.4.17:80` where nothing else is set, and
`{{ if .x }}10.0.4.17{{ else }}10.0.4.18{{ end }}` says either.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from refactor.scan.base import PORTISH
from refactor.scan.template.args import Argument
from refactor.scan.template.mask import ASK
from refactor.scan.text.value import stretch
from refactor.text.actions import Action
from refactor.text.view import HOLE, View, ViewBuilder

_MAX_BRANCHES = 16
_MAX_DEPTH = 8  # blocks inside blocks within one value


class ActionLiterals(NamedTuple):
    """An action that is looked into, with the literals in it."""

    action: Action
    arguments: tuple[Argument, ...]


class Alternative(NamedTuple):
    """One of the texts.

    Attributes:
        view: the text; what only the render knows is a `HOLE`.
        used: the literals of actions that stand in it.
    """

    view: View
    used: tuple[Argument, ...] = ()


class _Part(NamedTuple):
    """A stretch of text, or an action that yields one, with the branches that lead to it.

    Attributes:
        text: the stretch; None for an action.
        arguments: what the action may yield.
        levels: (block, its branch) from the outermost in.
    """

    text: View | None
    arguments: tuple[Argument, ...]
    levels: tuple[tuple[int, int], ...]


def parted(view: View, asked: Mapping[int, ActionLiterals]) -> list[View | ActionLiterals]:
    """Return a view of the masked text as its stretches of text and its asked actions, in turn."""
    parts: list[View | ActionLiterals] = []
    cursor = at = 0
    while (at := view.text.find(ASK, at)) >= 0:
        place = view.locate(at, at + 1)
        found = asked.get(place.start) if place else None
        if found is None:
            at += 1
            continue
        parts += (stretch(view, cursor, at), found)
        at = cursor = _end(view, at, found.action)
    return [*parts, stretch(view, cursor, len(view.text))]


def branches(found: list[View | ActionLiterals]) -> Iterator[Alternative]:
    """Yield the texts that the parts stand for.

    The first takes the first branch and the first literal everywhere, the second the second, and
    so on. What is in none of them, nested as it may be, follows alone.
    """
    parts, sizes = _laid_out(found)
    width = max([1, *sizes, *(len(part.arguments) for part in parts)])
    shown: set[int] = set()
    for number in range(min(width, _MAX_BRANCHES)):
        yield _branch(parts, sizes, number, shown)
    for part in parts:
        if part.text and id(part) not in shown:
            yield Alternative(part.text)
        rest = (one for one in part.arguments if id(one) not in shown)
        yield from (
            Alternative(one.view, (one,)) for one in rest if not PORTISH.match(one.view.text)
        )


def _end(view: View, at: int, action: Action) -> int:
    """Return where an action that begins at a place of a view is over there."""
    end = at + 1
    index = bisect_right(view.pieces, at, key=lambda piece: piece.at) - 1
    for piece in view.pieces[index:]:
        if not action.span.start < piece.source + piece.length or piece.source >= action.span.end:
            break
        end = piece.at + min(piece.length, action.span.end - piece.source)
    return end


def _laid_out(found: list[View | ActionLiterals]) -> tuple[list[_Part], list[int]]:
    """Return the parts with the branches they stand in, and how many branches each block has."""
    parts: list[_Part] = []
    sizes: list[int] = []
    stack: list[tuple[int, int]] = []
    for part in found:
        role = "text" if isinstance(part, View) else part.action.role
        if role == "open":
            stack.append((len(sizes), 0))
            sizes.append(1)
        elif role in ("else", "end") and stack:
            block, branch = stack.pop()
            if role == "else":
                stack.append((block, branch + 1))
                sizes[block] = branch + 2
        elif isinstance(part, View):
            parts.append(_Part(part, (), tuple(stack[:_MAX_DEPTH])))
        elif role == "value":
            yields = tuple(one for one in part.arguments if one.yields)
            parts.append(_Part(None, yields, tuple(stack[:_MAX_DEPTH])))
    return parts, sizes


def _branch(parts: list[_Part], sizes: list[int], number: int, shown: set[int]) -> Alternative:
    taken = [
        part
        for part in parts
        if all(branch == min(number, sizes[block] - 1) for block, branch in part.levels)
    ]
    bare = not any(part.text and part.text.text for part in taken)
    builder, used = ViewBuilder(), []
    for part in taken:
        if part.text is not None:
            builder.append(part.text)
            shown.add(id(part))
            continue
        one = part.arguments[min(number, len(part.arguments) - 1)] if part.arguments else None
        # A port that is a mere default may be another one: beside a host it stays open.
        if one is None or (PORTISH.match(one.view.text) and not bare):
            builder.put(HOLE)
            continue
        builder.append(one.view)
        used.append(one)
        shown.add(id(one))
    return Alternative(builder.view(), tuple(used))
