"""Report lines to the terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click

from refactor.errors import RefactorError
from refactor.report.lines import Line

_STYLES = {
    "title": "bold",
    "add": "green",
    "remove": "red",
    "place": "cyan",
    "good": "green",
    "warn": "yellow",
    "dim": "dim",
}
_AT_ONCE = 200  # lines: rich takes long to begin a print, and a reader wants the first ones soon
# What a file or a name in it could do to a terminal: escape sequences and the other controls.
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(9), *range(11, 32), *range(127, 160))}


def show(lines: Iterable[Line]) -> None:
    """Print report lines: folded and coloured where standard output is a terminal.

    NO_COLOR leaves colours out, FORCE_COLOR brings them to pipes, COLUMNS says how wide it is.
    """
    safe = (line._replace(text=_safe(line.text)) for line in lines)
    width, coloured = _width(), _coloured()
    if width is None and not coloured:
        for line in safe:
            click.echo(line.text)
    else:
        _show_rich(safe, width, coloured=coloured)


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


def _safe(text: str) -> str:
    return text.translate(_CONTROLS).encode("utf-8", "backslashreplace").decode()


def _width() -> int | None:
    """Return the columns of the terminal; None where there is none, and nothing says how many."""
    if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit():
        return shutil.get_terminal_size().columns
    return None


def _coloured() -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _show_rich(lines: Iterable[Line], width: int | None, *, coloured: bool) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(
        file=sys.stdout,
        width=width,
        force_terminal=coloured,
        color_system="auto" if coloured else None,
        highlight=False,
        legacy_windows=False,
    )
    fitted = _fitted(lines, width, console)
    while chunk := list(islice(fitted, _AT_ONCE)):
        console.print(Text("\n").join(map(_rich, chunk)), soft_wrap=True)


def _fitted(lines: Iterable[Line], width: int | None, console: Any) -> Iterator[Line]:
    from refactor.cli.fit import fit

    for line in lines:
        yield from fit(line, width, console) if width else (line,)


def _rich(line: Line) -> Any:
    from rich.text import Text

    style = _STYLES.get(line.style, "")
    text = Text(line.text, style=style)
    for mark in line.marks:
        text.stylize(f"{style} bold reverse", mark.start, mark.end)
    return text
