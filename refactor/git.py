"""What git says about a working tree, asked such that nothing of the repository's own runs.

A repository's `.git/config` can name commands for git to run: a file system monitor, hooks,
filters, a transport. Files that came in an archive bring their `.git/config` along, so each of
these is taken out of the question (git-config(1), git-status(1)).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from refactor.errors import RefactorError

_TIMEOUT = 60
"""Seconds that git may take; a status of the Linux kernel takes less than one."""

_QUIET = (
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.hooksPath=/dev/null"),
    *("-c", "core.untrackedCache=false"),
    # Only honoured from here and from the user's own settings: a bare repository hidden in a tree
    # would bring its own.
    *("-c", "safe.bareRepository=explicit"),
)
_STATUS = ("status", "--porcelain=v1", "-z", "--untracked-files=no", "--ignore-submodules=all")
_FILTERS = ("config", "--show-scope", "-z", "--get-regexp", r"^filter\.")
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "LC_ALL": "C",
}
# Where the user's own settings are; every other GIT_ variable would point git elsewhere than at
# the tree it is asked about, as those that git sets for its hooks do.
_KEPT = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH")
_NO_REPOSITORY = (
    "not a git repository",
    "must be run in a work tree",
    "cannot use bare repository",
)


def dirty(root: Path) -> tuple[str, ...] | None:
    """Return the tracked files below a directory that differ from the last commit.

    Returns:
        Their paths from the top of the repository, in git's order; untracked files do not count.
        None where there is no repository, or no git.

    Raises:
        RefactorError: git cannot tell (another user's repository, a damaged one, a time-out).
    """
    remedy = "see `git status`, or --allow-dirty"
    about = "whether anything is uncommitted"
    status = ask(root, *_STATUS, "--no-renames", "--", ".", about=about, remedy=remedy)
    if status is None:
        return None
    return tuple(os.fsdecode(entry[3:]) for entry in status.split(b"\0") if entry)


def tracked_ignored(root: Path) -> tuple[str, ...]:
    """Return the files below a directory that git has although its patterns name them.

    Returns:
        Their paths from that directory; none where there is no repository, no git, or no answer.
    """
    question = ("ls-files", "-z", "--cached", "--ignored", "--exclude-standard", "--", ".")
    try:
        told = ask(root, *question, about="which ignored files it has", remedy="see `git ls-files`")
    except RefactorError:
        return ()
    return tuple(os.fsdecode(path) for path in (told or b"").split(b"\0") if path)


def ask(root: Path, *question: str, about: str, remedy: str) -> bytes | None:
    """Return what git prints when it is asked something, with all of the repository's own off.

    Args:
        root: where to ask.
        question: a command of git that only reads, and its arguments.
        about: what git cannot say when it fails, for the message.
        remedy: what to do then.

    Returns:
        The bytes it prints; None where there is no repository, or no git.

    Raises:
        RefactorError: git cannot tell (another user's repository, a damaged one, a time-out).
    """
    git = shutil.which("git")
    if git is None:
        return None
    try:
        return _ask(git, root, question)
    except _UnsureError as error:
        message = f"git cannot say {about}: {error}"
        raise RefactorError(message, where=str(root), remedy=remedy) from error


class _UnsureError(Exception):
    """Why git cannot tell, in a line."""


def _ask(git: str, root: Path, question: tuple[str, ...]) -> bytes | None:
    base = (str(Path(git).absolute()), "-C", str(root), "--no-pager", *_QUIET)
    filters = _run((*base, *_FILTERS), none=(1,))
    if filters is None:
        return None
    options = [option for setting in _disarmed(filters) for option in ("-c", setting)]
    return _run((*base, *options, *question))


def _disarmed(filters: bytes) -> Iterator[str]:
    """Give the settings that put the repository's own filters out of action.

    The user's own (Git LFS, say) stay: without them their files would all look changed.
    """
    fields = filters.split(b"\0")
    for scope, entry in zip(fields[::2], fields[1::2], strict=False):
        if scope in (b"system", b"global"):
            continue
        driver = os.fsdecode(entry).partition("\n")[0].rpartition(".")[0]
        if "=" in driver:
            message = f"a filter of this repository is called {driver!r}"
            raise _UnsureError(message)
        yield from (f"{driver}.clean=", f"{driver}.process=", f"{driver}.required=false")


def _run(command: tuple[str, ...], none: tuple[int, ...] = ()) -> bytes | None:
    """Return what git prints; None where there is no repository.

    Args:
        command: what to run.
        none: exit codes that mean that there is nothing to print.
    """
    own = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") or k in _KEPT}
    try:
        done = subprocess.run(
            command,
            env=own | _ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        message = f"it takes more than {_TIMEOUT} seconds"
        raise _UnsureError(message) from None
    except OSError as error:
        raise _UnsureError(str(error)) from error
    if done.returncode == 0 or done.returncode in none:
        return done.stdout
    said = os.fsdecode(done.stderr).strip()
    if any(sign in said for sign in _NO_REPOSITORY):
        return None
    raise _UnsureError(said.partition("\n")[0] or f"exit code {done.returncode}")
