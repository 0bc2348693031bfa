"""What Argo CD deploys: Applications, and those that ApplicationSets make.

Source: the API references of Argo CD, Application and ApplicationSet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from refactor.helm.inline import Form, Inline
from refactor.repository.files import Files, inside, stated, values_of
from refactor.repository.model import Install
from refactor.yaml.plain import down, maps, text, texts

Where = Mapping[str, Any]

_INLINE: tuple[tuple[str, Form], ...] = (
    ("values", "text"),
    ("valuesObject", "map"),
    ("parameters", "pairs"),
)
_PARAMETER = re.compile(r"\{\{-?\s*\.?([\w.\-\[\]]+)\s*-?\}\}")
_MOST_ELEMENTS = 256
"""Applications that one ApplicationSet is taken to make."""
_MOST_PARAMETERS = 1000
"""Of one element: aliases can write millions."""


def application(
    at: tuple[str, int],
    content: Where,
    place: tuple[str, ...],
    files: Files,
    given: Mapping[str, str],
) -> Iterator[Install]:
    """Yield what one Application deploys, a source each."""
    path, _ = at
    spec = down(content, "spec")
    said = text(down(spec, "destination"), "namespace")
    space = stated(_filled(said, given))
    name = _filled(text(down(content, "metadata"), "name"), given)
    several = [(("sources", str(i)), one) for i, one in enumerate(maps(spec.get("sources")))]
    for where, source in [*several, (("source",), down(spec, "source"))]:
        if not source:
            continue
        helm = down(source, "helm")
        folder = inside("", _filled(text(source, "path"), given))
        listed = [_filled(one, given) for one in texts(helm.get("valueFiles"))]
        values = values_of((_argo_values(one, folder) for one in listed), files)
        own = text(helm, "namespace") or text(down(source, "kustomize"), "namespace")
        kind = "Application" if len(place) == 1 else "ApplicationSet"
        yield Install(
            path, (*place, *where), folder, text(helm, "releaseName") or name,
            stated(own) or space, values, kind=kind,
            outranks=bool(text(down(source, "kustomize"), "namespace")),
            given=tuple(_inline(at, (*place, *where), content, helm)),
        )  # fmt: skip


def _inline(
    at: tuple[str, int], place: tuple[str, ...], content: Where, helm: Where
) -> Iterator[Inline]:
    """Yield the values that stand in an Application, what outranks others last."""
    of_set, name = "template" in place, text(down(content, "metadata"), "name")
    for key, form in _INLINE:
        if helm.get(key):
            yield Inline(*at, "" if of_set else name, (*place, "helm", key), form, of_set)


def _argo_values(named: str, folder: str) -> str:
    """Return the path that Argo CD takes for a name: `$ref/…`, `/…`, or beside the chart."""
    if named.startswith("$"):
        named = f"/{named.partition('/')[2]}"
    base = "" if named.startswith("/") else folder
    return inside(base, named.lstrip("/"))


def generated(content: Where, files: Files) -> list[dict[str, str]]:
    """Return the parameters that an ApplicationSet's generators give; an empty set for unknown."""
    found: list[dict[str, str]] = []
    for generator in maps(down(content, "spec").get("generators")):
        elements = maps(down(generator, "list").get("elements"))
        found += [_flat(one) for one in elements[:_MOST_ELEMENTS]]
        for wanted in maps(down(generator, "git").get("directories")):
            pattern = inside("", text(wanted, "path"))
            if not wanted.get("exclude"):
                found += [_directory(one) for one in _folders(pattern, files)]
    return (found or [{}])[:_MOST_ELEMENTS]


def _flat(element: Where, prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in element.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{key}.") if prefix.count(".") < 9 else {}
        else:
            found[f"{prefix}{key}"] = str(value) if isinstance(value, str | int) else ""
        if len(found) > _MOST_PARAMETERS:
            break
    return found


def _folders(pattern: str, files: Files) -> list[str]:
    depth = pattern.count("/") + 1
    folders: Iterable[str] = ()
    if f"{pattern}/" not in files.seen:
        folders = {"/".join(p.split("/")[:depth]) for p in files.paths if p.count("/") >= depth}
    found = files.matching(f"{pattern}/", (f"{folder}/" for folder in folders))
    return [folder.rstrip("/") for folder in found]


def _directory(folder: str) -> dict[str, str]:
    parts = folder.split("/")
    names = {f"path[{i}]": part for i, part in enumerate(parts)}
    names |= {f"path.segments[{i}]": part for i, part in enumerate(parts)}
    return names | {"path": folder, "path.path": folder, "path.basename": parts[-1]}


def _filled(said: str, given: Mapping[str, str]) -> str:
    return _PARAMETER.sub(lambda found: given.get(found[1], found[0]), said)
