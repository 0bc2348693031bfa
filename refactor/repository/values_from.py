"""ConfigMaps and Secrets that a HelmRelease takes its values from (Flux, `spec.valuesFrom`)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice, product
from typing import Any, NamedTuple

from refactor.helm.inline import Inline
from refactor.repository.files import Files
from refactor.yaml.kustomize import Kustomization
from refactor.yaml.plain import down, maps, objects, text

_KEY = "values.yaml"
_MOST = 16
"""Combinations of ConfigMaps of one name, as overlays make them, that one release may have."""
_HOLDS = re.compile(rb"\bkind[\"']?\s*:\s*[\"']?(?:ConfigMap|Secret)\b")
_FIELDS = ("data", "stringData")


class Given(NamedTuple):
    """Values of a chart: a file of a generator, or a text in a manifest."""

    files: tuple[str, ...] = ()
    inline: tuple[Inline, ...] = ()


class ValuesFrom:
    """Finds them among manifests and generators; nothing is read before a release asks."""

    def __init__(self, files: Files, kustomizations: Iterable[Kustomization]) -> None:
        self._files = files
        self._kustomizations = tuple(kustomizations)

    def of(self, spec: Mapping[str, Any]) -> Iterator[Given]:
        """Yield what a release may be given, once for each way in which overlays make it."""
        named = [one for one in maps(spec.get("valuesFrom")) if not text(one, "targetPath")]
        found = [
            self._found(text(one, "kind"), text(one, "name"), text(one, "valuesKey") or _KEY)
            or [Given()]
            for one in named
        ]
        for parts in islice(product(*found), _MOST):
            files = tuple(path for part in parts for path in part.files)
            yield Given(files, tuple(one for part in parts for one in part.inline))

    def _found(self, kind: str, name: str, key: str) -> list[Given]:
        made = [
            Given(tuple(path for path in one.files if path in self._files.paths))
            for kustomization in self._kustomizations
            for one in kustomization.generators
            if (one.kind, one.name) == (kind, name)
        ]
        return [
            *made,
            *(
                Given((), (Inline(path, number, name, (field, key), "text"),))
                for path, number, field, keys in self._manifests.get((kind, name), ())
                if key in keys
            ),
        ]

    @cached_property
    def _manifests(self) -> Mapping[tuple[str, str], list[tuple[str, int, str, frozenset[str]]]]:
        found = defaultdict(list)
        for path in sorted(self._files.paths):
            data = self._files.read(path) if path.endswith((".yaml", ".yml")) else None
            for number, one in enumerate(objects(data) if data and _HOLDS.search(data) else ()):
                name = text(down(one, "metadata"), "name")
                for field in _FIELDS:
                    if keys := down(one, field):
                        held = (path, number, field, frozenset(map(str, keys)))
                        found[text(one, "kind"), name].append(held)
        return found
