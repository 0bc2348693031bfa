"""Finds the chart, the installation and the template that make a workload."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from refactor.helm.cases import Case
from refactor.helm.charts import Chart
from refactor.helm.objects import Object
from refactor.helm.renders import Renders
from refactor.model import WorkloadRef
from refactor.plan.charts.session import Charts

_INSTANCE = ("app.kubernetes.io/instance", "release")


class WorkloadTemplate(NamedTuple):
    """The chart, the installation and the template that make a workload."""

    renders: Renders
    chart: Chart
    case: Case
    item: Object
    file: str


def home_of(
    renders: Renders, charts: Charts, workload: WorkloadRef, labels: dict[str, str]
) -> WorkloadTemplate | None:
    """Find the chart, and the template of it, that renders to the workload."""
    said = [labels[key] for key in _INSTANCE if key in labels]
    tops = dict.fromkeys(
        top for chart in charts.all for top in charts.tops(chart.file("Chart.yaml"))
    )
    for chart in tops:
        for case in charts.cases(chart):
            for release in dict.fromkeys((*said, case.release)):
                as_installed = replace(case, release=release, namespace=workload.namespace)
                for item in renders.render(as_installed).objects:
                    if _is(item, workload):
                        file = chart.file(item.source.partition("/")[2])
                        if renders.tree.read(file) is not None:
                            return WorkloadTemplate(renders, chart, as_installed, item, file)
    return None


def _is(item: Object, workload: WorkloadRef) -> bool:
    return (item.identity.kind, item.identity.namespace, item.identity.name) == (
        workload.kind,
        workload.namespace,
        workload.name,
    )
