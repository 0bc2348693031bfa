"""The ways in which a chart is installed: release, namespace, and values laid over its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from refactor.helm.charts import Chart, owner
from refactor.helm.inline import Inline
from refactor.model import Finding, Value
from refactor.settings.types import Environment

_LONGEST = 53
"""Characters of a release's name (Helm, `helm install`)."""


class Case(Value, frozen=True):
    """One way to install a chart.

    Attributes:
        chart: its directory, relative to the root.
        release: the release's name.
        namespace: the release's namespace.
        values: values files relative to the root, the last one winning; the chart's own
            `values.yaml` lies below them all.
        environment: whose settings these are, "" for none.
        inline: values that stand in what installs it, laid over the files.
    """

    chart: str
    release: str
    namespace: str
    values: tuple[str, ...] = ()
    environment: str = ""
    inline: tuple[Inline, ...] = ()

    def takes(self, finding: Finding) -> bool:
        """Say whether a finding stands in values that are laid over the chart's own."""
        return finding.file in self.values or any(one.covers(finding) for one in self.inline)

    @property
    def files(self) -> frozenset[str]:
        """The files that hold values laid over the chart's own."""
        return frozenset((*self.values, *(path for one in self.inline for path in one.files)))


def cases_of(
    chart: Chart,
    charts: Iterable[Chart],
    environments: Sequence[Environment] = (),
    namespace: str = "",
) -> tuple[Case, ...]:
    """Return how a chart is installed: once per environment, and once per overlay none uses.

    An environment's values files that stand in another chart's directory are not this chart's.
    """
    charts = tuple(charts)
    plain = Case(chart.path, release_name(chart.name), namespace or "default")
    found = [
        Case(
            chart.path,
            environment.release or plain.release,
            environment.namespace or plain.namespace,
            tuple(v for v in environment.values if _is_for(chart, charts, v)),
            environment.name,
        )
        for environment in environments
    ] or [plain]
    used = {path for case in found for path in case.values}
    base = found[0]
    found += [
        Case(chart.path, base.release, base.namespace, (path,))
        for path in chart.overlays
        if path not in used
    ]
    return tuple(found)


def trials_of(chart: Chart, case: Case) -> tuple[Case, ...]:
    """Return the ways in which its makers try a chart out, for one that does not render plainly."""
    return tuple(replace(case, values=(*case.values, path)) for path in chart.trials)


def release_name(text: str) -> str:
    """Return a name that Helm takes for a release: of a chart, most often its own."""
    name = re.sub(r"[^a-z0-9-]+", "-", text.lower()).strip("-")
    return name[:_LONGEST].rstrip("-") or "release"


def _is_for(chart: Chart, charts: Iterable[Chart], values: str) -> bool:
    home = owner(charts, values)
    return home is None or (chart.holds(values) and home.path.startswith(chart.path))
