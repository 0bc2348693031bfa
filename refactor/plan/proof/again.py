"""Step 4 of the proof: a second run over the result finds nothing left to do."""

from __future__ import annotations

from collections.abc import Iterable

from refactor.model import Check, Finding
from refactor.plan.row import Row
from refactor.plan.stages import find, name, resolve, role
from refactor.plan.world import World
from refactor.scan.elsewhere import ELSEWHERE
from refactor.scan.tree import ScannedFile
from refactor.text.source import Source

_OWN = frozenset({"role", "resolve"})
"""Stages that refuse the same again: what they ask stands in the file and in the inventory."""


def prove_again(world: World, file: ScannedFile, after: Source, rows: Iterable[Row]) -> Check:
    """Return step 4 for one edited file."""
    scan = world.files.scan(after, file.kind, world.inventory(after.path), world.job.settings)
    staying = {_place(row.finding) for row in rows if _stays_for_others(row)}
    left = [finding for finding in scan.findings if _place(finding) not in staying]
    found = find([ScannedFile(after, file.kind, tuple(left))])
    alone = world._replace(charts=None)
    for stage in (role, resolve, name):
        found = stage(alone, found)
    if open_ones := [row.finding for row in found if row.name and not row.refusals]:
        message = f"a second run would still change line {open_ones[0].line}"
        return Check("again", after.path, "failed", message)
    return Check("again", after.path, "passed", "a second run finds nothing left to do")


def _stays_for_others(row: Row) -> bool:
    """Whether a row stays for a reason that does not stand in its file: it is not asked again."""
    if row.finding.rule == ELSEWHERE:
        return True
    return bool(row.refusals) and row.refusals[0].stage not in _OWN


def _place(finding: Finding) -> tuple[object, ...]:
    return finding.path, finding.host, finding.port
