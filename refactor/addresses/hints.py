"""Quick tests that spare a text, or a whole file, the grammar."""

from __future__ import annotations

import re
from collections.abc import Container

from refactor.addresses.candidates import HINT
from refactor.addresses.hosts import tokens

_WANTED = re.compile(HINT)


def wanted(text: str, names: Container[str] = frozenset()) -> bool:
    """Say, quickly, whether a text could hold an address; where it could not, `find` finds none."""
    if _WANTED.search(text):
        return True
    return names != frozenset() and any(token.text.lower() in names for token in tokens(text))
