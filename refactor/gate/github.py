"""New findings as GitHub shows them beside the lines of a pull request.

Workflow commands: docs.github.com, "Workflow commands for GitHub Actions", whose escapes are those
of the runner (actions/toolkit, `command.ts`): without them a file's name could give commands.
"""

from __future__ import annotations

from collections.abc import Iterator

from refactor.model import Outcome, Plan
from refactor.report.words import advice, readable, rule, sentence

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def commands(plan: Plan) -> Iterator[str]:
    """Yield a workflow command, one line, for each new finding and each unused marker."""
    for outcome in plan.outcomes:
        if outcome.reason == "new":
            yield _command(outcome)
    for note in plan.notes:
        if note.reason == "unused-ignore":
            told = f"file={readable(note.file).translate(_PROPERTY)},line={note.line}"
            yield f"::warning {told},title=unused-ignore::{note.message.translate(_DATA)}"


def _command(outcome: Outcome) -> str:
    finding = outcome.finding
    place = {
        "file": readable(finding.file),
        "line": str(finding.line),
        "col": str(finding.column),
        "title": rule(finding),
    }
    told = ",".join(f"{name}={value.translate(_PROPERTY)}" for name, value in place.items())
    said = "; ".join(text for text in (sentence(outcome), advice(outcome)) if text)
    return f"::error {told}::{said.translate(_DATA)}"
