"""`refactor check`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from refactor.cli.arguments import Arguments
from refactor.cli.examples import Command
from refactor.cli.job import job_of, root_of
from refactor.cli.options import looking
from refactor.cli.reports import paired
from refactor.report.formats import DATA, REPORTS

_OWN = ("text", "markdown", "github")
"""Formats that the gate has by itself."""
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(
    "check",
    cls=Command,
    short_help="Fail on hard-coded addresses that the baseline does not know.",
    examples="""
    refactor check --write-baseline              # from now on only new ones count
    refactor check
    refactor check --diff-base origin/main       # only those on lines that the branch changed
    refactor check --format sarif --output refactor.sarif
    """,
)
@looking
@click.option("--baseline", type=_FILE, help="Default: .refactor-baseline.json where it exists.")
@click.option("--write-baseline", is_flag=True, help="Make all that is found now known; exit 0.")
@click.option("--diff-base", metavar="REV", help="Look at lines changed since this branch only.")
@click.option(
    "--format",
    "styles",
    type=click.Choice((*_OWN, *DATA, *REPORTS.added())),
    multiple=True,
    help="github: annotations of a workflow; the others as of `refactor plan`. Repeatable, with an"
    " --output each but for the last.",
)
@click.option("--output", "outputs", type=_FILE, multiple=True, help="Write the report here.")
@click.option(
    "--service-names",
    is_flag=True,
    help="Fail also on Service names that lead nowhere, as `refactor verify` tells them.",
)
def command(
    asked: Arguments,
    baseline: Path | None,
    diff_base: str | None,
    styles: tuple[str, ...],
    outputs: tuple[Path, ...],
    *,
    write_baseline: bool,
    service_names: bool,
) -> int:
    """Fail on hard-coded addresses under PATHS that the baseline does not know.

    Needs no inventory; with one it also knows the names of nodes and pods, and says what to write.
    Addresses that stay where they are (clusterIP, images, comparisons) do not count, nor do lines
    with a comment `refactor: ignore[why]`. Files named one by one are looked at by the rules that
    hold for the whole: what git or the settings ignore is passed over.

    Exit codes: 0 nothing new, 1 new addresses, 2 an error.
    """
    from refactor.cli.progress import shown
    from refactor.gate.run import look, renew

    reports = paired(styles, outputs)
    if write_baseline and diff_base is not None:
        message = "--write-baseline is about all lines, --diff-base about some"
        raise click.UsageError(message)
    with shown():
        job, everything = _job(asked)
        looked = look(job, diff_base, baseline, everything=everything, create=write_baseline)
    if write_baseline:
        click.echo(renew(looked))
        return 0
    _report(looked, reports)
    broken = service_names and _names_broken(looked.job, reports[-1][0])
    return int(bool(looked.sifted.new) or broken)


def _names_broken(job: Any, style: str) -> bool:
    """Say which Service names lead nowhere, and return whether any does."""
    from refactor.cli.printing import show
    from refactor.cli.progress import shown
    from refactor.verify.report import github, lines, summary
    from refactor.verify.run import verify

    with shown():
        told = verify(job)
    if style == "text":
        show(lines(told))
    elif style == "github":
        click.echo(github(told), nl=False)
    else:
        click.echo(f"refactor: {summary(told)}", err=True)
    return bool(told.broken)


def _job(asked: Arguments) -> tuple[Any, bool]:
    """Return the job, and whether it is about the whole repository.

    Files are those that pre-commit names: they are of the repository one stands in, whatever
    other one the first of them may lie in.
    """
    here, files = root_of(()), [path for path in asked.paths if not path.is_dir()]
    if files and all(path.resolve().is_relative_to(here) for path in asked.paths):
        root_of(asked.paths)  # each exists
        return job_of(asked._replace(paths=()))._replace(paths=asked.paths), False
    return job_of(asked), not asked.paths


def _report(looked: Any, reports: list[tuple[str, Path | None]]) -> None:
    from refactor.cli.printing import emit, show, width_or
    from refactor.gate.report import lines, summary

    for style, output in reports:
        if style == "text" and output is None:
            show(lines(looked.plan, looked.sifted, looked.job.root, width_or(100)))
        else:
            emit(_rendered(looked, style), output)
    if reports[-1] != ("text", None):
        click.echo(f"refactor: {summary(looked.plan, looked.sifted)}", err=True)


def _rendered(looked: Any, style: str) -> bytes:
    from refactor.gate.github import commands
    from refactor.gate.markdown import markdown
    from refactor.gate.report import lines
    from refactor.report.formats import render, text_of

    if style == "github":
        return "".join(f"{line}\n" for line in commands(looked.plan)).encode()
    if style == "markdown":
        return markdown(looked.plan, looked.sifted).encode("utf-8", "backslashreplace")
    if style == "text":
        return text_of(lines(looked.plan, looked.sifted, looked.job.root)).encode()
    data: bytes = render(looked.plan, looked.job.root, style)
    return data
