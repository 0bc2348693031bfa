"""Every render of a run: each input is rendered once, and counted."""

from __future__ import annotations

import errno
import hashlib
import tempfile
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from refactor.errors import RefactorError
from refactor.files.disk import real
from refactor.files.rooted import DISK
from refactor.helm.cases import Case
from refactor.helm.charts import Chart
from refactor.helm.engine import Engine, Manifest, Rendered
from refactor.helm.inline import values_of
from refactor.helm.objects import BadManifestError, Object, identified, parse
from refactor.helm.prepare import Prepared, prepare
from refactor.helm.tree import Tree

_COPIES = 8
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
        """Take the repository.

        Args:
            root: its root.
            charts: all of its charts.
            engine: asked, never closed here.
        """
        self.count = 0
        self.tree = Tree(root)
        self._charts = {chart.path: chart for chart in charts}
        self._engine = engine
        self._ended = 0
        self._text = 0
        self._folder = tempfile.TemporaryDirectory(prefix="charts-", dir=engine.folder)
        self._place = real(Path(self._folder.name))
        self._copies: OrderedDict[str, Path] = OrderedDict()
        self._rendered: OrderedDict[str, Rendered] = OrderedDict()
        self._parse = lru_cache(_PARSED)(parse)

    def render(
        self, case: Case, changes: Mapping[str, bytes] | None = None, *, anew: bool = False
    ) -> Rendering:
        """Return what a chart renders to, or why it does not.

        Args:
            case: which chart, and how it is installed.
            changes: new bytes of files of the repository, by path.
            anew: ask Helm again although this was rendered before, to see what varies by itself.

        Raises:
            RefactorError: there is no room for a copy of the chart.
        """
        tree = self.tree.changed(changes or {})
        prepared = prepare(tree, self.chart(case), self._charts.values())
        values = [tree.read(path) for path in case.values]
        missing = [path for path, data in zip(case.values, values, strict=True) if data is None]
        if missing:
            return Rendering((), f"no values file {missing[0]}", prepared.notes)
        given = [data for data in values if data is not None]
        given += [values_of(tree.read(one.file), one) for one in case.inline]
        rendered = self._ask(case, prepared, given, anew)
        if rendered.error:
            return Rendering((), rendered.error, prepared.notes)
        try:
            parsed = [(m.source, item) for m in rendered.manifests for item in self._parse(m)]
        except BadManifestError as error:
            return Rendering((), str(error), prepared.notes)
        objects = identified(parsed, case.namespace)
        return Rendering(objects, "", prepared.notes, rendered.manifests)

    def chart(self, case: Case) -> Chart:
        """Return a case's chart."""
        return self._charts[case.chart]

    def prepared(self, case: Case, changes: Mapping[str, bytes] | None = None) -> Prepared:
        """Return what is handed to Helm for a case, but for the values laid over the chart's."""
        return prepare(self.tree.changed(changes or {}), self.chart(case), self._charts.values())

    def close(self) -> None:
        """Remove what was written. A second call does nothing."""
        self._folder.cleanup()

    def __enter__(self) -> Renders:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ask(self, case: Case, prepared: Prepared, values: list[bytes], anew: bool) -> Rendered:
        parts = [prepared.digest, case.release, case.namespace]
        parts += [hashlib.sha256(data).hexdigest() for data in values]
        key = "\n".join(parts)
        if key in self._rendered and not anew:
            self._rendered.move_to_end(key)
            return self._rendered[key]
        if self._ended >= _PATIENCE:
            return Rendered(error=f"not asked: {_PATIENCE} renders took too much time or memory")
        try:
            chart, files = self._lay(prepared), self._lay_values(values)
        except OSError as error:
            if error.errno in _BAD_NAMES:
                return Rendered(error=f"its files cannot be laid side by side: {error.strerror}")
            message = f"a chart's copy cannot be written: {error.strerror}"
            raise RefactorError(message, where=self._folder.name) from error
        self.count += 1
        rendered = self._engine.render(chart, files, release=case.release, namespace=case.namespace)
        self._ended += rendered.ended
        # The first answer stays: what is made anew is there to be compared with it.
        if key not in self._rendered:
            self._keep(key, rendered)
        return rendered

    def _keep(self, key: str, rendered: Rendered) -> None:
        self._rendered[key] = rendered
        self._text += _size(rendered)
        while len(self._rendered) > _RENDERED or self._text > _RENDERED_TEXT:
            self._text -= _size(self._rendered.popitem(last=False)[1])

    def _lay_values(self, values: list[bytes]) -> list[Path]:
        """Write values files, in the place of those of the render before."""
        folder = self._place / "values"
        names = {f"values-{index}.yaml": data for index, data in enumerate(values)}
        with DISK.below(self._place) as files:
            files.remove_tree(folder)
            files.lay(folder, names)
        return [folder / name for name in names]

    def _lay(self, prepared: Prepared) -> Path:
        """Write a copy, unless it still lies there."""
        copy = self._copies.pop(prepared.digest, None)
        with DISK.below(self._place) as files:
            if copy is None:
                copy = self._place / prepared.digest[:24]
                files.remove_tree(copy)
                files.lay(copy, prepared.files)
            self._copies[prepared.digest] = copy
            if len(self._copies) > _COPIES:
                files.remove_tree(self._copies.popitem(last=False)[1])
        return copy


def _size(rendered: Rendered) -> int:
    return len(rendered.error) + sum(len(one.text) for one in rendered.manifests)
