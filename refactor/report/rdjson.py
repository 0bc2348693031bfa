"""The plan for reviewdog, whose suggestions are applied by one click: its Diagnostic Format.

Source: reviewdog/reviewdog, `proto/rdf/reviewdog.proto`: positions count from 1, columns in bytes
of UTF-8, and the end of a range is behind its last character.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from refactor.model import Edit, Outcome, Plan
from refactor.report.fixes import Fixes, Sources
from refactor.report.words import advice, clean, needs_human, readable, rule, sentence
from refactor.settings.site import page
from refactor.text.source import Source, splice
from refactor.text.view import Span

_Json = dict[str, Any]
_FARTHEST = 5
"""Lines that one suggestion may replace: a comment on more hides what it changes."""


def rdjson(plan: Plan, root: Path) -> _Json:
    """Return a DiagnosticResult with each address that changes, needs review, or is new.

    Raises:
        RefactorError: a file that the plan edits is not what the plan rests on.
    """
    sources, fixes = Sources(plan, root), Fixes(plan)
    told = (o for o in plan.outcomes if o.edited or needs_human(o))
    return {
        "source": _source(),
        "severity": "WARNING",
        "diagnostics": [_diagnostic(outcome, fixes, sources) for outcome in told],
    }


def _source() -> _Json:
    return {"name": "refactor", **({"url": url} if (url := page()) else {})}


def _diagnostic(outcome: Outcome, fixes: Fixes, sources: Sources) -> _Json:
    finding = outcome.finding
    kind = rule(finding) if outcome.edited or outcome.reason == "new" else str(outcome.reason)
    said = [text for text in (sentence(outcome), advice(outcome), *outcome.warnings) if text]
    url = page(f"reference/reasons/{kind}/")
    found = sources.of(finding.file)
    diagnostic: _Json = {
        "message": clean("; ".join(said)),
        "location": {"path": readable(finding.file), "range": _range_of(outcome, found)},
        "severity": "WARNING",
        "code": {"value": kind, **({"url": url} if url else {})},
    }
    edits = fixes.of(outcome)
    suggestion = _suggestion(found, edits) if found and edits else None
    return diagnostic | ({"suggestions": [suggestion]} if suggestion else {})


def _range_of(outcome: Outcome, found: Source | None) -> _Json:
    finding = outcome.finding
    if found and finding.host_span.of(found.text) == finding.host_text:
        return _range(found, finding.host_span)
    return {"start": {"line": finding.line}}


def _suggestion(found: Source, edits: tuple[Edit, ...]) -> _Json | None:
    """Return all edits as the replacement of one stretch; None where they stand far apart."""
    whole = Span(min(e.span.start for e in edits), max(e.span.end for e in edits))
    text = whole.of(found.text)
    if found.line(whole.end) - found.line(whole.start) >= _FARTHEST or clean(text) != text:
        return None
    moved = [(e.span.start - whole.start, e.span.end - whole.start, e.new) for e in edits]
    return {"range": _range(found, whole), "text": splice(text, moved)}


def _range(found: Source, span: Span) -> _Json:
    return {"start": _position(found, span.start), "end": _position(found, span.end)}


def _position(found: Source, offset: int) -> _Json:
    before = found.text[offset - found.column(offset) + 1 : offset]
    column = len(before.encode("utf-8", "surrogateescape")) + 1
    return {"line": found.line(offset), "column": column}
