"""`refactor campaign`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from refactor.cli.campaign_operate import COMMANDS
from refactor.cli.campaign_options import (
    CACHE,
    EVENTS,
    FILE,
    ONLY,
    PATCHES,
    carry_out,
    operate,
    working,
)
from refactor.cli.examples import Command, write

EXAMPLES = """\
refactor campaign plan services.yaml      # what would change, everywhere; pushes nothing
refactor campaign run services.yaml       # pushes branches, opens or updates pull requests
refactor campaign status services.yaml    # who stands where"""


class _Group(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return [
            *("plan", "run", "status", "merge", "rebase"),
            *("verify", "comment", "adopt", "retry", "close"),
        ]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        write(formatter, EXAMPLES)


@click.group(
    "campaign", cls=_Group, short_help="The same over many repositories, as pull requests."
)
def command() -> None:
    """Run one plan over many repositories, and carry it through as pull requests.

    Run it again at any time, stop it at any time: it goes on from where it was. Exit codes: 0,
    1 (a repository failed; the others went on), 2 (nothing could be done), 75 (another run of the
    campaign is under way), 130 (stopped by hand), 143 (stopped by SIGTERM).
    """


@command.command(
    "plan",
    cls=Command,
    short_help="Clone, plan, push nothing.",
    examples="""
    refactor campaign plan services.yaml
    refactor campaign plan services.yaml --only 'shop/*' --workers 2
    refactor campaign status services.yaml           # what it gave
    """,
)
@working
@PATCHES
def plan(file: Path, **given: Any) -> int:
    """Clone or update every repository of the campaign FILE and plan it; push nothing."""
    from refactor.campaign.run import plan as work

    return carry_out(file, given, work)


@command.command(
    "run",
    cls=Command,
    short_help="Plan, push branches, open or update pull requests.",
    examples="""
    refactor campaign run services.yaml
    refactor campaign run services.yaml --json-lines > events.jsonl
    refactor campaign run services.yaml --only '*/svc-0002' --patch-dir patches
    """,
)
@working
@PATCHES
@click.option(
    "--canary",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Open pull requests for the first N repositories, then stop. Default: for all.",
)
def run(file: Path, **given: Any) -> int:
    """Plan every repository of the campaign FILE, push branches, open or update pull requests."""
    from refactor.campaign.run import plan as plan_only
    from refactor.campaign.run import run as work

    return carry_out(file, given, plan_only if given["patch_dir"] else work)


@command.command(
    "retry",
    cls=Command,
    short_help="Take up what has failed, or begin some anew.",
    examples="""
    refactor campaign retry services.yaml            # what has failed
    refactor campaign retry services.yaml 'shop/*'   # these anew, merged or closed as they are
    """,
)
@working
@click.argument("names", nargs=-1)
def retry(file: Path, names: tuple[str, ...], **given: Any) -> int:
    """Run what has failed once more, parked or not.

    NAMES are globs over owner/name: those repositories are begun anew, also where their pull
    request was merged, or closed by a person.
    """
    from refactor.campaign.run import retry as work

    return carry_out(file, given, work, again=True, reopen=names)


@command.command(
    "close",
    cls=Command,
    short_help="Close the pull requests, remove the branches.",
    examples="""
    refactor campaign close services.yaml --only '*/svc-0002'
    refactor campaign close services.yaml
    """,
)
@FILE
@ONLY
@EVENTS
@CACHE
def close(file: Path, only: tuple[str, ...], cache: str, *, json_lines: bool) -> int:
    """Close the campaign's pull requests, but for those that others have pushed to."""
    from refactor.campaign.run import close as work

    given = {"only": only, "cache": cache, "json_lines": json_lines}
    return operate(file, given, work)


@command.command(
    "status",
    cls=Command,
    short_help="Show where every repository stands.",
    examples="""
    refactor campaign status services.yaml
    refactor campaign status services.yaml --format html --output campaign.html
    refactor campaign status services.yaml --format markdown >> summary.md
    refactor campaign status services.yaml --format json --output campaign.json
    """,
)
@FILE
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "html", "json", "markdown"]),
    default="table",
    help="Default: a table for the terminal. html is one file that needs nothing else.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it here. Default: standard output.",
)
@click.option("--watch", is_flag=True, help="Keep the table up to date until stopped by hand.")
@click.option(
    "--refresh",
    is_flag=True,
    help="Ask the forge first how reviews and checks stand. Default: as at the last run.",
)
@click.option(
    "--by",
    type=click.Choice(["repository", "team"]),
    default="repository",
    help="A row a repository (default), or a row a team: the owners that CODEOWNERS names.",
)
def status(
    file: Path, style: str, output: Path | None, by: str, *, watch: bool, refresh: bool
) -> None:
    """Show where every repository of FILE stands, also while a run is under way."""
    from refactor.campaign.pictures import render
    from refactor.campaign.run import look_again
    from refactor.campaign.start import look
    from refactor.cli.campaign_told import table, teams
    from refactor.cli.printing import emit

    if style == "table" and output:
        message = "a table goes to the terminal: say which --format goes to a file"
        raise click.UsageError(message)
    if style != "table" and watch:
        message = "--watch is for the table"
        raise click.UsageError(message)
    if by == "team" and style != "table":
        message = "--by team is for the table; the other formats have the owners of each repository"
        raise click.UsageError(message)
    if refresh:
        operate(file, {"only": (), "cache": "", "json_lines": False}, look_again, quiet=True)
    if by == "team":
        teams(look(file))
    elif style != "table":
        emit(render(look(file), style), output)
    else:
        table(lambda: look(file), watch=watch)


for _command in COMMANDS:
    command.add_command(_command)
