"""`refactor apply`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from refactor.cli.arguments import Arguments
from refactor.cli.examples import Command
from refactor.cli.job import job_of, root_of
from refactor.cli.options import shared
from refactor.cli.reports import WantedReports, report_options
from refactor.cli.reports import report as write


@click.command(
    "apply",
    cls=Command,
    short_help="Show the plan, ask, and write it: every file or none.",
    examples="""
    refactor apply -i cluster.json --yes
    refactor apply --plan plan.json --yes        # as saved by `refactor plan --out`
    """,
)
@shared
@click.option(
    "--plan", "saved", type=click.Path(path_type=Path, dir_okay=False), help="A saved plan."
)
@click.option("-y", "--yes", is_flag=True, help="Do not ask before writing.")
@click.option("--allow-dirty", is_flag=True, help="Write although git has uncommitted changes.")
@click.option("--unproven", is_flag=True, help="Write edits that could not be proven, too.")
@report_options
def command(
    asked: Arguments,
    saved: Path | None,
    wanted: WantedReports,
    *,
    yes: bool,
    allow_dirty: bool,
    unproven: bool,
) -> int:
    """Show the plan for PATHS, ask, and write it: every file or none."""
    from refactor.apply.run import apply, check, recover
    from refactor.cli.progress import shown
    from refactor.plan import file as plan_file
    from refactor.plan import make_plan
    from refactor.report.words import count

    told = recover(root_of(asked.paths))
    if told:
        click.echo(told, err=True)
    if saved:
        plan, root = plan_file.load(saved), root_of(asked.paths)
    else:
        with shown():
            job = job_of(asked, unproven=unproven)
            plan, root = make_plan(job), job.root
    if not plan.changes and not plan.files:
        write(plan, root, wanted)
        click.echo("nothing to change", err=wanted.machine)
        return 0
    check(plan, root, allow_dirty=allow_dirty)
    write(plan, root, wanted)
    if not yes:
        _ask(count(len(plan.changes) + len(plan.files), "file"))
    apply(plan, root, allow_dirty=allow_dirty)
    wrote = count(len(plan.changes) + len(plan.files), "file")
    next_steps = "`refactor undo` takes it back, `refactor verify` checks the Service names"
    click.echo(f"wrote {wrote}; {next_steps}", err=wanted.machine)
    return 0


def _ask(files: str) -> None:
    from refactor.errors import RefactorError

    if not sys.stdin.isatty():
        message = "standard input is not a terminal"
        raise RefactorError(message, remedy="pass --yes to skip the prompt")
    click.confirm(f"Write {files}?", abort=True)
