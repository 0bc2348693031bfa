"""`refactor init`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from refactor.cli.examples import Command
from refactor.cli.job import root_of

_NAME = ".refactor.yaml"


@click.command(
    "init",
    cls=Command,
    short_help="Write a commented .refactor.yaml from what lies in the repository.",
    examples="""
    refactor init
    refactor init --print                 # to standard output; nothing is written
    refactor init --force services/shop   # of another repository, in place of the old one
    """,
)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--print", "only_print", is_flag=True, help="Write to standard output instead.")
@click.option("--force", is_flag=True, help="Overwrite the .refactor.yaml that is there.")
def command(path: Path | None, *, only_print: bool, force: bool) -> int:
    """Write a .refactor.yaml for the repository at PATH, with every setting explained.

    What lies there fills it in: inventories, namespaces that manifests name, environments by their
    values files and overlays. It is a proposal: read it. The JSON Schema that the first line names
    goes beside it, for editors.
    """
    from refactor.cli.progress import shown
    from refactor.cli.schema import text_of as schema_text
    from refactor.files.disk import near
    from refactor.init.detect import look
    from refactor.init.propose import propose
    from refactor.init.text import text_of
    from refactor.report.receivers import readable
    from refactor.settings.schema import FILE, settings_schema
    from refactor.settings.site import page

    root = root_of([path] if path else [])
    if not only_print:
        _refuse(root, force=force)
    with shown():
        seen = look(root)
    proposal = propose(seen)
    url = page("settings.schema.json")
    if only_print:
        click.echo(text_of(*proposal, url), nl=False)
        return 0
    _write(root / _NAME, text_of(*proposal, url or FILE))
    click.echo(readable(f"wrote {near(root / _NAME)}"))
    if not url:
        _write(root / FILE, schema_text(settings_schema()))
        click.echo(readable(f"wrote {near(root / FILE)}: editors complete and check by it"))
    for field, remark in proposal.remarks.items():
        click.echo(readable(f"  {field}: {remark}"))
    for line in _next(bool(seen.inventories), seen.pipelines):
        click.echo(line)
    return 0


def _refuse(root: Path, *, force: bool) -> None:
    """Raise `RefactorError` where settings are there already."""
    from refactor.errors import RefactorError
    from refactor.files.disk import near
    from refactor.settings.read import find

    if os.path.lexists(root / _NAME):
        if not force:
            message = "exists already"
            remedy = "--force overwrites it, --print shows what it would be"
            raise RefactorError(message, where=str(near(root / _NAME)), remedy=remedy)
    elif find(root):
        message = "[tool.refactor] holds the settings"
        raise RefactorError(message, where="pyproject.toml", remedy="--print shows others")


def _write(path: Path, text: str) -> None:
    from refactor.errors import RefactorError
    from refactor.files.whole import write

    try:
        write(path, text.encode())
    except OSError as error:
        message = f"cannot be written ({error.strerror})"
        raise RefactorError(message, where=str(path)) from error


def _next(has_inventory: bool, pipelines: tuple[str, ...]) -> list[str]:
    plan = "next: refactor plan" if has_inventory else "next: refactor inventory -o cluster.json"
    gate = [f"{name} runs here: `refactor check` fits in" for name in pipelines]
    return [*gate, plan]
