"""One plan, the report of one format, as bytes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from refactor.model import Plan
from refactor.report import receivers
from refactor.report.lines import Line


def render(plan: Plan, root: Path, style: str) -> bytes:
    """Return a plan's report.

    Args:
        plan: the plan.
        root: the repository it is of.
        style: "text" (without colours), "semantic", "json", "markdown", "html", "sarif", "gitlab"
            or "patch".

    Raises:
        RefactorError: the plan's files are no longer what it rests on.
    """
    if style == "patch":
        from refactor.report.patch import patch

        return patch(plan, root)
    if style in ("json", "sarif", "gitlab"):
        return _json(plan, root, style)
    return _text(plan, root, style).encode("utf-8", "backslashreplace")


def _text(plan: Plan, root: Path, style: str) -> str:
    if style == "html":
        from refactor.report.html import html

        return html(plan, root)
    if style == "markdown":
        from refactor.report.markdown import markdown

        return markdown(plan, root)
    if style == "semantic":
        from refactor.report.semantic import semantic_lines

        return text_of(semantic_lines(plan))
    from refactor.report.text import plan_lines

    return text_of(plan_lines(plan, root))


def text_of(lines: Iterable[Line]) -> str:
    """Return lines of a report as a text that may be printed anywhere."""
    return receivers.log("".join(f"{receivers.one_line(line.text)}\n" for line in lines))


def _json(plan: Plan, root: Path, style: str) -> bytes:
    value: object
    if style == "sarif":
        from refactor.report.sarif import sarif

        value = sarif(plan, root)
    elif style == "gitlab":
        from refactor.report.gitlab import code_quality

        value = code_quality(plan)
    else:
        from refactor.report.data import data

        value = data(plan)
    return json_bytes(value)


def json_bytes(value: object) -> bytes:
    """Return a value as indented JSON that any terminal and runner takes."""
    import msgspec

    text = (msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n").decode()
    return receivers.json(text).encode()
