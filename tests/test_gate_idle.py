"""A marker that silences nothing is told: its address has gone, or stands on another line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.repositories import commit, git
from tests.shop import write_cluster
from tests.test_gate import repo, run

__all__ = ["repo", "run"]

UNUSED = {
    "above the address": ("# refactor: ignore[old box]\nurl: http://10.42.1.11:8080\n", 1),
    "below it": ("url: http://orders\n  # noqa: refactor\n", 2),
    "in Python": ("def f():\n    # refactor: ignore[why]\n    return 1\n", 2),
    "in a template": ("{{- /* refactor: ignore */ -}}\nurl: x\n", 1),
    "in a JavaScript-like comment": ("// refactor: ignore[why]\n", 1),
}
USED = {
    "on the line": "url: http://10.42.1.11:8080 # refactor: ignore[why]\n",
    "on the port's line": "host: 10.42.1.11\nport: 8080 # refactor: ignore\n",
    "a public address": "dns: 8.8.8.8 # refactor: ignore[their name server]\n",
    "loopback": "bind: 127.0.0.1 # refactor: ignore\n",
    "what may be a machine's name": "host: node-1 # refactor: ignore[a node]\n",
    "no marker": "# refactor: ignored\nurl: x\n",
    "nothing": "a: 1\n",
}


def told(root: Path, run, *args: object) -> list[str]:
    return [line for line in run(*args).out.splitlines() if "silences nothing" in line]


@pytest.mark.parametrize(("text", "line"), UNUSED.values(), ids=list(UNUSED))
def test_unused(repo: Path, run, text: str, line: int) -> None:
    name = "a.py" if "def " in text else "templates/a.yaml"
    (repo / "templates").mkdir()
    (repo / name).write_text(text)

    (told_,) = told(repo, run)
    assert told_.startswith(f"{name}:{line}: `refactor: ignore` silences nothing: ")


@pytest.mark.parametrize("text", USED.values(), ids=list(USED))
def test_used(repo: Path, run, text: str) -> None:
    (repo / "a.yaml").write_text(text)

    assert told(repo, run) == []


def test_an_inventory_knows_that_no_machine_is_named(repo: Path, run, tmp_path: Path) -> None:
    cluster = write_cluster(tmp_path / "cluster.json")
    (repo / "a.yaml").write_text("host: node-1 # refactor: ignore\nurl: http://orders # refactor: ignore\n")  # fmt: skip

    assert [line.partition(" ")[0] for line in told(repo, run, "-i", cluster)] == ["a.yaml:2:"]


def test_it_fails_nothing_and_stands_in_other_formats(repo: Path, run) -> None:
    (repo / "values.yaml").write_text("# refactor: ignore\na: 1\n")
    assert run().code == 0
    notes = json.loads(run("--format", "json").out)["notes"]
    assert [(note["file"], note["reason"], note["line"]) for note in notes] == [("values.yaml", "unused-ignore", 1)]  # fmt: skip
    assert run("--format", "github").out.startswith(
        "::warning file=values.yaml,line=1,title=unused-ignore::`refactor: ignore` silences nothing"
    )


def test_of_a_branch_only_what_it_changed(repo: Path, run) -> None:
    (repo / "a.yaml").write_text("# refactor: ignore[a]\na: 1\n")
    commit(repo)
    git(repo, "branch", "start")
    (repo / "a.yaml").write_text("# refactor: ignore[a]\na: 1\n# refactor: ignore[b]\nb: 1\n")

    assert [line.partition(" ")[0] for line in told(repo, run, "--diff-base", "start")] == ["a.yaml:3:"]  # fmt: skip
