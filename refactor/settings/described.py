"""The settings as their own types and docstrings tell of them, for `refactor init` and the docs."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from types import NoneType
from typing import Any, NamedTuple, get_args, get_origin
from typing import Literal as OneOf

import msgspec

_ATTRIBUTE = re.compile(r" {4}([\w-]+): (.*)")
_WORDS = {str: "string", bool: "true or false", int: "whole number"}


class Described(NamedTuple):
    """One setting.

    Attributes:
        default: its value where it is not set; None where it has to be.
    """

    name: str
    field: str
    kind: str
    text: str
    default: Any
    parts: tuple[Described, ...] = ()


def described(struct: type[msgspec.Struct]) -> tuple[Described, ...]:
    """Return the settings that a struct holds, in its own order."""
    told = dict(texts(struct))
    return tuple(
        Described(
            field.encode_name,
            field.name,
            _kind(field.type),
            told.get(field.name, ""),
            None if field.required else field.default,
            _parts(field.type),
        )
        for field in msgspec.structs.fields(struct)
    )


def texts(of: type) -> Iterator[tuple[str, str]]:
    """Yield the names under `Attributes:` of a docstring with their texts, each in one line."""
    found: dict[str, list[str]] = {}
    for line in inspect.cleandoc(of.__doc__ or "").partition("Attributes:\n")[2].splitlines():
        if start := _ATTRIBUTE.fullmatch(line):
            words = found[start[1]] = [start[2]]
        else:
            words.append(line.strip())
    yield from ((name, " ".join(words)) for name, words in found.items())


def _kind(said: Any) -> str:
    if get_origin(said) is OneOf:
        return " or ".join(f"`{choice}`" for choice in get_args(said))
    if get_origin(said) is tuple:
        (item, *_) = get_args(said)
        return "list of mappings" if _is_struct(item) else "list of strings"
    if any(_is_struct(item) for item in get_args(said)):
        return "mapping"
    found = (
        [_WORDS[said]]
        if said in _WORDS
        else [_kind(one) for one in get_args(said) if one is not NoneType]
    )
    return " or ".join(dict.fromkeys(found))


def _parts(said: Any) -> tuple[Described, ...]:
    items = [item for item in get_args(said) if _is_struct(item)]
    return described(items[0]) if items else ()


def _is_struct(item: Any) -> bool:
    return isinstance(item, type) and issubclass(item, msgspec.Struct)
