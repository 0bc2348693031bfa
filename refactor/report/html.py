"""The plan as one HTML page that needs nothing else: no network, no server, no second file."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import escape

from refactor.model import FileChange, NewFile, NewService, Outcome, Plan
from refactor.report.calls import OPEN, calls, fold
from refactor.report.diff import content_lines, file_hunks
from refactor.report.diff_lines import Hunk
from refactor.report.forge_links import file_link
from refactor.report.frames import Frames
from refactor.report.groups import IndexedPlan, proof
from refactor.report.html_rows import added, rows
from refactor.report.lines import ReportLine, cut
from refactor.report.origin import facts
from refactor.report.page import page
from refactor.report.picture import picture
from refactor.report.review import mapping
from refactor.report.tally import checked, tally, warnings
from refactor.report.words import address, advice, code_spans, elsewhere

_NAMES = 12
"""Names in a column of the picture."""

_LARGE = 1000
"""Findings from which on a page is kept small: no colours of syntax, evidence once."""

_LONGEST = 200
"""Characters of a source line that are shown above a decision."""

_View = dict[str, Any]


class _Changed(NamedTuple):
    """The findings that are changed."""

    by_mark: dict[str, _View]
    by_file: dict[str, list[_View]]


def html(plan: Plan, root: Path) -> str:
    """Return a plan's report as a page."""
    return page(
        "report.html",
        ["report.css"],
        ["report.js"],
        title=root.resolve().name,
        **_views(IndexedPlan(plan), root),
    )


def _views(reading: IndexedPlan, root: Path) -> _View:
    plan = reading.plan
    frames, large = Frames(root), len(plan.outcomes) > _LARGE
    findings = [_finding(reading, outcome, frames) for outcome in plan.outcomes]
    if large:
        _shorten(findings)
    by_state = defaultdict(list)
    for view in findings:
        by_state[view["state"]].append(view)
    changed = _Changed({v["mark"]: v for v in by_state["changed"]}, defaultdict(list))
    for view in by_state["changed"]:
        changed.by_file[view["file"]].append(view)
    found = calls(reading)
    checks = Counter(check.state for check in plan.checks)
    return {
        "plan": plan,
        "marks": {view["mark"] for view in findings},
        "subject": reading.subject,
        "facts": list(facts(plan)) if plan.basis.made else [],
        "numbers": tally(reading),
        "warnings": warnings(plan),
        "human": _by_advice(by_state["human"]),
        "kept": _by_reason(by_state["kept"]),
        "large": large,
        "changed": len(by_state["changed"]),
        "services": sorted({v["service"] for v in findings if v["service"]}),
        "link": lambda path: file_link(plan.basis, path),
        "paths": sorted({v["file"] for v in findings}),
        "changes": [_change(root, change, changed, plain=large) for change in plan.changes],
        "files": [_new_file(new) for new in plan.files],
        "made": [_made(new) for new in plan.services],
        "objects": _objects(plan),
        "picture": picture(fold(found, _NAMES)),
        "calls": _table(found),
        "checks": checks,
        "checked": checked(plan),
        "open_checks": [check for check in plan.checks if check.state != "passed"],
        "renders": [c for c in plan.checks if c.name == "render" and c.state == "passed"],
    }


def _finding(reading: IndexedPlan, outcome: Outcome, frames: Frames) -> _View:
    finding, resolution = outcome.finding, outcome.resolution
    state = reading.state(outcome)
    return {
        "mark": escape(finding.fingerprint),  # of no text: nothing in it is to be masked
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "key": ".".join(finding.path) or finding.key,
        "address": address(outcome),
        "new": outcome.new,
        "service": reading.service(outcome),
        "state": state,
        "link": file_link(reading.plan.basis, finding.file, finding.line),
        "source": _source(frames, outcome) if state == "human" else None,
        "paste": mapping(outcome) if state == "human" else "",
        "verdict": reading.verdict(outcome) if state == "changed" else "",
        "proof": proof(reading.checks(outcome)) if state == "changed" else "",
        "same": None,
        "badge": bool(outcome.edited),
        "chain": resolution.chain if resolution else (),
        "reaches": outcome.reaches,
        "warnings": outcome.warnings,
        "remarks": finding.remarks,
        "reason": outcome.reason,
        "why": outcome.why,
        "advice": code_spans(advice(outcome)) if state == "human" else (),
    }


