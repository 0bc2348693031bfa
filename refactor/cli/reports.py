"""`--format` and `--output`: several reports of one plan, each to its own place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from typing import Literal as OneOf

import click

_F = TypeVar("_F", bound=Callable[..., Any])
_STDOUT = Path("-")


_SUFFIXES = {
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".json": "json",
    ".sarif": "sarif",
    ".xml": "junit",
    ".patch": "patch",
    ".diff": "patch",
}
"""The format that a file's name asks for, where no --format is given."""


def report_options(function: _F) -> _F:
    """Add the options of reports to a command; it receives them as one `wanted`."""

    def wrapped(**given: Any) -> Any:
        reports = paired(given.pop("styles"), given.pop("outputs"))
        return function(
            wanted=WantedReports(reports, *map(given.pop, ("verbose", "stat", "by"))), **given
        )

    wrapped.__doc__ = function.__doc__
    wrapped.__name__ = function.__name__
    command: Any = wrapped
    command.__click_params__ = list(getattr(function, "__click_params__", []))
    for option in reversed(_options()):
        command = option(command)
    typed: _F = command
    return typed


def _options() -> tuple[Callable[[Any], Any], ...]:
    from refactor.report.formats import REPORTS

    return (
        click.option(
            "-v",
            "--verbose",
            is_flag=True,
            help="Also show the evidence and checks of each change, what Kubernetes sees, and every"
            " address that stays.",
        ),
        click.option("--stat", is_flag=True, help="Show the number of changes by file, no diff."),
        click.option(
            "--by",
            type=click.Choice(["file", "service"]),
            default="file",
            help="Group changes by file (default) or by Service.",
        ),
        click.option(
            "--format",
            "styles",
            type=click.Choice(REPORTS.names()),
            multiple=True,
            help="text for terminals, semantic for changes as Kubernetes objects, json for"
            " programs, markdown for pull requests, html for browsers, sarif and gitlab for code"
            " scanning, rdjson for reviewdog, junit for test reports, patch for `git apply`."
            " Default: as the name of --output says, else text. Repeatable, with an --output each"
            " but for the last.",
        ),
        click.option(
            "--output",
            "outputs",
            type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
            multiple=True,
            help="Write the report here; the second is for the second format, - is standard"
            " output.",
        ),
    )


class WantedReports(NamedTuple):
    """The reports that a command line asks for.

    Attributes:
        reports: each format with its file, None for standard output.
        verbose, stat, by: how the text looks, as in `report.text.View`.
    """

    reports: list[tuple[str, Path | None]]
    verbose: bool = False
    stat: bool = False
    by: OneOf["file", "service"] = "file"

    @property
    def machine(self) -> bool:
        """Whether standard output is for a program."""
        return any(output is None and style != "text" for style, output in self.reports)


def paired(styles: Sequence[str], outputs: Sequence[Path]) -> list[tuple[str, Path | None]]:
    """Return each format with its file, None for standard output."""
    from refactor.errors import RefactorError

    styles = styles or _inferred(outputs)
    if not len(styles) - 1 <= len(outputs) <= len(styles):
        message = f"{len(styles)} --format and {len(outputs)} --output"
        remedy = "give each format its output; the last may go without, to standard output"
        raise RefactorError(message, remedy=remedy)
    files = [None if output == _STDOUT else output for output in outputs]
    files += [None] * (len(styles) - len(files))
    if len({str(file) for file in files}) < len(files):
        message = "two reports would be written to the same file"
        raise RefactorError(message, remedy="give each --format an --output of its own")
    return list(zip(styles, files, strict=True))


def _inferred(outputs: Sequence[Path]) -> Sequence[str]:
    """Return the formats that the names of files ask for; text where one does not say."""
    found = [_SUFFIXES.get(file.suffix.lower(), "") for file in outputs]
    return found if found and all(found) else ("text",)


def report(plan: Any, root: Path, wanted: WantedReports) -> None:
    """Write every report of a plan."""
    from refactor.cli.printing import emit, show, width_or
    from refactor.report.formats import render, text_of
    from refactor.report.text import ReportView, plan_lines

    view = ReportView(wanted.verbose, wanted.stat, wanted.by, width_or(100))
    for style, output in wanted.reports:
        if style == "text":
            lines = plan_lines(plan, root, view)
            if output is None:
                show(lines, paged=True)
            else:
                emit(text_of(lines).encode("utf-8", "backslashreplace"), output)
        elif style == "semantic" and output is None:
            from refactor.report.semantic import semantic_lines

            show(semantic_lines(plan), paged=True)
        else:
            emit(render(plan, root, style), output)
    if all(output for _, output in wanted.reports):
        from refactor.report.groups import IndexedPlan
        from refactor.report.tally import headline, tally

        click.echo(f"refactor: {headline(tally(IndexedPlan(plan)))}", err=True)
