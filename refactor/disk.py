"""The file system: reading what may be anything, writing what must be whole.

`Files` is all that an apply does to a disk. Each step either happens or raises `OSError`, and a
journal holds between any two of them; tests stand in a layer that fails, or dies, at any step.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal as OneOf
from typing import Protocol

from refactor.marks import Marks, put

Unread = OneOf["vanished", "link", "special", "unreadable"]
"""Why a file could not be read: gone by now, a symbolic link, no regular file, an error."""

_CLOSED = os.O_CLOEXEC | os.O_NOFOLLOW
# Where there is O_PATH, to go through a directory takes no permission to list it.
_PASSED = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | _CLOSED
_MOST_FILES = 1 << 18
"""Bytes that hardly any source file has more of."""

_QUIETLY = os.O_RDONLY | os.O_NONBLOCK | _CLOSED


def read(path: Path, limit: int = -1) -> bytes | Unread:
    """Return a regular file's bytes, or why there are none; never follows a link, never blocks.

    Args:
        path: the file.
        limit: how many bytes to read at most; all of them when negative.
    """
    try:
        descriptor = os.open(path, _QUIETLY)
    except OSError as error:
        return _unread(error)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return "special"
        return _bytes(descriptor, status.st_size + 1 if limit < 0 else limit, whole=limit < 0)
    except OSError:
        return "unreadable"
    finally:
        os.close(descriptor)


class Room:
    """Room in memory that one file after another is read into.

    A file's own new memory has to be given out by the system page by page, which takes twice as
    long as the reading.
    """

    def __init__(self, limit: int) -> None:
        """Take room for what most files need.

        Args:
            limit: bytes; larger files are not read.
        """
        self._limit = limit
        self._bytes = bytearray(min(limit, _MOST_FILES))
        self._view = memoryview(self._bytes)

    def read(self, path: str) -> memoryview | Unread | OneOf["huge"]:
        """Return a regular file's bytes, which count until the next call; see `read`.

        Args:
            path: the file.

        Returns:
            Its bytes; why there are none; "huge" where they are too many.
        """
        try:
            descriptor = os.open(path, _QUIETLY)
        except OSError as error:
            return _unread(error)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return "special"
            return "huge" if status.st_size > self._limit else self._held(descriptor, status)
        except OSError:
            return "unreadable"
        finally:
            os.close(descriptor)

    def _held(self, descriptor: int, status: os.stat_result) -> memoryview:
        size = status.st_size
        if size > len(self._bytes):
            return memoryview(_bytes(descriptor, size, whole=False))
        held = os.readv(descriptor, (self._bytes,))
        while held < size and (more := os.readv(descriptor, (self._view[held:],))):
            held += more
        return self._view[:held]


def _unread(error: OSError) -> Unread:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "vanished"
    return "link" if error.errno == errno.ELOOP else "unreadable"


def _bytes(descriptor: int, size: int, *, whole: bool) -> bytes:
    """Read so many bytes, or all there are; a file may have grown, or shrunk, since it was asked.

    Reading by the descriptor takes two thirds of the time that a file object takes.
    """
    data = os.read(descriptor, size)
    if not data or (whole and len(data) < size):
        return data
    parts = [data]
    while whole or sum(map(len, parts)) < size:
        data = os.read(descriptor, 1 << 20 if whole else size - sum(map(len, parts)))
        if not data:
            break
        parts.append(data)
    return b"".join(parts)


def real(path: Path) -> Path:
    """Return a path with every symbolic link in it followed; one that loops stays as it is."""
    return Path(os.path.realpath(path))


def near(path: Path) -> Path:
    """Return a path as a person would say it: from the working directory where it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


class Files(Protocol):
    """What an apply does to a disk. Paths are absolute, and every method may raise `OSError`."""

    def create(
        self,
        path: Path,
        data: bytes,
        mode: int | None = None,
        marks: Marks | None = None,
    ) -> None:
        """Make a new file, all of it on the disk when this returns.

        Args:
            path: where nothing stands yet.
            data: its content.
            mode: permission bits; None for those of any new file.
            marks: of the file that it replaces; None for those of any new file.
        """

    def rename(self, old: Path, new: Path) -> None:
        """Put a file in the place of another, in one step."""

    def unlink(self, path: Path) -> None:
        """Remove a file."""

    def mkdir(self, path: Path, mode: int = 0o777) -> None:
        """Make a directory."""

    def rmdir(self, path: Path) -> None:
        """Remove an empty directory."""

    def sync(self, directory: Path) -> None:
        """Return when a directory's entries are on the disk."""


@contextmanager
def inside(path: Path) -> Iterator[int]:
    """Hold a file's directory open, reached name by name, no link followed.

    What is done by this descriptor is done there, even where somebody has put a link in the place
    of a directory since the path was looked at.

    Args:
        path: of the file, real and absolute.

    Raises:
        OSError: a directory on the way is missing, or is none; also what is raised within.
    """
    descriptor = os.open(path.anchor, _PASSED)
    try:
        for name in path.parts[1:-1]:
            outer, descriptor = descriptor, os.open(name, _PASSED, dir_fd=descriptor)
            os.close(outer)
        yield descriptor
    except OSError as error:
        error.filename = str(path)
        raise
    finally:
        os.close(descriptor)


class Disk:
    """The real `Files`."""

    def create(
        self,
        path: Path,
        data: bytes,
        mode: int | None = None,
        marks: Marks | None = None,
    ) -> None:
        """See `Files`."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _CLOSED
        with inside(path) as parent:
            descriptor = os.open(path.name, flags, 0o666 if mode is None else 0o600, dir_fd=parent)
            try:
                _write(descriptor, data)
                if marks is not None:
                    put(descriptor, marks)
                if mode is not None:
                    os.fchmod(descriptor, mode)
                self._settle(descriptor)
            finally:
                os.close(descriptor)

    def rename(self, old: Path, new: Path) -> None:
        """See `Files`."""
        with inside(old) as source, inside(new) as target:
            os.rename(old.name, new.name, src_dir_fd=source, dst_dir_fd=target)

    def unlink(self, path: Path) -> None:
        """See `Files`."""
        with inside(path) as parent:
            os.unlink(path.name, dir_fd=parent)

    def mkdir(self, path: Path, mode: int = 0o777) -> None:
        """See `Files`."""
        with inside(path) as parent:
            os.mkdir(path.name, mode, dir_fd=parent)

    def rmdir(self, path: Path) -> None:
        """See `Files`."""
        with inside(path) as parent:
            os.rmdir(path.name, dir_fd=parent)

    def sync(self, directory: Path) -> None:
        """See `Files`."""
        with inside(directory) as parent:
            flags = os.O_RDONLY | os.O_DIRECTORY | _CLOSED
            descriptor = os.open(directory.name or ".", flags, dir_fd=parent)
            try:
                self._settle(descriptor)
            except OSError as error:
                # Some network and FUSE file systems cannot sync a directory.
                if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                    raise
            finally:
                os.close(descriptor)

    def _settle(self, descriptor: int) -> None:
        os.fsync(descriptor)


def _write(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


DISK = Disk()
