"""Places a Service in a chart: a template beside the workload's own, by the same expressions.

The lines are taken from the workload's template as its author wrote them; whether they mean what
they have to, Helm says: the Service renders, under two releases, with the labels of the workload's
own pods, and nothing else changes.
"""

from __future__ import annotations

import posixpath
import re
from typing import Any, NamedTuple

from msgspec.structs import replace

from refactor.helm.cases import Case
from refactor.helm.charts import Chart
from refactor.helm.engine import NoEngine
from refactor.helm.follow import another
from refactor.helm.noise import differences
from refactor.helm.objects import Object
from refactor.helm.renders import Renders
from refactor.model import WorkloadRef
from refactor.plan.charts.session import Charts
from refactor.plan.services.draft import Draft
from refactor.plan.services.made import Placed, placed
from refactor.plan.services.text import kind_lines, port_lines
from refactor.text.actions import open_blocks
from refactor.yaml.plain import down
from refactor.yaml.pods import pod_template

_INSTANCE = ("app.kubernetes.io/instance", "release")
_INDENT = re.compile(r"(\bn?indent\s+)(\d+)")
_PORT = re.compile(r"^[\s-]*containerPort:\s*(\{\{.*\}\}|\d+)\s*$")
_ASSIGNS = re.compile(r"^\s*\{\{-?\s*(\$\w+)\s*:=.*\}\}\s*$")
_ENDINGS = re.compile(r"[-_]?(?:deployment|statefulset|daemonset|sts|deploy|dep|ds|workload)$")


class WorkloadTemplate(NamedTuple):
    """The chart, the installation and the template that make a workload."""

    chart: Chart
    case: Case
    item: Object
    file: str


class _TemplateLines(NamedTuple):
    """The workload's own lines: `name: …` and the like, blocks with their indentation taken off."""

    before: tuple[str, ...]
    opened: tuple[str, ...]
    name: str
    namespace: str
    labels: tuple[str, ...]
    selector: tuple[str, ...]
    ports: tuple[str, ...]


def place_in_chart(
    draft: Draft, charts: Charts, labels: dict[str, str], findings: tuple[str, ...]
) -> Placed | str | None:
    """Return where a Service goes among charts, or why it goes nowhere.

    Returns:
        None where no chart makes the workload.
    """
    renders = charts.renders if charts.all else None
    if renders is None or isinstance(renders, NoEngine):
        return None
    home = home_of(renders, charts, draft.workload, labels)
    if home is None:
        return None
    lines = _read(renders.tree.source(home.file).text, home.item, headless=draft.headless)
    if isinstance(lines, str):
        return f"{home.file}: {lines}"
    if draft.service.name not in (
        draft.workload.name,
        home.item.content.get("spec", {}).get("serviceName"),
    ):
        return f"its name {draft.service.name} is not one that {home.file} gives"
    file = _file(home.file, renders)
    # The ports by the expressions of the workload's own, so that one value moves both.
    text = _text(lines, draft, lines.ports)
    problem = _problem(renders, home, file, text, draft)
    if problem:
        text = _text(lines, draft, ())
        problem = _problem(renders, home, file, text, draft)
    return f"{home.file}: {problem}" if problem else placed(draft, file, text, findings)


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
                            return WorkloadTemplate(chart, as_installed, item, file)
    return None


def _is(item: Object, workload: WorkloadRef) -> bool:
    return (item.identity.kind, item.identity.namespace, item.identity.name) == (
        workload.kind,
        workload.namespace,
        workload.name,
    )


def _read(text: str, item: Object, *, headless: bool) -> _TemplateLines | str:
    """Return the lines that name, label and select in the template of a workload; or why not."""
    documents = re.split(r"^---.*$", text, flags=re.MULTILINE)
    kind = re.compile(rf"^kind:\s*[\"']?{item.identity.kind}[\"']?\s*$", re.MULTILINE)
    mine = [d for d in documents if kind.search(d)]
    if len(mine) != 1:
        return "it is not the only one of its kind there"
    before = documents[: documents.index(mine[0])]
    lines = mine[0].splitlines()
    place = next(i for i, line in enumerate(lines) if kind.match(line))
    opened = _open_blocks("\n".join((*before, *lines[:place])))
    if isinstance(opened, str):
        return opened
    metadata = _block(lines, "metadata:", 0)
    name = (
        _value(_block(lines, "spec:", 0), "serviceName:") if headless else _value(metadata, "name:")
    )
    matched = _below(_block(lines, "spec:", 0), "selector:", "matchLabels:")
    if not name or not matched:
        return "its name or its matchLabels stand in a form that is not read"
    given = (name, _value(metadata, "namespace:"), *_below(metadata, "labels:"), *matched)
    assigned = tuple(
        line.strip()
        for line in "\n".join((*before, *lines)).splitlines()
        if (found := _ASSIGNS.match(line))
        and any(re.search(rf"{re.escape(found[1])}\b", g) for g in given)
    )
    ports = tuple(found[1] for line in lines if (found := _PORT.match(line)))
    return _TemplateLines(
        assigned, opened, name, given[1], _below(metadata, "labels:"), matched, ports
    )


