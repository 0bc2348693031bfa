"""`refactor campaign merge`, `comment`, `adopt`, `rebase`: what operators do to pull requests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from refactor.cli.campaign_options import CACHE, EVENTS, FILE, ONLY, carry_out, operate, working
from refactor.cli.examples import Command


@click.command(
    "merge",
    cls=Command,
    short_help="Merge what is approved and green, in order.",
    examples="""
    refactor campaign merge services.yaml
    refactor campaign merge services.yaml --most 5 --only 'shop/*'
    """,
)
@FILE
@ONLY
@EVENTS
@CACHE
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

    return operate(file, given, lambda held: work(held, Merging(most, unchecked)))


@click.command(
    "comment",
    cls=Command,
    short_help="Comment on every open pull request.",
    examples="""
    refactor campaign comment services.yaml "We merge these on Friday."
    """,
)
@FILE
@click.argument("text")
@ONLY
@EVENTS
@CACHE
def comment(file: Path, text: str, **given: Any) -> int:
    """Comment TEXT on every open pull request of FILE; the same text is said to each once."""
    from refactor.campaign.run import comment as work

    if not text.strip():
        message = "the text is empty"
        raise click.UsageError(message)
    return operate(file, given, lambda held: work(held, text))


@click.command(
    "adopt",
    cls=Command,
    short_help="Take in a pull request that is open already.",
    examples="""
    refactor campaign adopt services.yaml shop/web 12
    refactor campaign rebase services.yaml 'shop/*' --take-back   # make its branch anew
    """,
)
@FILE
@click.argument("name")
@click.argument("number", type=click.IntRange(1))
@EVENTS
@CACHE
def adopt(file: Path, name: str, number: int, **given: Any) -> int:
    """Take pull request NUMBER of the repository NAME (owner/name) into the campaign FILE.

    Its branch keeps its commits. The campaign counts it, shows it, comments on it and opens no
    second one; it changes the branch once that is handed back.
    """
    from refactor.campaign.operate import adopt as work

    return operate(file, given | {"only": ()}, lambda held: work(held, name, number))


@click.command(
    "rebase",
    cls=Command,
    short_help="Make branches again from their base.",
    examples="""
    refactor campaign rebase services.yaml 'shop/*'
    refactor campaign rebase services.yaml 'shop/*' --take-back
    """,
)
@working
@click.argument("names", nargs=-1, required=True)
@click.option(
    "--take-back",
    is_flag=True,
    help="Also where someone else has pushed: those commits are dropped.",
)
def rebase(file: Path, names: tuple[str, ...], *, take_back: bool, **given: Any) -> int:
    """Make the branches of NAMES (globs over owner/name) again from their base, as it is now."""
    from refactor.campaign.run import run as work

    only = given.pop("only") or names
    return carry_out(
        file, given | {"only": only}, work, rebase=names, take_back=take_back, again=True
    )


@click.command(
    "verify",
    cls=Command,
    short_help="Check the Service names of what was merged.",
    examples="""
    refactor campaign verify services.yaml
    refactor campaign run services.yaml            # mends what is certain in new pull requests
    """,
)
@working
def verify(file: Path, **given: Any) -> int:
    """Check the Service names of every repository of FILE whose pull request was merged.

    Names are looked up in the campaign's inventories and in the repository's own manifests; see
    `refactor verify`. A repository with names that do not hold is begun anew: `run` mends what is
    certain, and `status` tells the rest.

    Exit codes: 0 every name holds, 1 some do not, or a repository failed.
    """
    from refactor.campaign.run import verify as work

    broken: list[str] = []

    def checked(held: Any, *rest: Any) -> None:
        work(held, *rest)
        broken.extend(row.name for row in held.chosen() if row.broken)

    return carry_out(file, given, checked) or int(bool(broken))


COMMANDS = (merge, comment, adopt, rebase, verify)
