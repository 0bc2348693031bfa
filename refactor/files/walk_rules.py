"""Which files are passed over by their name alone, and under which rule that is counted."""

from __future__ import annotations

from refactor.files.names import is_draft

HUGE = 5_000_000
"""Bytes above which a file is passed over: data and bundles, not what people write."""

LARGEST = 50_000_000
"""Bytes above which a file is not read even where it is named: its scan would take minutes."""

_DIRECTORIES = {
    **dict.fromkeys((".git", ".hg", ".svn", ".bzr", ".jj", "_darcs", "CVS"), "version-control"),
    **dict.fromkeys(
        ("node_modules", "bower_components", "site-packages", ".tox", ".nox", "__pycache__"),
        "dependencies",
    ),
    ".refactor": "state",
}
_NAMES = {
    **dict.fromkeys(
        (
            "package-lock.json",
            "npm-shrinkwrap.json",
            "pnpm-lock.yaml",
            "go.sum",
            "go.work.sum",
            "bun.lockb",
            "gradle.lockfile",
            ".terraform.lock.hcl",
            "packages.lock.json",
        ),
        "lock-file",
    ),
    ".refactor.yaml": "settings",
    ".refactor-baseline.json": "settings",
    ".refactor.schema.json": "settings",
}
_SUFFIXES = {
    "lock": "lock-file",
    "md": "prose",
    "markdown": "prose",
    "rst": "prose",
    "adoc": "prose",
    "pyi": "stub",
    "swp": "backup",
    "swo": "backup",
    "orig": "backup",
    "bak": "backup",
}

# How each language's test runner knows its files, by the end of their names: `go help test`, Jest,
# Vitest, JUnit (Surefire), RSpec, minitest, xUnit, PHPUnit, ScalaTest, busted, ExUnit.
_TEST_NAMES = ("conftest", "tests")
_TEST_ENDS = {
    "py": ("_test",),
    "pyw": ("_test",),
    "go": ("_test",),
    **dict.fromkeys(("js", "mjs", "cjs", "jsx", "ts", "mts", "cts", "tsx"), (".test", ".spec")),
    **dict.fromkeys(("java", "kt", "groovy"), ("Test", "Tests", "TestCase", "IT", "Spec")),
    **dict.fromkeys(("scala", "cs", "fs", "php", "swift"), ("Test", "Tests", "Spec", "Suite")),
    "rb": ("_spec", "_test"),
    "ex": ("_test",),
    "exs": ("_test",),
    "lua": ("_spec",),
    "dart": ("_test",),
    "rs": ("_test", "_tests"),
}


def of_directory(name: str) -> str:
    """Return the rule that passes a directory over by its name, "" for none."""
    return _DIRECTORIES.get(name, "")


def of_listing(name: str, names: set[str]) -> str:
    """Return the rule that passes a directory over by what it holds, "" for none.

    A virtual environment holds `pyvenv.cfg` (PEP 405), Go's vendored modules `modules.txt`.
    """
    if "pyvenv.cfg" in names or (name == "vendor" and "modules.txt" in names):
        return "dependencies"
    return ""


def of_file(name: str, parent: str, *, in_tests: bool) -> str:
    """Return the rule that passes a file over, "" for none."""
    _, dot, last = name.rpartition(".")
    suffix = last.lower() if dot else ""
    if rule := _NAMES.get(name) or _SUFFIXES.get(suffix):
        return rule
    if suffix in _TEST_ENDS:
        return "test-file" if in_tests or _is_test(name, suffix) else ""
    if suffix == "tmp" and is_draft(name):
        return "state"
    if suffix == "tgz" and parent == "charts":
        return "packaged-chart"
    if name[-1] in "~#" and (name[-1] == "~" or name[0] == "#"):
        return "backup"
    return ""


def is_test(path: str) -> bool:
    """Say whether a file of a program is one of its tests."""
    folder, _, name = path.rpartition("/")
    return of_file(name, "", in_tests=not {"test", "tests"}.isdisjoint(folder.split("/"))) == (
        "test-file"
    )


def _is_test(name: str, suffix: str) -> bool:
    stem = name.rpartition(".")[0]
    of_python = suffix in ("py", "pyw") and (stem.startswith("test_") or stem in _TEST_NAMES)
    return of_python or stem.endswith(_TEST_ENDS[suffix])
