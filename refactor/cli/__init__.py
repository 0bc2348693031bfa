"""The command line: parse, call, print. Commands are imported when they are run."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from typing import Any

import click

from refactor import __version__
from refactor.cli.examples import write
from refactor.errors import RefactorError

# name -> (module, one-line help). Help is here so that `refactor --help` imports no command.
_COMMANDS = {
    "init": ("init", "Write a commented .refactor.yaml from what lies in the repository."),
    "scan": ("scan", "List the hard-coded addresses, and where they stand."),
    "plan": ("plan", "Show every change as a diff, with its proof; write nothing."),
    "apply": ("apply", "Show the plan, ask, and write it: every file or none."),
    "report": ("report", "Show a saved plan again, in any format."),
    "undo": ("undo", "Take the last apply back."),
    "check": ("check", "Fail on hard-coded addresses that the baseline does not know."),
    "inventory": ("inventory", "Write what runs in a live cluster, for the other commands."),
    "explain": ("explain", "Tell why an address or a finding resolves as it does."),
    "completion": ("completion", "Write the completion script of a shell."),
    "campaign": ("campaign", "The same over many repositories, as pull requests."),
}
EXAMPLES = """\
refactor init                       # settings, from what lies in the repository
refactor plan -i cluster.json       # what would change, and why
refactor apply -i cluster.json      # the same, then asks, then writes
refactor undo                       # takes it back"""

_ALLOCATIONS = 20_000
"""Objects between two looks for cycles of garbage; Python's own 700 are for what runs for days."""


class _ReaderGoneError(Exception):
    """The reader of standard output (`| head`) has gone."""


class _Lazy(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            # click would exit with 1, and that means findings here.
            raise _ReaderGoneError from error

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
            told = f"{error.message.rstrip('.')}; commands are {', '.join(_COMMANDS)}"
            raise click.UsageError(told, ctx) from error


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="refactor")
def cli() -> None:
    """Swap hard-coded machine addresses for Kubernetes Service names, with proof."""


def main(argv: list[str] | None = None) -> None:
    """Run the command line: the one place where errors become a line and exit code 2."""
    gc.set_threshold(_ALLOCATIONS)
    try:
        result: Any = cli.main(args=argv, prog_name="refactor", standalone_mode=False)
    except RefactorError as error:
        click.secho(f"refactor: {_told(error)}", fg="red", err=True)
        result = error.exit_code
    except click.ClickException as error:
        error.show()
        result = 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("refactor: stopped, nothing was written", err=True)
        result = 130
    except _ReaderGoneError:
        # What is left to say interests nobody.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        result = 141
    except MemoryError:
        told = "there is not enough memory for this; nothing more was written"
        click.secho(f"refactor: {told}", fg="red", err=True)
        result = 2
    except Exception as error:
        if os.environ.get("REFACTOR_DEBUG"):
            raise
        click.secho(f"refactor: {_bug(error)}", fg="red", err=True)
        result = 2
    gc.freeze()  # or it looks, at the end, for cycles in all that goes anyway
    sys.exit(result if isinstance(result, int) else 0)


def _told(error: RefactorError) -> str:
    """Return an error in one line without secrets and control characters; a place is no secret."""
    from refactor.report.words import clean, one_line, readable

    where = clean(error.where) if "://" in error.where else readable(error.where)
    shown = RefactorError(clean(error.message), where=where, remedy=clean(error.remedy))
    return one_line(str(shown))


def _bug(error: Exception) -> str:
    """Return one line on an error that should not be, without its text: that may hold secrets."""
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{last.filename.rpartition(os.sep)[2]}:{last.lineno}"
    return (
        f"a bug of refactor's own: {type(error).__name__} at {place}; nothing more was written,"
        " and REFACTOR_DEBUG=1 shows the traceback"
    )
