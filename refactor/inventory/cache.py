"""Large inventories, indexed once: what was read is kept, packed, in the user's own cache.

An index is used only for an input of the very hash that it was made from. It never lies beside its
input: an inventory may come with a stranger's repository, and so might an index that says other
things than the inventory does.

To hash an input takes a fifth of the time that reading it anew does. So what its file looked like
(device, inode, size, times of change, as git's index has them) is kept too, and a file that looks
the same is not hashed again. A file that was changed within `_SETTLED` of being read is: a second
change in the same tick of the clock would leave no trace.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from refactor.files.disk import real
from refactor.files.names import is_draft
from refactor.files.rooted import DISK
from refactor.files.whole import make_directory, write
from refactor.inventory import packed
from refactor.inventory.index import Inventory

LEAST = 5_000_000
"""Bytes of an input from which an index pays: less is read in the time that an index takes."""

_MOST = 8
"""Indexes that are kept; the one that was used longest ago goes first."""

_SETTLED = 2_000_000_000
"""Nanoseconds."""

_CHUNK = 1 << 20


class Look(NamedTuple):
    """The identity of a file: it differs for another file, and for a changed one."""

    device: int
    inode: int
    size: int
    modified: int
    changed: int


class _Seen(msgspec.Struct, frozen=True, array_like=True):
    """What an input looked like when it had a hash."""

    look: Look
    digest: str


def home() -> Path | None:
    """Return the directory of indexes, in the user's own cache; None for who has no home."""
    try:
        told = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    except RuntimeError:
        return None
    return Path(told, "refactor", "inventories")


def look(path: Path) -> Look | None:
    """Return the identity of a regular file; None for anything else."""
    try:
        told = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(told.st_mode):
        return None
    return Look(told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns)


def recall(directory: Path, path: Path, now: Look) -> packed.Packed | None:
    """Return what is kept of an input; None where nothing is, or the input is another by now."""
    index, seen = _files(directory, path)
    data = _own(index)
    held = packed.unpack(data) if data else None
    if held is None or held.size != now.size:
        return None
    if _seen(seen) == _Seen(now, held.digest):
        return _used(index, held)
    if _hash(path) != held.digest or look(path) != now:
        return None
    _see(seen, now, held.digest)
    return _used(index, held)


def keep(directory: Path, path: Path, then: Look, inventory: Inventory, digest: str) -> None:
    """Keep an inventory that an input gave; where that cannot be done, nothing is."""
    if look(path) != then:
        return
    index, seen = _files(directory, path)
    with suppress(OSError):
        make_directory(directory)
        write(index, *packed.pack(inventory, digest, then.size), mode=0o600)
        _see(seen, then, digest)
        _sweep(directory)


def _files(directory: Path, path: Path) -> tuple[Path, Path]:
    name = hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:32]
    directory = real(directory)
    return directory / f"{name}.index", directory / f"{name}.seen"


def _used(index: Path, held: packed.Packed) -> packed.Packed:
    with suppress(OSError):
        os.utime(index)
    return held


def _seen(path: Path) -> _Seen | None:
    with suppress(msgspec.MsgspecError):
        return msgspec.msgpack.decode(_own(path), type=_Seen)
    return None


def _see(path: Path, now: Look, digest: str) -> None:
    """Note what an input looks like, unless it changed only just."""
    if time.time_ns() - max(now.modified, now.changed) > _SETTLED:
        with suppress(OSError):
            write(path, msgspec.msgpack.encode(_Seen(now, digest)), mode=0o600)


def _hash(path: Path) -> str:
    total = hashlib.sha256()
    room = bytearray(_CHUNK)
    with suppress(OSError), path.open("rb", buffering=0) as file:
        while count := file.readinto(room):
            total.update(memoryview(room)[:count])
    return total.hexdigest()


def _own(path: Path) -> bytes:
    """Return the bytes of a file that only this user can have written; none of any other."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    with suppress(OSError), os.fdopen(descriptor, "rb") as file:
        told = os.fstat(descriptor)
        mine = told.st_uid == os.geteuid() and not told.st_mode & 0o022
        return file.read() if mine and stat.S_ISREG(told.st_mode) else b""
    return b""


def _sweep(directory: Path) -> None:
    """Remove the indexes that were used longest ago, and drafts of programs that died."""
    directory = real(directory)
    indexes = sorted(directory.glob("*.index"), key=lambda path: path.stat().st_mtime)
    old = [*indexes[:-_MOST], *(path.with_suffix(".seen") for path in indexes[:-_MOST])]
    yesterday = time.time() - 86_400
    drafts = (path for path in directory.iterdir() if is_draft(path.name))
    old += [path for path in drafts if path.stat().st_mtime < yesterday]
    with DISK.below(directory) as files:
        for path in old:
            with suppress(FileNotFoundError):
                files.unlink(path)
