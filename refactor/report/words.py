"""What every report says about a finding, in words that are safe to print anywhere."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

from refactor.model import (
    REMEDIES,
    Ambiguous,
    Finding,
    MissingService,
    NewService,
    Outcome,
    Unresolved,
)
from refactor.report.receivers import clean as clean
from refactor.report.receivers import one_line as one_line
from refactor.report.receivers import readable as readable

# What a person can do something about comes with its remedy; the rest is listed in brief.
QUIET = frozenset({"kept-field", "compared", "needs-ip", "shape", "ignored", "public", "locked"})

Rule: TypeAlias = OneOf["hard-coded-ip", "hard-coded-name", "hard-coded-url"]


def place(outcome: Outcome) -> str:
    """Return `file:line:column` of a finding."""
    finding = outcome.finding
    return f"{finding.file}:{finding.line}:{finding.column}"


def address(outcome: Outcome) -> str:
    """Return the address as a reader would say it: host, and the port where one is dialled."""
    finding = outcome.finding
    host = f"[{finding.host}]" if ":" in finding.host and finding.port else finding.host
    return f"{host}:{finding.port}" if finding.port else finding.host


def count(number: int, one: str, plural: str = "s") -> str:
    """Return a number with what it counts: `1 file`, `2 addresses`."""
    return f"{number} {one}{'' if number == 1 else plural}"


def rule(finding: Finding) -> Rule:
    """Return the kind of a finding: the name of a machine, the IP of a URL, another IP."""
    from refactor.addresses import zone

    if zone(finding.host) == "name":
        return "hard-coded-name"
    return "hard-coded-url" if finding.form == "url" else "hard-coded-ip"


def needs_human(outcome: Outcome) -> bool:
    """Say whether an address is not rewritten and needs review."""
    return outcome.reason is not None and outcome.reason not in QUIET


def sentence(outcome: Outcome) -> str:
    """Return one line: the address, and what is or is not done about it."""
    if outcome.edited:
        return clean(f"{address(outcome)} is hard-coded; write {outcome.new}")
    return clean(f"{address(outcome)} is hard-coded ({outcome.reason}): {outcome.why}")


def advice(outcome: Outcome) -> str:
    """Return what a person can do about an address that is not rewritten; "" for nothing.

    Code in it stands between backticks.
    """
    general = REMEDIES.get(outcome.reason or "new", "") if needs_human(outcome) else ""
    return clean(_hint(outcome) or general)


def _hint(outcome: Outcome) -> str:
    """Return what the resolution itself advises, where that is the reason."""
    if outcome.finding.kept or outcome.edited:
        return ""
    match outcome.resolution:
        case Unresolved(hint=text) | Ambiguous(remedy=text):
            return text
        case MissingService(workload, port, extend=extend):
            if extend:
                return f"add port {port} to Service {extend}"
            return f"add a Service for {workload}" + (f" with port {port}" if port else "")
        case _:
            return ""


def elsewhere(new: NewService) -> str:
    """Return why the manifest of a Service is not made in this repository."""
    return new.elsewhere or "its manifest belongs in another repository"


def code_spans(text: str) -> list[tuple[bool, str]]:
    """Return a text in parts, each with whether it stood between backticks."""
    return [(number % 2 == 1, part) for number, part in enumerate(text.split("`")) if part]