def _open_blocks(text: str) -> tuple[str, ...] | str:
    """Return the conditions that are open at the end of a text; or why they cannot be repeated."""
    found = open_blocks(text)
    if any(block.turned for block in found):
        return "it stands after an else"
    if any(block.opened.word != "if" for block in found):
        return "it stands in a range or with"
    return tuple(block.opened.span.of(text) for block in found)


def _block(lines: list[str], key: str, indent: int) -> list[str]:
    """Return the lines under a key, its own first; template lines count as belonging to it."""
    found: list[str] = []
    for line in lines:
        depth = len(line) - len(line.lstrip(" "))
        if found and line.strip() and depth <= indent and not line.lstrip().startswith(("{{", "#")):
            break
        if found or (depth == indent and line.strip().startswith(key)):
            found.append(line)
    return found


def _value(lines: list[str], key: str) -> str:
    """Return what stands after a key that is right under the block's own."""
    inner = [line for line in lines[1:] if line.strip().startswith(key)]
    if not inner:
        return ""
    line = min(inner, key=lambda text: len(text) - len(text.lstrip()))
    return line.strip().removeprefix(key).strip()


def _below(lines: list[str], *keys: str) -> tuple[str, ...]:
    """Return the lines under a key of a block, its own first, less their indentation."""
    for key in keys:
        at = next((i for i, line in enumerate(lines[1:], 1) if line.strip().startswith(key)), 0)
        if not at:
            return ()
        indent = len(lines[at]) - len(lines[at].lstrip(" "))
        lines = _nested(lines[at:], indent)
    indent = len(lines[0]) - len(lines[0].lstrip(" "))
    return tuple(_shifted(line, -indent) for line in lines)


def _nested(lines: list[str], indent: int) -> list[str]:
    found = [lines[0]]
    for line in lines[1:]:
        depth = len(line) - len(line.lstrip(" "))
        if line.strip() and depth <= indent:
            break
        found.append(line)
    return [line for line in found if line.strip()]


def _shifted(line: str, by: int) -> str:
    """Return a line further in or out, with what its actions indent by."""
    moved = _INDENT.sub(lambda found: f"{found[1]}{max(0, int(found[2]) + by)}", line)
    return " " * by + moved if by >= 0 else moved[min(-by, len(moved) - len(moved.lstrip(" "))) :]


def _text(lines: _TemplateLines, draft: Draft, ports: tuple[str, ...]) -> str:
    numbers = (*ports, *("" for _ in draft.ports))
    body = [
        *lines.opened,
        *lines.before,
        "apiVersion: v1",
        "kind: Service",
        "metadata:",
        f"  name: {lines.name}",
        *([f"  namespace: {lines.namespace}"] if lines.namespace else []),
        *(_shifted(line, 2) for line in lines.labels),
        "spec:",
        *kind_lines(draft),
        *_selector(lines.selector),
        "  ports:",
        *(
            line
            for port, number in zip(draft.ports, numbers, strict=False)
            for line in port_lines(port, "    ", number)
        ),
        *("{{- end }}" for _ in lines.opened),
    ]
    return "\n".join(body) + "\n"


def _selector(matched: tuple[str, ...]) -> list[str]:
    head, *rest = (_shifted(line, 2) for line in matched)
    return [head.replace("matchLabels:", "selector:", 1), *rest]


def _file(beside: str, renders: Renders) -> str:
    folder, name = posixpath.split(beside)
    stem = _ENDINGS.sub("", name.rpartition(".")[0])
    for candidate in (
        f"{stem}-service.yaml" if stem else "service.yaml",
        f"{stem or 'workload'}-svc.yaml",
    ):
        file = posixpath.join(folder, candidate)
        if renders.tree.read(file) is None:
            return file
    return posixpath.join(folder, f"{stem or 'workload'}-refactor-service.yaml")


def _problem(renders: Renders, home: WorkloadTemplate, file: str, text: str, draft: Draft) -> str:
    """Return what Helm says against a template; "" where it does what it has to."""
    changes = {file: text.encode()}
    for case in (home.case, another(home.case)):
        found = differences(renders, case, changes)
        if found.error:
            return f"the Service's template does not render: {found.error}"
        added = [
            c
            for c in found.changes
            if c.before is None and c.path == "" and c.object.kind == "Service"
        ]
        if len(added) != 1 or len(found.changes) != 1:
            return "its template does not give one Service and nothing else"
        spec = added[0].after.get("spec") or {}
        kind, objects = home.item.identity.kind, renders.render(case).objects
        twins = [i for i in objects if i.source == home.item.source and i.identity.kind == kind]
        if len(twins) != 1 or not spec.get("selector") or not _selects(spec["selector"], twins[0]):
            return "the labels that its template gives are not those of the workload's pods"
        if case is home.case and (added[0].object.namespace, added[0].object.name) != (
            draft.service.namespace,
            draft.service.name,
        ):
            return f"its template gives the name {added[0].object.name}"
        numbers = [port.get("port") for port in spec.get("ports") or []]
        if case is home.case and numbers != [port.port for port in draft.ports]:
            return "its template gives other ports"
        if case is home.case and dict(spec["selector"]) != draft.selector:
            return "its matchLabels hold what changes from one rollout to the next"
    return ""


def _selects(selector: Any, workload: Object) -> bool:
    labels = down(pod_template(workload.content), "metadata", "labels")
    return isinstance(selector, dict) and selector.items() <= labels.items()
