"""`python -m benchmarks.house [--names] [DIRECTORY...]`: the size and shape of a package, in numbers.

With `--names` it lists the names that several classes share, and where these stand.
"""

from __future__ import annotations

import ast
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parent.parent / "refactor"
_RUN = 6
"""Lines in a row that count as a copy."""
_TRIVIAL = ("import ", "from ", '"""', ")", "]", "}", "@", "#")


class Module(NamedTuple):
    """One file."""

    path: Path
    text: str
    tree: ast.Module


def modules(package: Path) -> list[Module]:
    """Return every module below a directory."""
    texts = [(path, path.read_text("utf-8")) for path in sorted(package.rglob("*.py"))]
    return [Module(path, text, ast.parse(text)) for path, text in texts]


def line_kinds(module: Module) -> Counter[str]:
    """Count lines by kind: code, docstring, comment, blank."""
    lines = module.text.splitlines()
    docs = {n for begin, end in _docstrings(module.tree) for n in range(begin, end + 1)}
    comments = _comments(module.path)
    kinds: Counter[str] = Counter()
    for number, line in enumerate(lines, 1):
        if number in docs:
            kinds["docstring"] += 1
        elif not line.strip():
            kinds["blank"] += 1
        else:
            kinds["comment" if number in comments else "code"] += 1
    return kinds


def _docstrings(tree: ast.Module) -> Iterator[tuple[int, int]]:
    """Yield the lines of every bare string: docstrings, and those that describe a constant."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str()), lineno=begin, end_lineno=end):
                yield begin, end or begin


def _comments(path: Path) -> set[int]:
    with path.open("rb") as file:
        tokens = list(tokenize.tokenize(file.readline))
    return {
        token.start[0]
        for token in tokens
        if token.type == tokenize.COMMENT and not token.line[: token.start[1]].strip()
    }


def functions(module: Module) -> Iterator[int]:
    """Yield the length of each function in lines, decorators left out."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1


def class_names(module: Module) -> list[str]:
    """Return the names of a module's classes."""
    return [node.name for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]


def shared_names(found: list[Module]) -> dict[str, list[Path]]:
    """Return the names that several classes have, with the modules of these."""
    places: dict[str, list[Path]] = {}
    for module in found:
        for name in class_names(module):
            places.setdefault(name, []).append(module.path)
    return {name: where for name, where in sorted(places.items()) if len(where) > 1}


def copies(found: list[Module]) -> int:
    """Count the pairs of places that hold the same run of lines."""
    seen: dict[tuple[str, ...], tuple[Path, int]] = {}
    pairs: set[tuple[Path, Path, int]] = set()
    for module in found:
        lines = [line.strip() for line in module.text.splitlines()]
        wanted = [line for line in lines if line and not line.startswith(_TRIVIAL)]
        for at in range(len(wanted) - _RUN + 1):
            run = tuple(wanted[at : at + _RUN])
            first = seen.setdefault(run, (module.path, at))
            if first != (module.path, at):
                pairs.add((first[0], module.path, first[1] - at))  # a longer run counts once
    return len(pairs)


def report(package: Path) -> Iterator[str]:
    """Yield the table's rows for one package."""
    found = modules(package)
    kinds = sum((line_kinds(module) for module in found), Counter[str]())
    lengths = sorted(length for module in found for length in functions(module))
    files = sorted(len(module.text.splitlines()) for module in found)
    classes = sum(len(class_names(module)) for module in found)
    shared = shared_names(found)
    yield f"| lines | {sum(kinds.values()):,} |"
    yield from (f"| - {kind} | {kinds[kind]:,} |" for kind in sorted(kinds))
    yield f"| modules | {len(found)} |"
    yield f"| modules at the top | {sum(1 for _ in package.glob('*.py'))} |"
    yield f"| module length, median / p90 / max | {_spread(files)} |"
    yield f"| functions | {len(lengths):,} |"
    yield f"| function length, median / p90 / max | {_spread(lengths)} |"
    yield f"| classes | {classes} |"
    yield f"| class names that are shared | {len(shared)} by {sum(map(len, shared.values()))} classes |"
    yield f"| copies of {_RUN} lines or more | {copies(found)} |"


def _spread(values: list[int]) -> str:
    if not values:
        return "-"
    return " / ".join(str(values[int((len(values) - 1) * part)]) for part in (0.5, 0.9, 1))


def main(asked: list[str]) -> None:
    """Print a table for each directory."""
    for package in [Path(name) for name in asked if name != "--names"] or [PACKAGE]:
        if "--names" in asked:
            for name, places in shared_names(modules(package)).items():
                print(name, *(path.relative_to(package).as_posix() for path in places))
            continue
        print(f"| {package.name} | |\n| --- | --: |")
        print("\n".join(report(package)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
