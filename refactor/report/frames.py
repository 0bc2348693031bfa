"""The source line of a finding, with the place of its address, for a caret below it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from refactor.files.disk import real
from refactor.files.paths import place
from refactor.model import Finding
from refactor.report.diff import secrets_of
from refactor.report.diff_lines import Side, shown_line
from refactor.report.lines import ReportLine, cut
from refactor.text.source import Source
from refactor.text.view import Span

_LEAD = 6
"""Columns of the line number."""


class _Text(NamedTuple):
    text: str
    secrets: tuple[Span, ...]


class Frames:
    """Reads each file once; a file that has changed since the scan gives no frames."""

    def __init__(self, root: Path) -> None:
        self._root = real(root)
        self._files: dict[str, _Text | None] = {}

    def side(self, finding: Finding) -> Side | None:
        """Return the line that a finding stands in; None where it no longer does."""
        file = self._file(finding.file)
        if file is None or finding.host_span.of(file.text) != finding.host_text:
            return None
        return shown_line(file.text, finding.host_span, file.secrets)

    def lines(self, findings: Sequence[Finding], width: int) -> tuple[ReportLine, ...]:
        """Return the line that findings stand in and a caret below each; none without a frame."""
        sides = [side for finding in findings if (side := self.side(finding))]
        if not sides:
            return ()
        marks = tuple(sorted({mark for side in sides for mark in side.marks}))
        line = _dedented(sides[0]._replace(marks=marks), width - _LEAD - 1)
        head = f"{sides[0].number:>{_LEAD}}|"
        shown = ReportLine(head + line.text, "code", tuple(m.shift(len(head)) for m in line.marks))
        if not line.marks:
            return (shown,)
        carets = ""
        for mark in line.marks:
            carets = carets.ljust(mark.start) + "^" * (mark.end - mark.start)
        return (shown, ReportLine(f"{' ' * _LEAD}|{carets}", "warn"))

    def _file(self, path: str) -> _Text | None:
        if path not in self._files:
            self._files[path] = self._read(path)
        return self._files[path]

    def _read(self, path: str) -> _Text | None:
        from refactor.errors import RefactorError

        try:
            source = Source(path, place(self._root, path).read_bytes())
        except (OSError, ValueError, RefactorError):
            return None
        return _Text(source.text, secrets_of(source))


def _dedented(side: Side, width: int) -> ReportLine:
    """Return the line without its indentation, behind one blank, cut around its mark."""
    body = side.text.expandtabs(1).lstrip()
    gone = len(side.text) - len(body)
    marks = tuple(m.shift(1 - gone) for m in side.marks if m.start >= gone)
    return cut(ReportLine(f" {body}", marks=marks), width)
