"""The directory `.refactor` at the root: one writer at a time, journals, old contents."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from refactor.apply.journal import Journal, JournalStep, encode, load
from refactor.errors import RefactorError
from refactor.files.disk import read
from refactor.files.rooted import Disk

_DRAFT, _RECORD, _UNDONE = "draft.json", "record.json", "undone.json"


class State:
    """The state directory of one root."""

    def __init__(self, root: Path, files: Disk) -> None:
        self.root = root
        self.files = files
        self.home = root / ".refactor"
        self.preparing = self.home / "preparing.json"
        self.committed = self.home / "committed.json"

    def under_way(self) -> bool:
        """Say whether an apply or an undo has begun and not ended."""
        return any(os.path.lexists(path) for path in (self.preparing, self.committed))

    def backups(self, number: int) -> Path:
        """Return the directory of the old contents that one apply or undo has set aside."""
        return self.home / "undo" / str(number)

    def temporary(self, journal: Journal, step: JournalStep) -> Path:
        """Return where the new content of a file waits, and then the old one."""
        if step.temporary.endswith(".new"):
            return self.backups(journal.number) / step.temporary
        return (self.root / step.path).with_name(step.temporary)

    def done(self, journal: Journal) -> Path:
        """Return where a journal goes once it is done."""
        if journal.undoes:
            return self.backups(journal.undoes) / _UNDONE
        return self.backups(journal.number) / _RECORD

    def next_number(self) -> int:
        """Return the number of the next apply or undo."""
        return max(self._numbers(), default=0) + 1

    def latest(self) -> Journal | None:
        """Return the last apply that has not been taken back."""
        kept = [number for number in self._numbers() if self._is_kept(number)]
        return load(self.backups(max(kept)) / _RECORD, self.root) if kept else None

    def begin(self, journal: Journal) -> None:
        """Write down what is going to be done."""
        draft = self.home / _DRAFT
        data = encode(journal, self.root)
        self.files.mkdir(self.backups(journal.number), 0o700)
        self.files.create(draft, data, 0o600)
        self.files.rename(draft, self.preparing)
        self.files.sync(self.home)
        self.files.sync(self.root)

    def sweep(self) -> None:
        """Remove what no undo will need; what cannot be removed now is removed another time."""
        litter = [self.backups(n) for n in self._numbers() if not self._is_kept(n)]
        with suppress(OSError):
            if os.path.lexists(self.home / _DRAFT):
                self.files.unlink(self.home / _DRAFT)
        for directory in litter:
            with suppress(OSError):
                self._remove(directory)

    def make(self) -> None:
        """Make the directory where it is missing; git is told not to see it."""
        for directory in (self.home, self.home / "undo"):
            if directory.is_symlink():
                message = "is a link; the journal must be in the repository"
                raise RefactorError(message, where=str(directory), remedy="remove it")
            if not directory.exists():
                self.files.mkdir(directory, 0o700)
        ignored = self.home / ".gitignore"
        if read(ignored) != b"*\n":
            if os.path.lexists(ignored):
                self.files.unlink(ignored)
            self.files.create(ignored, b"*\n")

    def _numbers(self) -> list[int]:
        with os.scandir(self.home / "undo") as entries:
            names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        return [int(name) for name in names if name.isdecimal() and name == str(int(name))]

    def _is_kept(self, number: int) -> bool:
        directory = self.backups(number)
        return (directory / _RECORD).exists() and not (directory / _UNDONE).exists()

    def _remove(self, directory: Path) -> None:
        # The record first: without it the rest is nothing but litter.
        entries = sorted(directory.iterdir(), key=lambda entry: entry.name != _RECORD)
        for entry in entries:
            self.files.unlink(entry)
        self.files.rmdir(directory)


@contextmanager
def locked(root: Path, files: Disk) -> Iterator[State]:
    """Hold the state directory of a root, made where it is missing, against other writers.

    Raises:
        RefactorError: another process holds it, or it cannot be written.
    """
    try:
        with files.below(root) as held:
            state = State(root, held)
            state.make()
            descriptor = held.lock_file(state.home / "lock")
            try:
                _lock(descriptor, root)
                yield state
            finally:
                os.close(descriptor)
    except OSError as error:
        message = f"cannot be written: {error.strerror}"
        raise RefactorError(message, where=str(error.filename or root / ".refactor")) from error


def _lock(descriptor: int, root: Path) -> None:
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        message = "another apply or undo is under way here"
        raise RefactorError(message, where=str(root), remedy="wait until it has ended") from error
    except OSError as error:
        message = (
            f"this file system does not support locks ({error.strerror}), so nothing is written"
        )
        remedy = "mount it with locks (NFS needs a lock daemon), or work in a local copy"
        raise RefactorError(message, where=str(root), remedy=remedy) from error
