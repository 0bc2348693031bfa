"""What `refactor scan` does; without click, which takes long."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from refactor.cli.arguments import Arguments
from refactor.cli.job import job_of


def scan_paths(words: Sequence[str]) -> int:
    """Scan as `refactor scan PATHS` does."""
    return scan(Arguments(tuple(map(Path, words))), "text", exit_code=False)


def scan(asked: Arguments, style: str, *, exit_code: bool) -> int:
    """Scan, and print what was found."""
    from refactor import __version__
    from refactor.cli.printing import show, show_json
    from refactor.cli.progress import shown
    from refactor.model import Outcome, Plan
    from refactor.plan.job import scan as scanned
    from refactor.report.lines import ReportLine
    from refactor.report.summary import notes, scan_lines, summary

    with shown():
        tree = scanned(job_of(asked, only_scan=True))
    outcomes = tuple(
        Outcome(finding, reason=finding.kept, why=finding.kept_why)
        for file in tree.files
        for finding in file.findings
    )
    plan = Plan(
        tool_version=__version__,
        outcomes=outcomes,
        notes=tree.notes,
        passed_over=tree.passed_over,
        files_read=tree.files_read,
    )
    if style == "json":
        show_json(plan)
    else:
        show(scan_lines(outcomes))
        show([*([ReportLine("")] if outcomes else []), *notes(plan), *summary(plan)])
    return int(exit_code and bool(outcomes))
