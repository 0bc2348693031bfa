"""Where a value ends up: who reads it, and whether it passes through `tpl`.

docs/semantics.md, section 4 asks for both. All candidates of a chart are stood in for at once, by
unique stand-ins, and what comes out is read: one render as it is, one with stand-ins, one with a
template after each of them. Only where that fails, or changes which objects there are, are they
halved until the one that is to blame stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from refactor.helm.cases import Case
from refactor.helm.changes import Change, compare
from refactor.helm.noise import Noise, noise_of
from refactor.helm.objects import Identity, Object
from refactor.helm.planting import (
    Candidate,
    is_values,
    plant,
    plant_templates,
    scalars,
    stand_ins,
)
from refactor.helm.renders import Rendering, Renders
from refactor.helm.sentinels import HOST, Sentinels
from refactor.helm.traced import Reading, Trace, Traced, read, with_tpl, without_tpl
from refactor.helm.uses import quoted, seen, texts
from refactor.text.source import Source

MOST_CANDIDATES = 5000
"""Of one chart; there are 9,000 stand-ins of the scarcest shape."""
MOST_RENDERS = 100
"""Of one trace; to find the one of 100 candidates that is to blame takes 14."""
_TPL = re.compile(rb"\btpl\b")


def trace(renders: Renders, case: Case, candidates: Sequence[Candidate]) -> Traced:
    """Return where addresses end up when a chart is rendered."""
    asked = renders.count
    base = renders.render(case)
    if base.error:
        lost = _lost(candidates, base.error)
        return Traced(lost, renders=renders.count - asked, error=base.error, notes=base.notes)
    try:
        tracer = _Tracer(renders, case, base, candidates[:MOST_CANDIDATES])
    except StopIteration:
        lost = _lost(candidates, "the chart itself holds every stand-in there is")
        return Traced(lost, renders=renders.count - asked, notes=base.notes)
    traces = tracer.traces()
    derived = tracer.derived()
    if derived:
        traces = tracer.unhidden(traces)
    traces |= _lost(candidates[MOST_CANDIDATES:], "too many addresses in one chart")
    return Traced(traces, derived, renders.count - asked, notes=base.notes)


def _lost(candidates: Sequence[Candidate], problem: str) -> dict[str, Trace]:
    return {one.key: Trace(problem=problem) for one in candidates}


class _Answer(NamedTuple):
    """A render with some candidates stood in for.

    Attributes:
        group: these candidates.
        rendering: what came out; None where nothing did, which `problem` explains.
        conditions: other objects came out than without.
        problem: also set where only the host could be stood in for.
    """

    group: Sequence[Candidate]
    rendering: Rendering | None
    conditions: bool = False
    problem: str = ""


class _Tracer:
    def __init__(
        self, renders: Renders, case: Case, base: Rendering, candidates: Sequence[Candidate]
    ) -> None:
        self._renders = renders
        self._case = case
        self._base = base
        self._last = renders.count + MOST_RENDERS
        self._candidates = candidates
        written = (text for item in base.objects for _, text in texts(item))
        self._stands = stand_ins(renders.tree, candidates, Sentinels(written))
        self._known: Noise | None = None
        self._derived: set[tuple[Identity, str]] = set()

    def traces(self) -> dict[str, Trace]:
        """Return what became of each candidate."""
        wholes = self._wholes()
        found: dict[str, Trace] = {}
        for answer in self._ask(self._candidates):
            found |= self._read(answer, wholes)
        used = [one for one in self._candidates if found[one.key].uses and is_values(one.file)]
        if not self._renders.holds(self._case, _TPL):
            return found | {one.key: without_tpl(found[one.key]) for one in used}
        alone = [[one] for one in used if found[one.key].conditions]
        for together in ([one for one in used if not found[one.key].conditions], *alone):
            for group, rendering in self._ask_templates(together):
                places = seen(self._settled(rendering), self._stands)
                for one in group:
                    found[one.key] = with_tpl(found[one.key], self._stands[one.key].host, places)
        return found

    def derived(self) -> frozenset[tuple[Identity, str]]:
        """Return the fields that differ without holding a stand-in, and hold still otherwise."""
        if not self._derived:
            return frozenset()
        known = self._noise()
        return frozenset(p for p in self._derived if not known.covers(Change(*p, None, None)))

    def unhidden(self, found: dict[str, Trace]) -> dict[str, Trace]:
        """Tell the candidates that nothing uses from those that may be used unseen."""
        unseen = [
            one
            for one in self._candidates
            if not (found[one.key].uses or found[one.key].ports or found[one.key].problem)
        ]
        if not unseen:
            return found
        objects = self._settled(self._render(unseen))
        changes = compare(self._settled(self._base), objects)
        if all(self._noise().covers(change) for change in changes):
            return found
        return found | {one.key: found[one.key]._replace(hidden=True) for one in unseen}

    def _ask(self, group: Sequence[Candidate]) -> Iterator[_Answer]:
        if not group:
            return
        if self._renders.count >= self._last:
            yield _Answer(group, None, problem=f"not asked: {MOST_RENDERS} renders were not enough")
            return
        rendering = self._render(group)
        if not rendering.error and self._same_objects(rendering):
            yield _Answer(group, rendering)
        elif len(group) > 1:
            for half in _halves(group):
                yield from self._ask(half)
        elif not rendering.error:
            yield _Answer(group, rendering, conditions=True)
        else:
            yield self._host_only(group, rendering.error)

    def _host_only(self, group: Sequence[Candidate], error: str) -> _Answer:
        """A port may be what a schema or a condition does not take another of."""
        rendering = self._render(group, ports=False) if group[0].port else None
        if rendering is None or rendering.error:
            return _Answer(group, None, problem=error)
        return _Answer(group, rendering, not self._same_objects(rendering), problem=error)

    def _ask_templates(
        self, group: Sequence[Candidate]
    ) -> Iterator[tuple[Sequence[Candidate], Rendering]]:
        """Yield renders with a template after each host; nothing for one that does not take it."""
        if not group or self._renders.count >= self._last:
            return
        hosts = frozenset(self._stands[one.key].host for one in group)
        changes = plant(self._renders.tree, group, self._stands)
        changes = {path: plant_templates(path, data, hosts) for path, data in changes.items()}
        rendering = self._renders.render(self._case, changes)
        if not rendering.error:
            yield group, rendering
        elif len(group) > 1:
            for half in _halves(group):
                yield from self._ask_templates(half)

    def _render(self, group: Sequence[Candidate], *, ports: bool = True) -> Rendering:
        changes = plant(self._renders.tree, group, self._stands, ports=ports)
        return self._renders.render(self._case, changes)

    def _same_objects(self, rendering: Rendering) -> bool:
        def names(one: Rendering) -> set[Identity]:
            return {item.identity for item in self._settled(one)}

        if names(rendering) == names(self._base):
            return True
        self._noise()  # names that are random differ by themselves
        return names(rendering) == names(self._base)

    def _settled(self, rendering: Rendering) -> tuple[Object, ...]:
        return self._known.settled(rendering.objects) if self._known else rendering.objects

    def _noise(self) -> Noise:
        if self._known is None:
            self._known = noise_of(self._renders, self._case, self._base.objects)
        return self._known

    def _wholes(self) -> dict[str, str]:
        """Return, by stand-in host, the text of the value that holds it."""
        found: dict[str, str] = {}
        for file, data in plant(self._renders.tree, self._candidates, self._stands).items():
            if is_values(file):
                for scalar in scalars(
                    Source(file, data).text, lambda value: bool(HOST.search(value))
                ):
                    found |= dict.fromkeys(HOST.findall(scalar.value), scalar.value)
        return found

    def _read(self, answer: _Answer, wholes: dict[str, str]) -> dict[str, Trace]:
        if answer.rendering is None:
            return _lost(answer.group, answer.problem)
        objects = self._settled(answer.rendering)
        places = seen(objects, self._stands)
        reading = Reading(objects, places, quoted(answer.rendering.manifests))
        held = [place for found in places.values() for place in found]
        for change in compare(self._settled(self._base), objects):
            if not any(p.object == change.object and p.path.startswith(change.path) for p in held):
                self._derived.add((change.object, change.path))
        found = {}
        for one in answer.group:
            stand = self._stands[one.key]
            told = read(reading, stand, wholes.get(stand.host, stand.host))
            found[one.key] = told._replace(conditions=answer.conditions, problem=answer.problem)
        return found


def _halves(group: Sequence[Candidate]) -> tuple[Sequence[Candidate], Sequence[Candidate]]:
    middle = len(group) // 2
    return group[:middle], group[middle:]
