"""A plan onto the disk: every file of it, or none.

A plan is a file that anyone may have written and any time may have passed since, so everything it
says is held against the tree before a byte is written: where its paths lead, that each file is
what the edits rest on, that each edit finds the text it replaces, that the result is the promised
one.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import NamedTuple

from refactor.apply.journal import Write, digest
from refactor.apply.state import locked
from refactor.apply.transaction import recover, run, settle
from refactor.errors import RefactorError
from refactor.files.disk import read, real
from refactor.files.git import top_of
from refactor.files.paths import place
from refactor.files.rooted import DISK, Disk
from refactor.files.uncommitted import dirty
from refactor.model import FileChange, NewFile, Plan
from refactor.text.source import Source, splice

__all__ = ["Applied", "Checked", "apply", "check", "recover"]


class Applied(NamedTuple):
    """What an apply, or an undo, has done. Paths are relative to the root.

    Attributes:
        changed: files that read differently now.
        created: files that are new (of an undo: that are back).
        removed: files that an undo has removed.
        unchanged: files that already were as they had to be.
        recovered: what became of an apply or undo that had died before; "" where none had.
    """

    changed: tuple[str, ...] = ()
    created: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    recovered: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        """Every file that was written or removed, in order."""
        return tuple(sorted((*self.changed, *self.created, *self.removed)))


class Checked(NamedTuple):
    """A plan that can be applied.

    Attributes:
        writes: one for each file that is not yet as planned.
        made: directories that new files need, the outer ones first.
        unchanged: files that are.
    """

    writes: tuple[Write, ...]
    made: tuple[str, ...]
    unchanged: tuple[str, ...]


def apply(plan: Plan, root: Path, *, allow_dirty: bool = False, files: Disk = DISK) -> Applied:
    """Write all changes and new files of a plan, or none of them.

    Args:
        plan: as it was shown.
        root: the repository's root.
        allow_dirty: write although git has uncommitted changes, which then mix with these.
        files: what does the writing.

    Raises:
        RefactorError: the plan does not fit the tree, or the tree cannot be written; nothing was.
    """
    root = real(root)
    recovered = recover(root, files=files) or ""
    checked = check(plan, root, allow_dirty=allow_dirty)
    if checked.writes:
        with locked(root, files) as state:
            settle(state)
            run(state, checked.writes, checked.made)
    changed = tuple(write.path for write in checked.writes if write.before)
    created = tuple(write.path for write in checked.writes if not write.before)
    return Applied(changed, created, (), checked.unchanged, recovered)


def check(plan: Plan, root: Path, *, allow_dirty: bool = False) -> Checked:
    """Hold a plan against the tree, and write nothing.

    Args:
        plan: as it was shown.
        root: the repository's root.
        allow_dirty: do not ask git.

    Raises:
        RefactorError: it cannot be applied, and why.
    """
    root = real(root)
    writes = [*(_change(root, c) for c in plan.changes), *(_new(root, f) for f in plan.files)]
    _refuse_twins(writes)
    made = dict.fromkeys(
        parent.relative_to(root).as_posix()
        for write in writes
        for parent in reversed((root / write.path).parents)
        if not parent.exists()
    )
    for write in writes:
        _refuse_read_only(root, root / write.path)
    if not allow_dirty:
        _refuse_dirty(root, writes)
    left = tuple(write for write in writes if write.before != write.after)
    unchanged = tuple(write.path for write in writes if write.before == write.after)
    return Checked(left, tuple(made), unchanged)


def _change(root: Path, change: FileChange) -> Write:
    file = place(root, change.path)
    data = read(file)
    if data == "vanished":
        message = "the plan is of another repository, or this file is gone"
        raise RefactorError(message, where=change.path)
    if not isinstance(data, bytes):
        message = "cannot be edited: it is not a regular file, or cannot be read"
        raise RefactorError(message, where=change.path)
    if digest(data) != change.before:
        again = "already reads as planned" if digest(data) == change.after else "has changed since"
        message = f"the plan is stale: this file {again}"
        raise RefactorError(message, where=change.path, remedy="make the plan again")
    content = _edited(change, data)
    mode = stat.S_IMODE(file.stat().st_mode) & 0o777
    return Write(_name(root, file), change.before, change.after, mode, content)


def _edited(change: FileChange, data: bytes) -> bytes:
    """Return a file's bytes with its edits made, which must be those that the plan promises."""
    source = Source(change.path, data)
    for edit in change.edits:
        if edit.span.of(source.text) != edit.old:
            message = f"the plan is damaged: `{edit.old}` does not stand where it says"
            raise RefactorError(message, where=f"{change.path}:{edit.span.start}")
    replacements = [(edit.span.start, edit.span.end, edit.new) for edit in change.edits]
    try:
        content = source.encode(splice(source.text, replacements))
    except ValueError as error:
        message = f"the plan is damaged: {error}"
        raise RefactorError(message, where=change.path) from error
    if digest(content) != change.after:
        message = "the plan is damaged: its edits do not give what it promises"
        raise RefactorError(message, where=change.path)
    return content


def _new(root: Path, file: NewFile) -> Write:
    at = place(root, file.path)
    try:
        content = file.content.encode()
    except UnicodeEncodeError as error:
        message = "the plan is damaged: this file's content is not text"
        raise RefactorError(message, where=file.path) from error
    if os.path.lexists(root / file.path):
        if read(root / file.path) != content:
            message = "the plan adds this file, and there is one already"
            raise RefactorError(message, where=file.path, remedy="make the plan again")
        return Write(_name(root, at), digest(content), digest(content), None, content)
    return Write(_name(root, at), "", digest(content), None, content)


def _name(root: Path, file: Path) -> str:
    return file.relative_to(root).as_posix()


def _refuse_twins(writes: list[Write]) -> None:
    seen: set[str] = set()
    for write in writes:
        if write.path in seen:
            message = "the plan is damaged: it names this file twice"
            raise RefactorError(message, where=write.path)
        seen.add(write.path)


def _refuse_read_only(root: Path, file: Path) -> None:
    """Refuse a file that is not to be written, by its mode: root could write any."""
    parent = next(parent for parent in file.parents if os.path.lexists(parent))
    if not parent.is_dir():
        message = f"{_name(root, parent)} is not a directory"
        raise RefactorError(message, where=_name(root, file))
    for path in (parent, file):
        if path.exists() and not (path.stat().st_mode & stat.S_IWUSR and os.access(path, os.W_OK)):
            remedy = "make it writable, or leave it out by `ignore` in the settings"
            message = "is read-only"
            raise RefactorError(message, where=_name(root, path), remedy=remedy)


def _refuse_dirty(root: Path, writes: list[Write]) -> None:
    tops = {top_of((root / write.path).parent) for write in writes} - {root, None}
    files = dirty(root, [str(t.relative_to(root)) for t in tops if t and t.is_relative_to(root)])
    if files:
        more = f" and {len(files) - 3} more" if len(files) > 3 else ""
        message = f"git has uncommitted changes: {', '.join(files[:3])}{more}"
        remedy = "commit or stash them, or pass --allow-dirty"
        raise RefactorError(message, where=str(root), remedy=remedy)
