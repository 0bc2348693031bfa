"""Asking git about a tree, with real repositories, some of which mean harm."""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from refactor.errors import RefactorError
from refactor.files.uncommitted import dirty
from refactor.gate.changed import changed


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

    def test_submodules_of_submodules_count(self, repo: Path, tmp_path: Path) -> None:
        for name, inner in (("middle", repo), ("outer", tmp_path / "middle")):
            git(tmp_path, "init", "-q", name)
            git(tmp_path / name, "submodule", "add", "-q", str(inner), "in")
            git(tmp_path / name, "commit", "-q", "-m", "inner")
        git(tmp_path / "outer", "submodule", "update", "-q", "--init", "--recursive")
        assert dirty(tmp_path / "outer") == ()

        (tmp_path / "outer/in/in/a.yaml").write_text("new\n")
        (tmp_path / "outer/in/in/untracked.yaml").write_text("new\n")
        (tmp_path / "outer/in/.gitmodules").write_text("")

        assert dirty(tmp_path / "outer") == ("in/.gitmodules", "in/in/a.yaml")
        assert dirty(tmp_path / "outer/in") == (".gitmodules", "in/a.yaml")

    def test_an_inner_repository_that_is_written_to_counts(
        self, tmp_path: Path, repo: Path
    ) -> None:
        git(tmp_path, "clone", "-q", str(repo), str(repo / "inner"))
        (repo / "inner/a.yaml").write_text("new\n")

        assert dirty(repo) == ()
        assert dirty(repo, ["inner"]) == ("inner/a.yaml",)

    def test_a_submodule_that_leads_out_of_the_tree_is_not_asked(
        self, repo: Path, tmp_path: Path
    ) -> None:
        git(tmp_path, "clone", "-q", str(repo), "other")
        (tmp_path / "other/a.yaml").write_text("new\n")
        (repo / "sub/link").symlink_to(tmp_path / "other")
        git(repo, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub/link")
        git(repo, "commit", "-q", "-m", "link")

        assert dirty(repo) == ()

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

    def test_other_files_of_git_that_never_end(
        self, repo: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (repo / ".git/config").unlink()
        os.mkfifo(repo / ".git/config")
        monkeypatch.setattr("refactor.files.git.TIMEOUT", 0.5)

        with pytest.raises(RefactorError, match=r"it takes more than 0\.5 seconds"):
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
    (root / ".gitattributes").write_text(
        "*.yaml filter=a=b\na.yaml filter=evil diff=evil merge=evil\nb.yaml filter=user\n"
    )
    # The same size and another time: git has to look inside, through the filter.
    for name in ("a.yaml", "b.yaml", "sub/c.yaml"):
        (root / name).write_text("old\n")
        os.utime(root / name, (1, 1))


TRAPS = [
    '[filter "a=b"]\n\tclean = {0}\n\trequired = true\n',
    '[filter "user"]\n\tsmudge = {0}\n\trequired = true\n[user]\n\tprogram = {0}\n',
    "[extensions]\n\tworktreeConfig = true\n",
    '[includeIf "onbranch:**"]\n\tpath = {1}/included\n',
    "[core]\n\tworktree = {1}/elsewhere\n",
    "[status]\n\tsubmoduleSummary = true\n[submodule]\n\trecurse = true\n",
    "[credential]\n\thelper = {0}\n[gpg]\n\tprogram = {0}\n[log]\n\tshowSignature = true\n",
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
    repo: Path,
    tmp_path: Path,
    trap: tuple[Path, Path],
    settings: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    program, mark = trap
    (tmp_path / "included").write_text(f'[filter "evil"]\n\tclean = {program}\n')
    (repo / ".git/config.worktree").write_text(f'[filter "evil"]\n\tclean = {program}\n')
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "gitconfig").write_text(f'[filter "user"]\n\tclean = {program}\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    for variable in ("GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_PAGER"):
        monkeypatch.setenv(variable, str(program))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(program))
    for hook in ("post-index-change", "fsmonitor-watchman"):
        (tmp_path / hook).symlink_to(program)
    set_trap(repo, settings.format(program, tmp_path))

    assert dirty(repo) == ()
    changed(repo, "HEAD")
    assert not mark.exists()


@pytest.mark.parametrize(
    "settings",
    [t for t in TRAPS if "fsmonitor" in t or "include" in t or 'evil"]\n\tclean = {0}\n' in t],
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


def pointer(data: bytes) -> str:
    oid = hashlib.sha256(data).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {len(data)}\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"new\n", ()), (b"old\n", ("a.yaml",)), (b"more\n", ("a.yaml",))],
    ids=["as it was", "other bytes", "another size"],
)
def test_a_file_of_git_lfs_is_compared_without_its_filter(
    repo: Path, content: bytes, expected: tuple[str, ...]
) -> None:
    (repo / "a.yaml").write_text(pointer(b"new\n"))
    (repo / ".gitattributes").write_text("a.yaml filter=lfs\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-q", "-m", "pointer")

    (repo / "a.yaml").write_bytes(content)

    assert dirty(repo) == expected


def test_a_filter_of_the_users_is_not_commanded_by_the_repository(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trap: tuple[Path, Path]
) -> None:
    """Git LFS runs the programs that `lfs.extension.*` of the repository's settings names."""
    program, mark = trap
    (tmp_path / "gitconfig").write_text('[filter "lfs"]\n\tclean = $(git config my.program)\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    (repo / ".git/info/attributes").write_text("*.yaml filter=lfs\n")
    git(repo, "config", "my.program", str(program))
    os.utime(repo / "a.yaml", (1, 1))

    assert dirty(repo) == ()
    assert not mark.exists()
    git(repo, "status")
    assert mark.exists()  # else nothing would be proven


def test_no_object_is_fetched_from_a_promisor(repo: Path, trap: tuple[Path, Path]) -> None:
    program, mark = trap
    git(repo, "config", "core.repositoryFormatVersion", "1")
    git(repo, "config", "extensions.partialClone", "evil")
    git(repo, "config", "remote.evil.url", f"ext::{program}")
    git(repo, "config", "remote.evil.promisor", "true")
    git(repo, "config", "protocol.ext.allow", "always")
    for blob in (repo / ".git/objects").glob("??/*"):
        kind = subprocess.run(
            ["git", "-C", str(repo), "cat-file", "-t", blob.parent.name + blob.name],
            capture_output=True,
            check=True,
        )
        if kind.stdout == b"blob\n":
            blob.unlink()
    (repo / "a.yaml").write_text("new\n")

    with suppress(RefactorError):
        changed(repo, "HEAD")

    assert not mark.exists()


def test_a_git_of_the_working_directory_is_not_run(
    repo: Path, trap: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    program, mark = trap
    (repo / "git").symlink_to(program)
    monkeypatch.chdir(repo)
    monkeypatch.setenv("PATH", ".", prepend=os.pathsep)
    monkeypatch.setenv("PATH", "", prepend=os.pathsep)

    assert dirty(repo) == ()
    assert not mark.exists()
