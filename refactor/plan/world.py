"""The world: what the stages look things up in; its facts stay, and look-ups are remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from refactor.inventory import Inventory
from refactor.model import Edit
from refactor.plan.charts.session import Charts
from refactor.plan.charts.usage import ValueUsage, ValueUsages
from refactor.plan.job import PlanJob
from refactor.plan.services.made import Placed
from refactor.resolve import Options
from refactor.scan import kind_of
from refactor.scan.file import FileScan, scan_source
from refactor.scan.tree import ScannedFile
from refactor.settings.types import Settings
from refactor.text.source import Source, splice

_NOWHERE: Mapping[str, ValueUsage] = {}


class After(NamedTuple):
    """A file as it will be.

    Attributes:
        source: its text.
        data: its bytes.
    """

    source: Source
    data: bytes


class RunFiles:
    """The files of a run: each is decoded, hashed and scanned once, and once more when edited."""

    def __init__(self, root: Path, scanned: Iterable[ScannedFile] = ()) -> None:
        self._root = root
        self._files = {file.source.path: file for file in scanned}
        self._after: dict[tuple[str, tuple[Edit, ...]], After] = {}
        self._scans: dict[tuple[str, str, int], FileScan] = {}

    def __getitem__(self, path: str) -> ScannedFile:
        """Return a file, by its relative path; one without findings is read now."""
        if path not in self._files:
            source = Source(path, (self._root / path).read_bytes())
            self._files[path] = ScannedFile(source, kind_of(path, "") or "text", ())
        return self._files[path]

    @property
    def scanned(self) -> tuple[ScannedFile, ...]:
        """The files so far."""
        return tuple(self._files.values())

    def after(self, path: str, edits: Sequence[Edit]) -> After:
        """Return a file with some edits made."""
        key = (path, tuple(edits))
        if key not in self._after:
            source = self[path].source
            text = splice(source.text, [(*edit.span, edit.new) for edit in edits])
            data = source.encode(text)
            self._after[key] = After(Source(path, data), data)
        return self._after[key]

    def scan(self, source: Source, kind: str, known: Inventory, settings: Settings) -> FileScan:
        """Return what stands in an edited file."""
        key = (source.digest, source.path, id(known))
        if key not in self._scans:
            self._scans[key] = scan_source(
                source, kind, known, public=settings.public, users=settings.places
            )
        return self._scans[key]


class World(NamedTuple):
    """What the stages look things up in.

    Attributes:
        job: what the plan is made of: settings, inventories, namespaces.
        files: the files of the run.
        memo: proofs of files and charts, with what they are of.
        charts: of the repository; None where none are asked.
        reached: where charts put addresses.
        services: those that the plan makes or extends.
        refused: why a Service that is missing cannot be made, by fingerprint.
        plain: fingerprints of findings that get no template: theirs was not proven.
    """

    job: PlanJob
    files: RunFiles
    memo: dict[str, Any]
    charts: Charts | None = None
    reached: ValueUsages = ValueUsages({})
    services: tuple[Placed, ...] = ()
    refused: Mapping[str, str] = {}
    plain: frozenset[str] = frozenset()

    def inventory(self, path: str) -> Inventory:
        """Return the inventory of the cluster that a file belongs to."""
        return self.job.homes.of(path).inventory

    @property
    def options(self) -> Options:
        """What the user asked of resolution."""
        settings = self.job.settings
        return Options(ingress=settings.ingress, daemonsets=settings.daemonsets)
