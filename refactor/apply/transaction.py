"""All of some writes, or none of them, whatever happens on the way.

New contents and old ones go to `.refactor/undo/<n>`, all of it on the disk before the journal says
"committed"; only then does each new content change places with the old one. What comes out is
compared with what was to be replaced: a write of another program in between is put back. What ends
before the commit is taken back; what ends after it is finished, or taken back where it cannot be.
Both can be done again from any point, so a death in the middle of either does no harm.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from refactor.apply.journal import Journal, Write, journal_of, load
from refactor.apply.state import State, locked
from refactor.apply.steps import (
    back_up,
    compare,
    remove_temporaries,
    replace,
    restored,
    write_temporary,
)
from refactor.errors import RefactorError
from refactor.files.disk import real
from refactor.files.rooted import DISK, Disk, mend


class Recovered(NamedTuple):
    """What became of an apply, or an undo, that died."""

    journal: Journal
    finished: bool
    left: tuple[str, ...] = ()

    def __str__(self) -> str:
        what = "undo" if self.journal.undoes else "apply"
        how = "finished" if self.finished else "taken back"
        left = f"; left because it was modified since: {', '.join(self.left)}" * bool(self.left)
        return f"the {what} before this one was cut short and has been {how}{left}"


def recover(root: Path, *, files: Disk = DISK) -> str | None:
    """Finish, or take back, an apply or an undo that died.

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


def waiting(root: Path) -> str:
    """Say, in one line, that an apply or undo was cut short; "" where none was. Writes nothing."""
    state = State(real(root), DISK)
    for file in (state.committed, state.preparing):
        try:
            journal = load(file, state.root)
        except RefactorError as error:
            return str(error)
        if journal:
            what = "undo" if journal.undoes else "apply"
            torn = "some files may be as before it, others as after" * (file == state.committed)
            return (
                f"{state.root}: an {what} was cut short, {torn or 'before it changed anything'}; "
                "`refactor undo` or `refactor apply` puts that right first"
            )
    return ""


def settle(state: State) -> Recovered | None:
    """Do the work of `recover` while the state directory is held."""
    recovered = None
    if journal := load(state.committed, state.root):
        for step in journal.steps:
            mend(state.files, state.temporary(journal, step))
        recovered = _finished(state, journal)
    elif journal := load(state.preparing, state.root):
        _take_back(state, journal)
        nothing_done = msgspec.structs.replace(journal, steps=())
        recovered = Recovered(nothing_done, finished=False)
    state.sweep()
    return recovered


def run(
    state: State, writes: Sequence[Write], made: Sequence[str] = (), *, undoes: int = 0
) -> None:
    """Do all of some writes.

    Args:
        undoes: the number of the apply that this takes back; 0 for an apply.

    Raises:
        RefactorError: one of them could not be done, and none is.
    """
    try:
        _run(state, writes, journal_of(state.next_number(), writes, made, undoes))
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise _unwritten(state, error) from error
        # A directory of the tree is a file system of its own: new contents wait there.
        there = journal_of(state.next_number(), writes, made, undoes, beside=True)
        try:
            _run(state, writes, there)
        except OSError as again:
            raise _unwritten(state, again) from again


def _run(state: State, writes: Sequence[Write], journal: Journal) -> None:
    try:
        state.begin(journal)
        _prepare(state, journal, [write.content for write in writes])
        state.files.rename(state.preparing, state.committed)
        state.files.sync(state.home)
        _finish(state, journal)
    except BaseException:
        _take_back(state, journal)
        state.sweep()
        raise
    state.sweep()


def _unwritten(state: State, error: OSError) -> RefactorError:
    message = f"cannot be written: {error.strerror}; every file is as it was"
    return RefactorError(message, where=str(error.filename or state.root))


def _prepare(state: State, journal: Journal, contents: Sequence[bytes | None]) -> None:
    """Put everything on the disk that the commit will need; change nothing."""
    backups = state.backups(journal.number)
    for index, step in enumerate(journal.steps):
        back_up(state.root / step.path, step, backups / str(index), state.files)
    if not journal.undoes:
        for directory in journal.made:
            state.files.mkdir(state.root / directory)
    for step, content in zip(journal.steps, contents, strict=True):
        if content is not None:
            write_temporary(state, step, content, state.temporary(journal, step))
    _sync(state, [backups.parent, *_touched(state, journal)])


def _finished(state: State, journal: Journal) -> Recovered:
    """Finish a committed journal, or else take it back; say which."""
    try:
        _finish(state, journal, again=True)
    except (OSError, RefactorError):
        return Recovered(journal, finished=False, left=_take_back(state, journal))
    return Recovered(journal, finished=True)


def _finish(state: State, journal: Journal, *, again: bool = False) -> None:
    for step in journal.steps:
        replace(state, journal, step, again=again)
    # Late, so that it sees the most of what others write to a file that they hold open.
    for step in journal.steps:
        compare(state, journal, step)
    remove_temporaries(state, journal)
    if journal.undoes:
        _remove_directories(state, journal)
    _sync(state, _touched(state, journal))
    done = state.done(journal)
    state.files.rename(state.committed, done)
    with suppress(OSError):
        _sync(state, [done.parent, state.home])


def _take_back(state: State, journal: Journal) -> tuple[str, ...]:
    """Put everything back to what it was, and return what stays as another program changed it.

    Raises:
        RefactorError: that cannot be done now; the journal stays, and the next try starts there.
    """
    left: tuple[str, ...] = ()
    try:
        if state.committed.exists():
            backups = state.backups(journal.number)
            left = tuple(
                step.path
                for index, step in enumerate(journal.steps)
                if not restored(state, journal, step, backups / str(index))
            )
        if state.under_way():
            remove_temporaries(state, journal)
            if not journal.undoes:
                _remove_directories(state, journal)
            _sync(state, _touched(state, journal))
            state.files.unlink(state.committed if state.committed.exists() else state.preparing)
            state.files.sync(state.home)
    except OSError as error:
        message = f"could not be finished nor taken back: {error.strerror}"
        where, remedy = str(error.filename or state.root), "`refactor undo` tries that again"
        raise RefactorError(message, where=where, remedy=remedy) from error
    return left


def _remove_directories(state: State, journal: Journal) -> None:
    """Remove the directories that the apply made, but for what others have put there."""
    for path in reversed(journal.made):
        directory = state.root / path
        if directory.is_dir() and not directory.is_symlink() and not any(directory.iterdir()):
            state.files.rmdir(directory)


def _touched(state: State, journal: Journal) -> list[Path]:
    """Return the directories in which files and directories come and go."""
    paths = (*(step.path for step in journal.steps), *journal.made)
    return [state.backups(journal.number), *((state.root / path).parent for path in paths)]


def _sync(state: State, directories: Iterable[Path]) -> None:
    for directory in sorted(set(directories)):
        if directory.exists():
            state.files.sync(directory)
