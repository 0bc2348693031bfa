"""Gives a Service that exists the port it lacks, in its own manifest or template."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from msgspec.structs import replace

from refactor.helm.cases import Case
from refactor.helm.engine import NoEngine
from refactor.helm.noise import differences
from refactor.helm.renders import Renders
from refactor.inventory.records import Service
from refactor.model import Edit, NewService, WorkloadRef
from refactor.plan.charts.session import Charts
from refactor.plan.services.draft import DraftPort
from refactor.plan.services.made import Placed, extended
from refactor.plan.services.manifests import Manifests
from refactor.plan.services.text import port_lines
from refactor.text.source import Source, splice
from refactor.text.view import Span

_INSTANCE = ("app.kubernetes.io/instance", "release")


def add_ports(
    service: Service,
    workload: WorkloadRef,
    ports: tuple[DraftPort, ...],
    where: tuple[Manifests, Charts, Callable[[str], bytes | None]],
    findings: tuple[str, ...],
) -> Placed:
    """Return a Service with more ports, and the edit of its manifest that gives them."""
    manifests, charts, read = where
    record = extended(service, ports)
    text = "\n".join(line for port in ports for line in port_lines(port, "    ")) + "\n"
    numbers = tuple(port.port for port in ports)
    new = NewService(service.ref, workload, "", text, numbers, True, findings)
    edit = next(_raw(service, ports, manifests, read, findings), None)
    edit = edit or next(_charted(service, ports, charts, findings), None)
    if edit is None:
        why = (
            "its manifest is not in this repository, or lists its ports in a way that is not edited"
        )
        return Placed(replace(new, elsewhere=why), record)
    return Placed(replace(new, file=edit.file), record, edits=(edit,))


def _raw(
    service: Service,
    ports: tuple[DraftPort, ...],
    manifests: Manifests,
    read: Callable[[str], bytes | None],
    findings: tuple[str, ...],
) -> Iterator[Edit]:
    found = manifests.service(service.name, service.namespace)
    if len(found) != 1:
        return
    source = Source(found[0].file, read(found[0].file) or b"")
    for edit in _edits(source, ports, findings):
        if _adds(source.text, edit, found[0].name, len(ports)):
            yield edit


def _charted(
    service: Service, ports: tuple[DraftPort, ...], charts: Charts, findings: tuple[str, ...]
) -> Iterator[Edit]:
    renders = charts.renders if charts.all else None
    if renders is None or isinstance(renders, NoEngine):
        return
    tops = dict.fromkeys(t for c in charts.all for t in charts.tops(c.file("Chart.yaml")))
    said = [service.labels[key] for key in _INSTANCE if key in service.labels]
    for chart in tops:
        for case in charts.cases(chart):
            for release in dict.fromkeys((*said, case.release)):
                installed = replace(case, release=release, namespace=service.namespace)
                for item in renders.render(installed).objects:
                    place = (item.identity.kind, item.identity.namespace, item.identity.name)
                    if place == ("Service", service.namespace, service.name):
                        source = renders.tree.source(chart.file(item.source.partition("/")[2]))
                        for edit in _edits(source, ports, findings):
                            if _proven(renders, installed, source, edit):
                                yield edit


def _edits(
    source: Source, ports: tuple[DraftPort, ...], findings: tuple[str, ...]
) -> Iterator[Edit]:
    """Yield an insertion after the last port of each Service that a text describes."""
    text = source.text
    end = "\r\n" if "\r\n" in text else "\n"
    starts = [0, *(m.start() for m in re.finditer(r"^---", text, re.MULTILINE) if m.start())]
    for start, stop in zip(starts, [*starts[1:], len(text)], strict=True):
        document = text[start:stop]
        if not re.search(r"^kind:\s*[\"']?Service[\"']?\s*$", document, re.MULTILINE):
            continue
        place = _after_ports(document)
        if place:
            at, indent = place
            lines = [line for port in ports for line in port_lines(port, indent)]
            new = end.join(lines) + end
            if text[: start + at] and not text[: start + at].endswith("\n"):
                new = end + new.removesuffix(end)
            span = Span(start + at, start + at)
            yield Edit(source.path, span, "", new, findings[0], "service")


def _after_ports(document: str) -> tuple[int, str] | None:
    """Return where a document's list of ports ends, and the indentation of its items."""
    at, indent, item, end = 0, -1, "", 0
    inside = False
    for line in document.splitlines(keepends=True):
        depth = len(line) - len(line.lstrip(" "))
        bare = line.strip()
        if indent >= 0 and bare:
            listed = bare.startswith("- ") and depth >= indent
            if not (listed or depth > indent):
                break
            if listed and not item:
                item = " " * depth
            end = at + len(line)
        elif depth == 0 and bare:
            inside = bare == "spec:"
        elif inside and bare == "ports:":
            indent = depth
        at += len(line)
    return (end, item) if item else None


def _adds(text: str, edit: Edit, name: str, count: int) -> bool:
    """Whether an insertion gives one Service so many ports and changes nothing else."""
    from refactor.yaml.data import NotYamlError, TooMuchError, documents

    try:
        old = documents(text)
        new = documents(splice(text, [(*edit.span, edit.new)]))
    except (NotYamlError, TooMuchError):
        return False
    changed = [(a, b) for a, b in zip(old, new, strict=False) if a != b]
    if len(old) != len(new) or len(changed) != 1:
        return False
    before, after = changed[0]
    grown: Any = after.get("spec", {}).get("ports") or []
    ports: Any = before.get("spec", {}).get("ports") or []
    after["spec"]["ports"] = ports
    named = before.get("metadata", {}).get("name") == name
    return (
        named
        and before == after
        and grown[: len(ports)] == ports
        and len(grown) == len(ports) + count
    )


def _proven(renders: Renders, case: Case, source: Source, edit: Edit) -> bool:
    """Whether Helm, too, sees nothing but more ports of the one Service."""
    after = splice(source.text, [(*edit.span, edit.new)])
    found = differences(renders, case, {source.path: source.encode(after)})
    objects = {change.object for change in found.changes}
    return (
        not found.error
        and len(objects) == 1
        and all(
            change.object.kind == "Service" and change.path.startswith("spec.ports")
            for change in found.changes
        )
    )
