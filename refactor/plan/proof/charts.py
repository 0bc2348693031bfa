"""Step 3 of the proof: an edited chart renders as before, but where the edits reach.

Helm renders before and after, for each way in which the chart is installed and once more under
another release name and namespace; what varies by itself is left out (see `helm.noise`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from refactor.helm.cases import Case
from refactor.helm.changes import Change
from refactor.helm.charts import Chart
from refactor.helm.engine import NoEngine
from refactor.helm.follow import another, port_numbers
from refactor.helm.noise import Differences, differences
from refactor.helm.objects import Identity
from refactor.helm.renders import Renders
from refactor.model import Check
from refactor.plan.charts.session import Charts
from refactor.plan.charts.usage import ValueUsage
from refactor.plan.edited import EditedFile
from refactor.plan.proof.chart_edits import (
    ChartEdits,
    edits_of,
    evaluated,
    follows,
    given_texts,
    lacks_port,
)
from refactor.plan.proof.explained import accounted


class ChartProof(NamedTuple):
    """What was proven of one chart.

    Attributes:
        check: the step's outcome.
        files: the edited files that it is about.
        templates: fingerprints of the findings whose new templates may be to blame.
        changes: what differs, of the first way in which the chart is installed that shows it.
    """

    check: Check
    files: frozenset[str]
    templates: frozenset[str] = frozenset()
    changes: tuple[tuple[Case, Change], ...] = ()


Memo = dict[str, tuple[ChartEdits, ChartProof]]
"""The last proof of each chart, by its path, with the edits that it is of."""


def prove_charts(
    charts: Charts,
    planned: Sequence[EditedFile],
    reached: Mapping[str, ValueUsage],
    new: Mapping[str, bytes] | None = None,
    memo: Memo | None = None,
) -> tuple[ChartProof, ...]:
    """Return step 3 for every chart that an edit, or a file that is added, reaches."""
    memo = {} if memo is None else memo
    touched: dict[Chart, list[EditedFile]] = {}
    for file in planned:
        for chart in _touched(charts, file, reached):
            touched.setdefault(chart, []).append(file)
    added = {path: chart for path in new or {} for chart in charts.tops(path)}
    for chart in added.values():
        touched.setdefault(chart, [])
    if not touched:
        return ()
    edited = {
        chart: edits_of(files, {p: d for p, d in (new or {}).items() if added.get(p) == chart})
        for chart, files in sorted(touched.items(), key=lambda item: item[0].path)
    }
    renders = charts.renders
    if isinstance(renders, NoEngine):
        return tuple(_unasked(chart, one, renders.reason) for chart, one in edited.items())
    return tuple(
        _remembered(memo, renders, chart, charts.cases(chart), one, reached)
        for chart, one in edited.items()
    )


def _touched(
    charts: Charts, file: EditedFile, reached: Mapping[str, ValueUsage]
) -> Iterable[Chart]:
    """The charts that a file's edits reach, also from what installs them."""
    asked = {reached[e.finding].case.chart for e in file.change.edits if e.finding in reached}
    tops = charts.tops(file.change.path)
    other = asked - {chart.path for chart in tops}
    return (*tops, *(chart for chart in (charts.all if other else ()) if chart.path in other))


def _remembered(
    memo: Memo,
    renders: Renders,
    chart: Chart,
    cases: Sequence[Case],
    edited: ChartEdits,
    reached: Mapping[str, ValueUsage],
) -> ChartProof:
    """A chart whose edits are what they were is not asked again."""
    if chart.path not in memo or memo[chart.path][0] != edited:
        memo[chart.path] = edited, _prove(renders, chart, cases, edited, reached)
    return memo[chart.path][1]


def _prove(
    renders: Renders,
    chart: Chart,
    cases: Sequence[Case],
    edited: ChartEdits,
    reached: Mapping[str, ValueUsage],
) -> ChartProof:
    """Compare the ways the chart is installed, and another release where templates are written."""
    first = next((case for case in cases if not renders.render(case).error), cases[0])
    other = another(first)
    asked = (*cases, *([other] if follows(edited) else []))
    broken = {case: error for case in asked if (error := renders.render(case).error)}
    whole = [case for case in asked if case not in broken]
    told = [f"{_install(case)} does not render as it is: {error}" for case, error in broken.items()]
    if not whole or _seen_by_none(edited, broken, whole):
        return _unasked(chart, edited, told[0])
    seen: dict[tuple[object, str], tuple[Case, Change]] = {}
    for case in whole:
        given = given_texts(renders, case, edited)
        found = differences(renders, case, edited.after, _expected(renders, case, edited, given))
        if found.error:
            return _unasked(chart, edited, f"{_install(case)}: {found.error}", found.error)
        problem = _problem(renders, case, found, edited, given, reached)
        if problem is not None:
            return ChartProof(
                Check("render", chart.path, "failed", f"{_install(case)}: {problem.words}"),
                frozenset(edited.after),
                problem.templates,
            )
        for change in found.changes:
            seen.setdefault((change.object, change.path), (case, change))
        told += [*_left_out(found), *found.notes]
    count = f"rendered in {len(whole)} ways; the edits reach {len(seen)} fields"
    message = "; ".join((f"{count} and nothing else", *dict.fromkeys(told)))
    check = Check("render", chart.path, "passed", message)
    shown = tuple(pair for pair in seen.values() if pair[0] is not other)
    return ChartProof(check, frozenset(edited.after), changes=shown)


