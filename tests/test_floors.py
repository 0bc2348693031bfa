"""Nobody imports upward, nobody but `cli` prints, and heavy packages wait until they are used."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "refactor"
FLOORS = [
    {"view", "errors", "progress", "candidates", "marks", "shares"},
    {"matcher"},
    {"source", "model", "stems"},
    {"addresses"},
    {"known", "rules"},
    {
        "settings",
        "settings_read",
        "settings_typed",
        "settings_check",
        "settings_yaml",
        "settings_described",
        "scanners",
        "disk",
        "files",
        "gitignore",
        "mask",
        "secret",
    },
    {
        "pairing",
        "outputs",
        "walk",
        "walk_ignores",
        "walk_rules",
        "inventory",
    },
    {"judge", "yaml"},
    {"scan", "resolve", "places", "state", "journal"},
    {"sift"},
    {"tree", "environments", "consumers", "helm", "repository"},
    {"charted"},
    {"plan"},
    {"apply", "steps", "transaction", "undo", "report", "live"},
    {"gate", "starting"},
    {"campaign", "api"},
    {"cli", "__main__"},
]
HEAVY = (
    "hyperscan",
    "libcst",
    "ruamel",
    "deepdiff",
    "jinja2",
    "rich",
    "msgspec",
    "pathspec",
    "difflib",
    "kubernetes",
    "urllib3",
    "requests",
    "github",
    "gitlab",
)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "refactor":
            parts = (node.module or "").split(".")
            yield from [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("refactor."))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


FILES = sorted(p for p in PACKAGE.rglob("*.py") if p != PACKAGE / "__init__.py")


def floor(name: str) -> int:
    return next(i for i, rooms in enumerate(FLOORS) if name in rooms)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nobody_imports_upward(path: Path) -> None:
    above = {n for n in imports(path) if n != "__version__" and floor(n) > floor(room(path))}

    assert above == set()


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_only_the_command_line_prints_or_exits(path: Path) -> None:
    called = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }

    assert room(path) in ("cli", "__main__") or not called & {"print", "input", "exit"}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_group_is_repeated_possessively(path: Path) -> None:
    """Python before 3.11.5 matches `(...)*+` wrongly (gh-106052); `(?>(...)*)` is the same."""
    assert re.findall(r"\)(?:[*+?]|\{[0-9,]+\})\+", path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 300


def loaded_by(*arguments: str) -> set[str]:
    """Return the modules that a run of the command has loaded."""
    code = f"import sys, refactor.cli as c\ntry: c.main({[*arguments]})\nexcept SystemExit: pass\n"
    code += "print('LOADED', *sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ran.stdout.partition("LOADED")[2].split())


def test_help_imports_nothing_heavy() -> None:
    assert {name.split(".")[0] for name in loaded_by("--help")}.isdisjoint(HEAVY)


def test_a_scan_of_a_clean_tree_imports_only_what_walks_reads_and_matches(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("port = 80\n")
    loaded = loaded_by("scan", str(tmp_path))
    rooms = (
        "addresses.grammar",
        "inventory",
        "rules.load",
        "rules.match",
        "mask",
        "resolve",
        "report.text",
        "scan",
        "settings_check",
    )

    assert {name.split(".")[0] for name in loaded}.isdisjoint({*HEAVY} - {"msgspec"})
    assert loaded.isdisjoint({"click", "difflib", "shutil", "tomllib"})
    assert loaded.isdisjoint(f"refactor.{name}" for name in rooms)
