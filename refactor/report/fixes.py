"""What a plan changes for each finding, for formats whose readers apply a fix by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from refactor.errors import RefactorError
from refactor.files.disk import real
from refactor.files.paths import place
from refactor.model import Edit, FileChange, Finding, Outcome, Plan
from refactor.report.diff import source
from refactor.report.frames import Frames
from refactor.report.lines import ReportLine, cut
from refactor.report.words import clean
from refactor.text.source import Source

_LONGEST = 200
"""Characters of a snippet."""


class Sources:
    """The files of a plan, each read once."""

    def __init__(self, plan: Plan, root: Path) -> None:
        self._root = root
        self._changes = {change.path: change for change in plan.changes}
        self._read: dict[str, Source | None] = {}
        self._frames = Frames(root)

    def of(self, path: str) -> Source | None:
        """Return a file; None where it cannot be read, and nothing in it is edited."""
        if path not in self._read:
            change = self._changes.get(path)
            self._read[path] = source(self._root, change) if change else self._any(path)
        return self._read[path]

    def line(self, finding: Finding) -> str:
        """Return the line that a finding stands in, without secrets."""
        side = self._frames.side(finding)
        return cut(ReportLine(f" {side.text}", marks=side.marks), _LONGEST).text[1:] if side else ""

    def _any(self, path: str) -> Source | None:
        try:
            return Source(path, place(real(self._root), path).read_bytes())
        except (OSError, RefactorError):
            return None


class Fixes:
    """The edits of a plan, by the finding they are for."""

    def __init__(self, plan: Plan) -> None:
        self._changes = {change.path: change for change in plan.changes}
        # What a new Service must come first for is not a fix by itself.
        self._unfit = {mark for new in plan.files for mark in new.findings}

    def of(self, outcome: Outcome) -> tuple[Edit, ...]:
        """Return all that one finding needs; nothing where it would not do, or tell a secret."""
        finding = outcome.finding
        change = self._changes.get(finding.file)
        if not outcome.edited or change is None or finding.fingerprint in self._unfit:
            return ()
        edits = tuple(_edits_of(outcome, change))
        return edits if all(_tellable(edit.new) for edit in edits) else ()


def _edits_of(outcome: Outcome, change: FileChange) -> Iterator[Edit]:
    """Yield what one finding needs, with what it shares: a port literal, an import."""
    finding = outcome.finding
    own = [edit for edit in change.edits if edit.finding == finding.fingerprint]
    imports = any(edit.role == "expression" for edit in own)
    for edit in change.edits:
        shared = edit.span == finding.port_span or (imports and edit.role == "import")
        if edit in own or shared:
            yield edit


def _tellable(text: str) -> bool:
    """Say whether a text goes into a fix: masked it would break the file, bare tell a secret."""
    bare = text.replace("\r", "")
    return clean(bare) == bare
