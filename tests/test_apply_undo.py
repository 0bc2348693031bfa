"""Taking applies back, one after another; and what is refused because it would lose work."""

from __future__ import annotations

import fcntl
import json
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from refactor.apply.run import apply
from refactor.apply.transaction import recover
from refactor.apply.undo import undo
from refactor.errors import RefactorError
from refactor.model import FileChange, NewFile, Plan
from tests.plans import plan_of, sha, tree

OLD = "host: 10.0.4.17\n"
SWAP = [("10.0.4.17", "orders")]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "repo"
    made.mkdir()
    for name in ("a.yaml", "b.yaml"):
        (made / name).write_text(OLD)
    return made


def refused(root: Path) -> str:
    before = tree(root)
    with pytest.raises(RefactorError) as caught:
        undo(root)

    assert tree(root) == before
    return str(caught.value)


class TestTakenBack:
    def test_one(self, root: Path) -> None:
        before = tree(root)
        apply(plan_of(root, {"a.yaml": SWAP}, {"x/y/c.yaml": "c\n"}), root)

        undone = undo(root)

        assert tree(root) == before
        assert (undone.changed, undone.removed) == (("a.yaml",), ("x/y/c.yaml",))
        assert undone.files == ("a.yaml", "x/y/c.yaml")

    def test_several_in_turn(self, root: Path) -> None:
        trees = [tree(root)]
        for step in range(4):
            old = [("orders" if step else "10.0.4.17") + str(step - 1) * bool(step)]
            plan = plan_of(root, {"a.yaml": [(old[0], f"orders{step}")]}, {f"new{step}.yaml": "x"})
            apply(plan, root)
            trees.append(tree(root))
        for before in trees[-2::-1]:
            undo(root)
            assert tree(root) == before

        assert refused(root).endswith("nothing has been applied here that could be taken back")

    def test_apply_again_after_undo(self, root: Path) -> None:
        plan, before = plan_of(root, {"a.yaml": SWAP}), tree(root)
        for _ in range(3):
            apply(plan, root)
            undo(root)

        assert tree(root) == before
        assert list((root / ".refactor/undo").iterdir()) == []

    def test_the_mode_of_then(self, root: Path) -> None:
        (root / "a.yaml").chmod(0o600)
        apply(plan_of(root, {"a.yaml": SWAP}), root)
        (root / "a.yaml").chmod(0o755)

        undo(root)

        assert stat.S_IMODE((root / "a.yaml").stat().st_mode) == 0o600

    def test_a_directory_that_others_use_by_now_stays(self, root: Path) -> None:
        apply(plan_of(root, {}, {"x/y/c.yaml": "c\n"}), root)
        (root / "x/mine.yaml").write_text("mine\n")

        undo(root)

        assert sorted(tree(root)) == ["a.yaml", "b.yaml", "x", "x/mine.yaml"]

    def test_what_somebody_took_back_already(self, root: Path) -> None:
        apply(plan_of(root, {"a.yaml": SWAP, "b.yaml": SWAP}, {"c.yaml": "c\n"}), root)
        (root / "a.yaml").write_text(OLD)
        (root / "c.yaml").unlink()

        assert undo(root).files == ("b.yaml",)

    def test_files_that_the_apply_did_not_touch_do_not_matter(self, root: Path) -> None:
        apply(plan_of(root, {"a.yaml": SWAP}), root)
        (root / "b.yaml").write_text("mine\n")

        undo(root)

        assert ((root / "a.yaml").read_text(), (root / "b.yaml").read_text()) == (OLD, "mine\n")


