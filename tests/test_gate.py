"""`refactor check` as pipelines and people run it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import ClassVar, NamedTuple

import pytest

from refactor.cli import main
from tests.repositories import commit, git
from tests.shop import write_cluster

VALUES = "# 10.42.1.11 in a comment\nordersUrl: http://10.42.1.11:8080/api\ndb:\n  host: 10.42.1.20\n  port: 5432\n"
NAME = ".refactor-baseline.json"


class Ran(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "repo"
    root.mkdir()
    (root / "values.yaml").write_text(VALUES)
    git(root, "init", "-q")
    commit(root)
    git(root, "switch", "-q", "-c", "work")
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    def run(*args: object) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main(["check", *(str(arg) for arg in args)])
        out, err = capsys.readouterr()
        return Ran(stopped.value.code, out, err)

    return run


def found(ran: Ran) -> list[str]:
    """Return `file:line` of each new finding that a text report lists."""
    lines = [line for line in ran.out.splitlines() if line.endswith(" is hard-coded")]
    return [":".join(line.split(":")[:2]) for line in lines]


class TestWithoutABaseline:
    def test_each_address_fails(self, repo: Path, run) -> None:
        ran = run()

        assert ran.code == 1
        assert found(ran) == ["values.yaml:2", "values.yaml:4"]
        assert ran.out.endswith("2 new hard-coded addresses; 1 file read\n")

    CLEAN: ClassVar = {
        "nothing": "a: 1\n",
        "a comment": "# 10.42.1.11\na: 1\n",
        "loopback": "a: http://127.0.0.1:80\nb: 0.0.0.0\n",
        "a version": "tag: 10.4.2.17\n",
        "a public address": "url: http://8.8.8.8:80\n",
        "a field that needs an IP": "kind: Service\nspec:\n  clusterIP: 10.43.0.10\n",
        "an image": "image: 10.0.4.9:5000/app\n",
        "a marked line": "a: http://10.42.1.11  # refactor: ignore\n",
        "a marked line with a reason": "a: http://10.42.1.11  # refactor: ignore[a box, OPS-12]\n",
        "linters' own words": "a: http://10.42.1.11  # noqa: refactor\n",
    }

    @pytest.mark.parametrize("text", CLEAN.values(), ids=CLEAN)
    def test_clean(self, repo: Path, run, text: str) -> None:
        (repo / "values.yaml").write_text(text)

        assert run().code == 0

    @pytest.mark.parametrize(
        "mark", ["# refactor: ignored", "# ignore", "# refactor: keep", "# xrefactor:ignorex"]
    )
    def test_what_is_no_marker(self, repo: Path, run, mark: str) -> None:
        (repo / "values.yaml").write_text(f"a: http://10.42.1.11  {mark}\n")

        assert run().code == 1

    @pytest.mark.parametrize(
        ("name", "text", "code"),
        [
            ("main.go", 'const url = "http://10.42.1.11:8080"\n', 1),
            ("A.java", 'String url = "http://10.42.1.11:8080";\n', 1),
            ("a.ts", 'const url = "http://10.42.1.11:8080";\n', 1),
            ("a.lua", 'local url = "http://10.42.1.11:8080"\n', 1),
            ("main.go", 'if strings.HasPrefix(u, "http://10.42.1.11:8080") {\n', 0),
            ("main.go", "// http://10.42.1.11:8080\n", 0),
            ("main_test.go", 'const url = "http://10.42.1.11:8080"\n', 0),
            ("x.pb.go", 'const url = "http://10.42.1.11:8080"\n', 0),
        ],
    )
    def test_another_language_counts_although_it_is_not_edited(
        self, repo: Path, run, name: str, text: str, code: int
    ) -> None:
        (repo / "values.yaml").write_text("a: 1\n")
        (repo / name).write_text(text)

        assert run().code == code

    def test_an_inventory_adds_names_and_says_what_to_write(
        self, repo: Path, run, tmp_path: Path
    ) -> None:
        cluster = write_cluster(tmp_path / "cluster.json")
        (repo / "env.yaml").write_text("billingHost: node-1\n")
        ran = run("-i", cluster)

        assert found(ran) == ["env.yaml:1", "values.yaml:2", "values.yaml:4"]
        assert "help: write orders.shop.svc.cluster.local:80" in ran.out
        assert found(run()) == ["values.yaml:2", "values.yaml:4"]


class TestTheReasonOfAMarker:
    def test_it_is_reported(self, repo: Path, run) -> None:
        (repo / "values.yaml").write_text("a: http://10.42.1.11  # refactor: ignore[ a box ]\n")
        log = json.loads(run("--format", "sarif").out)
        [result] = log["runs"][0]["results"]

        assert result["suppressions"] == [
            {"kind": "inSource", "justification": "the line says so: a box"}
        ]

    @pytest.mark.parametrize("mark", ["ignore", "ignore[]", "ignore[open", "ignore[ ]"])
    def test_it_may_be_absent(self, repo: Path, run, mark: str) -> None:
        (repo / "values.yaml").write_text(f"a: http://10.42.1.11  # refactor: {mark}\n")
        [outcome] = json.loads(run("--format", "json").out)["outcomes"]

        assert outcome["why"] == "the line says so"


class TestBaseline:
    def test_what_is_known_passes_and_what_is_new_fails(self, repo: Path, run) -> None:
        written = run("--write-baseline")

        assert (written.code, run().code) == (0, 0)
        assert written.out.endswith("2 known, 2 of them new; 0 gone\n")

        (repo / "values.yaml").write_text(VALUES + "new: 10.42.9.9\n")
        ran = run()
        assert ran.code == 1
        assert found(ran) == ["values.yaml:6"]
        assert "1 new hard-coded address, 2 in the baseline" in ran.out

    def test_the_file(self, repo: Path, run) -> None:
        run("--write-baseline")

        text = (repo / NAME).read_text()
        assert json.loads(text) == {
            "version": 1,
            "findings": [
                {"fingerprint": "95c05f9b984dc7bf", "file": "values.yaml", "address": "10.42.1.11:8080", "key": "ordersUrl"},
                {"fingerprint": "d26fc0d497e925de", "file": "values.yaml", "address": "10.42.1.20:5432", "key": "host"},
            ],
        }  # fmt: skip
        assert len(text.splitlines()) == 4
        assert run("--write-baseline").code == 0
        assert (repo / NAME).read_text() == text

    SAME: ClassVar = {
        "lines above": "a: 1\n\n" + VALUES,
        "order": "db:\n  port: 5432\n  host: 10.42.1.20\nordersUrl: http://10.42.1.11:8080/api\n",
        "style": VALUES.replace("10.42.1.20", '"10.42.1.20"').replace("\n", "\r\n"),
        "path of the URL": VALUES.replace("/api", "/v2/api?x=1"),
    }

    @pytest.mark.parametrize("text", SAME.values(), ids=SAME)
    def test_edits_around_an_address_do_not_make_it_new(self, repo: Path, run, text: str) -> None:
        run("--write-baseline")
        (repo / "values.yaml").write_text(text, newline="")

        assert run().code == 0

    OTHER: ClassVar = {
        "host": VALUES.replace("10.42.1.20", "10.42.1.21"),
        "port": VALUES.replace("5432", "5433"),
        "key": VALUES.replace("ordersUrl", "url"),
        "parent": VALUES.replace("db:", "database:"),
    }

    @pytest.mark.parametrize("text", OTHER.values(), ids=OTHER)
    def test_another_address_is_new(self, repo: Path, run, text: str) -> None:
        run("--write-baseline")
        (repo / "values.yaml").write_text(text)
        ran = run()

        assert ran.code == 1
        assert "1 new hard-coded address, 1 in the baseline, 1 gone" in ran.out

    def test_equal_ones_are_counted_and_a_new_item_moves_none(self, repo: Path, run) -> None:
        def write(*hosts: str) -> None:
            (repo / "values.yaml").write_text("hosts:\n" + "".join(f"- {h}\n" for h in hosts))

        write("10.0.0.1", "10.0.0.2", "10.0.0.1")
        run("--write-baseline")
        counts = [e.get("count", 1) for e in json.loads((repo / NAME).read_text())["findings"]]
        assert counts == [2, 1]

        write("10.0.0.3", "10.0.0.1", "10.0.0.2", "10.0.0.1")
        assert found(run()) == ["values.yaml:2"]
        write("10.0.0.1", "10.0.0.2", "10.0.0.1", "10.0.0.1")
        assert found(run()) == ["values.yaml:5"]
        write("10.0.0.1", "10.0.0.2")
        assert ", 1 gone;" in run().out

    def test_what_is_gone_is_told_and_pruned(self, repo: Path, run) -> None:
        run("--write-baseline")
        (repo / "values.yaml").write_text("a: 10.42.9.9\n")

        assert "2 of its addresses are gone; --write-baseline prunes them" in run().out
        assert run("--write-baseline").out.endswith("1 known, 1 of them new; 2 gone\n")
        assert [e["address"] for e in json.loads((repo / NAME).read_text())["findings"]] == ["10.42.9.9"]  # fmt: skip

    def test_only_what_was_looked_for_can_be_gone_or_pruned(self, repo: Path, run) -> None:
        (repo / "a").mkdir()
        (repo / "a/b.yaml").write_text("x: 10.0.0.1\n")
        (repo / "a.yaml").write_text("x: 10.0.0.2\n")
        run("--write-baseline")
        (repo / "a/b.yaml").write_text("x: 1\n")
        (repo / "values.yaml").write_text("x: 1\n")

        assert "3 gone" in run().out
        assert "1 gone" in run("a").out
        assert "gone" not in run("a.yaml").out
        assert "gone" not in run("--diff-base", "main").out
        assert run("a", "--write-baseline").out.endswith("3 known, 0 of them new; 1 gone\n")

    def test_one_that_is_named(self, repo: Path, run, tmp_path: Path) -> None:
        (repo / "ci").mkdir()

        assert run("--baseline", "ci/known.json").code == 2
        assert run("--baseline", "ci/known.json", "--write-baseline").code == 0
        assert run("--baseline", "ci/known.json").code == 0
        assert run().code == 1
        assert not (repo / NAME).exists()

    def test_a_merge_that_left_an_entry_twice_lets_no_more_through(self, repo: Path, run) -> None:
        run("--write-baseline")
        kept = json.loads((repo / NAME).read_text())
        kept["findings"] *= 2
        (repo / NAME).write_text(json.dumps(kept))
        (repo / "values.yaml").write_text(VALUES + "---\n" + VALUES)

        assert run().code == 1

    BAD: ClassVar = {
        "empty": b"",
        "no JSON": b"<<<<<<< HEAD\n{}",
        "no object": b"[]",
        "another version": b'{"version": 2, "findings": []}',
        "unknown field": b'{"version": 1, "findings": [], "x": 1}',
        "unknown field of an entry": b'{"findings": [{"fingerprint": "0123456789abcdef", "file": "a", "address": "b", "x": 1}]}',
        "no fingerprint": b'{"findings": [{"fingerprint": "../..", "file": "a", "address": "b"}]}',
        "a negative count": b'{"findings": [{"fingerprint": "0123456789abcdef", "file": "a", "address": "b", "count": -1}]}',
        "no text": b'{"version": 1, "findings": ["\xff"]}',
        "deep": b"[" * 100_000,
    }

    @pytest.mark.parametrize("data", BAD.values(), ids=BAD)
    @pytest.mark.parametrize("option", [[], ["--write-baseline"]], ids=["check", "write"])
    def test_one_that_is_none_is_an_error_in_one_line(
        self, repo: Path, run, data: bytes, option: list[str]
    ) -> None:
        (repo / NAME).write_bytes(data)
        ran = run(*option)

        assert ran.code == 2
        assert ran.err.count("\n") == 1
        assert NAME in ran.err
        assert (repo / NAME).read_bytes() == data

    def test_a_link_out_of_the_repository_is_neither_read_nor_written(
        self, repo: Path, run, tmp_path: Path
    ) -> None:
        (tmp_path / "outside").write_text("mine\n")
        (repo / NAME).symlink_to(tmp_path / "outside")

        assert run().code == 2
        assert run("--write-baseline").code == 2
        assert (tmp_path / "outside").read_text() == "mine\n"

    def test_no_secret_gets_in(self, repo: Path, run) -> None:
        (repo / "values.yaml").write_text("url: http://bob:hunter2@10.42.1.11:8080/?token=hunter2\n")  # fmt: skip
        run("--write-baseline")

        assert "10.42.1.11:8080" in (repo / NAME).read_text()
        assert "hunter2" not in (repo / NAME).read_text()


class TestDiffBase:
    CASES: ClassVar = {
        "nothing": (VALUES, []),
        "a line beside it": (VALUES.replace("# 10.42.1.11 in", "# new"), []),
        "its line": (VALUES.replace("/api", "/v2"), ["values.yaml:2"]),
        "its port's line": (VALUES.replace("port: 5432", "port: 5433"), ["values.yaml:4"]),
        "a line more": (VALUES + "x: 10.0.0.1\n", ["values.yaml:6"]),
        "a line less": (VALUES.replace("  port: 5432\n", ""), []),
    }

    @pytest.mark.parametrize(("text", "want"), CASES.values(), ids=CASES)
    def test_what_was_changed(self, repo: Path, run, text: str, want: list[str]) -> None:
        (repo / "values.yaml").write_text(text)
        ran = run("--diff-base", "main")

        assert found(ran) == want
        assert ran.code == int(bool(want))

    def test_new_and_moved_files(self, repo: Path, run) -> None:
        git(repo, "mv", "values.yaml", "moved.yaml")
        (repo / "new.yaml").write_text("x: 10.0.0.1\n")

        assert found(run("--diff-base", "main")) == ["new.yaml:1"]

    def test_files_that_git_or_the_settings_ignore(self, repo: Path, run) -> None:
        (repo / "cluster.json").write_text('{"x": "10.0.0.1"}')
        (repo / ".refactor.yaml").write_text("ignore: [cluster.json]\n")
        (repo / "README.md").write_text("http://10.0.0.1:80\n")

        assert run("--diff-base", "main").code == 0

    def test_within_paths(self, repo: Path, run) -> None:
        (repo / "a").mkdir()
        (repo / "a/new.yaml").write_text("x: 10.0.0.1\n")
        (repo / "new.yaml").write_text("x: 10.0.0.1\n")

        assert found(run("a", "--diff-base", "main")) == ["a/new.yaml:1"]
        assert found(run("new.yaml", "--diff-base", "main")) == ["new.yaml:1"]
        assert run("values.yaml", "--diff-base", "main").code == 0

    def test_together_with_a_baseline(self, repo: Path, run) -> None:
        (repo / "values.yaml").write_text(VALUES.replace("/api", "/v2"))
        run("--write-baseline")

        assert run("--diff-base", "main").code == 0

    def test_a_line_that_ends_in_a_carriage_return_alone(self, repo: Path, run) -> None:
        (repo / "a.properties").write_bytes(b"a=1\rb=2\nurl=http://10.0.0.1:80\n")
        commit(repo)
        git(repo, "branch", "-f", "main")
        (repo / "a.properties").write_bytes(b"a=1\rb=2\nurl=http://10.0.0.1:81\n")

        assert found(run("--diff-base", "main")) == ["a.properties:3"]

    @pytest.mark.parametrize("base", ["nosuch", "", "-p"])
    def test_an_unknown_base_is_an_error_in_one_line(self, repo: Path, run, base: str) -> None:
        ran = run(f"--diff-base={base}")

        assert ran.code == 2
        assert ran.err.count("\n") == 1

    def test_it_cannot_make_a_baseline(self, repo: Path, run) -> None:
        assert run("--diff-base", "main", "--write-baseline").code == 2


class TestNamedFiles:
    """As pre-commit hands them over: every file of a commit."""

    def test_rules_hold_for_them(self, repo: Path, run) -> None:
        (repo / "README.md").write_text("http://10.0.0.1:80\n")
        (repo / "test_a.py").write_text("x = 'http://10.0.0.1:80'\n")
        (repo / "cluster.json").write_text('{"x": "10.0.0.1"}')
        (repo / ".refactor.yaml").write_text(
            "ignore: [cluster.json]\nignore-addresses: [10.9.9.9]\n"
        )
        (repo / NAME).write_text('{"version": 1, "findings": []}')
        names = ("README.md", "test_a.py", "cluster.json", ".refactor.yaml", NAME)

        assert run(*names).code == 0
        assert found(run(*names, "values.yaml")) == ["values.yaml:2", "values.yaml:4"]

    def test_the_repository_is_the_one_that_one_stands_in(self, repo: Path, run) -> None:
        (repo / "sub").mkdir()
        (repo / "sub/.refactor.yaml").write_text("")
        (repo / "sub/values.yaml").write_text("x: 10.0.0.1\n")

        assert found(run("sub/values.yaml", "values.yaml")) == [
            "sub/values.yaml:1",
            "values.yaml:2",
            "values.yaml:4",
        ]
        assert found(run("sub")) == ["values.yaml:1"]

    def test_one_that_does_not_exist(self, repo: Path, run) -> None:
        assert run("values.yaml", "nosuch.yaml").code == 2


class TestReports:
    @pytest.mark.parametrize(
        "style", ["json", "sarif", "gitlab", "rdjson", "junit", "markdown", "github"]
    )
    def test_each_format_names_each_finding_and_exits_1(self, repo: Path, run, style: str) -> None:
        ran = run("--format", style)

        assert ran.code == 1
        assert "10.42.1.11:8080" in ran.out or '"host": "10.42.1.11"' in ran.out
        assert ran.err == "refactor: 2 new hard-coded addresses; 1 file read\n"

    @pytest.mark.parametrize(
        "style", ["json", "sarif", "gitlab", "rdjson", "junit", "markdown", "github", "text"]
    )
    def test_a_clean_repository(self, repo: Path, run, style: str) -> None:
        (repo / "values.yaml").write_text("a: 1\n")

        assert run("--format", style).code == 0

    def test_levels(self, repo: Path, run) -> None:
        sarif = json.loads(run("--format", "sarif").out)["runs"][0]["results"]
        gitlab = json.loads(run("--format", "gitlab").out)

        assert [r["level"] for r in sarif] == ["warning", "warning"]
        assert [r["severity"] for r in gitlab] == ["major", "major"]

    def test_several_at_once(self, repo: Path, run, tmp_path: Path) -> None:
        first, second = tmp_path / "a.sarif", tmp_path / "b.md"
        ran = run("--format", "sarif", "--output", first, "--format", "markdown", "--output", second, "--format", "text")  # fmt: skip

        assert json.loads(first.read_text())["version"] == "2.1.0"
        assert second.read_text().startswith("## refactor")
        assert found(ran) == ["values.yaml:2", "values.yaml:4"]

    def test_two_for_standard_output_are_refused(self, repo: Path, run, tmp_path: Path) -> None:
        assert run("--format", "sarif", "--format", "json").code == 2
        assert run("--output", tmp_path / "a", "--output", tmp_path / "b").code == 2

    def test_annotations_cannot_be_made_to_give_commands(self, repo: Path, run) -> None:
        name = "a,b:%0A\n::set-output name=x::y.yaml"
        (repo / name).write_text("k: http://10.0.0.1:80\n")
        (repo / "values.yaml").unlink()
        ran = run("--format", "github")

        assert ran.out.splitlines() == [
            "::error file=a%2Cb%3A%250A%0A%3A%3Aset-output name=x%3A%3Ay.yaml,line=1,col=11,title=hard-coded-url"
            "::10.0.0.1:80 is hard-coded (new): write the name of the Service instead; `refactor plan -i FILE` finds it"
        ]
