"""The charts of a repository: where they are, what they depend on, which values they are given."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from refactor.files.names import is_chart_name
from refactor.model import Value

Read = Callable[[str], "bytes | None"]
"""Gives a file's bytes by its path relative to the root; None where there is none."""

_OVERLAY = re.compile(r"(?:values[-._][^/]+|values/[^/]+)\.ya?ml")
_TRIAL = re.compile(r"ci/[^/]*values\.ya?ml")  # github.com/helm/chart-testing, "ct install"


class Dependency(Value, frozen=True):
    """A chart that another one declares it needs.

    Attributes:
        name: the chart's.
        version: the constraint, "" for any.
        repository: where it is published; `file://../common` names a directory.
        alias: the name it goes by in this chart, "" for its own.
    """

    name: str
    version: str = ""
    repository: str = ""
    alias: str = ""


class Chart(Value, frozen=True):
    """A directory with a `Chart.yaml`.

    Attributes:
        path: the directory, relative to the root; "" for the root itself.
        name: as `Chart.yaml` says where Helm takes that for a name, else the directory's.
        version: as `Chart.yaml` says.
        library: it renders nothing by itself.
        dependencies: declared in `Chart.yaml`, or in `requirements.yaml` as charts did before
            `apiVersion: v2`.
        overlays: the values files beside its own: `values-*.yaml`, `values/*.yaml`; by path.
        trials: the values with which its makers try it out: `ci/*-values.yaml`.
        problem: why its `Chart.yaml` cannot be read, or taken at its word; "" where it can.
    """

    path: str
    name: str
    version: str = ""
    library: bool = False
    dependencies: tuple[Dependency, ...] = ()
    overlays: tuple[str, ...] = ()
    trials: tuple[str, ...] = ()
    problem: str = ""

    def holds(self, path: str) -> bool:
        """Say whether a file stands in its directory, subcharts included."""
        return not self.path or path.startswith(f"{self.path}/")

    def file(self, name: str) -> str:
        """Return the path, from the root, of a file that the chart names so."""
        return posixpath.join(self.path, name)


def find_charts(files: Iterable[str], read: Read) -> tuple[Chart, ...]:
    """Return the charts among some files, by path; subcharts in `charts/` too.

    Args:
        read: gives a file's bytes.
    """
    paths = sorted(set(files))
    homes = [posixpath.dirname(path) for path in paths if posixpath.basename(path) == "Chart.yaml"]
    beside: dict[str, list[str]] = {home: [] for home in homes}
    for path in paths:
        folder = posixpath.dirname(path)
        for home in {folder, posixpath.dirname(folder)} & beside.keys():
            beside[home].append(path)
    return tuple(read_chart(home, read, beside[home]) for home in homes)


def read_chart(path: str, read: Read, beside: Iterable[str] = ()) -> Chart:
    """Return what a chart's own files say of it.

    Args:
        read: gives a file's bytes.
    """
    inner = {file: posixpath.relpath(file, path or ".") for file in beside}
    fallback = posixpath.basename(path) or "chart"
    fallback = fallback if is_chart_name(fallback) else "chart"
    said, problem = description(read(posixpath.join(path, "Chart.yaml")))
    older, _ = description(read(posixpath.join(path, "requirements.yaml")))
    named, declared = _text(said, "name"), (*_dependencies(said), *_dependencies(older))
    dependencies = tuple(one for one in declared if _is_sound(one))
    if (named and not is_chart_name(named)) or len(dependencies) < len(declared):
        problem = problem or "Helm does not accept its name, or the name of a dependency"
    return Chart(
        path=path,
        name=named if is_chart_name(named) else fallback,
        version=_text(said, "version"),
        library=said.get("type") == "library",
        dependencies=dependencies,
        overlays=tuple(file for file, name in inner.items() if _OVERLAY.fullmatch(name)),
        trials=tuple(file for file, name in inner.items() if _TRIAL.fullmatch(name)),
        problem=problem,
    )


def owner(charts: Iterable[Chart], path: str) -> Chart | None:
    """Return the innermost chart that a file stands in."""
    return max((c for c in charts if c.holds(path)), key=lambda c: len(c.path), default=None)


def renderers(charts: Iterable[Chart], path: str) -> tuple[Chart, ...]:
    """Return the charts to render to see what a file does.

    That is the outermost chart it stands in (a subchart is seen with its parent's values). A
    library's file shows in the charts of this repository that depend on the library.
    """
    charts = tuple(charts)
    inner = owner(charts, path)
    if inner is None:
        return ()
    outer = _outermost(charts, inner)
    if not outer.library:
        return (outer,)
    users = (c for c in charts if any(d.name == outer.name for d in c.dependencies))
    return tuple(dict.fromkeys(top for c in users if not (top := _outermost(charts, c)).library))


def _outermost(charts: Iterable[Chart], chart: Chart) -> Chart:
    """Climb `charts/` directories: `shop/charts/redis` is a part of `shop`."""
    by_path = {c.path: c for c in charts}
    while True:
        folder = posixpath.dirname(chart.path)
        parent = by_path.get(posixpath.dirname(folder))
        if posixpath.basename(folder) != "charts" or parent is None or parent == chart:
            return chart
        chart = parent


@lru_cache(256)
def description(data: bytes | None) -> tuple[Mapping[str, Any], str]:
    """Return the mapping that a YAML file holds, not to be changed, or an empty one and why."""
    from refactor.yaml.data import NotYamlError, TooMuchError, documents

    if data is None:
        return {}, "no such file"
    try:
        found = documents(data.decode("utf-8", "replace"))
    except (NotYamlError, TooMuchError) as error:
        return {}, str(error)
    first = found[0] if found else None
    return (first, "") if isinstance(first, dict) else ({}, "holds no mapping")


def _dependencies(said: Mapping[str, Any]) -> Iterator[Dependency]:
    declared = said.get("dependencies")
    for item in declared if isinstance(declared, list) else ():
        if isinstance(item, dict) and (name := _text(item, "name")):
            version, repository = _text(item, "version"), _text(item, "repository")
            yield Dependency(name, version, repository, _text(item, "alias"))


def _is_sound(dependency: Dependency) -> bool:
    """Say whether a dependency's names are names: they become directories of a copy."""
    return is_chart_name(dependency.name) and (
        not dependency.alias or is_chart_name(dependency.alias)
    )


def _text(said: Mapping[str, Any], key: str) -> str:
    value = said.get(key)
    return str(value) if isinstance(value, str | int) else ""
