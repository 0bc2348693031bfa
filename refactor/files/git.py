"""The system's git, run such that nothing of a repository's own runs and no variable leads astray.

A repository's `.git/config` and attributes can name commands for git to run: a file system monitor,
hooks, filters, transports. They can also command the *user's* filters (Git LFS has settings that
name programs), so filters of every scope are off. What is set here goes by git's environment
(git-config(1), GIT_CONFIG_COUNT), which outranks every file and shows in no process list.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from refactor.errors import RefactorError

Setting = tuple[str, str]

QUIET: tuple[Setting, ...] = (
    ("core.fsmonitor", "false"),
    ("core.hooksPath", os.devnull),
    ("core.untrackedCache", "false"),
    ("submodule.recurse", "false"),
    ("protocol.ext.allow", "never"),
)
"""What no repository may have, be it a user's or a campaign's clone."""

_LOCAL: tuple[Setting, ...] = (
    *QUIET,
    # Only honoured from here and from the user's own settings: a bare repository hidden in a tree
    # would bring its own.
    ("safe.bareRepository", "explicit"),
    # Nothing here may reach a server, so nothing that would open the way to one is needed.
    ("credential.helper", ""),
    ("core.sshCommand", "false"),
    ("core.askPass", "false"),
    ("core.alternateRefsCommand", "false"),
    ("gpg.program", "false"),
    ("gpg.ssh.program", "false"),
    ("gpg.x509.program", "false"),
    ("log.showSignature", "false"),
    ("protocol.allow", "never"),
    ("status.submoduleSummary", "false"),
)
COMMON = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}
_OFFLINE = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_SSH_COMMAND": "false",
    "GIT_ASKPASS": "false",
    "GIT_LITERAL_PATHSPECS": "1",
}
# Where the user's own settings are. Every other GIT_ variable would point git elsewhere than at
# what it is asked about (as those that git sets for its hooks do), or run a program.
KEPT = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH")
_ASKED = ("config", "-z", "--get-regexp", r"^(filter\..*|core\.(excludesfile|attributesfile))")
_IGNORED = ("--others", "--ignored", "--exclude-standard", "--directory")
_READ = (".gitignore", ".git/index", ".git/HEAD", ".git/config", ".git/info/exclude")
_PATIENCE = 20
"""Seconds that git may take to say what it ignores: there is another way to know."""

TIMEOUT = 60
"""Seconds that git may take; a status of the Linux kernel takes less than one."""


class Ran(NamedTuple):
    """What came of a command: exit code (None: it took too long), output and standard error."""

    code: int | None
    output: bytes
    said: bytes


def program() -> str:
    """Return where git is, "" for nowhere; a relative entry of PATH would be the repository's."""
    path = os.pathsep.join(entry for entry in os.get_exec_path() if entry.startswith(os.sep))
    return shutil.which("git", path=path) or ""


def environment(kept: Sequence[str], settings: Sequence[Setting]) -> dict[str, str]:
    """Return this process's variables without git's but some, with settings for git."""
    own = {k: v for k, v in os.environ.items() if not k.startswith("GIT_") or k in kept}
    for index, (key, value) in enumerate(settings):
        own |= {f"GIT_CONFIG_KEY_{index}": key, f"GIT_CONFIG_VALUE_{index}": value}
    return own | COMMON | {"GIT_CONFIG_COUNT": str(len(settings))}


