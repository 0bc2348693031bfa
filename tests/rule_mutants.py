"""Rows of the rules with one thing taken away: an alternative, or a whole condition."""

from __future__ import annotations

import re
import re._compiler  # type: ignore[import-not-found]
import re._parser  # type: ignore[import-not-found]
from collections.abc import Iterator
from typing import Any, NamedTuple

from msgspec.structs import replace

from refactor.rules.match import Compiled, compiled
from refactor.rules.needle import Needle
from refactor.rules.pattern import PathStep
from refactor.rules.row import PlaceRule, texts

LISTS = ("key", "setting", "seen", "scheme", "file", "forms", "command", "flag", "directive")
PATTERNS = ("before", "after", "line")
CONDITIONS = ("seen", "file", "forms", "object")


class Mutant(NamedTuple):
    """A row with one thing less."""

    what: str
    row: Compiled


def narrower(row: PlaceRule) -> Iterator[Mutant]:
    """Yield the row without each of its alternatives; one that is alone is the row itself."""
    whole = compiled(row)
    for field in (*LISTS, *PATTERNS):
        yield from _without_one(row, field, texts(getattr(row, field)))
    for field in ("path", "name"):
        yield from _without_one(row, field, texts(getattr(row, field)))
        yield from _without_word(whole, field)
    for field in PATTERNS:
        yield from _without_branch(row, field)
    for field, inner in (
        ("object", "kinds"),
        ("object", "groups"),
        ("call", "function"),
        ("call", "argument"),
    ):
        if (holder := getattr(row, field)) is not None:
            for item, left in _left(getattr(holder, inner)):
                changed = replace(row, **{field: replace(holder, **{inner: left})})
                yield Mutant(f"{field}.{inner} {item!r}", compiled(changed))


def wider(row: PlaceRule) -> Iterator[Mutant]:
    """Yield the row without what narrows it beside a name, a call, or the words around it."""
    others = compiled(row).is_named or row.call is not None or row.is_context
    for name in CONDITIONS:
        if others and getattr(row, name):
            empty: Any = None if name == "object" else ()
            yield Mutant(f"all of {name}", compiled(replace(row, **{name: empty})))


def _left(items: tuple[Any, ...]) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    if len(items) > 1:
        yield from ((item, items[:i] + items[i + 1 :]) for i, item in enumerate(items))


def _without_one(row: PlaceRule, field: str, items: tuple[Any, ...]) -> Iterator[Mutant]:
    for item, left in _left(items):
        yield Mutant(f"{field} {item!r}", compiled(replace(row, **{field: left})))


def _without_word(row: Compiled, field: str) -> Iterator[Mutant]:
    patterns = row.paths if field == "path" else row.names
    for i, steps in enumerate(patterns):
        for j, step in enumerate(steps):
            if len(step.words) + len(step.globs) < 2:
                continue
            for word in (*step.words, *step.globs):
                less = PathStep(step.words - {word}, tuple(g for g in step.globs if g != word))
                changed: Any = (
                    *patterns[:i],
                    (*steps[:j], less, *steps[j + 1 :]),
                    *patterns[i + 1 :],
                )
                yield Mutant(f"{field} {word!r}", row._replace(**{f"{field}s": changed}))


def _without_branch(row: PlaceRule, field: str) -> Iterator[Mutant]:
    patterns = texts(getattr(row, field))
    for i, pattern in enumerate(patterns):
        for n in range(len(_branches(re._parser.parse(pattern)))):
            tree = re._parser.parse(pattern)
            items, at = _branches(tree)[n]
            what = items.pop(at)
            less = re._compiler.compile(tree)
            changed: Any = less if field == "after" else Needle(less)
            held = getattr(compiled(row), field)
            told = f"{field} {pattern!r} without {what!r}"
            every: Any = (*held[:i], changed, *held[i + 1 :])
            yield Mutant(told, compiled(row)._replace(**{field: every}))


def _branches(tree: Any) -> list[tuple[list[Any], int]]:
    """Return each alternative of a pattern: the list that it is in, and its index there."""
    found: list[tuple[list[Any], int]] = []
    for op, value in tree:
        if op is re._parser.BRANCH:
            found += [(value[1], at) for at in range(len(value[1]))]
        for part in _inner(value):
            found += _branches(part)
    return found


def _inner(value: Any) -> Iterator[Any]:
    if isinstance(value, re._parser.SubPattern):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _inner(part)
