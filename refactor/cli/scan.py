"""`refactor scan`."""

from __future__ import annotations

import click

from refactor.cli.arguments import Arguments
from refactor.cli.examples import Command
from refactor.cli.options import looking
from refactor.cli.scanned import scan


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
@looking
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text")
@click.option("--exit-code", is_flag=True, help="Exit 1 when there are findings.")
def command(asked: Arguments, style: str, *, exit_code: bool) -> int:
    """List the hard-coded addresses under PATHS, and where they stand."""
    return scan(asked, style, exit_code=exit_code)
