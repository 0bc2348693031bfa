"""The rooms of the package: which may import which, how large files are, what loads when."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "refactor"
FLOORS = [
    {"text", "errors"},
    {"model"},
    {"files"},
    {"addresses", "secret", "yaml"},
    {"rules", "inventory"},
    {"settings"},
    {"scan", "report", "apply"},
    {"helm"},
    {"repository"},
    {"resolve"},
    {"plan", "init"},
    {"verify"},
    {"gate", "campaign"},
    {"api"},
    {"cli", "__main__"},
]
"""From the bottom up; a room imports rooms of lower floors only."""
TOP = {"__init__", "__main__", "api", "errors"}
"""Modules that stand beside the rooms."""
LARGEST = 300
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
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def imports(path: Path) -> Iterator[str]:
    """Yield the modules of the package that a file imports, dotted."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "refactor":
            for alias in node.names:
                full = f"{node.module}.{alias.name}".removeprefix("refactor.")
                is_module = (PACKAGE / f"{full.replace('.', '/')}.py").exists()
                is_package = (PACKAGE / full.replace(".", "/") / "__init__.py").exists()
                yield full if is_module or is_package else full.rpartition(".")[0]
        elif isinstance(node, ast.Import):
            yield from (
                alias.name.removeprefix("refactor.")
                for alias in node.names
                if alias.name.startswith("refactor.")
            )


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module: str) -> str:
    return module.partition(".")[0]


def floor(module: str) -> int:
    return next(i for i, rooms in enumerate(FLOORS) if room(module) in rooms)


GRAPH = {name_of(path): sorted({one for one in imports(path) if one}) for path in FILES}


def test_the_package_has_its_rooms_and_nothing_beside_them() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    named = {name for names in FLOORS for name in names}

    assert {path.stem for path in PACKAGE.glob("*.py")} <= TOP
    assert rooms == named - TOP


def test_no_room_imports_upward_or_sideways() -> None:
    wrong = [
        f"{module} imports {imported}"
        for module, found in GRAPH.items()
        for imported in found
        if room(imported) != room(module) and floor(imported) >= floor(module)
    ]

    assert wrong == ["__main__ imports cli"]


def test_rooms_do_not_import_each_other_in_a_circle() -> None:
    """Follows from the floors; asked of the modules themselves, lazy imports included."""
    done: set[str] = set()
    circles: list[str] = []

    def visit(module: str, way: tuple[str, ...]) -> None:
        if module in way:
            circles.append(" > ".join((*way[way.index(module) :], module)))
        elif module not in done:
            for imported in GRAPH.get(module, ()):
                visit(imported, (*way, module))
            done.add(module)

    for module in GRAPH:
        visit(module, ())

    assert circles == []


def test_only_the_command_line_prints_or_exits() -> None:
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in FILES
        if room(name_of(path)) not in ("cli", "__main__")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("print", "input", "exit")
    ]

    assert wrong == []


def test_no_group_is_repeated_possessively() -> None:
    """Python before 3.11.5 matches `(...)*+` wrongly (gh-106052); `(?>(...)*)` is the same."""
    pattern = re.compile(r"\)(?:[*+?]|\{[0-9,]+\})\+")

    assert [name_of(path) for path in FILES if pattern.search(path.read_text("utf-8"))] == []


def test_files_stay_small() -> None:
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in FILES}

    assert {name: lines for name, lines in lengths.items() if lines > LARGEST} == {}


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
        "report.text",
        "resolve",
        "rules.judge",
        "rules.load",
        "scan.file",
        "settings.check",
        "secret",
    )

    assert {name.split(".")[0] for name in loaded}.isdisjoint({*HEAVY} - {"msgspec"})
    assert loaded.isdisjoint({"click", "difflib", "shutil", "tomllib"})
    assert loaded.isdisjoint(f"refactor.{name}" for name in rooms)


def test_a_plan_of_a_python_file_imports_no_reader_of_yaml_and_starts_no_helm(
    tmp_path: Path,
) -> None:
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "orders", "namespace": "shop"},
        "spec": {"clusterIP": "10.96.0.10", "ports": [{"port": 8080}]},
    }
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "a.py").write_text('URL = "http://10.96.0.10:8080/x"\n')
    cluster = tmp_path / "cluster.json"
    cluster.write_text(json.dumps(service))
    new = tmp_path / "plan.json"
    named = ("-i", str(cluster), "--out", str(new), "-n", "shop")
    loaded = loaded_by("plan", *named, str(tree))

    assert '"new": "orders' in new.read_text()
    heavy = {name.split(".")[0] for name in loaded} & {*HEAVY} - {"rich"}  # which folds long lines
    assert heavy == {"libcst", "msgspec", "difflib"}
    assert loaded.isdisjoint({"helm_sdkpy", "refactor.helm.worker", "refactor.gate"})
