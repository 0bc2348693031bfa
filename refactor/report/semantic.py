"""The plan as Kubernetes will see it: objects, and the fields of them that change."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from refactor.model import ObjectChange, Plan
from refactor.report.lines import ReportLine
from refactor.report.words import clean, count


def semantic_lines(plan: Plan) -> Iterator[ReportLine]:
    """Yield the lines of the whole report."""
    if not plan.objects:
        yield ReportLine("No Kubernetes object changes.")
    yield from object_lines(plan)


def object_lines(plan: Plan) -> Iterator[ReportLine]:
    """Yield each object that changes, its fields below it; nothing where none does."""
    if not plan.objects:
        return
    objects = len({(change.source, change.object) for change in plan.objects})
    told = f"{count(len(plan.objects), 'field')} of {count(objects, 'object')}"
    yield ReportLine(f"As Kubernetes sees it: {told}", "title")
    for source, changes in groupby(plan.objects, lambda change: change.source):
        yield ReportLine(clean(source), "file")
        for name, fields in groupby(changes, lambda change: change.object):
            yield ReportLine(f"  {clean(name)}", hang=4)
            for change in fields:
                yield from _field(change)
    yield ReportLine("")


def _field(change: ObjectChange) -> Iterator[ReportLine]:
    yield ReportLine(f"    {clean(change.path) or 'the whole object'}", "dim", hang=6)
    yield from (ReportLine(f"    - {line}", "remove", hang=6) for line in _shown(change.before))
    yield from (ReportLine(f"    + {line}", "add", hang=6) for line in _shown(change.after))


def _shown(value: str) -> list[str]:
    return clean(value).split("\n") if value else []
