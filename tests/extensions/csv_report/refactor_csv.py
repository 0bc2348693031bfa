"""A plan as CSV: one row for each address, for a spreadsheet."""

from __future__ import annotations

import io
from csv import writer
from pathlib import Path

from refactor.api import Outcome, Plan

_HEAD = ("file", "line", "address", "becomes", "reason", "why")


def csv(plan: Plan, root: Path) -> str:
    """Return the report."""
    told = io.StringIO()
    rows = writer(told, lineterminator="\n")
    rows.writerow(_HEAD)
    rows.writerows([_cell(cell) for cell in _row(outcome)] for outcome in plan.outcomes)
    return told.getvalue()


def _row(outcome: Outcome) -> tuple[object, ...]:
    found = outcome.finding
    address = f"{found.host_text}:{found.port_text}".removesuffix(":")
    new = outcome.new if outcome.edited else ""
    return found.file, found.line, address, new, outcome.reason or "", outcome.why


def _cell(value: object) -> object:
    """Keep a spreadsheet from taking a text of the repository for a formula."""
    return f"'{value}" if str(value).startswith(("=", "+", "-", "@")) else value
