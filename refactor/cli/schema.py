"""`refactor schema`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from refactor.cli.examples import Command


def _settings() -> dict[str, Any]:
    from refactor.settings.schema import settings_schema

    return settings_schema()


def _campaign() -> dict[str, Any]:
    from refactor.campaign.schema import schema

    return schema()


def _plan() -> dict[str, Any]:
    from refactor.report.data import schema

    return schema()


SCHEMAS: dict[str, Callable[[], dict[str, Any]]] = {
    "settings": _settings,
    "campaign": _campaign,
    "plan": _plan,
}
"""What has a schema, and how it is made."""


@click.command(
    "schema",
    cls=Command,
    short_help="Print the JSON Schema of the settings, of campaign files, or of plans.",
    examples="""
    refactor schema settings > .refactor.schema.json
    refactor schema campaign > campaign.schema.json
    refactor schema plan > plan.schema.json
    """,
)
@click.argument("kind", type=click.Choice(tuple(SCHEMAS)))
def command(kind: str) -> int:
    """Print the JSON Schema (2020-12) of a kind of file, for editors and checks.

    Editors with the YAML language server complete and check a file whose first line is
    `# yaml-language-server: $schema=PATH`; `refactor init` writes that line.
    """
    click.echo(text_of(SCHEMAS[kind]()), nl=False)
    return 0


def text_of(schema: dict[str, Any]) -> str:
    """Return a schema as the text of a file."""
    import json

    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
