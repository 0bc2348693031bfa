"""The fixture charts, the engines that this machine has, and the addresses in a chart's files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from refactor.helm.cases import Case
from refactor.helm.charts import Chart, find_charts
from refactor.helm.engine import Engine, NoEngine
from refactor.helm.find import find_engine
from refactor.helm.planting import Candidate
from refactor.helm.renders import Renders
from refactor.helm.tree import Tree
from refactor.text.view import Span

ROOT = Path(__file__).with_name("charts")
_ADDRESS = re.compile(r"(10\.\d+\.\d+\.\d+)(?::(\d+)|\s*\n\s*port\s*[:=]\s*(\d+))?")


def charts_of(root: Path = ROOT) -> tuple[Chart, ...]:
    files = [p.relative_to(root).as_posix() for p in sorted(root.rglob("*")) if p.is_file()]
    return find_charts(files, Tree(root).read)


def engine_or_skip(name: str) -> Engine:
    engine = find_engine("package" if name == "package" else "binary")
    if isinstance(engine, NoEngine):
        pytest.skip(f"no Helm to ask: {engine.reason}")
    return engine


@contextmanager
def rendering(root: Path = ROOT, engine: str = "package") -> Iterator[Renders]:
    with (
        closing(engine_or_skip(engine)) as found,
        Renders(root, charts_of(root), found) as renders,
    ):
        yield renders


def case(chart: str, *values: str, release: str = "shop", namespace: str = "store") -> Case:
    return Case(chart, release, namespace, values)


def candidates(*files: str, root: Path = ROOT) -> list[Candidate]:
    """Every 10.x address of some files, by itself as the key."""
    found = []
    for file in files:
        text = (root / file).read_text()
        for address in _ADDRESS.finditer(text):
            group = 2 if address[2] else 3
            port = Span(*address.span(group)) if address[group] else None
            found.append(Candidate(address[1], file, Span(*address.span(1)), port))
    return found


def write(root: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root
