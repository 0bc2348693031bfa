"""`refactor inventory`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from refactor.cli import complete
from refactor.cli.examples import Command


@click.command(
    "inventory",
    cls=Command,
    short_help="Write what runs in a live cluster, for the other commands.",
    examples="""
    refactor inventory -o cluster.json
    refactor inventory --context prod -n shop -n billing -o shop.json
    refactor inventory --environments -c .refactor.yaml   # every cluster that your settings name
    """,
)
@click.option(
    "--context",
    default="",
    metavar="NAME",
    shell_complete=complete.contexts,
    help="Of the kubeconfig. Default: its own.",
)
@click.option(
    "--kubeconfig",
    default="",
    metavar="FILE",
    shell_complete=complete.files,
    help="Default: as for kubectl.",
)
@click.option(
    "-n",
    "--namespace",
    "namespaces",
    multiple=True,
    metavar="NAME",
    shell_complete=complete.namespaces,
    help="Only this namespace. Repeatable; default: all.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="The file, replaced when the snapshot is whole. Default: standard output.",
)
@click.option(
    "--environments",
    is_flag=True,
    help="Each environment of the settings: from its `context`, to its one inventory file.",
)
@click.option(
    "-c",
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="Settings file, for --environments: its contexts are used only where you name it.",
)
def command(
    context: str,
    kubeconfig: str,
    namespaces: tuple[str, ...],
    output: Path | None,
    *,
    environments: bool,
    config: Path | None,
) -> int:
    """Write what runs in a live cluster, as the other commands read it.

    It reads Services, EndpointSlices, pods, nodes, workloads, ingresses, Gateway API routes and
    ServiceImports, and of them only names, labels, owners, addresses and ports: no Secrets, no
    values of variables, no annotations. A file is written whole or not at all.
    """
    if not environments:
        _write(context, kubeconfig, namespaces, output)
        return 0
    if context or output:
        message = "--environments takes contexts and files from the settings"
        raise click.UsageError(message)
    for name, path in _named(config).items():
        _write(name, kubeconfig, namespaces, path)
    return 0


def _write(context: str, kubeconfig: str, namespaces: tuple[str, ...], path: Path | None) -> None:
    from refactor.cli.live import report, snapshot
    from refactor.inventory.live.output import whole
    from refactor.report.receivers import readable

    with whole(path) as file:
        taken = snapshot(context, kubeconfig, file, namespaces)
    for line, style in report(taken, path):
        click.secho(readable(line), err=True, **style)


def _named(config: Path | None) -> dict[str, Path]:
    """Return the inventory file that the settings give each context."""
    from refactor.cli.inventories import refuse_of_repository
    from refactor.cli.job import root_of
    from refactor.errors import RefactorError
    from refactor.repository.environments import inventory_files
    from refactor.settings.load import load

    root = root_of(())
    settings = load(root, config)
    files: dict[str, Any] = inventory_files(settings)
    contexts = {"": settings.context, **{e.name: e.context for e in settings.environments}}
    found: dict[str, Path] = {}
    for name, context in contexts.items():
        if not context:
            continue
        refuse_of_repository(context, named=config is not None)
        where = f"environment {name}" if name else "the settings"
        if len(files[name]) != 1:
            message = f"`inventories` names {len(files[name])} files for context {context}"
            raise RefactorError(message, where=where, remedy="name one, for the snapshot")
        path = root / files[name][0]
        if path.suffix != ".json":
            message = f"{files[name][0]} is not a file for a snapshot"
            raise RefactorError(message, where=where, remedy="call it NAME.json")
        if found.setdefault(context, path) != path or list(found.values()).count(path) > 1:
            message = f"context {context} and file {files[name][0]} are not each other's alone"
            raise RefactorError(message, where=where, remedy="give each context a file of its own")
    if not found:
        message = "no environment of the settings names a `context`"
        raise RefactorError(message, where=str(root), remedy="pass --context")
    return found
