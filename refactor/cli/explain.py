"""`refactor explain`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from refactor.cli import complete
from refactor.cli.arguments import Arguments
from refactor.cli.examples import Command
from refactor.cli.job import job_of
from refactor.cli.options import looking

_FINGERPRINT = re.compile(r"[0-9a-f]{16}\Z")
_PLACE = re.compile(r"(?P<file>.+?):(?P<line>[1-9]\d*)(?::(?P<column>[1-9]\d*))?\Z")


@click.command(
    "explain",
    cls=Command,
    short_help="Explain how an address is resolved.",
    examples="""
    refactor explain 10.42.1.11:8080 -i cluster.json
    refactor explain http://worker-3:30080 -i cluster.json -n shop
    refactor explain 10.42.1.11:8080 deploy/ -i cluster.json     # and why a plan keeps it there
    refactor explain services/reports/.env:1:19 -i cluster.json   # a place, as reports print it
    refactor explain 4f6254fc7c1106cc            # a fingerprint of `plan --format json`
    """,
)
@click.argument(
    "subject", metavar="ADDRESS|FILE:LINE:COLUMN|FINGERPRINT", shell_complete=complete.subjects
)
@looking
def command(asked: Arguments, subject: str) -> int:
    """Explain how an address is resolved: its owner, the Services considered, the one chosen.

    With PATHS, a place or a fingerprint, also every reason why a plan keeps the address there.
    """
    from refactor.cli.progress import shown
    from refactor.report.receivers import clean
    from refactor.resolve import Options
    from refactor.resolve.explain import explain

    with shown():
        job = job_of(asked)
    found = _finding(job, subject) if _is_mark(subject) or _is_place(job, subject) else None
    query, inventory = _address(job, subject) if found is None else found[:2]
    options = Options(ingress=job.settings.ingress, daemonsets=job.settings.daemonsets)
    for line in explain(query, inventory, options):
        click.echo(clean(line))
    places = [found[2:]] if found else _places(job, query) if asked.paths else []
    for line in _kept(job, places):
        click.echo(clean(line))
    return 0


def _kept(job: Any, places: list[Any]) -> Iterator[str]:
    """Yield all that speaks against the edit of each place, the reason that decides first."""
    from refactor.cli.progress import shown
    from refactor.model import REMEDIES
    from refactor.plan.driver import refusals

    for file, finding in places:
        with shown():
            told = refusals(job, file, finding.fingerprint)
        if told:
            yield f"{finding.file}:{finding.line}:{finding.column}: a plan keeps it:"
        for refusal in told:
            yield f"  {refusal.reason}: {refusal.why}"
            if remedy := refusal.remedy or REMEDIES.get(refusal.reason, ""):
                yield f"    {remedy}"


def _places(job: Any, query: Any) -> list[Any]:
    """Return the places, in files that were named, where an address is written."""
    from refactor import addresses
    from refactor.cli.progress import shown
    from refactor.plan.job import scan

    with shown():
        files = scan(job).files
    host = addresses.canonical(query.host)
    return [
        (file, finding)
        for file in files
        for finding in file.findings
        if addresses.canonical(finding.host) == host and query.port in (None, finding.port)
    ]


def _is_place(job: Any, subject: str) -> bool:
    found = _PLACE.match(subject)
    if found is None or "://" in subject:
        return False
    return _file_of(job, found["file"]) is not None


def _file_of(job: Any, name: str) -> str | None:
    """Return the path, relative to the root, of a file that is named from there or from here."""
    root = job.root.resolve()
    for path in (root / name, Path.cwd() / name):
        if path.is_file() and path.resolve().is_relative_to(root):
            return path.resolve().relative_to(root).as_posix()
    return None


def _is_meant(job: Any, subject: str) -> Callable[[Any], bool]:
    """Return what tells whether a finding is the one that a place or a fingerprint names."""
    if _is_mark(subject):
        return lambda finding: bool(finding.fingerprint == subject)
    place = _PLACE.match(subject)
    if place is None:
        return lambda _: False
    file, line, column = _file_of(job, place["file"]), int(place["line"]), place["column"]
    return lambda one: (
        (one.file, one.line) == (file, line) and (not column or _holds(one, int(column)))
    )


def _holds(finding: Any, column: int) -> bool:
    return bool(finding.column <= column < finding.column + len(finding.host_text))


def _is_mark(subject: str) -> bool:
    return bool(_FINGERPRINT.match(subject))


def _refuse_missing(subject: str) -> None:
    """Refuse a place in a file that is not here."""
    from refactor.errors import RefactorError

    place = _PLACE.match(subject)
    if place and ("/" in place["file"] or "." in place["file"]):
        message = f"there is no file {place['file']} here"
        raise RefactorError(message, where=subject, remedy="give its path from here, or the root's")


def _address(job: Any, subject: str) -> tuple[Any, Any]:
    from refactor import addresses
    from refactor.errors import RefactorError
    from refactor.resolve import Query

    home = job.homes.of("")
    found = addresses.find(subject, names=home.inventory.names)
    if not found:
        _refuse_missing(subject)
        message = "is not an address, a name in the inventory, or FILE:LINE:COLUMN of a file here"
        raise RefactorError(message, where=subject, remedy="give IP:PORT, a URL or a place")
    address = found[0]
    if address.bar == "bad-port":
        message = "its port is not a number from 1 to 65535"
        raise RefactorError(message, where=subject, remedy="give IP:PORT, or the IP alone")
    implied = addresses.implied_port(address.scheme) if address.scheme else None
    port, origin = (address.port, "written") if address.port else (implied, "implied")
    query = Query(address.host, port, origin if port else "none", address.scheme, home.namespace)
    return query, home.inventory


def _tell_readers(job: Any, finding: Any) -> None:
    """Print who reads a finding's text, and how that is known."""
    from refactor.plan.charts.session import Charts
    from refactor.plan.reading import with_readers
    from refactor.report.receivers import clean, one_line

    with Charts(job.root, job.settings, job.homes.of("").namespace) as charts:
        readers = with_readers(job, charts).homes.readers(finding)
    for reader in readers:
        if reader.evidence:
            click.echo(clean(one_line(f"read by {reader}")))


def _finding(job: Any, mark: str) -> tuple[Any, ...]:
    from refactor.cli.progress import shown
    from refactor.errors import RefactorError
    from refactor.plan.job import query_of, scan
    from refactor.report.receivers import clean, readable

    is_meant = _is_meant(job, mark)
    with shown():
        files = scan(job).files
    for file in files:
        for finding in file.findings:
            if is_meant(finding):
                click.echo(readable(f"{finding.file}:{finding.line}:{finding.column}"))
                if finding.kept:
                    row = f" (rule {finding.rule})" if finding.rule else ""
                    click.echo(clean(f"kept: {finding.kept_why}{row}"))
                _tell_readers(job, finding)
                inventory = job.homes.of(finding.file).inventory
                return query_of(job, finding), inventory, file, finding
    message = "no address was found there"
    raise RefactorError(message, where=mark, remedy="`refactor scan` lists the addresses")
