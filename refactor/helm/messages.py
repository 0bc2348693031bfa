"""Helm's error messages, made fit for a report."""

from __future__ import annotations

from pathlib import Path

_LONGEST = 500  # code points
_ADVICE = "Use --debug flag"
_FEW = 4


def one_line(message: str, chart: Path) -> str:
    """Return Helm's message as one line without the paths of temporary files."""
    lines = [line.strip() for line in message.removeprefix("Error: ").splitlines()]
    lines = [line for line in lines if line and not line.startswith(_ADVICE)]
    if lines and lines[0].startswith("fatal error:"):  # of Go's runtime; its stack follows
        lines = lines[:1]
    if len(lines) > _FEW:
        lines = [*lines[:2], "…", *lines[-2:]]
    text = " ".join(lines)
    for path in {str(chart.resolve()), str(chart)}:
        text = text.replace(f"{path}/", "").replace(path, "the chart")
    if len(text) > _LONGEST:  # what Helm was doing stands in front, what went wrong at the end
        text = f"{text[: _LONGEST // 2]} … {text[3 - _LONGEST // 2 :]}"
    return text or "Helm gives no reason"
