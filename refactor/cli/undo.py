"""`refactor undo`."""

from __future__ import annotations

from pathlib import Path

import click

from refactor.cli.examples import Command
from refactor.cli.job import root_of


@click.command(
    "undo",
    cls=Command,
    short_help="Take the last apply back.",
    examples="""
    refactor undo
    refactor undo services/shop                  # of another repository
    """,
)
@click.argument("path", required=False, type=click.Path(path_type=Path))
def command(path: Path | None) -> int:
    """Take the last apply in the repository at PATH back, byte for byte.

    Refused where a file has changed since.
    """
    from refactor.apply.undo import undo
    from refactor.report.words import count

    root = root_of([path] if path else [])
    undone = undo(root)
    if undone.recovered:
        click.echo(undone.recovered, err=True)
    click.echo(f"took back {count(len(undone.files), 'file')}")
    return 0
