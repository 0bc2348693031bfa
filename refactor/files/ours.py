"""A mark that no repository can bring: made with a key that lies in the user's own state."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from refactor.errors import RefactorError
from refactor.files.disk import real
from refactor.files.rooted import DISK
from refactor.files.whole import make_directory

_NAME = "journal.key"
_SIZE = 32


def mark_of(data: bytes, root: Path) -> str:
    """Return the mark of something that is about a tree, and that we have written.

    Raises:
        RefactorError: no key can be kept.
    """
    return _mark(data, root, next(_keys(root), b"") or _new_key(root))


def is_ours(data: bytes, mark: str, root: Path) -> bool:
    """Say whether we, this user on this machine, have made a mark for this tree."""
    from hmac import compare_digest

    given = mark.encode("utf-8", "replace")
    return any(compare_digest(_mark(data, root, key).encode(), given) for key in _keys(root))


def _mark(data: bytes, root: Path, key: bytes) -> str:
    # The inode, since a copy of a tree is another tree; not the device, whose number may be another
    # after a restart, when a journal is needed most.
    about = b"journal\0%d\0" % root.stat().st_ino
    return hashlib.blake2b(about + data, key=key, digest_size=32).hexdigest()


def _homes(root: Path) -> Iterator[Path]:
    """Yield where a key may lie, the best first; never in the tree, which may bring one."""
    with suppress(RuntimeError):
        told = Path(os.environ.get("XDG_STATE_HOME", ""))
        state = told if told.is_absolute() else Path.home() / ".local" / "state"
        yield from _outside(state / "refactor", root)
    # Where there is no home, or it cannot be written: good until the machine starts again.
    yield from _outside(Path(tempfile.gettempdir(), f"refactor-{os.geteuid()}"), root)


def _outside(home: Path, root: Path) -> Iterator[Path]:
    if not real(home).is_relative_to(root):
        yield real(home)


def _keys(root: Path) -> Iterator[bytes]:
    yield from filter(None, (_key(home / _NAME) for home in _homes(root)))


def _key(file: Path) -> bytes:
    """Return a key that only this user can have written or read; other files are refused."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        descriptor = os.open(file, flags)
    except OSError:
        return b""
    with suppress(OSError), os.fdopen(descriptor, "rb") as opened:
        told, above = os.fstat(descriptor), file.parent.stat()
        mine = told.st_uid == above.st_uid == os.geteuid() and stat.S_ISREG(told.st_mode)
        closed = not told.st_mode & 0o077 and not above.st_mode & 0o022
        key = opened.read(_SIZE + 1)
        return key if mine and closed and len(key) == _SIZE else b""
    return b""


def _new_key(root: Path) -> bytes:
    why = os.strerror(errno.ENOENT)
    for home in _homes(root):
        try:
            _make(home)
        except OSError as error:
            why = error.strerror or why
        if key := _key(home / _NAME):
            return key
    message = f"the key that marks journals as yours cannot be kept ({why})"
    remedy = "set XDG_STATE_HOME to a directory of your own, outside of the repository"
    raise RefactorError(message, remedy=remedy)


def _make(home: Path) -> None:
    """Put a new key there; one that another process has put there meanwhile stays."""
    make_directory(home)
    with DISK.below(home) as files:
        draft = home / f"{_NAME}-{secrets.token_hex(4)}"
        files.create(draft, secrets.token_bytes(_SIZE), 0o600)
        try:
            files.move(draft, home / _NAME)
        except OSError:
            files.unlink(draft)
            raise
        files.sync(home)
