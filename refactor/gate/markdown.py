"""What the gate found, for a pull request: what is new and what to write instead, nothing else."""

from __future__ import annotations

from refactor.gate.report import WAY_OUT, summary
from refactor.gate.select import GateFindings
from refactor.model import Outcome, Plan
from refactor.report.markdown import LIMIT, notes, section
from refactor.report.marked import code, prose, spans
from refactor.report.words import address, advice, count, place

_HEAD = ("| place | address | write instead |", "| --- | --- | --- |")


def markdown(plan: Plan, sifted: GateFindings, limit: int = LIMIT) -> str:
    """Return the gate's report as GitHub Flavored Markdown.

    Args:
        limit: its greatest length, in characters.
    """
    new = [outcome for outcome in plan.outcomes if outcome.reason == "new"]
    told = count(len(new), "new hard-coded address", "es") if new else "no new hard-coded addresses"
    text = f"## refactor: {told}\n"
    end = (f"\n{spans(WAY_OUT)}\n" if new else "") + f"\n{prose(summary(plan, sifted))}\n"
    room = limit - len(text) - len(end) - _LEFT
    text += section("New", map(_row, new), room * 3 // 4, "address", _HEAD)
    text += section("Notes", notes(plan), limit - len(text) - len(end), "note")
    return (text + end)[:limit]


_LEFT = 100
"""Characters kept for how many are left out."""


def _row(outcome: Outcome) -> str:
    if outcome.new:
        told = code(outcome.new)
    else:
        told = "<br>→ ".join(filter(None, (prose(outcome.why), spans(advice(outcome)))))
    return f"| {code(place(outcome))} | {code(address(outcome))} | {told} |"
