"""What is edited together or not at all: the items of one list, and what tests an address.

docs/semantics.md, section 2, "The role of the place".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from refactor.model import Refusal
from refactor.plan.edit import by_file
from refactor.plan.row import Row
from refactor.plan.stages import Rows
from refactor.plan.world import World
from refactor.resolve.lists import lists_of

_UNASKED = ("ignored", "shape", "public", "no-port")
"""Reasons that say nothing of the list: a line is left out, it is no address, or half of one."""


def together(world: World, rows: Rows) -> Rows:
    """Refuse the rest of a list of which one stays, and what tests an address that stays."""
    told = dict((*_listed(world, rows), *_leaderless(rows)))
    return tuple(row.refused(told.get(row.mark)) for row in rows) if told else rows


def _listed(world: World, rows: Rows) -> Iterator[tuple[str, Refusal]]:
    for path, held in by_file(rows):
        if len(held) < 2 or not any(row.refusals for row in held):
            continue
        by_mark = {row.mark: row for row in held}
        findings = sorted((row.finding for row in held), key=lambda one: one.host_span)
        for listed in lists_of(findings, world.files[path].source.text):
            yield from _whole([by_mark[one.fingerprint] for one in listed])


def _whole(listed: Sequence[Row]) -> Iterator[tuple[str, Refusal]]:
    stays = next((row for row in listed if row.refusals and _counts(row)), None)
    if stays is None:
        return
    first = stays.refusals[0]
    why = f"one list is changed whole or not at all, and {stays.finding.host} stays: {first.why}"
    for row in listed:
        if not row.refusals:
            yield row.mark, Refusal("name", first.reason, why, first.remedy)


def _counts(row: Row) -> bool:
    return row.refusals[0].reason not in _UNASKED


def _leaderless(rows: Rows) -> Iterator[tuple[str, Refusal]]:
    stays = {row.mark for row in rows if row.refusals}
    for row in rows:
        if row.follows in stays and not row.refusals:
            why = "what it is compared with stays an address"
            yield row.mark, Refusal("prove", "compared", why)
