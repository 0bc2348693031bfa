"""Where a path leads that a plan, a journal or a link of the repository decides."""

from __future__ import annotations

import os
from pathlib import Path

from refactor.disk import real
from refactor.errors import RefactorError

# Whoever writes here decides what git, or the next apply, runs. Some file systems fold case, HFS+
# drops what is not seen, and NTFS has a short name for each (see git's `is_hfs_dotgit`).
_CLOSED = frozenset({".git", "git~1", ".hg", ".svn", ".bzr", ".jj", "_darcs", "cvs", ".refactor"})
_UNSEEN = dict.fromkeys(
    [*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF]
)


def place(root: Path, path: str) -> Path:
    """Return the real place of a path, links followed.

    Args:
        root: the repository's root, itself a real path.
        path: relative to it, with forward slashes.

    Raises:
        RefactorError: it leads out of the root, or to where a version control system, or this
            program, keeps its own files.
    """
    _refuse_names(path, path)
    found = real(root / path)
    if not found.is_relative_to(root):
        message = f"leads out of {root}"
        raise RefactorError(message, where=path)
    _refuse_names(found.relative_to(root).as_posix(), path)
    return found


def output(path: Path) -> Path:
    """Return the path of a file that is to be written because a user, or a bot, named it.

    Raises:
        RefactorError: it stands below the working directory, which may be a stranger's repository,
            and a link there leads it out.
    """
    here = real(Path.cwd())
    named = Path(os.path.normpath(here / path))
    if named.is_relative_to(here) and not real(path).is_relative_to(here):
        message = "a link on the way to it leads out of the working directory"
        raise RefactorError(message, where=str(path), remedy="name the file itself")
    return path


def is_direct(root: Path, path: str) -> bool:
    """Say whether a path is one that `place` would give: no link is on the way to it."""
    try:
        _refuse_names(path, path)
    except RefactorError:
        return False
    return not any(parent.is_symlink() for parent in (root / path).parents)


def _refuse_names(path: str, where: str) -> None:
    names = path.split("/")
    if "\0" in path or not _is_name(path) or not {"", ".", ".."}.isdisjoint(names):
        message = "is no path within a repository"
        raise RefactorError(message, where=repr(where))
    if not _CLOSED.isdisjoint(name.translate(_UNSEEN).casefold() for name in names):
        message = "belongs to version control, or to refactor itself"
        raise RefactorError(message, where=where)


def _is_name(path: str) -> bool:
    """Say whether a file system can be asked for it: half a surrogate stands for no byte."""
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True
