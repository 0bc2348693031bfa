"""The last apply, taken back byte for byte; then the one before it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from refactor.apply.journal import Journal, JournalStep, Write, digest
from refactor.apply.run import Applied
from refactor.apply.state import State, locked
from refactor.apply.transaction import Recovered, run, settle
from refactor.errors import RefactorError
from refactor.files.disk import read, real
from refactor.files.rooted import DISK, Disk


def undo(root: Path, *, files: Disk = DISK) -> Applied:
    """Take the last apply back, or what is left of one that died.

    Raises:
        RefactorError: there is none, or one of its files has changed since; nothing was written.
    """
    root = real(root)
    if not os.path.lexists(root / ".refactor"):
        raise _nothing(root)
    with locked(root, files) as state:
        recovered = settle(state)
        if recovered and recovered.finished == bool(recovered.journal.undoes):
            # The apply in question is taken back by that already.
            return _told(recovered)
        record = state.latest()
        if record is None:
            raise _nothing(root)
        writes = list(_writes(state, record))
        run(state, writes, record.made, undoes=record.number)
    return _undone(writes, str(recovered or ""))


def _told(recovered: Recovered) -> Applied:
    """Say what a recovery took back: an undo that it finished, or an apply."""
    journal = recovered.journal
    steps = [step for step in journal.steps if step.path not in recovered.left]
    kept = [step.path for step in steps if (step.after if journal.undoes else step.before)]
    removed = [step.path for step in steps if step.path not in kept]
    return Applied(tuple(kept), (), tuple(removed), (), str(recovered))


def _writes(state: State, record: Journal) -> Iterator[Write]:
    """Give what turns each file back; nothing for one that is turned back already."""
    for index, step in enumerate(record.steps):
        file = state.root / step.path
        now = digest(read(file))
        if now == step.after:
            yield _reverse(file, step, state.backups(record.number) / str(index))
        elif now != step.before:
            message = "has changed since the apply, and undoing that would lose the change"
            remedy = "take it back by hand, or with git"
            raise RefactorError(message, where=step.path, remedy=remedy)


def _reverse(file: Path, step: JournalStep, backup: Path) -> Write:
    if not step.before:
        return Write(step.path, step.after, "", stat.S_IMODE(file.stat().st_mode) & 0o777, None)
    data = read(backup)
    if not isinstance(data, bytes) or digest(data) != step.before:
        message = "is not what was set aside"
        raise RefactorError(message, where=str(backup), remedy=f"restore {step.path} with git")
    return Write(step.path, step.after, step.before, step.mode, data)


def _undone(writes: list[Write], recovered: str) -> Applied:
    changed = tuple(write.path for write in writes if write.after)
    removed = tuple(write.path for write in writes if not write.after)
    return Applied(changed, (), removed, (), recovered)


def _nothing(root: Path) -> RefactorError:
    message = "nothing has been applied here that could be taken back"
    return RefactorError(message, where=str(root))
