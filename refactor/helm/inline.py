"""Values that stand in another file than a values file: in what installs the chart."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from typing import Literal as OneOf

from refactor.model import Finding, Value
from refactor.text.actions import replaced
from refactor.yaml.plain import contents, objects

Form = OneOf["map", "text", "pairs"]
"""A mapping; YAML in a text; or names with dots in them, each with its value."""

_KEY = re.compile(r"(?:[^.\\]|\\.)+")


class Inline(Value, frozen=True):
    """A part of a file that is values of a chart.

    Attributes:
        file: relative to the root.
        number: which of the file's objects it is in.
        name: that object's `metadata.name`; "" where it has none.
        place: the keys that lead to it; an item of a list by its index.
        form: how the values are written.
        evaluated: templates in it are evaluated before Helm sees it.
    """

    file: str
    number: int
    name: str
    place: tuple[str, ...]
    form: Form = "map"
    evaluated: bool = False

    def covers(self, finding: Finding) -> bool:
        """Say whether a finding stands in it."""
        name = finding.document.name if finding.document else ""
        here = finding.file == self.file and name in ("", self.name)
        return here and finding.path[: len(self.place)] == self.place


def values_of(data: bytes | None, one: Inline) -> bytes:
    """Return the values as JSON, which is YAML; none of them where they cannot be read."""
    found = (templated if one.evaluated else objects)(data)[one.number : one.number + 1]
    value: Any = found[0] if found else None
    for key in one.place:
        value = _under(value, key)
    return json.dumps(_mapping(value, one.form)).encode()


def templated(data: bytes | None) -> list[dict[str, Any]]:
    """Return the objects of a file that Go's templates run through, without its actions."""
    if not data or b"{{" not in data:
        return objects(data)
    lines = data.decode("utf-8-sig", "replace").split("\n")
    text = "\n".join("" if _is_action(line.strip()) else line for line in lines)
    return objects(without_actions(text, "__action__").encode())


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
