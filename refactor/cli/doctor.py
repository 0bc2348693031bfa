"""`refactor doctor`."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from refactor import __version__
from refactor.cli.examples import Command
from refactor.errors import extra_remedy

_EXTRAS = {
    "live": "kubernetes",
    "helm": "helm_python",
    "campaign": "pebble",
    "dask": "distributed",
    "dns": "dns",
}
_PROGRAMS = ("git", "helm", "kustomize", "kubectl")


@click.command(
    "doctor",
    cls=Command,
    short_help="Show versions and what works here, for a bug report.",
    examples="""
    refactor doctor
    """,
)
def command() -> int:
    """Show versions, programs, extras, the Helm engine and its sandbox, and this repository.

    The page holds no address, name or secret of the repository: it can go into a bug report.
    """
    for title, lines in (
        ("refactor", _versions()),
        ("Programs on the PATH", _programs()),
        ("Extras", _extras()),
        ("Helm engine and its sandbox", _helm()),
        ("This repository", _repository()),
    ):
        click.secho(title, bold=True)
        for name, told in lines:
            click.echo(f"  {name:<12} {told}")
    return 0


def _versions() -> Iterator[tuple[str, str]]:
    yield "version", __version__
    yield "Python", f"{platform.python_version()} ({platform.python_implementation()})"
    yield "system", f"{platform.system()} {platform.release()} {platform.machine()}"
    yield "encoding", sys.stdout.encoding or "unknown"


def _programs() -> Iterator[tuple[str, str]]:
    for name in _PROGRAMS:
        yield name, "found" if shutil.which(name) else "not found"


def _extras() -> Iterator[tuple[str, str]]:
    for extra, package in _EXTRAS.items():
        there = _has(package)
        yield extra, "installed" if there else f"missing; {extra_remedy(extra)}"


def _has(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ImportError:
        return False


def _helm() -> Iterator[tuple[str, str]]:
    from refactor.helm import cage
    from refactor.helm.find import engine_name

    yield "engine", engine_name()
    for facility in cage.status():
        yield "sandbox", str(facility)


def _repository() -> Iterator[tuple[str, str]]:
    from refactor.cli.job import root_of
    from refactor.errors import RefactorError
    from refactor.files.git import top_of
    from refactor.settings.read import find

    root = root_of(())
    yield "git", "yes" if top_of(root) else "no git repository"
    try:
        document = find(root)
        yield "settings", document.file if document else "none; `refactor init` writes them"
    except RefactorError as error:
        yield "settings", f"cannot be read: {error.message}"
        return
    yield from _ages(root)


def _ages(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the age of each inventory that the settings name."""
    from datetime import UTC, datetime

    from refactor.errors import RefactorError
    from refactor.repository.environments import inventory_files
    from refactor.settings.load import load

    try:
        named = inventory_files(load(root))
    except RefactorError:
        yield "settings", "not valid; `refactor scan` shows the error"
        return
    for number, file in enumerate(dict.fromkeys(f for files in named.values() for f in files), 1):
        path = root / file
        if not path.exists():
            yield "inventory", f"number {number} is missing"
            continue
        days = (datetime.now(UTC) - datetime.fromtimestamp(path.stat().st_mtime, UTC)).days
        yield "inventory", f"number {number} was written {days} days ago"
