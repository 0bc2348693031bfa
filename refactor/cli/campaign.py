"""`refactor campaign`."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from refactor.cli.examples import Command, write

_F = TypeVar("_F", bound=Callable[..., Any])

EXAMPLES = """\
refactor campaign plan services.yaml      # what would change, everywhere; pushes nothing
refactor campaign run services.yaml       # pushes branches, opens or updates pull requests
refactor campaign status services.yaml    # who stands where"""

_FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
_ONLY = click.option(
    "--only", multiple=True, metavar="GLOB", help="Only repositories whose owner/name matches."
)
_EVENTS = click.option(
    "--json-lines", is_flag=True, help="Print each event as a line of JSON, for programs."
)
_CACHE = click.option(
    "--cache",
    default="",
    metavar="DIR",
    help="Where clones are kept. Default: refactor/repositories in the user's cache.",
)
_WORK = (
    click.option(
        "--workers",
        type=click.IntRange(0),
        default=0,
        metavar="N",
        help="Processes of this machine. Default: the campaign file's, else one a processor.",
    ),
    click.option(
        "--executor",
        type=click.Choice(["local", "dask"]),
        default="local",
        help="Where planning is done: processes of this machine (default), or a Dask cluster.",
    ),
    click.option("--scheduler", default="", metavar="ADDRESS", help="Of Dask's: tcp://HOST:8786."),
)
_PATCHES = click.option(
    "--patch-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a patch a repository here, for `git am`, and push nothing.",
)


def _working(function: _F) -> _F:
    """Add the options of the commands that plan."""
    command: Any = function
    for option in reversed((_ONLY, _EVENTS, _CACHE, *_WORK)):
        command = option(command)
    typed: _F = _FILE(command)
    return typed


