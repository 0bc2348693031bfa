"""The objects of a repository's own manifests: which workloads take which ConfigMaps."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from refactor.yaml.kustomizations import Kustomizations, documents_of, is_target
from refactor.yaml.kustomize import Kustomization, Patch, is_kustomization, read_kustomization
from refactor.yaml.plain import down, maps, objects, text
from refactor.yaml.pods import Taken, pod_template, taken

Read = Callable[[str], "bytes | None"]

_MAKES_PODS = re.compile(
    rb"\b(?:containers|initContainers|volumes|envFrom|hostNetwork|dnsPolicy)[\"']?\s*:"
)
_SERVICE = re.compile(rb"kind[\"']?\s*:\s*[\"']?Service\b")
_NAMES = re.compile(rb"(?:name|secretName)[\"']?\s*:\s*[\"']?([A-Za-z0-9][\w.-]*)")
_NETWORK = re.compile(r"/(hostNetwork|dnsPolicy)\Z")
_MOST_PARSED = 2000
"""Files whose data is kept: several questions are asked of each."""


class WorkloadObject(NamedTuple):
    """An object that makes pods, or a patch of one.

    Attributes:
        file: where it stands.
        content: plain data.
    """

    file: str
    content: Mapping[str, Any]

    @property
    def kind(self) -> str:
        """Its kind."""
        return text(self.content, "kind")

    @property
    def name(self) -> str:
        """Its name, as written."""
        return text(down(self.content, "metadata"), "name")

    @property
    def namespace(self) -> str:
        """Its namespace; "" where it does not say."""
        return text(down(self.content, "metadata"), "namespace")

    @property
    def spec(self) -> Mapping[str, Any]:
        """The spec of its pods, as far as it says."""
        return down(pod_template(self.content), "spec")

    def takes(self) -> Iterator[Taken]:
        """Yield the ConfigMaps and Secrets that its pods take."""
        return taken(self.spec)


class PodNetwork(NamedTuple):
    """What a pod's spec, and its patches, say of its network; None for nothing."""

    host: bool | None = None
    dns: str | None = None
    where: str = ""

    def under(self, other: PodNetwork) -> PodNetwork:
        """Return the same with another's words on top."""
        said = other.host is not None or other.dns is not None
        return PodNetwork(
            self.host if other.host is None else other.host,
            self.dns if other.dns is None else other.dns,
            other.where if said else self.where,
        )


_Patched = tuple[Patch, Mapping[str, Any], PodNetwork]


