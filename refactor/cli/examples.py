"""Commands whose help ends with examples that run as they stand."""

from __future__ import annotations

import inspect
from typing import Any

import click


class Command(click.Command):
    """A command with examples, one a line, each perhaps with a comment behind it.

    Attributes:
        examples: the lines.
    """

    def __init__(self, *args: Any, examples: str, **options: Any) -> None:
        """Take what `click.Command` takes, and the examples."""
        super().__init__(*args, **options)
        self.examples = inspect.cleandoc(examples)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """End the help with the examples, unwrapped."""
        write(formatter, self.examples)


def write(formatter: click.HelpFormatter, examples: str) -> None:
    """Write examples as a section of a help."""
    with formatter.section("Examples"):
        for line in examples.splitlines():
            formatter.write(f"  {line}\n")