class _Group(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return [
            *("plan", "run", "status", "merge", "rebase"),
            *("comment", "adopt", "retry", "close"),
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
    campaign is under way), 130 (stopped by hand).
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
@_working
@_PATCHES
def plan(file: Path, **given: Any) -> int:
    """Clone or update every repository of the campaign FILE and plan it; push nothing."""
    from refactor.campaign.run import plan as work

    return _work(file, given, work)


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
@_working
@_PATCHES
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

    return _work(file, given, plan_only if given["patch_dir"] else work)


@command.command(
    "merge",
    cls=Command,
    short_help="Merge what is approved and green, in order.",
    examples="""
    refactor campaign merge services.yaml
    refactor campaign merge services.yaml --most 5 --only 'shop/*'
    """,
)
@_FILE
@_ONLY
@_EVENTS
@_CACHE
@click.option(
    "--most",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Merge this many at most. Default: no limit.",
)
@click.option("--unchecked", is_flag=True, help="Merge what has no checks, too.")
def merge(file: Path, most: int, *, unchecked: bool, **given: Any) -> int:
    """Merge the pull requests of FILE that are approved and whose checks have passed.

    A repository that makes a Service is merged before those that wait for it. What is left, and
    why, is printed. Nothing is merged whose branch another person has pushed to.
    """
    from refactor.campaign.operate import Merging
    from refactor.campaign.run import merge as work

    return _operate(file, given, lambda held: work(held, Merging(most, unchecked)))


@command.command(
    "comment",
    cls=Command,
    short_help="Comment on every open pull request.",
    examples="""
    refactor campaign comment services.yaml "We merge these on Friday."
    """,
)
@_FILE
@click.argument("text")
@_ONLY
@_EVENTS
@_CACHE
def comment(file: Path, text: str, **given: Any) -> int:
    """Comment TEXT on every open pull request of FILE; the same text is said to each once."""
    from refactor.campaign.run import comment as work

    if not text.strip():
        message = "the text is empty"
        raise click.UsageError(message)
    return _operate(file, given, lambda held: work(held, text))


@command.command(
    "adopt",
    cls=Command,
    short_help="Take in a pull request that is open already.",
    examples="""
    refactor campaign adopt services.yaml shop/web 12
    refactor campaign rebase services.yaml shop/web --take-back   # make its branch anew
    """,
)
@_FILE
@click.argument("name")
@click.argument("number", type=click.IntRange(1))
@_EVENTS
@_CACHE
def adopt(file: Path, name: str, number: int, **given: Any) -> int:
    """Take pull request NUMBER of the repository NAME (owner/name) into the campaign FILE.

    Its branch keeps its commits. The campaign counts it, shows it, comments on it and opens no
    second one; it changes the branch once that is handed back.
    """
    from refactor.campaign.operate import adopt as work

    return _operate(file, given | {"only": ()}, lambda held: work(held, name, number))


@command.command(
    "rebase",
    cls=Command,
    short_help="Make branches again from their base.",
    examples="""
    refactor campaign rebase services.yaml 'shop/*'
    refactor campaign rebase services.yaml shop/web --take-back
    """,
)
@_working
@click.argument("names", nargs=-1, required=True)
@click.option(
    "--take-back",
    is_flag=True,
    help="Also where somebody else has pushed: those commits are dropped.",
)
def rebase(file: Path, names: tuple[str, ...], *, take_back: bool, **given: Any) -> int:
    """Make the branches of NAMES (globs over owner/name) again from their base, as it is now."""
    from refactor.campaign.run import run as work

    only = given.pop("only") or names
    return _work(file, given | {"only": only}, work, rebase=names, take_back=take_back, again=True)


@command.command(
    "retry",
    cls=Command,
    short_help="Take up what has failed, or begin some anew.",
    examples="""
    refactor campaign retry services.yaml            # what has failed
    refactor campaign retry services.yaml 'shop/*'   # these anew, merged or closed as they are
    """,
)
@_working
@click.argument("names", nargs=-1)
def retry(file: Path, names: tuple[str, ...], **given: Any) -> int:
    """Run what has failed once more, parked or not.

    NAMES are globs over owner/name: those repositories are begun anew, also where their pull
    request was merged, or closed by a person.
    """
    from refactor.campaign.run import retry as work

    return _work(file, given, work, again=True, reopen=names)


@command.command(
    "close",
    cls=Command,
    short_help="Close the pull requests, remove the branches.",
    examples="""
    refactor campaign close services.yaml --only '*/svc-0002'
    refactor campaign close services.yaml
    """,
)
@_FILE
@_ONLY
@_EVENTS
@_CACHE
def close(file: Path, only: tuple[str, ...], cache: str, *, json_lines: bool) -> int:
    """Close the campaign's pull requests, but for those that others have pushed to."""
    from refactor.campaign.run import close as work

    given = {"only": only, "cache": cache, "json_lines": json_lines}
    return _operate(file, given, work)


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
@_FILE
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
        _operate(file, {"only": (), "cache": "", "json_lines": False}, look_again, quiet=True)
    if by == "team":
        teams(look(file))
    elif style != "table":
        emit(render(look(file), style), output)
    else:
        table(lambda: look(file), watch=watch)


def _operate(
    file: Path, given: dict[str, Any], work: Callable[[Any], None], *, quiet: bool = False
) -> int:
    """Do something with the pull requests that there are."""
    from refactor.campaign.session import Options
    from refactor.campaign.start import session
    from refactor.cli.campaign_told import listener

    json_lines = given["json_lines"]
    options = Options(given["only"], given["cache"])
    with session(file, options, listener(json_lines=json_lines)) as held:
        return _until_stopped(held, lambda: work(held), json_lines=json_lines or quiet)


def _work(
    file: Path, given: dict[str, Any], work: Callable[[Any, Any, Any], None], **more: Any
) -> int:
    from refactor.campaign.session import Options
    from refactor.campaign.start import executor, repositories, session
    from refactor.cli.campaign_told import listener

    if given["scheduler"] and given["executor"] != "dask":
        message = "--scheduler is for --executor dask"
        raise click.UsageError(message)
    patches, canary = given.get("patch_dir"), given.get("canary", 0)
    options = Options(given["only"], given["cache"], patches, canary=canary, **more)
    listen = listener(json_lines=given["json_lines"])
    with session(file, options, listen) as held:

        def todo() -> None:
            pool = executor(held.loaded, given["executor"], given["scheduler"], given["workers"])
            chosen = repositories(held)
            held.tell("start", campaign=held.campaign.name, repositories=len(chosen))
            work(held, chosen, pool)

        return _until_stopped(held, todo, json_lines=given["json_lines"])


def _until_stopped(held: Any, work: Callable[[], None], *, json_lines: bool) -> int:
    """Work, and say at the end who stands where: 1 where a repository failed."""
    try:
        work()
    except KeyboardInterrupt:
        click.echo("refactor: stopped; run it again to go on from here", err=True)
        return 130
    counts, failures = held.states.counts(), held.states.failures()
    held.tell("end", states=counts, failures=failures)
    if not json_lines:
        click.echo(", ".join(f"{count} {state}" for state, count in counts.items()))
        if failures:
            # What failed before and still does was told then.
            told = shlex.quote(str(held.loaded.path))
            click.echo(f"`refactor campaign status {told}` tells why", err=True)
    return int(bool(failures))
