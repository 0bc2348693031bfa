"""The changed files of a plan as Markdown, as many of them as there is room for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from refactor.model import FileChange, NewFile, Outcome, Target
from refactor.report.diff import content_lines, file_hunks
from refactor.report.groups import IndexedPlan, proof
from refactor.report.lines import LONGEST, cut, diff_lines
from refactor.report.marked import code, details, prose
from refactor.report.words import address, count, one_line

_LEAST = 200
"""Characters that no file takes fewer of."""


_MORE = 40
"""Characters kept for how many more there are."""


class PlannedFiles:
    """The files that a plan changes or adds."""

    def __init__(self, reading: IndexedPlan, root: Path) -> None:
        """Take a plan."""
        self._reading = reading
        self._root = root
        self._outcomes: defaultdict[str, list[Outcome]] = defaultdict(list)
        for outcome in reading.plan.outcomes:
            if outcome.edited:
                self._outcomes[outcome.finding.file].append(outcome)

    def shown(self, room: int) -> str:
        """Return the files, each to unfold, and which of them there is no room for.

        Where they do not all fit, evidence is given once: the first time that it is.
        """
        start = "\n### Changes\n"
        room -= len(start)
        kept, left = self._fit(room, None)
        if left:
            told = self._left(left, room // 8)
            kept, left = self._fit(room - len(told), set())
        if not kept and not left:
            return ""
        return start + "".join(kept) + (self._left(left, room // 8) if left else "")

    def _fit(self, room: int, said: set[str] | None) -> tuple[list[str], list[str]]:
        """Return the files that fit, and a line for each that does not."""
        kept: list[str] = []
        left: list[str] = []
        plan = self._reading.plan
        files: tuple[FileChange | NewFile, ...] = (*plan.changes, *plan.files)
        for file in files:
            now = None if said is None else set(said)
            text = self._file(file, now) if room >= _LEAST else ""
            if text and len(text) <= room:
                room -= len(text)
                kept.append(text)
                said = now
            else:
                left.append(self._line(file))
        return kept, left

    def _file(self, file: FileChange | NewFile, said: set[str] | None) -> str:
        name, first = one_line(file.path), "--- /dev/null"
        if isinstance(file, NewFile):
            lines = [f"+{line}" for line in content_lines(file.content)]
            body = [first, f"+++ b/{name}", *_whole(lines), *lines]
            return details(f"{file.path} (new)", "\n".join(body), [f"- {prose(file.purpose)}"])
        hunks = diff_lines(file_hunks(self._root, file))
        lines = [cut(line, LONGEST).text for line in hunks]
        told = [self._reason(outcome, said) for outcome in self._outcomes[file.path]]
        return details(file.path, "\n".join((f"--- a/{name}", f"+++ b/{name}", *lines)), told)

    def _reason(self, outcome: Outcome, said: set[str] | None) -> str:
        line = f"- {outcome.finding.line}: {code(address(outcome))} → {code(outcome.new)}"
        checks = self._reading.checks(outcome)
        if checks:
            line += f", {prose(proof(checks))}"
        target = outcome.resolution
        chain = "; ".join(target.chain) if isinstance(target, Target) else ""
        if chain and (said is None or chain not in said):
            line += f": {prose(chain)}"
        if said is not None:
            said.add(chain)
        return "\n".join((line, *(f"  - **warning**: {prose(text)}" for text in outcome.warnings)))

    def _line(self, file: FileChange | NewFile) -> str:
        new = isinstance(file, NewFile)
        told = "new" if new else count(len(self._outcomes[file.path]), "change")
        return f"- {code(file.path)}: {told}\n"

    @staticmethod
    def _left(lines: list[str], room: int) -> str:
        text = f"\nToo long for a comment: the diffs of {count(len(lines), 'file')} are left out.\n"
        room -= len(text)
        named = list(_fitting(lines, room))
        if not named:
            return text
        more = f"- and {len(lines) - len(named)} more\n" if len(named) < len(lines) else ""
        return f"{text}\n{''.join(named)}{more}"


def _whole(lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"@@ -0,0 +1,{len(lines)} @@" if len(lines) > 1 else "@@ -0,0 +1 @@"


def _fitting(lines: list[str], room: int) -> Iterator[str]:
    for line in lines:
        room -= len(line)
        if room < _MORE:
            return
        yield line
