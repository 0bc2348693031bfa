"""`refactor plan`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from refactor.cli.arguments import Arguments
from refactor.cli.examples import Command
from refactor.cli.job import job_of
from refactor.cli.options import shared
from refactor.cli.reports import WantedReports, report_options
from refactor.cli.reports import report as write

_UNSAVED = "Nothing was written. --out FILE saves this plan, and `refactor apply --plan FILE` applies exactly it."  # noqa: E501


@click.command(
    "plan",
    cls=Command,
    short_help="Show every change as a diff, with its proof; write nothing.",
    examples="""
    refactor plan -i cluster.json
    refactor plan charts/ -i cluster.json -n shop
    kubectl get services,endpointslices,pods,nodes -A -o json | refactor plan -i -
    refactor plan -i cluster.json --out plan.json && refactor apply --plan plan.json --yes
    refactor plan -i cluster.json --format text --output - --format html --output plan.html
    """,
)
@shared
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Save the plan here.")
@report_options
@click.option("--exit-code", is_flag=True, help="Exit 1 when there is something to change.")
@click.option("--unproven", is_flag=True, help="Keep edits that could not be proven.")
def command(
    asked: Arguments,
    out: Path | None,
    wanted: WantedReports,
    *,
    exit_code: bool,
    unproven: bool,
) -> int:
    """Show every change under PATHS as a diff, with its reason and proof. Nothing is written.

    What an address under PATHS asks for elsewhere is planned too: a Service beside its workload.
    """
    from refactor.cli.progress import shown
    from refactor.plan import file as plan_file
    from refactor.plan import make_plan

    with shown():
        job = job_of(asked, unproven=unproven)
        plan = make_plan(job)
    write(plan, job.root, wanted)
    if out:
        plan_file.save(plan, out)
    elif (plan.changes or plan.files) and not wanted.machine and sys.stdout.isatty():
        click.echo(_UNSAVED, err=True)
    return int(exit_code and bool(plan.changes or plan.files))
