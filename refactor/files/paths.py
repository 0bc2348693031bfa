"""Where a path leads that a plan, a journal or a link of the repository decides."""

from __future__ import annotations

import errno
from pathlib import Path

from refactor.errors import RefactorError
from refactor.files.disk import real
from refactor.files.names import stays_inside

# A file here decides what git, or the next apply, runs. Some file systems fold case, HFS+
# drops what is not seen, and NTFS has a short name for each (see git's `is_hfs_dotgit`).
_CLOSED = frozenset({".git", "git~1", ".hg", ".svn", ".bzr", ".jj", "_darcs", "cvs", ".refactor"})
_UNSEEN = dict.fromkeys(
    [*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF]
)


def place(root: Path, path: str) -> Path:
    """Return the real place of a path, links followed.

    Raises:
        RefactorError: it leads out of the root, or to where a version control system, or this
            program, keeps its own files.
    """
    _refuse_names(path, path)
    found = real(root / path)
    _refuse_long(found, path)
    if not found.is_relative_to(root):
        message = f"leads out of {root}"
        raise RefactorError(message, where=path)
    _refuse_names(found.relative_to(root).as_posix(), path)
    return found


def _refuse_long(found: Path, path: str) -> None:
    try:
        found.lstat()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            message = "is longer than a path may be"
            raise RefactorError(message, where=path) from error


def is_direct(root: Path, path: str) -> bool:
    """Say whether a path is one that `place` would give: no link is on the way to it."""
    try:
        _refuse_names(path, path)
    except RefactorError:
        return False
    return not any(parent.is_symlink() for parent in (root / path).parents)


def _refuse_names(path: str, where: str) -> None:
    if not stays_inside(path):
        message = "is not a path within the repository"
        raise RefactorError(message, where=repr(where))
    if not _CLOSED.isdisjoint(map(_folded, path.split("/"))):
        message = "belongs to version control, or to refactor itself"
        raise RefactorError(message, where=where)


def _folded(name: str) -> str:
    """Return a name as careless file systems take it: `.Git. ` and `.git::$DATA` on NTFS."""
    return name.translate(_UNSEEN).casefold().partition(":")[0].rstrip(". ")
