"""Services that a chart makes already: in this installation, or once a value is turned on.

docs/semantics.md, section 5: a Service of the repository's is used; one that is
off is told, not doubled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refactor.helm.engine import NoEngine
from refactor.helm.follow import rendered_texts
from refactor.helm.renders import Renders
from refactor.inventory.workloads import Workload
from refactor.plan.charts.session import Charts
from refactor.plan.services.chart import WorkloadTemplate, home_of
from refactor.plan.services.own import RepositoryService, service_record
from refactor.text.actions import open_blocks
from refactor.yaml.plain import down
from refactor.yaml.pods import pod_template

_KIND = re.compile(r"(?m)^kind:\s*[\"']?Service[\"']?\s*$")
_NAME = re.compile(
    r"(?m)^metadata:[ \t]*(?:\{(?:[^{}\n]|\{\{[^{}\n]*\}\})*?\bname:[ \t]*"
    r"|\n(?:[ \t][^\n]*\n)*?[ \t]+name:[ \t]*)(?P<name>(?:\{\{[^{}\n]*\}\}|[^{},\n])+)"
)
_SELECTOR = re.compile(
    r"(?m)^[ \t]*(?:matchLabels|selector):[ \t]*(?P<rest>[^\s][^\n]*|(?:\n[ \t][^\n]*)+)"
)


def own_in_chart(charts: Charts, workload: Workload) -> list[RepositoryService]:
    """Return the Services that a chart makes for its workload's pods, as it is installed."""
    found = _home(charts, workload)
    if found is None:
        return []
    renders, home = found
    labels = down(pod_template(home.item.content), "metadata", "labels")
    own = []
    for item in renders.render(home.case).objects:
        if item.identity.kind == "Service" and item.identity.namespace == workload.namespace:
            record = service_record(item.content, workload.namespace, item.identity.name)
            if record and record.selector and record.selector.items() <= labels.items():
                own.append(
                    RepositoryService(record, home.chart.file(item.source.partition("/")[2]))
                )
    return own


def switched_off(charts: Charts, workload: Workload) -> str:
    """Return which template would make a workload's Service, and what turns it on; "" for none."""
    found = _home(charts, workload)
    if found is None:
        return ""
    renders, home = found
    for file, name, selector, condition in _conditional(renders, home):
        answers = rendered_texts(renders, [home.case], [name]).get(name, ("",))
        wanted = {home.item.identity.name, str(down(home.item.content, "spec").get("serviceName"))}
        if answers[0] in wanted or (selector and selector in _selectors(renders, home.file)):
            return f"{file} makes it where `{condition}` holds: turn that on"
    return ""


def _home(charts: Charts, workload: Workload) -> tuple[Renders, WorkloadTemplate] | None:
    renders = charts.renders if charts.all else None
    if renders is None or isinstance(renders, NoEngine):
        return None
    home = home_of(renders, charts, workload.ref, workload.labels)
    return (renders, home) if home else None


def _conditional(renders: Renders, home: WorkloadTemplate) -> Iterator[tuple[str, str, str, str]]:
    """Yield the Services that templates make under conditions that do not hold now."""
    made = {
        home.chart.file(item.source.partition("/")[2])
        for item in renders.render(home.case).objects
        if item.identity.kind == "Service"
    }
    files, _ = renders.tree.below(home.chart.file("templates"))
    for file in files:
        text = renders.tree.source(file).text if file not in made else ""
        for kind in _KIND.finditer(text):
            condition = _open_if(text[: kind.start()])
            end = text.find("\n---", kind.end())
            document = text[text.rfind("\n---", 0, kind.start()) + 1 : end if end >= 0 else None]
            name = _NAME.search(document)
            if condition and name:
                selector = next(iter(_selected(document)), "")
                yield file, name["name"].strip().strip("\"'"), selector, condition


def _open_if(text: str) -> str:
    """Return the condition that is open at the end of a text; "" for none."""
    blocks = (block.opened for block in reversed(open_blocks(text)))
    return next((opened.behind(text) for opened in blocks if opened.word == "if"), "")


def _selectors(renders: Renders, file: str) -> set[str]:
    return set(_selected(renders.tree.source(file).text))


def _selected(text: str) -> Iterator[str]:
    for found in _SELECTOR.finditer(text):
        yield " ".join(found["rest"].strip("{} \n").split())
