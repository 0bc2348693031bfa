"""The plan as JUnit's XML, which Jenkins, GitLab and Azure Pipelines show as tests.

A file is a suite, and an address in it a case: it fails where it is to change, needs review, or is
new. No standard says more; this is what Jenkins' and Windy Road's schemas have in common.
"""

from __future__ import annotations

import xml.etree.ElementTree as Tree
from collections import defaultdict
from collections.abc import Sequence

from refactor.model import Outcome, Plan
from refactor.report.receivers import log
from refactor.report.tally import kind
from refactor.report.words import address, advice, clean, needs_human, readable, rule, sentence

_FAILS = ("change", "review")
_NO_XML = {0xFFFE: "\\ufffe", 0xFFFF: "\\uffff"}
"""Characters that XML 1.0 cannot hold and that `readable` leaves (section 2.2)."""


def junit(plan: Plan) -> str:
    """Return a document with one suite for each file that holds addresses."""
    files: defaultdict[str, list[Outcome]] = defaultdict(list)
    for outcome in plan.outcomes:
        files[outcome.finding.file].append(outcome)
    top = Tree.Element("testsuites", {"name": "refactor"} | _counts(plan.outcomes))
    del top.attrib["skipped"]  # Jenkins' schema has it on suites only
    for path, outcomes in files.items():
        suite = Tree.SubElement(top, "testsuite", {"name": readable(path)} | _counts(outcomes))
        for outcome in outcomes:
            _case(suite, outcome)
    Tree.indent(top, " ")
    text = log(Tree.tostring(top, "unicode")).translate(_NO_XML)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _counts(outcomes: Sequence[Outcome]) -> dict[str, str]:
    kinds = [kind(outcome) for outcome in outcomes]
    failures = sum(one in _FAILS for one in kinds)
    skipped = kinds.count("unchecked")
    numbers = {"tests": len(kinds), "failures": failures, "errors": 0, "skipped": skipped}
    return {name: str(number) for name, number in numbers.items()} | {"time": "0"}


def _case(suite: Tree.Element, outcome: Outcome) -> None:
    finding = outcome.finding
    name = clean(f"{finding.line}:{finding.column} {address(outcome)}")
    case = Tree.SubElement(suite, "testcase", name=name, classname=readable(finding.file), time="0")
    said = "\n".join(filter(None, (sentence(outcome), advice(outcome), *outcome.warnings)))
    if kind(outcome) in _FAILS:
        failed = Tree.SubElement(
            case, "failure", message=clean(sentence(outcome)), type=_type(outcome)
        )
        failed.text = clean(said)
    elif kind(outcome) == "unchecked":
        Tree.SubElement(case, "skipped", message=clean(outcome.why))


def _type(outcome: Outcome) -> str:
    reviewed = needs_human(outcome) and outcome.reason != "new"
    return str(outcome.reason) if reviewed else rule(outcome.finding)
