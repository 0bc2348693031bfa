"""Addresses planted into any YAML that ruamel accepts: each has to be found, in its place."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import ScalarEvent

from refactor import addresses
from refactor import scan as scanners
from refactor.text.source import splice

# What ruamel lets out on odd text besides its own family.
_REFUSALS = (YAMLError, ValueError, TypeError, AttributeError, LookupError, AssertionError)


class Planted(NamedTuple):
    """What came of a text.

    Attributes:
        accepted: ruamel reads it.
        planted: how many addresses were put into plain scalars, one at a time.
        missed: the texts in which the address was not found.
    """

    accepted: bool
    planted: int = 0
    missed: tuple[str, ...] = ()


def events(text: str) -> list[object] | None:
    """Return the parser's events; None where it refuses the text."""
    try:
        return list(YAML(typ="safe", pure=True).parse(io.StringIO(text)))
    except _REFUSALS:
        return None


def plain_scalars(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the plain scalars of one line stand."""
    for event in events(text) or ():
        if isinstance(event, ScalarEvent) and event.style is None and event.implicit[0]:
            end = event.end_mark.index
            start = end - len(event.value)  # an anchor and a tag stand before it
            if text[start:end] == event.value != "":
                yield start, end


def plant(text: str, address: str = "10.0.0.1") -> Planted:
    """Put an address into each plain scalar in turn, where the result is YAML still.

    Args:
        text: any.
        address: what is planted.
    """
    if events(text) is None:
        return Planted(False)
    count, missed = 0, []
    for start, end in plain_scalars(text):
        source = splice(text, [(start, end, address)])
        if not _stands(source, start, address):
            continue
        count += 1
        scanned = scanners.scan("yaml", source, addresses.wanted)
        places = {literal.view.locate(0, len(address)) for literal in scanned.literals}
        if scanned.unparsable or (start, start + len(address)) not in places:
            missed.append(source)
    return Planted(True, count, tuple(missed))


def _stands(text: str, start: int, address: str) -> bool:
    return any(
        isinstance(event, ScalarEvent)
        and (event.value, event.end_mark.index) == (address, start + len(address))
        for event in events(text) or ()
    )
