"""What must hold of any file's bytes, whatever the scanner: places, edits, a stable end."""

from __future__ import annotations

from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from refactor import addresses
from refactor import scan as scanners
from refactor.files.walk import listed
from refactor.inventory import Inventory, load
from refactor.model import Finding, Scanned
from refactor.plan import PlanJob
from refactor.plan.driver import named, proven
from refactor.plan.edited import EditedFile, edited_files
from refactor.plan.row import Row
from refactor.plan.world import RunFiles, World
from refactor.repository.environments import Environments
from refactor.scan.file import scan_source
from refactor.scan.prefilter import Sieve
from refactor.scan.tree import ScannedFile
from refactor.settings.types import Settings
from refactor.text.source import Source
from tests.shop import ITEMS, pod, service

PATHS = {"yaml": "a.yaml", "template": "templates/a.yaml", "python": "a.py", "text": "a.conf"}
PORTS = (80, 443, 5000, 5432, 6379, 8080)
ONE, TWO = {"app": "one"}, {"app": "two"}
# The addresses of the scanners' tables; the second one's ports change.
MORE = [
    service("one", "10.0.0.1", ONE, 0, 0)
    | {"spec": {"clusterIP": "10.0.0.1", "selector": ONE, "ports": [{"port": n} for n in PORTS]}},
    service("two", "10.43.9.9", TWO, 0, 0, "data")
    | {"spec": {"selector": TWO, "ports": [{"port": n + 1, "targetPort": n} for n in PORTS]}},
    pod("two-0", "10.0.0.2", TWO, 80, ("StatefulSet", "two"), "data"),
]
LITERAL = Settings(namespace="shop")
ENVIRONMENT = Settings(namespace="shop", python="env")


@cache
def cluster() -> Inventory:
    """Return the small cluster of the tests, and some more."""
    data = msgspec.json.encode({"apiVersion": "v1", "kind": "List", "items": [*ITEMS, *MORE]})
    return load([], stdin=lambda: b"", given={"cluster": data})


@cache
def job(settings: Settings = LITERAL) -> PlanJob:
    """Return what plans for that cluster are made of."""
    return PlanJob(Path(), (), settings, Environments(settings, {"": cluster()}))


@cache
def _sieve() -> Sieve:
    with TemporaryDirectory() as made:
        return Sieve(listed(Path(made), [], LITERAL), lambda _: cluster())


def check_source(kind: str, data: bytes) -> None:
    """Assert what must hold of one file.

    Args:
        kind: its scanner.
        data: its bytes.
    """
    source = Source(PATHS[kind], data)
    assert source.encode(source.text) == data, "decoding loses bytes"
    wanted = partial(addresses.wanted, names=cluster().names)
    _check_places(source.text, scanners.scan(kind, source.text, wanted))
    findings = scan_source(source, kind, cluster()).findings
    _check_findings(source, findings)
    if any(finding.kept is None for finding in findings):  # one in pieces is passed over
        assert _sieve()._may_hold(source.path, data), "the pre-filter passes a finding over"
    for settings in (LITERAL, ENVIRONMENT) if kind == "python" else (LITERAL,):
        _check_plan(job(settings), ScannedFile(source, kind, findings))


def _check_places(text: str, scanned: Scanned) -> None:
    assert bool(scanned.unparsable) == (scanned.line > 0), "unparsable without a line"
    for literal in scanned.literals:
        end = 0
        for at, source, length in literal.view.pieces:
            assert end <= at, "pieces overlap"
            end = at + length
            held = text[source : source + length]
            assert len(held) == length > 0, "a piece leaves the text"
            assert literal.view.text[at:end] == held, "a piece is not what stands there"


def _check_findings(source: Source, findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        start, end = finding.host_span
        assert 0 <= start <= end <= len(source.text), "a span leaves the text"
        assert finding.host_text == source.text[start:end]
        assert (finding.line, finding.column) == (source.line(start), source.column(start))
        if finding.kept is None:
            assert finding.host_text in (finding.host, f"[{finding.host}]")
        if finding.kept is None and finding.port_span:
            assert finding.port_span.of(source.text) == finding.port_text == str(finding.port)
        assert finding.port is None or 0 < finding.port < 65536
    live = [finding.host_span for finding in findings if finding.kept is None]
    assert all(one.end <= other.start for one, other in pairwise(live)), "findings overlap"
    assert len({finding.fingerprint for finding in findings}) == len(findings)


def _check_plan(made_of: PlanJob, file: ScannedFile) -> None:
    """Plan and apply; a second run finds nothing left to do."""
    for again in (False, True):
        rows, edited = alone(made_of, file)
        assert [row.finding for row in rows] == list(file.findings)
        assert all(row.edited or row.refusals for row in rows)
        if edited is None:
            return
        assert not again, "a second run finds something left to do"
        _check_edits(file.source, edited)
        after = Source(file.source.path, edited.data)
        file = ScannedFile(after, file.kind, scan_source(after, file.kind, cluster()).findings)


def alone(made_of: PlanJob, file: ScannedFile) -> tuple[tuple[Row, ...], EditedFile | None]:
    """The plan of one file by itself, as no chart and no new Service would change it."""
    world, rows = named(World(made_of, RunFiles(made_of.root, [file]), {}), [file])
    world, rows, _ = proven(world, rows)
    edited = edited_files(world, rows, ())
    return rows, edited[0] if edited else None


def _check_edits(source: Source, edited: EditedFile) -> None:
    """Only the edits' own letters differ, and every byte outside of them stays."""
    after, change = Source(source.path, edited.data), edited.change
    assert (source.bom, source.encoding) == (after.bom, after.encoding)
    assert (change.before, change.after) == (source.digest, after.digest)
    cursor, parts = 0, []
    for edit in change.edits:
        assert cursor <= edit.span.start, "edits overlap"
        assert edit.span.of(source.text) == edit.old
        parts += [source.text[cursor : edit.span.start], edit.new]
        cursor = edit.span.end
    assert edited.data == source.encode("".join(parts) + source.text[cursor:])
