"""`python -m benchmarks.walk_counts`: what one address costs on its way from a file to a plan.

One Helm value and one Python literal are planned; functions entered, files read, texts decoded,
scanned and parsed, and what Helm is asked, are counted.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from refactor.helm.renders import Renders
from refactor.plan import PlanJob, make_plan
from refactor.plan.charts import session
from refactor.repository.environments import Environments
from refactor.settings.types import Settings
from tests.forms import inventory

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
    "values.yaml": "orders:\n  url: http://10.42.1.11:8080\n",
    "templates/c.yaml": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"
        "data:\n  url: {{ .Values.orders.url }}\n"
    ),
}
PYTHON = {"a.py": 'URL = "http://10.42.1.11:8080/x"\n'}
# What is counted by the name of its code: where it is defined, and as what.
COUNTED = {
    ("source.py", "__init__"): "texts decoded and hashed",
    ("scan.py", "scan_source"): "scans",
    ("file.py", "scan_source"): "scans",
    ("decide.py", "decide"): "decisions on edits",
    ("edit.py", "edit_file"): "decisions on edits",
    ("ast.py", "parse"): "parses of Python by ast",
    ("python_literals.py", "_parsed"): "parses of Python by libcst",
    ("literals.py", "_parsed"): "parses of Python by libcst",
    ("yaml_data.py", "documents"): "parses of manifests",
    ("data.py", "documents"): "parses of manifests",
    ("yaml_nodes.py", "compose"): "parses of YAML for scanning",
    ("nodes.py", "compose"): "parses of YAML for scanning",
    ("proof_syntax.py", "_yaml"): "parses of YAML for the proof",
    ("syntax.py", "_documents"): "parses of YAML for the proof",
    ("walk.py", "listed"): "walks of the tree",
}


class _Counter:
    def __init__(self) -> None:
        self.entered: set[CodeType] = set()
        self.counts: Counter[str] = Counter()

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        if event != "call":
            return
        code = frame.f_code
        name = code.co_filename.rpartition("/")[2]
        if "/refactor/" in code.co_filename:
            self.entered.add(code)
            self.counts["calls"] += 1
        if what := COUNTED.get((name, code.co_name)):
            self.counts[what] += 1


def counted(files: dict[str, str]) -> Iterator[tuple[str, int]]:
    """Yield what a plan of some files costs, by its name."""
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        settings, known = Settings(namespace="shop"), inventory()
        job = PlanJob(root, (root,), settings, Environments(settings, {"": known}))
        make_plan(job)  # so that what is imported and compiled once is not counted
        counter = _Counter()
        asked = _asked(lambda: make_plan(job), counter)
    yield "functions entered", len(counter.entered)
    yield from sorted(counter.counts.items())
    yield from sorted(asked.items())


def _asked(plan: Callable[[], Any], counter: _Counter) -> dict[str, int]:
    """Run a plan under the counter, and return what Helm was asked."""
    renders = started = 0
    close, engine = Renders.close, session.find_engine

    def closing(self: Renders) -> None:
        nonlocal renders
        renders += self.count
        close(self)

    def starting() -> Any:
        nonlocal started
        started += 1
        return engine()

    Renders.close, session.find_engine = closing, starting  # type: ignore[method-assign]
    sys.setprofile(counter)
    try:
        plan()
    finally:
        sys.setprofile(None)
        Renders.close, session.find_engine = close, engine  # type: ignore[method-assign]
    return {"renders": renders, "Helm engines started": started}


def main() -> None:
    """Print a table for each of the two addresses."""
    for title, files in (("a Helm value", CHART), ("a Python literal", PYTHON)):
        print(f"| {title} | |\n| --- | --: |")
        for name, count in counted(files):
            print(f"| {name} | {count:,} |", flush=True)


if __name__ == "__main__":
    main()
