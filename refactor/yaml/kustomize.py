"""What a kustomization says, read once for all who ask.

A base is deployed by its overlays: each way up from a file to a kustomization that nothing else
takes in is one deployment of it. Source: the Kustomization file's reference.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from refactor.yaml.plain import contents, down, maps, objects, text, texts

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_PATHS = ("crds", "configurations", "openapi", "generators", "transformers", "validators")
_MADE = {"configMapGenerator": "ConfigMap", "secretGenerator": "Secret"}


class Patch(NamedTuple):
    """A patch: a file or a text, and what it is for.

    Attributes:
        path: the file, relative to the root; "" for one that stands in the kustomization.
    """

    path: str
    text: str
    target: Mapping[str, Any]
    place: tuple[str, ...]


class Generator(NamedTuple):
    """A ConfigMap or Secret that is made of files and literals."""

    kind: str
    name: str
    files: tuple[str, ...]
    labels: Mapping[str, Any]
    place: tuple[str, ...]


class Replacement(NamedTuple):
    """What `replacements` carries from one object's field into others."""

    source: Mapping[str, Any]
    targets: tuple[Mapping[str, Any], ...]


class InflatedChart(NamedTuple):
    """An item of `helmCharts`: the local chart's place, its release, and its values files."""

    path: str
    name: str
    release: str
    namespace: str
    values: tuple[str, ...]
    place: tuple[str, ...]


class Kustomization(NamedTuple):
    """A kustomization; paths are relative to the repository's root.

    Attributes:
        namespace: given to all; "" for none.
        components: directories of those that change what it has taken in.
        vars: the objects whose fields `vars` carry into others.
    """

    file: str
    prefix: str = ""
    suffix: str = ""
    namespace: str = ""
    resources: tuple[str, ...] = ()
    patches: tuple[Patch, ...] = ()
    generators: tuple[Generator, ...] = ()
    charts: tuple[InflatedChart, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    takes: frozenset[str] = frozenset()
    components: tuple[str, ...] = ()
    vars: tuple[Mapping[str, Any], ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kustomization) and self.file == other.file

    def __hash__(self) -> int:
        return hash(self.file)

    @property
    def folder(self) -> str:
        """Its directory, as a list of resources names it: "." for the root."""
        return posixpath.dirname(self.file) or "."


def is_kustomization(path: str) -> bool:
    """Say whether a file is a kustomization, by its name."""
    return posixpath.basename(path) in NAMES


def read_kustomization(
    file: str, data: bytes | None, read: Callable[[str], bytes | None] = lambda _: None
) -> Kustomization:
    """Return what a kustomization says; nothing where it does not parse.

    Args:
        read: gives the bytes of a file that it names.
    """
    content = next((one for one in contents(data) if isinstance(one, dict)), {})
    folder = posixpath.dirname(file)

    def at(path: str) -> str:
        return posixpath.normpath(posixpath.join(folder, path))

    listed = (
        name for field in ("resources", "bases", "components") for name in texts(content.get(field))
    )
    resources = tuple(at(path) for path in listed)
    patches = tuple(_patches(content, at))
    generators = tuple(_generators(content, at))
    charts = tuple(_charts(content, at))
    further = [at(path) for field in _PATHS for path in texts(content.get(field))]
    further += [
        at(str(one["path"])) for one in maps(content.get("replacements")) if text(one, "path")
    ]
    takes = frozenset(
        (
            *resources,
            *further,
            *(patch.path for patch in patches if patch.path),
            *(path for made in generators for path in made.files),
            *(path for chart in charts for path in chart.values),
        )
    )
    return Kustomization(
        file,
        text(content, "namePrefix"),
        text(content, "nameSuffix"),
        _transformed(content, at, read) or text(content, "namespace"),
        resources,
        patches,
        generators,
        charts,
        tuple(
            Replacement(down(one, "source"), tuple(maps(one.get("targets"))))
            for one in maps(content.get("replacements"))
        ),
        takes,
        tuple(at(path) for path in texts(content.get("components"))),
        tuple(down(one, "objref") for one in maps(content.get("vars"))),
    )


def _transformed(
    content: Mapping[str, Any], at: Callable[[str], str], read: Callable[[str], bytes | None]
) -> str:
    """Return the namespace that a transformer of its own gives, as the last of all; "" for none."""
    found = ""
    for named in texts(content.get("transformers")):
        raw = named.encode() if "\n" in named.strip() else read(at(named))
        for one in objects(raw):
            if one.get("kind") == "NamespaceTransformer":
                found = text(down(one, "metadata"), "namespace") or found
    return found


def _patches(content: Mapping[str, Any], at: Any) -> Iterator[Patch]:
    for field in ("patches", "patchesJson6902", "patchesStrategicMerge"):
        items = content.get(field)
        for number, item in enumerate(items if isinstance(items, list) else ()):
            place = (field, str(number))
            if isinstance(item, str) and "\n" in item.strip():
                yield Patch("", item, {}, place)
            elif isinstance(item, str):
                yield Patch(at(item), "", {}, place)
            elif isinstance(item, dict):
                path = text(item, "path")
                yield Patch(
                    at(path) if path else "", text(item, "patch"), down(item, "target"), place
                )


def _generators(content: Mapping[str, Any], at: Any) -> Iterator[Generator]:
    everywhere = down(content, "generatorOptions", "labels")
    for field, kind in _MADE.items():
        items = content.get(field)
        for number, item in enumerate(items if isinstance(items, list) else ()):
            if not isinstance(item, dict):
                continue
            listed = [*texts(item.get("files")), *texts(item.get("envs")), text(item, "env")]
            files = tuple(at(path.rpartition("=")[2]) for path in listed if path)
            labels = {**everywhere, **down(item, "options", "labels")}
            yield Generator(kind, text(item, "name"), files, labels, (field, str(number)))


def _charts(content: Mapping[str, Any], at: Any) -> Iterator[InflatedChart]:
    home = text(down(content, "helmGlobals"), "chartHome") or "charts"
    for field in ("helmCharts", "helmChartInflationGenerator"):
        items = content.get(field)
        for number, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict):
                name = text(item, "name") or text(item, "chartName")
                listed = [text(item, "valuesFile"), text(item, "values")]
                listed += texts(item.get("additionalValuesFiles"))
                yield InflatedChart(
                    at(posixpath.join(home, name)),
                    name,
                    text(item, "releaseName"),
                    text(item, "namespace") or text(item, "releaseNamespace"),
                    tuple(at(path) for path in listed if path and "\n" not in path),
                    (field, str(number)),
                )
