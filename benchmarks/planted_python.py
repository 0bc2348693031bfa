"""Real Python packages with a pod's address in ten of their literals: do these change, and no more?

    python -m benchmarks.planted_python PACKAGES… [--seed N]

Each directory is copied. In ten of its modules one literal (the value of an assignment, a keyword,
a dict, or a default) becomes an address, and the package is planned and applied like a user's. Then
each file is held against the one that was planted, with the Service's name in place of the address.
"""

from __future__ import annotations

import ast
import json
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.trees import downloaded
from tests.shop import ITEMS

OLD, NEW = "http://10.42.1.11:8080/v1", "http://orders:80/v1"
MOST = 10
_BIN = Path(sys.executable).parent


class Told(NamedTuple):
    """What came of one package."""

    name: str
    megabytes: float
    planted: int
    changed: int
    strayed: int
    broken: int
    unformatted: int
    seconds: float
    peak: float

    def __str__(self) -> str:
        return (
            f"{self.name:34} {self.megabytes:6.1f} MB  {self.changed:2} of {self.planted:2} changed"
            f"  {self.strayed} others  {self.broken} broken  {self.unformatted} unformatted"
            f"  {self.seconds:5.1f} s of CPU  {self.peak:4.0f} MB at most"
        )


def literals(text: str) -> list[ast.Constant]:
    """The literals of a module that could hold an address and be edited."""
    tree, found = ast.parse(text), []
    for node in ast.walk(tree):
        match node:
            case ast.Assign(value=value) | ast.keyword(value=value):
                found.append(value)
            case ast.Dict(values=values):
                found += values
            case ast.FunctionDef(args=ast.arguments(defaults=defaults)):
                found += defaults
    return [n for n in found if isinstance(n, ast.Constant) and _fits(n, text)]


def _fits(node: ast.Constant, text: str) -> bool:
    line = text.splitlines()[node.lineno - 1]
    quoted = line[node.col_offset : node.end_col_offset]
    alone = node.lineno == node.end_lineno and line.isascii()
    return (
        alone
        and isinstance(node.value, str)
        and quoted[:1] in "'\""
        and quoted[:3] != quoted[:1] * 3
    )


def plant(root: Path, chance: random.Random) -> Iterator[Path]:
    """Put the address into one literal of each of some modules."""
    modules = [path for path in sorted(root.rglob("*.py")) if not _is_left(path.relative_to(root))]
    chance.shuffle(modules)
    left = MOST
    for path in modules:
        text = path.read_bytes().decode(errors="surrogateescape")
        try:
            found = literals(text) if "\f" not in text and "\r" not in text else []
        except (SyntaxError, ValueError):
            continue
        if left and found and text.isascii():
            node = chance.choice(found)
            lines = text.splitlines(keepends=True)
            line = lines[node.lineno - 1]
            mark = line[node.col_offset]
            new = f"{mark}{OLD}{mark}"
            lines[node.lineno - 1] = line[: node.col_offset] + new + line[node.end_col_offset :]
            path.write_text("".join(lines))
            left -= 1
            yield path


def _is_left(path: Path) -> bool:
    """Whether a module is passed over: tests, and what others wrote or a program makes."""
    parts = {part.lower() for part in path.parts}
    return bool(parts & {"test", "tests", "_vendor", "vendor", "third_party"}) or bool(
        re.match(r"test_|.*_test\.py|conftest|.*_pb2", path.name)
    )


def unformatted(paths: list[Path]) -> set[str]:
    """The modules that ruff would format."""
    options = ["format", "--isolated", "--check", "--preview", "--output-format", "concise"]
    told = subprocess.run(
        [_BIN / "ruff", *options, *paths], capture_output=True, text=True, check=False
    )
    return set(re.findall(r"^(.*?):\d+:\d+: unformatted", told.stdout, re.MULTILINE))


def look(source: Path, seed: int) -> Told:
    """Plant, apply and compare one package."""
    with tempfile.TemporaryDirectory() as scratch:
        root, cluster = Path(scratch, "repo"), Path(scratch, "cluster.json")
        shutil.copytree(source, root)
        cluster.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": ITEMS}))
        planted = list(plant(root, random.Random(seed)))
        before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
        ugly = unformatted(planted)
        start = _spent()
        options = ["apply", "--yes", "-i", cluster, "-n", "shop"]
        subprocess.run([_BIN / "refactor", *options], cwd=root, capture_output=True, check=False)
        seconds = _spent() - start
        after = {path: path.read_bytes() for path in before}
        wanted = {path: before[path].replace(OLD.encode(), NEW.encode()) for path in planted}
        size = sum(map(len, before.values())) / 1e6
        return Told(
            source.name,
            size,
            len(planted),
            sum(after[path] == wanted[path] for path in planted),
            sum(after[path] not in (data, wanted.get(path)) for path, data in before.items()),
            sum(not _compiles(after[path]) for path in planted),
            len(unformatted(planted) - ugly),
            seconds,
            resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3,
        )


def _spent() -> float:
    """Processor time of all children so far: a busy machine changes it least."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _compiles(data: bytes) -> bool:
    try:
        compile(data, "planted", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def table(packages: list[str]) -> Iterator[str]:
    """Yield the lines of a table of public packages."""
    yield "| package | MB | planted | changed | changed beside them | do not compile | to be formatted anew | s of a processor |"
    yield "| --- | --: | --: | --: | --: | --: | --: | --: |"
    for package in packages:
        with tempfile.TemporaryDirectory() as directory:
            tree = Path(directory, "tree")
            downloaded(tree, [package])
            told = look(tree, 1)
        cells = (f"{told.megabytes:.1f}", told.planted, told.changed, told.strayed, told.broken)
        last = (told.unformatted, f"{told.seconds:.1f}")
        yield f"| {package} | {' | '.join(map(str, (*cells, *last)))} |"


def main(arguments: list[str]) -> None:
    """Print a line for each package."""
    seed = int(arguments[arguments.index("--seed") + 1]) if "--seed" in arguments else 1
    packages = [Path(name) for name in arguments if Path(name).is_dir()]
    for package in packages:
        print(look(package, seed), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
