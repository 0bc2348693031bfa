"""Terraform's variable files: `key = "text"` and `key = 8080`, also in blocks `key = {`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from refactor.api import Literal, Scanned, View

SUFFIXES = ("tfvars",)
_LINE = re.compile(
    r"""^[ \t]*(?P<key>[\w-]+)[ \t]*=[ \t]*
    (?:"(?P<text>[^"\\$]*)"|(?P<number>[0-9]{1,5})\b|(?P<open>\{[ \t]*$))
    |^[ \t]*(?P<close>\})""",
    re.MULTILINE | re.VERBOSE,
)


def scan(text: str, wanted: Callable[[str], bool]) -> Scanned:
    """Return the values that could hold an address or be a port, in order of place."""
    return Scanned(tuple(_literals(text, wanted)))


def _literals(text: str, wanted: Callable[[str], bool]) -> Iterator[Literal]:
    blocks: list[tuple[str, int]] = []
    begun = 0  # each block is a scope of its own: a port goes with the host beside it
    for line in _LINE.finditer(text):
        if line["open"]:
            begun += 1
            blocks.append((line["key"], begun))
        elif line["close"]:
            del blocks[-1:]
        elif line["number"] or line["text"].isdecimal() or wanted(line["text"]):
            kind = "number" if line["number"] else "text"
            yield Literal(
                View.plain(line[kind], line.start(kind)),
                key=line["key"],
                path=(*(name for name, _ in blocks), line["key"]),
                scope=blocks[-1][1] if blocks else 0,
                kind="number" if line["number"] else "text",
            )
