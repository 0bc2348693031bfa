"""`refactor scan`."""

from __future__ import annotations

import click

from refactor.cli.examples import Command
from refactor.cli.options import Asked, job_of, shared


@click.command(
    "scan",
    cls=Command,
    short_help="List the hard-coded addresses, and where they stand.",
    examples="""
    refactor scan
    refactor scan charts/ services/checkout
    refactor scan -i cluster.json                # also node, pod and load balancer names
    refactor scan --format json --exit-code      # for programs; exit 1 where there are any
    """,
)
@shared
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text")
@click.option("--exit-code", is_flag=True, help="Exit 1 when there are findings.")
def command(asked: Asked, style: str, *, exit_code: bool) -> int:
    """List the hard-coded addresses under PATHS, and where they stand."""
    from refactor import __version__
    from refactor.cli.printing import show, show_json
    from refactor.cli.progress import shown
    from refactor.job import scan
    from refactor.model import Outcome, Plan
    from refactor.report.lines import Line
    from refactor.report.summary import notes, scan_lines, summary

    with shown():
        tree = scan(job_of(asked, only_scan=True))
    outcomes = tuple(
        Outcome(finding, reason=finding.kept, why=finding.kept_why)
        for file in tree.files
        for finding in file.findings
    )
    plan = Plan(
        tool_version=__version__,
        outcomes=outcomes,
        notes=tree.notes,
        passed_over=tree.passed_over,
        files_read=tree.files_read,
    )
    if style == "json":
        show_json(plan)
    else:
        show(scan_lines(outcomes))
        show([*([Line("")] if outcomes else []), *notes(plan), *summary(plan, planned=False)])
    return int(exit_code and bool(outcomes))
