"""What Argo CD deploys: Applications, and those that ApplicationSets make.

Source: the API references of Argo CD, Application and ApplicationSet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from refactor.helm.inline import Form, Inline, Source, filled
from refactor.repository.files import Files, inside, stated, values_of
from refactor.repository.generators import Parameters
from refactor.repository.model import Install
from refactor.yaml.plain import down, maps, text, texts

Where = Mapping[str, Any]

_INLINE: tuple[tuple[str, Form], ...] = (
    ("values", "text"),
    ("valuesObject", "map"),
    ("parameters", "pairs"),
)
_WORD = re.compile(r"[\w.\-\[\]]+")


def application(
    at: tuple[str, int],
    content: Where,
    place: tuple[str, ...],
    files: Files,
    parameters: Parameters,
    named: str,
) -> Iterator[Install]:
    """Yield what one Application deploys, a source each."""
    given, sources = parameters
    path, _ = at
    spec = down(content, "spec")
    said = text(down(spec, "destination"), "namespace")
    space = stated(filled(said, given))
    name = filled(text(down(content, "metadata"), "name"), given)
    several = [(("sources", str(i)), one) for i, one in enumerate(maps(spec.get("sources")))]
    for where, source in [*several, (("source",), down(spec, "source"))]:
        if not source:
            continue
        helm = down(source, "helm")
        folder = inside("", filled(text(source, "path"), given))
        listed = [filled(one, given) for one in texts(helm.get("valueFiles"))]
        values = values_of((_argo_values(one, folder) for one in listed), files)
        own = text(helm, "namespace") or text(down(source, "kustomize"), "namespace")
        kind = "Application" if len(place) == 1 else "ApplicationSet"
        yield Install(
            path, (*place, *where), folder, text(helm, "releaseName") or name,
            stated(own) or space, values, kind=kind,
            outranks=bool(text(down(source, "kustomize"), "namespace")),
            given=tuple(_inline(Source(*at, named, (*place, *where)), helm, parameters)),
            spoken=tuple(source.file for source in sources if source.file != path),
        )  # fmt: skip


def _inline(at: Source, helm: Where, parameters: Parameters) -> Iterator[Inline]:
    """Yield the values that stand in an Application, what outranks others last."""
    of_set = "template" in at.place
    words = _names(helm) if of_set else frozenset()
    used = tuple((n, v) for n, v in parameters.given.items() if n.partition("[")[0] in words)
    for key, form in _INLINE:
        if helm.get(key):
            yield Inline(
                at.file, at.number, at.name, (*at.place, "helm", key), form, of_set,
                used, parameters.sources if used else (),
            )  # fmt: skip


def _names(helm: Where) -> frozenset[str]:
    """Return the words of all templates in some values."""
    said = json.dumps({key: helm.get(key) for key, _ in _INLINE}, default=str)
    return frozenset(_WORD.findall(said)) if "{{" in said else frozenset()


def _argo_values(named: str, folder: str) -> str:
    """Return the path that Argo CD takes for a name: `$ref/…`, `/…`, or beside the chart."""
    if named.startswith("$"):
        named = f"/{named.partition('/')[2]}"
    base = "" if named.startswith("/") else folder
    return inside(base, named.lstrip("/"))
