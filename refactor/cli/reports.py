"""`--format` and `--output`: several reports of one plan, each to its own place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

_F = TypeVar("_F", bound=Callable[..., Any])
_STDOUT = Path("-")


def report_options(function: _F) -> _F:
    """Add `--format` and `--output` to a command; it receives them as `styles` and `outputs`."""
    from refactor.report.formats import REPORTS

    styles = click.option(
        "--format",
        "styles",
        type=click.Choice(REPORTS.names()),
        multiple=True,
        help="text for terminals, semantic for changes as Kubernetes objects, json for programs,"
        " markdown for pull requests, html to look through, sarif and gitlab for code scanning,"
        " patch for `git apply`. Repeatable, with an --output each but for the last.",
    )
    outputs = click.option(
        "--output",
        "outputs",
        type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
        multiple=True,
        help="Write the report here; the second is for the second format, - is standard output.",
    )
    return styles(outputs(function))


def paired(styles: Sequence[str], outputs: Sequence[Path]) -> list[tuple[str, Path | None]]:
    """Return each format with its file, None for standard output.

    Raises:
        RefactorError: they do not fit together.
    """
    from refactor.errors import RefactorError

    styles = styles or ("text",)
    if not len(styles) - 1 <= len(outputs) <= len(styles):
        message = f"{len(styles)} --format and {len(outputs)} --output"
        remedy = "give each format its output; the last may go without, to standard output"
        raise RefactorError(message, remedy=remedy)
    files = [None if output == _STDOUT else output for output in outputs]
    files += [None] * (len(styles) - len(files))
    if len({str(file) for file in files}) < len(files):
        message = "two reports go to the same place"
        raise RefactorError(message, remedy="give each format an output of its own")
    return list(zip(styles, files, strict=True))


def report(plan: Any, root: Path, reports: Sequence[tuple[str, Path | None]]) -> None:
    """Write every report of a plan.

    Raises:
        RefactorError: a file is not what the plan rests on, or a report cannot be written.
    """
    from refactor.cli.printing import emit, show
    from refactor.report.formats import render

    for style, output in reports:
        if style == "text" and output is None:
            from refactor.report.text import plan_lines

            show(plan_lines(plan, root))
        elif style == "semantic" and output is None:
            from refactor.report.semantic import semantic_lines

            show(semantic_lines(plan))
        else:
            emit(render(plan, root, style), output)
    if all(output for _, output in reports):
        from refactor.report.summary import headline

        click.echo(f"refactor: {headline(plan)}", err=True)