def _seen_by_none(edited: ChartEdits, broken: Iterable[Case], whole: Iterable[Case]) -> bool:
    """Whether a values file is edited that only installations read which do not render."""
    read = {path for case in whole for path in case.files}
    return any(path in edited.after and path not in read for case in broken for path in case.files)


class _Problem(NamedTuple):
    words: str
    templates: frozenset[str]


def _expected(
    renders: Renders, case: Case, edited: ChartEdits, given: Mapping[str, str]
) -> Callable[[Change], bool]:
    """Return whether the edits account for a difference."""
    pairs = {
        (old, evaluated(new, edited.hosts.get(mark), given)) for old, new, mark in edited.pairs
    }
    made = _made(renders, case, edited)
    return lambda change: accounted(change, pairs) or _is_service(change, made)


def _problem(
    renders: Renders,
    case: Case,
    found: Differences,
    edited: ChartEdits,
    given: Mapping[str, str],
    reached: Mapping[str, ValueUsage],
) -> _Problem | None:
    """Return what speaks against the edits in one case."""
    objects = renders.render(case, edited.after).objects if edited.hosts else ()
    services = {
        item.identity.name: port_numbers(item)
        for item in objects
        if item.identity.kind == "Service"
    }
    for mark, host in edited.hosts.items():
        if host.probe and given.get(host.service) not in services:
            return _Problem(f"{host.text} names no Service of the chart", frozenset({mark}))
        if told := lacks_port(host, given, services):
            return _Problem(told, frozenset({mark}))
    expected = _expected(renders, case, edited, given)
    strange = next((change for change in found.changes if not expected(change)), None)
    if strange is None:
        return None
    words = f"no edit accounts for {strange.object}, {strange.path}"
    return _Problem(words, _suspects(strange, edited, reached))


def _made(renders: Renders, case: Case, edited: ChartEdits) -> dict[Identity, bool]:
    """The Services that come of new templates (True) and of those that gain ports (False)."""
    if not (edited.new or edited.grown):
        return {}
    chart = renders.chart(case)
    files = {
        item.identity: chart.file(item.source.partition("/")[2])
        for item in renders.render(case, edited.after).objects
        if item.identity.kind == "Service"
    }
    return {
        identity: file in edited.new
        for identity, file in files.items()
        if file in edited.new | edited.grown
    }


def _is_service(change: Change, made: Mapping[Identity, bool]) -> bool:
    if change.object not in made:
        return False
    whole = change.path == "" and change.before is None
    return whole if made[change.object] else change.path.startswith("spec.ports")


def _suspects(
    strange: Change, edited: ChartEdits, reached: Mapping[str, ValueUsage]
) -> frozenset[str]:
    """The templates that reach a strange field; all of them where none is seen to."""
    reaching = {
        mark
        for mark in edited.hosts
        if mark in reached
        and any(
            use.object._replace(namespace="") == strange.object._replace(namespace="")
            and use.path == strange.path
            for use in reached[mark].trace.uses
        )
    }
    return frozenset(reaching or edited.hosts)


def _left_out(found: Differences) -> tuple[str, ...]:
    count = len(found.left_out)
    return (f"{count} fields left out that vary by themselves",) if count else ()


def _unasked(chart: Chart, edited: ChartEdits, why: str, error: str = "") -> ChartProof:
    check = Check("render", chart.path, "unasked", why)
    # A template may be what keeps the chart from rendering: most often one in a file Helm names.
    named = frozenset(
        mark for mark, file in edited.places.items() if error and _inner(chart, file) in error
    )
    return ChartProof(check, frozenset(edited.after), named or frozenset(edited.hosts))


def _inner(chart: Chart, file: str) -> str:
    return file[len(chart.path) :].lstrip("/") if chart.holds(file) else file


def _install(case: Case) -> str:
    values = f" with {', '.join(case.values)}" if case.values else ""
    return f"release {case.release} in {case.namespace}{values}"
