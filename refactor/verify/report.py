"""The verdicts in every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import groupby

from refactor.report.formats import json_bytes, text_of
from refactor.report.lines import ReportLine
from refactor.report.marked import code, prose
from refactor.report.receivers import command
from refactor.report.words import count
from refactor.verify.dot import dot
from refactor.verify.html import html
from refactor.verify.model import VERDICTS, Verification, Verified
from refactor.verify.sarif import sarif, sentence

_MOST_ROWS = 500


def lines(told: Verification) -> Iterator[ReportLine]:
    """Yield the report for people: the names that do not hold, by file, and the sum."""
    for file, held in groupby(told.broken, key=lambda one: one.finding.file):
        yield ReportLine(file, "file")
        for one in held:
            yield ReportLine(f"  {_place(one)}  {_written(one)}  {one.verdict}", "warn", hang=4)
            yield ReportLine(f"    {one.why or VERDICTS[one.verdict]}", hang=4)
            if one.remedy:
                yield ReportLine(f"    help: {one.remedy}", "dim", hang=4)
    if told.broken:
        yield ReportLine("")
    yield ReportLine(summary(told), "warn" if told.broken else "good")


def summary(told: Verification) -> str:
    """Return one line on all names."""
    broken = told.broken
    counts = Counter(one.verdict for one in told.names)
    parts = [f"{number} {verdict}" for verdict in VERDICTS if (number := counts[verdict])]
    head = f"{count(len(told.names), 'Service name')}, {len(broken)} broken"
    return f"{head}: {', '.join(parts)}" if parts else "no Service names found"


def _place(one: Verified) -> str:
    return f"{one.finding.line}:{one.finding.column}"


def _written(one: Verified) -> str:
    return f"{one.finding.host}:{one.finding.port}" if one.finding.port else one.finding.host


def markdown(told: Verification) -> str:
    """Return the report as GitHub Flavored Markdown."""
    rows = ["| place | name | verdict | why |", "| --- | --- | --- | --- |"]
    for one in told.broken[:_MOST_ROWS]:
        place = code(f"{one.finding.file}:{one.finding.line}")
        why = "<br>→ ".join(prose(text) for text in (one.why, one.remedy) if text)
        rows.append(f"| {place} | {code(_written(one))} | {one.verdict} | {why} |")
    if (rest := len(told.broken) - _MOST_ROWS) > 0:
        rows.append(f"\n{rest} more are left out here.")
    body = "\n".join(rows) + "\n\n" if told.broken else ""
    return f"## refactor verify\n\n{body}{prose(summary(told))}\n"


def github(told: Verification) -> str:
    """Return workflow commands, one line for each name that does not hold."""
    return "".join(
        command(
            "error",
            {
                "file": one.finding.file,
                "line": str(one.finding.line),
                "col": str(one.finding.column),
                "title": one.verdict,
            },
            sentence(one),
        )
        + "\n"
        for one in told.broken
    )


FORMATS: dict[str, Callable[[Verification], bytes]] = {
    "text": lambda told: text_of(lines(told)).encode(),
    "json": json_bytes,
    "markdown": lambda told: markdown(told).encode("utf-8", "backslashreplace"),
    "html": lambda told: html(told).encode("utf-8", "backslashreplace"),
    "sarif": lambda told: json_bytes(sarif(told)),
    "github": lambda told: github(told).encode(),
    "dot": lambda told: dot(told).encode("utf-8", "backslashreplace"),
}
"""What writes each format."""
