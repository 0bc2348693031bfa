"""Lines of a Secret's data, whose values are nobody's business whatever they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from refactor.mask import MASK

_DOCUMENT = re.compile(r"---(?:\s|$)")
_KIND = re.compile(r"""[\s-]*["']?kind["']?\s*:\s*["']?Secret["']?\s*(?:[,#}].*)?$""")
_DATA = re.compile(r"""(?P<indent>[\s-]*)["']?(?:stringData|data)["']?\s*:""")
_GENERATOR = re.compile(r"(?P<indent>\s*)secretGenerator\s*:")
# A key, and a value that is not only the head of what stands below it.
_VALUE = re.compile(
    r"""(?P<key>\s*(?:-\s+)?(?:"[^"]*"|'[^']*'|[\w./-]+)\s*:\s+)(?![|>][\w+-]*$|[\[{]$)\S"""
)


def hidden(lines: Sequence[str]) -> list[str]:
    """Return a file's lines with the values of its Secrets masked.

    Args:
        lines: of a manifest or template, in YAML or JSON, without their ends; other text comes
            back as it is.
    """
    shown = list(lines)
    for number in _secret(lines):
        shown[number] = _masked(lines[number])
    return shown


def _masked(line: str) -> str:
    if not line.strip():
        return line
    if found := _VALUE.match(line):
        return found["key"] + MASK
    if line.rstrip().endswith((":", "{", "[", "|", "|-", ">", ">-")) or not re.search(r"\w", line):
        return line
    return line[: len(line) - len(line.lstrip())] + MASK


def _secret(lines: Sequence[str]) -> Iterator[int]:
    """Yield the numbers, from 0, of the lines inside of a Secret's data."""
    first = 0
    for last in [*(n for n, line in enumerate(lines) if _DOCUMENT.match(line)), len(lines)]:
        secret = any(map(_KIND.match, lines[first:last]))
        for number in range(first, last):
            found = (secret and _DATA.match(lines[number])) or _GENERATOR.match(lines[number])
            if found:
                yield from _block(lines, number, last, len(found["indent"]))
        first = last


def _block(lines: Sequence[str], head: int, last: int, indent: int) -> Iterator[int]:
    yield head
    for number in range(head + 1, last):
        line = lines[number]
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return
        yield number
