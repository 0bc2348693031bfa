"""A row: one finding on its way through the stages, with all that was learned of it."""

from __future__ import annotations

from typing import NamedTuple

from refactor.model import Check, Edit, Finding, Reason, Refusal, Resolution
from refactor.plan.charts.names import ChosenName
from refactor.plan.charts.usage import ValueUsage
from refactor.repository.model import Reader


class Row(NamedTuple):
    """One finding on its way; a stage returns a copy that holds what it learned.

    Attributes:
        finding: the address in its place.
        role: what the place is for: "dialled", or the reason for which it stays an address.
        readers: the programs that get its text; none where that is not known.
        reach: what a chart does with it; None where no chart was asked.
        resolution: what it stands for; None where that was not asked.
        name: what is written in its place; None where nothing is.
        edits: what the plan changes for it, also in other files (`--wrap-tpl`).
        checks: what was proven of it, and of its file.
        refusals: why it is not rewritten; the first decides.
        follows: the mark of the row whose address it is compared with; "" for none.
    """

    finding: Finding
    role: Reason | str = "dialled"
    readers: tuple[Reader, ...] = ()
    reach: ValueUsage | None = None
    resolution: Resolution | None = None
    name: ChosenName | None = None
    edits: tuple[Edit, ...] = ()
    checks: tuple[Check, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    follows: str = ""

    @property
    def mark(self) -> str:
        """The finding's fingerprint."""
        return self.finding.fingerprint

    @property
    def edited(self) -> bool:
        """Whether the plan rewrites it."""
        return bool(self.edits) and not self.refusals

    def refused(self, *refusals: Refusal | None) -> Row:
        """Return the row with further refusals, if there are any: it is not edited."""
        found = tuple(filter(None, refusals))
        return self._replace(edits=(), refusals=(*self.refusals, *found)) if found else self

    def unproven(self, why: str, *checks: Check) -> Row:
        """Return the row refused by a step of the proof."""
        refusal = Refusal("prove", "unproven", why)
        return self._replace(checks=(*self.checks, *checks)).refused(refusal)
