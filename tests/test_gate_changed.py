"""Which lines a branch changed, by real git, in repositories some of which mean harm."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from refactor.errors import RefactorError
from refactor.gate.changed import changed
from tests.repositories import commit, git

TEN = "".join(f"line: {n}\n" for n in range(10))


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    (root / "sub").mkdir(parents=True)
    git(tmp_path, "init", "-q", str(root))
    for name in ("a.yaml", "b.yaml", "sub/c.yaml"):
        (root / name).write_text(TEN)
    commit(root)
    git(root, "switch", "-q", "-c", "work")
    return root


def told(root: Path, base: str = "main") -> dict[str, list[int]]:
    found = changed(root, base)
    return {name: [n for held in ranges for n in held] for name, ranges in found.lines.items()}


class TestLines:
    def test_nothing(self, repo: Path) -> None:
        assert changed(repo, "main").files == frozenset()

    def test_committed_staged_and_not_staged(self, repo: Path) -> None:
        (repo / "a.yaml").write_text(TEN.replace("line: 2", "other: 2"))
        commit(repo)
        (repo / "b.yaml").write_text("new: 0\n" + TEN)
        git(repo, "add", "b.yaml")
        (repo / "sub/c.yaml").write_text(TEN + "new: 10\n")

        assert told(repo) == {"a.yaml": [3], "b.yaml": [1], "sub/c.yaml": [11]}

    def test_what_came_to_the_base_since_does_not_count(self, repo: Path) -> None:
        git(repo, "switch", "-q", "main")
        (repo / "a.yaml").write_text("new: 0\n" + TEN)
        commit(repo)
        git(repo, "switch", "-q", "work")

        assert changed(repo, "main").files == frozenset()

    def test_a_renamed_file_has_only_its_changed_lines(self, repo: Path) -> None:
        git(repo, "mv", "a.yaml", "moved.yaml")
        (repo / "moved.yaml").write_text(TEN.replace("line: 9", "other: 9"))
        commit(repo)

        assert told(repo) == {"moved.yaml": [10]}

    def test_deleted_files_and_lines_do_not_count(self, repo: Path) -> None:
        (repo / "a.yaml").unlink()
        (repo / "b.yaml").write_text(TEN.replace("line: 4\n", ""))

        assert changed(repo, "main").files == frozenset()

    def test_a_changed_mode_does_not_count(self, repo: Path) -> None:
        (repo / "a.yaml").chmod(0o755)

        assert changed(repo, "main").files == frozenset()

    def test_untracked_files_count_whole_and_ignored_ones_do_not(self, repo: Path) -> None:
        (repo / "new.yaml").write_text("a: 1\n")
        (repo / "left.yaml").write_text("a: 1\n")
        (repo / ".gitignore").write_text("left.yaml\n")

        assert changed(repo, "main").whole == {"new.yaml", ".gitignore"}

    def test_binary_files_count_whole_renamed_too(self, repo: Path) -> None:
        (repo / "odd.bin").write_bytes(b"\0" * 999)
        commit(repo)
        git(repo, "branch", "-f", "main")
        git(repo, "mv", "odd.bin", "moved.bin")
        (repo / "moved.bin").write_bytes(b"\0" * 999 + b"\1")
        (repo / "a.yaml").write_bytes(TEN.encode("utf-16"))
        commit(repo)

        assert changed(repo, "main").whole == {"moved.bin", "a.yaml"}

    def test_an_attribute_cannot_hide_lines(self, repo: Path) -> None:
        (repo / ".gitattributes").write_text("*.yaml -diff\n")
        (repo / "a.yaml").write_text("new: 0\n" + TEN)

        assert changed(repo, "main").touches("a.yaml", 1)

    def test_paths_count_from_the_root_and_end_there(self, repo: Path) -> None:
        (repo / "a.yaml").write_text("new: 0\n" + TEN)
        (repo / "sub/c.yaml").write_text("new: 0\n" + TEN)
        (repo / "sub/d e.yaml").write_text("new: 0\n")

        assert changed(repo / "sub", "main").files == {"c.yaml", "d e.yaml"}

    def test_settings_of_the_repository_do_not_change_the_answer(self, repo: Path) -> None:
        odd = {
            "diff.noprefix": "true",
            "diff.mnemonicPrefix": "true",
            "diff.context": "9",
            "diff.interHunkContext": "9",
            "diff.renames": "false",
            "diff.suppressBlankEmpty": "true",
            "color.ui": "always",
            "core.quotePath": "false",
        }
        for name, value in odd.items():
            git(repo, "config", name, value)
        git(repo, "mv", "a.yaml", "ä.yaml")
        (repo / "ä.yaml").write_text("new: 0\n" + TEN.replace("line: 5", "other: 5"))
        commit(repo)

        assert told(repo) == {"ä.yaml": [1, 7]}


class TestRefused:
    @pytest.mark.parametrize(
        "base", ["nosuch", "", "--output=x", "-O/dev/null", "HEAD:a.yaml", "a b", "HEAD..main"]
    )
    def test_what_is_no_base(self, repo: Path, base: str) -> None:
        before = sorted(repo.iterdir())

        with pytest.raises(RefactorError) as refused:
            changed(repo, base)
        assert "\n" not in str(refused.value)
        assert sorted(repo.iterdir()) == before

    def test_no_common_commit(self, repo: Path) -> None:
        git(repo, "switch", "-q", "--orphan", "other")
        commit(repo)

        with pytest.raises(RefactorError, match="its history"):
            changed(repo, "main")

    def test_no_commit_at_all(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q")

        with pytest.raises(RefactorError, match="git cannot say what changed since 'main'"):
            changed(tmp_path, "main")

    def test_no_repository(self, tmp_path: Path) -> None:
        with pytest.raises(RefactorError, match="no git repository, or no git"):
            changed(tmp_path, "main")


TRAPS = {
    "external diff": "[diff]\n\texternal = {0}\n",
    "driver": '[diff "evil"]\n\tcommand = {0}\n',
    "textconv": '[diff "evil"]\n\ttextconv = {0}\n\tcachetextconv = true\n',
    "filter": '[filter "evil"]\n\tclean = {0}\n',
    "fsmonitor": "[core]\n\tfsmonitor = {0}\n",
    "pager": "[core]\n\tpager = {0}\n[pager]\n\tdiff = {0}\n",
    "alias": "[alias]\n\tdiff = !{0}\n\tmerge-base = !{0}\n",
    "order file": "[diff]\n\torderFile = {0}.fifo\n",
}


def set_trap(repo: Path, tmp_path: Path, settings: str) -> Path:
    """Arm a repository, and return the file that tells that its program has run."""
    program, mark = tmp_path / "trap.sh", tmp_path / "sprung"
    program.write_text(f"#!/bin/sh\ntouch '{mark}'\ncat\n")
    program.chmod(0o755)
    os.mkfifo(f"{program}.fifo")
    with (repo / ".git/config").open("a") as config:
        config.write(settings.format(program))
    (repo / ".gitattributes").write_text("*.yaml filter=evil diff=evil\n")
    (repo / "a.yaml").write_text("new: 0\n" + TEN)
    return mark


@pytest.mark.parametrize("settings", TRAPS.values(), ids=TRAPS)
def test_nothing_that_the_repository_names_is_run(
    repo: Path, tmp_path: Path, settings: str
) -> None:
    mark = set_trap(repo, tmp_path, settings)

    assert told(repo) == {"a.yaml": [1]}
    assert not mark.exists()


@pytest.mark.parametrize(
    "name", ["external diff", "driver", "textconv", "filter", "fsmonitor"], ids=str
)
def test_the_traps_would_spring(repo: Path, tmp_path: Path, name: str) -> None:
    """Else the test above would prove nothing."""
    mark = set_trap(repo, tmp_path, TRAPS[name])
    git(repo, "diff", "main")

    assert mark.exists()
