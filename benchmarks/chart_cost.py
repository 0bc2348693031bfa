"""What proving charts costs: how many renders each takes, and the time beside one render a chart.

    python -m benchmarks.chart_cost [CHARTS]

    python -m benchmarks.chart_cost touched CHARTS TOUCHED

Makes a repository of that many charts (100), each with a workload, Services, and addresses in its
values, its template and a ConfigMap; plans and proves it; renders each chart once for comparison.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from refactor import inventory
from refactor.helm.cases import Case
from refactor.helm.charts import find_charts
from refactor.helm.engine import NoEngine
from refactor.helm.find import find_engine
from refactor.helm.renders import Renders
from refactor.helm.tree import Tree
from refactor.plan import PlanJob, make_plan
from refactor.plan.charts import session
from refactor.repository.environments import Environments
from refactor.settings.types import Settings
from tests.chart_shop import CHART, DB0, WEB, cluster_in
from tests.helm_bench import write

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: conf\ndata:\n"
EXTRA = (
    CONFIG
    + "  url: {{ tpl .Values.url . | quote }}\n  ini: |\n    u = http://"
    + WEB
    + ":8080\n    db = "
    + DB0
    + ":5432\n"
)


def repository(root: Path, count: int, touched: int | None = None) -> None:
    """Make a repository of charts.

    Args:
        root: where.
        count: how many.
        touched: how many of them hold addresses; None for all.
    """
    write(root / "charts" / "shop", CHART)
    (root / "cluster.json").write_text(cluster_in(root, "shop", "store", "10.77"))
    (root / ".git").mkdir()
    for number in range(count):
        files = {"templates/extra.yaml": EXTRA, "values.yaml": f"url: http://{WEB}:8080/{number}\n"}
        if touched is not None and number >= touched:
            files = {"values.yaml": f"url: http://web:80/{number}\n"}
        write(root / "charts" / (f"shop-{number}" if number else "shop"), {**CHART, **files})


def plain_renders(root: Path) -> float:
    """Return the seconds that one render of each chart takes."""
    files = [p.relative_to(root).as_posix() for p in sorted(root.rglob("*")) if p.is_file()]
    charts = find_charts(files, Tree(root).read)
    engine = find_engine()
    if isinstance(engine, NoEngine):
        raise SystemExit(engine.reason)
    started = time.perf_counter()
    with closing(engine), Renders(root, charts, engine) as renders:
        for chart in charts:
            assert not renders.render(Case(chart.path, "shop", "store")).error
    return time.perf_counter() - started


def planned(root: Path) -> tuple[float, int, int]:
    """Return seconds, renders and edits of a plan."""
    known = inventory.load([str(root / "cluster.json")], mappings=(), stdin=lambda: b"")
    settings = Settings()
    counted: list[int] = []
    close = session.Charts.close

    def counting(charts: session.Charts) -> None:
        counted.append(charts.count)
        close(charts)

    session.Charts.close = counting  # type: ignore[method-assign]
    started = time.perf_counter()
    plan = make_plan(
        PlanJob(root, (root / "charts",), settings, Environments(settings, {"": known}))
    )
    took = time.perf_counter() - started
    session.Charts.close = close  # type: ignore[method-assign]
    assert {check.state for check in plan.checks} == {"passed"}
    return took, sum(counted), sum(len(change.edits) for change in plan.changes)


def table(count: int, touched: list[int]) -> Iterator[str]:
    """Yield the lines of a Markdown table: one repository, with addresses in some of its charts."""
    yield "| charts | that hold addresses | edits | renders | s | ms a chart that holds some |"
    yield "| --: | --: | --: | --: | --: | --: |"
    for some in touched:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            repository(root, count, some)
            runs = [planned(root) for _ in range(3)]
        took, renders, edits = sorted(runs)[1]
        yield (
            f"| {count} | {some} | {edits} | {renders} | {took:.2f} | {took / some * 1000:.0f} |"
        )


def processor() -> float:
    """Return the seconds of processor time so far, of this process and of those it waited for."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, who))


def touched(count: int, some: int) -> str:
    """Return what a plan costs where some charts of many hold addresses, beside bare renders."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        repository(root, count, some)
        start = processor()
        plain_renders(root)
        bare = (processor() - start) / count
        start = processor()
        _, renders, edits = planned(root)
        took = processor() - start
    return (
        f"{count:4} charts, {some} touched: {edits} edits, {renders / some:.1f} renders a touched"
        f" chart, {took:.2f} s of processor time, {took / some * 1000:.0f} ms a touched chart,"
        f" {took / some / bare:.1f} times one render of it"
    )


def main(args: list[str]) -> int:
    if args[:1] == ["touched"]:
        print(touched(int(args[1]), int(args[2])))
        return 0
    most = int(args[0]) if args else 100
    for count in sorted({max(1, most // 10), max(1, most // 3), most}):
        ratios, rows = [], []
        for _ in range(3):
            with tempfile.TemporaryDirectory() as folder:
                root = Path(folder)
                repository(root, count)
                one = plain_renders(root)
                took, renders, edits = planned(root)
                ratios.append(took / one)
                rows.append((took, renders, edits))
        took, renders, edits = sorted(rows)[1]
        print(
            f"{count:4} charts: {edits} edits, {renders / count:.1f} renders a chart,"
            f" {took / count * 1000:.0f} ms a chart, {statistics.median(ratios):.1f} times one render of each"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
