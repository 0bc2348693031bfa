"""All of some writes, or none of them, whatever happens on the way.

New contents go to temporary files beside their targets and old ones to `.refactor/undo/<n>`, all
of it on the disk before the journal says "committed"; only then do files change places. What ends
before that is taken back; what ends after it is finished, or taken back where it cannot be. Both
can be done again from any point, so a death in the middle of either does no harm.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from refactor.disk import DISK, Files, read, real
from refactor.errors import RefactorError
from refactor.journal import Journal, Step, Write, digest, journal_of, load
from refactor.marks import marks_of
from refactor.state import State, locked


class Recovered(NamedTuple):
    """What became of an apply, or an undo, that died.

    Attributes:
        finished: all of it has been done; else all of it has been taken back.
        undo: whether it was an undo.
    """

    finished: bool
    undo: bool

    def __str__(self) -> str:
        what = "undo" if self.undo else "apply"
        how = "finished" if self.finished else "taken back"
        return f"the {what} before this one was cut short and has been {how}"


def recover(root: Path, *, files: Files = DISK) -> str | None:
    """Finish, or take back, an apply or an undo that died.

    Args:
        root: the repository's root.
        files: what does the writing.

    Returns:
        What was done, in one line; None where nothing had to be.

    Raises:
        RefactorError: another one is under way, or the tree cannot be written.
    """
    root = real(root)
    if not State(root, files).under_way():
        return None
    with locked(root, files) as state:
        recovered = settle(state)
    return str(recovered) if recovered else None


def settle(state: State) -> Recovered | None:
    """Do the work of `recover` while the state directory is held."""
    recovered = None
    if journal := load(state.committed, state.root):
        recovered = Recovered(_finished(state, journal), bool(journal.undoes))
    elif journal := load(state.preparing, state.root):
        _take_back(state, journal)
        recovered = Recovered(finished=False, undo=bool(journal.undoes))
    state.sweep()
    return recovered


def run(
    state: State, writes: Sequence[Write], made: Sequence[str] = (), *, undoes: int = 0
) -> None:
    """Do all of some writes.

    Args:
        state: held.
        writes: at most one for a file.
        made: directories to make first (or, of an undo, to remove last), the outer ones first.
        undoes: the number of the apply that this takes back; 0 for an apply.

    Raises:
        RefactorError: one of them could not be done, and none is.
    """
    journal = journal_of(state.next_number(), writes, made, undoes)
    try:
        state.begin(journal)
        _prepare(state, journal, [write.content for write in writes])
        state.files.rename(state.preparing, state.committed)
        state.files.sync(state.home)
        _finish(state, journal)
    except BaseException as error:
        _take_back(state, journal)
        state.sweep()
        if isinstance(error, OSError):
            message = f"cannot be written: {error.strerror}; every file is as it was"
            raise RefactorError(message, where=str(error.filename or state.root)) from error
        raise
    state.sweep()


def _prepare(state: State, journal: Journal, contents: Sequence[bytes | None]) -> None:
    """Put everything on the disk that the commit will need; change nothing."""
    backups = state.backups(journal.number)
    for index, step in enumerate(journal.steps):
        _back_up(state.root / step.path, step, backups / str(index), state.files)
    if not journal.undoes:
        for directory in journal.made:
            state.files.mkdir(state.root / directory)
    for step, content in zip(journal.steps, contents, strict=True):
        if content is not None:
            _write_temporary(state, step, content)
    _sync(state, [backups, backups.parent, *_touched(state, journal)])


def _back_up(file: Path, step: Step, backup: Path, files: Files) -> None:
    data = read(file)
    if digest(data) != step.before:
        raise _changed(step)
    if isinstance(data, bytes):
        files.create(backup, data, 0o600)


def _write_temporary(state: State, step: Step, content: bytes) -> None:
    file = state.root / step.path
    state.files.create(file.with_name(step.temporary), content, step.mode, marks_of(file))


def _finished(state: State, journal: Journal) -> bool:
    """Finish a committed journal, or else take it back; say which."""
    try:
        _finish(state, journal)
    except (OSError, RefactorError):
        _take_back(state, journal)
        return False
    return True


def _finish(state: State, journal: Journal) -> None:
    for step in journal.steps:
        file = state.root / step.path
        now = digest(read(file))
        if now == step.after:
            continue
        if now != step.before:
            raise _changed(step)
        if step.after:
            state.files.rename(file.with_name(step.temporary), file)
        else:
            state.files.unlink(file)
    _remove_temporaries(state, journal)
    if journal.undoes:
        _remove_directories(state, journal)
    _sync(state, _touched(state, journal))
    done = state.done(journal)
    state.files.rename(state.committed, done)
    with suppress(OSError):
        _sync(state, [done.parent, state.home])


def _take_back(state: State, journal: Journal) -> None:
    """Put everything back to what it was; what somebody else has changed since stays as it is.

    Raises:
        RefactorError: that cannot be done now; the journal stays, and the next try starts there.
    """
    try:
        if state.committed.exists():
            for index, step in enumerate(journal.steps):
                _restore(state, step, state.backups(journal.number) / str(index))
        if state.under_way():
            _remove_temporaries(state, journal)
            if not journal.undoes:
                _remove_directories(state, journal)
            _sync(state, _touched(state, journal))
            state.files.unlink(state.committed if state.committed.exists() else state.preparing)
            state.files.sync(state.home)
    except OSError as error:
        message = f"could not be finished nor taken back: {error.strerror}"
        where, remedy = str(error.filename or state.root), "`refactor undo` tries that again"
        raise RefactorError(message, where=where, remedy=remedy) from error


def _restore(state: State, step: Step, backup: Path) -> None:
    file = state.root / step.path
    if digest(read(file)) != step.after:
        return
    if not step.before:
        state.files.unlink(file)
        return
    data = read(backup)
    if not isinstance(data, bytes) or digest(data) != step.before:
        message = "is not what was set aside"
        raise RefactorError(message, where=str(backup), remedy=f"restore {step.path} with git")
    for parent in reversed(file.parents):
        if not parent.exists():
            state.files.mkdir(parent)
    if os.path.lexists(file.with_name(step.temporary)):
        state.files.unlink(file.with_name(step.temporary))
    _write_temporary(state, step, data)
    state.files.rename(file.with_name(step.temporary), file)


def _remove_temporaries(state: State, journal: Journal) -> None:
    for step in journal.steps:
        temporary = (state.root / step.path).with_name(step.temporary)
        if os.path.lexists(temporary):
            state.files.unlink(temporary)


def _remove_directories(state: State, journal: Journal) -> None:
    """Remove the directories that the apply made, but for what others have put there."""
    for path in reversed(journal.made):
        directory = state.root / path
        if directory.is_dir() and not directory.is_symlink() and not any(directory.iterdir()):
            state.files.rmdir(directory)


def _touched(state: State, journal: Journal) -> list[Path]:
    """Return the directories in which files and directories come and go."""
    paths = (*(step.path for step in journal.steps), *journal.made)
    return [(state.root / path).parent for path in paths]


def _sync(state: State, directories: Iterable[Path]) -> None:
    for directory in sorted(set(directories)):
        if directory.exists():
            state.files.sync(directory)


def _changed(step: Step) -> RefactorError:
    message = "was changed by somebody else at the same time; every other file is as it was"
    return RefactorError(message, where=step.path, remedy="make the plan again")
