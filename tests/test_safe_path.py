"""No module is imported from the working directory, by no command and no process it starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.campaign.farm import CLUSTER, bare

PLANTED = (
    *("multiprocessing", "pickle", "selectors", "socket", "struct", "subprocess", "tempfile"),
    *("click", "yaml", "jinja2", "msgspec", "pebble", "libcst", "ruamel", "deepdiff", "rich"),
    *("kubernetes", "helm_sdk", "_posixsubprocess", "sitecustomize", "usercustomize"),
)
SCRIPT = [str(Path(sys.executable).with_name("refactor"))]
MODULE = [sys.executable, "-m", "refactor"]
COMMANDS = (
    ["scan"],
    ["plan", "-i", "cluster.json"],
    ["check", "-i", "cluster.json"],
    ["apply", "-i", "cluster.json", "--yes"],
    ["undo"],
    ["explain", "10.42.1.11", "-i", "cluster.json"],
    ["init", "--print"],
    ["inventory", "--kubeconfig", "none"],
    ["campaign", "plan", "shop.yaml"],
)


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """Return a repository with modules that leave a mark, and a chart."""
    root = tmp_path / "here"
    (root / "chart/templates").mkdir(parents=True)
    for name in PLANTED:
        (root / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write('{name} ')\n")
    (root / "values.yaml").write_text("url: http://10.42.1.11:8080/\n")
    (root / "chart/Chart.yaml").write_text("apiVersion: v2\nname: chart\nversion: 1.0.0\n")
    (root / "chart/values.yaml").write_text("url: http://10.42.1.11:8080/\n")
    (root / "chart/templates/a.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {u: '{{ .Values.url }}'}\n"
    )
    (root / "cluster.json").write_bytes(CLUSTER.read_bytes())
    remote = bare(tmp_path / "remote.git", {"values.yaml": b"url: http://10.42.1.11:8080/\n"})
    (root / "shop.yaml").write_text(
        f"name: shop\nrepositories: {{list: ['{remote}']}}\nhomes:\n"
        "  - {repositories: ['*'], inventories: [cluster.json], namespace: shop}\n"
    )
    return root


@pytest.mark.parametrize(
    ("started", "command"),
    [*((SCRIPT, command) for command in COMMANDS), (MODULE, COMMANDS[0]), (MODULE, COMMANDS[-1])],
)
def test_nothing_is_imported_from_the_working_directory(
    trap: Path, started: list[str], command: list[str]
) -> None:
    env = os.environ | {"XDG_CACHE_HOME": str(trap.parent / "cache")}
    ran = subprocess.run(
        [*started, *command], cwd=trap, env=env, capture_output=True, text=True, check=False
    )

    assert not (trap.parent / "ran").exists(), (trap.parent / "ran").read_text()
    assert "bug of refactor" not in ran.stderr + ran.stdout
    if command[0] == "campaign":
        assert ran.returncode == 0, ran.stderr
