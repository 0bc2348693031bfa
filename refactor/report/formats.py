"""One plan, the report of one format, as bytes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from refactor.files.extensions import Registry
from refactor.model import Plan
from refactor.report import receivers
from refactor.report.lines import ReportLine

REPORTS = Registry(
    "refactor.reports",
    {
        "text": "refactor.report.formats:_text",
        "semantic": "refactor.report.formats:_semantic",
        "json": "refactor.report.formats:_json",
        "markdown": "refactor.report.markdown:markdown",
        "html": "refactor.report.html:html",
        "sarif": "refactor.report.formats:_sarif",
        "gitlab": "refactor.report.formats:_gitlab",
        "rdjson": "refactor.report.formats:_rdjson",
        "junit": "refactor.report.formats:_junit",
        "patch": "refactor.report.patch:patch",
    },
)
"""Functions from a plan and the root of its repository to a report: a text, or bytes."""
DATA = ("json", "sarif", "gitlab", "rdjson", "junit")
"""Formats that `refactor check` shares with `refactor plan`; it has texts of its own."""


def render(plan: Plan, root: Path, style: str) -> bytes:
    """Return a plan's report.

    Args:
        plan: the plan.
        root: the repository it is of.
        style: a name of `REPORTS`; "text" is without colours.

    Raises:
        RefactorError: the plan's files are no longer what it rests on.
    """
    report: str | bytes = REPORTS.load(style)(plan, root)
    if isinstance(report, bytes):
        return report
    if style in REPORTS.added():
        report = receivers.log(report)
    return report.encode("utf-8", "backslashreplace")


def _text(plan: Plan, root: Path) -> str:
    from refactor.report.text import plan_lines

    return text_of(plan_lines(plan, root))


def _semantic(plan: Plan, root: Path) -> str:  # noqa: ARG001 - a format's signature
    from refactor.report.semantic import semantic_lines

    return text_of(semantic_lines(plan))


def text_of(lines: Iterable[ReportLine]) -> str:
    """Return lines of a report as a text that may be printed anywhere."""
    return receivers.log("".join(f"{receivers.one_line(line.text)}\n" for line in lines))


def _json(plan: Plan, root: Path) -> bytes:  # noqa: ARG001 - a format's signature
    from refactor.report.data import data

    return json_bytes(data(plan))


def _sarif(plan: Plan, root: Path) -> bytes:
    from refactor.report.sarif import sarif

    return json_bytes(sarif(plan, root))


def _gitlab(plan: Plan, root: Path) -> bytes:  # noqa: ARG001 - a format's signature
    from refactor.report.gitlab import code_quality

    return json_bytes(code_quality(plan))


def _rdjson(plan: Plan, root: Path) -> bytes:
    from refactor.report.rdjson import rdjson

    return json_bytes(rdjson(plan, root))


def _junit(plan: Plan, root: Path) -> str:  # noqa: ARG001 - a format's signature
    from refactor.report.junit import junit

    return junit(plan)


def json_bytes(value: object) -> bytes:
    """Return a value as indented JSON that any terminal and runner takes."""
    import msgspec

    text = (msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n").decode()
    return receivers.json(text).encode()
