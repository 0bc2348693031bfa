"""The plan as SARIF 2.1.0 (OASIS standard, errata 01): section numbers are that document's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from refactor.errors import RefactorError
from refactor.files.disk import real
from refactor.files.paths import place
from refactor.model import (
    REASONS,
    REMEDIES,
    Edit,
    FileChange,
    Finding,
    Note,
    Outcome,
    Plan,
    Reason,
)
from refactor.report.diff import source
from refactor.report.frames import Frames
from refactor.report.lines import ReportLine, cut
from refactor.report.words import QUIET, Rule, advice, clean, needs_human, rule, sentence
from refactor.text.source import Source
from refactor.text.view import Span

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
RULES: dict[Rule, tuple[str, str]] = {
    "hard-coded-ip": ("HardCodedIp", "An IP address stands where a Service's name should."),
    "hard-coded-name": ("HardCodedName", "A machine's name stands where a Service's should."),
    "hard-coded-url": ("HardCodedUrl", "A URL goes to an IP address and not to a Service."),
}
_HELP = (
    "Addresses of pods, nodes and load balancers change; a Service's name does not. `refactor "
    "plan` shows what would replace it, and a comment `refactor: ignore` on the line keeps it."
)
_LONGEST = 200
"""Characters of a snippet."""
_LINE_ENDS = ["\r\n", "\r", "\n"]
_Json = dict[str, Any]


def sarif(plan: Plan, root: Path) -> _Json:
    """Return a SARIF log with one result for each address, and a fix for each edited one.

    Paths are relative to SRCROOT, whose place the reader of the log knows.
    """
    sources = _Sources(plan, root)
    fixes = _Fixes(plan, sources)
    driver = {
        "name": "refactor",
        "semanticVersion": plan.tool_version,
        "rules": [*map(_rule, RULES), *map(_reason_rule, REASONS)],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "refactor/"},
        "columnKind": "utf16CodeUnits",
        "newlineSequences": _LINE_ENDS,
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The repository's root."}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [_notification(note) for note in plan.notes],
            }
        ],
        "results": [_result(outcome, fixes, sources) for outcome in plan.outcomes],
    }
    if not plan.tool_version:
        del driver["semanticVersion"]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


class _Sources:
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


class _Fixes:
    """The edits of a plan, by the finding they are for."""

    def __init__(self, plan: Plan, sources: _Sources) -> None:
        self._changes = {change.path: change for change in plan.changes}
        self._sources = sources
        # What a new Service must come first for is no fix of its own.
        self._unfit = {mark for new in plan.files for mark in new.findings}

    def of(self, outcome: Outcome) -> list[_Json]:
        finding = outcome.finding
        change = self._changes.get(finding.file)
        if not outcome.edited or change is None or finding.fingerprint in self._unfit:
            return []
        edits = list(_edits_of(outcome, change))
        if not edits or not all(_tellable(edit.new) for edit in edits):
            return []
        replacements = [self._replacement(change, edit) for edit in edits]
        artifact = _artifact(change.path)
        return [
            {
                "description": {"text": clean(f"Write {outcome.new}")},
                "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}],
            }
        ]

    def _replacement(self, change: FileChange, edit: Edit) -> _Json:
        found = self._sources.of(change.path)
        assert found is not None  # noqa: S101 - a file that is edited was read
        return {
            "deletedRegion": _region(found, edit.span),
            "insertedContent": {"text": edit.new},
        }


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


def _result(outcome: Outcome, fixes: _Fixes, sources: _Sources) -> _Json:
    finding = outcome.finding
    kind = _kind(outcome)
    said = [text for text in (sentence(outcome), advice(outcome), *outcome.warnings) if text]
    result: _Json = {
        "ruleId": kind,
        "ruleIndex": _INDEX[kind],
        "level": "warning" if outcome.edited or needs_human(outcome) else "note",
        "message": {"text": clean("; ".join(said))},
        "locations": [_location(outcome, sources)],
        "partialFingerprints": {"address/v1": finding.fingerprint},
        "properties": {"reason": outcome.reason or "edited"},
    }
    if found := fixes.of(outcome):
        result["fixes"] = found
    if outcome.reason == "ignored":
        by_settings = "settings" in outcome.why
        suppression = {"kind": "external" if by_settings else "inSource"}
        result["suppressions"] = [{**suppression, "justification": clean(outcome.why)}]
    return result


def _location(outcome: Outcome, sources: _Sources) -> _Json:
    finding = outcome.finding
    found = sources.of(finding.file)
    if found and finding.host_span.of(found.text) == finding.host_text:
        region = _region(found, finding.host_span)
        region["snippet"] = {"text": sources.line(finding)}
    else:
        region = {"startLine": finding.line, "startColumn": finding.column}
    return {"physicalLocation": {"artifactLocation": _artifact(finding.file), "region": region}}


def _region(found: Source, span: Span) -> _Json:
    return {
        "startLine": found.line(span.start),
        "startColumn": _column(found, span.start),
        "endLine": found.line(span.end),
        "endColumn": _column(found, span.end),
    }


def _column(found: Source, offset: int) -> int:
    """Return a column from 1, in UTF-16 code units, which is what most viewers count."""
    before = found.text[offset - found.column(offset) + 1 : offset]
    return len(before.encode("utf-16-le", "surrogatepass")) // 2 + 1


def _artifact(path: str) -> _Json:
    return {"uri": quote(os.fsencode(path)), "uriBaseId": "SRCROOT"}


def _rule(name: Rule) -> _Json:
    title, text = RULES[name]
    return {
        "id": name,
        "name": title,
        "shortDescription": {"text": text},
        "fullDescription": {"text": f"{text} {_HELP}"},
        "help": {"text": _HELP, "markdown": f"**{name}**: {text}\n\n{_HELP}"},
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": ["kubernetes", "service-discovery"]},
    }


def _reason_rule(name: Reason) -> _Json:
    """Return the rule of addresses that stay for one reason."""
    means, remedy = REASONS[name], REMEDIES.get(name, "nothing: it is correct as it is")
    return {
        "id": name,
        "name": "".join(part.title() for part in name.split("-")),
        "shortDescription": {"text": f"A hard-coded address stays: {name}."},
        "fullDescription": {"text": f"{means[:1].upper()}{means[1:]}."},
        "help": {
            "text": f"What to do: {remedy}.",
            "markdown": f"**{name}**: {means}.\n\n**What to do:** {remedy}.",
        },
        "defaultConfiguration": {"level": "note" if name in QUIET else "warning"},
        "properties": {"tags": ["kubernetes", "service-discovery"]},
    }


def _kind(outcome: Outcome) -> Rule | Reason:
    """Return the rule of a result: how the address is written, or the reason why it stays."""
    if outcome.edited or outcome.reason is None or outcome.reason == "new":
        return rule(outcome.finding)
    return outcome.reason


_INDEX = {name: number for number, name in enumerate((*RULES, *REASONS))}


def _notification(note: Note) -> _Json:
    where: _Json = {"artifactLocation": _artifact(note.file)}
    if note.line:
        where["region"] = {"startLine": note.line}
    return {
        "level": "warning",
        "message": {"text": clean(note.message)},
        "locations": [{"physicalLocation": where}],
    }
