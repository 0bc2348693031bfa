"""Scanners turn a text into literals and know nothing of addresses.

A new language is one new module with a `scan` (see `base.Scanner`), one branch here and its
suffixes in `kinds`.
"""

from __future__ import annotations

from refactor.files.kinds import kind_of
from refactor.model import Scanned
from refactor.scan.base import Scanner, Wanted

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
        from refactor.scan.yaml import scanner as yaml

        return yaml
    if kind == "template":
        from refactor.scan.template import scanner as template

        return template
    if kind == "python":
        from refactor.scan.python import scanner as python

        return python
    from refactor.scan.text import scanner as text

    return text
