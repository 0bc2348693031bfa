"""The plan for programs: one JSON document, whose schema is in docs/plan.schema.json."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

import msgspec

from refactor.model import Plan
from refactor.secret.mask import mask


def data(plan: Plan) -> Any:
    """Return a plan as plain data, with the secrets in its texts masked.

    `plan --out` saves it as it is, to be applied; this is to be read, stored and sent about.
    """
    return _masked(msgspec.to_builtins(plan))


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a plan, made from its types."""
    made = msgspec.json.schema(Plan)
    for definition in made["$defs"].values():
        definition["description"] = cleandoc(definition.get("description", ""))
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A plan of refactor",
        "description": "What `refactor plan --format json` prints and `--out` saves.",
    }
    return head | made


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value).encode("utf-8", "backslashreplace").decode()  # names need be no text
    if isinstance(value, dict):
        return {key: _masked(item) for key, item in value.items()}
    return [_masked(item) for item in value] if isinstance(value, list | tuple) else value
