"""The command line: parse, call, print."""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

from refactor.cli.streams import ReaderGoneError, guarded
from refactor.errors import RefactorError

_ALLOCATIONS = 20_000
"""Allocations between two runs of the garbage collector; Python's 700 suits long processes."""


def main(argv: list[str] | None = None) -> None:
    """Run the command line: the one place where errors become a line and exit code 2."""
    gc.set_threshold(_ALLOCATIONS)
    with guarded():
        result = _outcome(sys.argv[1:] if argv is None else argv)
    gc.freeze()  # skip the last garbage collection: the process ends
    sys.exit(result if isinstance(result, int) else 0)


def _outcome(words: list[str]) -> Any:
    try:
        result = _run(words)
        sys.stdout.flush()
    except RefactorError as error:
        _complain(_told(error))
        result = error.exit_code
    except KeyboardInterrupt:
        result = _stopped()
    except (ReaderGoneError, BrokenPipeError):
        result = 141
    except MemoryError:
        _complain("there is not enough memory for this; nothing more was written")
        result = 2
    except Exception as error:  # noqa: BLE001 - a bug, or what click says of a command line
        result = _failed(error)
    return result


def _run(words: list[str]) -> Any:
    import refactor

    if getattr(refactor, "DISTRIBUTION", "") != "kube-refactor":
        message = "the Python package refactor is another distribution's: its files replaced ours"
        remedy = "pip uninstall refactor, then install kube-refactor again from where you had it"
        raise RefactorError(message, where=str(refactor.__file__), remedy=remedy)
    plain = words[:1] == ["scan"] and not any(word.startswith("-") for word in words)
    if plain and "_REFACTOR_COMPLETE" not in os.environ:
        # Nothing for click to do, whose import takes as long as to scan a thousand files.
        from refactor.cli.scanned import scan_paths

        return scan_paths(words[1:])
    from refactor.cli.group import cli

    return cli.main(args=words, prog_name="refactor", standalone_mode=False)


def __getattr__(name: str) -> Any:
    """Import `cli`, the group of commands, when it is asked for."""
    if name != "cli":
        raise AttributeError(name)
    from refactor.cli.group import cli

    return cli


def _failed(error: Exception) -> int:
    """Say what went wrong; return the exit code."""
    import click

    if isinstance(error, click.ClickException):
        error.show()
        return 2
    if isinstance(error, click.Abort):
        return _stopped()
    if os.environ.get("REFACTOR_DEBUG"):
        raise error
    _complain(_bug(error))
    return 2


def _stopped() -> int:
    import click

    click.echo("refactor: stopped, nothing was written", err=True)
    return 130


def _complain(told: str) -> None:
    import click

    click.secho(f"refactor: {told}", fg="red", err=True)


def _told(error: RefactorError) -> str:
    """Return an error in one line without secrets and control characters; a place is no secret."""
    from refactor.report.words import clean, one_line, readable

    where = clean(error.where) if "://" in error.where else readable(error.where)
    shown = RefactorError(clean(error.message), where=where, remedy=clean(error.remedy))
    return one_line(str(shown))


def _bug(error: Exception) -> str:
    """Return one line on an error that should not be, without its text: that may hold secrets."""
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{last.filename.rpartition(os.sep)[2]}:{last.lineno}"
    return (
        f"internal error (please report it): {type(error).__name__} at {place}; nothing more was"
        " written. REFACTOR_DEBUG=1 shows the traceback, `refactor doctor` what to report with it"
    )
