"""Where stand-ins come out: which objects and fields hold them, and how."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from refactor.helm.engine import Manifest
from refactor.helm.objects import Identity, Object, leaves
from refactor.helm.planting import StandIn, scalars
from refactor.helm.sentinels import HOST, PORT


class FieldUse(NamedTuple):
    """A field that holds a stand-in.

    Attributes:
        text: the field's, decoded where a Secret has it as base64.
    """

    object: Identity
    path: str
    source: str
    text: str


def seen(objects: Iterable[Object], stands: Mapping[str, StandIn]) -> dict[str, list[FieldUse]]:
    """Return the fields that hold each stand-in, by host and by port."""
    known = {text for stand in stands.values() for text in (stand.host, stand.port) if text}
    found: dict[str, list[FieldUse]] = {}
    for item in objects:
        for path, text in texts(item):
            held = {*HOST.findall(text), *PORT.findall(text)} & known
            for one in held:
                found.setdefault(one, []).append(FieldUse(item.identity, path, item.source, text))
    return found


def texts(item: Object) -> Iterator[tuple[str, str]]:
    """Yield the texts and numbers of an object with their paths; a Secret's `data` decoded."""
    secret = item.identity.kind == "Secret"
    for path, value in leaves(item.content):
        if isinstance(value, str | int) and not isinstance(value, bool):
            yield path, _decoded(value) if secret and path.startswith("data") else str(value)


def quoted(manifests: Iterable[Manifest]) -> set[str]:
    """Return the values of the scalars that hold stand-ins and that the rendered YAML quotes."""
    return {
        scalar.value
        for manifest in manifests
        if HOST.search(manifest.text)
        for scalar in scalars(manifest.text, lambda value: bool(HOST.search(value)))
        if scalar.style in ("'", '"')
    }


def _decoded(value: Any) -> str:
    try:
        return base64.b64decode(str(value), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return str(value)
