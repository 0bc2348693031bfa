"""Scanners turn a text into literals and know nothing of addresses.

A new language is one new module with a `scan` (see `base.Scanner`), and its row and suffixes in
`files.kinds`; another package adds one by an entry point (docs/how-to/extend-scanner.md).
"""

from __future__ import annotations

from refactor.files.kinds import SCANNERS, kind_of
from refactor.model import Scanned
from refactor.scan.base import Wanted

__all__ = ["kind_of", "scan"]


def scan(kind: str, text: str, wanted: Wanted) -> Scanned:
    """Return what one text holds, read as one kind of source."""
    found: Scanned = SCANNERS.load(kind).scan(text, wanted)
    return found
