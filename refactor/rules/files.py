"""Whole files in which nothing is edited, by their path."""

from __future__ import annotations

import re
from functools import lru_cache

from refactor.rules.load import file_rules
from refactor.rules.row import FileRow

_GLOB = {"**": ".*", "*": "[^/]*"}


def row_of(path: str) -> FileRow | None:
    """Return the row that fits a path; None where none does."""
    return next((row for row in file_rules() if _pattern(row.files).search(path)), None)


@lru_cache(64)
def _pattern(globs: tuple[str, ...]) -> re.Pattern[str]:
    """Return globs as one pattern; each may begin at any folder."""
    parts = ("".join(_GLOB.get(p, re.escape(p)) for p in re.split(r"(\*\*?)", g)) for g in globs)
    return re.compile(rf"(?:^|/)(?:{'|'.join(parts)})\Z")
