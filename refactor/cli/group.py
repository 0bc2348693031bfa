"""`refactor`, as click has it. Commands are imported when they are run."""

from __future__ import annotations

import importlib
from typing import Any

import click

from refactor import __version__
from refactor.cli.examples import write
from refactor.cli.streams import ReaderGoneError
from refactor.cli.version import notices

# name -> (module, one-line help). Help is here so that `refactor --help` imports no command.
_COMMANDS = {
    "init": ("init", "Generate settings: a commented .refactor.yaml."),
    "scan": ("scan", "List the hard-coded addresses and their places."),
    "plan": ("plan", "Show every change as a diff, verified; write nothing (the dry run)."),
    "apply": ("apply", "Show the plan, ask, and write it: every file or none."),
    "report": ("report", "Show a saved plan again, in any format."),
    "undo": ("undo", "Reverse the last apply."),
    "check": ("check", "Fail on hard-coded addresses that the baseline does not know."),
    "verify": (
        "verify",
        "Check that the Service names in the repository lead to a Service and a port.",
    ),
    "inventory": ("inventory", "Write what runs in a live cluster, for the other commands."),
    "explain": ("explain", "Explain how an address is resolved."),
    "doctor": ("doctor", "Show versions and what works here, for a bug report."),
    "completion": ("completion", "Write the completion script of a shell."),
    "schema": ("schema", "Print the JSON Schema of settings, campaign files or plans."),
    "man": ("man", "Print the manual page."),
    "campaign": ("campaign", "Do the same for many repositories, as pull requests."),
}
EXAMPLES = """\
refactor init                       # settings, from what lies in the repository
refactor plan -i cluster.json       # what would change, and why
refactor apply -i cluster.json      # the same, then asks, then writes
refactor undo                       # takes it back"""


_ASKED = {"help": "--help", "version": "--version"}


def _meant(word: str) -> str:
    """Return what a mistyped command may have been, else all of them."""
    import difflib

    near = _ASKED.get(word) or next(iter(difflib.get_close_matches(word, _COMMANDS, 1)), "")
    return f"did you mean `refactor {near}`?" if near else f"commands are {', '.join(_COMMANDS)}"


class _Lazy(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            # click would exit with 1, and that means findings here.
            raise ReaderGoneError from error

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"refactor.cli.{_COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in _COMMANDS.items()])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        write(formatter, EXAMPLES)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            told = f"{error.message.rstrip('.')}; {_meant(args[0])}"
            raise click.UsageError(told, ctx) from error


def _tell_version(ctx: click.Context, param: click.Parameter, asked: bool) -> None:  # noqa: ARG001
    if not asked or ctx.resilient_parsing:
        return
    click.echo(f"refactor, version {__version__}")
    for notice in notices():
        click.echo(f"warning: {notice}", err=True)
    if ctx.params.get("verbose"):
        from refactor.helm import cage
        from refactor.helm.find import engine_name

        click.echo(f"helm: {engine_name()}")
        for facility in cage.status():
            click.echo(f"cage: {facility}")
    ctx.exit()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    callback=_tell_version,
    help="Show the version and exit.",
)
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    is_eager=True,
    help="With --version: which Helm is asked too, and what it is kept from on this machine.",
)
def cli(verbose: bool) -> None:
    """Swap hard-coded machine addresses for Kubernetes Service names, with proof."""
    if verbose:
        told = "-v goes with --version: refactor --version -v"
        raise click.UsageError(told)
