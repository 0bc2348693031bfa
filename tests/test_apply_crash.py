"""Applies and undos that fail or die at every one of their steps: all of it is done, or none."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from refactor.apply.transaction import recover
from refactor.apply.undo import undo
from refactor.errors import RefactorError
from refactor.model import Plan
from tests import faults
from tests.faults import CHANGES, FILES, OLD, OPERATIONS, Command
from tests.plans import Death, Faulty, plan_of, tree


class Case(faults.Case):
    """A tree and an operation on it.

    Attributes:
        log: the operations of the disk that it takes, in the place of its system calls.
        commit: the index of the one that commits.
    """

    log: list[tuple[str, str]]  # type: ignore[assignment]

    def __init__(self, home: Path, prepare: Command, run: Command) -> None:
        super().__init__(home, prepare, run)
        self.again()
        disk = Faulty()
        run(self.root, disk)
        self.log = disk.log
        ends = [path.rpartition("/")[2] for _, path in self.log]
        self.commit = ends.index("committed.json")


TOP = Path(__file__).parent.parent


@pytest.fixture
def home() -> Iterator[Path]:
    """Return a directory in memory where there is one: thousands of renames wear a disk out."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as made:
        yield Path(made).resolve()


@pytest.fixture(params=OPERATIONS)
def case(request: pytest.FixtureRequest, home: Path) -> Case:
    return Case(home, *OPERATIONS[request.param])


def each_step(case: Case, every: int = 1) -> Iterator[int]:
    for at in range(0, len(case.log), every):
        case.again()
        yield at


def test_an_operation_that_fails_takes_everything_back(case: Case) -> None:
    """A full disk, a lost permission: an error, and the tree as it was; or done after all."""
    for at in each_step(case):
        try:
            case.run(case.root, Faulty(at, "fails"))
        except RefactorError:
            assert tree(case.root) == case.before, case.log[at]
        else:
            assert tree(case.root) == case.after, case.log[at]
        assert case.is_settled() or case.log[at][0] == "unlink", case.log[at]


def test_a_disk_that_stays_full_is_settled_later(case: Case) -> None:
    for at in each_step(case):
        try:
            case.run(case.root, Faulty(at, "fails from then on"))
        except RefactorError:
            recover(case.root, files=Faulty())
        assert tree(case.root) in (case.before, case.after), case.log[at]
        assert not (case.root / ".refactor/committed.json").exists()


@pytest.mark.parametrize("how", ["dies", "dies after", "tears"])
def test_a_death_is_finished_or_taken_back(case: Case, how: str) -> None:
    """Before the commit it is taken back, after it finished."""
    for at in each_step(case):
        with pytest.raises(Death):
            case.run(case.root, Faulty(at, how))
        recover(case.root, files=Faulty())

        committed = at >= case.commit + (how != "dies after")
        assert tree(case.root) == (case.after if committed else case.before), case.log[at]
        assert case.is_settled()


def test_a_death_while_recovering_is_recovered_from(case: Case) -> None:
    for at in each_step(case, every=4):
        for again in range(0, 60, 3):
            case.again()
            with pytest.raises(Death):
                case.run(case.root, Faulty(at, "dies after"))
            disk = Faulty(again, "dies")
            try:
                recover(case.root, files=disk)
            except Death:
                recover(case.root, files=Faulty())
            assert tree(case.root) in (case.before, case.after), (case.log[at], again)
            assert not (case.root / ".refactor/committed.json").exists()
            if len(disk.log) <= again:
                break


def test_what_comes_after_a_death_finds_a_sound_tree(case: Case) -> None:
    """The next command recovers by itself, and undoing all leads back to the very start."""
    for at in each_step(case, every=2):
        with pytest.raises(Death):
            case.run(case.root, Faulty(at, "dies after"))
        try:
            while True:
                undo(case.root, files=Faulty())
        except RefactorError as error:
            assert "nothing has been applied" in str(error)
        for path in CHANGES:
            assert (case.root / path).read_text() == OLD
        assert not (case.root / "x").exists()
        assert case.is_settled()


def test_undo_after_a_death_takes_back_one_apply_and_no_other(home: Path) -> None:
    case = Case(home, *OPERATIONS["second apply"])
    for at in each_step(case):
        with pytest.raises(Death):
            case.run(case.root, Faulty(at, "dies"))
        state = case.root / ".refactor"
        journals = ("preparing.json", "committed.json", "undo/2/record.json")
        begun = any((state / journal).exists() for journal in journals)

        undo(case.root, files=Faulty())

        assert tree(case.root) == (case.before if begun else case.start), case.log[at]


