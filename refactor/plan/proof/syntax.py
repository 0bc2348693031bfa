"""Step 2 of the proof: a file parsed before and after differs in the edited scalars alone.

What differs is listed in the order of the text, and the edits have to account for it in theirs:
each value by the next edits, each edit by a value. So an edit of a comment is seen too.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from refactor.model import Edit
from refactor.plan.proof.explained import consumed
from refactor.plan.proof.pieces import differing
from refactor.plan.proof.reads import reads_differ
from refactor.yaml.plain import BOOLEANS_AND_NULLS
from refactor.yaml.stream import MARKER

if TYPE_CHECKING:
    import ast

_LOOK_AHEAD = 8
"""Edits that are passed over to see whether those before change no value."""

Values = Iterator[tuple[str, str]]
"""The values that differ, before and after, in order of place."""


class _UnreadableError(Exception):
    """The text did not parse to begin with."""


class _DiffersError(Exception):
    """The texts differ in more than values."""


def differs(kind: str, before: str, after: str, edits: Sequence[Edit]) -> str | None:
    """Return how two texts differ beyond the edits: "" where they do not."""
    values = _VALUES.get(kind)
    if values is None:
        return None
    if any(edit.role == "expression" for edit in edits):
        return reads_differ(before, after, edits)
    # Quotes that are doubled or put around a template are not part of a value; a host may stay
    # as it is, with another port beside it.
    asked = [edit for edit in edits if edit.old not in ("", "'", edit.new)]
    try:
        return _problem(values(before, after), asked)
    except (_UnreadableError, RecursionError):
        return None
    except _DiffersError as error:
        return str(error)


def _problem(values: Values, edits: Sequence[Edit]) -> str:
    problem = _unaccounted(values, edits)
    deque(values, maxlen=0)  # that a text does not parse is the better answer
    return problem


def _unaccounted(values: Values, edits: Sequence[Edit]) -> str:
    at = 0
    for old, new in values:
        then = consumed(old, new, edits, at)
        if then is None or then == at:
            for later in range(at + 1, min(at + _LOOK_AHEAD, len(edits))):
                if consumed(old, new, edits, later) not in (None, later):
                    return f"the edit of {edits[at].old} changes no value"
            return "a value changed that no edit is for"
        at = then
    return f"the edit of {edits[at].old} changes no value" if at < len(edits) else ""


def _yaml(before: str, after: str) -> Values:
    """Of a stream only what differs is compared, of JSON the whole."""
    if before.lstrip()[:1] in ("{", "["):
        try:
            yield from _json(before, after)
        except _UnreadableError:
            pass
        else:
            return
    old, new = _documents(before), _documents(after)
    if len(old) != len(new):
        old, new = [before], [after]
    for one, other in zip(old, new, strict=True):
        if one != other or len(old) == 1:
            for piece, edited in differing(one, other):
                yield from _events_differ(piece, edited)


def _documents(text: str) -> list[str]:
    """Cut a stream where a document begins; one with directives stays whole."""
    starts = [m.start() for m in MARKER.finditer(text)] if "\n%" not in f"\n{text}" else []
    return [text[a:b] for a, b in zip([0, *starts], [*starts, len(text)], strict=True)]


def _json(before: str, after: str) -> Values:
    old = _json_tree(before)
    try:
        new = _json_tree(after)
    except _UnreadableError as error:
        message = f"does not parse any more: {error}"
        raise _DiffersError(message) from error
    pending: list[tuple[Any, Any]] = [(old, new)]
    while pending:
        a, b = pending.pop()
        if a == b:
            continue
        if type(a) is not type(b) or (not isinstance(a, str) and len(a) != len(b)):
            message = "a node changed its type"
            raise _DiffersError(message)
        if isinstance(a, str):
            yield a, b
        else:
            pending += reversed([*zip(a, b, strict=True)])


class _Number(tuple[str]):
    """A number as it is written: no string, though it holds one."""


def _json_tree(text: str) -> Any:
    import json

    def number(text: str) -> _Number:
        return _Number((text,))

    try:
        return json.loads(
            text,
            object_pairs_hook=tuple,
            parse_int=number,
            parse_float=number,
            parse_constant=number,
        )
    except (ValueError, RecursionError) as error:
        raise _UnreadableError(str(error)) from error


def _events_differ(before: str, after: str) -> Values:
    """Compare the events of two parsers, side by side: nothing is kept."""
    old, new = _events(before), _events(after)
    for a in old:
        try:
            b = next(new, None)
        except _UnreadableError as error:
            deque(old, maxlen=0)  # which raises where this one does not parse either
            message = f"does not parse any more: {error}"
            raise _DiffersError(message) from error
        if b is None or type(a) is not type(b):
            message = "a node changed its type"
            raise _DiffersError(message)
        if any(getattr(a, name, None) != getattr(b, name, None) for name in _SAID):
            if _shape(a) != _shape(b) and not _gained_quotes(a, b):
                message = "a node changed its type"
                raise _DiffersError(message)
            yield a.value, b.value


_SAID = ("value", "anchor", "tag", "style", "implicit")
"""What an event says besides its type."""


def _events(text: str) -> Iterator[Any]:
    from refactor.yaml.events import REFUSALS, quick_events

    try:
        yield from quick_events(text)
    except REFUSALS as error:
        raise _UnreadableError(str(error).splitlines()[0]) from error


def _shape(event: Any) -> tuple[object, ...]:
    """What an edit may not change: with a plain scalar, what YAML takes it for."""
    value = getattr(event, "value", None)
    shape = (value is None, *(getattr(event, name, None) or "" for name in _SAID[1:]))
    return (*shape, *_meant(event)) if value is not None and not event.style else shape


def _meant(event: Any) -> tuple[object, ...]:
    from ruamel.yaml.nodes import ScalarNode

    tag = event.tag or _resolver().resolve(ScalarNode, event.value, (True, False))
    return str(tag), str(event.value).lower() in BOOLEANS_AND_NULLS


@cache
def _resolver() -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe").resolver  # which takes a while to make


def _gained_quotes(old: Any, new: Any) -> bool:
    """A template needs quotes that the address did not."""
    if "{{" not in getattr(new, "value", ""):
        return False
    same = (old.anchor, old.tag) == (new.anchor, new.tag)
    return same and not old.style and bool(new.style == "'")


def _python(before: str, after: str) -> Values:
    """Statements whose lines are the same, in the same place, are not looked into."""
    import ast

    try:
        old = _module(before)
    except _UnreadableError:
        return (yield from _newer_python(before, after))
    try:
        new = _module(after)
    except _UnreadableError as error:
        message = f"does not parse any more: {error}"
        raise _DiffersError(message) from error
    same = _Same(before, after)
    found: list[tuple[int, int, int, str, str]] = []
    pending: list[tuple[Any, Any]] = [(old, new)]
    while pending:
        a, b = pending.pop()
        if isinstance(a, ast.Constant) and isinstance(b, ast.Constant) and _changed(a, b):
            found.append((a.lineno, a.col_offset, len(found), str(a.value), str(b.value)))
        elif isinstance(a, ast.AST) and type(a) is type(b):
            fields = [(getattr(a, name, None), getattr(b, name, None)) for name in a._fields]
            pending += reversed(fields) if not same.holds(a, b) else ()
        elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
            pending += reversed([*zip(a, b, strict=True)])
        elif type(a) is not type(b) or a != b:
            message = "a node changed its type"
            raise _DiffersError(message)
    yield from ((a, b) for *_, a, b in sorted(found))


def _newer_python(before: str, after: str) -> Values:
    from refactor.plan.proof.python_tokens import token_values

    found = token_values(before, after)
    if found is None:
        raise _UnreadableError
    yield from found


def _changed(old: ast.Constant, new: ast.Constant) -> bool:
    same_type = type(old.value) is type(new.value) and old.kind == new.kind
    return same_type and old.value != new.value


class _Same:
    """Which lines of two texts are the same; none is known where they have not as many."""

    def __init__(self, before: str, after: str) -> None:
        old, new = (re.split(r"\r\n|\r|\n", text) for text in (before, after))
        self._known = len(old) == len(new)
        pairs = enumerate(zip(old, new, strict=False), 1)
        self._changed = [number for number, (a, b) in pairs if a != b]

    def holds(self, old: Any, new: Any) -> bool:
        """Say whether two nodes stand in the same place, on lines that are the same."""
        from bisect import bisect_left

        begin, end = getattr(old, "lineno", 0), getattr(old, "end_lineno", 0)
        # A decorator stands above the line where its function begins.
        begin = min([begin, *(node.lineno for node in getattr(old, "decorator_list", ()))])
        if not begin or not self._known or _place(old) != _place(new):
            return False
        at = bisect_left(self._changed, begin)
        return at == len(self._changed) or self._changed[at] > end


def _place(node: Any) -> tuple[int, ...]:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _module(text: str) -> Any:
    import ast
    import warnings

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes of theirs are not ours to tell
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _UnreadableError(str(error).splitlines()[0]) from error


_VALUES: dict[str, Callable[[str, str], Values]] = {"yaml": _yaml, "python": _python}
