"""Report lines to the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from refactor.errors import RefactorError
from refactor.report.text import Line

_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True},
    "add": {"fg": "green"},
    "remove": {"fg": "red"},
    "place": {"fg": "cyan"},
    "good": {"fg": "green"},
    "warn": {"fg": "yellow"},
    "dim": {"dim": True},
    "": {},
}
# What a file or a name in it could do to a terminal: escape sequences and the other controls.
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(9), *range(11, 32), *range(127, 160))}


def show(lines: Iterable[Line]) -> None:
    """Print report lines, coloured where standard output is a terminal."""
    for text, style in lines:
        safe = text.translate(_CONTROLS).encode("utf-8", "backslashreplace").decode()
        click.secho(safe, **_STYLES[style])


def show_json(value: object) -> None:
    """Print a value as indented JSON."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=1))


def emit(data: bytes, output: Path | None) -> None:
    """Write a report's bytes to a file, or to standard output.

    Raises:
        RefactorError: the file cannot be written.
    """
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        message = f"the report cannot be written ({error.strerror})"
        raise RefactorError(message, where=str(output)) from error
