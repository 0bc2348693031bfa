"""The edits of a plan as unified diffs."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from refactor.model import FileChange, NewFile
from refactor.source import Source, splice

CONTEXT_LINES = 2


def changed_text(root: Path, change: FileChange) -> tuple[str, str]:
    """Return a file's text before and after, as the plan's edits make it.

    Args:
        root: the repository's root.
        change: the file's edits.

    Raises:
        OSError: the file cannot be read.
    """
    source = Source(change.path, (root / change.path).read_bytes())
    after = splice(source.text, [(*edit.span, edit.new) for edit in change.edits])
    return source.text, after


def file_diff(root: Path, change: FileChange) -> Iterator[str]:
    """Yield the unified diff of one file, a line at a time, without line ends."""
    before, after = changed_text(root, change)
    yield from unified(before, after, f"a/{change.path}", f"b/{change.path}")


def new_file_diff(new: NewFile) -> Iterator[str]:
    """Yield the unified diff that adds a file."""
    yield from unified("", new.content, "/dev/null", f"b/{new.path}")


def unified(before: str, after: str, old: str, new: str) -> Iterator[str]:
    """Yield a unified diff of two texts, a line at a time, without line ends."""
    lines = difflib.unified_diff(
        _lines(before), _lines(after), old, new, lineterm="", n=CONTEXT_LINES
    )
    for line in lines:
        yield line.rstrip("\r\n")


def _lines(text: str) -> list[str]:
    # Only \n ends a line for diff and patch; str.splitlines would also break at form feeds.
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]
