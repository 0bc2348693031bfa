"""The baseline: the addresses that a repository has had for long, so that only new ones fail.

A fingerprint is made of file, key path, host and port, and neither of the line nor of the place in
a list: edits above, or a new item before it, do not make an old address new. What stands several
times is counted.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec

from refactor.errors import RefactorError
from refactor.files.disk import read, real
from refactor.files.whole import write
from refactor.model import Finding, Outcome
from refactor.report.text import address
from refactor.report.words import clean, readable

NAME = ".refactor-baseline.json"
"""Where it stands unless told otherwise, from the repository's root."""

_LIMIT = 100_000_000
"""Bytes that a baseline may have: some 500,000 entries."""

_VERSION = 1


class BaselineEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An address that is known, in its place."""

    fingerprint: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{16}$")]
    file: str
    address: str
    key: str = ""
    count: Annotated[int, msgspec.Meta(ge=1)] = 1


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a repository's baseline file holds."""

    version: int = _VERSION
    findings: tuple[BaselineEntry, ...] = ()


def fingerprint(finding: Finding) -> str:
    """Return what stays the same of a finding when lines and list items shift."""
    names = (name for name in finding.path if not name.isdigit())
    parts = (finding.file, *names, finding.host, str(finding.port))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def entries(findings: Iterable[Finding]) -> tuple[BaselineEntry, ...]:
    """Return the entries that make these findings known, in the order of the file."""
    marked = [(fingerprint(finding), finding) for finding in findings]
    counts = Counter(mark for mark, _ in marked)
    return in_order(_entry(mark, counts[mark], finding) for mark, finding in dict(marked).items())


def in_order(found: Iterable[BaselineEntry]) -> tuple[BaselineEntry, ...]:
    """Return entries in an order that does not depend on when each was found."""
    return tuple(sorted(found, key=lambda e: (e.file, e.address, e.key, e.fingerprint)))


def _entry(mark: str, count: int, finding: Finding) -> BaselineEntry:
    said = clean(address(Outcome(finding)))
    return BaselineEntry(mark, readable(finding.file), said, clean(finding.key), count)


def load(path: Path) -> Baseline:
    """Read a baseline.

    Raises:
        RefactorError: it cannot be read, is not a baseline, or is of another version.
    """
    data = read(real(path), _LIMIT)
    if not isinstance(data, bytes):
        message = "this baseline does not exist" if data == "vanished" else "cannot be read"
        raise RefactorError(
            message, where=str(path), remedy="make one with `refactor check --write-baseline`"
        )
    try:
        found = msgspec.json.decode(data, type=Baseline)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        message = f"is not a baseline file ({error})"
        remedy = "restore it from git, or remove it and run `refactor check --write-baseline`"
        raise RefactorError(message, where=str(path), remedy=remedy) from error
    if found.version != _VERSION:
        message = f"is a baseline of version {found.version}, and this refactor reads {_VERSION}"
        raise RefactorError(message, where=str(path))
    return found


def save(found: Iterable[BaselineEntry], path: Path) -> None:
    """Write a baseline, an entry a line: git merges it, and a reviewer reads it.

    Raises:
        RefactorError: the file cannot be written.
    """
    rows = ",\n".join(msgspec.json.encode(entry).decode() for entry in found)
    text = f'{{"version": {_VERSION}, "findings": [\n{rows}\n]}}\n'
    try:
        # Its directory alone is followed: a link in its own place is replaced, not followed.
        write(real(path.parent) / path.name, text.encode())
    except OSError as error:
        message = f"the baseline cannot be written ({error.strerror})"
        raise RefactorError(message, where=str(path)) from error
