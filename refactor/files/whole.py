"""Files that are written whole or not at all, outside of a transaction."""

from __future__ import annotations

import os
import secrets
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from refactor.errors import RefactorError
from refactor.files.disk import real
from refactor.files.metadata import FileMetadata, marks_of, put
from refactor.files.names import draft_name
from refactor.files.rooted import DISK

_CHUNK = 1 << 20


def make_directory(path: Path, mode: int = 0o700) -> None:
    """Make a directory, and those above it that are missing; links above it are followed."""
    above = next(parent for parent in (path, *path.absolute().parents) if parent.is_dir())
    place = real(above)
    with DISK.below(place) as files:
        files.mkdirs(place / path.absolute().relative_to(above.absolute()), mode)


def remove(path: Path) -> None:
    """Remove a file, or a directory and all that it holds; what cannot be removed stays."""
    with suppress(OSError):
        place = real(path.parent)
        with DISK.below(place) as files:
            if path.is_dir() and not path.is_symlink():
                files.remove_tree(place / path.name)
            else:
                files.unlink(place / path.name)


def lock_file(path: Path) -> int:
    """Return a descriptor, to be closed, of a file to lock, made where it is missing."""
    place = real(path.parent)
    with DISK.below(place) as files:
        return files.lock_file(place / path.name)


def write(path: Path, *parts: bytes, mode: int | None = None) -> None:
    """Write a file below a real directory; see `replacing`."""
    with replacing(path, mode) as file:
        file.writelines(parts)


@contextmanager
def replacing(
    path: Path, mode: int | None = None, marks: FileMetadata | None = None
) -> Iterator[BinaryIO]:
    """Give an empty file that takes the place of another at the end, if there is no error.

    Args:
        mode: permission bits; None for those of any new file.

    Raises:
        OSError: it cannot be written; what stood there stands.
    """
    draft = path.with_name(draft_name(secrets.token_hex(4)))
    with DISK.below(path.parent) as files:
        nameless = files.open_nameless(path.parent, private=mode is not None)
        try:
            descriptor = nameless or files.open_new(draft, private=mode is not None)
            with os.fdopen(descriptor, "w+b") as file:
                yield file
                file.flush()
                if marks is not None:
                    with suppress(OSError):
                        put(file.fileno(), marks)
                if mode is not None:
                    os.fchmod(file.fileno(), mode)
                files.settle(file.fileno())
                if nameless:
                    files.name(file.fileno(), draft)
            files.rename(draft, path)
        except BaseException:
            with suppress(OSError):
                files.unlink(draft)
            raise
        files.sync(path.parent)


def write_output(path: Path, data: bytes) -> None:
    """Write a file that a user, or a bot, named; see `output`."""
    with output(path) as file:
        file.write(data)


@contextmanager
def output(path: Path) -> Iterator[BinaryIO]:
    """Give an empty file; what is written there shows when the block ends without error.

    It may be a pipe, a device, or our own standard output. A file that is replaced keeps its mode.

    Raises:
        OSError: it cannot be written.
        RefactorError: a link leads out of the working directory.
    """
    _refuse_link(path)
    # As it is named: the real path of `/dev/stdout` may be one that is not there.
    mode = _mode(path)
    if mode is None or (stat.S_ISREG(mode) and not _is_in_place(path)):
        found = real(path)
        kept = None if mode is None else stat.S_IMODE(mode)
        with replacing(found, kept, marks_of(found)) as file:
            yield file
        return
    with tempfile.TemporaryFile() as spool:
        yield spool
        spool.seek(0)
        _pour(spool, path)


def _refuse_link(path: Path) -> None:
    """The working directory may be a stranger's: no link in it leads what we write out of it."""
    here = real(Path.cwd())
    named = Path(os.path.normpath(here / path))
    if named.is_relative_to(here) and not real(path).is_relative_to(here):
        message = "a link on the way to it leads out of the working directory"
        raise RefactorError(message, where=str(path), remedy="name the file itself")


def _mode(path: Path) -> int | None:
    with suppress(FileNotFoundError):
        return path.stat().st_mode
    return None


def _is_in_place(path: Path) -> bool:
    """Say whether a regular file can only be overwritten: ours already, or not to be replaced."""
    if _standard(path) is not None:
        return True
    above = real(path).parent
    return above.stat().st_dev != path.stat().st_dev or not os.access(above, os.W_OK)


def _standard(path: Path) -> int | None:
    """Return the standard stream that a path leads to (`/dev/stdout`); None for another file."""
    for descriptor in (1, 2):
        with suppress(OSError):
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
    return None


def _pour(spool: BinaryIO, path: Path) -> None:
    stream = _standard(path)
    # By a copy of the stream, which goes on where it is; opened anew it would begin at 0.
    descriptor = os.open(path, os.O_WRONLY | os.O_TRUNC) if stream is None else os.dup(stream)
    with os.fdopen(descriptor, "wb") as file:
        while data := spool.read(_CHUNK):
            file.write(data)
