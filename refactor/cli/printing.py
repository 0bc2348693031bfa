"""Report lines to the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from refactor.errors import RefactorError
from refactor.report.lines import ReportLine

_STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True},
    "file": {"fg": "cyan", "bold": True},
    "add": {"fg": "green"},
    "remove": {"fg": "red"},
    "place": {"fg": "cyan"},
    "good": {"fg": "green"},
    "warn": {"fg": "yellow"},
    "dim": {"dim": True},
}
_MARKED = {"bold": True, "reverse": True}


def show(lines: Iterable[ReportLine], *, paged: bool = False) -> None:
    """Print report lines: folded and coloured where standard output is a terminal.

    NO_COLOR leaves colours out, FORCE_COLOR brings them to pipes, COLUMNS says how wide it is.
    What is longer than the terminal goes through the pager, where that is asked for.
    """
    width, coloured = _width(), _coloured()
    texts = _texts(lines, width, coloured)
    if paged and (pager := _pager()):
        from refactor.cli.pager import page

        page(texts, pager, os.get_terminal_size(sys.stdout.fileno()).lines)
    else:
        sys.stdout.writelines(texts)
    sys.stdout.flush()


def _texts(lines: Iterable[ReportLine], width: int | None, coloured: bool) -> Iterator[str]:
    from refactor.report.words import one_line, readable

    for line in lines:
        for part in _fitted(line._replace(text=one_line(readable(line.text))), width):
            yield f"{_styled(part) if coloured else part.text}\n"


def _pager() -> list[str]:
    """Return the command of the pager, as git finds one; none where there is no terminal."""
    import shlex
    import shutil

    if (
        not sys.stdout.isatty()
        or not sys.stdin.isatty()
        or os.environ.get("TERM", "dumb") == "dumb"
    ):
        return []
    wanted = os.environ.get("REFACTOR_PAGER", os.environ.get("PAGER", "less"))
    words = shlex.split(wanted) if wanted else []
    return words if words and words != ["cat"] and shutil.which(words[0]) else []


def width_or(default: int) -> int:
    """Return the columns of the terminal, or what to take where there is none."""
    return _width() or default


def show_json(value: object) -> None:
    """Print a value as indented JSON."""
    import click

    from refactor.report.formats import json_bytes

    click.echo(json_bytes(value), nl=False)


def emit(data: bytes, output: Path | None) -> None:
    """Write a report's bytes to a file, or to standard output."""
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()  # before anything is written because it was shown
        return
    from refactor.files.whole import write_output

    try:
        write_output(output, data)
    except OSError as error:
        message = f"the report cannot be written ({error.strerror})"
        raise RefactorError(message, where=str(output)) from error


def _width() -> int | None:
    """Return the columns of the terminal; None where there is none, and nothing says how many."""
    said = os.environ.get("COLUMNS", "")
    if said.isdigit() and int(said):
        return int(said)
    # Some serial lines say 0. (`shutil` would do all this, and import every compressor.)
    return os.get_terminal_size(sys.stdout.fileno()).columns or 80 if sys.stdout.isatty() else None


def _coloured() -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _fitted(line: ReportLine, width: int | None) -> Iterable[ReportLine]:
    """Return a line as lines that fit; rich, which can do that, is imported for a long one only."""
    if width is None or (len(line.text) <= width and line.text.isascii() and "\t" not in line.text):
        return (line,)
    from refactor.cli.fit import fit

    return fit(line, width)


def _styled(line: ReportLine) -> str:
    import click

    style, at, parts = _STYLES.get(line.style, {}), 0, []
    for start, end in line.marks:
        parts += [(line.text[at:start], style), (line.text[start:end], style | _MARKED)]
        at = end
    parts.append((line.text[at:], style))
    return "".join(click.style(text, **how) for text, how in parts if text)
