"""Scanners turn a text into literals and know nothing of addresses.

A new language is one new module with a `scan` (see `base.Scanner`), one branch here and its
suffixes in `kinds`.
"""

from __future__ import annotations

from refactor.model import Scanned
from refactor.scanners.base import Scanner, Wanted
from refactor.scanners.kinds import kind_of

__all__ = ["kind_of", "scan"]


def scan(kind: str, text: str, wanted: Wanted) -> Scanned:
    """Return what one text holds, read as one kind of source.

    Args:
        kind: as `kind_of` gives it.
        text: the decoded file, without its byte order mark.
        wanted: whether a text could hold an address.
    """
    return _scanner(kind).scan(text, wanted)


def _scanner(kind: str) -> Scanner:
    """Return the module for a kind, imported only now: some cost a tenth of a second."""
    if kind == "yaml":
        from refactor.scanners import yaml

        return yaml
    if kind == "template":
        from refactor.scanners import template

        return template
    if kind == "python":
        from refactor.scanners import python

        return python
    from refactor.scanners import text

    return text
