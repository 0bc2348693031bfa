"""One plan, the report of one format, as bytes."""

from __future__ import annotations

from pathlib import Path

import msgspec

from refactor.model import Plan


def render(plan: Plan, root: Path, style: str) -> bytes:
    """Return a plan's report.

    Args:
        plan: the plan.
        root: the repository it is of.
        style: "text" (without colours), "json", "markdown", "sarif", "gitlab" or "patch".

    Raises:
        RefactorError: the plan's files are no longer what it rests on.
    """
    if style == "patch":
        from refactor.report.patch import patch

        return patch(plan, root)
    if style == "markdown":
        from refactor.report.markdown import markdown

        return markdown(plan, root).encode()
    if style == "text":
        from refactor.report.text import plan_lines

        lines = "".join(f"{line.text}\n" for line in plan_lines(plan, root))
        return lines.encode("utf-8", "backslashreplace")
    return msgspec.json.format(msgspec.json.encode(_value(plan, root, style)), indent=1) + b"\n"


def _value(plan: Plan, root: Path, style: str) -> object:
    if style == "sarif":
        from refactor.report.sarif import sarif

        return sarif(plan, root)
    if style == "gitlab":
        from refactor.report.gitlab import code_quality

        return code_quality(plan)
    return plan
