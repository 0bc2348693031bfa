"""Step 3 of the proof: an edited chart renders as before, but where the edits reach.

Helm renders before and after, for each way in which the chart is installed and once more under
another release name and namespace; what varies by itself is left out (see `helm.noise`).
"""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from refactor import walk
from refactor.explained import explained
from refactor.helm.cases import Case, cases_of
from refactor.helm.changes import Change
from refactor.helm.charts import Chart, find_charts, renderers
from refactor.helm.engine import NoEngine, find_engine
from refactor.helm.noise import Differences, differences
from refactor.helm.renders import Renders
from refactor.helm.tree import Tree
from refactor.model import Check, Edit
from refactor.settings import Settings

# `checksum/config` and its kin roll a workload when the file it hashes changes: Helm's own advice.
_CHECKSUM = re.compile(r"annotations.*(?:checksum|hash|sha)", re.IGNORECASE)
_OTHER_RELEASE = "refactor-other"


class ChartProof(NamedTuple):
    """What was proven of one chart.

    Attributes:
        check: the step's outcome.
        files: the edited files that it is about.
    """

    check: Check
    files: frozenset[str]


def prove_charts(
    root: Path,
    settings: Settings,
    namespace: str,
    after: Mapping[str, bytes],
    edits: Mapping[str, tuple[Edit, ...]],
) -> tuple[ChartProof, ...]:
    """Return step 3 for every chart that an edit reaches.

    Args:
        root: the repository's root.
        settings: its environments say how charts are installed.
        namespace: of the release, where no environment names one.
        after: the edited files' new bytes, by relative path.
        edits: the edits of each of them.
    """
    if not any(_in_chart(root, path) for path in after):
        return ()
    files = [path for path, _ in walk.walk(root, [root], settings).files]
    charts = find_charts(files, Tree(root).read)
    touched = _touched(charts, after)
    engine = find_engine()
    if isinstance(engine, NoEngine):
        return tuple(_unasked(chart, found, engine.reason) for chart, found in touched.items())
    try:
        with Renders(root, charts, engine) as renders:
            return tuple(
                _prove(
                    renders, chart, found, _cases(chart, charts, settings, namespace), after, edits
                )
                for chart, found in touched.items()
            )
    finally:
        engine.close()


def _in_chart(root: Path, path: str) -> bool:
    folder = posixpath.dirname(path)
    while True:
        if (root / folder / "Chart.yaml").is_file():
            return True
        if not folder:
            return False
        folder = posixpath.dirname(folder)


def _touched(charts: tuple[Chart, ...], paths: Iterable[str]) -> dict[Chart, frozenset[str]]:
    found: dict[str, set[str]] = {}
    by_path = {chart.path: chart for chart in charts}
    for path in paths:
        for chart in renderers(charts, path):
            found.setdefault(chart.path, set()).add(path)
    return {by_path[path]: frozenset(files) for path, files in sorted(found.items())}


def _cases(
    chart: Chart, charts: tuple[Chart, ...], settings: Settings, namespace: str
) -> tuple[Case, ...]:
    """The ways the chart is installed, and one whose release and namespace are others."""
    home = namespace or settings.namespace
    found = cases_of(chart, charts, settings.environments, home)
    other = Case(chart.path, _OTHER_RELEASE, _OTHER_RELEASE, found[0].values)
    return (*dict.fromkeys(found), other)


def _prove(
    renders: Renders,
    chart: Chart,
    files: frozenset[str],
    cases: tuple[Case, ...],
    after: Mapping[str, bytes],
    edits: Mapping[str, tuple[Edit, ...]],
) -> ChartProof:
    pairs = {(e.old, e.new) for path in files for e in edits[path] if e.old}
    changed = {path: after[path] for path in files}
    reached: set[str] = set()
    told: list[str] = []
    for case in cases:
        found = differences(renders, case, changed)
        if found.error:
            return _unasked(chart, files, f"{_install(case)}: {found.error}")
        strange = next((c for c in found.changes if not _accounted(c, pairs)), None)
        if strange is not None:
            message = f"{_install(case)}: no edit accounts for {strange.object}, {strange.path}"
            return ChartProof(Check("render", chart.path, "failed", message), files)
        reached |= {f"{c.object}, {c.path}" for c in found.changes}
        told += [*_left_out(found), *found.notes]
    message = "; ".join((_count(reached, cases), *dict.fromkeys(told)))
    return ChartProof(Check("render", chart.path, "passed", message), files)


def _accounted(change: Change, pairs: set[tuple[str, str]]) -> bool:
    """Whether the edits alone make one rendered value of the other."""
    if _CHECKSUM.search(change.path):
        return True
    if change.before is None or change.after is None:
        return False
    return any(explained(old, new, pairs) for old, new in _texts(change))


def _texts(change: Change) -> Iterator[tuple[str, str]]:
    old, new = str(change.before), str(change.after)
    if type(change.before) is type(change.after):
        yield old, new
    if change.object.kind == "Secret":
        try:
            yield _decoded(old), _decoded(new)
        except (binascii.Error, UnicodeDecodeError):
            return


def _decoded(text: str) -> str:
    return base64.b64decode(text, validate=True).decode()


def _left_out(found: Differences) -> tuple[str, ...]:
    count = len(found.left_out)
    return (f"{count} fields left out that vary by themselves",) if count else ()


def _unasked(chart: Chart, files: frozenset[str], why: str) -> ChartProof:
    return ChartProof(Check("render", chart.path, "unasked", why), files)


def _install(case: Case) -> str:
    values = f" with {', '.join(case.values)}" if case.values else ""
    return f"release {case.release} in {case.namespace}{values}"


def _count(reached: set[str], cases: tuple[Case, ...]) -> str:
    return f"rendered in {len(cases)} ways; the edits reach {len(reached)} fields and nothing else"
