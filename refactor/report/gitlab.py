"""The plan as a GitLab Code Quality report (docs.gitlab.com, "Code Quality report format")."""

from __future__ import annotations

from typing import Any

from refactor.model import Outcome, Plan
from refactor.report.words import advice, needs_human, readable, rule, sentence


def code_quality(plan: Plan) -> list[dict[str, Any]]:
    """Return one entry for each address, but for those that a user chose to ignore."""
    return [_entry(outcome) for outcome in plan.outcomes if outcome.reason != "ignored"]


def _entry(outcome: Outcome) -> dict[str, Any]:
    finding = outcome.finding
    said = [text for text in (sentence(outcome), advice(outcome)) if text]
    return {
        "description": "; ".join(said),
        "check_name": rule(finding),
        "fingerprint": finding.fingerprint,
        "severity": "major" if outcome.edited or needs_human(outcome) else "info",
        "location": {"path": readable(finding.file), "lines": {"begin": finding.line}},
    }
