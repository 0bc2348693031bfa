"""Plans made by hand, trees to hold them against, and disks that fail."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal as OneOf

from refactor.files.metadata import FileMetadata, marks_of
from refactor.files.rooted import Disk
from refactor.model import Edit, FileChange, NewFile, Plan
from refactor.text.source import Source, splice
from refactor.text.view import Span

Swaps = Sequence[tuple[str, str]]
Tree = dict[str, tuple[int, bytes | str, dict[str, bytes]]]


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def change_of(root: Path, path: str, swaps: Swaps) -> FileChange:
    """Return the change that swaps the first of each pair, where it first stands, for the second."""
    source = Source(path, (root / path).read_bytes())
    edits = []
    for old, new in swaps:
        start = source.text.index(old)
        edits.append(Edit(path, Span(start, start + len(old)), old, new, "finding"))
    text = splice(source.text, [(e.span.start, e.span.end, e.new) for e in edits])
    return FileChange(path, source.digest, sha(source.encode(text)), tuple(edits))


def plan_of(
    root: Path, changes: Mapping[str, Swaps], files: Mapping[str, str] | None = None
) -> Plan:
    """Return the plan of some swaps in files and of some new files."""
    return Plan(
        changes=tuple(change_of(root, path, swaps) for path, swaps in changes.items()),
        files=tuple(NewFile(path, content) for path, content in (files or {}).items()),
    )


def tree(root: Path) -> Tree:
    """Return all files, links and directories, mode and attributes, without git's and our state."""
    found: Tree = {}
    for directory, names, files in os.walk(root):
        names[:] = [name for name in names if name not in (".git", ".refactor")]
        for name in (*names, *files):
            path = Path(directory, name)
            mode = path.lstat().st_mode
            data: bytes | str = b""
            if path.is_symlink():
                data = str(path.readlink())
            elif path.is_file():
                data = path.read_bytes()
            marks = marks_of(path)
            assert marks
            found[str(path.relative_to(root))] = (mode, data, dict(marks.attributes))
    return found


class Death(BaseException):
    """Stands for the end of the process: nothing catches it for good."""


class Faulty(Disk):
    """A disk that fails, or takes the process with it, at one of its operations.

    Attributes:
        log: the operations asked for so far, and what each was about.
    """

    def __init__(
        self,
        at: int | None = None,
        how: OneOf["fails", "fails from then on", "dies", "dies after", "tears"] = "fails",
    ) -> None:
        """Fail at operation `at`, from 0; never, when None."""
        self.at, self.how = at, how
        self.log: list[tuple[str, str]] = []

    def create(
        self,
        path: Path,
        data: bytes,
        mode: int | None = None,
        marks: FileMetadata | None = None,
    ) -> None:
        if self.at == len(self.log) and self.how == "tears":
            path.write_bytes(data[: len(data) // 2])
        self._before("create", path)
        super().create(path, data, mode, marks)
        self._after()

    def rename(self, old: Path, new: Path) -> None:
        self._before("rename", new)
        super().rename(old, new)
        self._after()

    def exchange(self, one: Path, other: Path) -> None:
        self._before("exchange", other)
        super().exchange(one, other)
        self._after()

    def move(self, old: Path, new: Path) -> None:
        self._before("move", new)
        super().move(old, new)
        self._after()

    def unlink(self, path: Path) -> None:
        self._before("unlink", path)
        super().unlink(path)
        self._after()

    def mkdir(self, path: Path, mode: int = 0o777) -> None:
        self._before("mkdir", path)
        super().mkdir(path, mode)
        self._after()

    def rmdir(self, path: Path) -> None:
        self._before("rmdir", path)
        super().rmdir(path)
        self._after()

    def sync(self, directory: Path) -> None:
        self._before("sync", directory)
        super().sync(directory)
        self._after()

    def settle(self, descriptor: int) -> None:
        """Leave the disk in peace: what a power cut would do is not what these tests are about."""

    def _before(self, operation: str, path: Path) -> None:
        now = len(self.log)
        self.log.append((operation, str(path)))
        if self.at is None:
            return
        if (self.how == "fails" and now == self.at) or (
            self.how == "fails from then on" and now >= self.at
        ):
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        if self.how == "dies after" and now > self.at:
            raise Death
        if self.how in ("dies", "tears") and now >= self.at:
            raise Death

    def _after(self) -> None:
        if self.how == "dies after" and len(self.log) - 1 == self.at:
            raise Death
