"""The file system: reading what may be anything; `refactor.files` writes."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Literal as OneOf
from typing import TypeVar

Unread = OneOf["vanished", "link", "special", "unreadable"]
"""Why a file could not be read: gone by now, a symbolic link, no regular file, an error."""

_CLOSED = os.O_CLOEXEC | os.O_NOFOLLOW
_MOST_FILES = 1 << 18
"""Bytes that hardly any source file has more of."""

_Read = TypeVar("_Read")
_QUIETLY = os.O_RDONLY | os.O_NONBLOCK | _CLOSED


def read(path: Path, limit: int = -1) -> bytes | Unread:
    """Return a regular file's bytes, or why there are none; never follows a link, never blocks.

    Args:
        limit: how many bytes to read at most; all of them when negative.
    """

    def taken(descriptor: int, size: int) -> bytes | Unread:
        return _bytes(descriptor, size + 1 if limit < 0 else limit, whole=limit < 0)

    return _of_regular(path, taken)


def _of_regular(path: Path | str, taken: Callable[[int, int], _Read | Unread]) -> _Read | Unread:
    """Return what is read of a regular file, given its descriptor and size."""
    try:
        descriptor = os.open(path, _QUIETLY)
    except OSError as error:
        return _unread(error)
    try:
        status = os.fstat(descriptor)
        return taken(descriptor, status.st_size) if stat.S_ISREG(status.st_mode) else "special"
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

        Returns:
            Its bytes; why there are none; "huge" where they are too many.
        """
        return _of_regular(path, self._taken)

    def _taken(self, descriptor: int, size: int) -> memoryview | OneOf["huge"]:
        if size > self._limit:
            return "huge"
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
