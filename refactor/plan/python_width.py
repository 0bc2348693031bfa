"""How long a line of a repository's Python may be, and a call that is wrapped as formatters do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from refactor.files.disk import read
from refactor.text.view import Span

WIDTH = 88
"""The default of ruff and black."""
_MOST = 1_000_000  # bytes of a pyproject.toml
# A call alone on its lines: all of a statement, or an item that a comma ends.
_STATEMENT = re.compile(
    r"(?P<indent>[ \t]*)(?:[\w.]+(?:\[[\w\"']+\])?(?:: [\w\[\], .|]+)? = |return )"
)
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:\w+=|(?:\"[^\"\n]*\"|'[^'\n]*'|\w+): )?")


def line_width(root: Path) -> int:
    """Return the length of a line that a repository's formatter is told."""
    import tomllib

    data = read(root / "pyproject.toml", _MOST)
    try:
        told: Any = tomllib.loads(data.decode()) if isinstance(data, bytes) else {}
        tools = told.get("tool", {})
        found = [tools[name].get("line-length") for name in ("ruff", "black") if name in tools]
    except (ValueError, AttributeError, TypeError, RecursionError):
        return WIDTH
    return next((width for width in found if isinstance(width, int) and width > 0), WIDTH)


def line_of(text: str, span: Span) -> Span:
    """Return the line in which a span stands, without its end."""
    end = re.compile(r"[\r\n]|\Z").search(text, span.end)
    start = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
    return Span(start, end.start() if end else len(text))


def wrapped(text: str, span: Span, call: tuple[str, str, str], width: int) -> str:
    """Return a call over several lines, as formatters write it; "" where it has company.

    Args:
        text: the module.
        span: what the call replaces.
        call: what stands before its arguments, the arguments, and what closes it.
        width: of a line.
    """
    line = line_of(text, span)
    before, after = text[line.start : span.start], text[span.end : line.end]
    found = {"": _STATEMENT, ",": _ITEM}.get(after)
    match = found.fullmatch(before) if found else None
    if match is None:
        return ""
    head, arguments, close = call
    indent = match["indent"]
    inner = f"{indent}    {arguments}"
    if len(before + head) > width or len(inner) > width or "\t" in indent:
        return ""
    end = "\r\n" if "\r\n" in text else "\n"
    return f"{head}{end}{inner}{end}{indent}{close}"
