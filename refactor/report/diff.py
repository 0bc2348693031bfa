"""The edits of a plan, held against the files that they are of."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from refactor.errors import RefactorError
from refactor.files.disk import real
from refactor.files.paths import place
from refactor.model import FileChange
from refactor.report.diff_lines import Hunk, hunks
from refactor.report.receivers import clean
from refactor.secret.spans import file_secrets
from refactor.text.source import Source
from refactor.text.view import Span

_KNOWN: dict[tuple[str, str], tuple[Span, ...]] = {}
_MOST_KNOWN = 10_000


def source(root: Path, change: FileChange) -> Source:
    """Return the file that a plan's edits are of, which must be what they rest on."""
    try:
        found = Source(change.path, place(real(root), change.path).read_bytes())
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise RefactorError(message, where=change.path, remedy="make the plan again") from error
    if found.digest != change.before:
        message = "the plan is stale: this file is not what it was"
        raise RefactorError(message, where=change.path, remedy="make the plan again")
    return found


def file_hunks(
    root: Path, change: FileChange, wanted: Collection[str] | None = None, context: int = 2
) -> tuple[Hunk, ...]:
    """Return a file's diff.

    Args:
        wanted: fingerprints of the findings whose lines are asked for; None for all.
    """
    found = source(root, change)
    return hunks(found.text, change.edits, context, wanted, secrets=secrets_of(found))


def secrets_of(found: Source) -> tuple[Span, ...]:
    """Return where secrets stand in a file: asked once, however many reports show it."""
    key = (found.path, found.digest)
    if key not in _KNOWN:
        if len(_KNOWN) > _MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[key] = file_secrets(found.path, found.text)
    return _KNOWN[key]


def content_lines(content: str) -> list[str]:
    """Return the lines of a new text, fit to be shown."""
    # Only \\n ends a line for diff and patch; str.splitlines would also break at form feeds.
    lines = [line.rstrip("\r") for line in content.split("\n")]
    return clean("\n".join(lines if lines[-1] else lines[:-1])).split("\n") if content else []
