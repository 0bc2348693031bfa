"""The numbers of a plan, which add up: to change + needs review + correct + not checked = found."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from refactor.model import Outcome, Plan
from refactor.report.groups import IndexedPlan
from refactor.report.words import count, needs_human

_NOT_CHECKED = frozenset({"ignored", "public", "locked"})
"""Reasons that leave an address out before anything is asked about it."""


class Tally(NamedTuple):
    """The numbers of a plan.

    Attributes:
        found: addresses.
        places: files that hold them.
        change: addresses that the plan changes.
        files: files that it edits.
        review: addresses that need review.
        correct: addresses that are correct as they are.
        unchecked: addresses that were left out: ignored, public, encrypted.
        verified: changes whose checks all passed.
        new: Services to add here.
        extended: Services that gain a port here.
        elsewhere: Services whose manifest belongs in another repository.
        warnings: on changes and on new Services.
    """

    found: int
    places: int
    change: int
    files: int
    review: int
    correct: int
    unchecked: int
    verified: int
    new: int
    extended: int
    elsewhere: int
    warnings: int


def tally(reading: IndexedPlan) -> Tally:
    """Return the numbers of a plan."""
    plan = reading.plan
    kinds = Counter(kind(outcome) for outcome in plan.outcomes)
    made = Counter("else" if not s.file else "ext" if s.extends else "new" for s in plan.services)
    return Tally(
        found=len(plan.outcomes),
        places=len({outcome.finding.file for outcome in plan.outcomes}),
        change=kinds["change"],
        files=len(plan.changes),
        review=kinds["review"],
        correct=kinds["correct"],
        unchecked=kinds["unchecked"],
        verified=sum(reading.verdict(o) == "proven" for o in plan.outcomes if o.edited),
        new=made["new"],
        extended=made["ext"],
        elsewhere=made["else"],
        warnings=sum(map(len, warnings(plan).values())),
    )


def kind(outcome: Outcome) -> str:
    """Return which of the four numbers counts an address."""
    if outcome.edited:
        return "change"
    if needs_human(outcome):
        return "review"
    return "unchecked" if outcome.reason in _NOT_CHECKED else "correct"


def warnings(plan: Plan) -> dict[str, list[str]]:
    """Return each warning with the places it is about, the most frequent first."""
    found: dict[str, list[str]] = {}
    for outcome in plan.outcomes:
        for text in outcome.warnings if outcome.edited else ():
            finding = outcome.finding
            found.setdefault(text, []).append(f"{finding.file}:{finding.line}:{finding.column}")
    for new in plan.services:
        for text in new.warnings:
            found.setdefault(text, []).append(f"Service {new.service}")
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def headline(numbers: Tally) -> str:
    """Return what a plan comes to, in a line like terraform's."""
    change = f"{numbers.change} to change"
    if numbers.change:
        change += f" in {count(numbers.files, 'file')}"
    parts = [
        (numbers.change or numbers.found == 0, change),
        (numbers.new, f"{count(numbers.new, 'Service')} to add"),
        (numbers.extended, f"{count(numbers.extended, 'Service')} to extend"),
        (numbers.elsewhere, f"{count(numbers.elsewhere, 'Service')} to add in other repositories"),
        (numbers.review, f"{numbers.review} {'needs' if numbers.review == 1 else 'need'} review"),
        (numbers.correct, f"{numbers.correct} correct as {_them(numbers.correct)}"),
        (numbers.unchecked, f"{numbers.unchecked} not checked"),
    ]  # fmt: skip
    told = [text for number, text in parts if number]
    if not numbers.change and numbers.found:
        told.insert(0, "nothing to change")
    care = f"; {count(numbers.warnings, 'warning')}" if numbers.warnings else ""
    return f"Plan: {', '.join(told)}{care}."


def _them(number: int) -> str:
    return "it is" if number == 1 else "they are"


_CHECKED = {
    "names": "names",
    "syntax": "syntax",
    "render": "rendering",
    "again": "idempotence",
}
"""What the checks look at, in words."""


def checked(plan: Plan) -> str:
    """Return what was looked at: charts are rendered only where one is touched."""
    run = {check.name for check in plan.checks if check.state != "unasked"}
    told = [told for name, told in _CHECKED.items() if name in run]
    return ", ".join(told) or "no check was run"


def verified(numbers: Tally) -> str:
    """Return how many of the changes are verified."""
    return f"{numbers.verified} of {count(numbers.change, 'change')} verified"
