"""A template without end costs its limit some times, not once for every chart of a repository."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from refactor.helm.cases import Case
from refactor.helm.charts import read_chart
from refactor.helm.engine import Rendered
from refactor.helm.renders import Renders

ENDED, FAILED, MADE = Rendered(error="took too long", ended=True), Rendered(error="nil"), Rendered()


class Said:
    """An engine whose answers are given."""

    name = "said"

    def __init__(self, folder: Path, answers: Sequence[Rendered]) -> None:
        self.folder, self._answers = folder, iter(answers)

    def render(self, chart: Path, values: Sequence[Path], **_: str) -> Rendered:
        return next(self._answers)

    def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ([ENDED] * 6, 3),
        ([MADE, ENDED, FAILED, ENDED, MADE, ENDED], 6),
        ([FAILED] * 6, 6),
        ([MADE] * 6, 6),
    ],
    ids=["endless ones", "some endless", "ones that fail", "ones that render"],
)
def test_patience_ends(tmp_path: Path, answers: list[Rendered], asked: int) -> None:
    files = {}
    for number in range(len(answers)):
        files[f"c{number}/Chart.yaml"] = f"name: c{number}\nversion: 1.0.0\n".encode()
        (tmp_path / f"c{number}").mkdir()
        (tmp_path / f"c{number}/Chart.yaml").write_bytes(files[f"c{number}/Chart.yaml"])
    charts = [read_chart(f"c{number}", files.get) for number in range(len(answers))]

    with Renders(tmp_path, charts, Said(tmp_path, answers)) as renders:
        said = [renders.render(Case(chart.path, "r", "n")).error for chart in charts]

    assert renders.count == asked
    assert [line.startswith("not asked: ") for line in said] == [n >= asked for n in range(6)]
