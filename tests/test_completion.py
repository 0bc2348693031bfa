"""What shells complete: asked as they ask, and in the real bash, zsh and fish where there are."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.shop import service, write_cluster, write_repository

HERE = Path(__file__).parent.parent


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    write_repository(root)
    write_cluster(root / "cluster.json")
    (root / ".refactor.yaml").write_text("inventories: [cluster.json]\n")
    kubeconfig = {"contexts": [{"name": "prod-eu"}, {"name": "dev"}, {"no": 1}, "x"]}
    (tmp_path / "config").write_text(yaml.safe_dump(kubeconfig))
    return root


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    tools = tmp_path / "bin"
    tools.mkdir()
    command = tools / "refactor"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{HERE}" exec "{sys.executable}" -m refactor "$@"\n')
    command.chmod(0o755)
    path = f"{tools}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(tmp_path), "KUBECONFIG": str(tmp_path / "config")}


@pytest.fixture
def offered(repo: Path, environment: dict[str, str]):
    def offered(*words: str) -> list[str]:
        """Ask as the bash script asks; the last word is the one that is not whole."""
        asked = {"COMP_WORDS": "\n".join(("refactor", *words)), "COMP_CWORD": str(len(words))}
        ran = subprocess.run(
            ["refactor"],
            cwd=repo,
            env=environment | asked | {"_REFACTOR_COMPLETE": "bash_complete"},
            capture_output=True,
            text=True,
            check=True,
        )
        assert ran.stderr == ""
        return ran.stdout.split()

    return offered


OFFERED = {
    "commands": (("p",), ["plain,plan"]),
    "options": (("plan", "--cl"), ["plain,--cluster-domain"]),
    "choices": (("plan", "--names", "f"), ["plain,fqdn"]),
    "formats": (("check", "--format", "gi"), ["plain,github", "plain,gitlab"]),
    "inventories are files": (("plan", "-i", "cl"), ["file,cl"]),
    "paths are files": (("undo", "x"), ["file,x"]),
    "namespaces": (("plan", "-n", ""), ["plain,billing", "plain,data", "plain,shop"]),
    "namespaces of a given inventory": (("plan", "-i", "cluster.json", "-n", "b"), ["plain,billing"]),
    "addresses": (("explain", "10.43.0"), ["plain,10.43.0.10", "plain,10.43.0.20", "plain,10.43.0.30"]),
    "contexts": (("plan", "--context", ""), ["plain,dev", "plain,prod-eu"]),
    "contexts of a given kubeconfig": (("plan", "--kubeconfig", "nowhere", "--context", ""), []),
    "an inventory that cannot be read": (("plan", "-i", "values.yaml", "-n", ""), []),
    "an inventory that is not there": (("plan", "-i", "nowhere.json", "-n", ""), []),
    "standard input is not read": (("plan", "-i", "-", "-n", "s"), ["plain,shop"]),
    "shells": (("completion", ""), ["plain,bash", "plain,zsh", "plain,fish"]),
}  # fmt: skip


@pytest.mark.parametrize(("words", "expected"), OFFERED.values(), ids=OFFERED)
def test_offered(offered, words: tuple[str, ...], expected: list[str]) -> None:
    assert offered(*words) == expected


def test_nothing_is_offered_that_a_shell_would_run(offered, repo: Path, tmp_path: Path) -> None:
    names = ["$(touch sprung)", "`touch sprung`", "a b", "a;b", "a\nb", "sound"]
    items = [service("x", "10.43.0.1", {}, 80, 80, name) for name in names]
    write_cluster(repo / "cluster.json", items)
    (tmp_path / "config").write_text("contexts: 5\n")

    assert offered("plan", "-n", "") == ["plain,sound"]
    assert offered("plan", "--context", "") == []


def test_a_large_inventory_keeps_nobody_waiting(offered, repo: Path) -> None:
    (repo / "cluster.json").write_text(" " * 5_000_001)

    assert offered("plan", "-n", "") == []


def test_settings_that_cannot_be_read_keep_silent(offered, repo: Path) -> None:
    (repo / ".refactor.yaml").write_text("nosuch: 1\n")

    assert offered("plan", "-n", "") == []


# Each shell sources what the command wrote, completes by its own means, and prints what it got.
SHELLS = {
    "bash": """
        source "$1"
        COMP_WORDS=(refactor plan -n b) COMP_CWORD=3 COMP_LINE='refactor plan -n b' COMP_POINT=18
        $(complete -p refactor | sed 's/.* -F \\([^ ]*\\).*/\\1/') refactor b -n
        printf '%s\\n' "${COMPREPLY[@]}"
    """,
    "zsh": """
        compdef() { :; }
        source "$1"
        compadd() { print -l -- "${(@P)@[-1]}"; }
        words=(refactor plan -n b) CURRENT=4
        _refactor_completion
    """,
    "fish": """
        source $argv[1]
        complete -C 'refactor plan -n b'
    """,
}


@pytest.mark.parametrize("shell", SHELLS)
def test_in_the_shell_itself(
    shell: str, repo: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    if not shutil.which(shell):
        pytest.skip(f"no {shell} on the PATH: apt-get install {shell}")
    with (tmp_path / "script").open("w") as script:
        subprocess.run(["refactor", "completion", shell], env=environment, stdout=script, check=True)  # fmt: skip
    quiet = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    name = [] if shell == "fish" else ["test"]
    ran = subprocess.run(
        [shell, *quiet, "-c", SHELLS[shell], *name, str(tmp_path / "script")],
        cwd=repo,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert set(ran.stdout.split()) == {"billing"}, ran.stderr
