"""Who reads a text: asked file by file, answered from what the whole repository says."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from refactor.model import Document, Finding, Target, WorkloadRef
from refactor.repository import placements
from refactor.repository.consumers import is_in_patch, read_at_home
from refactor.repository.deployments import Deployments
from refactor.repository.files import Files
from refactor.repository.images import Images
from refactor.repository.installs import installs
from refactor.repository.model import Deployed, Install, Reader, bounded
from refactor.repository.objects import Objects
from refactor.repository.outside import Outside, is_pipeline, outside
from refactor.repository.patch_tests import Tested, tested
from refactor.repository.placements import Placements
from refactor.repository.promised import Promised, service_record
from refactor.repository.takers import Takers
from refactor.yaml.kustomizations import Kustomizations, named
from refactor.yaml.pods import pod_template

if TYPE_CHECKING:
    from refactor.inventory import Inventory

_MAPS = ("ConfigMap", "Secret")


class Repository:
    """What a repository deploys; each part is read when a finding needs it."""

    def __init__(
        self,
        paths: Callable[[], Iterable[str]],
        read: Callable[[str], bytes | None],
        assumed: Callable[[str], str] = lambda _: "",
        in_chart: Callable[[str], bool] = lambda _: False,
        included: Callable[[str], bool] = lambda _: False,
        live: Callable[[str], Inventory | None] = lambda _: None,
    ) -> None:
        """Take the repository.

        Args:
            read: gives a file's bytes.
            assumed: the namespace that the user states for a file's readers; "" for none.
            live: the inventory of the cluster that a file is for.
        """
        self._live = live
        self._all = paths
        self._read = read
        self._assumed = assumed
        self._in_chart = in_chart
        self._included = included
        self._known: dict[tuple[object, ...], tuple[Reader, ...]] = {}

    def readers(self, finding: Finding) -> tuple[Reader, ...]:
        """Return the programs that get a finding's text."""
        key = (finding.file, finding.path, finding.document)
        if key not in self._known:
            found = tuple(self._outside_of(finding))
            self._known[key] = found or bounded(self._inside(finding))
        return self._known[key]

    @cached_property
    def paths(self) -> frozenset[str]:
        """Every file."""
        return frozenset(self._all())

    @cached_property
    def installs(self) -> tuple[Install, ...]:
        """Every deployment of a chart or a directory that the repository speaks of."""
        return installs(Files(self._own, self._read, {}), self._objects.kustomizations.all)

    def deployed(self, kinds: re.Pattern[bytes]) -> Iterator[Deployed]:
        """Yield the objects of manifests, of files in which a pattern finds their kind."""
        for work in self._objects.of_kinds(kinds):
            for at in self._placements.of(work.file, work.namespace) if work.name else ():
                name = named(work.name, at.way)
                yield Deployed(work.file, work.kind, name, at.known, work.content)

    @property
    def kustomizations(self) -> Kustomizations:
        """All kustomizations."""
        return self._objects.kustomizations

    def promised(self, target: Target) -> list[Promised]:
        """Return a target's Service as manifests make it, but for those that a patch may change."""
        ref, found = target.service, []
        for work in self._objects.services(ref.name):
            placed = self._placements.of(work.file, work.namespace)
            here = (at for at in placed if at.namespace == ref.namespace and not at.patched)
            record = service_record(work.content, ref.namespace, ref.name)
            if record and any(named(work.name, at.way) == ref.name for at in here):
                found.append(Promised(work.file, record))
        return found

    def templates(self, workloads: Iterable[WorkloadRef]) -> list[Mapping[str, Any]]:
        """Return what manifests make the pods of some workloads from."""
        return [
            pod_template(work.content)
            for ref in workloads
            for work in self._objects.naming(ref.name)
            if (work.kind, work.name) == (ref.kind, ref.name)
        ]

    def tested(self, finding: Finding) -> tuple[Tested, ...]:
        """Return what the JSON patch tests in which a finding stands."""
        return tuple(tested(finding, self._objects.kustomizations, self._read))

    def of_file(self, path: str) -> tuple[Install, ...]:
        """Return the deployments whose values a file holds, as a whole or in a part of it."""
        return (
            *self._deployments.by_values.get(path, ()),
            *self._deployments.by_file.get(path, ()),
        )

    def of_chart(self, folder: str) -> tuple[Install, ...]:
        """Return the deployments of a chart, by its directory ("" for the root)."""
        return tuple(
            self._placements.settled(one)
            for one in self._deployments.by_chart.get(folder or ".", ())
        )

    @cached_property
    def _own(self) -> frozenset[str]:
        """The files that are no chart's templates."""
        return frozenset(path for path in self.paths if "/templates/" not in f"/{path}")

    @cached_property
    def _objects(self) -> Objects:
        return Objects(sorted(self._own), self._read)

    @cached_property
    def _placements(self) -> Placements:
        return Placements(self._objects.kustomizations, self._deployments.by_folder, self._assumed)

    @cached_property
    def _takers(self) -> Takers:
        return Takers(self._objects, self._placements, self._given, self._live)

    @cached_property
    def _images(self) -> Images:
        return Images(lambda: self.paths, self._read, self._objects.works)

    @cached_property
    def _outside(self) -> Outside:
        return outside((path for path in self.paths if not self._in_chart(path)), self._read)

    @cached_property
    def _deployments(self) -> Deployments:
        return Deployments(self.installs, self.paths)

    def _outside_of(self, finding: Finding) -> Iterator[Reader]:
        path = finding.file
        if self._included(path) or self._in_chart(path):
            pass
        elif is_pipeline(path):
            yield Reader(network="outside", evidence=f"pipeline {path}")
        elif found := self._outside.of(path, deployed=self._is_handed_on(finding)):
            yield found

    def _is_handed_on(self, finding: Finding) -> bool:
        """Say whether a file in a mounted directory is there to be deployed to a cluster."""
        path, document = finding.file, finding.document
        if not self._outside.folders or (document and document.api_version):
            return True
        return path in self._deployments.by_values or bool(self.kustomizations.takers(path))

    def _inside(self, finding: Finding) -> Iterator[Reader]:
        document, path = finding.document, finding.file
        if self._in_chart(path):
            yield from self._charted(path)
            return
        inline = [one for one in self._deployments.by_file.get(path, ()) if one.holds(finding)]
        if inline:
            for one in inline:
                yield from self._installed(one, path, document)
            return
        if document and is_in_patch(finding.path):
            yield from self._patching(path, document)
            return
        if document and "annotations" in finding.path:
            yield Reader(
                evidence="an annotation is read by agents and operators, wherever they run"
            )
            return
        if (
            document
            and document.api_version
            and not read_at_home(document.kind, document.api_version)
        ):
            yield Reader(evidence=f"{document.kind} is read by a controller, wherever it runs")
            return
        taking = (
            *self._deployments.by_values.get(path, ()),
            *self._deployments.by_spoken.get(path, ()),
        )
        found = [
            *(r for one in taking for r in self._installed(one, path, None)),
            *self._takers.generated(finding),
        ]
        yield from found
        if document and document.kind in _MAPS:
            yield from self._takers.of_object(finding, document)
        elif document and document.api_version and document.kind != "Kustomization":
            yield from self._of_object(document, path)
        elif not found:
            yield from self._of_plain(finding)

    def _charted(self, path: str) -> Iterator[Reader]:
        """Yield where a chart of this repository goes, for a file of which Helm cannot be asked."""
        folder, known = posixpath.dirname(path), self._deployments.by_values.get(path, ())
        while folder and not known:
            known, folder = self.of_chart(folder), posixpath.dirname(folder)
        for one in known or self.of_chart(""):
            yield from self._installed(one, path, None)
        if not (known or self.of_chart("")):
            yield Reader(namespace=self._assumed(path))

    def _installed(self, one: Install, path: str, document: Document | None) -> Iterator[Reader]:
        """Yield the programs of a deployment, whose chart is not asked here."""
        spaces = {one.namespace}
        if not one.namespace and one.kind == "HelmRelease":
            stated = document.namespace if document else one.stands
            spaces = {placed.namespace for placed in self._placements.of(one.file, stated)}
        for space in sorted(spaces):
            known = space or self._assumed(path)
            yield Reader(
                namespace=placements.known(known),
                installation=one.release,
                evidence=f"by {one.words}",
            )

    def _patching(self, path: str, document: Document) -> Iterator[Reader]:
        """Yield who gets a patch that stands in an object of Argo CD or Flux."""
        found = [one for one in self.installs if one.file == path]
        for one in found:
            yield from self._installed(one, path, None)
        if not found:
            yield Reader(namespace=document.namespace, evidence=f"patched by {path}")

    def _given(self, kind: str, name: str) -> Iterator[Reader]:
        """Yield the programs of releases that take their values from a ConfigMap or Secret."""
        for one in self._deployments.by_map.get((kind, name), ()):
            yield from self._installed(one, one.file, None)

    def _of_object(self, document: Document, path: str) -> Iterator[Reader]:
        works = [
            work
            for work in self._objects.naming(document.name)
            if work.file == path and (work.kind, work.name) == (document.kind, document.name)
        ]
        for placed in self._placements.of(path, document.namespace):
            if works:
                yield self._takers.reading(works[0], placed, "")
            else:
                ref = WorkloadRef(document.kind, placed.known, named(document.name, placed.way))
                host: Any = "host" if document.host_network else "pod"
                told = (placed.said, "its own manifest")
                yield Reader(ref, placed.known, host, document.dns_policy, *told)

    def _of_plain(self, finding: Finding) -> Iterator[Reader]:
        """Yield the readers of a file that says nothing itself."""
        path = finding.file
        kustomizations = self._objects.kustomizations
        takers = kustomizations.takers(path)
        for one in takers:
            for patch in one.patches:
                own = path == one.file and finding.path[: len(patch.place)] == patch.place
                if own or patch.path == path:
                    yield from self._takers.patched(one, patch.target, path)
                    return
        stated = finding.document.namespace if finding.document else ""
        built = list(self._running(path)) if not takers else []
        yield from built
        for placed in self._placements.of(path, stated) if not built else ():
            told = "taken in by" if placed.way else ""
            yield Reader(
                namespace=placed.known,
                installation=placed.said,
                evidence=told and f"{told} {placed.said}",
            )

    def _running(self, path: str) -> Iterator[Reader]:
        """Yield the workloads that run an image with a file's code in it."""
        for built, work in self._images.running(path):
            for placed in self._placements.of(work.file, work.namespace):
                yield self._takers.reading(work, placed, f"image {built.image} of {built.said}")
            if not built.stated:  # the name of a directory alone is no word of its author
                yield Reader(namespace=self._assumed(path))
