"""`refactor completion`."""

from __future__ import annotations

import click

from refactor.cli.examples import Command

_SHELLS = ("bash", "zsh", "fish")


@click.command(
    "completion",
    cls=Command,
    short_help="Write the completion script of a shell.",
    examples="""
    refactor completion bash > ~/.local/share/bash-completion/completions/refactor
    refactor completion zsh > ~/.zfunc/_refactor       # a directory of zsh's fpath
    refactor completion fish > ~/.config/fish/completions/refactor.fish
    """,
)
@click.argument("shell", type=click.Choice(_SHELLS))
def command(shell: str) -> int:
    """Write the script that completes commands, options, files and names in SHELL.

    Namespaces and addresses come from the inventories of the settings, contexts from the
    kubeconfig.
    """
    from click.shell_completion import get_completion_class

    from refactor.cli import cli

    found = get_completion_class(shell)
    assert found is not None  # noqa: S101 - the choices are click's own shells
    click.echo(found(cli, {}, "refactor", "_REFACTOR_COMPLETE").source())
    return 0