class TestRefused:
    @pytest.mark.parametrize("where", [".", ".git"])
    def test_nothing_applied(self, root: Path, where: str) -> None:
        (root / where).mkdir(exist_ok=True)

        assert refused(root).endswith("nothing has been applied here that could be taken back")
        assert not (root / ".refactor").exists()

    @pytest.mark.parametrize(
        ("path", "spoil"),
        [
            ("a.yaml", lambda file: file.write_text("host: mine\n")),
            ("a.yaml", lambda file: file.unlink()),
            ("c.yaml", lambda file: file.write_text("mine\n")),
            ("b.yaml", lambda file: (file.unlink(), file.mkdir())),
            ("b.yaml", lambda file: (file.unlink(), file.symlink_to("a.yaml"))),
            ("b.yaml", lambda file: (file.unlink(), file.symlink_to("/etc/passwd"))),
        ],
        ids=[
            "edited",
            "removed",
            "new file edited",
            "a directory",
            "a link",
            "a link that leads out",
        ],
    )
    def test_changed_since(self, root: Path, path: str, spoil: Callable[[Path], object]) -> None:
        apply(plan_of(root, {"a.yaml": SWAP, "b.yaml": SWAP}, {"c.yaml": "c\n"}), root)
        spoil(root / path)

        assert refused(root).startswith(f"{path}: has changed since the apply")

    def test_a_backup_that_was_tampered_with(self, root: Path) -> None:
        apply(plan_of(root, {"a.yaml": SWAP}), root)
        (root / ".refactor/undo/1/0").write_text("evil")

        assert "is not what was set aside" in refused(root)

    @pytest.mark.parametrize("command", [undo, recover, lambda root: apply(Plan(), root)])
    def test_one_at_a_time(self, root: Path, command: Callable[[Path], object]) -> None:
        apply(plan_of(root, {"a.yaml": SWAP}), root)
        (root / ".refactor/preparing.json").write_text("{}")
        before = tree(root)
        with (root / ".refactor/lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(RefactorError, match="another apply or undo is under way here"):
                command(root)

        assert tree(root) == before


def step(**given: object) -> dict[str, object]:
    plain = {"path": "a.yaml", "before": sha(OLD.encode()), "after": sha(b"evil"),
             "temporary": ".refactor-00000000-0.tmp", "mode": 0o644}  # fmt: skip
    return plain | given


HOSTILE = [
    step(path="../victim"),
    step(path="/etc/passwd"),
    step(path=".git/config"),
    step(path="link/victim"),
    step(path="loop/x"),
    step(path=".refactor/lock"),
    step(temporary="../victim"),
    step(temporary="victim"),
    step(temporary=".refactor-00000000-0.tmp/../b.yaml"),
    step(mode=0o4755),
    step(mode=-1),
    step(mode="x"),
    step(before="abc"),
    step(extra=1),
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=str)
@pytest.mark.parametrize("name", ["preparing.json", "committed.json", "undo/1/record.json"])
def test_a_journal_that_came_with_the_repository(
    root: Path, tmp_path: Path, hostile: dict[str, object], name: str
) -> None:
    (tmp_path / "victim").write_text(OLD)
    (root / ".git").mkdir()
    (root / ".git/config").write_text(OLD)
    (root / "link").symlink_to("..")
    (root / "loop").symlink_to("loop")
    (root / ".refactor/undo/1").mkdir(parents=True)
    (root / ".refactor" / name).write_text(json.dumps({"number": 1, "steps": [hostile]}))
    for temporary in (root / ".refactor-00000000-0.tmp", tmp_path / ".refactor-00000000-0.tmp"):
        temporary.write_text("evil")

    assert "is not a journal of this tree" in refused(root)
    assert (tmp_path / "victim").read_text() == OLD
    assert (root / ".git/config").read_text() == OLD


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", "[" * 100_000, '{"number": 1}', "\xff"], ids=lambda t: t[:9]
)
def test_a_damaged_journal_is_refused(root: Path, text: str) -> None:
    (root / ".refactor/undo").mkdir(parents=True)
    (root / ".refactor/committed.json").write_text(text, "latin-1")

    assert "is not a journal of this tree; compare the files with git" in refused(root)


@pytest.mark.parametrize("made", ["..", "../x", ".git", "link/x"])
def test_directories_of_a_journal_that_came_with_the_repository(root: Path, made: str) -> None:
    (root / "link").symlink_to("..")
    (root / ".refactor/undo/1").mkdir(parents=True)
    journal = {"number": 1, "steps": [], "made": [made]}
    (root / ".refactor/preparing.json").write_text(json.dumps(journal))

    assert "is not a journal of this tree" in refused(root)


def test_names_that_are_no_text_survive_in_the_journal(root: Path) -> None:
    name = os.fsdecode(b"\xff\xfe/\xff.yaml")
    data = b"x"
    apply(Plan(files=(NewFile(name, "x"),)), root)

    assert (root / name).read_bytes() == data
    assert undo(root).removed == (name,)
    assert sorted(tree(root)) == ["a.yaml", "b.yaml"]


def test_litter_in_the_state_is_swept_or_left_without_harm(root: Path) -> None:
    apply(plan_of(root, {"a.yaml": SWAP}), root)
    state = root / ".refactor"
    (state / "draft.json").write_text("{")
    for name in ("7", "8", "x", "٣", "007"):
        (state / "undo" / name).mkdir()
    (state / "undo/7/0").write_text("half")
    (state / "undo/8/directory").mkdir()
    (state / ".gitignore").write_text("")

    apply(plan_of(root, {"b.yaml": SWAP}), root)

    assert not (state / "draft.json").exists()
    assert not (state / "undo/7").exists()
    assert (state / ".gitignore").read_text() == "*\n"
    assert [undo(root).files for _ in range(2)] == [("b.yaml",), ("a.yaml",)]


def test_undo_after_a_commit(root: Path) -> None:
    """Digests decide, not git."""
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    apply(plan_of(root, {"a.yaml": SWAP}), root)
    names = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "-C", str(root), "add", "-A"], check=True)
    subprocess.run(["git", "-C", str(root), *names, "commit", "-q", "-m", "a"], check=True)

    undo(root)

    assert (root / "a.yaml").read_text() == OLD


def test_a_change_without_edits_is_none(root: Path) -> None:
    digest = sha(OLD.encode())

    applied = apply(Plan(changes=(FileChange("a.yaml", digest, digest, ()),)), root)

    assert (applied.files, applied.unchanged) == ((), ("a.yaml",))