def started(words: Sequence[str], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a command as the head of a process group, so that its transports end with it."""
    pipe = subprocess.PIPE
    return subprocess.Popen(
        words, env=dict(env), stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
    )


def ended(process: subprocess.Popen[bytes]) -> None:
    """End a command and all that it has started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def run(words: Sequence[str], env: Mapping[str, str], data: bytes, seconds: float) -> Ran:
    """Run a command to its end, or for some seconds."""
    process = started(words, env)
    try:
        output, said = process.communicate(data, timeout=seconds)
    except subprocess.TimeoutExpired:
        return Ran(None, b"", b"")
    finally:
        ended(process)
    return Ran(process.returncode, output, said)


def streamed(
    words: Sequence[str], env: Mapping[str, str], seconds: float
) -> Generator[bytes, None, Ran]:
    """Yield what a command prints as it comes; it ends with the reader, or after some seconds."""
    process = started(words, env)
    until = time.monotonic() + seconds
    out = cast("BinaryIO", process.stdout)
    try:
        while select.select([out], [], [], max(0, until - time.monotonic()))[0]:
            if chunk := os.read(out.fileno(), 1 << 16):
                yield chunk
                continue
            _, said = process.communicate()
            return Ran(process.returncode, b"", said)
        return Ran(None, b"", b"")
    finally:
        ended(process)


def top_of(root: Path) -> Path | None:
    """Return the nearest directory, at or above one, that git takes for a work tree's top."""
    return next((d for d in (root, *root.parents) if _is_top(d / ".git")), None)


def _is_top(git: Path) -> bool:
    if git.is_dir():
        return all(os.path.lexists(git / name) for name in ("HEAD", "objects", "refs"))
    return git.is_file()


class UnsureError(Exception):
    """Why git cannot tell, in a line."""


def ask(root: Path, *question: str, about: str, remedy: str) -> bytes | None:
    """Return what git prints when it is asked something; None without a repository, or git.

    Raises:
        RefactorError: git cannot tell (another user's repository, a damaged one, a time-out).
    """
    try:
        return answer(root, *question)
    except UnsureError as error:
        message = f"git cannot say {about}: {error}"
        raise RefactorError(message, where=str(root), remedy=remedy) from error


def answer(root: Path, *question: str, seconds: float = 0, data: bytes = b"") -> bytes | None:
    """See `ask`; raises `UnsureError`."""
    seconds = seconds or TIMEOUT
    git, top = program(), top_of(root.absolute())
    if not git or top is None:
        return None
    words = (git, "-C", str(root), "--no-pager")
    # The repository may not say that its files are elsewhere (core.worktree).
    place = _OFFLINE | {"GIT_WORK_TREE": str(top)}
    configured = _run((*words, *_ASKED), environment(KEPT, _LOCAL) | place, seconds, none=(1,))
    if configured is None:
        return None
    settings = (*_LOCAL, *_disarmed(configured, top))
    return _run((*words, *question), environment(KEPT, settings) | place, seconds, data)


def _run(
    words: Sequence[str],
    env: Mapping[str, str],
    seconds: float,
    data: bytes = b"",
    none: Sequence[int] = (),
) -> bytes | None:
    try:
        ran = run(words, env, data, seconds)
    except OSError as error:
        raise UnsureError(error.strerror) from error
    if ran.code is None:
        message = f"it takes more than {seconds:g} seconds"
        raise UnsureError(message)
    if ran.code == 0 or ran.code in none:
        return ran.output
    said = os.fsdecode(ran.said).strip()
    if "not a git repository" in said:
        return None
    raise UnsureError(said.partition("\n")[0] or f"exit code {ran.code}")


def _disarmed(configured: bytes, top: Path) -> Iterator[Setting]:
    """Give the settings that put every filter out of action, and no FIFO in the way of git."""
    for entry in filter(None, configured.split(b"\0")):
        key, _, value = os.fsdecode(entry).partition("\n")
        section = key.rpartition(".")[0]
        if not key.startswith("filter."):
            if not _is_plain(top / os.path.expanduser(value)):  # noqa: PTH111 - as git has it
                yield key, os.devnull
        elif section != "filter":
            yield from ((f"{section}.{name}", "") for name in ("clean", "smudge", "process"))
            yield f"{section}.required", "false"


def ignored(top: Path, below: str = "") -> frozenset[str] | None:
    """Return what git ignores below a directory of a repository: files, and directories as a whole.

    What git has although its patterns name it is not among them.

    Args:
        below: a directory's path from there; "" for all of it.

    Returns:
        Paths from the top, those of directories with a slash at their ends. None where there is no
        repository, or no git, or git cannot tell.
    """
    if any(path.exists() and not path.is_file() for path in (top / name for name in _READ)):
        return None  # a FIFO, for which git would wait
    question = ("ls-files", "-z", *_IGNORED, "--", f"./{below}")
    try:
        told = answer(top, *question, seconds=_PATIENCE)
    except UnsureError:
        return None
    if told is None:
        return None
    paths = {os.fsdecode(path) for path in told.split(b"\0") if path}
    # A directory that holds nothing but what is ignored is told, too, besides what it holds.
    above = {path[: at + 1] for path in paths for at, c in enumerate(path[:-1]) if c == "/"}
    return frozenset(paths - above)


def _is_plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False