def _source(frames: Frames, outcome: Outcome) -> _View | None:
    """Return the line that an address stands in, before, at and after it."""
    side = frames.side(outcome.finding)
    if side is None or not side.marks:
        return None
    line = cut(ReportLine(f" {side.text}", marks=tuple(m.shift(1) for m in side.marks)), _LONGEST)
    mark = line.marks[0]
    text = line.text
    return {
        "number": side.number,
        "before": text[1 : mark.start].lstrip(),
        "mark": text[mark.start : mark.end],
        "after": text[mark.end :],
    }


def _shorten(findings: Sequence[_View]) -> None:
    """Leave out what stands on the page already: the same evidence, links beside a file's own."""
    first: dict[Any, _View] = {}
    for view in findings:
        if view["state"] == "changed":
            known = first.setdefault((view["chain"], view["reaches"], view["proof"]), view)
            view["link"], view["badge"] = "", view["verdict"] != "proven"
            view["same"] = None if known is view else known


def _change(root: Path, change: FileChange, changed: _Changed, *, plain: bool) -> _View:
    hunks = file_hunks(root, change, context=1 if plain else 2)
    return {
        "path": change.path,
        "hunks": [_hunk(change.path, hunk, changed, plain=plain) for hunk in hunks],
        "count": len(changed.by_file.get(change.path, ())),
    }


def _hunk(path: str, hunk: Hunk, changed: _Changed, *, plain: bool) -> _View:
    """Return a hunk with the findings whose host stands in it, and those it is for besides."""
    numbers = {row.old.number for row in hunk.rows if row.old and row.changed}
    here = [view for view in changed.by_file.get(path, ()) if view["line"] in numbers]
    marks = {view["mark"] for view in here}
    others = sorted(mark for mark in hunk.findings - marks if mark in changed.by_mark)
    return {
        "head": hunk.head,
        "rows": rows(path, hunk, plain=plain),
        "findings": here,
        "others": [changed.by_mark[mark] for mark in others],
        "marks": " ".join(sorted(marks | hunk.findings)),
        "first": min(side.number for row in hunk.rows if (side := row.new or row.old)),
    }


def _new_file(new: NewFile) -> _View:
    rows_ = added(new.path, content_lines(new.content))
    return {"path": new.path, "purpose": new.purpose, "rows": rows_, "marks": new.findings}


def _made(new: NewService) -> _View:
    return {
        "service": str(new.service),
        "workload": str(new.workload),
        "file": new.file,
        "extends": new.extends,
        "ports": new.ports,
        "warnings": new.warnings,
        "elsewhere": "" if new.file else elsewhere(new),
        "rows": added("service.yaml", content_lines(new.manifest)),
        "marks": new.findings,
    }


def _by_advice(views: Sequence[_View]) -> list[_View]:
    """Return what needs review, what is alike together: one decision settles each group."""
    groups: dict[tuple[str, str], list[_View]] = {}
    for view in views:
        groups.setdefault((str(view["reason"]), str(view["advice"])), []).append(view)
    ordered = sorted(groups.values(), key=lambda alike: -len(alike))
    return [{"first": alike[0], "rest": alike[1:], "all": alike} for alike in ordered]


def _by_reason(views: Sequence[_View]) -> list[tuple[str, list[_View]]]:
    ordered = sorted(views, key=lambda view: str(view["reason"]))
    return [(str(k), list(g)) for k, g in groupby(ordered, lambda view: view["reason"])]


def _objects(plan: Plan) -> list[tuple[str, list[Any]]]:
    grouped = groupby(plan.objects, lambda change: (change.source, change.object))
    return [(f"{source}: {name}", list(changes)) for (source, name), changes in grouped]


def _table(found: Sequence[Any]) -> list[_View]:
    """Return the picture as rows: a Service each, with what leads to it."""
    by_service = defaultdict(list)
    for call in found:
        by_service[call.service].append(call)
    order = sorted(by_service, key=lambda name: (name == OPEN, -len(by_service[name]), name))
    return [
        {
            "service": "" if name == OPEN else name,
            "addresses": list(_few(call.address for call in by_service[name])),
            "callers": list(_few(call.caller for call in by_service[name])),
            "number": sum(call.number for call in by_service[name]),
        }
        for name in order
    ]


def _few(names: Iterator[str], most: int = 8) -> Iterator[str]:
    every = list(dict.fromkeys(names))
    yield from every[:most]
    if len(every) > most:
        yield f"and {len(every) - most} more"
