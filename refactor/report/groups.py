"""A plan as its readers ask for it: by Service, by state, with the proof of each change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal as OneOf
from typing import NamedTuple, TypeAlias

from refactor.model import Check, MissingService, NewService, Outcome, Plan, Target
from refactor.report.words import address, needs_human, place

State: TypeAlias = OneOf["changed", "human", "kept"]
Verdict: TypeAlias = OneOf["proven", "failed", "unasked", ""]


class ServiceGroup(NamedTuple):
    """What is changed for one Service.

    Attributes:
        service: `namespace/name`.
        files: its outcomes, by file.
        made: the manifest that makes or extends it; None where it is there already.
    """

    service: str
    files: dict[str, list[Outcome]]
    made: NewService | None

    @property
    def outcomes(self) -> list[Outcome]:
        """All outcomes, in order of file and place."""
        return [outcome for outcomes in self.files.values() for outcome in outcomes]


class IndexedPlan:
    """A plan, with what it says about each finding at hand."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._made = {mark: new for new in plan.services for mark in new.findings}
        self._checks: defaultdict[str, list[Check]] = defaultdict(list)
        for check in plan.checks:
            self._checks[check.subject].append(check)
        self._charts = sorted({check.subject for check in plan.checks if check.name == "render"})

    def service(self, outcome: Outcome) -> str:
        """Return the Service that an address stands for, "" where none is known."""
        match outcome.resolution:
            case Target(service=service):
                return str(service)
            case MissingService(extend=extend):
                made = self._made.get(outcome.finding.fingerprint)
                return str(made.service) if made else str(extend or "")
        return ""

    def state(self, outcome: Outcome) -> State:
        """Say whether an address is changed, needs review, or is right where it is."""
        if outcome.edited:
            return "changed"
        return "human" if needs_human(outcome) else "kept"

    def checks(self, outcome: Outcome) -> Sequence[Check]:
        """Return the steps of the proof that look at a change: its own, its file's, its chart's."""
        file = outcome.finding.file
        charts = (
            check
            for chart in self._charts
            if chart in ("", ".") or file.startswith(f"{chart}/")
            for check in self._checks[chart]
            if check.name == "render"
        )
        return (*self._checks[outcome.finding.fingerprint], *self._checks[file], *charts)

    def verdict(self, outcome: Outcome) -> Verdict:
        """Return what the proof of a change comes to; "" where nothing was asked."""
        return verdict(self.checks(outcome))

    def subject(self, check: Check) -> str:
        """Return what a step of the proof is about, in words: a finding is told by its place."""
        found = (o for o in self.plan.outcomes if o.finding.fingerprint == check.subject)
        outcome = next(found, None)
        return f"{address(outcome)} in {place(outcome)}" if outcome else check.subject

    def groups(self) -> tuple[ServiceGroup, ...]:
        """Return the changes by Service, the one with the most first."""
        made = {str(new.service): new for new in self.plan.services}
        found: defaultdict[str, defaultdict[str, list[Outcome]]]
        found = defaultdict(lambda: defaultdict(list))
        for outcome in self.plan.outcomes:
            if outcome.edited:
                found[self.service(outcome)][outcome.finding.file].append(outcome)
        groups = (ServiceGroup(name, dict(files), made.get(name)) for name, files in found.items())
        return tuple(sorted(groups, key=lambda group: (-len(group.outcomes), group.service)))


CHECKS = {
    "names": "names resolve",
    "syntax": "files parse",
    "render": "charts render the same",
    "again": "idempotent",
}
"""What each check shows when it passes."""
STATES = {"passed": "passed", "failed": "failed", "unasked": "not run"}
"""The states of a check, in words."""


def verdict(checks: Sequence[Check]) -> Verdict:
    """Return what steps of the proof come to together."""
    states = {check.state for check in checks}
    if "failed" in states:
        return "failed"
    if "unasked" in states:
        return "unasked"
    return "proven" if states else ""


def proof(checks: Sequence[Check]) -> str:
    """Return the proof of one change in a line."""
    open_checks = [check for check in checks if check.state != "passed"]
    if not checks:
        return "not verified: no check was run"
    if not open_checks:
        return f"verified: {', '.join(dict.fromkeys(CHECKS[check.name] for check in checks))}"
    told = (f"{check.name} {STATES[check.state]}: {check.message}" for check in open_checks)
    return f"not verified: {'; '.join(dict.fromkeys(told))}"
