"""Operations on small trees, and a layer below them that fails, or ends, at any system call.

`python -m benchmarks.fault_harness` tries every point there is; the suite tries a share of them.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import refactor.files.metadata
from refactor.apply.run import Applied, apply
from refactor.apply.transaction import recover
from refactor.apply.undo import undo
from refactor.errors import RefactorError
from refactor.files import renames, rooted
from refactor.files.metadata import marks_of
from refactor.files.ours import mark_of
from refactor.files.rooted import DISK, Disk
from tests.plans import Death, plan_of, tree

OLD = "host: 10.0.4.17\n"
SWAP = [("10.0.4.17", "orders")]
CHANGES = {"a.yaml": SWAP, "charts/b.yaml": SWAP}
FILES = {"x/y/z.yaml": "z\n"}

Command = Callable[[Path, Disk], Applied]


def applying(root: Path, files: Disk) -> Applied:
    return apply(plan_of(root, CHANGES, FILES), root, files=files)


def applying_more(root: Path, files: Disk) -> Applied:
    more = plan_of(root, {"a.yaml": [("orders", "bills")]}, {"x/more.yaml": "more\n"})
    return apply(more, root, files=files)


def undoing(root: Path, files: Disk) -> Applied:
    return undo(root, files=files)


def nothing(root: Path, files: Disk) -> Applied:
    return Applied()


OPERATIONS: dict[str, tuple[Command, Command]] = {
    "apply": (nothing, applying),
    "second apply": (applying, applying_more),
    "undo": (applying, undoing),
}
"""What has been done before, and what is tried."""


class Case:
    """A tree, an operation on it, and how the tree reads without and with it.

    Attributes:
        root: the tree, made afresh by `again`.
        run: the operation.
        start, before, after: the tree at first, and without and with the operation.
        points: how many system calls the operation makes.
    """

    def __init__(self, home: Path, prepare: Command, run: Command) -> None:
        self.run = run
        self.root, self._kept = home / "repo", home / "kept"
        (self.root / "charts").mkdir(parents=True)
        for path in CHANGES:
            (self.root / path).write_text(OLD)
        (self.root / "a.yaml").chmod(0o755)
        with suppress(OSError, AttributeError):  # where there are attributes
            os.setxattr(self.root / "a.yaml", "user.told", b"by hand")
        mark_of(b"", self.root)  # once for all: later runs find the key
        self.start = tree(self.root)
        prepare(self.root, DISK)
        shutil.copytree(self.root, self._kept)
        self.before = tree(self.root)
        with Calls() as calls:
            run(self.root, DISK)
        self.points = len(calls.log)
        self.log = calls.log
        self.after = tree(self.root)

    def again(self) -> None:
        """Make the tree as it was, in the very directory that its journals are about."""
        for path in self.root.iterdir():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        shutil.copytree(self._kept, self.root, dirs_exist_ok=True)

    def is_whole(self) -> bool:
        """Say whether the tree is wholly as before or wholly as after."""
        return tree(self.root) in (self.before, self.after)

    def is_settled(self) -> bool:
        """Say whether no journal is under way, and nothing temporary is left."""
        left = [path for path in self.root.rglob("*") if path.name.startswith(".refactor-")]
        state = self.root / ".refactor"
        journals = [state / name for name in ("preparing.json", "committed.json")]
        return not left and not any(journal.exists() for journal in journals)


def _die() -> None:
    raise Death


def kill() -> None:
    """End this process as a SIGKILL from outside would."""
    os.kill(os.getpid(), signal.SIGKILL)


class Fault(NamedTuple):
    """What happens at one system call.

    Attributes:
        at: the call, from 0.
        error: errno to fail with; 0 for none.
        lasting: every later call that needs the disk fails so, too.
        end: ends the process: before the call, "after" it, or "within" a write.
        moment: when, of an `end`.
        short: a write takes only half of what it is given.
        hook: is called before the call.
    """

    at: int
    error: int = 0
    lasting: bool = False
    end: Callable[[], None] | None = None
    moment: str = "before"
    short: bool = False
    hook: Callable[[], None] | None = None


_WATCHED = (
    "open",
    "write",
    "fsync",
    "fchmod",
    "fchown",
    "setxattr",
    "link",
    "rename",
    "exchange",
    "into_gap",
    "unlink",
    "mkdir",
    "rmdir",
)
_NEEDS_ROOM = (
    "open",
    "write",
    "setxattr",
    "fsync",
    "mkdir",
    "rename",
    "exchange",
    "into_gap",
    "link",
)


class Calls:
    """Stands in for the system in `refactor.files.rooted`, and makes one call go wrong.

    Attributes:
        log: the names of the calls made so far.
    """

    def __init__(self, fault: Fault | None = None) -> None:
        self.fault = fault
        self.log: list[str] = []
        self._dead = False

    def __enter__(self) -> Calls:
        rooted.os = refactor.files.metadata.os = self  # type: ignore[assignment]
        rooted.renames = self  # type: ignore[assignment]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        rooted.os = refactor.files.metadata.os = os
        rooted.renames = renames

    def __getattr__(self, name: str) -> Any:
        real = getattr(renames if hasattr(renames, name) and not hasattr(os, name) else os, name)
        if name not in _WATCHED:
            return real

        def call(*args: Any, **more: Any) -> Any:
            return self._call(name, real, args, more)

        return call

    def _call(self, name: str, real: Any, args: Any, more: Any) -> Any:
        if self._dead:
            raise Death
        now, fault = len(self.log), self.fault
        self.log.append(name)
        if fault is None or now < fault.at or (now > fault.at and not fault.lasting):
            return real(*args, **more)
        if fault.hook:
            fault.hook()
        if fault.error and (now == fault.at or name in _NEEDS_ROOM):
            if name == "write":  # a full disk takes what it can
                real(args[0], args[1][: len(args[1]) // 2])
            raise OSError(fault.error, os.strerror(fault.error), args[0])
        if fault.short and name == "write":
            return real(args[0], args[1][: (len(args[1]) + 1) // 2])
        if fault.end is None:
            return real(*args, **more)
        if fault.moment == "within" and name == "write":
            real(args[0], args[1][: len(args[1]) // 2])
        elif fault.moment == "after":
            real(*args, **more)
        self._dead = True
        fault.end()
        raise Death


ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)
MOMENTS = ("before", "within", "after")


def fails(case: Case, fault: Fault) -> str:
    """Try an operation one of whose calls fails; return what is torn, "" for nothing."""
    case.again()
    try:
        with Calls(fault):
            case.run(case.root, DISK)
    except RefactorError:
        if fault.lasting or not case.is_settled():
            recover(case.root)
    if not case.is_whole():
        return "torn"
    return "" if case.is_settled() or _only_litter(case) else "not settled"


def _only_litter(case: Case) -> bool:
    """Whether the next command removes what is left."""
    recover(case.root)
    return case.is_settled()


def dies(case: Case, fault: Fault, during: Callable[[Case, Fault], None]) -> str:
    """Try an operation that ends at one of its calls; return what is torn after the recovery.

    Args:
        case: the operation.
        fault: where it ends.
        during: runs the operation to its end.
    """
    case.again()
    during(case, fault)
    recover(case.root)
    if not case.is_whole():
        return "torn"
    return "" if case.is_settled() else "not settled"


def here(case: Case, fault: Fault) -> None:
    """Run an operation in this process, which outlives it."""
    with Calls(fault._replace(end=_die)), suppress(Death, RefactorError):
        case.run(case.root, DISK)


def recovering(case: Case, fault: Fault) -> None:
    """Run the recovery alone, in this process, which outlives it."""
    with Calls(fault._replace(end=_die)), suppress(Death, RefactorError):
        recover(case.root)


@contextmanager
def swapped(directory: Path, outside: Path) -> Iterator[Callable[[], None]]:
    """Give what puts a link to elsewhere in the place of a directory; the end puts it back."""
    aside = directory.with_name(directory.name + ".aside")

    def swap() -> None:
        if directory.is_dir() and not directory.is_symlink() and not aside.exists():
            directory.rename(aside)
            directory.symlink_to(outside)

    yield swap
    if aside.exists():
        directory.unlink()
        aside.rename(directory)


def leads_astray(case: Case, at: int, name: str, outside: Path) -> str:
    """Swap a directory for a link at one call; return what was written elsewhere, or torn."""
    case.again()
    shutil.rmtree(outside, ignore_errors=True)
    shutil.copytree(case.root / name, outside) if (case.root / name).is_dir() else outside.mkdir()
    held = tree(outside)
    with swapped(case.root / name, outside) as swap:
        try:
            with Calls(Fault(at, hook=swap)):
                case.run(case.root, DISK)
        except RefactorError:
            pass
        if tree(outside) != held:
            return "written elsewhere"
    recover(case.root)
    return "" if case.is_whole() else "torn"


def tells(case: Case, fault: Fault, during: Callable[[Case, Fault], None]) -> str:
    """Try an operation that dies; return what the next command says that is not so."""
    case.again()
    during(case, fault)
    told = recover(case.root) or ""
    now = tree(case.root)
    if "finished" in told and now != case.after:
        return "said to be finished"
    if "taken back" in told and now != case.before:
        return "said to be taken back"
    return "" if told or now in (case.before, case.after) else "said nothing"


def undone_after(case: Case, fault: Fault, during: Callable[[Case, Fault], None]) -> str:
    """Try an operation that dies, then undo; return what that says that is not so."""
    case.again()
    during(case, fault)
    torn = tree(case.root)
    begun = any(
        (case.root / ".refactor" / f"{n}.json").exists() for n in ("committed", "preparing")
    )
    try:
        told = undo(case.root)
    except RefactorError as error:
        nothing = "nothing has been applied" in str(error) and tree(case.root) == torn
        return "" if nothing and not begun else str(error)
    if bool(told.recovered) != begun:
        return "a death that is not told" if begun else "a death that was none"
    if tree(case.root) != torn and not told.files and "taken back" not in told.recovered:
        return "took back 0 files"
    return "" if tree(case.root) in (case.start, case.before, case.after) else "torn"


def appended(path: Path) -> None:
    """Write to a file in place, as an editor may."""
    with path.open("a") as file:
        file.write("mine\n")


def replaced(path: Path) -> None:
    """Put another file in the place of one, as another editor may."""
    with suppress(FileNotFoundError):
        mine = path.with_name("mine")
        mine.write_bytes(path.read_bytes() + b"mine\n")
        mine.replace(path)


def meddles(case: Case, at: int, write: Callable[[Path], None]) -> str:
    """Let somebody else write to a file at one call; return what became of that, "" for kept."""
    case.again()
    file = case.root / "a.yaml"
    with suppress(RefactorError), Calls(Fault(at, hook=lambda: write(file))):
        case.run(case.root, DISK)
    recover(case.root)
    if not file.read_bytes().endswith(b"mine\n"):
        return "lost"
    others = {path: held for path, held in tree(case.root).items() if path != "a.yaml"}
    wholes = [
        {p: held for p, held in t.items() if p != "a.yaml"} for t in (case.before, case.after)
    ]
    return "" if others in wholes else "torn"


class Recording(Disk):
    """A disk that writes down what is done to it, for `power_cuts`."""

    def __init__(self) -> None:
        self.log: list[tuple[str, Path, Any]] = []

    def create(self, path: Path, data: bytes, mode: int | None = None, marks: Any = None) -> None:
        super().create(path, data, mode, marks)
        held = marks_of(path)
        assert held
        self.log.append(("create", path, (data, path.stat().st_mode, held.attributes)))

    def rename(self, old: Path, new: Path) -> None:
        super().rename(old, new)
        self.log.append(("rename", old, new))

    def exchange(self, one: Path, other: Path) -> None:
        super().exchange(one, other)
        self.log.append(("exchange", one, other))

    def move(self, old: Path, new: Path) -> None:
        super().move(old, new)
        self.log.append(("rename", old, new))

    def unlink(self, path: Path) -> None:
        super().unlink(path)
        self.log.append(("unlink", path, None))

    def mkdir(self, path: Path, mode: int = 0o777) -> None:
        super().mkdir(path, mode)
        self.log.append(("mkdir", path, mode))

    def rmdir(self, path: Path) -> None:
        super().rmdir(path)
        self.log.append(("rmdir", path, None))

    def sync(self, directory: Path) -> None:
        super().sync(directory)
        self.log.append(("sync", directory, None))


def _directories(what: str, path: Path, more: Any) -> set[Path]:
    return {path.parent, more.parent} if what in ("rename", "exchange") else {path.parent}


def _is_safe(log: list[tuple[str, Path, Any]], index: int) -> bool:
    """Whether a step is on the disk for good: its directories were synced, or removed so, since."""
    since = log[index + 1 :]
    synced = {path for what, path, _ in since if what == "sync"}
    removed = {
        path
        for at, (what, path, _) in enumerate(since, index + 1)
        if what == "rmdir" and _is_safe(log, at)
    }
    return _directories(*log[index]) <= synced | removed


def _replay(log: list[tuple[str, Path, Any]]) -> None:
    for what, path, more in log:
        try:
            if what == "create":
                path.write_bytes(more[0])
                path.chmod(more[1])
                for name, value in more[2].items():
                    os.setxattr(path, name, value)
            elif what == "rename":
                path.replace(more)
            elif what == "exchange":
                with DISK.below(Path("/")) as files:
                    files.exchange(path, more)
            elif what == "unlink":
                path.unlink()
            elif what == "mkdir":
                path.mkdir(more)
            elif what == "rmdir":
                path.rmdir()
        except OSError:  # what it rests on was lost, too
            continue


def power_cuts(case: Case) -> Iterator[str]:
    """Cut the power after each step; yield what is torn after the recovery, "" for nothing.

    A file's content is synced when it is made; of what happened to a directory since it was last
    synced, all is lost, or nothing, or any single step.
    """
    case.again()
    disk = Recording()
    case.run(case.root, disk)
    for end in range(len(disk.log) + 1):
        done = disk.log[:end]
        loose = {index for index in range(end) if not _is_safe(done, index)}
        for lost in (set(), loose, *({index} for index in loose)):
            case.again()
            _replay([step for index, step in enumerate(done) if index not in lost])
            recover(case.root)
            yield "" if case.is_whole() else f"torn after {done[-1:]} without {lost}"