def test_somebody_elses_change_meanwhile_is_kept(home: Path) -> None:
    case = Case(home, *OPERATIONS["apply"])
    for path in CHANGES:
        case.again()
        with pytest.raises(Death):
            case.run(case.root, Faulty(case.commit + 2, "dies"))
        (case.root / path).write_text("mine\n")

        said = recover(case.root, files=Faulty())

        assert said == (
            "the apply before this one was cut short and has been taken back; "
            f"left because it was modified since: {path}"
        )
        assert (case.root / path).read_text() == "mine\n"
        others = {p: v for p, v in tree(case.root).items() if p != path}
        assert others == {p: v for p, v in case.before.items() if p != path}


def test_a_change_between_check_and_commit_stops_the_apply(home: Path) -> None:
    class Meddling(Faulty):
        def create(self, path: Path, data: bytes, *rest: object) -> None:
            super().create(path, data, *rest)  # type: ignore[arg-type]
            if path.name == "0.new":
                (case.root / "a.yaml").write_text("mine\n")

    case = Case(home, *OPERATIONS["apply"])
    case.again()
    with pytest.raises(RefactorError, match=r"a\.yaml: was modified by someone else"):
        case.run(case.root, Meddling())

    assert (case.root / "a.yaml").read_text() == "mine\n"
    assert (case.root / "charts/b.yaml").read_text() == OLD
    assert case.is_settled()


def test_a_change_that_is_gone_again_is_not_what_is_set_aside(home: Path) -> None:
    class Meddling(Faulty):
        def mkdir(self, path: Path, mode: int = 0o777) -> None:
            super().mkdir(path, mode)
            if path.name == "1":
                (case.root / "a.yaml").write_text("mine\n")

        def rename(self, old: Path, new: Path) -> None:
            if new.name == "committed.json":
                (case.root / "a.yaml").write_text(OLD)
            super().rename(old, new)

    case = Case(home, *OPERATIONS["apply"])
    case.again()
    with pytest.raises(RefactorError, match=r"a\.yaml: was modified by someone else"):
        case.run(case.root, Meddling())


def test_everything_is_on_the_disk_before_the_commit(case: Case) -> None:
    """Every directory that got a file is synced between that and the commit."""
    prepared = case.log[: case.commit]
    made = [(at, path) for at, (what, path) in enumerate(prepared) if what in ("create", "mkdir")]

    assert made
    for at, path in made:
        assert ("sync", os.path.dirname(path)) in prepared[at:], path


def test_nothing_changes_before_the_commit(case: Case) -> None:
    targets = {str(case.root / path) for path in (*CHANGES, *FILES)}

    assert {
        path
        for what, path in case.log[: case.commit]
        if what in ("rename", "exchange", "move", "unlink")
    }.isdisjoint(targets)
    assert {
        path
        for what, path in case.log[case.commit :]
        if what in ("rename", "exchange", "move", "unlink")
    } & targets


KILLED = """
import os, signal, sys, msgspec
from pathlib import Path
from refactor.apply.run import apply
from refactor.model import Plan
from tests.plans import Faulty

class Killed(Faulty):
    def _before(self, operation, path):
        if len(self.log) == int(sys.argv[3]):
            os.kill(os.getpid(), signal.SIGKILL)
        super()._before(operation, path)

plan = msgspec.json.decode(Path(sys.argv[2]).read_bytes(), type=Plan)
apply(plan, Path(sys.argv[1]), files=Killed())
"""


def test_a_process_that_is_killed(home: Path) -> None:
    case = Case(home, *OPERATIONS["apply"])
    case.again()
    plan: Plan = plan_of(case.root, CHANGES, FILES)
    (home / "plan.json").write_bytes(msgspec.json.encode(plan))
    steps = sorted(random.Random(0).sample(range(len(case.log)), 15))
    for at in steps:
        case.again()
        arguments = [str(case.root), str(home / "plan.json"), str(at)]
        ran = subprocess.run([sys.executable, "-c", KILLED, *arguments], cwd=TOP, check=False)
        assert ran.returncode == -9

        recover(case.root)

        assert tree(case.root) in (case.before, case.after), case.log[at]
        assert case.is_settled()
