"""Every file under some paths to its findings: walk, pre-filter, scan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from refactor import scan as scanners
from refactor.addresses.known import Known
from refactor.addresses.matcher import Test
from refactor.files import walk
from refactor.files.disk import real
from refactor.files.globs import Patterns
from refactor.files.progress import track
from refactor.model import Address, Finding, Literal, Note, Reason
from refactor.scan.base import NO_EXPORTS, Exports
from refactor.scan.outputs import of_output
from refactor.scan.prefilter import sift
from refactor.settings.types import Settings
from refactor.text.source import Source

if TYPE_CHECKING:
    from refactor.rules.judge import Verdict

KnownOf = Callable[[str], Known]
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
    listed: walk.Listed | None = None


def scan_tree(
    root: Path,
    paths: Sequence[Path],
    settings: Settings,
    known_of: KnownOf,
    also: Test | None = None,
) -> TreeScan:
    """Find every address under some paths.

    Args:
        root: the repository's root; findings name files relative to it.
        paths: files and directories under it.
        settings: what to pass over, ignore and include.
        known_of: the hosts that count in a file.
        also: says of a file's bytes that it is wanted without findings, too.

    Raises:
        RefactorError: a path does not exist or lies outside the root.
    """
    listed = walk.listed(root, paths, settings)
    sifted = sift(listed, known_of, also)
    passed, notes, files, read = Counter(sifted.passed_over), list(listed.notes), [], sifted.read
    notes.sort(key=lambda note: note.file)
    reader = _Reader(settings, known_of)
    for path in track(sifted.candidates, "scanning"):
        data = walk.read(Path(listed.root + path))
        head = data[:128].decode("latin-1") if isinstance(data, bytes) else ""
        kind = scanners.kind_of(path, head)
        if not isinstance(data, bytes) or not kind:  # it has changed since it was sifted
            read -= 1
            passed[data if isinstance(data, str) else "unknown-kind"] += 1
            continue
        if rule := of_output(path, data):
            read -= 1
            passed[rule] += 1
            continue
        found, told = reader.scan(path, data, kind)
        notes += told
        files += [found] if found.findings or (also and also(data)) else []
    files = reader.settled(files, listed)
    whole = listed if any(real(path) == real(root) for path in paths or [root]) else None
    return TreeScan(tuple(files), tuple(notes), dict(sorted(passed.items())), read, whole)


class _Reader:
    """Scans one file after another under the same settings."""

    def __init__(self, settings: Settings, known_of: KnownOf) -> None:
        self._settings = settings
        self._known_of = known_of
        self._include = Patterns(settings.include)
        self._ignored = _ignored_addresses(settings.ignore_addresses)
        self._exported: dict[str, Exports] = {}

    def scan(self, path: str, data: bytes, kind: str) -> tuple[ScannedFile, tuple[Note, ...]]:
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

    def settled(self, files: list[ScannedFile], listed: walk.Listed) -> list[ScannedFile]:
        """Return files as the uses of their values in other Python modules leave them."""
        if not self._exported:
            return files
        from refactor.scan.elsewhere import elsewhere, settled

        others = (path for path in _paths(listed) if path.endswith((".py", ".pyw")))
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

    def _standing(self, path: str, kind: str) -> tuple[Reason, str] | None:
        """Why nothing in a file is edited, from its path alone."""
        from refactor.rules.files import row_of

        included = self._include.covers(path)
        if kind == "source" and not included:
            why = "another language: `include` in the settings lets it be edited"
            return "read-only-source", why
        if kind == "notebook" and not included:
            why = "notebooks run outside the cluster: `include` in the settings lets it be edited"
            return "read-only-source", why
        row = row_of(path)
        return (row.reason, row.why) if row and (row.fixed or not included) else None

    def _settle(self, finding: Finding, standing: tuple[Reason, str] | None) -> Finding:
        if finding.file == "pyproject.toml" and finding.path[:2] == ("tool", "refactor"):
            why = "refactor's own settings"
            return msgspec.structs.replace(finding, kept="ignored", kept_why=why)
        if self._ignored(finding.host):
            return msgspec.structs.replace(finding, kept="ignored", kept_why="the settings say so")
        if finding.kept or standing is None:
            return finding
        return msgspec.structs.replace(finding, kept=standing[0], kept_why=standing[1])


def _paths(listed: walk.Listed) -> Iterator[str]:
    """Yield the relative paths of all files that no rule passes over by their name."""
    yield from listed.named
    for listing in listed.listings:
        yield from listed.kept(listing, Counter())


def _ignored_addresses(texts: Sequence[str]) -> Callable[[str], bool]:
    """Return a test for the settings' addresses and CIDR blocks."""
    if not texts:
        return lambda _: False
    import ipaddress

    from refactor import addresses

    exact = {addresses.canonical(text) for text in texts if "/" not in text}
    blocks = [ipaddress.ip_network(text, strict=False) for text in texts if "/" in text]

    def ignored(host: str) -> bool:
        plain = addresses.canonical(host)
        if plain in exact:
            return True
        if not blocks or addresses.zone(host) == "name":
            return False
        address = ipaddress.ip_address(plain)
        return any(address in block for block in blocks)

    return ignored
