"""The verdicts as SARIF 2.1.0, one rule for each verdict."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote

from refactor.report.sarif import SCHEMA, descriptor, driver
from refactor.report.words import clean
from refactor.verify.model import HARMLESS, VERDICTS, Verdict, Verification, Verified

_RULES = [verdict for verdict in VERDICTS if verdict not in HARMLESS]


def sarif(told: Verification) -> dict[str, Any]:
    """Return a log with one result for each name that does not hold."""
    rules = [_rule(name) for name in _RULES]
    run = {
        "tool": {"driver": driver(told.tool_version, rules)},
        "automationDetails": {"id": "refactor/names/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The repository's root."}}},
        "results": [_result(one) for one in told.broken],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(name: Verdict) -> dict[str, Any]:
    means = VERDICTS[name]
    remedy = (
        "correct the name or its port, or make the Service; `refactor verify` names the nearest."
    )
    return descriptor(
        name,
        f"A Service name leads nowhere: {name}.",
        f"{means[:1].upper()}{means[1:]}.",
        remedy,
        "error",
    )


def _result(one: Verified) -> dict[str, Any]:
    finding = one.finding
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endColumn": finding.column + len(finding.host_text),
    }
    artifact = {"uri": quote(os.fsencode(finding.file)), "uriBaseId": "SRCROOT"}
    return {
        "ruleId": one.verdict,
        "ruleIndex": _RULES.index(one.verdict),
        "level": "error",
        "message": {"text": clean(sentence(one))},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        "partialFingerprints": {"name/v1": finding.fingerprint},
    }


def sentence(one: Verified) -> str:
    """Return a verdict with its reason and remedy in one line."""
    port = f":{one.finding.port}" if one.finding.port else ""
    told = f"{one.finding.host}{port}: {one.why or VERDICTS[one.verdict]}"
    return f"{told}; {one.remedy}" if one.remedy else told
