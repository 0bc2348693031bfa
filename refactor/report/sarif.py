"""The plan as SARIF 2.1.0 (OASIS standard, errata 01): section numbers are that document's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

from refactor.model import REASONS, REMEDIES, Note, Outcome, Plan, Reason
from refactor.report.fixes import Fixes, Sources
from refactor.report.words import QUIET, Rule, advice, clean, needs_human, rule, sentence
from refactor.settings.site import page
from refactor.text.source import Source
from refactor.text.view import Span

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
RULES: dict[Rule, str] = {
    "hard-coded-ip": "An IP address stands where a Service's name should.",
    "hard-coded-name": "A machine's name stands where a Service's should.",
    "hard-coded-url": "A URL goes to an IP address and not to a Service.",
}
_MEANS = "Addresses of pods, nodes and load balancers change; a Service's name does not."
_HELP = (
    "`refactor plan` shows what would replace it, and a comment `refactor: ignore[why]` on the "
    "line keeps it."
)
_LINE_ENDS = ["\r\n", "\r", "\n"]
_Json = dict[str, Any]


def sarif(plan: Plan, root: Path) -> _Json:
    """Return a SARIF log with one result for each address, and a fix for each edited one.

    Paths are relative to SRCROOT, whose place the reader of the log knows.
    """
    sources = Sources(plan, root)
    fixes = Fixes(plan)
    rules = [*map(_rule, RULES), *map(_reason_rule, REASONS)]
    run = {
        "tool": {"driver": driver(plan.tool_version, rules)},
        "automationDetails": {"id": "refactor/addresses/"},
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
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def driver(version: str, rules: list[_Json]) -> _Json:
    """Return what made a log (3.19): its version and documentation where they are known."""
    known = {"semanticVersion": version, "informationUri": page()}
    told = {name: text for name, text in known.items() if text}
    return {
        "name": "refactor",
        "fullName": "refactor, which finds hard-coded addresses and writes Service names",
        **told,
        "rules": rules,
    }


def descriptor(
    name: str, short: str, full: str, remedy: str, level: str, more: _Json | None = None
) -> _Json:
    """Return a rule (3.49); its page of the documentation where there is one.

    Args:
        name: its identifier.
        short: what it says, one sentence.
        full: the same with what it means.
        remedy: what to do about a result.
        level: of its results.
        more: properties.
    """
    url = page(f"reference/reasons/{name}/")
    link = f"\n\n[More about `{name}`]({url})" if url else ""
    rule: _Json = {
        "id": name,
        "name": "".join(part.title() for part in name.split("-")),
        "shortDescription": {"text": short},
        "fullDescription": {"text": full},
        "help": {
            "text": f"What to do: {remedy}",
            "markdown": f"**{name}**: {full}\n\n**What to do:** {remedy}{link}",
        },
        "defaultConfiguration": {"level": level},
        "properties": {"tags": ["kubernetes", "service-discovery"], **(more or {})},
    }
    return rule | ({"helpUri": url} if url else {})


def _fix(outcome: Outcome, fixes: Fixes, sources: Sources) -> list[_Json]:
    edits, found = fixes.of(outcome), sources.of(outcome.finding.file)
    if not edits or found is None:
        return []
    replacements = [
        {"deletedRegion": _region(found, e.span), "insertedContent": {"text": e.new}} for e in edits
    ]
    artifact = _artifact(outcome.finding.file)
    changed = [{"artifactLocation": artifact, "replacements": replacements}]
    return [{"description": {"text": clean(f"Write {outcome.new}")}, "artifactChanges": changed}]


def _result(outcome: Outcome, fixes: Fixes, sources: Sources) -> _Json:
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
        "properties": {"reason": outcome.reason or "edited"} | _row(outcome),
    }
    if found := _fix(outcome, fixes, sources):
        result["fixes"] = found
    if outcome.reason == "ignored":
        by_settings = "settings" in outcome.why
        suppression = {"kind": "external" if by_settings else "inSource"}
        result["suppressions"] = [{**suppression, "justification": clean(outcome.why)}]
    return result


def _row(outcome: Outcome) -> _Json:
    """Return the row of the rules that keeps an address, as docs/reference/rules.md lists them."""
    return {"row": outcome.finding.rule} if outcome.finding.rule else {}


def _location(outcome: Outcome, sources: Sources) -> _Json:
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
    return descriptor(name, RULES[name], f"{RULES[name]} {_MEANS}", _HELP, "warning")


def _reason_rule(name: Reason) -> _Json:
    """Return the rule of addresses that stay for one reason."""
    means, remedy = REASONS[name], REMEDIES.get(name, "nothing: it is correct as it is")
    short, full = f"A hard-coded address stays: {name}.", f"{means[:1].upper()}{means[1:]}."
    return descriptor(name, short, full, f"{remedy}.", "note" if name in QUIET else "warning")


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
