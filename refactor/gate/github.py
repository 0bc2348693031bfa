"""New findings as GitHub shows them beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.model import Outcome, Plan
from refactor.report.receivers import command
from refactor.report.words import advice, rule, sentence


def commands(plan: Plan) -> Iterator[str]:
    """Yield a workflow command, one line, for each new finding and each unused marker."""
    for outcome in plan.outcomes:
        if outcome.reason == "new":
            yield _command(outcome)
    for note in plan.notes:
        if note.reason == "unused-ignore":
            place = {"file": note.file, "line": str(note.line), "title": "unused-ignore"}
            yield command("warning", place, note.message)


def _command(outcome: Outcome) -> str:
    finding = outcome.finding
    place = {
        "file": finding.file,
        "line": str(finding.line),
        "col": str(finding.column),
        "title": rule(finding),
    }
    said = "; ".join(text for text in (sentence(outcome), advice(outcome)) if text)
    return command("error", place, said)
