"""`refactor plan`."""

from __future__ import annotations

from pathlib import Path

import click

from refactor.cli.options import Asked, job_of, shared

FORMATS = ("text", "json", "markdown", "sarif", "gitlab", "patch")


@click.command("plan", short_help="Show every change as a diff, with its proof; write nothing.")
@shared
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Save the plan here.")
@click.option(
    "--format",
    "style",
    type=click.Choice(FORMATS),
    default="text",
    help="text for terminals, json for programs, markdown for pull requests, sarif and gitlab"
    " for code scanning, patch for `git apply`.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the report here instead.",
)
@click.option("--exit-code", is_flag=True, help="Exit 1 when there is something to change.")
@click.option("--unproven", is_flag=True, help="Keep edits that could not be proven.")
def command(
    asked: Asked,
    out: Path | None,
    style: str,
    output: Path | None,
    *,
    exit_code: bool,
    unproven: bool,
) -> int:
    """Show every change under PATHS as a diff, with the reason and the proof. Nothing is written.

    \b
    refactor plan -i cluster.json
    kubectl get services,endpointslices,pods,nodes -A -o json | refactor plan -i -
    refactor plan -i cluster.json --out plan.json && refactor apply --plan plan.json
    """
    from refactor import plan_file
    from refactor.cli.printing import emit, show
    from refactor.plan import make_plan
    from refactor.report.formats import render
    from refactor.report.text import plan_lines

    job = job_of(asked, unproven=unproven)
    plan = make_plan(job)
    if style == "text" and output is None:
        show(plan_lines(plan, job.root))
    else:
        emit(render(plan, job.root, style), output)
    if out:
        plan_file.save(plan, out)
    return int(exit_code and bool(plan.changes or plan.files))
