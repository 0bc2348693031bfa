"""What the gate found, in the shapes that reports are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from refactor import __version__
from refactor.gate.select import GateFindings
from refactor.model import Finding, Note, Outcome, Plan
from refactor.report.frames import Frames
from refactor.report.text import ReportLine, place
from refactor.report.words import address, advice, clean
from refactor.scan.tree import TreeScan

_NO_INVENTORY = "write the name of the Service instead; `refactor plan -i FILE` finds it"

WAY_OUT = "To let one stay: `refactor: ignore[why]` on its line; to let all: `--write-baseline`"
"""How an address may stay."""


def outcome(finding: Finding, decided: Outcome | None) -> Outcome:
    """Return why the gate fails on a finding, and what to write instead.

    Args:
        decided: what a plan would do about it; None without an inventory.
    """
    if decided is None:
        return Outcome(finding, reason="new", why=_NO_INVENTORY)
    if decided.edited:
        return msgspec.structs.replace(
            decided, edited=False, reason="new", why=f"write {decided.new}"
        )
    return msgspec.structs.replace(decided, reason="new")


def plan_of(
    sifted: GateFindings, decided: Mapping[str, Outcome], tree: TreeScan, name: str
) -> Plan:
    """Return a plan that changes nothing and holds what the gate has to say."""
    outcomes = [
        *(outcome(finding, decided.get(finding.fingerprint)) for finding in sifted.new),
        *(Outcome(f, reason=f.kept, why=f.kept_why) for f in sifted.aside),
    ]
    outcomes.sort(key=lambda o: (o.finding.file, o.finding.host_span))
    return Plan(
        tool_version=__version__,
        outcomes=tuple(outcomes),
        notes=(*tree.notes, *_gone(sifted, name)),
        passed_over=tree.passed_over,
        files_read=tree.files_read,
    )


def _gone(sifted: GateFindings, name: str) -> Iterator[Note]:
    if sifted.gone:
        message = f"{gone_count(sifted)} of its addresses are gone; --write-baseline prunes them"
        yield Note(name, "gone", message)


def gone_count(sifted: GateFindings) -> int:
    """Return how many addresses of the baseline are no longer found."""
    return sum(entry.count for entry in sifted.gone)


def lines(
    plan: Plan, sifted: GateFindings, root: Path | None = None, width: int = 100
) -> Iterator[ReportLine]:
    """Yield the gate's report for a terminal: each new finding with its source, then the counts."""
    frames = Frames(root) if root else None
    for told in plan.outcomes:
        if told.reason != "new":
            continue
        yield ReportLine(clean(f"{place(told)}: {address(told)} is hard-coded"), "warn", hang=4)
        yield from frames.lines([told.finding], width) if frames else ()
        yield ReportLine(clean(f"    help: {told.why}"), "dim", hang=10)
        if (hint := advice(told)) and hint != told.why:
            yield ReportLine(f"    help: {hint}", "dim", hang=10)
    for note in plan.notes:
        line = f":{note.line}" if note.line else ""
        yield ReportLine(clean(f"{note.file}{line}: {note.message}"), "dim")
    if sifted.new:
        yield ReportLine(WAY_OUT, "dim")
    yield ReportLine(summary(plan, sifted), "warn" if sifted.new else "good")


def summary(plan: Plan, sifted: GateFindings) -> str:
    """Return the counts in one line."""
    new = f"{len(sifted.new)} new hard-coded address{'' if len(sifted.new) == 1 else 'es'}"
    rest = {
        "in the baseline": len(sifted.known),
        "gone": gone_count(sifted),
        "ignored": len(sifted.aside),
        "kept": sifted.kept,
    }
    told = "".join(f", {count} {what}" for what, count in rest.items() if count)
    return f"{new}{told}; {plan.files_read} file{'' if plan.files_read == 1 else 's'} read"
