"""Where the addresses of charts end up: the fields, the workloads, and what follows from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from msgspec.structs import replace

from refactor.addresses.known import NOTHING, KnownHosts
from refactor.helm.cases import Case
from refactor.helm.charts import Chart
from refactor.helm.engine import NoEngine
from refactor.helm.objects import Object
from refactor.helm.planting import Candidate
from refactor.helm.renders import Renders
from refactor.helm.trace import trace
from refactor.helm.traced import Trace, Traced, Use
from refactor.helm.workloads import pod_spec
from refactor.model import Finding, Note, Refusal
from refactor.plan.charts.places import kept_place, port_places
from refactor.plan.charts.proxies import proxied
from refactor.plan.charts.rendered import RenderedText
from refactor.plan.charts.session import Charts
from refactor.repository.consumers import read_at_home, without_names
from refactor.repository.model import Reader
from refactor.rules.row import PlaceSetting

_ANNOTATION = re.compile(r"(?:^|\.)annotations\b")
"""Read by agents and operators, wherever they run."""


_ToldBy: TypeAlias = tuple[tuple[PlaceSetting, ...], Callable[[str], KnownHosts]]
"""The user's own rows, and the hosts that count in a file."""


class ValueUsage(NamedTuple):
    """What a chart does with one address.

    Attributes:
        case: the installation that was looked at; its chart is the one that is installed.
        trace: what became of the address.
        kept: why it stays, from where it ends up; None where it may go.
        shared: the fields apart from the address that its port also decides, in words.
        namespace: of the programs that read it, where that is not the release's; None where it
            is; "" where they are in several.
        anywhere: the release's namespace is not known.
        space: the namespace of every release that gets the text; "" where there are several, or
            one is not known; None outside of releases.
        proxies: the readers that go through a proxy, each with its NO_PROXY.
    """

    case: Case
    trace: Trace
    kept: Refusal | None = None
    shared: tuple[str, ...] = ()
    namespace: str | None = None
    anywhere: bool = False
    space: str | None = None
    proxies: tuple[tuple[str, str], ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The fields and their readers for a report, each once."""
        lines = dict.fromkeys(line for use in self.trace.uses for line in _words(use))
        home = f" {self.case.namespace}/"
        return tuple(line.replace(home, " ", 1) if self.anywhere else line for line in lines)

    @property
    def readers(self) -> tuple[Reader, ...]:
        """The workloads that read it, as the chart renders them."""
        refs = dict.fromkeys(reader.workload for use in self.trace.uses for reader in use.readers)
        told = f"release {self.case.release}"
        seen = [replace(ref, namespace="") if self.anywhere else ref for ref in refs]
        unseen = any(not use.readers for use in self.trace.uses)
        return tuple(
            Reader(ref, ref.namespace, installation=self.case.release, evidence=told)
            for ref in seen
        ) + ((Reader(evidence=told),) if unseen else ())

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a human should know although the address is edited."""
        if self.trace.problem:
            return (f"where this value ends up could not be traced: {self.trace.problem}",)
        if self.trace.hidden:
            return ("this ends up where it cannot be seen: encoded, or hashed",)
        return () if self.trace.uses else ("no template uses this as the chart is installed",)

    @property
    def source(self) -> str:
        """The template that uses it, as Helm names it; "" where none does."""
        return self.trace.uses[0].source if self.trace.uses else ""


class ValueUsages(NamedTuple):
    """What charts do with addresses.

    Attributes:
        by_finding: by fingerprint; one that no chart holds is not in it.
        notes: what could not be asked.
    """

    by_finding: dict[str, ValueUsage]
    notes: tuple[Note, ...] = ()


def reach(
    charts: Charts,
    findings: Iterable[Finding],
    users: tuple[PlaceSetting, ...] = (),
    known_of: Callable[[str], KnownHosts] = lambda _: NOTHING,
) -> ValueUsages:
    """Return where addresses end up."""
    by_chart: dict[Chart, list[Finding]] = {}
    for finding in findings:
        # A library's file is looked at in the first chart that uses it.
        for chart in charts.of(finding)[:1] if not finding.kept else ():
            by_chart.setdefault(chart, []).append(finding)
    if not by_chart:
        return ValueUsages({})
    renders = charts.renders
    if isinstance(renders, NoEngine):
        said = f"where the values of charts end up was not traced: {renders.reason}"
        return ValueUsages({}, tuple(Note(chart.path, "unproven", said) for chart in by_chart))
    found: dict[str, ValueUsage] = {}
    notes: list[Note] = []
    for chart, held in by_chart.items():
        by_mark = {finding.fingerprint: finding for finding in held}
        asked = _of_chart(renders, charts.cases(chart), held, (users, known_of))
        for mark, told in asked.by_finding.items():
            space = charts.space(chart, by_mark[mark])
            found[mark] = told._replace(anywhere=charts.assumes(told.case), space=space)
        notes += asked.notes
    return ValueUsages(found, tuple(dict.fromkeys(notes)))


def _of_chart(
    renders: Renders,
    cases: Sequence[Case],
    findings: Sequence[Finding],
    told_by: _ToldBy,
) -> ValueUsages:
    """Look in one case after another, until each address has been seen in use."""
    laid = {finding for finding in findings if any(case.takes(finding) for case in cases)}
    found: dict[str, ValueUsage] = {}
    notes: list[Note] = []
    for case in cases:
        open_ones = [
            finding
            for finding in findings
            if (case.takes(finding) or finding not in laid)
            and not (finding.fingerprint in found and found[finding.fingerprint].trace.uses)
        ]
        if not open_ones:
            continue
        traced = trace(renders, case, [_candidate(finding) for finding in open_ones])
        if traced.error:
            notes.append(Note(case.chart, "unproven", f"does not render: {traced.error}"))
            lost = [one for one in open_ones if any(part.covers(one) for part in case.inline)]
            found |= {one.fingerprint: _lost(case, traced, one) for one in lost}
            continue
        rendering = renders.render(case)
        text = RenderedText(rendering, told_by[0])
        contents = {item.identity: item.content for item in rendering.objects}
        for finding in open_ones:
            told = traced.traces[finding.fingerprint]
            asked = (
                kept_place(use, finding, told_by[0], contents.get(use.object, {}))
                or text.kept(use, finding, told_by[1](finding.file))
                for use in told.uses
            )
            kept = next(filter(None, asked), None)
            found[finding.fingerprint] = _reach(case, told, kept, rendering.objects)
    for finding in findings:
        seen = found.get(finding.fingerprint)
        if seen and seen.trace.uses and not seen.kept:
            taking = [c for c in cases if c.takes(finding) or finding not in laid]
            away = _no_dns_elsewhere(renders, seen, [c for c in taking if c != seen.case])
            found[finding.fingerprint] = seen._replace(kept=away)
    return ValueUsages(found, tuple(notes))


def _lost(case: Case, traced: Traced, finding: Finding) -> ValueUsage:
    """What an installation that does not render does with a value of its own: not known."""
    why = f"release {case.release} in {case.namespace} does not render as it is: {traced.error}"
    return ValueUsage(case, traced.traces[finding.fingerprint], Refusal("name", "unproven", why))


def _candidate(finding: Finding) -> Candidate:
    return Candidate(finding.fingerprint, finding.file, finding.host_span, finding.port_span)


def _reach(case: Case, told: Trace, kept: Refusal | None, objects: Sequence[Object]) -> ValueUsage:
    homes = {ns for use in told.uses for ns in _namespaces(use)}
    by_identity = {item.identity: item for item in objects}
    kept = kept or _no_dns(told.uses, {str(i): pod_spec(o) for i, o in by_identity.items()})
    namespace = None if homes <= {case.namespace} else homes.pop() if len(homes) == 1 else ""
    proxies = proxied(told.uses, objects)
    return ValueUsage(case, told, kept, port_places(told), namespace, proxies=proxies)


def _namespaces(use: Use) -> set[str]:
    """The namespaces of the programs that read a field; of its object where none is seen to.

    "" stands for programs that may run anywhere.
    """
    if _ANNOTATION.search(use.path) or not (use.readers or read_at_home(use.object.kind)):
        return {""}
    return {reader.workload.namespace for reader in use.readers} or {use.object.namespace} - {""}


def _no_dns(uses: Iterable[Use], specs: Mapping[str, Mapping[str, object]]) -> Refusal | None:
    for reader in (reader for use in uses for reader in use.readers):
        spec = specs.get(str(reader.workload), {})
        network, policy = bool(spec.get("hostNetwork")), str(spec.get("dnsPolicy") or "")
        if why := without_names(host_network=network, dns_policy=policy):
            return Refusal("name", "unproven", f"{reader.workload}: {why}")
    return None


def _no_dns_elsewhere(renders: Renders, told: ValueUsage, cases: Sequence[Case]) -> Refusal | None:
    """Ask the other installations: there the same templates may share their nodes' network."""
    readers = {reader.workload for use in told.trace.uses for reader in use.readers}
    here = {item.identity: item.source for item in renders.render(told.case).objects}
    sources = {
        (identity.kind, source)
        for identity, source in here.items()
        if any((r.kind, r.name) == (identity.kind, identity.name) for r in readers)
    }
    for case in cases:
        for item in renders.render(case).objects:
            spec = pod_spec(item) if (item.identity.kind, item.source) in sources else {}
            network, policy = bool(spec.get("hostNetwork")), str(spec.get("dnsPolicy") or "")
            if why := without_names(host_network=network, dns_policy=policy):
                values = f" with {', '.join(case.values)}" if case.values else ""
                release = f"as release {case.release} in {case.namespace}{values}"
                return Refusal("name", "unproven", f"{item.identity}, {release}: {why}")
    return None


def _words(use: Use) -> tuple[str, ...]:
    if use.readers:
        return tuple(str(reader) for reader in use.readers)
    return (f"{use.object}, {use.path}",)
