"""`refactor man`: the manual page, made from the commands themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from refactor import __version__
from refactor.cli.examples import Command

_EXIT = (
    ("0", "the command did what it was asked"),
    (
        "1",
        "`check`: new addresses; `verify`: names that lead nowhere; `campaign`: see its help",
    ),
    ("2", "an error, told in one line: what, where, what to do"),
    ("130", "interrupted"),
    ("141", "the reader of the output has gone"),
)
_FILES = (
    (".refactor.yaml", "settings of a repository; `refactor init` writes it"),
    (".refactor-baseline.json", "addresses that `refactor check` knows"),
    (".refactor/", "what `refactor undo` needs; git ignores it"),
)
_ENVIRONMENT = (
    ("REFACTOR_PAGER, PAGER", "the pager of long reports on a terminal; empty for none"),
    ("REFACTOR_DOCS_URL", "the site to which reports link"),
    ("REFACTOR_DEBUG", "shows the traceback of an internal error"),
    ("NO_COLOR, FORCE_COLOR", "colours: never, always"),
    ("KUBECONFIG", "the kubeconfig of --context and --live"),
)


@click.command(
    "man",
    cls=Command,
    short_help="Print the manual page.",
    examples="""
    refactor man > refactor.1
    """,
)
def command() -> int:
    """Print the manual page, in roff, for `man -l` or a directory of the MANPATH."""
    click.echo("\n".join(page()))
    return 0


def page() -> Iterator[str]:
    """Yield the lines of the manual page."""
    from refactor.cli.group import EXAMPLES, cli

    yield f'.TH REFACTOR 1 "" "refactor {__version__}" "User Commands"'
    yield from (".SH NAME", r"refactor \- write Service names where addresses are hard-coded")
    yield from (".SH SYNOPSIS", r".B refactor", r"\fICOMMAND\fR [\fIOPTION\fR]... [\fIPATH\fR]...")
    yield from (".SH DESCRIPTION", *_prose(cli.help or ""))
    yield ".SH COMMANDS"
    for name, found in _commands(cli, "refactor"):
        yield from _command(name, found)
    yield from (*_list("EXIT STATUS", _EXIT), *_list("FILES", _FILES))
    yield from _list("ENVIRONMENT", _ENVIRONMENT)
    yield from (".SH EXAMPLES", *_block(EXAMPLES))


def _commands(group: click.Group, above: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if found is None:
            continue
        yield f"{above} {name}", found
        if isinstance(found, click.Group):
            yield from _commands(found, f"{above} {name}")


def _command(name: str, found: click.Command) -> Iterator[str]:
    context = click.Context(found, info_name=name)
    usage = " ".join(found.get_usage(context).split()).removeprefix("Usage: ")
    yield from (f'.SS "{_escaped(usage)}"', *_prose(found.help or ""))
    for parameter in found.params:
        record = parameter.get_help_record(context)
        if record is not None and isinstance(parameter, click.Option):
            yield from (".TP", rf"\fB{_escaped(record[0])}\fR", *_lines(record[1]))
    if examples := getattr(found, "examples", ""):
        yield from (".PP", "Examples:", *_block(examples))


def _list(title: str, rows: tuple[tuple[str, str], ...]) -> Iterator[str]:
    yield f".SH {title}"
    for name, told in rows:
        yield from (".TP", rf"\fB{_escaped(name)}\fR", *_lines(told))


def _prose(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text.replace("\b", "")):
        yield from (".PP", *_lines(" ".join(paragraph.split())))


def _block(text: str) -> Iterator[str]:
    yield from (".PP", ".nf", *(line for row in text.splitlines() for line in _lines(row)), ".fi")


def _lines(text: str) -> Iterator[str]:
    """Yield a text as one line that is not a request: those begin with a dot or a quote."""
    told = _escaped(text)
    yield rf"\&{told}" if told[:1] in (".", "'") else told


def _escaped(text: str) -> str:
    return text.replace("\\", r"\e").replace("-", r"\-").replace('"', r"\(dq")
