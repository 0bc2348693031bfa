"""The charts of one repository, found and rendered at the first use."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from pathlib import Path

from refactor.files import walk
from refactor.files.globs import Patterns
from refactor.helm.cases import Case, cases_of, release_name, trials_of
from refactor.helm.charts import Chart, find_charts, owner, renderers
from refactor.helm.engine import Engine, NoEngine
from refactor.helm.find import find_engine
from refactor.helm.renders import Renders
from refactor.helm.tree import Tree
from refactor.model import Finding
from refactor.repository.model import ANYWHERE, Install
from refactor.settings.types import Environment, Settings

_MOST_INSTALLS = 16
"""Releases of one chart that the repository speaks of, and Helm is asked about."""


class Charts:
    """A repository's charts; a tree without any costs nothing.

    Attributes:
        root: the repository's.
    """

    def __init__(
        self,
        root: Path,
        settings: Settings,
        namespace: str = "",
        listed: walk.TreeListing | None = None,
    ) -> None:
        """Take the repository."""
        self._listed = listed
        self.root = root
        self._settings = settings
        self._namespace = namespace or settings.namespace
        self._renders: Renders | None = None
        self.installs: Callable[[str], tuple[Install, ...]] = lambda _: ()
        self.deployed: Callable[[str], tuple[Install, ...]] = lambda _: ()
        self._said: set[Case] = set()
        self._holds = lru_cache(maxsize=None)(self._is_chart)
        self._tops = lru_cache(maxsize=None)(self._renderers)
        self.cases = lru_cache(maxsize=None)(self._cases)

    def tops(self, path: str) -> tuple[Chart, ...]:
        """Return the charts to render to see what a file does; none where it is in no chart."""
        folder = posixpath.dirname(path)
        while not self._holds(folder):
            if not folder:
                return self._overlaid(path)
            folder = posixpath.dirname(folder)
        return self._tops(posixpath.join(folder, "Chart.yaml"))

    def of(self, finding: Finding) -> tuple[Chart, ...]:
        """Return the charts to render to see what an address does, wherever it is given to them."""
        found = self.tops(finding.file)
        if found:
            return found
        given = {
            one.folder for one in self.deployed(finding.file) if one.folder and one.holds(finding)
        }
        return tuple(chart for chart in self.all if (chart.path or ".") in given) if given else ()

    @cached_property
    def all(self) -> tuple[Chart, ...]:
        """Every chart of the repository, by path."""
        return find_charts(self.files, Tree(self.root).read)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Every file of the repository that no rule passes over, by path."""
        found = self._listed or walk.listed(self.root, [self.root], self._settings)
        return tuple(path for path, _ in walk.walked(found).files)

    @property
    def renders(self) -> Renders | NoEngine:
        """What renders them; or why nothing can."""
        if self._renders is None:
            if isinstance(self._engine, NoEngine):
                return self._engine
            self._renders = Renders(self.root, self.all, self._engine)
        return self._renders

    def assumes(self, case: Case) -> bool:
        """Say whether a case's namespace is Helm's own default, not a stated one."""
        stated = {e.name for e in self._settings.environments if e.namespace}
        unsaid = not self._namespace and case.environment not in stated
        return unsaid and case not in self._said

    def space(self, chart: Chart, finding: Finding) -> str | None:
        """Return the namespace of every release that gets an address of a chart.

        Returns:
            "" where there are several, or one is not known; None where nothing names a release.
        """
        entries, path = self._entries(chart), finding.file
        taking = {case.namespace for case in entries if case.takes(finding)}
        given = {file for case in entries for file in case.values}
        if not taking and path not in chart.overlays:
            taking = {case.namespace for case in entries if path not in given}
        return None if not taking else taking.pop() if len(taking) == 1 else ""

    def _entries(self, chart: Chart) -> list[Case]:
        """Return each release that the settings or the repository speak of; "" for anywhere."""
        found = [
            Case(chart.path, "", one.namespace or self._namespace, one.values)
            for one in self._settings.environments
            if concerns(one, chart, self.all)
        ]
        for one in self.installs(chart.path):
            known = "" if one.namespace == ANYWHERE else one.namespace or self._namespace
            found.append(Case(chart.path, "", known, one.values, inline=one.given))
        return found

    @property
    def count(self) -> int:
        """How many times Helm was asked."""
        return self._renders.count if self._renders else 0

    def close(self) -> None:
        """End the engine and remove what was written."""
        if self._renders is not None:
            self._renders.close()
        if "_engine" in self.__dict__ and not isinstance(self._engine, NoEngine):
            self._engine.close()

    def __enter__(self) -> Charts:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def _engine(self) -> Engine | NoEngine:
        return find_engine()

    def _renderers(self, path: str) -> tuple[Chart, ...]:
        return renderers(self.all, path)

    def _is_chart(self, folder: str) -> bool:
        return (self.root / folder / "Chart.yaml").is_file()

    def _overlaid(self, path: str) -> tuple[Chart, ...]:
        """The charts that an environment lays this values file over, which stands in none."""
        laid = any(path in one.values and one.folder for one in self.deployed(path))
        if not laid and path not in self._stated:
            return ()
        tops = (top for chart in self.all for top in renderers(self.all, chart.file("Chart.yaml")))
        return tuple(
            chart
            for chart in dict.fromkeys(tops)
            if not chart.library and any(path in case.values for case in self.cases(chart))
        )

    @cached_property
    def _stated(self) -> frozenset[str]:
        return frozenset(v for e in self._settings.environments for v in e.values)

    def _cases(self, chart: Chart) -> tuple[Case, ...]:
        """The ways a chart is installed; one that does not render is tried as its makers do."""
        said = self._installed(chart)
        found = cases_of(chart, self.all, self._settings.environments, self._namespace)
        if said and not self._settings.environments:
            used = {path for case in said for path in case.values}
            found = tuple(case for case in found if not used.issuperset(case.values or used))
        found = (*said, *found)
        renders = self.renders if chart.trials else None
        if renders is None or isinstance(renders, NoEngine):
            return tuple(dict.fromkeys(found))
        tried = [case for one in found for case in (_renderable(renders, chart, one),)]
        return tuple(dict.fromkeys(tried))

    def _installed(self, chart: Chart) -> tuple[Case, ...]:
        """The ways of which the repository itself speaks."""
        found: dict[Case, None] = {}
        for one in self.installs(chart.path)[:_MOST_INSTALLS]:
            known = "" if one.namespace == ANYWHERE else one.namespace or self._namespace
            case = Case(
                chart.path,
                release_name(one.release or chart.name),
                known or "default",
                tuple(path for path in one.values if (self.root / path).is_file()),
                inline=one.given,
            )
            found[case] = None
            self._said |= {case} if known else set()
        return tuple(found)


def concerns(environment: Environment, chart: Chart, charts: Iterable[Chart]) -> bool:
    """Say whether an environment of the settings speaks of a chart's release."""
    files = (chart.file("Chart.yaml"), chart.file("values.yaml"))
    homes = [owner(charts, path) for path in environment.values]
    patterns = Patterns(environment.files)
    return any(home is None or chart.holds(home.file("x")) for home in homes) or any(
        patterns.covers(path) for path in files
    )


def _renderable(renders: Renders, chart: Chart, case: Case) -> Case:
    if not renders.render(case).error:
        return case
    trials = (trial for trial in trials_of(chart, case) if not renders.render(trial).error)
    return next(trials, case)


def changed(charts: Charts, after: Mapping[str, bytes], chart: Chart) -> dict[str, bytes]:
    """Return those of some changed files that a chart's renders read."""
    values = {path for case in charts.cases(chart) for path in case.files}
    return {
        path: data for path, data in after.items() if path in values or chart in charts.tops(path)
    }
