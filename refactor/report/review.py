"""What needs review: grouped by what to do, each with its source line and the settings line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
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
        yield ReportLine("")
        what = told or f"refactor explain {place(outcomes[0])} shows all reasons"
        yield ReportLine(clean(f"{reason} ({len(outcomes)}): {what}"), "warn", hang=2)
        shown = len(outcomes) if everything else _SHOWN
        said = ""
        for outcome in outcomes[:shown]:
            yield from _place(frames, outcome, width, said)
            said = outcome.why
        yield from _rest(outcomes[shown:])
        yield from _mappings(reason, outcomes)
    yield ReportLine("")


def _place(frames: Frames, outcome: Outcome, width: int, said: str) -> Iterator[ReportLine]:
    """Yield one place: where and why, its source line, the caret."""
    why = outcome.why if outcome.why != said else "the same"
    yield ReportLine(clean(f"  {place(outcome)}: {address(outcome)}: {why}"), hang=4)
    yield from frames.lines(outcome.finding, width)
    for remark in outcome.finding.remarks:
        yield ReportLine(f"      {clean(remark)}", "dim", hang=8)


def _rest(outcomes: list[Outcome]) -> Iterator[ReportLine]:
    for outcome in outcomes[:_LISTED]:
        yield ReportLine(clean(f"  {place(outcome)}: {address(outcome)}"), "dim", hang=4)
    if len(outcomes) > _LISTED:
        yield ReportLine(f"  and {len(outcomes) - _LISTED} more; -v shows all", "dim")


def _mappings(reason: str, outcomes: list[Outcome]) -> Iterator[ReportLine]:
    """Yield the settings to paste for addresses that only a person can place."""
    if reason not in _MAPPED:
        return
    yield ReportLine("  Or say in .refactor.yaml which Service each one stands for:", "dim", hang=4)
    yield ReportLine("    mappings:", "good")
    for told in list(dict.fromkeys(map(mapping, outcomes)))[:_LISTED]:
        yield ReportLine(clean(f"      - {told}"), "good")


def mapping(outcome: Outcome) -> str:
    """Return the item of `mappings` that would decide an address; "" where none would."""
    if outcome.reason not in _MAPPED:
        return ""
    return f'{{address: "{address(outcome)}", service: NAMESPACE/NAME}}'
