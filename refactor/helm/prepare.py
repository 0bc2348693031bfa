"""A chart's files as they are handed to Helm: a copy whose dependencies are all in place.

118 of 181 real charts do not render as they lie, because a declared dependency is not vendored;
with a sibling chart of the same repository in its place nearly all do: by its name, and one whose
version fits before one that does not.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from refactor.files.names import beneath
from refactor.helm.charts import Chart, Dependency, description, read_chart
from refactor.helm.schemas import harmless
from refactor.helm.tree import Tree
from refactor.helm.versions import fits

_LOCKS = ("Chart.lock", "requirements.lock")
_DEEPEST = 8
"""Dependencies of dependencies; Helm sets no bound, real charts have three."""
_MOST_SIBLINGS = 100
"""Charts taken into one copy; charts that all declare each other would fill it many times over."""
_MOST_FILES = 20_000
_MOST_BYTES = 256 << 20
"""Of one copy, dependencies included; the largest real ones have a thousandth of it."""


class Prepared(NamedTuple):
    """What is handed to Helm.

    Attributes:
        files: bytes by path from the chart's directory.
        notes: what is not as the repository has it, a line each.
        digest: SHA-256 of paths and bytes, in hexadecimal.
    """

    files: dict[str, bytes]
    notes: tuple[str, ...]
    digest: str


def prepare(tree: Tree, chart: Chart, charts: Iterable[Chart]) -> Prepared:
    """Return a chart's files with its absent dependencies taken from siblings, or left out."""
    copy = _Copy(tree, tuple(charts))
    copy.take(chart, "", (chart.path,))
    whole = hashlib.sha256()
    for path, data in sorted(copy.files.items()):
        whole.update(f"{path}\0{hashlib.sha256(data).hexdigest()}\n".encode())
    return Prepared(copy.files, tuple(dict.fromkeys(copy.notes)), whole.hexdigest())


def template_text(files: Mapping[str, bytes], source: str) -> str:
    """Return the text of a template by the name that Helm gives it; "" where it is packed away."""
    place, parts = "", source.split("/")[1:]
    while parts[:1] == ["charts"] and len(parts) > 2:
        said = read_chart(place.rstrip("/"), files.get)
        name = next((d.name for d in said.dependencies if d.alias == parts[1]), parts[1])
        folders = [name, *_chart_folders(files, f"{place}charts/")]
        places = (f"{place}charts/{folder}" for folder in folders)
        place = next((p for p in places if read_chart(p, files.get).name == name), "") + "/"
        parts = parts[2:]
    return files.get(place + "/".join(parts), b"").decode("utf-8", "replace")


def _chart_folders(files: Iterable[str], place: str) -> set[str]:
    """The directories right under one of the copy's that hold a chart."""
    depth = place.count("/")
    return {
        path.split("/")[depth]
        for path in files
        if path.startswith(place) and path.count("/") == depth + 1 and path.endswith("/Chart.yaml")
    }


class _Copy:
    def __init__(self, tree: Tree, charts: tuple[Chart, ...]) -> None:
        self._tree = tree
        self._charts = charts
        self.files: dict[str, bytes] = {}
        self.notes: list[str] = []
        self._size = 0
        self._siblings = 0

    def take(self, chart: Chart, place: str, above: tuple[str, ...]) -> None:
        """Copy a chart and what it needs.

        Args:
            place: where it goes: "" or `charts/<name>/`, from the copy's top.
        """
        paths, notes = self._tree.below(chart.path)
        self.notes += notes
        for path in paths:
            inner = posixpath.relpath(path, chart.path or ".")
            data = self._tree.read(path)
            if data is None or posixpath.basename(inner) in _LOCKS:
                continue
            if len(self.files) >= _MOST_FILES or self._size + len(data) > _MOST_BYTES:
                self.notes.append(f"{chart.name} is too large to be copied whole")
                return
            safe = harmless(inner, data)
            self.files[place + inner] = safe.data
            self.notes += [f"{chart.name}: {safe.note}"] * bool(safe.note)
            self._size += len(safe.data)
        self._complete(chart, place, above)

    def _complete(self, chart: Chart, place: str, above: tuple[str, ...]) -> None:
        """Put in place what a copied chart declares and lacks, and so for its subcharts."""
        folders = sorted(_chart_folders(self.files, f"{place}charts/"))
        inner = [read_chart(chart.file(f"charts/{folder}"), self._tree.read) for folder in folders]
        here = {*folders, *(sub.name for sub in inner)}
        lacking = [d for d in chart.dependencies if not self._vendored(d, here, place)]
        absent = []
        for dependency in {d.name: d for d in lacking}.values():
            sibling = self._sibling(chart, dependency, above)
            if sibling is None:
                absent.append(dependency)
                continue
            self.notes.append(_taken(chart, dependency, sibling))
            self._siblings += 1
            into = f"{place}charts/{dependency.name}/"
            self.take(sibling, into, (*above, sibling.path))
        self._leave_out(chart, absent, place)
        for folder, sub in zip(folders, inner, strict=True):
            self._complete(sub, f"{place}charts/{folder}/", (*above, sub.path))

    def _vendored(self, dependency: Dependency, here: set[str], place: str) -> bool:
        if dependency.name in here:
            return True
        archive = re.compile(rf"{re.escape(f'{place}charts/{dependency.name}')}-v?\d[^/]*\.tgz")
        return any(archive.fullmatch(path) for path in self.files)

    def _sibling(
        self, chart: Chart, dependency: Dependency, above: tuple[str, ...]
    ) -> Chart | None:
        if len(above) > _DEEPEST or self._siblings >= _MOST_SIBLINGS:
            return None
        if dependency.repository.startswith("file://"):
            directory = dependency.repository.removeprefix("file://")
            path = beneath(chart.path, directory)
            path = "" if path == "." else path
            found = [c for c in self._charts if c.path == path and c.path not in above]
            if found:
                return found[0]
        named = (c for c in self._charts if c.name == dependency.name and c.path not in above)
        # One that fits before one that does not; one of its own before another's vendored copy.
        return min(
            named,
            key=lambda c: (
                not fits(c.version, dependency.version),
                f"/{c.path}".count("/charts/"),
                c.path,
            ),
            default=None,
        )

    def _leave_out(self, chart: Chart, absent: Sequence[Dependency], place: str) -> None:
        for dependency in absent:
            asked = f"{dependency.name} {dependency.version}".strip()
            self.notes.append(f"{chart.name}: dependency {asked} is not vendored and is left out")
        for name in ("Chart.yaml", "requirements.yaml") if absent else ():
            if data := self.files.get(place + name):
                self.files[place + name] = _without(data, [one.name for one in absent])


def _taken(chart: Chart, dependency: Dependency, sibling: Chart) -> str:
    note = f"{chart.name}: dependency {dependency.name} is taken from {sibling.path}"
    if fits(sibling.version, dependency.version):
        return note
    return f"{note}, which is {sibling.version} where {dependency.version} is asked for"


def _without(data: bytes, names: Sequence[str]) -> bytes:
    """Return a chart's description less some dependencies, as JSON, which is YAML."""
    said, _ = description(data)
    declared = said.get("dependencies")
    if not isinstance(declared, list):
        return data
    kept = [d for d in declared if not (isinstance(d, dict) and d.get("name") in names)]
    return json.dumps({**said, "dependencies": kept}).encode()
