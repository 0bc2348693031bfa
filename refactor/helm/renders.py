"""Every render of a run: each input is rendered once, and counted."""

from __future__ import annotations

import errno
import hashlib
import posixpath
import re
import tempfile
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

from refactor.errors import RefactorError
from refactor.files.disk import real
from refactor.files.rooted import DISK, Disk
from refactor.helm.cases import Case
from refactor.helm.charts import Chart
from refactor.helm.engine import Engine, Manifest, Rendered
from refactor.helm.inline import values_of
from refactor.helm.objects import BadManifestError, Object, identified, parse
from refactor.helm.prepare import Prepared, prepare
from refactor.helm.tree import Tree

_COPIES = 16
"""Charts that lie ready on the disk; one is rendered several times in a row."""
_RENDERED = 512
"""Renders kept: what is asked while addresses are traced is asked again by names and the proof."""
_RENDERED_TEXT = 64 << 20
"""Characters of them; the largest real charts give five million."""
_BAD_NAMES = frozenset(
    {errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EPERM, errno.EILSEQ}
)
"""What a system answers to names that cannot all be files; else the disk is to blame."""
_PATIENCE = 3
"""Renders that a limit may end; who writes one endless template writes a thousand."""
_PARSED = 1024
"""Manifests kept parsed: from one render of a chart to the next, most are the same."""


_AT_HAND = 64
"""Renders kept read: a chart is asked for each of its addresses."""
_Changes = tuple[tuple[str, bytes], ...]


class Rendering(NamedTuple):
    """A chart as it is installed.

    Attributes:
        objects: hooks and tests included.
        error: why it does not render, in Helm's words; "" where it does.
        notes: what was not rendered as the repository has it, a line each.
        manifests: the objects' YAML.
    """

    objects: tuple[Object, ...]
    error: str = ""
    notes: tuple[str, ...] = ()
    manifests: tuple[Manifest, ...] = ()


