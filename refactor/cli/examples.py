"""Commands whose help ends with examples that run as they stand."""

from __future__ import annotations

import inspect
from typing import Any

import click

_CLUSTER, _REPORT = "What runs in the cluster", "Reports"
_CHANGE, _LOOK = "How changes are made", "What is looked at"
GROUPS = {
    **dict.fromkeys(("inventories", "context", "live", "kubeconfig", "histories"), _CLUSTER),
    "inventory_index": _CLUSTER,
    **dict.fromkeys(("styles", "style", "outputs", "verbose", "stat", "by"), _REPORT),
    **dict.fromkeys(("namespace", "cluster_domain", "names", "python_style"), _CHANGE),
    **dict.fromkeys(("ingress", "daemonsets", "wrap_tpl", "assume_services"), _CHANGE),
    "services_dir": _CHANGE,
    **dict.fromkeys(("public", "tests", "include", "config"), _LOOK),
}
"""The group of each option in a help, by the option's name in Python."""


class Command(click.Command):
    """A command with examples, one a line, each perhaps with a comment behind it.

    Attributes:
        examples: the lines.
    """

    def __init__(self, *args: Any, examples: str, **options: Any) -> None:
        """Take what `click.Command` takes, and the examples."""
        super().__init__(*args, **options)
        self.examples = inspect.cleandoc(examples)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options in groups: the command's own first."""
        grouped: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                grouped.setdefault(GROUPS.get(parameter.name or "", "Options"), []).append(record)
        for title in ("Options", *dict.fromkeys(GROUPS.values())):
            if title in grouped:
                with formatter.section(title):
                    formatter.write_dl(grouped[title])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """End the help with the examples, unwrapped."""
        write(formatter, self.examples)


def write(formatter: click.HelpFormatter, examples: str) -> None:
    """Write examples as a section of a help."""
    with formatter.section("Examples"):
        for line in examples.splitlines():
            formatter.write(f"  {line}\n")
