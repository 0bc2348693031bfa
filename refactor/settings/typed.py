"""Plain data to types: every name known, every value of its type, told in the user's words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NoReturn, TypeVar, get_args, get_type_hints

import msgspec

from refactor.settings.document import Place, SettingsDocument

_T = TypeVar("_T", bound=msgspec.Struct)

_PROBLEM = re.compile(r"(?s)(.*?)(?: - at (?:`key` in )?`(\$.*)`)?")
_UNKNOWN = re.compile(r"(?s)Object contains unknown field `(.*)`")
_INVALID = re.compile(r"(?s)Invalid enum value '(.*)'")
_MISSING = re.compile(r"Object missing required field `(.*)`")
_WORDS = {
    "array": "a list",
    "object": "a mapping",
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "null": "nothing",
}


def convert(document: SettingsDocument, wanted: type[_T]) -> _T:
    """Return a document's data as a type.

    Raises:
        RefactorError: a setting is unknown or ill-typed.
    """
    try:
        return msgspec.convert(document.data, wanted)
    except msgspec.ValidationError as error:
        _refuse(document, str(error), wanted)


def _refuse(document: SettingsDocument, problem: str, wanted: type[msgspec.Struct]) -> NoReturn:
    """Raise msgspec's error, reworded for the settings file."""
    found = _PROBLEM.fullmatch(problem)
    what, path = (found[1], found[2] or "$") if found else (problem, "$")
    place = _place(path)
    names = [part for part in place if isinstance(part, str)]
    if unknown := _UNKNOWN.fullmatch(what):
        known = [name for struct in _structs(_type(wanted, place)) for name in _fields(struct)]
        message = f"unknown setting `{unknown[1]}`"
        document.refuse((*place, unknown[1]), message, _nearest(unknown[1], known))
    if invalid := _INVALID.fullmatch(what):
        message = f"`{names[-1]}` cannot be `{invalid[1]}`"
        document.refuse(place, message, _nearest(invalid[1], _choices(_type(wanted, place))))
    subject = f"`{names[-1]}`: " if names else ""
    if missing := _MISSING.fullmatch(what):
        document.refuse(place, f"{subject}`{missing[1]}` is missing")
    plain = re.sub(r"`([a-z]+(?: \| [a-z]+)*)`", _in_words, what)
    document.refuse(place, f"{subject}{plain[:1].lower()}{plain[1:]}")


def _in_words(types: re.Match[str]) -> str:
    """Return the types that msgspec names, in words; other texts stay as they are."""
    names = [name for name in types[1].split(" | ") if name != "null"] or ["null"]
    known = [_WORDS.get(name, "") for name in names]
    return " or ".join(known) if all(known) else types[0]


def _place(path: str) -> Place:
    """Read a place as msgspec writes it: `$.environments[0].files`."""
    parts = re.findall(r"\.([\w-]+)|\[(\d+|\.\.\.)\]", path)
    return tuple(name or (int(index) if index.isdigit() else 0) for name, index in parts)


def _type(wanted: Any, place: Place) -> Any:
    """Return the type that is wanted at a place."""
    for part in place:
        if isinstance(part, int):
            wanted = next((arg for arg in get_args(wanted) if arg is not Ellipsis), wanted)
            continue
        for struct in _structs(wanted):
            if part in _fields(struct):
                wanted = get_type_hints(struct)[_fields(struct)[part]]
                break
    return wanted


def _structs(wanted: Any) -> Sequence[type[msgspec.Struct]]:
    """Return the structs that a type is, or is a union of."""
    if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
        return (wanted,)
    return [struct for arg in get_args(wanted) for struct in _structs(arg)]


def _choices(wanted: Any) -> list[str]:
    """Return the texts that a type allows, or is a union of."""
    parts = get_args(wanted)
    return [one for part in parts for one in ([part] if isinstance(part, str) else _choices(part))]


def _fields(struct: type[msgspec.Struct]) -> dict[str, str]:
    return {field.encode_name: field.name for field in msgspec.structs.fields(struct)}


def _nearest(written: str, known: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(written.replace("_", "-").lower(), known, n=1)
    return f"did you mean `{near[0]}`?" if near else f"known: {', '.join(known)}"