class Objects:
    """What the YAML files outside of charts describe; each is parsed when it is asked for."""

    def __init__(self, files: Iterable[str], read: Read) -> None:
        """Take the files.

        Args:
            read: gives a file's bytes.
        """
        self._files = tuple(files)
        self._read = read
        self._content = lru_cache(maxsize=_MOST_PARSED)(self._objects_of)
        self._parsed = lru_cache(maxsize=None)(self._works_by_name)
        self._described = lru_cache(maxsize=None)(self._metadata_of)
        self._serving = lru_cache(maxsize=None)(self._services_of)
        self._patched = lru_cache(maxsize=None)(self._network_patches)
        self._below = lru_cache(maxsize=None)(self._parts_of)

    @cached_property
    def kustomizations(self) -> Kustomizations:
        """All kustomizations."""
        named = (file for file in self._files if is_kustomization(file))
        return Kustomizations(
            read_kustomization(file, self._read(file), self._read) for file in named
        )

    def naming(self, name: str) -> list[WorkloadObject]:
        """Return the workloads, and the patches of some, that may name an object."""
        return [w for file in self._index.get(name, ()) for w in self._parsed(file).get(name, ())]

    def metadata(self, file: str, kind: str, name: str) -> Mapping[str, Any]:
        """Return the metadata of an object of a file."""
        return self._described(file).get((kind, name), {})

    def _metadata_of(self, file: str) -> Mapping[tuple[str, str], Mapping[str, Any]]:
        found: dict[tuple[str, str], Mapping[str, Any]] = {}
        for one in self._content(file):
            meta = down(one, "metadata")
            found.setdefault((text(one, "kind"), text(meta, "name")), meta)
        return found

    def _objects_of(self, file: str) -> list[dict[str, Any]]:
        return objects(self._read(file))

    def of_kinds(self, kinds: re.Pattern[bytes]) -> Iterator[WorkloadObject]:
        """Yield the objects of every file in which a pattern finds their kind."""
        for file in self._files:
            if file.endswith((".yaml", ".yml", ".json")) and not is_kustomization(file):
                data = self._read(file)
                if data and kinds.search(data):
                    yield from (WorkloadObject(file, one) for one in self._content(file))

    def works(self) -> Iterator[WorkloadObject]:
        """Yield all workloads."""
        seen: set[int] = set()
        for name in self._index:
            for work in self.naming(name):
                if work.name == name and id(work.content) not in seen:
                    seen.add(id(work.content))
                    yield work

    def services(self, name: str) -> list[WorkloadObject]:
        """Return the Services of a name, as manifests have them."""
        files = self._service_files.get(name, ())
        return [one for file in files for one in self._serving(file).get(name, ())]

    def _services_of(self, file: str) -> Mapping[str, list[WorkloadObject]]:
        works = (WorkloadObject(file, one) for one in self._content(file))
        return _by_names((work, {work.name}) for work in works if work.kind == "Service")

    @cached_property
    def _service_files(self) -> Mapping[str, list[str]]:
        return self._indexed(_SERVICE)

    def network(self, work: WorkloadObject, top: Kustomization | None) -> PodNetwork:
        """Return what is said of a workload's network in one deployment.

        Args:
            top: the outermost kustomization; None for manifests that none takes in.
        """
        listed, patches = self._below(top) if top else (frozenset[str](), ())
        found = PodNetwork()
        alike = (w for w in self.naming(work.name) if (w.kind, w.name) == (work.kind, work.name))
        for one in alike if top else (work,):
            if not top or one.file in listed or one is work:
                found = found.under(_said(one.spec, ""))
        for patch, said, network in patches:
            if is_target(patch, work.content, said):
                found = found.under(network)
        return found

    def _parts_of(self, top: Kustomization) -> tuple[frozenset[str], tuple[_Patched, ...]]:
        """Return what a kustomization takes in, and its patches for networks."""
        parts = self.kustomizations.parts(top)
        listed = frozenset(path for one in parts for path in one.resources)
        return listed, tuple(one for part in parts for one in self._patched(part.file))

    @cached_property
    def _index(self) -> Mapping[str, list[str]]:
        """The files that may describe pods, by every name in them."""
        return self._indexed(_MAKES_PODS)

    def _indexed(self, asked: re.Pattern[bytes]) -> Mapping[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for file in self._files:
            if not (file.endswith((".yaml", ".yml", ".json")) or is_kustomization(file)):
                continue
            data = self._read(file)
            if data and asked.search(data):
                for name in set(_NAMES.findall(data)):
                    found[name.decode("ascii", "replace")].append(file)
        return found

    def _works_by_name(self, file: str) -> Mapping[str, list[WorkloadObject]]:
        """Return a file's workloads, by their own names and by those that they take."""
        works = ((work, {taken.name for taken in work.takes()}) for work in self._works(file))
        return _by_names((work, {work.name, *names}) for work, names in works)

    def _works(self, file: str) -> tuple[WorkloadObject, ...]:
        found = self._content(file)
        if is_kustomization(file):
            inline = (p for one in self.kustomizations.takers(file) for p in one.patches if p.text)
            found = [d for p in inline for d in documents_of(p, None) if isinstance(d, dict)]
        works = (WorkloadObject(file, content) for content in found)
        return tuple(work for work in works if work.name and work.spec)

    def _network_patches(self, file: str) -> tuple[_Patched, ...]:
        """Return the patches of a kustomization that speak of a network."""
        one, found = self.kustomizations.of_file(file), []
        for patch in one.patches if one else ():
            raw = patch.text.encode() if patch.text else self._read(patch.path) or b""
            if b"hostNetwork" not in raw and b"dnsPolicy" not in raw:
                continue
            where = patch.path or file
            for document in documents_of(patch, raw):
                said = document if isinstance(document, dict) else {}
                network = _said(down(pod_template(said), "spec"), where)
                if isinstance(document, list):
                    network = _operations(document, where)
                found.append((patch, said, network))
        return tuple(found)


def _by_names(
    pairs: Iterable[tuple[WorkloadObject, set[str]]],
) -> Mapping[str, list[WorkloadObject]]:
    found: defaultdict[str, list[WorkloadObject]] = defaultdict(list)
    for work, names in pairs:
        for name in names:
            found[name].append(work)
    return found


def _said(spec: Mapping[str, Any], where: str) -> PodNetwork:
    host, dns = spec.get("hostNetwork"), spec.get("dnsPolicy")
    return PodNetwork(
        host if isinstance(host, bool) else None, dns if isinstance(dns, str) else None, where
    )


def _operations(listed: list[Any], where: str) -> PodNetwork:
    """Return what a JSON patch says of a network."""
    said: dict[str, Any] = {}
    for one in maps(listed):
        found = _NETWORK.search(text(one, "path"))
        if found and one.get("op") in ("add", "replace"):
            said[found[1]] = one.get("value")
        elif found and one.get("op") == "remove":
            said[found[1]] = False if found[1] == "hostNetwork" else ""
    return _said(said, where)
