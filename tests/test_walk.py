"""What a walk lists, what it passes over and under which name that is counted."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from refactor.errors import RefactorError
from refactor.files import walk_rules
from refactor.files.walk import find_root, read, walk
from refactor.settings.types import Settings


def put(root: Path, *paths: str, content: str = "x") -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content)


def listed(root: Path, *paths: Path, settings: Settings | None = None) -> list[str]:
    return [path for path, _ in walk(root, paths, settings or Settings()).files]


RULES = [
    ("version-control", ".git/config"),
    ("version-control", "a/.hg/store"),
    ("version-control", ".svn/entries"),
    ("dependencies", "web/node_modules/x/index.js"),
    ("dependencies", "lib/site-packages/x.py"),
    ("dependencies", ".tox/py311/a.py"),
    ("dependencies", ".nox/a/b.py"),
    ("dependencies", "a/__pycache__/a.cpython-311.pyc"),
    ("dependencies", "env/pyvenv.cfg"),
    ("dependencies", "go/vendor/modules.txt"),
    ("state", ".refactor/lock"),
    ("state", "a/.refactor-0a1b2c3d-7.tmp"),
    ("settings", ".refactor.yaml"),
    ("lock-file", "package-lock.json"),
    ("lock-file", "web/yarn.lock"),
    ("lock-file", "poetry.lock"),
    ("lock-file", "Cargo.lock"),
    ("lock-file", "go.sum"),
    ("lock-file", "Pipfile.lock"),
    ("lock-file", "uv.lock"),
    ("lock-file", "charts/a/Chart.lock"),
    ("lock-file", "pnpm-lock.yaml"),
    ("backup", "values.yaml~"),
    ("backup", "#values.yaml#"),
    ("backup", ".values.yaml.swp"),
    ("backup", "values.yaml.orig"),
    ("backup", "values.yaml.bak"),
    ("packaged-chart", "shop/charts/redis-1.2.3.tgz"),
    ("prose", "README.md"),
    ("prose", "docs/index.rst"),
    ("prose", "docs/index.adoc"),
    ("stub", "a.pyi"),
    ("test-file", "test_a.py"),
    ("test-file", "pkg/a_test.py"),
    ("test-file", "pkg/conftest.py"),
    ("test-file", "pkg/tests.py"),
    ("test-file", "pkg/a_test.go"),
    ("test-file", "src/a.spec.ts"),
    ("test-file", "src/a.test.js"),
    ("test-file", "src/OrdersTest.java"),
    ("test-file", "src/OrdersIT.kt"),
    ("test-file", "src/OrdersTests.cs"),
    ("test-file", "src/OrdersTest.php"),
    ("test-file", "lib/orders_spec.rb"),
    ("test-file", "lib/orders_test.exs"),
    ("test-file", "tests/cli/run.rs"),
    ("test-file", "tests/shop/cluster.py"),
    ("test-file", "a/test/b/helper.py"),
]
NO_RULES = [
    "vendor/a.py",
    "go/vendor/github.com/x/y.go",
    "node_modules.yaml",
    "src/git/config.yaml",
    "locks.yaml",
    "lock",
    "lock.py",
    "a.tgz",
    "charts/a/values.yaml",
    "tests/values.yaml",
    "chart/templates/tests/connection.yaml",
    "testing.py",
    "pkg/contest.py",
    "pkg/latest.py",
    "tested/a.py",
    "src/Contest.java",
    "src/attest.go",
    "src/spec.rb",
    "src/contest.ts",
    "src/testdata.go",
    "README",
    "NOTES.txt",
    "md",
    ".env",
    ".github/workflows/a.yaml",
    "pyproject.toml",
    "a b.yaml",
    "refactor.yaml",
    "#a.yaml",
    "swp",
]


@pytest.mark.parametrize(("rule", "path"), RULES, ids=[path for _, path in RULES])
def test_passed_over_by_rule(tmp_path: Path, rule: str, path: str) -> None:
    put(tmp_path, path)

    walked = walk(tmp_path, [], Settings())

    assert (walked.files, walked.passed_over) == ([], {rule: 1})


@pytest.mark.parametrize("path", NO_RULES)
def test_listed(tmp_path: Path, path: str) -> None:
    put(tmp_path, path)

    walked = walk(tmp_path, [], Settings())

    assert walked.files == [(path, tmp_path / path)]
    assert walked.passed_over == {}


@pytest.mark.parametrize("path", [path for rule, path in RULES if rule == "test-file"])
def test_test_files_when_the_settings_ask_for_them(tmp_path: Path, path: str) -> None:
    put(tmp_path, path)

    assert listed(tmp_path, settings=Settings(tests=True)) == [path]


@pytest.mark.parametrize("path", [path for _, path in RULES])
def test_a_file_that_is_named_is_listed_whatever_the_rules_say(tmp_path: Path, path: str) -> None:
    put(tmp_path, path)

    assert listed(tmp_path, tmp_path / path) == [path]


def test_a_directory_counts_once_however_much_it_holds(tmp_path: Path) -> None:
    put(tmp_path, "node_modules/a.js", "node_modules/b.js", "web/node_modules/c.js", "a.py")

    walked = walk(tmp_path, [], Settings())

    assert [path for path, _ in walked.files] == ["a.py"]
    assert walked.passed_over == {"dependencies": 2}


def test_huge(tmp_path: Path) -> None:
    (tmp_path / "bundle.js").write_bytes(b"x" * (walk_rules.HUGE + 1))
    (tmp_path / "large.js").write_bytes(b"x" * walk_rules.HUGE)

    walked = walk(tmp_path, [], Settings())

    assert [path for path, _ in walked.files] == ["large.js"]
    assert walked.passed_over == {"huge": 1}


class TestIgnored:
    def test_nearest_pattern_decides_and_the_settings_outrank_it(self, tmp_path: Path) -> None:
        put(tmp_path, "a.log", "keep/a.log", "keep/b.yaml", "gen/c.yaml", "old/d.yaml")
        (tmp_path / ".gitignore").write_text("*.log\ngen/\n")
        (tmp_path / "keep/.gitignore").write_text("!a.log\n!b.yaml\n")

        walked = walk(tmp_path, [], Settings(ignore=("/old/", "keep/b.yaml")))

        assert [path for path, _ in walked.files] == [".gitignore", "keep/.gitignore", "keep/a.log"]
        assert walked.passed_over == {"ignored": 4}

    def test_patterns_above_the_path_that_is_named_count(self, tmp_path: Path) -> None:
        put(tmp_path, "a/b/c.log", "a/b/d.yaml", "a/b/e.tmp")
        (tmp_path / ".gitignore").write_text("*.log\n")
        (tmp_path / "a/.gitignore").write_text("/b/*.tmp\n")

        assert listed(tmp_path, tmp_path / "a/b") == ["a/b/d.yaml"]

    def test_patterns_above_the_root_count_up_to_the_repository(self, tmp_path: Path) -> None:
        put(tmp_path, "repo/.git/HEAD", "repo/app/a.log", "repo/app/b.log", "repo/app/c.yaml")
        (tmp_path / ".gitignore").write_text("*.yaml\n")
        (tmp_path / "repo/.gitignore").write_text("/app/a.log\n")
        root = tmp_path / "repo/app"

        assert listed(root) == ["b.log", "c.yaml"]
        assert listed(root, settings=Settings(ignore=("/b.log",))) == ["c.yaml"]

    def test_what_git_has_is_looked_into_whatever_its_patterns_say(self, tmp_path: Path) -> None:
        root = tmp_path / "repo/app"
        files = (".env", "conf/a.yaml", "conf/deep/b.yaml", "conf/node_modules/c.js", "old/d.yaml")
        put(root, *files)
        git = ["git", "-C", str(root)]
        subprocess.run(["git", "init", "-q", str(tmp_path / "repo")], check=True)
        subprocess.run([*git, "add", "."], check=True)
        (tmp_path / "repo/.gitignore").write_text(".env\nconf/\n*.yaml\n")
        put(root, "e.yaml", "conf/f.yaml", "sub/.env")

        assert listed(root) == [".env", "conf/a.yaml", "conf/deep/b.yaml", "old/d.yaml"]
        assert listed(root, root / "conf") == ["conf/a.yaml", "conf/deep/b.yaml"]
        chosen = Settings(ignore=("conf/deep/", ".env"))
        assert listed(root, settings=chosen) == ["conf/a.yaml", "old/d.yaml"]

    def test_a_link_in_a_directory_that_git_ignores_stays_one(self, tmp_path: Path) -> None:
        put(tmp_path, "conf/a.yaml", "real/x.yaml")
        (tmp_path / "conf/b.yaml").symlink_to(tmp_path / "real/x.yaml")
        subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
        subprocess.run(["git", "-C", str(tmp_path), "add", "."], check=True)
        shutil.rmtree(tmp_path / "real")
        (tmp_path / "outside").mkdir()
        (tmp_path / ".gitignore").write_text("conf/\n")

        assert listed(tmp_path) == [".gitignore", "conf/a.yaml"]

    def test_info_exclude(self, tmp_path: Path) -> None:
        put(tmp_path, "a.yaml", "b.yaml")
        put(tmp_path, ".git/info/exclude", content="b.yaml\n")

        assert listed(tmp_path) == ["a.yaml"]

    def test_info_exclude_of_a_worktree(self, tmp_path: Path) -> None:
        git = ["git", "-C", str(tmp_path / "main"), "-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(["git", "init", "-q", str(tmp_path / "main")], check=True)
        subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "a"], check=True)
        subprocess.run([*git, "worktree", "add", "-q", str(tmp_path / "tree")], check=True)
        put(tmp_path, "main/.git/info/exclude", content="b.yaml\n")
        put(tmp_path, "tree/a.yaml", "tree/b.yaml")

        assert listed(tmp_path / "tree") == [".git", "a.yaml"]

    def test_a_repository_inside_has_its_own_patterns(self, tmp_path: Path) -> None:
        put(tmp_path, ".git/HEAD", "inner/.git/HEAD", "inner/a.log", "inner/b.yaml", "c.log")
        put(tmp_path, "inner/.git/info/exclude", content="b.yaml\n")
        (tmp_path / ".gitignore").write_text("*.log\n")

        assert listed(tmp_path) == [".gitignore", "inner/a.log"]

    def test_a_link_is_no_file_of_patterns(self, tmp_path: Path) -> None:
        """As git has it since 2.32."""
        put(tmp_path, "patterns", content="a.yaml\n")
        put(tmp_path, "a.yaml")
        (tmp_path / ".gitignore").symlink_to("patterns")

        assert listed(tmp_path) == ["a.yaml", "patterns"]

    def test_patterns_that_are_no_text(self, tmp_path: Path) -> None:
        put(tmp_path, "a.yaml", "b.yaml")
        (tmp_path / ".gitignore").write_bytes(b"\xef\xbb\xbfa.yaml\r\n\xff*\r\n")

        assert listed(tmp_path) == [".gitignore", "b.yaml"]


class TestPaths:
    def test_in_order_and_once(self, tmp_path: Path) -> None:
        put(tmp_path, "b.py", "a/b.py", "a.py", "a/a.py")
        paths = [tmp_path / "b.py", tmp_path / "a", tmp_path, tmp_path / "a/b.py"]

        assert listed(tmp_path, *paths) == ["a.py", "a/a.py", "a/b.py", "b.py"]

    def test_directories_given_twice_count_once(self, tmp_path: Path) -> None:
        put(tmp_path, "a/README.md")

        walked = walk(tmp_path, [tmp_path / "a", tmp_path], Settings())

        assert walked.passed_over == {"prose": 1}

    def test_a_named_directory_is_entered_whatever_it_is(self, tmp_path: Path) -> None:
        put(tmp_path, "env/pyvenv.cfg", "env/a.py")

        assert listed(tmp_path, tmp_path / "env") == ["env/a.py", "env/pyvenv.cfg"]

    def test_relative_to_the_working_directory(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(tmp_path, "a/b.py", "c.py")
        monkeypatch.chdir(tmp_path / "a")

        assert listed(tmp_path, Path("b.py"), Path("../c.py")) == ["a/b.py", "c.py"]

    def test_names_with_line_feeds_and_undecodable_ones(self, tmp_path: Path) -> None:
        for name in (b"a\nb.py", b"\xff.py", b"\xff\xfe/c.py"):
            file = tmp_path / os.fsdecode(name)
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(b"x = 1\n")

        walked = walk(tmp_path, [], Settings())

        assert [os.fsencode(path) for path, _ in walked.files] == [
            b"a\nb.py",
            b"\xff.py",
            b"\xff\xfe/c.py",
        ]
        assert [read(file) for _, file in walked.files] == [b"x = 1\n"] * 3

    @pytest.mark.parametrize("name", ["gone.py", "gone/a.py"])
    def test_a_path_that_does_not_exist(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(RefactorError, match=r"gone.*: no such file or directory"):
            walk(tmp_path, [tmp_path / name], Settings())

    @pytest.mark.parametrize("path", ["../outside.py", "link.py", "../"])
    def test_a_path_outside_the_root(self, tmp_path: Path, path: str) -> None:
        put(tmp_path, "outside.py", "root/a.py")
        (tmp_path / "root/link.py").symlink_to("../outside.py")

        with pytest.raises(RefactorError, match="lies outside of"):
            walk(tmp_path / "root", [tmp_path / "root" / path], Settings())


class TestLinksAndSpecialFiles:
    def test_links_are_not_followed(self, tmp_path: Path) -> None:
        put(tmp_path, "outside/secret.yaml", "root/a.yaml", "root/d/b.yaml")
        root = tmp_path / "root"
        links = {"out.yaml": "../outside/secret.yaml", "out": "../outside", "loop": ".",
                 "in.yaml": "a.yaml", "dangling": "nowhere", "self": "self"}  # fmt: skip
        for name, target in links.items():
            (root / name).symlink_to(target)

        walked = walk(root, [], Settings())

        assert [path for path, _ in walked.files] == ["a.yaml", "d/b.yaml"]
        assert walked.passed_over == {"link": 6}

    def test_a_named_link_stands_for_what_it_leads_to(self, tmp_path: Path) -> None:
        put(tmp_path, "a.yaml", "d/b.yaml")
        (tmp_path / "l.yaml").symlink_to("a.yaml")
        (tmp_path / "l").symlink_to("d")

        assert listed(tmp_path, tmp_path / "l.yaml", tmp_path / "l") == ["a.yaml", "d/b.yaml"]

    def test_a_named_link_that_loops(self, tmp_path: Path) -> None:
        (tmp_path / "l").symlink_to("l")

        walked = walk(tmp_path, [tmp_path / "l"], Settings())

        assert [read(file) for _, file in walked.files] == ["link"]

    def test_a_root_that_is_a_link(self, tmp_path: Path) -> None:
        put(tmp_path, "real/a.yaml")
        (tmp_path / "link").symlink_to("real")

        walked = walk(tmp_path / "link", [tmp_path / "link/a.yaml"], Settings())

        assert walked.files == [("a.yaml", tmp_path / "real/a.yaml")]

    def test_special_files(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        os.mkfifo(tmp_path / "pipe.yaml")
        monkeypatch.chdir(tmp_path)  # a socket's path must be short
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("socket.yaml")

            walked = walk(tmp_path, [], Settings())

        assert (walked.files, walked.passed_over) == ([], {"special": 2})

    def test_a_directory_that_cannot_be_listed_is_noted(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(tmp_path, "a/b.yaml", "c.yaml")
        scandir = os.scandir

        def refuse(path: str) -> object:
            if os.fspath(path).rstrip("/").endswith("/a"):
                raise PermissionError(13, "Permission denied")
            return scandir(path)

        monkeypatch.setattr(os, "scandir", refuse)
        walked = walk(tmp_path, [], Settings())

        assert [path for path, _ in walked.files] == ["c.yaml"]
        assert walked.passed_over == {"unreadable": 1}
        assert [(note.file, note.message) for note in walked.notes] == [
            ("a", "cannot be listed: Permission denied")
        ]


def link(path: Path) -> None:
    path.symlink_to("/etc/passwd")


@pytest.mark.parametrize(
    ("make", "result"),
    [
        (lambda path: path.write_bytes(b"\xffx"), b"\xffx"),
        (lambda path: path.write_bytes(b""), b""),
        (lambda path: None, "vanished"),
        (os.mkfifo, "special"),
        (os.mkdir, "special"),
        (link, "link"),
    ],
    ids=["bytes", "empty", "vanished", "pipe", "directory", "link"],
)
def test_read(tmp_path: Path, make: Callable[[Path], object], result: bytes | str) -> None:
    make(tmp_path / "a")

    assert read(tmp_path / "a") == result


def test_read_below_a_file_and_of_a_device(tmp_path: Path) -> None:
    put(tmp_path, "a")

    assert read(tmp_path / "a/b") == "vanished"
    assert read(Path("/dev/zero")) == "special"


@pytest.mark.parametrize(
    ("marks", "start", "root"),
    [
        ([".git/"], "a/b", "."),
        ([".git/"], "a/b/c.py", "."),
        ([".git"], "a", "."),
        ([".git/", "a/.refactor.yaml"], "a/b", "a"),
        ([".git/", "a/.refactor.yaml"], "b", "."),
        ([".refactor.yaml", "a/.git/"], "a/b", "a"),
        ([".refactor.yaml"], "a/b", "."),
        ([".git/", ".refactor.yaml"], "a/b/c.py", "."),
    ],
    ids=str,
)
def test_the_root_of_a_path(tmp_path: Path, marks: list[str], start: str, root: str) -> None:
    put(tmp_path, "a/b/c.py", "b/d.py")
    for mark in marks:
        (tmp_path / mark).mkdir() if mark.endswith("/") else put(tmp_path, mark)

    assert find_root(tmp_path / start) == (tmp_path / root).resolve()


def test_the_root_of_a_path_without_marks(tmp_path: Path) -> None:
    put(tmp_path, "a/b.py")

    assert find_root(tmp_path / "a") == tmp_path / "a"
    assert find_root(tmp_path / "a/b.py") == tmp_path / "a"


def test_what_is_larger_than_any_text_is_not_read_even_where_it_is_named(tmp_path: Path) -> None:
    large, largest = tmp_path / "large.js", tmp_path / "largest.js"
    for path, size in ((large, walk_rules.LARGEST), (largest, walk_rules.LARGEST + 1)):
        path.touch()
        os.truncate(path, size)

    walked = walk(tmp_path, [large, largest], Settings())

    assert [path for path, _ in walked.files] == ["large.js"]
    assert walked.passed_over == {"huge": 1}
    assert [(n.file, n.reason, n.message) for n in walked.notes] == [
        ("largest.js", "huge", "is larger than 50 MB, and not read")
    ]


def init(root: Path, *ignored: str) -> None:
    root.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    (root / ".gitignore").write_text("".join(f"{line}\n" for line in ignored))


class TestWhatGitSaysIgnored:
    """Git is asked: its own settings name more patterns than a tree holds."""

    @pytest.mark.parametrize("scope", ["repository", "user", "default"])
    def test_excludes_of_the_settings(
        self, tmp_path: Path, scope: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        root, home = tmp_path / "repo", tmp_path / "home"
        init(root)
        put(home, ".config/git/ignore" if scope == "default" else "excludes", content="*.yml\n")
        put(root, "a.yaml", "b.yml")
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
        monkeypatch.delenv("GIT_CONFIG_GLOBAL", raising=False)
        if scope != "default":
            where = ["-C", str(root), "config"] + (["--global"] if scope == "user" else [])
            named = ["core.excludesFile", str(home / "excludes")]
            subprocess.run(["git", *where, *named], check=True)

        walked = walk(root, [], Settings())

        assert [path for path, _ in walked.files] == [".gitignore", "a.yaml"]
        assert walked.passed_over == {"version-control": 1, "ignored": 1}

    def test_counts_stay_as_they_are_without_git(self, tmp_path: Path) -> None:
        """A directory that a pattern names counts once, files that are alone in theirs by file."""
        for name in ("with", "without"):
            put(tmp_path / name, "gen/a", "gen/b", "only/a.log", "only/b.log", "un/c.log", "un/d")
        init(tmp_path / "with", "gen/", "*.log")
        (tmp_path / "without/.gitignore").write_text("gen/\n*.log\n")

        found = [walk(tmp_path / name, [], Settings()) for name in ("with", "without")]

        assert [path for path, _ in found[0].files] == [".gitignore", "un/d"]
        assert found[0].passed_over == {"version-control": 1, "ignored": 4}
        assert found[1].passed_over == {"ignored": 4}

    @pytest.mark.parametrize(
        ("paths", "expected"),
        [
            (("gen",), ["gen/deep/b.yaml", "gen/x.yaml"]),
            (("gen/deep",), ["gen/deep/b.yaml"]),
            (("gen/x.yaml",), ["gen/x.yaml"]),
            ((".",), [".gitignore"]),
        ],
    )
    def test_what_is_named_is_looked_into(
        self, tmp_path: Path, paths: tuple[str, ...], expected: list[str]
    ) -> None:
        init(tmp_path, "gen/")
        put(tmp_path, "gen/x.yaml", "gen/deep/b.yaml")

        assert listed(tmp_path, *(tmp_path / path for path in paths)) == expected

    def test_repositories_inside(self, tmp_path: Path) -> None:
        init(tmp_path, "left/", "*.tmp")
        init(tmp_path / "left")
        init(tmp_path / "in/er", "*.log")
        put(tmp_path, "left/a", "in/er/a.log", "in/er/b.tmp", "in/c.tmp", "in/d.log")

        files = [".gitignore", "in/d.log", "in/er/.gitignore", "in/er/b.tmp"]
        assert listed(tmp_path) == files

    def test_names_that_git_would_quote_or_take_for_patterns(self, tmp_path: Path) -> None:
        root = tmp_path / "*"
        init(tmp_path, "*.log")
        put(root, "a\nb.log", "ü.log", "c.yaml")
        (root / os.fsdecode(b"\xff.log")).write_text("x")

        walked = walk(tmp_path, [root], Settings())

        assert ([path for path, _ in walked.files], walked.passed_over) == (
            ["*/c.yaml"],
            {"ignored": 3},
        )

    @pytest.mark.parametrize(
        "place", [".gitignore", ".git/index", ".git/config", ".git/info/exclude", "excludes"]
    )
    def test_a_fifo_is_not_waited_for(self, tmp_path: Path, place: str) -> None:
        init(tmp_path)
        put(tmp_path, "a.yaml")
        subprocess.run(
            ["git", "-C", str(tmp_path), "config", "core.excludesFile", "excludes"], check=True
        )
        (tmp_path / place).unlink(missing_ok=True)
        os.mkfifo(tmp_path / place)

        assert "a.yaml" in listed(tmp_path)

    def test_a_fifo_deep_in_the_tree_costs_seconds(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        init(tmp_path, "*.log")
        put(tmp_path, "d/a.yaml", "d/b.log")
        os.mkfifo(tmp_path / "d/.gitignore")
        monkeypatch.setattr("refactor.files.git._PATIENCE", 0.5)

        assert listed(tmp_path) == [".gitignore", "d/a.yaml"]

    def test_files_that_are_elsewhere_are_not_listed(self, tmp_path: Path) -> None:
        """A repository may say so (core.worktree), and git would go there."""
        root = tmp_path / "repo"
        init(root, "*.log")
        put(root, "a.yaml", "b.log")
        put(tmp_path / "other", "a.yaml", ".gitignore", content="*.yaml\n")
        named = ["core.worktree", str(tmp_path / "other")]
        subprocess.run(["git", "-C", str(root), "config", *named], check=True)

        assert listed(root) == [".gitignore", "a.yaml"]

    def test_many_repositories_inside_are_not_all_asked(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(5):
            init(tmp_path / str(number), "*.log")
            put(tmp_path, f"{number}/a.log")
        asked: list[Path] = []
        monkeypatch.setattr("refactor.files.walk._MOST_ASKED", 3)
        monkeypatch.setattr(
            "refactor.files.git.ignored",
            lambda top, below: asked.append(top) or frozenset({"a.log"}),
        )

        assert listed(tmp_path) == [f"{number}/.gitignore" for number in range(5)]
        assert len(asked) == 3
