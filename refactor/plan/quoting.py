"""Templates inside YAML scalars: quoted and escaped as the scalar they go into asks for.

A plain scalar cannot begin with `{{`, and inside double quotes those of a template are escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from refactor.helm.planting import scalars
from refactor.model import Edit
from refactor.text.view import Span

if TYPE_CHECKING:
    from refactor.yaml.nodes import Scalar


def quoted(text: str, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return edits of a values file whose templates read, as YAML, as what was meant."""
    if not any("{{" in edit.new for edit in edits):
        return tuple(edits)
    scalars = _holding(text, [edit for edit in edits if "{{" in edit.new])
    made: list[Edit] = []
    for edit in edits:
        scalar = next((s for s in scalars if s.start <= edit.span.start < s.end), None)
        made.append(_escaped(edit, scalar.style) if scalar else edit)
    for scalar in scalars:
        if not scalar.style:
            made = list(_surrounded(text, scalar, made))
    return tuple(sorted(made, key=lambda edit: edit.span))


def readings(new: str) -> tuple[str, ...]:
    """Return what an edit's text may mean to a YAML reader, however its scalar is quoted."""
    bare = new.strip("'")
    plain = bare.replace("''", "'")
    return tuple(dict.fromkeys((new, bare, plain, new.replace('\\"', '"').replace("\\\\", "\\"))))


def _holding(text: str, edits: Iterable[Edit]) -> list[Scalar]:
    places = [edit.span.start for edit in edits]
    found = (_bare(text, node) for node in scalars(text, lambda _: True))
    return [s for s in found if any(s.start <= place < s.end for place in places)]


def _bare(text: str, node: Scalar) -> Scalar:
    """A plain scalar's place without the anchor and tag before it."""
    if node.style or not text[node.start : node.end].endswith(node.value):
        return node
    return node._replace(start=node.end - len(node.value))


def _escaped(edit: Edit, style: str) -> Edit:
    if style == '"':
        new = edit.new.replace("\\", "\\\\").replace('"', '\\"')
    elif style in ("'", ""):
        new = edit.new.replace("'", "''")
    else:
        new = edit.new
    return msgspec.structs.replace(edit, new=new)


def _surrounded(text: str, scalar: Scalar, edits: Iterable[Edit]) -> Iterator[Edit]:
    """Put single quotes around a plain scalar: into the edits at its ends where there are any."""
    start, end = scalar.start, scalar.end
    inside = []
    for edit in edits:
        if not start <= edit.span.start < end:
            yield edit
            continue
        opens, closes = edit.span.start == start, edit.span.end == end
        new = "'" * opens + edit.new + "'" * closes
        inside.append(msgspec.structs.replace(edit, new=new))
    first = inside[0]
    marks = {edit.span.start for edit in inside} | {edit.span.end for edit in inside}
    yield from inside
    for place in {start, end} - marks:
        yield Edit(first.file, Span(place, place), "", "'", first.finding)
    yield from (
        Edit(first.file, Span(place, place + 1), "'", "''", first.finding)
        for place in range(start, end)
        if text[place] == "'" and not any(e.span.start <= place < e.span.end for e in inside)
    )