class Renders:
    """Renders the charts of one repository, as they are or as they will be.

    Attributes:
        count: how many times Helm was asked.
        tree: the repository's files as they are.
    """

    def __init__(self, root: Path, charts: Iterable[Chart], engine: Engine) -> None:
        """Take the repository."""
        self.count = 0
        self.tree = Tree(root)
        self._charts = {chart.path: chart for chart in charts}
        self._engine = engine
        self._ended = 0
        self._text = 0
        self._folder = tempfile.TemporaryDirectory(prefix="charts-", dir=engine.folder)
        self._place = real(Path(self._folder.name))
        self._copies: OrderedDict[str, tuple[Path, Mapping[str, bytes]]] = OrderedDict()
        self._numbers = count()
        self._rendered: OrderedDict[str, Rendered] = OrderedDict()
        self._held: dict[tuple[object, ...], bool] = {}
        self._parse = lru_cache(_PARSED)(parse)
        self._prepared = lru_cache(_AT_HAND)(self._prepare)
        self._read = lru_cache(_AT_HAND)(partial(self._render_now, anew=False))

    def render(
        self, case: Case, changes: Mapping[str, bytes] | None = None, *, anew: bool = False
    ) -> Rendering:
        """Return what a chart renders to, or why it does not.

        Args:
            changes: new bytes of files of the repository, by path.
        """
        frozen = _frozen(changes)
        return self._render_now(case, frozen, anew=True) if anew else self._read(case, frozen)

    def _render_now(self, case: Case, changes: _Changes, *, anew: bool) -> Rendering:
        prepared = self._prepared(case.chart, changes)
        values = self._values(case, changes)
        if isinstance(values, str):
            return Rendering((), values, prepared.notes)
        rendered = self._ask(case, prepared, values, anew)
        if rendered.error:
            return Rendering((), rendered.error, prepared.notes)
        try:
            parsed = [(m.source, item) for m in rendered.manifests for item in self._parse(m)]
        except BadManifestError as error:
            return Rendering((), str(error), prepared.notes)
        objects = identified(parsed, case.namespace)
        return Rendering(objects, "", prepared.notes, rendered.manifests)

    def beside(
        self, case: Case, name: str, template: bytes, changes: Mapping[str, bytes]
    ) -> tuple[Rendering, tuple[Object, ...]]:
        """Return what a chart renders to with one more template, and that template's own objects.

        The rest is what the chart renders to without it: who asks for that is given this.
        """
        file = self.chart(case).file(f"templates/{name}")
        whole = self.render(case, {**changes, file: template})
        if whole.error:
            return whole, ()
        rest = tuple(one for one in whole.manifests if not one.source.endswith(f"/{name}"))
        self._keep(self._key(case, changes), Rendered(rest))
        own = tuple(one for one in whole.objects if one.source.endswith(f"/{name}"))
        objects = tuple(one for one in whole.objects if not one.source.endswith(f"/{name}"))
        return Rendering(objects, "", whole.notes, rest), own

    def chart(self, case: Case) -> Chart:
        """Return a case's chart."""
        return self._charts[case.chart]

    def prepared(self, case: Case, changes: Mapping[str, bytes] | None = None) -> Prepared:
        """Return what is handed to Helm for a case, but for the values laid over the chart's."""
        return self._prepared(case.chart, _frozen(changes))

    def _prepare(self, chart: str, changes: _Changes) -> Prepared:
        return prepare(self.tree.changed(dict(changes)), self._charts[chart], self._charts.values())

    def holds(
        self, case: Case, pattern: re.Pattern[bytes], changes: Mapping[str, bytes] | None = None
    ) -> bool:
        """Say whether a chart, its dependencies or its values hold a pattern; packed ones may."""
        frozen = _frozen(changes)
        prepared, values = self._prepared(case.chart, frozen), self._values(case, frozen)
        key = (prepared.digest, pattern, tuple(values))
        if key not in self._held:
            texts = (*prepared.files.values(), *(v for v in values if isinstance(v, bytes)))
            packed = any(path.endswith(".tgz") for path in prepared.files)
            self._held[key] = packed or any(pattern.search(text) for text in texts)
        return self._held[key]

    def close(self) -> None:
        """Remove what was written. A second call does nothing."""
        self._folder.cleanup()

    def __enter__(self) -> Renders:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _values(self, case: Case, changes: _Changes) -> list[bytes] | str:
        """Return the values that are laid over the chart's own, or which file is not there."""
        tree = self.tree.changed(dict(changes))
        found = []
        for path in case.values:
            data = tree.read(path)
            if data is None:
                return f"no values file {path}"
            found.append(data)
        return [*found, *(values_of(tree.read, one) for one in case.inline)]

    def _key(self, case: Case, changes: Mapping[str, bytes]) -> str:
        values = self._values(case, _frozen(changes))
        return _key(case, self.prepared(case, changes), [] if isinstance(values, str) else values)

    def _ask(self, case: Case, prepared: Prepared, values: list[bytes], anew: bool) -> Rendered:
        key = _key(case, prepared, values)
        if key in self._rendered and not anew:
            self._rendered.move_to_end(key)
            return self._rendered[key]
        if self._ended >= _PATIENCE:
            return Rendered(error=f"not asked: {_PATIENCE} renders took too much time or memory")
        try:
            chart = self._laid(case.chart, prepared.files)
            files = self._lay_values(values)
        except OSError as error:
            if error.errno in _BAD_NAMES:
                return Rendered(error=f"its files cannot be laid side by side: {error.strerror}")
            message = f"a chart's copy cannot be written: {error.strerror}"
            raise RefactorError(message, where=self._folder.name) from error
        self.count += 1
        rendered = self._engine.render(chart, files, release=case.release, namespace=case.namespace)
        self._ended += rendered.ended
        self._keep(key, rendered)
        return rendered

    def _keep(self, key: str, rendered: Rendered) -> None:
        # The first answer stays: what is made anew is there to be compared with it.
        if key in self._rendered:
            return
        self._rendered[key] = rendered
        self._text += _size(rendered)
        while len(self._rendered) > _RENDERED or self._text > _RENDERED_TEXT:
            self._text -= _size(self._rendered.popitem(last=False)[1])

    def _lay_values(self, values: list[bytes]) -> list[Path]:
        """Write values files, in the place of those of the render before."""
        names = {f"values-{index}.yaml": data for index, data in enumerate(values)}
        folder = self._laid("/values", names)
        return [folder / name for name in names]

    def _laid(self, chart: str, files: Mapping[str, bytes]) -> Path:
        """Write a chart's copy, of which only what differs from the last one is written."""
        place, lie = self._copies.pop(chart, (None, {}))
        with DISK.below(self._place) as disk:
            if place is not None and not _fits(lie, files):
                disk.remove_tree(place)
                place = None
            if place is None:
                place = self._place / str(next(self._numbers))
                disk.lay(place, files)
            else:
                _change(disk, place, lie, files)
            self._copies[chart] = place, files
            if len(self._copies) > _COPIES:
                disk.remove_tree(self._copies.popitem(last=False)[1][0])
        return place


def _fits(lie: Mapping[str, bytes], files: Mapping[str, bytes]) -> bool:
    """Whether files can be changed one by one: none takes the place of a directory."""
    folders = {folder for path in lie for folder in _above(path)}
    return folders.isdisjoint(files) and not any(f in lie for path in files for f in _above(path))


def _above(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


def _change(disk: Disk, place: Path, lie: Mapping[str, bytes], files: Mapping[str, bytes]) -> None:
    """Make of the files that lie in a directory others; what is the same stays."""
    for path in lie:
        if lie[path] != files.get(path):
            disk.unlink(place / path)
    for path, data in files.items():
        if data != lie.get(path):
            disk.put(place / path, data)


def _frozen(changes: Mapping[str, bytes] | None) -> _Changes:
    return tuple(sorted((changes or {}).items()))


def _key(case: Case, prepared: Prepared, values: Iterable[bytes]) -> str:
    """Name all that a render depends on."""
    parts = [prepared.digest, case.release, case.namespace]
    return "\n".join((*parts, *(hashlib.sha256(data).hexdigest() for data in values)))


def _size(rendered: Rendered) -> int:
    return len(rendered.error) + sum(len(one.text) for one in rendered.manifests)
