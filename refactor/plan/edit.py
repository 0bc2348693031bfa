"""The findings of one file with what they stand for, to outcomes and edits that agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec

from refactor.model import (
    Ambiguous,
    Edit,
    Finding,
    MissingService,
    Outcome,
    Reason,
    Resolution,
    Target,
    Unresolved,
)
from refactor.plan.edits import edits_for, warnings_for, written
from refactor.view import Span


class Resolved(NamedTuple):
    """A finding and what it stands for.

    Attributes:
        finding: the finding.
        resolution: what it stands for; None where it was not asked.
        blocked: why it may not be edited although it resolves, as (reason, words).
    """

    finding: Finding
    resolution: Resolution | None
    blocked: tuple[Reason, str] | None = None


class Decided(NamedTuple):
    """What is done in one file.

    Attributes:
        outcomes: one per finding, in order.
        edits: not overlapping, in order of place.
    """

    outcomes: tuple[Outcome, ...]
    edits: tuple[Edit, ...]


Namer = Callable[[Finding, Target], str]


def decide(resolved: Sequence[Resolved], text: str, name: Namer) -> Decided:
    """Return the outcomes and edits of one file.

    Args:
        resolved: its findings, in order of place.
        text: its decoded text.
        name: gives the new host of a finding and its target.
    """
    outcomes = [_outcome(item, name) for item in resolved]
    edits = {
        item.finding.fingerprint: edits_for(
            item.finding, item.resolution, name(item.finding, item.resolution), text
        )
        for item, outcome in zip(resolved, outcomes, strict=True)
        if outcome.edited and isinstance(item.resolution, Target)
    }
    withheld = _shared_ports([item.finding for item in resolved], edits)
    withheld |= _conflicts(edits, withheld)
    kept = {mark: group for mark, group in edits.items() if mark not in withheld}
    final = tuple(_withhold(outcome, withheld) for outcome in outcomes)
    return Decided(final, _in_order(kept.values()))


def _outcome(item: Resolved, name: Namer) -> Outcome:
    finding, resolution, blocked = item
    if finding.kept:
        return Outcome(finding, resolution, reason=finding.kept, why=finding.kept_why)
    if isinstance(resolution, Target) and blocked:
        return Outcome(finding, resolution, reason=blocked[0], why=blocked[1])
    if isinstance(resolution, Target):
        host = name(finding, resolution)
        new, told = written(finding, resolution, host), warnings_for(finding, resolution)
        return Outcome(finding, resolution, edited=True, new=new, warnings=told)
    reason, why = _refusal(resolution)
    return Outcome(finding, resolution, reason=reason, why=why)


def _refusal(resolution: Ambiguous | Unresolved | MissingService | None) -> tuple[Reason, str]:
    match resolution:
        case Ambiguous(candidates=candidates):
            names = ", ".join(str(service) for service in candidates)
            return "ambiguous", f"several Services fit: {names}"
        case Unresolved(reason=reason, why=why):
            return reason, why
        case MissingService(workload=workload, extend=None):
            return "missing-service", f"no Service leads to {workload}"
        case MissingService(workload=workload, extend=service, port=port):
            return "missing-service", f"Service {service} lacks port {port} of {workload}"
    return "unknown-address", "no inventory was given"


def _shared_ports(
    findings: Iterable[Finding], edits: dict[str, tuple[Edit, ...]]
) -> dict[str, tuple[Reason, str]]:
    """One port literal serves several hosts: all change it alike, or none of them is edited."""
    groups: defaultdict[Span, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.port_span:
            groups[finding.port_span].append(finding)
    withheld: dict[str, tuple[Reason, str]] = {}
    for span, group in groups.items():
        news = {_new_port(edits.get(finding.fingerprint), span, finding) for finding in group}
        if len(news) > 1:
            why = f"port {group[0].port_text} serves {len(group)} hosts whose new ports differ"
            withheld |= {finding.fingerprint: ("shared-port", why) for finding in group}
    return withheld


def _new_port(edits: tuple[Edit, ...] | None, span: Span, finding: Finding) -> str:
    """What a finding wants at the shared port; one that is not edited wants it as it is."""
    for edit in edits or ():
        if edit.span == span:
            return edit.new
    return finding.port_text


def _conflicts(
    edits: dict[str, tuple[Edit, ...]], withheld: dict[str, tuple[Reason, str]]
) -> dict[str, tuple[Reason, str]]:
    """Two findings that want different things of the same text are both left alone."""
    claimed = sorted(
        ((edit.span, edit.new, mark) for mark, group in edits.items() for edit in group),
    )
    found: dict[str, tuple[Reason, str]] = {}
    for (span, new, mark), (after, other, mark_after) in pairwise(claimed):
        same = span == after and new == other
        if after.start < span.end and not same and mark != mark_after:
            why = "another finding changes the same text"
            found |= {m: ("conflict", why) for m in (mark, mark_after) if m not in withheld}
    return found


def _withhold(outcome: Outcome, withheld: dict[str, tuple[Reason, str]]) -> Outcome:
    refusal = withheld.get(outcome.finding.fingerprint)
    if refusal is None or not outcome.edited:
        return outcome
    reason, why = refusal
    return msgspec.structs.replace(
        outcome, edited=False, reason=reason, why=why, new="", warnings=()
    )


def _in_order(groups: Iterable[tuple[Edit, ...]]) -> tuple[Edit, ...]:
    """All edits by place; one that several findings share stands once."""
    placed: dict[Span, Edit] = {}
    for group in groups:
        for edit in group:
            placed.setdefault(edit.span, edit)
    return tuple(placed[span] for span in sorted(placed))
