"""Writes below one directory, which is held open and which none of them can leave.

Every write of the program goes this way (`tests/test_rooted.py` looks for others). A path is
walked name by name from the root's handle: no `..`, no absolute path and no link is followed, even
where another program puts one in the place of a directory meanwhile.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from copy import copy
from pathlib import Path
from typing import Self

from refactor.files import renames
from refactor.files.metadata import FileMetadata, put
from refactor.files.names import is_name

_CLOSED = os.O_CLOEXEC | os.O_NOFOLLOW
# Where there is O_PATH, to go through a directory takes no permission to list it.
_PASSED = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | _CLOSED
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _CLOSED
_NAMELESS = getattr(os, "O_TMPFILE", 0) and os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC
_OPEN_FILES = "/proc/self/fd"


class Disk:
    """What is done to a disk. Paths are absolute, and every method may raise `OSError`.

    Each step happens or raises, and a journal holds between any two of them; tests stand in a disk
    that fails, or dies, at any step.
    """

    _root = ""
    _handle = -1

    @contextmanager
    def below(self, root: Path) -> Iterator[Self]:
        """Hold a root open; its path must be real, since no link on the way to it is followed."""
        held = copy(self)
        held._root = str(root)
        held._handle = _opened(root)
        try:
            yield held
        finally:
            os.close(held._handle)

    def create(
        self, path: Path, data: bytes, mode: int | None = None, marks: FileMetadata | None = None
    ) -> None:
        """Make a new file, all of it on the disk when this returns.

        Args:
            mode: permission bits; None for those of any new file.
            marks: of the file that it replaces; None for those of any new file.
        """
        descriptor = self.open_new(path, private=mode is not None)
        try:
            write_all(descriptor, data)
            if marks is not None:
                put(descriptor, marks)
            if mode is not None:
                os.fchmod(descriptor, mode)
            self.settle(descriptor)
        finally:
            os.close(descriptor)

    def open_new(self, path: Path, *, private: bool = True) -> int:
        """Return a descriptor, to be closed, of a new file; a private one is its owner's alone."""
        with self._at(path) as (parent, name):
            return os.open(name, _NEW, 0o600 if private else 0o666, dir_fd=parent)

    def open_nameless(self, directory: Path, *, private: bool = True) -> int:
        """Return a descriptor, to be closed, of a file that is gone unless `name` is called.

        0 where the system, or the file system, has no such files.
        """
        with suppress(OSError), self._at(directory) as (parent, name):
            if _NAMELESS and os.access(_OPEN_FILES, os.X_OK):
                return os.open(name, _NAMELESS, 0o600 if private else 0o666, dir_fd=parent)
        return 0

    def name(self, descriptor: int, path: Path) -> None:
        """Give a file of `open_nameless` its name, where nothing stands."""
        with self._at(path) as (parent, name):
            os.link(f"{_OPEN_FILES}/{descriptor}", name, dst_dir_fd=parent)

    def lock_file(self, path: Path) -> int:
        """Return a descriptor, to be closed, of a file to lock, made where it is missing."""
        with self._at(path) as (parent, name):
            return os.open(name, os.O_RDWR | os.O_CREAT | _CLOSED, 0o600, dir_fd=parent)

    def rename(self, old: Path, new: Path) -> None:
        """Put a file in the place of another, in one step."""
        with self._at(old) as (source, before), self._at(new) as (target, after):
            os.rename(before, after, src_dir_fd=source, dst_dir_fd=target)

    def exchange(self, one: Path, other: Path) -> None:
        """Let two files change places: in one step, or so that `mend` knows how far it came."""
        with self._at(one) as (source, ours), self._at(other) as (target, theirs):
            try:
                renames.exchange(source, ours, target, theirs)
            except OSError as error:
                if error.errno not in renames.LACKING:
                    raise
                aside = aside_of(ours)
                with suppress(OSError):  # FAT has no links; then the other file is not kept
                    os.link(
                        theirs, aside, src_dir_fd=target, dst_dir_fd=source, follow_symlinks=False
                    )
                os.rename(ours, theirs, src_dir_fd=source, dst_dir_fd=target)
                with suppress(FileNotFoundError):
                    os.rename(aside, ours, src_dir_fd=source, dst_dir_fd=source)

    def move(self, old: Path, new: Path) -> None:
        """Put a file where nothing stands; an error where something does."""
        with self._at(old) as (source, before), self._at(new) as (target, after):
            try:
                renames.into_gap(source, before, target, after)
            except OSError as error:
                if error.errno not in renames.LACKING:
                    raise
                os.link(before, after, src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
                os.unlink(before, dir_fd=source)

    def unlink(self, path: Path) -> None:
        """Remove a file."""
        with self._at(path) as (parent, name):
            os.unlink(name, dir_fd=parent)

    def mkdir(self, path: Path, mode: int = 0o777) -> None:
        """Make a directory."""
        with self._at(path) as (parent, name):
            os.mkdir(name, mode, dir_fd=parent)

    def mkdirs(self, path: Path, mode: int = 0o777) -> None:
        """Make a directory and those above it that are missing."""
        place = Path(self._root)
        for name in self._names(path):
            place /= name
            with suppress(FileExistsError):
                self.mkdir(place, mode)

    def rmdir(self, path: Path) -> None:
        """Remove an empty directory."""
        with self._at(path) as (parent, name):
            os.rmdir(name, dir_fd=parent)

    def remove_tree(self, path: Path) -> None:
        """Remove a directory and all that it holds; what cannot be removed stays."""
        import shutil

        with suppress(OSError), self._at(path) as (parent, name):
            shutil.rmtree(name, ignore_errors=True, dir_fd=parent)

    def lay(self, directory: Path, files: Mapping[str, bytes]) -> None:
        """Make a new directory of some files, by path relative to it, that need not outlive us."""
        self.mkdir(directory, 0o700)
        for name, data in files.items():
            self.put(directory / name, data)

    def put(self, path: Path, data: bytes) -> None:
        """Make a new file, and the directories above it, that need not outlive us."""
        try:
            descriptor = self.open_new(path)
        except FileNotFoundError:
            self.mkdirs(path.parent)
            descriptor = self.open_new(path)
        try:
            write_all(descriptor, data)
        finally:
            os.close(descriptor)

    def sync(self, directory: Path) -> None:
        """Return when a directory's entries are on the disk."""
        with self._at(directory) as (parent, name):
            descriptor = os.open(name, os.O_RDONLY | os.O_DIRECTORY | _CLOSED, dir_fd=parent)
        try:
            self.settle(descriptor)
        except OSError as error:
            # Some network and FUSE file systems cannot sync a directory.
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise
        finally:
            os.close(descriptor)

    def settle(self, descriptor: int) -> None:
        """Return when a file's content is on the disk."""
        os.fsync(descriptor)

    @contextmanager
    def _at(self, path: Path) -> Iterator[tuple[int, str]]:
        """Give a file's directory, opened name by name from the root, and its name there."""
        *folders, name = self._names(path)
        parent, opened = self._handle, []
        try:
            for folder in folders:
                parent = os.open(folder, _PASSED, dir_fd=parent)
                opened.append(parent)
            yield parent, name
        except OSError as error:
            error.filename = str(path)
            raise
        finally:
            for descriptor in opened:
                os.close(descriptor)

    def _names(self, path: Path) -> list[str]:
        text, root = str(path), self._root
        if root and text == root:
            return ["."]
        prefix = root if root.endswith("/") else f"{root}/"
        names = text[len(prefix) :].split("/")
        if not root or not text.startswith(prefix) or not all(map(is_name, names)):
            raise PermissionError(errno.EPERM, f"leads out of {root or 'every root'}", text)
        return names


def aside_of(name: str) -> str:
    """Return the name of what stands beside a file while it is exchanged in several steps."""
    return f"{name}.old"


def mend(files: Disk, path: Path) -> None:
    """Bring an exchange of this file, and another, to a state that one step could have left."""
    aside = path.with_name(aside_of(path.name))
    if os.path.lexists(aside):
        if os.path.lexists(path):
            files.unlink(aside)
        else:
            files.rename(aside, path)


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """Write all of some bytes: one call may take a part of them."""
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def _opened(root: Path) -> int:
    descriptor = os.open(root.anchor, _PASSED)
    try:
        for name in root.parts[1:]:
            outer, descriptor = descriptor, os.open(name, _PASSED, dir_fd=descriptor)
            os.close(outer)
    except OSError as error:
        os.close(descriptor)
        error.filename = str(root)
        raise
    return descriptor


DISK = Disk()
