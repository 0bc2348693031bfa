"""Every file under some paths to its findings: walk, pre-filter, scan."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec

from refactor import scan as scanners
from refactor.addresses.known import KnownHosts
from refactor.addresses.matcher import Test
from refactor.files import walk
from refactor.files.disk import real
from refactor.files.globs import Patterns
from refactor.files.parallel import TURNS, processes, shared
from refactor.files.progress import tell, track
from refactor.files.walk_rules import is_test
from refactor.model import Address, Finding, Literal, Note, Reason
from refactor.scan.addresses_ignored import ignored_addresses
from refactor.scan.base import NO_EXPORTS, NOT_EDITED, Exports, Names
from refactor.scan.handed import Handed
from refactor.scan.outputs import of_output
from refactor.scan.prefilter import PathTest, sift
from refactor.settings.types import Settings
from refactor.text.source import Source
from refactor.text.view import Span

if TYPE_CHECKING:
    from refactor.rules.judge import Verdict

KnownOf = Callable[[str], KnownHosts]
"""Gives the hosts that count in a file, by its relative path: those of its environment."""


class ScannedFile(NamedTuple):
    """A file that holds findings.

    Attributes:
        source: its text.
        kind: its scanner's name.
        findings: in order of place.
    """

    source: Source
    kind: str
    findings: tuple[Finding, ...]


class TreeScan(NamedTuple):
    """What a tree holds.

    Attributes:
        files: those with findings, and those wanted besides, by path.
        notes: what a report must say about whole files.
        passed_over: how many files each rule passed over.
        files_read: how many were looked into.
        listed: the listings of the whole root, so that nothing lists it again; None where only
            parts of it were looked at.
    """

    files: tuple[ScannedFile, ...]
    notes: tuple[Note, ...]
    passed_over: dict[str, int]
    files_read: int
    listed: walk.TreeListing | None = None


def scan_tree(
    root: Path,
    paths: Sequence[Path],
    settings: Settings,
    known_of: KnownOf,
    also: Test | None = None,
    only: PathTest | None = None,
    listed: walk.TreeListing | None = None,
) -> TreeScan:
    """Find every address under some paths; `also` wants files without findings, `only` some."""
    listed = listed or walk.listed(root, paths, settings)
    sifted = sift(listed, known_of, also, only)
    passed, notes, files, read = Counter(sifted.passed_over), list(listed.notes), [], sifted.read
    notes.sort(key=lambda note: note.file)
    reader = _TreeReader(listed, settings, known_of, also)
    for one in _read(reader, sifted.candidates):
        if one.rule:
            read -= 1
            passed[one.rule] += 1
        notes += one.notes
        files += [one.scanned] if one.scanned else []
    files = reader.settled(files, listed)
    whole = listed if any(real(path) == real(root) for path in paths or [root]) else None
    return TreeScan(tuple(files), tuple(notes), dict(sorted(passed.items())), read, whole)


class _Looked(NamedTuple):
    """What came of one candidate.

    Attributes:
        rule: what passed it over; "" for a file that was scanned.
        scanned: None where it is of no further use.
        notes: of the whole file.
    """

    rule: str = ""
    scanned: ScannedFile | None = None
    notes: tuple[Note, ...] = ()


_Shown: TypeAlias = tuple[list[tuple[Span, tuple[Names, ...]]], list[tuple[Names, int]]]
_Packed: TypeAlias = tuple[str, str, str, tuple[Finding, ...], tuple[Note, ...], _Shown]
"""Rule, kind, digest, findings, notes, exports: what a copy of this process tells of a file."""
_ALONE = 1 << 19
"""Bytes that one process reads before another has loaded what it needs to read Python."""


def _read(reader: _TreeReader, paths: list[str]) -> Iterator[_Looked]:
    """Scan files, in copies of this process too, and give what came of them in the same order."""
    workers = processes() if reader.outweighs(paths, _ALONE) else 1
    packed = _shared(reader, paths, workers) if workers > 1 else None
    if packed is None:
        yield from map(reader.look, track(paths, "scanning"))
        return
    for path, one in zip(paths, packed, strict=True):
        yield reader.unpacked(path, one) if one else reader.look(path)


def _shared(reader: _TreeReader, paths: list[str], workers: int) -> list[_Packed | None] | None:
    from refactor.scan import file as _  # noqa: F401 - read once, before processes part

    turns = min(TURNS, len(paths))
    here = os.getpid()

    def work(numbers: Iterator[int]) -> list[tuple[int, bytes]]:
        found = []
        for number in numbers:
            if os.getpid() == here:
                tell("scanning", number, turns)
            looked = [reader.packed(path) for path in paths[number::turns]]
            with suppress(UnicodeEncodeError):  # bytes that are no text: read again, here
                found.append((number, msgspec.msgpack.encode(looked)))
        return found

    results = shared(turns, work, workers - 1)
    if results is None:
        return None
    packed: list[_Packed | None] = [None] * len(paths)
    decoder = msgspec.msgpack.Decoder(list[_Packed])
    for number, data in (one for result in results for one in result):
        packed[number::turns] = decoder.decode(data)
    return packed


class _TreeReader:
    """Scans one file after another under the same settings."""

    def __init__(
        self,
        listed: walk.TreeListing,
        settings: Settings,
        known_of: KnownOf,
        also: Test | None = None,
    ) -> None:
        self._root = listed.root
        self._handed = Handed(listed)
        self._also = also
        self._settings = settings
        self._known_of = known_of
        self._include = Patterns(settings.include)
        self._ignored = ignored_addresses(settings.ignore_addresses)
        self._exported: dict[str, Exports] = {}

    def outweighs(self, paths: Iterable[str], limit: int) -> bool:
        """Say whether files have more bytes than a limit."""
        sizes = (_size(self._root + path) for path in paths)
        return any(total > limit for total in accumulate(sizes))

    def look(self, path: str) -> _Looked:
        """Read and scan a file."""
        data = walk.read(Path(self._root + path))
        if isinstance(data, str):  # it has changed since it was sifted
            return _Looked(data)
        kind = scanners.kind_of(path, data[:128].decode("latin-1"))
        kind = kind or ("text" if self._handed(path) else None)
        if rule := "" if kind else "unknown-kind":
            return _Looked(rule)
        if rule := of_output(path, data):
            return _Looked(rule)
        found, notes = self._scan(path, data, kind or "")
        useful = found.findings or (self._also and self._also(data))
        return _Looked("", found if useful else None, notes)

    def packed(self, path: str) -> _Packed:
        """Return what came of a file without its text."""
        one = self.look(path)
        if one.scanned is None:
            return one.rule, "", "", (), one.notes, ([], [])
        source, kind, findings = one.scanned
        exports = self._exported.get(path, NO_EXPORTS)
        shown = [*exports.hosts.items()], [*exports.ports.items()]
        return one.rule, kind, source.digest, findings, one.notes, shown

    def unpacked(self, path: str, packed: _Packed) -> _Looked:
        """Return what came of a file with its text, which is read again."""
        rule, kind, digest, findings, notes, (hosts, ports) = packed
        if not kind:
            return _Looked(rule, None, notes)
        data = walk.read(Path(self._root + path))
        source = Source(path, data) if isinstance(data, bytes) else None
        if source is None or source.digest != digest:  # it has changed
            return self.look(path)
        if hosts:
            self._exported[path] = Exports(dict(hosts), dict(ports))
        return _Looked("", ScannedFile(source, kind, findings), notes)

    def _scan(self, path: str, data: bytes, kind: str) -> tuple[ScannedFile, tuple[Note, ...]]:
        from refactor.scan.file import scan_source

        source = Source(path, data)
        settings = self._settings
        scan = scan_source(
            source, kind, self._known_of(path), public=settings.public, users=settings.places
        )
        standing = self._standing(path, kind)
        if scan.exports.hosts and standing is None:
            self._exported[path] = scan.exports
        findings = tuple(self._settle(finding, standing) for finding in scan.findings)
        return ScannedFile(source, kind, findings), scan.notes if findings else ()

    def settled(self, files: list[ScannedFile], listed: walk.TreeListing) -> list[ScannedFile]:
        """Return files as the uses of their values in other Python modules leave them."""
        if not self._exported:
            return files
        from refactor.scan.elsewhere import elsewhere, settled

        programs = (path for path in _paths(listed) if path.endswith((".py", ".pyw")))
        others = (path for path in programs if not is_test(path))
        uses = elsewhere(self._exported, others, lambda path: walk.read(Path(listed.root + path)))
        return [
            file._replace(
                findings=settled(
                    file.findings,
                    self._exported.get(file.source.path, NO_EXPORTS),
                    uses.get(file.source.path, {}),
                    self._judged(file.source.path),
                )
            )
            for file in files
        ]

    def _judged(self, path: str) -> Callable[[Literal, Address], Verdict | None]:
        from refactor.rules.judge import judge

        known, settings = self._known_of(path), self._settings
        return partial(judge, known=known, public=settings.public, file=path, users=settings.places)

    def _standing(self, path: str, kind: str) -> tuple[Reason, str, str] | None:
        """Why nothing in a file is edited, from its path alone."""
        from refactor.rules.files import row_of

        included = self._include.covers(path)
        row = row_of(path)
        if row and (row.fixed or not included):
            return row.reason, row.why, row.id
        edited = included or (kind == "source" and self._handed(path))
        why, rule = ("", "") if edited else NOT_EDITED.get(kind, ("", ""))
        return ("read-only-source", why, rule) if why else None

    def _settle(self, finding: Finding, standing: tuple[Reason, str, str] | None) -> Finding:
        if finding.file == "pyproject.toml" and finding.path[:2] == ("tool", "refactor"):
            why = "refactor's own settings"
            return msgspec.structs.replace(finding, kept="ignored", kept_why=why)
        if self._ignored(finding.host):
            return msgspec.structs.replace(finding, kept="ignored", kept_why="the settings say so")
        if finding.kept or standing is None:
            return finding
        reason, why, rule = standing
        return msgspec.structs.replace(finding, kept=reason, kept_why=why, rule=rule)


def _paths(listed: walk.TreeListing) -> Iterator[str]:
    """Yield the relative paths of all files that no rule passes over by their name."""
    yield from listed.named
    for listing in listed.listings:
        yield from listed.kept(listing, Counter())


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:  # it is gone: reading it will tell
        return 0
