"""What lies in a repository that its settings could say."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from refactor import inventory
from refactor.errors import RefactorError
from refactor.files.walk import read, walk
from refactor.helm.charts import Chart, find_charts
from refactor.settings.types import Settings
from refactor.text.dns import LABEL, is_label
from refactor.yaml.kustomize import is_kustomization, read_kustomization

# What people call the places that they deploy to. Any name counts under `overlays` and the like.
_STAGES = frozenset(
    {"dev", "devel", "development", "qa", "test", "uat", "int", "integration", "stage", "staging"}
    | {"preprod", "prod", "production", "sandbox", "live"}
)
_DIRECTORIES = _STAGES - {"test", "int", "integration", "live"}  # these hold much else besides
_PARENTS = frozenset({"overlays", "environments", "envs", "env", "clusters"})
_SHARED = frozenset({"base", "common", "shared", "default", "defaults", "components"})
_RECORDINGS = frozenset(
    {"recordings", "cassettes", "fixtures", "testdata", "__snapshots__", "snapshots"}
)
_OVERLAY = re.compile(r"values[-._/](.+)\.ya?ml")
_NAMESPACE = re.compile(
    rf"""(?:metadata: *\{{.*[{{ ,])?namespace: *["']?({LABEL})["']?\s*(?:[,}}#]|\Z)"""
)
_PIPELINES = {
    ".github/workflows/": "GitHub Actions",
    ".gitlab-ci.yml": "GitLab CI",
    ".pre-commit-config.yaml": "pre-commit",
}
_HEAD = 4096
"""Bytes at the start of an inventory, within which its List begins its items."""


class Destination(NamedTuple):
    """A place that is deployed to."""

    folders: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    namespaces: frozenset[str] = frozenset()


class Detected(NamedTuple):
    """What lies in a repository."""

    inventories: tuple[str, ...]
    charts: tuple[Chart, ...]
    places: Mapping[str, Destination]
    namespaces: Counter[str]
    recordings: tuple[str, ...]
    pipelines: tuple[str, ...]
    tests: int


def look(root: Path) -> Detected:
    """Return what lies in a repository; nothing of it is run."""
    walked = walk(root, [], Settings())
    files = {path: absolute for path, absolute in walked.files if path.isprintable()}
    charts = find_charts(files, lambda path: _bytes(files.get(path)))
    return Detected(
        inventories=tuple(_inventories(root, files)),
        charts=charts,
        places=_places(files, charts),
        namespaces=Counter(_namespaces(files, charts)),
        recordings=tuple(sorted(_recordings(files))),
        pipelines=tuple(
            name
            for start, name in _PIPELINES.items()
            if any(path.startswith(start) for path in files)
        ),
        tests=walked.passed_over.get("test-file", 0),
    )


def _bytes(path: Path | None) -> bytes | None:
    data = read(path) if path else None
    return data if isinstance(data, bytes) else None


def _inventories(root: Path, files: Mapping[str, Path]) -> Iterator[str]:
    """Yield the files that load as an inventory; those at the root however large, or ignored."""
    own = (path for path in root.glob("*.json") if not path.is_symlink() and path.is_file())
    beside = {path.name: path for path in own if path.name.isprintable()}
    for name, path in sorted({**files, **beside}.items()):
        if name.endswith((".json", ".yaml", ".yml")) and _lists_objects(path):
            try:
                found = inventory.load([path], stdin=bytes)
            except RefactorError:
                continue
            if found.services and found.pods:
                yield name


def _lists_objects(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return re.search(rb"""(?m)^\s*["']?items["']?:|"items":""", head) is not None


def _places(files: Mapping[str, Path], charts: Iterable[Chart]) -> dict[str, Destination]:
    folders: defaultdict[str, dict[str, None]] = defaultdict(dict)
    values: defaultdict[str, dict[str, None]] = defaultdict(dict)
    said: defaultdict[str, set[str]] = defaultdict(set)
    for path in files:
        if found := _folder(path, charts):
            name, folder = found
            folders[name][folder] = None
            values[name] |= {path: None} if _is_values(path) and charts else {}
            said[name] |= _kustomized(path, files)
    for chart in charts:
        for overlay in chart.overlays:
            if name := _stage(overlay[len(chart.path) :].lstrip("/")):
                values[name][overlay] = None
    names = sorted({*folders, *values})
    return {n: Destination(tuple(folders[n]), tuple(values[n]), frozenset(said[n])) for n in names}


def _folder(path: str, charts: Iterable[Chart]) -> tuple[str, str] | None:
    """Return the environment, and its directory, that a path goes through; None for none."""
    *parts, last = path.split("/")
    yaml = last.endswith((".yaml", ".yml")) or is_kustomization(last)
    if not yaml or any(c.path and c.holds(path) for c in charts):
        return None
    for index, name in enumerate(parts):
        above = parts[index - 1] if index else ""
        if name not in _SHARED and (above in _PARENTS or name in _DIRECTORIES):
            return name, "/".join(parts[: index + 1])
    return None


def _is_values(path: str) -> bool:
    return path.rpartition("/")[2].startswith("values")


def _kustomized(path: str, files: Mapping[str, Path]) -> set[str]:
    if not is_kustomization(path):
        return set()
    namespace = read_kustomization(path, _bytes(files[path])).namespace
    return {namespace} if is_label(namespace) else set()


def _stage(overlay: str) -> str:
    """Return the environment that a values file is for: `values-prod.yaml`; "" for none."""
    name = found[1] if (found := _OVERLAY.fullmatch(overlay)) else ""
    return name if _STAGES & set(re.split(r"[-._]", name.lower())) else ""


def _namespaces(files: Mapping[str, Path], charts: Iterable[Chart]) -> Iterator[str]:
    """Yield `metadata.namespace` of each manifest, read line by line: this is for a proposal."""
    for path, absolute in files.items():
        if path.endswith((".yaml", ".yml")) and not any(c.holds(path) for c in charts):
            data = _bytes(absolute) or b""
            if b"namespace:" in data and b"kind:" in data:
                yield from _said(data.decode("utf-8", "replace"))


def _said(text: str) -> Iterator[str]:
    """Yield the `namespace` of each top-level `metadata`, in a block or in braces."""
    inside, indent = False, 0
    for line in text.splitlines():
        body = line.lstrip(" ")
        deep = len(line) - len(body)
        if not body or body.startswith("#"):
            continue
        if deep == 0:
            inside, indent = body.startswith("metadata:"), 0
        elif inside:
            indent = indent or deep
        if inside and deep == indent and (found := _NAMESPACE.match(body)):
            yield found[1]


def _recordings(files: Iterable[str]) -> set[str]:
    found = set()
    for path in files:
        parts = path.split("/")[:-1]
        index = next((i for i, name in enumerate(parts) if name in _RECORDINGS), None)
        if index is not None:
            found.add("/".join(parts[: index + 1]))
    return found
