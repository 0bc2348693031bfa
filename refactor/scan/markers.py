"""What a line itself says against its findings: `refactor: ignore[why]`."""

from __future__ import annotations

import re

from refactor.text.source import Source

MARKER = re.compile(r"(?:refactor:\s*ignore|noqa:\s*refactor)\b(?:\[(?P<why>[^\[\]]*)\])?")
"""What says, on a line, that its addresses stay."""


class Markers:
    """What each line says against its findings; a long one is looked through once for all."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._by_line: dict[int, re.Match[str] | None] = {}

    def at(self, offset: int) -> re.Match[str] | None:
        """Return the marker on the line of an offset."""
        line = self._source.line(offset)
        if line not in self._by_line:
            self._by_line[line] = MARKER.search(self._source.line_text(offset))
        return self._by_line[line]
