"""Values that stand in another file than a values file: in what installs the chart."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from typing import Literal as OneOf

from refactor.model import Finding, Value
from refactor.text.actions import replaced
from refactor.yaml.plain import contents, objects

Form = OneOf["map", "text", "pairs"]
"""A mapping; YAML in a text; or names with dots in them, each with its value."""

_KEY = re.compile(r"(?:[^.\\]|\\.)+")
_PARAMETER = re.compile(r"\{\{-?\s*\.?(?P<name>[\w.\-\[\]]+)\s*-?\}\}")
_INDEXED = re.compile(r"\{\{-?\s*index\s+\.(?P<name>[\w.]+)\s+(?P<at>\d+)\s*-?\}\}")
_MOST_PARAMETERS = 1000
"""Of one element: aliases can write millions."""


class Source(Value, frozen=True):
    """A mapping that holds parameters of a template: its file, its object, the keys to it."""

    file: str
    number: int = 0
    name: str = ""
    place: tuple[str, ...] = ()

    def covers(self, finding: Finding) -> bool:
        """Say whether a finding stands in it."""
        name = finding.document.name if finding.document else ""
        here = finding.file == self.file and name in ("", self.name)
        return here and finding.path[: len(self.place)] == self.place


class Inline(Value, frozen=True):
    """A part of a file that is values of a chart.

    Attributes:
        file: relative to the root.
        number: which of the file's objects it is in.
        name: that object's `metadata.name`; "" where it has none.
        place: the keys that lead to it; an item of a list by its index.
        form: how the values are written.
        evaluated: templates in it are evaluated before Helm sees it.
        given: what its templates are given, by name.
        sources: where further parameters of its templates are read.
    """

    file: str
    number: int
    name: str
    place: tuple[str, ...]
    form: Form = "map"
    evaluated: bool = False
    given: tuple[tuple[str, str], ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """All files that it is read from."""
        return (self.file, *(source.file for source in self.sources))

    def covers(self, finding: Finding) -> bool:
        """Say whether a finding stands in it, or in the parameters of its templates."""
        own = Source(self.file, self.number, self.name, self.place)
        return any(part.covers(finding) for part in (own, *self.sources))


def values_of(read: Callable[[str], bytes | None], one: Inline) -> bytes:
    """Return the values as JSON, which is YAML; none of them where they cannot be read."""
    parsed = templated if one.evaluated and not one.given else objects
    value = _at(parsed(read(one.file)), one.number, one.place)
    if one.given:
        given = dict(one.given)
        for source in one.sources:
            given |= flat(_at(contents(read(source.file)), source.number, source.place))
        value = _evaluated(value, given)
    return json.dumps(_mapping(value, one.form)).encode()


def filled(said: str, given: Mapping[str, str]) -> str:
    """Return a text with the parameters that are known in it."""
    if "{{" not in said:
        return said
    said = _INDEXED.sub(lambda found: given.get(f"{found['name']}[{found['at']}]", found[0]), said)
    return _PARAMETER.sub(lambda found: given.get(found["name"], found[0]), said)


def flat(element: Any, prefix: str = "") -> dict[str, str]:
    """Return the texts of nested mappings by their keys, joined with dots."""
    found: dict[str, str] = {}
    for key, value in element.items() if isinstance(element, dict) else ():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{key}.") if prefix.count(".") < 9 else {}
        else:
            found[f"{prefix}{key}"] = str(value) if isinstance(value, str | int) else ""
        if len(found) > _MOST_PARAMETERS:
            break
    return found


def _at(found: list[Any], number: int, place: tuple[str, ...]) -> Any:
    value = found[number] if number < len(found) else None
    for key in place:
        value = _under(value, key)
    return value


def _evaluated(value: Any, given: Mapping[str, str]) -> Any:
    """Return values with what is known in the place of parameters, and a word for the rest."""
    if isinstance(value, dict):
        return {key: _evaluated(one, given) for key, one in value.items()}
    if isinstance(value, list):
        return [_evaluated(one, given) for one in value]
    if not isinstance(value, str) or "{{" not in value:
        return value
    return _without_lines(filled(value, given))


def templated(data: bytes | None) -> list[dict[str, Any]]:
    """Return the objects of a file that Go's templates run through, without its actions."""
    if not data or b"{{" not in data:
        return objects(data)
    return objects(_without_lines(data.decode("utf-8-sig", "replace")).encode())


def _without_lines(said: str) -> str:
    """Return a text with a word for each action, and without the lines that are one."""
    kept = ("" if _is_action(line.strip()) else line for line in said.split("\n"))
    return without_actions("\n".join(kept), "__action__")


def without_actions(said: str, stand_in: str) -> str:
    """Return a text with something in the place of each action of Go's templates."""
    return replaced(said, lambda _: stand_in)


def _is_action(line: str) -> bool:
    return line.startswith("{{") and line.endswith("}}")


def _under(value: Any, key: str) -> Any:
    if isinstance(value, list):
        return value[int(key)] if key.isdigit() and int(key) < len(value) else None
    return value.get(key) if isinstance(value, dict) else None


def _mapping(value: Any, form: Form) -> Mapping[str, Any]:
    if form == "text":
        read = contents(value.encode()) if isinstance(value, str) else []
        value = read[0] if read else None
    elif form == "pairs":
        return _nested(value)
    return value if isinstance(value, dict) else {}


def _nested(value: Any) -> dict[str, Any]:
    """Return `[{name: a.b, value: 1}]`, or `{a.b: 1}`, as `{a: {b: 1}}`."""
    if isinstance(value, list):
        items = [one for one in value if isinstance(one, dict)]
        value = {one.get("name"): one.get("value") for one in items}
    found: dict[str, Any] = {}
    for name, given in value.items() if isinstance(value, dict) else ():
        keys = [re.sub(r"\\(.)", r"\1", key) for key in _KEY.findall(str(name))]
        if not keys or any(key.endswith("]") for key in keys):
            continue
        under = found
        for key in keys[:-1]:
            inner = under.setdefault(key, {})
            under = inner if isinstance(inner, dict) else {}
        under[keys[-1]] = _typed(given)
    return found


def _typed(given: Any) -> Any:
    """Return what `--set` makes of a text."""
    if isinstance(given, str) and re.fullmatch(r"-?(?:0|[1-9]\d{0,17})", given):
        return int(given)
    return {"true": True, "false": False}.get(given, given) if isinstance(given, str) else given
