"""How two renders differ: objects paired by identity, and only pairs that differ compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from refactor.helm.objects import Identity, Object, item_names, keyed, step

ORDER = "the order of items"


class Change(NamedTuple):
    """One difference.

    Attributes:
        object: which object.
        path: `spec.template.spec.containers[web].env[URL].value`; "" for the object as a whole.
        before: a scalar, or plain data where a whole branch is removed; None where it is added.
        after: likewise; None where it is removed.
    """

    object: Identity
    path: str
    before: Any
    after: Any

    def __str__(self) -> str:
        place = f"{self.object}, {self.path}" if self.path else str(self.object)
        if self.before is None:
            return f"{place} is added"
        if self.after is None:
            return f"{place} is removed"
        return f"{place}: {_shown(self.before)} becomes {_shown(self.after)}"


def compare(before: Iterable[Object], after: Iterable[Object]) -> tuple[Change, ...]:
    """Return the differences between two renders, whatever the order of their objects."""
    old = {item.identity: item.content for item in before}
    new = {item.identity: item.content for item in after}
    found: list[Change] = []
    for identity in old.keys() | new.keys():
        one, two = old.get(identity), new.get(identity)
        if one is two:
            continue
        if one is None or two is None:
            found.append(Change(identity, "", one, two))
        elif one != two or _types(one) != _types(two):
            found += _inside(identity, one, two)
    return tuple(sorted(found, key=lambda change: (change.object, change.path)))


def _inside(identity: Identity, one: dict[str, Any], two: dict[str, Any]) -> Iterator[Change]:
    first, second = keyed(one), keyed(two)
    try:
        found = list(_by_place(first, second, ""))
    except _MovedError:
        found = list(_aligned(first, second))
    for path, before, after in found:
        yield Change(identity, path, before, after)
    for path in _reordered(one, two, ""):
        yield Change(identity, path, ORDER, "another")


_Different = tuple[str, Any, Any]


class _MovedError(Exception):
    """A list's items may stand in other places: deepdiff aligns them."""


def _by_place(one: Any, two: Any, path: str) -> Iterator[_Different]:
    """Yield where data of one shape differ; loading deepdiff costs as much as a render."""
    if isinstance(one, dict) and isinstance(two, dict):
        for key in dict.fromkeys((*one, *two)):
            if key in one and key in two:
                yield from _by_place(one[key], two[key], step(path, key))
            else:
                yield step(path, key), one.get(key), two.get(key)
    elif isinstance(one, list) and isinstance(two, list):
        if one == two and _types(one) == _types(two):
            return
        if len(one) != len(two):
            raise _MovedError
        pairs = enumerate(zip(one, two, strict=True))
        changed = [(i, a, b) for i, (a, b) in pairs if a != b or _types(a) != _types(b)]
        if any(b in one or a in two for _, a, b in changed):
            raise _MovedError
        for index, before, after in changed:
            yield from _by_place(before, after, step(path, index))
    elif one != two or type(one) is not type(two):
        yield path, one, two


def _aligned(one: Any, two: Any) -> Iterator[_Different]:
    from deepdiff import DeepDiff

    different = DeepDiff(one, two, view="tree", ignore_order=False, threshold_to_diff_deeper=0)
    for kind, levels in different.items():
        for level in levels:
            path = ""
            for key in level.path(output_format="list"):
                path = step(path, key)
            before = None if kind.endswith("_added") else level.t1
            after = None if kind.endswith("_removed") else level.t2
            yield path, before, after


def _reordered(one: Any, two: Any, path: str) -> Iterator[str]:
    """Yield the lists whose named items stand in another order: of `env` and others it matters."""
    if isinstance(one, dict) and isinstance(two, dict):
        for key in one.keys() & two.keys():
            yield from _reordered(one[key], two[key], step(path, key))
    if not (isinstance(one, list) and isinstance(two, list)):
        return
    first, second = item_names(one), item_names(two)
    if first is None or second is None:
        return
    if [n for n in first if n in set(second)] != [n for n in second if n in set(first)]:
        yield path
    others = dict(zip(second, two, strict=True))
    for name, item in zip(first, one, strict=True):
        yield from _reordered(item, others.get(name), path + name)


def _types(value: Any) -> Any:
    """Tell `1` from `true`, which Python takes for equal."""
    if isinstance(value, dict):
        return {key: _types(item) for key, item in value.items()}
    return [_types(item) for item in value] if isinstance(value, list) else type(value)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 80 else f"{text[:77]}..."
