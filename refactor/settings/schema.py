"""JSON Schema of files that people write, made from the types that read them, for editors."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_type_hints

import msgspec

from refactor.settings.described import texts
from refactor.settings.types import Settings

FILE = ".refactor.schema.json"
"""Where `refactor init` puts the schema of the settings while no site publishes it."""
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def settings_schema() -> dict[str, Any]:
    """Return the schema of `.refactor.yaml`."""
    told = "What refactor is to know about a repository: .refactor.yaml at its root."
    return schema_of(Settings, "Settings of refactor", told)


def schema_of(
    wanted: type[msgspec.Struct],
    title: str,
    told: str,
    held: Mapping[str, type[msgspec.Struct]] | None = None,
) -> dict[str, Any]:
    """Return the schema of a type; nothing unknown is allowed, and each name is explained.

    Args:
        wanted: the type of the document.
        title: of the schema.
        told: what the document is.
        held: properties that the types leave open, wherever they stand, and what they hold.
    """
    structs = [wanted, *(held or {}).values()]
    _, parts = msgspec.json.schema_components(structs, ref_template="#/$defs/{name}")
    for struct in {one for top in structs for one in _structs(top)}:
        _explain(parts[struct.__name__], struct, held or {})
    head = {"$schema": _DIALECT, "title": title, "description": told}
    return head | {"$ref": f"#/$defs/{wanted.__name__}", "$defs": dict(sorted(parts.items()))}


def _explain(
    part: dict[str, Any], struct: type[msgspec.Struct], held: Mapping[str, type[msgspec.Struct]]
) -> None:
    """Put the words of a docstring where editors look for them."""
    whole = inspect.cleandoc(struct.__doc__ or "")
    part["description"] = whole.partition("\n\nAttributes:")[0]
    told = {name.replace("_", "-"): text for name, text in texts(struct)}
    for name, property_ in part["properties"].items():
        if name in held:
            property_.clear()
            property_["$ref"] = f"#/$defs/{held[name].__name__}"
        property_["description"] = told[name]


def _structs(wanted: Any) -> Iterator[type[msgspec.Struct]]:
    """Yield every struct that a type holds."""
    if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
        yield wanted
        for inner in get_type_hints(wanted).values():
            yield from _structs(inner)
    for argument in get_args(wanted):
        yield from _structs(argument)
