"""`refactor.api`: what the page shows is what happens, and its types are what it says."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from refactor import api
from tests.shop import write_cluster

HERE = Path(__file__).parent
PAGE = (HERE.parent / "docs" / "how-to" / "library.md").read_text("utf-8")
FUNCTIONS = sorted(name for name in api.__all__ if inspect.isfunction(getattr(api, name)))


def test_the_program_of_the_page_prints_what_the_page_says(tmp_path: Path) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (printed,) = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "program.py"
    file.write_text(program)

    ran = subprocess.run([sys.executable, file], capture_output=True, text=True, check=True)

    *told, refused = ran.stdout.splitlines(keepends=True)
    assert "".join(told) == printed
    assert "nothing has been applied here" in refused


def test_the_types_are_those_that_a_program_sees() -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "tests/typing/api.py"]
    ran = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_argument_is_described(name: str) -> None:
    function = getattr(api, name)
    if function.__module__ != "refactor.api":
        return
    told = inspect.getdoc(function) or ""
    parameters = inspect.signature(function).parameters

    assert parameters
    assert all(re.search(rf"^    {one}: ", told, re.MULTILINE) for one in parameters)
    assert "Raises:\n    RefactorError: " in told


def test_every_name_is_there() -> None:
    assert [name for name in api.__all__ if not hasattr(api, name)] == []


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    (root / "deploy").mkdir(parents=True)
    (root / "deploy" / "a.yaml").write_text("url: http://10.42.1.11:8080\n")
    (root / "b.yaml").write_text("url: http://10.42.1.11:8080\n")
    write_cluster(tmp_path / "cluster.json")
    return root


def test_a_plan_by_the_inventory_that_the_settings_name(repository: Path) -> None:
    (repository / ".refactor.yaml").write_text(
        "namespace: shop\nenvironments:\n- {name: e, files: [deploy/], inventories: [cluster.json]}\n"
    )

    write_cluster(repository / "cluster.json")

    plan = api.plan(repository)

    assert [(o.finding.file, o.new, o.reason) for o in plan.outcomes] == [
        ("b.yaml", "", "unknown-address"),
        ("deploy/a.yaml", "orders:80", None),
    ]


def test_some_paths_only(repository: Path) -> None:
    cluster = api.load_inventory(repository.parent / "cluster.json")
    found = api.scan(repository, paths=[repository / "deploy"])

    assert [finding.file for finding in found.findings] == ["deploy/a.yaml"]
    assert len(api.plan(repository, cluster, paths=[repository / "b.yaml"]).changes) == 1
    assert len(api.check(repository)) == 2


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (lambda root: api.scan(root, paths=[root / "none"]), "no such file or directory"),
        (lambda root: api.plan(root, paths=[root.parent]), "lies outside of"),
        (lambda root: api.load_inventory(root / "none.json"), "cannot be read"),
        (api.undo, "nothing has been applied here"),
    ],
    ids=["scan", "plan", "load_inventory", "undo"],
)
def test_what_cannot_be_done_is_one_kind_of_error(repository: Path, asked, told: str) -> None:
    with pytest.raises(api.RefactorError, match=told):
        asked(repository)
