"""Which edits fail a proof: those are taken back, and their neighbours are not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from refactor.model import Check
from refactor.plan.edit import edit_file
from refactor.plan.proof.file import prove_file
from refactor.plan.row import Row
from refactor.plan.world import World
from refactor.scan.tree import ScannedFile

MOST_TRIALS = 64
"""Proofs that are spent on finding which edits of a file or a chart are to blame."""

Fails = Callable[[Collection[str]], str]
"""Says how the edits of some findings, and no others, fail the proof; "" where they pass."""


def to_blame(marks: Sequence[str], why: str, fails: Fails, trials: int) -> dict[str, str]:
    """Return the findings whose edits fail a proof, each with its words.

    Halves are tried, and halves of those that fail; where only all together fail, all are to blame.
    """
    left = trials

    def look(group: Sequence[str], why: str) -> dict[str, str]:
        nonlocal left
        found: dict[str, str] = {}
        middle = len(group) // 2
        halves = (group[:middle], group[middle:]) if middle and left >= 2 else ()
        left -= len(halves)
        for part in halves:
            if told := fails(part):
                found |= look(part, told)
        return found or dict.fromkeys(group, why)

    return look(marks, why)


def prove_alone(world: World, file: ScannedFile, rows: Sequence[Row]) -> tuple[Row, ...]:
    """Edit and prove one file, again without the rows to blame until the rest is proven."""
    while True:
        tried = prove_file(world, file, edit_file(world, file, rows))
        failed = {row.mark: check for row in tried if row.edited and (check := _failed(row))}
        if not failed or world.job.unproven:
            return tried
        rows = _without(world, file, rows, failed)


def _without(
    world: World, file: ScannedFile, rows: Sequence[Row], failed: dict[str, Check]
) -> tuple[Row, ...]:
    own = {mark: check for mark, check in failed.items() if check.name == "names"}
    first = next(iter(failed.values()))
    blamed = {mark: f"{check.name}: {check.message}" for mark, check in own.items()}
    if not own:
        why = f"{first.name}: {first.message}"
        blamed = to_blame([*failed], why, _trial(world, file, rows), MOST_TRIALS)
    return tuple(
        row.unproven(blamed[row.mark], failed[row.mark]) if row.mark in blamed else row
        for row in rows
    )


def _trial(world: World, file: ScannedFile, rows: Sequence[Row]) -> Fails:
    def fails(part: Collection[str]) -> str:
        chosen = set(part)
        held = [row if row.mark in chosen else row.unproven("tried without it") for row in rows]
        tried = prove_file(world, file, edit_file(world, file, held))
        check = next((check for row in tried if row.edited and (check := _failed(row))), None)
        return f"{check.name}: {check.message}" if check else ""

    return fails


def _failed(row: Row) -> Check | None:
    return next((check for check in row.checks if _bars(row, check)), None)


def _bars(row: Row, check: Check) -> bool:
    """Whether a step takes its edit back: it failed, or Python that has a parser did not parse."""
    is_asked = check.name == "syntax" and row.finding.language == "python"
    return check.state == "failed" or (is_asked and check.state == "unasked")
