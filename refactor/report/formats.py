"""One plan, the report of one format, as bytes."""

from __future__ import annotations

from pathlib import Path

from refactor.model import Plan


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
        from refactor.report.semantic import semantic

        return semantic(plan)
    from refactor.report.text import plan_lines

    return "".join(f"{line.text}\n" for line in plan_lines(plan, root))


def _json(plan: Plan, root: Path, style: str) -> bytes:
    import msgspec

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
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"
