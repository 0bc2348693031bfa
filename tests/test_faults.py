"""Applies and undos whose system calls fail, end the process, or lead elsewhere: a share of them.

`python -m benchmarks.fault_harness` tries every one.
"""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from refactor.apply.run import apply
from refactor.apply.state import locked
from refactor.apply.transaction import recover
from refactor.errors import RefactorError
from refactor.files.rooted import DISK
from tests.faults import (
    CHANGES,
    ERRORS,
    FILES,
    MOMENTS,
    OPERATIONS,
    Case,
    Fault,
    appended,
    applying,
    dies,
    fails,
    here,
    leads_astray,
    meddles,
    power_cuts,
    recovering,
    replaced,
    tells,
    undone_after,
)
from tests.plans import plan_of, tree

TOP = Path(__file__).parent.parent


@pytest.fixture(scope="module", params=OPERATIONS)
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as made:
        yield Case(Path(made).resolve(), *OPERATIONS[request.param])


def share(case: Case, every: int) -> Iterator[int]:
    """Every so-manyeth call that only looks, and each that writes."""
    for at, name in enumerate(case.log):
        if name != "open" or at % every == 0:
            yield at


def test_a_call_that_fails(case: Case) -> None:
    for at in share(case, 23):
        assert fails(case, Fault(at, ERRORS[at % len(ERRORS)])) == "", (at, case.log[at])


def test_a_disk_that_is_full_from_then_on(case: Case) -> None:
    for at in share(case, 29):
        assert fails(case, Fault(at, errno.ENOSPC, lasting=True)) == "", (at, case.log[at])


def test_a_write_that_takes_half(case: Case) -> None:
    for at, name in enumerate(case.log):
        if name == "write":
            assert fails(case, Fault(at, short=True)) == ""
            assert tree(case.root) == case.after


def test_a_death(case: Case) -> None:
    for at in share(case, 31):
        for moment in MOMENTS if case.log[at] == "write" else ("before", "after"):
            assert dies(case, Fault(at, moment=moment), here) == "", (at, case.log[at], moment)


def test_a_death_of_the_recovery(case: Case) -> None:
    for at in range(0, case.points, 41):
        for then in range(0, 80, 13):
            case.again()
            here(case, Fault(at))
            recovering(case, Fault(then))
            recover(case.root)
            assert case.is_whole() and case.is_settled(), (at, then)


def test_what_is_said_after_a_death_is_so(case: Case) -> None:
    """Found: a killed undo left the edits standing, and the next one "took back 0 files"."""
    for at in share(case, 37):
        assert tells(case, Fault(at), here) == "", (at, case.log[at])
        assert undone_after(case, Fault(at), here) == "", (at, case.log[at])


@pytest.mark.parametrize("write", [appended, replaced])
def test_what_somebody_else_writes_at_any_moment_is_kept(
    case: Case, write: Callable[[Path], None]
) -> None:
    """Found: what was written between the last look and the rename was gone."""
    for at in share(case, 11):
        assert meddles(case, at, write) == "", (at, case.log[at])


def test_a_power_cut(case: Case) -> None:
    """Found: an undo left a directory behind that its apply had made."""
    assert {*power_cuts(case)} == {""}


@pytest.mark.parametrize("name", ["charts", "x", "x/y", ".refactor", ".refactor/undo"])
def test_a_directory_that_is_swapped_for_a_link(case: Case, name: str) -> None:
    outside = case.root.parent / "outside"
    for at in share(case, 17):
        assert leads_astray(case, at, name, outside) == "", (at, case.log[at])


_STEPS = ("create", "rename", "exchange", "move", "unlink", "mkdir", "rmdir", "sync", "lock", "lay")


@pytest.mark.parametrize("what", _STEPS)
def test_no_link_is_followed_on_the_way(tmp_path: Path, what: str) -> None:
    (tmp_path / "real/inner").mkdir(parents=True)
    (tmp_path / "real/file").write_text("kept")
    (tmp_path / "link").symlink_to("real")
    before = tree(tmp_path)
    link, file = tmp_path.resolve() / "link", tmp_path.resolve() / "real/file"
    with DISK.below(tmp_path.resolve()) as disk:
        steps = {
            "create": lambda: disk.create(link / "new", b"x"),
            "rename": lambda: disk.rename(file, link / "moved"),
            "exchange": lambda: disk.exchange(file, link / "file"),
            "move": lambda: disk.move(file, link / "moved"),
            "unlink": lambda: disk.unlink(link / "file"),
            "mkdir": lambda: disk.mkdir(link / "made"),
            "rmdir": lambda: disk.rmdir(link / "inner"),
            "sync": lambda: disk.sync(link),
            "lock": lambda: os.close(disk.lock_file(link / "lock")),
            "lay": lambda: disk.lay(link / "laid", {"a": b""}),
        }
        with pytest.raises(NotADirectoryError):
            steps[what]()

    assert tree(tmp_path) == before


def test_an_error_names_the_file_in_full(tmp_path: Path) -> None:
    gone = tmp_path.resolve() / "gone" / "file"
    with DISK.below(tmp_path.resolve()) as disk, pytest.raises(FileNotFoundError) as raised:
        disk.unlink(gone)

    assert raised.value.filename == str(gone)


def test_a_second_apply_is_refused_while_one_is_under_way(tmp_path: Path) -> None:
    case = Case(tmp_path.resolve(), *OPERATIONS["apply"])
    case.again()
    with locked(case.root, DISK), pytest.raises(RefactorError, match="another apply or undo"):
        applying(case.root, DISK)

    assert tree(case.root) == case.before


def test_of_two_applies_at_once_one_is_done(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    names = [f"{number}.yaml" for number in range(8)]
    for name in names:
        (root / name).write_text("host: 10.0.4.17\n")
    news = ("one", "two", "three")
    plans = [plan_of(root, {key: [("10.0.4.17", new)] for key in names}) for new in news]
    start, done = threading.Barrier(len(news)), []

    def run(number: int) -> None:
        start.wait()
        try:
            apply(plans[number], root)
        except RefactorError:
            return
        done.append(f"host: {news[number]}\n")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(news))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(done) == 1
    assert {(root / name).read_text() for name in names} == set(done)


def test_the_command_that_is_killed_and_the_next(tmp_path: Path) -> None:
    """By SIGKILL, in a process of its own, while it waits in the midst of its writes."""
    case = Case(tmp_path.resolve(), *OPERATIONS["apply"])
    case.again()
    plan = msgspec.structs.replace(plan_of(case.root, CHANGES, FILES), tool_version="1")
    (tmp_path / "plan.json").write_bytes(msgspec.json.encode(plan))
    code = "import sys; from tests.faults import *; from refactor.cli import main\n"
    code += "with Calls(Fault(int(sys.argv.pop(1)), end=kill)): main(sys.argv[1:])"
    commands = ["apply", "--plan", str(tmp_path / "plan.json"), "--yes", str(case.root)]
    renames = [at for at, name in enumerate(case.log) if name == "rename"]
    for at in (renames[1], renames[-1]):  # the commit, and the end
        ran = subprocess.run([sys.executable, "-c", code, str(at), *commands], cwd=TOP, check=False)
        assert ran.returncode == -9
        told = subprocess.run(
            [sys.executable, "-m", "refactor", *commands], cwd=TOP, capture_output=True, text=True
        )
        assert "cut short" in told.stderr
        assert case.is_whole() and case.is_settled()
        case.again()
