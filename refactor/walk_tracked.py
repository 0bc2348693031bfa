"""What git has although its patterns name it: a `.env` that was added by force, say.

A pattern of `.gitignore` says nothing of a file that git has (gitignore(5)), and so neither here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from refactor.gitignore import Patterns
from refactor.walk_rules import of_directory


def tracked(root: Path, top: Path, ignored: Patterns) -> frozenset[str]:
    """Return the relative paths of those files below a root.

    Args:
        root: where to look.
        top: of the git repository.
        ignored: what the settings ignore, which holds whatever git has.
    """
    if not os.path.lexists(top / ".git"):
        return frozenset()
    from refactor.git import tracked_ignored

    return frozenset(path for path in tracked_ignored(root) if not ignored.covers(path))


def below(paths: Iterable[str], directory: str, root: str) -> Iterator[tuple[str, str, str]]:
    """Yield those in a directory that a pattern ignores: parent, name, and rule of no regular file.

    Args:
        paths: relative ones, in any order.
        directory: relative, with a slash at its end.
        root: what they are relative to, with a slash at its end.
    """
    for path in sorted(paths):
        parent, _, name = path.rpartition("/")
        parts = parent.removeprefix(directory.rstrip("/")).split("/")
        if path.startswith(directory) and not any(map(of_directory, parts)):
            yield parent, name, _odd(root + path)


def _odd(path: str) -> str:
    """Say what a path is that is no regular file, or one behind a link: "link", "special"."""
    if os.path.realpath(path) != path:
        return "link"
    return "" if Path(path).is_file() else "special"
