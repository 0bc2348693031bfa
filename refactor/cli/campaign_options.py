"""Options that the commands of a campaign share, and what they have in common."""

from __future__ import annotations

import shlex
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_F = TypeVar("_F", bound=Callable[..., Any])

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
ONLY = click.option(
    "--only", multiple=True, metavar="GLOB", help="Only repositories whose owner/name matches."
)
EVENTS = click.option(
    "--json-lines", is_flag=True, help="Print each event as a line of JSON, for programs."
)
CACHE = click.option(
    "--cache",
    default="",
    metavar="DIR",
    help="Where clones are kept. Default: refactor/repositories in the user's cache.",
)
WORK = (
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
PATCHES = click.option(
    "--patch-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write a patch a repository here, for `git am`, and push nothing.",
)


def working(function: _F) -> _F:
    """Add the options of the commands that plan."""
    command: Any = function
    for option in reversed((ONLY, EVENTS, CACHE, *WORK)):
        command = option(command)
    typed: _F = FILE(command)
    return typed


def operate(
    file: Path, given: dict[str, Any], work: Callable[[Any], None], *, quiet: bool = False
) -> int:
    """Do something with the pull requests that there are."""
    from refactor.campaign.campaign_run import RunOptions
    from refactor.campaign.start import session
    from refactor.cli.campaign_told import listener

    json_lines = given["json_lines"]
    options = RunOptions(given["only"], given["cache"])
    with session(file, options, listener(json_lines=json_lines)) as held:
        return until_stopped(held, lambda: work(held), json_lines=json_lines or quiet)


def carry_out(
    file: Path, given: dict[str, Any], work: Callable[[Any, Any, Any], None], **more: Any
) -> int:
    """Do something with the repositories, planned where the command line says."""
    from refactor.campaign.campaign_run import RunOptions
    from refactor.campaign.start import executor, repositories, session
    from refactor.cli.campaign_told import listener

    if given["scheduler"] and given["executor"] != "dask":
        message = "--scheduler is for --executor dask"
        raise click.UsageError(message)
    patches, canary = given.get("patch_dir"), given.get("canary", 0)
    options = RunOptions(given["only"], given["cache"], patches, canary=canary, **more)
    listen = listener(json_lines=given["json_lines"])
    with session(file, options, listen) as held:

        def todo() -> None:
            words = (given["executor"], given["scheduler"], given["workers"])
            pool = executor(held.loaded, *words, lambda link: held.tell("dashboard", url=link))
            chosen = repositories(held)
            held.tell("start", campaign=held.campaign.name, repositories=len(chosen))
            work(held, chosen, pool)

        return until_stopped(held, todo, json_lines=given["json_lines"])


class _Terminated(KeyboardInterrupt):
    """SIGTERM, which ends the work as Control-C does."""


def _terminate(*_: object) -> None:
    raise _Terminated


def until_stopped(held: Any, work: Callable[[], None], *, json_lines: bool) -> int:
    """Work, and say at the end who stands where: 1 where a repository failed."""
    # As by hand: the workers are ended, and the state is closed. A CronJob is stopped like this.
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        work()
    except KeyboardInterrupt as stopped:
        click.echo("refactor: stopped; run it again to go on from here", err=True)
        return 128 + (signal.SIGTERM if isinstance(stopped, _Terminated) else signal.SIGINT)
    finally:
        signal.signal(signal.SIGTERM, before)
    counts, failures = held.states.counts(), held.states.failures()
    held.tell("end", states=counts, failures=failures)
    if not json_lines:
        click.echo(", ".join(f"{count} {state}" for state, count in counts.items()))
        if failures:
            # What failed before and still does was told then.
            told = shlex.quote(str(held.loaded.path))
            click.echo(f"`refactor campaign status {told}` tells why", err=True)
    return int(bool(failures))
