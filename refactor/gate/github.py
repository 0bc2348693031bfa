"""New findings as GitHub shows them beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.model import Outcome, Plan
from refactor.report.receivers import command
from refactor.report.words import advice, rule, sentence

_SHOWN = 10
"""Errors of one step that GitHub shows (docs.github.com, "Workflow commands", limits)."""


def commands(plan: Plan) -> Iterator[str]:
    """Yield a workflow command, one line, for each new finding and each unused marker.

    GitHub shows ten errors of a step; the last of them says how many more there are.
    """
    new = [outcome for outcome in plan.outcomes if outcome.reason == "new"]
    shown = len(new) if len(new) <= _SHOWN else _SHOWN - 1
    yield from map(_command, new[:shown])
    if left := new[shown:]:
        files = len({outcome.finding.file for outcome in left})
        told = f"{len(left)} more hard-coded addresses in {files} file{'s' * (files > 1)}"
        message = f"{told}: `refactor check` lists them"
        yield command("error", {"title": "hard-coded addresses"}, message)
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
