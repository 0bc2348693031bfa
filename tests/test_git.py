"""Asking git about a tree, with real repositories, some of which mean harm."""

from __future__ import annotations

import os
import stat
import subprocess
from pathlib import Path

import pytest

from refactor.errors import RefactorError
from refactor.git import dirty


def git(root: Path, *arguments: str) -> None:
    names = (
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.org",
        "-c",
        "protocol.file.allow=always",
    )
    subprocess.run(["git", "-C", str(root), *names, *arguments], check=True, capture_output=True)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    (root / "sub").mkdir(parents=True)
    git(tmp_path, "init", "-q", str(root))
    for name in ("a.yaml", "b.yaml", "sub/c.yaml"):
        (root / name).write_text("old\n")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "start")
    return root


class TestDirty:
    def test_clean(self, repo: Path) -> None:
        assert dirty(repo) == ()

    def test_changed_staged_removed_and_renamed(self, repo: Path) -> None:
        (repo / "a.yaml").write_text("new\n")
        (repo / "d.yaml").write_text("new\n")
        git(repo, "add", "d.yaml")
        git(repo, "mv", "b.yaml", "e.yaml")
        (repo / "sub/c.yaml").unlink()

        assert dirty(repo) == ("a.yaml", "b.yaml", "d.yaml", "e.yaml", "sub/c.yaml")

    def test_untracked_and_ignored_files_do_not_count(self, repo: Path) -> None:
        (repo / "new.yaml").write_text("new\n")
        (repo / "sub/.gitignore").write_text("*\n")

        assert dirty(repo) == ()

    def test_a_changed_time_is_no_change(self, repo: Path) -> None:
        os.utime(repo / "a.yaml", (1, 1))

        assert dirty(repo) == ()

    def test_only_what_is_below_the_root(self, repo: Path) -> None:
        (repo / "a.yaml").write_text("new\n")

        assert dirty(repo / "sub") == ()

        (repo / "sub/c.yaml").write_text("new\n")

        assert dirty(repo / "sub") == ("sub/c.yaml",)

    def test_names_that_git_would_quote(self, repo: Path) -> None:
        name = os.fsdecode(b'\xff "a"\n->b')
        (repo / name).write_text("new\n")
        git(repo, "add", "-A")

        assert dirty(repo) == (name,)

    def test_a_name_that_looks_like_an_option(
        self, repo: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (repo / "--help").mkdir()
        monkeypatch.chdir(repo)

        assert dirty(Path("--help")) == ()

    def test_a_repository_without_commits(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q")
        (tmp_path / "a").write_text("a")
        git(tmp_path, "add", "a")

        assert dirty(tmp_path) == ("a",)

    def test_submodules_do_not_count(self, repo: Path, tmp_path: Path) -> None:
        git(tmp_path, "clone", "-q", str(repo), "outer")
        git(tmp_path / "outer", "submodule", "add", "-q", str(repo), "inner")
        git(tmp_path / "outer", "commit", "-q", "-m", "inner")
        (tmp_path / "outer/inner/a.yaml").write_text("new\n")

        assert dirty(tmp_path / "outer") == ()

    def test_nothing_is_written(self, repo: Path) -> None:
        os.utime(repo / "a.yaml", (1, 1))
        before = (repo / ".git/index").read_bytes()

        dirty(repo)

        assert (repo / ".git/index").read_bytes() == before

    def test_variables_that_git_sets_for_hooks_do_not_lead_elsewhere(
        self, repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        git(tmp_path, "init", "-q", "other")
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
        monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "none"))

        assert dirty(repo) == ()


class TestNoRepository:
    def test_a_plain_directory(self, tmp_path: Path) -> None:
        assert dirty(tmp_path) is None

    def test_no_git(self, repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))

        assert dirty(repo) is None

    def test_a_bare_repository(self, tmp_path: Path) -> None:
        git(tmp_path, "init", "-q", "--bare")

        assert dirty(tmp_path) is None


class TestItCannotTell:
    def test_damaged(self, repo: Path) -> None:
        (repo / ".git/index").write_bytes(b"no index")

        with pytest.raises(RefactorError, match="git cannot say whether anything is uncommitted: "):
            dirty(repo)

    def test_settings_that_git_cannot_read(self, repo: Path) -> None:
        (repo / ".git/config").write_text("[core\n")

        with pytest.raises(RefactorError, match="bad config"):
            dirty(repo)

    def test_a_filter_whose_name_would_hide_it(self, repo: Path) -> None:
        with (repo / ".git/config").open("a") as config:
            config.write('[filter "a=b"]\n\tclean = false\n')

        with pytest.raises(RefactorError, match="a filter of this repository is called"):
            dirty(repo)


@pytest.fixture
def trap(tmp_path: Path) -> tuple[Path, Path]:
    """Return a program, and the file that tells that it has run."""
    program, mark = tmp_path / "trap.sh", tmp_path / "sprung"
    program.write_text(f"#!/bin/sh\ntouch '{mark}'\ncat\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program, mark


def set_trap(root: Path, settings: str) -> None:
    with (root / ".git/config").open("a") as config:
        config.write(settings)
    (root / ".gitattributes").write_text("*.yaml filter=evil diff=evil merge=evil\n")
    # The same size and another time: git has to look inside, through the filter.
    (root / "a.yaml").write_text("old\n")
    os.utime(root / "a.yaml", (1, 1))


TRAPS = [
    "[core]\n\tfsmonitor = {0}\n",
    "[core]\n\thooksPath = {1}\n",
    '[filter "evil"]\n\tclean = {0}\n',
    '[filter "evil"]\n\tclean = {0}\n\trequired = true\n',
    '[filter "evil"]\n\tprocess = {0}\n',
    '[filter "evil"]\n\tprocess = {0}\n\trequired\n',
    "[include]\n\tpath = {1}/included\n",
    '[diff "evil"]\n\tcommand = {0}\n\ttextconv = {0}\n',
    "[core]\n\tpager = {0}\n\tsshCommand = {0}\n[pager]\n\tstatus = {0}\n",
    "[alias]\n\tstatus = !{0}\n\tconfig = !{0}\n",
]


@pytest.mark.parametrize("settings", TRAPS, ids=lambda text: text.split("\n")[1].strip())
def test_nothing_that_the_repository_names_is_run(
    repo: Path, tmp_path: Path, trap: tuple[Path, Path], settings: str
) -> None:
    program, mark = trap
    (tmp_path / "included").write_text(f'[filter "evil"]\n\tclean = {program}\n')
    for hook in ("post-index-change", "fsmonitor-watchman"):
        (tmp_path / hook).symlink_to(program)
    set_trap(repo, settings.format(program, tmp_path))

    assert dirty(repo) == ()
    assert not mark.exists()


@pytest.mark.parametrize(
    "settings", [TRAPS[0], TRAPS[2], TRAPS[6]], ids=["fsmonitor", "clean", "include"]
)
def test_the_traps_would_spring(
    repo: Path, tmp_path: Path, trap: tuple[Path, Path], settings: str
) -> None:
    """Else the test above would prove nothing."""
    program, mark = trap
    (tmp_path / "included").write_text(f'[filter "evil"]\n\tclean = {program}\n')
    set_trap(repo, settings.format(program, tmp_path))

    git(repo, "status")

    assert mark.exists()


def test_the_users_own_filters_still_run(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without Git LFS, every file that it keeps would look changed."""
    (tmp_path / "gitconfig").write_text('[filter "evil"]\n\tclean = "sed s/new/old/"\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    set_trap(repo, "")
    (repo / "a.yaml").write_text("new\n")

    assert dirty(repo) == ()
