"""`refactor verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from refactor.cli.arguments import Arguments
from refactor.cli.examples import Command
from refactor.cli.job import job_of
from refactor.cli.options import shared
from refactor.cli.reports import paired

FORMATS = ("text", "json", "markdown", "html", "sarif", "github", "dot")


@click.command(
    "verify",
    cls=Command,
    short_help="Check that the Service names in the repository lead to a Service and a port.",
    examples="""
    refactor verify -i cluster.json
    refactor verify --repository-only deploy/    # against the repository's own manifests
    refactor verify -i cluster.json --fix        # a plan for what is certain
    refactor verify -i cluster.json --fix --out names.json
    refactor verify --format html --output names.html
    """,
)
@shared
@click.option("--repository-only", is_flag=True, help="Count the repository's own Services only.")
@click.option("--fix", is_flag=True, help="Plan what is certain: a namespace to add, a new port.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="With --fix: save the plan here, for `refactor apply --plan`.",
)
@click.option(
    "--format",
    "styles",
    type=click.Choice(FORMATS),
    multiple=True,
    help="html and dot also draw who calls whom. Repeatable, with an --output each but for the"
    " last.",
)
@click.option(
    "--output",
    "outputs",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    multiple=True,
    help="Write the report here.",
)
def command(
    asked: Arguments,
    out: Path | None,
    styles: tuple[str, ...],
    outputs: tuple[Path, ...],
    *,
    repository_only: bool,
    fix: bool,
) -> int:
    """Check that every Service name under PATHS leads to a Service, a port and a ready pod.

    Names are looked up in the inventory and in the repository's own manifests, from the namespace
    of each program that reads them. What may be no Service's name is not reported.

    Exit codes: 0 every name holds, 1 some do not, 2 an error.
    """
    if out and not fix:
        message = "--out saves the plan of --fix: give both"
        raise click.UsageError(message)
    reports = paired(styles, outputs)
    told, plan, root = _looked(asked, repository_only=repository_only, fix=fix)
    _report(told, reports)
    if fix:
        _planned(plan, root, out, quiet=reports[-1] != ("text", None))
    return int(bool(told.broken))


def _looked(asked: Arguments, *, repository_only: bool, fix: bool) -> tuple[Any, Any, Path]:
    from refactor.cli.progress import shown
    from refactor.verify.fix import fix as mend
    from refactor.verify.run import look, opened

    with shown():
        job = job_of(asked)
        with opened(job) as charts:
            looked = look(job, charts, repository_only=repository_only)
            plan = mend(job, charts, looked) if fix else None
    return looked.verification, plan, job.root


def _report(told: Any, reports: list[tuple[str, Path | None]]) -> None:
    from refactor.cli.printing import emit, show
    from refactor.verify.report import FORMATS as WRITERS
    from refactor.verify.report import lines, summary

    for style, output in reports:
        if style == "text" and output is None:
            show(lines(told))
        else:
            emit(WRITERS[style](told), output)
    if reports[-1] != ("text", None):
        click.echo(f"refactor: {summary(told)}", err=True)


def _planned(plan: Any, root: Path, out: Path | None, *, quiet: bool) -> None:
    """Show what `--fix` would change, and save it; `apply --plan` writes it."""
    from refactor.cli.printing import show
    from refactor.plan import file as plan_file
    from refactor.report.text import plan_lines

    if out:
        plan_file.save(plan, out)
    if not quiet:
        show(plan_lines(plan, root))
