"""`refactor report`."""

from __future__ import annotations

from pathlib import Path

import click

from refactor.cli.examples import Command
from refactor.cli.job import root_of
from refactor.cli.reports import WantedReports, report_options
from refactor.cli.reports import report as write


@click.command(
    "report",
    cls=Command,
    short_help="Show a saved plan again, in any format.",
    examples="""
    refactor plan -i cluster.json --out plan.json
    refactor report plan.json --format html --output plan.html
    refactor report plan.json --format markdown --output - --format sarif --output plan.sarif
    """,
)
@click.argument("saved", metavar="PLAN", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("path", required=False, type=click.Path(path_type=Path))
@report_options
def command(saved: Path, path: Path | None, wanted: WantedReports) -> int:
    """Show the saved PLAN of the repository at PATH again, in any format.

    The files that it edits have to be as they were when it was made.
    """
    from refactor.plan import file as plan_file

    plan = plan_file.load(saved)
    write(plan, root_of([path] if path else []), wanted)
    return 0
