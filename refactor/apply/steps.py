"""One file of a journal: set aside, exchanged for its new content, compared, put back."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from refactor.apply.journal import Journal, JournalStep, digest
from refactor.apply.state import State
from refactor.errors import RefactorError
from refactor.files.disk import read
from refactor.files.metadata import marks_of
from refactor.files.rooted import Disk, mend


def back_up(file: Path, step: JournalStep, backup: Path, files: Disk) -> None:
    """Set a file's content aside, which must be that of the plan."""
    data = read(file)
    if digest(data) != step.before:
        raise _changed(step)
    if isinstance(data, bytes):
        files.create(backup, data, 0o600)


def write_temporary(state: State, step: JournalStep, content: bytes, temporary: Path) -> None:
    """Write a new content with all that its file keeps: mode, owner, attributes."""
    state.files.create(temporary, content, step.mode, marks_of(state.root / step.path))


def replace(state: State, journal: Journal, step: JournalStep, *, again: bool) -> None:
    """Let a file and its new content change places; nothing is lost of what stands there now."""
    file, temporary = state.root / step.path, state.temporary(journal, step)
    now = digest(read(file))
    if now == step.after:
        return
    stale = again and step.after and digest(read(temporary)) != step.after
    if now != step.before or stale:
        raise _changed(step)
    _swap(state, step, file, temporary)


def _swap(state: State, step: JournalStep, file: Path, temporary: Path) -> None:
    if step.before and step.after:
        state.files.exchange(temporary, file)
    elif step.after:
        try:
            state.files.move(temporary, file)
        except FileExistsError as error:
            raise _changed(step) from error
    else:
        state.files.move(file, temporary)


def compare(state: State, journal: Journal, step: JournalStep) -> None:
    """Refuse to go on where what was replaced is not what was to be; put that back."""
    temporary = state.temporary(journal, step)
    if digest(read(temporary)) not in ("", step.before, step.after):
        _give_back(state, step, temporary)
        raise _changed(step)


def _give_back(state: State, step: JournalStep, temporary: Path) -> None:
    """Put back what another program wrote, where it wrote it."""
    file = state.root / step.path
    if os.path.lexists(file):
        state.files.exchange(temporary, file)
    else:
        state.files.move(temporary, file)


def restored(state: State, journal: Journal, step: JournalStep, backup: Path) -> bool:
    """Take one step back; say whether the file is as it was before."""
    file, temporary = state.root / step.path, state.temporary(journal, step)
    mend(state.files, temporary)
    now, out = digest(read(file)), digest(read(temporary))
    if out not in ("", step.before, step.after):
        if now in (step.before, step.after):
            _give_back(state, step, temporary)
        return False
    if now != step.after:
        return now == step.before
    if step.before and out != step.before:
        _fetch_backup(state, step, backup, temporary)
    elif not step.before and out:
        state.files.unlink(temporary)
    if step.before and not step.after:
        _make_parents(state, file)
    _swap(state, _reversed(step), file, temporary)
    if digest(read(temporary)) in ("", step.after):
        return True
    _give_back(state, step, temporary)
    return False


def _reversed(step: JournalStep) -> JournalStep:
    return msgspec.structs.replace(step, before=step.after, after=step.before)


def _fetch_backup(state: State, step: JournalStep, backup: Path, temporary: Path) -> None:
    """Let the old content wait where it can be exchanged from: whole, or not there."""
    data = read(backup)
    if not isinstance(data, bytes) or digest(data) != step.before:
        message = "is not what was set aside"
        raise RefactorError(message, where=str(backup), remedy=f"restore {step.path} with git")
    draft = temporary.with_name(_draft(temporary.name))
    if os.path.lexists(draft):
        state.files.unlink(draft)
    write_temporary(state, step, data, draft)
    state.files.rename(draft, temporary)


def _draft(temporary: str) -> str:
    return f"{temporary}.back"


def _make_parents(state: State, file: Path) -> None:
    for parent in reversed(file.parents):
        if not parent.exists():
            state.files.mkdir(parent)


def remove_temporaries(state: State, journal: Journal) -> None:
    """Remove what waits, or has waited, to change places."""
    backups = state.backups(journal.number)
    waiting = {path.name for path in backups.iterdir()} if backups.is_dir() else set()
    for step in journal.steps:
        for name in (step.temporary, _draft(step.temporary)):
            if not step.temporary.endswith(".new"):
                beside = (state.root / step.path).with_name(name)
                if os.path.lexists(beside):
                    state.files.unlink(beside)
            elif name in waiting:
                state.files.unlink(backups / name)


def _changed(step: JournalStep) -> RefactorError:
    message = "was modified by someone else at the same time; every other file is as it was"
    return RefactorError(message, where=step.path, remedy="make the plan again")
