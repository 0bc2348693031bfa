"""Names and paths that others decide: which of them are one."""

from __future__ import annotations

import os
import posixpath
import re

# Helm's own rule: `chartName` of its `create`, `metadata.Name == filepath.Base(...)` of its loader.
_CHART = re.compile(r"[A-Za-z0-9._-]{1,250}")
_UNSURE = re.compile(r"[^A-Za-z0-9._-]")
_DRAFT = re.compile(r"\.refactor-[0-9a-f]{8}(?:-[0-9]{1,9})?\.tmp")
_NAME_MAX, _PATH_MAX = 255, 4096
"""Bytes, of Linux; a longer one is no file's."""
_LONGEST = 200
"""Characters of a file's name that we make; file systems take 255 bytes, ends included."""


def draft_name(token: str, number: str = "") -> str:
    """Return what a file is called, beside where it goes, until it is whole; see `is_draft`."""
    return f".refactor-{token}{number and '-'}{number}.tmp"


def is_draft(name: str) -> bool:
    """Say whether a file is called as our drafts are: a program that was killed may leave one."""
    return _DRAFT.fullmatch(name) is not None


def is_chart_name(name: str) -> bool:
    """Say whether Helm takes a name for a chart, a dependency or its alias."""
    return _CHART.fullmatch(name) is not None and name not in (".", "..")


def is_name(name: str) -> bool:
    """Say whether a text can be the name of one file: no separator, no step up, not too long."""
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        return False
    try:
        return len(os.fsencode(name)) <= _NAME_MAX
    except UnicodeEncodeError:  # half a surrogate stands for no byte
        return False


def stays_inside(path: str) -> bool:
    """Say whether a relative path, as it is written, leads down only: `a/b`, never `a/../b`."""
    return len(path) < _PATH_MAX and all(map(is_name, path.split("/")))


def beneath(folder: str, path: str) -> str | None:
    """Return where a path that is relative to a folder leads, from the root; None for out of it."""
    if "\0" in path or path.startswith("/"):
        return None
    found = posixpath.normpath(posixpath.join(folder, path))
    return None if found == ".." or found.startswith("../") else found


def file_name(text: str) -> str:
    """Return the name of a file that is called after something, such as `owner/name`."""
    return _UNSURE.sub("-", text)[-_LONGEST:].lstrip(".") or "-"
