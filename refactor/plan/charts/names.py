"""What a Service is called where Helm reads the name: docs/semantics.md, section 4.

A Service of the same release goes by the expression that names it in its own manifest, wherever
that is evaluated; everywhere else, and for every other Service, the name is literal.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import NamedTuple

from refactor.helm.cases import Case
from refactor.helm.engine import NoEngine
from refactor.helm.follow import Followed, ServiceName, base_of, service_names
from refactor.helm.planting import in_action, is_values
from refactor.model import Finding, Refusal, ServiceRef, Target
from refactor.plan.charts.release import ChartService, in_words, may_make, own_service, release_of
from refactor.plan.charts.session import Charts
from refactor.plan.charts.usage import ValueUsage
from refactor.repository.environments import Environments
from refactor.resolve.naming import service_name
from refactor.settings.types import Settings
from refactor.text.actions import rebased

_NAMESPACE = "{{ .Release.Namespace }}"
_POD = re.compile(r"(?P<set>.+)-(?P<ordinal>\d+)\Z")


class ChosenName(NamedTuple):
    """A new host in its place.

    Attributes:
        text: as a program, or Helm, reads it.
        probe: the same by `$` of the chart that is installed, where it is a template; else "".
        service: likewise, the Service's name alone.
        port: the port that goes with it, where it is a template too; else "".
        port_probe: the same by `$` of the chart that is installed.
        offered: the Service of the same release, as it is called without a template, and the port
            that it has to offer wherever the chart is installed; None where none is written.
        warnings: what a human should know of it.
        refused: why it may not be written; None where it may.
    """

    text: str
    probe: str = ""
    service: str = ""
    port: str = ""
    port_probe: str = ""
    offered: tuple[str, int] | None = None
    warnings: tuple[str, ...] = ()
    refused: Refusal | None = None


class ServiceNamer:
    """Names Services for findings; what charts are asked is asked once."""

    def __init__(
        self,
        charts: Charts,
        reached: Mapping[str, ValueUsage],
        homes: Environments,
        settings: Settings,
        literal: Collection[str] = (),
        new: Mapping[str, bytes] | None = None,
        wrapped: Collection[str] = (),
    ) -> None:
        """Take what is known."""
        self._charts = charts
        self._reached = reached
        self._homes = homes
        self._settings = settings
        self._literal = frozenset(literal)
        self._new = dict(new or {})
        self._wrapped = frozenset(wrapped)
        self._stated = frozenset(e.name for e in settings.environments if e.release)
        self._followed = lru_cache(maxsize=None)(self._ask)

    def of(self, finding: Finding, target: Target) -> ChosenName:
        """Return what is written in an address's place."""
        settings, reach = self._settings, self._reached.get(finding.fingerprint)
        consumer = self._homes.reader(finding)
        if reach is not None and reach.space is not None:
            consumer = reach.space
        if reach is not None and reach.namespace is not None:
            consumer = reach.namespace
        plain = service_name(target, consumer, settings.names, settings.cluster_domain)
        if reach is None or (own := self._own(finding, reach.case, target)) is None:
            return ChosenName(plain)
        offered = None
        if target.port is not None and not target.headless and not target.pod:
            offered = target.service.name, target.port
        port = self._port(finding, reach, own, target)
        if not own.name.follows_release:
            return ChosenName(plain, port=port[0], port_probe=port[1], offered=offered)
        template = self._template(finding, reach, own, target)
        if template is not None:
            return template._replace(port=port[0], port_probe=port[1], offered=offered)
        if settings.chart_names == "template" and finding.fingerprint not in self._literal:
            why = f"{target.service} is of the same release and nothing here evaluates a template"
            return ChosenName(plain, refused=Refusal("name", "template", why))
        return ChosenName(plain, offered=offered, warnings=_installed(own))

    def _own(self, finding: Finding, case: Case, target: Target) -> ChartService | None:
        inventory = self._homes.of(finding.file).inventory
        service = inventory.services.get(target.service)
        renders = self._charts.renders
        if service is None or isinstance(renders, NoEngine):
            return None
        stated, new = case.environment in self._stated, self._new_in(case)
        if not may_make(renders, case, service, new):
            return None
        names = self._followed(case)
        return own_service(renders, case, names, service, inventory, new, stated=stated)

    def _new_in(self, case: Case) -> dict[str, bytes]:
        renders = self._charts.renders
        assert not isinstance(renders, NoEngine)  # noqa: S101 - there is a ValueUsage
        chart = renders.chart(case)
        return {p: d for p, d in self._new.items() if chart.holds(p)}

    def _ask(self, case: Case) -> Followed:
        renders = self._charts.renders
        return (
            Followed()
            if isinstance(renders, NoEngine)
            else service_names(renders, case, self._new_in(case))
        )

    def _port(
        self, finding: Finding, reach: ValueUsage, own: ChartService, target: Target
    ) -> tuple[str, str]:
        """Return the expression of the Service's port, in place and from the top; "" for none."""
        if self._settings.chart_names == "literal" or finding.fingerprint in self._literal:
            return "", ""
        probe = own.name.ports.get(target.port or 0, "")
        moved = self._context(finding, reach) if probe and self._is_beside(finding) else None
        if moved is None or target.headless or target.pod:
            return "", ""
        text = _in_context(probe, base_of(own.name.source), *moved)
        return (text, probe) if text else ("", "")

    def _is_beside(self, finding: Finding) -> bool:
        """Whether what evaluates the host evaluates the port: nothing ends between the two."""
        if finding.port_span is None:
            return finding.port_from == "implied"
        if finding.more_port_spans:
            return False
        if is_values(finding.file):
            return finding.port_span.start == finding.host_span.end + 1
        renders = self._charts.renders
        assert not isinstance(renders, NoEngine)  # noqa: S101 - there is a ValueUsage
        text = renders.tree.source(finding.file).text
        first, last = sorted((finding.host_span, finding.port_span))
        return "{{" not in text[first.end : last.start]

    def _template(
        self, finding: Finding, reach: ValueUsage, own: ChartService, target: Target
    ) -> ChosenName | None:
        if self._settings.chart_names == "literal" or finding.fingerprint in self._literal:
            return None
        moved = self._context(finding, reach)
        if moved is None:
            return None
        called = [own.name, *self._pod_set(reach.case, own, target)]
        if any(not one.expression for one in called) or bool(target.pod) != (len(called) == 2):
            return None
        pod = ""
        if target.pod and (match := _POD.match(target.pod)):
            pod = f"{called[1].from_top}-{match['ordinal']}."
        rest = self._domain(reach, own.name, target.service, pod=bool(pod))
        probe = f"{pod}{own.name.from_top}{rebased(rest, '$')}"
        text = _in_context(probe, base_of(own.name.source), *moved)
        return ChosenName(text, probe, own.name.from_top) if text else None

    def _context(self, finding: Finding, reach: ValueUsage) -> tuple[str, str] | None:
        """Return what the root is called from the top, and here; None where none is evaluated."""
        base = base_of(reach.source) if reach.source else ""
        if not base or any(base_of(use.source) != base for use in reach.trace.uses):
            return None
        if is_values(finding.file):
            if any(one.evaluated and one.covers(finding) for one in reach.case.inline):
                return None
            evaluated = reach.trace.tpl == "yes" or finding.fingerprint in self._wrapped
            return (base, ".") if evaluated else None
        renders = self._charts.renders
        assert not isinstance(renders, NoEngine)  # noqa: S101 - there is a ValueUsage
        text = renders.tree.source(finding.file).text
        if in_action(text, finding.host_span.start):
            return None
        held = (one for one in ".$" if all(one in use.roots for use in reach.trace.uses))
        here = next(held, "")
        return (base, here) if here else None

    def _pod_set(self, case: Case, own: ChartService, target: Target) -> list[ServiceName]:
        """The StatefulSet of a target's pod, as the same chart names it."""
        match = _POD.match(target.pod)
        name = match["set"] if match else ""
        return [
            one
            for one in self._followed(case).stateful
            if name and (release_of(one, name) == own.install.release or one.name == name)
        ][:1]

    def _domain(self, reach: ValueUsage, name: ServiceName, ref: ServiceRef, *, pod: bool) -> str:
        """Return what follows the Service's name, for `.` of the chart that is installed."""
        form, domain = self._settings.names, self._settings.cluster_domain
        here = reach.namespace is None and name.follows_namespace
        if here and (form == "short" or (form == "auto" and not pod)):
            return ""
        namespace = _NAMESPACE if name.follows_namespace else ref.namespace
        if form == "short":
            return f".{namespace}"
        return f".{namespace}.svc" if form == "qualified" else f".{namespace}.svc.{domain}"


def _in_context(probe: str, service_base: str, base: str, here: str) -> str:
    """Return a text by `$` of the top chart as a subchart writes it; "" where it cannot."""
    if base == "$":
        return rebased(probe, here) if here == "$" else rebased(probe, ".")
    if service_base != base:
        return ""  # a subchart sees nothing of its siblings
    return rebased(probe.replace(base, "$"), ".") if here == "." else probe.replace(base, "$")


def _installed(own: ChartService) -> tuple[str, ...]:
    if not own.others:
        return ()
    told = f"the chart is installed more than once: this name is that of {own.install}"
    return (f"{told}, and not of {in_words(own.others)}",)
