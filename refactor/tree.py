"""Every file under some paths to its findings: walk, pre-filter, scan."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from refactor import addresses, scanners, walk
from refactor.addresses.matcher import Matcher
from refactor.gitignore import Patterns
from refactor.known import Known, names_filter
from refactor.model import Finding, Note, Reason
from refactor.progress import track
from refactor.scan import scan_source
from refactor.settings import Settings
from refactor.source import Source, is_binary

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
        files: those with findings, by path.
        notes: what a report must say about whole files.
        passed_over: how many files each rule passed over.
        files_read: how many were looked into.
    """

    files: tuple[ScannedFile, ...]
    notes: tuple[Note, ...]
    passed_over: dict[str, int]
    files_read: int


def scan_tree(root: Path, paths: Sequence[Path], settings: Settings, known_of: KnownOf) -> TreeScan:
    """Find every address under some paths.

    Args:
        root: the repository's root; findings name files relative to it.
        paths: files and directories under it.
        settings: what to pass over, ignore and include.
        known_of: the hosts that count in a file.

    Raises:
        RefactorError: a path does not exist or lies outside the root.
    """
    walked = walk.walk(root, paths, settings)
    passed, notes, files, read = Counter(walked.passed_over), list(walked.notes), [], 0
    reader = _Reader(settings, known_of)
    for path, absolute in track(walked.files, "reading"):
        kind = scanners.kind_of(path, "")
        data = walk.read(absolute)
        if not isinstance(data, bytes):
            passed[data or "unreadable"] += 1
            continue
        kind = kind or scanners.kind_of(path, data[:128].decode("latin-1"))
        if kind is None or is_binary(data):
            passed["binary" if kind else "unknown-kind"] += 1
            continue
        read += 1
        if reader.may_hold(path, data):
            found, told = reader.scan(path, data, kind)
            notes += told
            files += [found] if found.findings else []
    return TreeScan(tuple(files), tuple(notes), dict(sorted(passed.items())), read)


class _Reader:
    """Scans one file after another under the same settings."""

    def __init__(self, settings: Settings, known_of: KnownOf) -> None:
        self._settings = settings
        self._known_of = known_of
        self._matcher = Matcher()
        self._filters: dict[int, Callable[[bytes], bool]] = {}
        self._include = Patterns(settings.include)
        self._ignored = _ignored_addresses(settings.ignore_addresses)

    def may_hold(self, path: str, data: bytes) -> bool:
        """Say, from the bytes alone, whether a file could hold an address."""
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            data = Source(path, data).text.encode("utf-8", "surrogatepass")
        if self._matcher.may_hold(data):
            return True
        known = self._known_of(path)
        if id(known) not in self._filters:
            self._filters[id(known)] = names_filter(known.names)
        return self._filters[id(known)](data)

    def scan(self, path: str, data: bytes, kind: str) -> tuple[ScannedFile, tuple[Note, ...]]:
        source = Source(path, data)
        scan = scan_source(source, kind, self._known_of(path), public=self._settings.public)
        standing = self._standing(path, kind)
        findings = tuple(self._settle(finding, standing) for finding in scan.findings)
        return ScannedFile(source, kind, findings), scan.notes if findings else ()

    def _standing(self, path: str, kind: str) -> tuple[Reason, str] | None:
        """Why nothing in a file is edited, from its path alone."""
        if kind == "source" and not self._include.covers(path):
            return (
                "read-only-source",
                "another language: `include` in the settings lets it be edited",
            )
        if path.endswith("NOTES.txt"):
            return "read-only-source", "text for people"
        if "/templates/tests/" in f"/{path}":
            return "read-only-source", "a chart's test"
        if path.endswith("values.schema.json"):
            return "shape", "documentation of a schema"
        return None

    def _settle(self, finding: Finding, standing: tuple[Reason, str] | None) -> Finding:
        if finding.file == "pyproject.toml" and finding.path[:2] == ("tool", "refactor"):
            why = "refactor's own settings"
            return msgspec.structs.replace(finding, kept="ignored", kept_why=why)
        if self._ignored(finding.host):
            return msgspec.structs.replace(finding, kept="ignored", kept_why="the settings say so")
        if finding.kept or standing is None:
            return finding
        return msgspec.structs.replace(finding, kept=standing[0], kept_why=standing[1])


def _ignored_addresses(texts: Sequence[str]) -> Callable[[str], bool]:
    """Return a test for the settings' addresses and CIDR blocks."""
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
