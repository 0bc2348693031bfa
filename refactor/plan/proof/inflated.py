"""Charts that kustomizations inflate (`helmCharts`), rendered by Helm's engine in its own cage.

What a chart renders to stands in its place among the resources of a copy, before and after: so
the kustomization is built without a plugin, a network or a second program.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from refactor.helm.cases import Case, release_name
from refactor.helm.charts import Chart
from refactor.helm.engine import NoEngine
from refactor.helm.inline import Inline
from refactor.helm.renders import Renders
from refactor.helm.tree import Tree
from refactor.plan.charts.session import Charts
from refactor.yaml.kustomize import InflatedChart, Kustomization
from refactor.yaml.plain import contents

_FIELDS = ("helmCharts", "helmChartInflationGenerator", "helmGlobals")


class CannotInflateError(Exception):
    """Why the charts of a kustomization cannot be rendered, in words."""


class Inflater(NamedTuple):
    """Renders the charts that kustomizations inflate."""

    charts: Charts | None

    def laid(
        self, parts: Iterable[Kustomization], tree: Tree, changes: Mapping[str, bytes]
    ) -> dict[str, bytes]:
        """Return the kustomizations that inflate charts, with what these render to in their place.

        Raises:
            CannotInflateError: a chart is not here, or does not render.
        """
        found: dict[str, bytes] = {}
        for one in parts:
            if one.charts:
                found |= self._of(one, tree, changes)
        return found

    def _of(self, one: Kustomization, tree: Tree, changes: Mapping[str, bytes]) -> dict[str, bytes]:
        read = contents(tree.read(one.file))
        content: dict[str, Any] = dict(read[0]) if read and isinstance(read[0], dict) else {}
        kept = {key: value for key, value in content.items() if key not in _FIELDS}
        found: dict[str, bytes] = {}
        for number, made in enumerate(one.charts):
            name = f"inflated-{number}.json"
            found[posixpath.join(posixpath.dirname(one.file), name)] = self._rendered(
                one, made, changes
            )
            kept["resources"] = [*(kept.get("resources") or ()), name]
        return {**found, one.file: json.dumps(kept).encode()}

    def _rendered(
        self, one: Kustomization, made: InflatedChart, changes: Mapping[str, bytes]
    ) -> bytes:
        renders, chart = self._chart(made)
        inline = Inline(one.file, 0, "", (*made.place, "valuesInline"))
        space = made.namespace or one.namespace or "default"
        release = release_name(made.release or made.name)
        case = Case(chart.path, release, space, made.values, inline=(inline,))
        rendering = renders.render(case, changes)
        if rendering.error:
            message = f"chart {made.path} does not render: {rendering.error}"
            raise CannotInflateError(message)
        return "\n---\n".join(json.dumps(o.content) for o in rendering.objects).encode()

    def _chart(self, made: InflatedChart) -> tuple[Renders, Chart]:
        if self.charts is None:
            message = "it inflates charts"
            raise CannotInflateError(message)
        renders = self.charts.renders
        if isinstance(renders, NoEngine):
            message = f"it inflates charts: {renders.reason}"
            raise CannotInflateError(message)
        chart = next((chart for chart in self.charts.all if chart.path == made.path), None)
        if chart is None:
            message = f"it inflates chart {made.name}, which is not in this repository"
            raise CannotInflateError(message)
        return renders, chart
