"""Markers that silence nothing: what they were for has gone, or stands on another line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from refactor.addresses.candidates import CANDIDATE
from refactor.addresses.matcher import Bytes
from refactor.gate.changed import Changed
from refactor.model import Finding, Note
from refactor.scan.markers import MARKER
from refactor.scan.tree import KnownOf, ScannedFile
from refactor.text.source import Source

_COMMENT = re.compile(r"\s*(?:#|//|;|--|\*|/\*|<!--|\{\{-?\s*/\*)")
_NEXT = "a comment counts on the line of the address"
_GONE = "there is no address on its line"


def may_be_marked(data: Bytes) -> bool:
    """Say of a file's bytes whether a marker could stand in them."""
    return b"refactor" in bytes(data)


def idle(
    files: Iterable[ScannedFile], changes: Changed | None, known_of: KnownOf
) -> Iterator[Note]:
    """Yield a note for each marker that silences nothing.

    Where the line could hold the name of a machine, which only an inventory knows, and there is
    none, the marker gets the benefit of the doubt; so do addresses that do not count by themselves.

    Args:
        changes: the lines to look at; None for all.
    """
    for file in files:
        used = {line for finding in file.findings for line in _lines(file.source, finding)}
        named = bool(known_of(file.source.path).names)
        for line, text in _marked(file.source):
            touched = changes is None or changes.touches(file.source.path, line)
            if touched and line not in used and (told := _told(text, named=named)):
                message = f"`refactor: ignore` silences nothing: {told}"
                yield Note(file.source.path, "unused-ignore", message, line)


def _marked(source: Source) -> Iterator[tuple[int, str]]:
    for found in MARKER.finditer(source.text):
        text = source.line_text(found.start())
        yield source.line(found.start()), text.replace(found[0], "", 1)


def _told(rest: str, *, named: bool) -> str:
    if CANDIDATE.search(rest.encode("utf-8", "surrogatepass")):
        return ""
    if _COMMENT.match(rest):
        return _NEXT
    return _GONE if named else ""


def _lines(source: Source, finding: Finding) -> Iterator[int]:
    if finding.kept == "ignored":
        yield from (source.line(s.start) for s in (finding.host_span, finding.port_span) if s)
