"""Rows for tests: one file's findings on their way, without charts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from refactor.model import Check, Edit, Finding, Resolution, Target
from refactor.plan.charts.names import ChosenName
from refactor.plan.driver import named
from refactor.plan.edit import edit_file
from refactor.plan.job import PlanJob
from refactor.plan.proof.file import own_edits
from refactor.plan.row import Row
from refactor.plan.stages import Rows, role, unresolved
from refactor.plan.world import RunFiles, World
from refactor.repository.environments import Environments
from refactor.scan.tree import ScannedFile
from refactor.settings.types import Settings
from refactor.text.source import Source, splice
from tests.forms import inventory

SETTINGS = Settings(namespace="shop")
JOB = PlanJob(Path(), (), SETTINGS, Environments(SETTINGS, {"": inventory()}))


def world(job: PlanJob, *files: ScannedFile) -> World:
    return World(job, RunFiles(job.root, files), {})


def rows_of(job: PlanJob, file: ScannedFile) -> Rows:
    """The rows of a file, with their names and no edits."""
    return named(world(job, file), [file])[1]


def row(finding: Finding, resolution: Resolution) -> Row:
    """A row that has come as far as a name: that of its Service."""
    (made,) = role(world(JOB), (Row(finding, resolution=resolution),))
    made = made.refused(*unresolved(resolution))
    named = isinstance(resolution, Target) and not made.refusals
    return made._replace(name=ChosenName(resolution.service.name)) if named else made


def edited(text: str, rows: Iterable[Row]) -> Rows:
    """The rows of a text file with their edits."""
    held = tuple(rows)
    file = ScannedFile(Source("f", text.encode()), "text", tuple(r.finding for r in held))
    return edit_file(world(JOB, file), file, held)


def reasons(rows: Iterable[Row]) -> list[str | None]:
    """Why each row is not edited; None for those that are."""
    return [row.refusals[0].reason if row.refusals else None for row in rows]


def edits(path: str, rows: Rows) -> tuple[Edit, ...]:
    return own_edits(path, rows)


def after(text: str, rows: Rows, path: str = "f") -> str:
    """The text with the edits of its rows."""
    return splice(text, [(*edit.span, edit.new) for edit in own_edits(path, rows)])


def failed(checks: Iterable[Check]) -> list[str]:
    return [f"{check.name}: {check.message}" for check in checks if check.state == "failed"]
