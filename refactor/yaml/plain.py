"""Plain data, read without trust: what has another shape than it should is empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

BOOLEANS_AND_NULLS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"})
"""Plain words, in any case, that are no text in YAML 1.1, which Helm and kubectl read."""


def maps(value: Any) -> list[Mapping[str, Any]]:
    """Return the mappings of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """Return the texts of a list."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def down(value: Any, *keys: str) -> Mapping[str, Any]:
    """Return the mapping under some keys; an empty one where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def text(value: Any, key: str) -> str:
    """Return a mapping's text or number under a key; "" where there is none."""
    found = value.get(key) if isinstance(value, dict) else None
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""


def contents(data: bytes | None) -> list[Any]:
    """Return the documents of a YAML file; none where it does not parse."""
    from refactor.yaml.data import NotYamlError, TooMuchError, documents

    try:
        return documents((data or b"").decode("utf-8-sig", "replace"))
    except (NotYamlError, TooMuchError):
        return []


def objects(data: bytes | None) -> list[dict[str, Any]]:
    """Return the objects of a YAML file, the items of a List one by one."""
    found: list[dict[str, Any]] = []
    for document in contents(data):
        items = document.get("items") if isinstance(document, dict) else None
        if isinstance(items, list) and str(document.get("kind", "")).endswith("List"):
            found += (item for item in items if isinstance(item, dict))
        elif isinstance(document, dict):
            found.append(document)
    return found
