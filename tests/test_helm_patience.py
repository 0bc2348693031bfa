"""An endless template costs its time-out some times, not once for every chart of a repository."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import refactor.helm.renders
from refactor.helm.cases import Case
from refactor.helm.charts import read_chart
from refactor.helm.engine import TIMEOUT, Rendered
from refactor.helm.renders import Renders


class Slow:
    """An engine whose answers take as long as they say; the clock is its own."""

    name = "slow"

    def __init__(self, takes: Sequence[float], error: str) -> None:
        self.now, self._takes, self._error = 0.0, iter(takes), error

    def render(self, chart: Path, values: Sequence[Path], **_: str) -> Rendered:
        self.now += next(self._takes)
        return Rendered(error=self._error)

    def close(self) -> None:
        pass

    def monotonic(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("takes", "error", "asked"),
    [
        ([TIMEOUT] * 6, "took too long", 3),
        ([1, TIMEOUT, 1, TIMEOUT + 1, 1, TIMEOUT], "took too long", 6),
        ([TIMEOUT - 1] * 6, "nil pointer", 6),
        ([TIMEOUT + 1] * 6, "", 6),
    ],
    ids=["endless ones", "some endless", "slow ones that fail", "slow ones that render"],
)
def test_patience_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, takes: list[float], error: str, asked: int
) -> None:
    engine, files = Slow(takes, error), {}
    for number in range(len(takes)):
        files[f"c{number}/Chart.yaml"] = f"name: c{number}\nversion: 1.0.0\n".encode()
        (tmp_path / f"c{number}").mkdir()
        (tmp_path / f"c{number}/Chart.yaml").write_bytes(files[f"c{number}/Chart.yaml"])
    charts = [read_chart(f"c{number}", files.get) for number in range(len(takes))]
    monkeypatch.setattr(refactor.helm.renders, "time", engine)

    with Renders(tmp_path, charts, engine) as renders:
        said = [renders.render(Case(chart.path, "r", "n")).error for chart in charts]

    assert renders.count == asked
    assert [line.startswith("not asked: ") for line in said] == [n >= asked for n in range(6)]
