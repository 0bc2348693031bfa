"""Whether edits, and nothing else, make one text of another."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence

from refactor.helm.changes import Change
from refactor.model import Edit
from refactor.plan.quoting import readings

# `checksum/config` and its kin roll a workload when the file it hashes changes: Helm's own advice.
_CHECKSUM = re.compile(r"annotations.*(?:checksum|hash|sha)", re.IGNORECASE)


def accounted(change: Change, pairs: set[tuple[str, str]]) -> bool:
    """Whether the edits alone make one rendered value of the other."""
    if _CHECKSUM.search(change.path):
        return True
    if change.before is None or change.after is None:
        return False
    return any(explained(old, new, pairs) for old, new in _texts(change))


def _texts(change: Change) -> Iterator[tuple[str, str]]:
    old, new = str(change.before), str(change.after)
    if type(change.before) is type(change.after):
        yield old, new
    if change.object.kind == "Secret":
        try:
            yield _decoded(old), _decoded(new)
        except (binascii.Error, UnicodeDecodeError):
            return


def _decoded(text: str) -> str:
    return base64.b64decode(text, validate=True).decode()


def explained(old: str, new: str, pairs: set[tuple[str, str]]) -> bool:
    """Whether edits turn one value into the other: all else of it is the same.

    An old text may also stand where nothing was edited (the port of another address), so at each
    of its places both ways are followed.
    """
    olds = re.compile("|".join(re.escape(text) for text in {pair[0] for pair in pairs}))
    ways, seen = [(0, 0)], {(0, 0)}
    while ways:
        at, to = ways.pop()
        match = olds.search(old, at)
        same = (match.start() if match else len(old)) - at
        if old[at : at + same] != new[to : to + same]:
            continue
        at, to = at + same, to + same
        if match is None:
            if to == len(new):
                return True
            continue
        steps = [(at + len(a), to + len(b)) for a, b in pairs if _swaps(old, at, a, new, to, b)]
        steps += [(at + 1, to + 1)] * (old[at : at + 1] == new[to : to + 1])
        ways += [step for step in steps if step not in seen]
        seen.update(steps)
    return False


def _swaps(old: str, at: int, before: str, new: str, to: int, after: str) -> bool:
    return old.startswith(before, at) and new.startswith(after, to)


def consumed(old: str, new: str, edits: Sequence[Edit], first: int) -> int | None:
    """Return the index behind the edits that, from `first` on and in order, make a value another.

    None where they do not. What an edit replaces may also stand where nothing was edited, so at
    each of its places both ways are followed.
    """
    ways, seen = [(0, 0, first)], {(0, 0, first)}
    while ways:
        at, to, index = ways.pop()
        edit = edits[index] if index < len(edits) else None
        place = old.find(edit.old, at) if edit else -1
        if edit is None or place < 0 or old[at:place] != new[to : to + place - at]:
            if old[at:] == new[to:]:
                return index
            continue
        there = to + place - at
        steps = [(place + 1, there + 1, index)] * (old[place] == new[there : there + 1])
        steps += [
            (place + len(edit.old), there + len(text), index + 1)
            for text in readings(edit.new)
            if new.startswith(text, there)
        ]
        ways += [step for step in steps if step not in seen]
        seen.update(steps)
    return None
