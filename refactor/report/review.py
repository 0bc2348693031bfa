"""What needs review: grouped by what to do, each with its source line and the settings line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, groupby
from pathlib import Path

from refactor.model import Outcome, Plan
from refactor.report.frames import Frames
from refactor.report.lines import ReportLine
from refactor.report.words import address, advice, clean, needs_human, place

_SHOWN = 3
"""Places of one address that are shown with their source; the rest are listed, then counted."""
_LISTED = 10
_MAPPED = frozenset({"unknown-address", "outside", "stale-address"})
"""Reasons for which a line of `mappings` decides."""


def by_advice(plan: Plan) -> dict[tuple[str, str], list[Outcome]]:
    """Return what needs review by its reason and what to do, the largest groups first."""
    groups: defaultdict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in plan.outcomes:
        if needs_human(outcome):
            groups[str(outcome.reason), advice(outcome)].append(outcome)
    return dict(sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])))


def review(plan: Plan, root: Path, width: int, *, everything: bool = False) -> Iterator[ReportLine]:
    """Yield what needs review."""
    groups = by_advice(plan)
    if not groups:
        return
    frames = Frames(root)
    yield ReportLine(f"Needs review ({sum(map(len, groups.values()))})", "title")
    for (reason, told), outcomes in groups.items():
        what = told or f"refactor explain {place(outcomes[0])} shows all reasons"
        why = _shared(outcomes)
        head = f"{reason} ({len(outcomes)}): {f'{why}; ' if why else ''}{what}"
        yield ReportLine(clean(head), "warn", hang=2)
        shown = len(outcomes) if everything else _SHOWN
        for _, line in groupby(outcomes[:shown], lambda o: (o.finding.file, o.finding.line)):
            yield from _places(frames, list(line), width, why)
        yield from _rest(outcomes[shown:])
    yield from _mappings(groups.values())
    yield ReportLine("")


def _shared(outcomes: list[Outcome]) -> str:
    """Return the reason that all places of a group have; "" where they differ."""
    reasons = {outcome.why for outcome in outcomes}
    return outcomes[0].why if len(outcomes) > 1 and len(reasons) == 1 else ""


def _places(frames: Frames, outcomes: list[Outcome], width: int, said: str) -> Iterator[ReportLine]:
    """Yield the places of one line: where and why, the source line, the carets."""
    for outcome in outcomes:
        why = f": {outcome.why}" if outcome.why != said else ""
        yield ReportLine(clean(f"  {place(outcome)}: {address(outcome)}{why}"), hang=4)
    yield from frames.lines([outcome.finding for outcome in outcomes], width)
    for remark in dict.fromkeys(r for outcome in outcomes for r in outcome.finding.remarks):
        yield ReportLine(f"      {clean(remark)}", "dim", hang=8)


def _rest(outcomes: list[Outcome]) -> Iterator[ReportLine]:
    for outcome in outcomes[:_LISTED]:
        yield ReportLine(clean(f"  {place(outcome)}: {address(outcome)}"), "dim", hang=4)
    if len(outcomes) > _LISTED:
        yield ReportLine(f"  and {len(outcomes) - _LISTED} more; -v shows all", "dim")


def _mappings(groups: Iterable[list[Outcome]]) -> Iterator[ReportLine]:
    """Yield the settings to paste for addresses that only a person can place."""
    told = list(dict.fromkeys(filter(None, map(mapping, chain.from_iterable(groups)))))
    if not told:
        return
    head = "Where you know the Service that an address stands for, name it in .refactor.yaml:"
    yield ReportLine(head, "dim", hang=2)
    yield ReportLine("  mappings:", "good")
    yield from (ReportLine(clean(f"    - {one}"), "good") for one in told[:_LISTED])
    if len(told) > _LISTED:
        yield ReportLine(f"    # and {len(told) - _LISTED} more", "dim")


def mapping(outcome: Outcome) -> str:
    """Return the item of `mappings` that would decide an address; "" where none would."""
    if outcome.reason not in _MAPPED:
        return ""
    return f'{{address: "{address(outcome)}", service: NAMESPACE/NAME}}'
