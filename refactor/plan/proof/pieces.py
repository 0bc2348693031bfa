"""A YAML document in pieces that can be compared one by one: its root's keys with their values.

Where a piece parses by itself as a block mapping that begins in the first column, the parser stands
before the next key of the root when the piece ends; so the events of the document are those of its
pieces, one after the other (YAML 1.2.2, 8.2.2). What cannot be cut with that certainty is not cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

# A key of the root that no other reading of the line would take for something else.
_KEY = re.compile(r"^[A-Za-z_][\w.-]*:(?=[ \r\n]|\Z)", re.MULTILINE)
_HEAD = re.compile(r"(?:(?:---)?[ \t]*(?:#.*)?\r?\n)*")
_MARK = re.compile(r"^(?:---|\.\.\.|%)", re.MULTILINE)


def differing(before: str, after: str) -> list[tuple[str, str]]:
    """Return the pieces of two documents that differ; the documents whole where they have none."""
    old, new = _pieces(before), _pieces(after)
    if len(old) == len(new) > 1:
        runs = [
            (same, [*pairs])
            for same, pairs in groupby(zip(old, new, strict=True), lambda pair: pair[0] == pair[1])
        ]
        if all(map(_parses, _stretches(runs))):
            return [pair for same, pairs in runs if not same for pair in pairs]
    return [(before, after)]


def _pieces(text: str) -> list[str]:
    head = _HEAD.match(text)
    begin = head.end() if head else 0
    starts = [found.start() for found in _KEY.finditer(text, begin)]
    if not starts or starts[0] != begin or _MARK.search(text, begin):
        return []
    return [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


def _stretches(runs: list[tuple[bool, list[tuple[str, str]]]]) -> Iterator[str]:
    """Yield what has to parse by itself: what stays at a stretch, what differs piece by piece."""
    for same, pairs in runs:
        if same:
            yield "".join(old for old, _ in pairs)
        else:
            for pair in pairs:
                yield from pair


def _parses(text: str) -> bool:
    from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
    from ruamel.yaml.error import YAMLError

    try:
        CParser(text).raw_parse()
    except (YAMLError, ValueError, RecursionError):
        return False
    return True
