"""Edited manifests as Kubernetes sees them: which fields of which objects differ."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from refactor.helm.changes import Change, compare
from refactor.helm.engine import Manifest
from refactor.helm.objects import BadManifestError, Object, identified, parse
from refactor.model import ObjectChange
from refactor.secret.mask import MASK, mask_file

_LAST = re.compile(r'(?:\[([^\]]*)\]\.value|\["([^"]*)"\]|([^.\[\]]+))\Z')
# A string that YAML would read as something else is shown in quotes.
_ODD = re.compile(r"|~|null|true|false|[-+]?[\d_]*\.?[\d_]+(e[-+]?\d+)?|0x[\da-f]+", re.IGNORECASE)
_LEFT_OUT = "…"


def manifest_changes(
    source: str, before: str, after: str, namespace: str = ""
) -> tuple[ObjectChange, ...]:
    """Return how the objects of a manifest differ; nothing where it is no manifest."""
    if "{{" in after:
        return ()  # a template that happens to parse
    if "kind" not in after or "apiVersion" not in after:
        return ()  # no object: large values files and data need no reading
    try:
        old, new = (_objects(source, text, namespace) for text in (before, after))
    except BadManifestError:
        return ()  # no YAML, which other steps tell about
    return object_changes(source, compare(old, new))


def object_changes(source: str, changes: Iterable[Change]) -> tuple[ObjectChange, ...]:
    """Return changes as the plan tells them: as text, secrets masked."""
    return tuple(_told(source, change) for change in changes)


def _objects(source: str, text: str, namespace: str) -> tuple[Object, ...]:
    found = parse(Manifest(source, text)) if text else ()
    kubernetes = [item for item in found if item.get("apiVersion") and item.get("kind")]
    return identified(((source, item) for item in kubernetes), namespace)


def _told(source: str, change: Change) -> ObjectChange:
    before, after = _shown(change, change.before), _shown(change, change.after)
    if "\n" in before and "\n" in after:
        before, after = _differing(before, after)
    return ObjectChange(source, str(change.object).rstrip(), change.path, before, after)


def _shown(change: Change, value: Any) -> str:
    if value is None:
        return ""
    if change.object.kind == "Secret" and change.path.startswith(("data", "stringData")):
        return MASK
    if isinstance(value, dict | list):
        return mask_file(
            "x.json", _as_json(_hidden(value) if change.object.kind == "Secret" else value)
        )
    text = value if isinstance(value, str) and not _ODD.fullmatch(value) else _as_json(value)
    # A value whose own name is that of a secret is one, whatever it looks like.
    name = _LAST.search(change.path)
    label = f"{next(filter(None, name.groups()), '') if name else ''}: "
    if "\n" in text:
        return mask_file(label.strip(": "), text)
    return mask_file("x.yaml", label + text).removeprefix(label)


def _hidden(value: Any) -> Any:
    """Return a Secret, or a part of one, without what it keeps."""
    if not isinstance(value, dict):
        return value
    return {
        key: dict.fromkeys(item, MASK)
        if key in ("data", "stringData") and isinstance(item, dict)
        else item
        for key, item in value.items()
    }


def _differing(before: str, after: str) -> tuple[str, str]:
    """Return of two texts of several lines those that differ."""
    old, new = before.split("\n"), after.split("\n")
    if len(old) == len(new):
        pairs = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
        return "\n".join(a for a, _ in pairs), "\n".join(b for _, b in pairs)
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    return "\n".join(old) or _LEFT_OUT, "\n".join(new) or _LEFT_OUT


def _as_json(value: Any) -> str:
    import msgspec

    return msgspec.json.encode(value).decode()
