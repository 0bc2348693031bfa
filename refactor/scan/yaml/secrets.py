"""The `data` of a Secret: base64, so nothing in it can be edited, but it can be seen."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from refactor.scan.base import Wanted
from refactor.scan.yaml.walk import NamedScalar
from refactor.text.view import Piece, View
from refactor.yaml.nodes import Asked, MappingNode, Node, Scalar, pairs, text_of
from refactor.yaml.objects import field

_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]{8,}\Z")


def asked(text: str, other: Asked) -> Asked:
    """Return the question of a text's scalars that asks for base64 too where a Secret may be."""
    if "Secret" not in text:
        return other
    return lambda value: bool(_BASE64.match(value)) or other(value)


def with_data(places: list[NamedScalar], root: Node, scope: int) -> list[NamedScalar]:
    """Return a Secret's places with those under `data` tagged "base64" (Kubernetes API, Secret)."""
    kept = [place for place in places if place.path[:1] != ("data",) or place.is_key]
    kept += _data(root, scope)
    return sorted(kept, key=lambda place: place.scalar.start)


def _data(root: Node, scope: int) -> Iterator[NamedScalar]:
    data = field(root, "data")
    if isinstance(data, MappingNode):
        for key, value in pairs(data):
            if isinstance(value, Scalar):
                name = text_of(key)
                yield NamedScalar(value, name, ("data", name), scope, frozenset({"base64"}))


def decoded(view: View, wanted: Wanted) -> View | None:
    """Return the view of a base64 value's decoded text, or None where no address can be in it.

    No stretch of it stands in the source letter for letter. Pieces of length 0, one for each four
    digits, still say where it comes from: nothing can be edited by them, but the place shows.
    """
    digits = [index for index, char in enumerate(view.text) if not char.isspace()]
    try:
        data = base64.b64decode("".join(view.text[index] for index in digits), validate=True)
        data.decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    text = data.decode("latin-1")  # one code point a byte keeps the arithmetic plain
    if not wanted(text):
        return None
    marks = []
    for at in range(0, len(text), 3):
        place = view.locate(digits[at // 3 * 4], digits[at // 3 * 4])
        if place is not None:
            marks.append(Piece(at, place.start, 0))
    return View(text, tuple(marks))
