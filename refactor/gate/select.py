"""Which findings the gate lets through: pure, over what was scanned, a baseline and a diff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from refactor.gate.baseline import Baseline, BaselineEntry, entries, fingerprint, in_order
from refactor.gate.changed import Changed
from refactor.model import Finding
from refactor.scan.tree import OTHER_LANGUAGE, ScannedFile
from refactor.text.view import Span

Scope = Callable[[str], bool]
"""Says of a file's name, as a baseline has it, whether this run looked for it."""


class GateFindings(NamedTuple):
    """The findings of a run."""

    new: tuple[Finding, ...]
    known: tuple[Finding, ...] = ()
    aside: tuple[Finding, ...] = ()
    kept: int = 0
    gone: tuple[BaselineEntry, ...] = ()


def counts(finding: Finding) -> bool:
    """Say whether a finding can fail the gate.

    An address that stays where it is (a field that needs an IP, a comparison, a public address) is
    information; so is one that is ignored. In a language that is told of and not edited, a person
    has to change it: it counts.
    """
    return finding.kept is None or finding.rule == OTHER_LANGUAGE


def touched(files: Iterable[ScannedFile], changed: Changed | None) -> list[Finding]:
    """Return the findings whose host or port stands on a changed line; all without a diff."""
    return [
        finding
        for file in files
        for finding in file.findings
        if changed is None or _is_touched(finding, file.source.text, changed)
    ]


def _is_touched(finding: Finding, text: str, changed: Changed) -> bool:
    spans = [span for span in (finding.host_span, finding.port_span) if span]
    return any(changed.touches(finding.file, line) for span in spans for line in _lines(text, span))


def _lines(text: str, span: Span) -> range:
    """Return the lines of a span as git counts them: by line feeds alone."""
    first = text.count("\n", 0, span.start) + 1
    return range(first, first + text.count("\n", span.start, span.end) + 1)


def sift(findings: Sequence[Finding], baseline: Baseline, scope: Scope) -> GateFindings:
    """Sort findings by what the gate does about them."""
    left = _allowance(baseline)
    new: list[Finding] = []
    known: list[Finding] = []
    for finding in filter(counts, findings):
        mark = fingerprint(finding)
        (known if left[mark] > 0 else new).append(finding)
        left[mark] -= 1
    gone = tuple(
        BaselineEntry(e.fingerprint, e.file, e.address, e.key, left[e.fingerprint])
        for e in baseline.findings
        if scope(e.file) and left[e.fingerprint] > 0
    )
    aside = tuple(finding for finding in findings if finding.kept == "ignored")
    kept = len(findings) - len(new) - len(known) - len(aside)
    return GateFindings(tuple(new), tuple(known), aside, kept, gone)


def _allowance(baseline: Baseline) -> Counter[str]:
    left: Counter[str] = Counter()
    for entry in baseline.findings:
        # The larger count where a merge left an entry twice.
        left[entry.fingerprint] = max(left[entry.fingerprint], entry.count)
    return left


def renewed(
    findings: Iterable[Finding], baseline: Baseline, scope: Scope
) -> tuple[BaselineEntry, ...]:
    """Return a baseline's entries after a run: what it looked at anew, the rest as it was."""
    kept = (entry for entry in baseline.findings if not scope(entry.file))
    return in_order((*kept, *entries(filter(counts, findings))))
