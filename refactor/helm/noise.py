"""What differs from one render to the next by itself: passwords, certificates, dates.

71 of 117 real charts do not render the same twice. The second look comes after the render it is
compared with, so that what changes with the clock has changed by then as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from refactor.helm.cases import Case
from refactor.helm.changes import Change, compare
from refactor.helm.objects import Identity, Object
from refactor.helm.renders import Renders

_ANY = "*"
_VARIES = re.compile(
    rb"\{\{(?!-?\s*/\*)(?:[^{}]|\}(?!\})|\{(?!\{))*?\b(?:rand|gen[A-Z]|uuid|htpasswd|bcrypt|encryptAES|shuffle"
    rb"|date|htmlDate|(?:now|ago|lookup|keys|values)\b)"
)
"""Functions that do not give the same twice: Helm's documentation, "Template Function List"."""


class Noise(NamedTuple):
    """What varies by itself.

    Attributes:
        paths: the objects' fields.
        unnamed: sources and kinds of the objects whose very names vary.
    """

    paths: frozenset[tuple[Identity, str]] = frozenset()
    unnamed: frozenset[tuple[str, str]] = frozenset()

    def covers(self, change: Change) -> bool:
        """Say whether a difference is in, or below, a field that varies by itself."""
        return any(
            change.object == identity
            and (change.path == path or change.path.startswith((f"{path}.", f"{path}[")))
            for identity, path in self.paths
        )

    def settled(self, objects: Iterable[Object]) -> tuple[Object, ...]:
        """Return objects with one name for those whose names vary."""
        found: list[Object] = []
        seen: Counter[Identity] = Counter()
        for item in objects:
            identity = item.identity
            if (item.source, identity.kind) in self.unnamed:
                one = identity._replace(name=_ANY, copy=0)
                identity = one._replace(copy=seen[one])
                seen[one] += 1
            found.append(item._replace(identity=identity))
        return tuple(found)


class Differences(NamedTuple):
    """How a chart renders differently once some files are changed.

    Attributes:
        changes: what the changes make different, of objects and fields that hold still.
        left_out: the fields that vary by themselves, in words; nothing is said about them.
        error: why it could not be asked, in Helm's words; "" where it could.
        notes: what was not rendered as the repository has it.
    """

    changes: tuple[Change, ...] = ()
    left_out: tuple[str, ...] = ()
    error: str = ""
    notes: tuple[str, ...] = ()


def noise(first: Iterable[Object], second: Iterable[Object]) -> Noise:
    """Return what differs between two renders of one input."""
    first, second = tuple(first), tuple(second)
    old, new = ({item.identity for item in objects} for objects in (first, second))
    gone = Counter((o.source, o.identity.kind) for o in first if o.identity not in new)
    come = Counter((o.source, o.identity.kind) for o in second if o.identity not in old)
    names = Noise(unnamed=frozenset(gone.keys() & come.keys()))
    varied = compare(names.settled(first), names.settled(second))
    return names._replace(paths=frozenset((c.object, c.path) for c in varied))


def noise_of(renders: Renders, case: Case, first: Iterable[Object]) -> Noise:
    """Return what varies in a chart; Helm is asked again only where something in it can."""
    if not renders.holds(case, _VARIES):
        return Noise()
    return noise(first, renders.render(case, anew=True).objects)


def differences(
    renders: Renders,
    case: Case,
    changes: Mapping[str, bytes],
    expected: Callable[[Change], bool] = lambda _: False,
) -> Differences:
    """Return what changed files change in a chart's objects.

    It takes two renders, and a third where any of the differences was not expected.

    Args:
        changes: new bytes of files, by path relative to the root.
    """
    before, after = renders.render(case), renders.render(case, changes)
    notes = tuple(dict.fromkeys((*before.notes, *after.notes)))
    if before.error or after.error:
        when = "" if before.error else "after the changes: "
        return Differences(error=when + (before.error or after.error), notes=notes)
    found = compare(before.objects, after.objects)
    if all(expected(change) for change in found):
        return Differences(found, notes=notes)
    known = noise_of(renders, case, before.objects)
    found = compare(known.settled(before.objects), known.settled(after.objects))
    left_out = (str(Change(*place, None, None)).removesuffix(" is added") for place in known.paths)
    return Differences(
        tuple(change for change in found if not known.covers(change)),
        tuple(sorted(left_out)),
        notes=notes,
    )
