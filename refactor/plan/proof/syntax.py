"""Step 2 of the proof: a file parsed before and after differs in the edited scalars alone."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from refactor.model import Edit
from refactor.plan.proof.explained import explained
from refactor.plan.proof.reads import reads_differ
from refactor.plan.quoting import readings
from refactor.source import splice

# YAML 1.1, which Helm and kubectl read, takes these plain words for booleans and nulls.
_YAML_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"})


class Leaf(NamedTuple):
    """One step through a parsed tree.

    Attributes:
        shape: what may not change: node type, tag, anchor, number of children.
        value: what an edit may change; None where nothing may.
    """

    shape: tuple[object, ...]
    value: str | None = None


class _Unreadable(Exception):  # noqa: N818 - it is caught here and never leaves
    """The text does not parse."""


def differs(kind: str, before: str, after: str, edits: Sequence[Edit]) -> str | None:
    """Return how two texts differ beyond the edits: "" where they do not.

    Args:
        kind: the scanner's name.
        before: the file's text.
        after: the text with the edits spliced in.
        edits: in order of place.

    Returns:
        None where this kind has no syntax to ask, or the text did not parse to begin with.
    """
    leaves = _LEAVES.get(kind)
    if leaves is None:
        return None
    if any(edit.role == "expression" for edit in edits):
        return reads_differ(before, after, edits)
    try:
        old = list(leaves(before))
    except _Unreadable:
        return None
    try:
        new = list(leaves(after))
    except _Unreadable as error:
        return f"does not parse any more: {error}"
    return _compare(old, new, edits) or _idle(leaves, before, edits)


def _idle(leaves: Callable[[str], Iterator[Leaf]], before: str, edits: Sequence[Edit]) -> str:
    """Return which edit changes no value: one in a comment, say, which no parser shows.

    Each edited stretch is marked, and each mark has to come out in some value.
    """
    marks = {}
    for index, edit in enumerate(e for e in edits if e.old and e.role in ("host", "port")):
        marks[edit] = str(20_011 + index) if edit.role == "port" else f"zqmark{index}x"
    changes = [(*edit.span, mark) for edit, mark in marks.items() if edit.old != "'"]
    try:
        values = "\n".join(leaf.value or "" for leaf in leaves(splice(before, changes)))
    except _Unreadable as error:
        return f"its edits are not values: {error}"
    for edit, mark in marks.items():
        if edit.old != "'" and mark not in values:
            return f"the edit of {edit.old} changes no value"
    return ""


def _compare(old: list[Leaf], new: list[Leaf], edits: Sequence[Edit]) -> str:
    if len(old) != len(new):
        return f"{len(old)} nodes before, {len(new)} after"
    changed = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    if any(a.shape != b.shape and not _gained_quotes(a, b) for a, b in changed):
        return "a node changed its type"
    pairs = {(edit.old, new) for edit in edits if edit.old for new in readings(edit.new)}
    for a, b in changed:
        if a.value is None or b.value is None or not explained(a.value, b.value, pairs):
            return "a value changed that no edit is for"
    return "" if changed or not edits else "no value changed"


def _gained_quotes(old: Leaf, new: Leaf) -> bool:
    """A template needs quotes that the address did not."""
    return (
        "{{" in (new.value or "")
        and old.value is not None
        and [part for part in old.shape if part not in (None, "")]
        == [part for part in new.shape if part not in (None, "", "'")]
    )


def _yaml(text: str) -> Iterator[Leaf]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.nodes import ScalarNode

    try:
        documents = list(YAML(typ="safe", pure=False).compose_all(text))
    except (YAMLError, ValueError, RecursionError) as error:
        raise _Unreadable(str(error).splitlines()[0]) from error
    seen: set[int] = set()
    pending = list(reversed(documents))
    while pending:
        node = pending.pop()
        if node is None or id(node) in seen:
            yield Leaf(("alias",))
            continue
        seen.add(id(node))
        if isinstance(node, ScalarNode):
            yield Leaf((node.tag, node.anchor, node.style, _is_word(node)), node.value)
            continue
        children = [part for item in node.value for part in _parts(item)]
        yield Leaf((type(node).__name__, node.tag, node.anchor, len(children)))
        pending += reversed(children)


def _parts(item: object) -> tuple[object, ...]:
    return item if isinstance(item, tuple) else (item,)


def _is_word(node: object) -> bool:
    return (
        not getattr(node, "style", None) and str(getattr(node, "value", "")).lower() in _YAML_WORDS
    )


def _python(text: str) -> Iterator[Leaf]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes of theirs are not ours to tell
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _Unreadable(str(error).splitlines()[0]) from error
    for node in ast.walk(tree):
        children = len(list(ast.iter_child_nodes(node)))
        if isinstance(node, ast.Constant):
            yield Leaf((type(node.value).__name__, node.kind), str(node.value))
        else:
            plain = tuple(
                (name, value)
                for name, value in ast.iter_fields(node)
                if isinstance(value, str | int | None) and name not in ("lineno", "col_offset")
            )
            yield Leaf((type(node).__name__, children, plain))


_LEAVES: dict[str, Callable[[str], Iterator[Leaf]]] = {"yaml": _yaml, "python": _python}
