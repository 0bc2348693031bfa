"""Which workloads run which source code: by the images that are built of it.

Sources: the Dockerfile's reference (`COPY`, `ADD`), skaffold.yaml (`build.artifacts`), the Compose
file's reference (`build`). docs/semantics.md, section 2, "The reader", rule 2.
"""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from refactor.repository.objects import WorkloadObject
from refactor.yaml.plain import contents, down, maps, text
from refactor.yaml.pods import CONTAINERS

Read = Callable[[str], "bytes | None"]

_DOCKERFILE = re.compile(r"(?:^|/)(?:Docker|Container)file$")
_SKAFFOLD = re.compile(r"(?:^|/)skaffold[\w.-]*\.ya?ml$")
_COMPOSE = re.compile(r"(?:^|/)(?:docker-|podman-)?compose(?:[._-][\w.-]+)?\.ya?ml$")
_COPY = re.compile(r"^[ \t]*(?:COPY|ADD)[ \t]+(?P<rest>[^\n]+)$", re.MULTILINE | re.IGNORECASE)
_MOST = 2000
"""Dockerfiles and artifacts of one repository that are looked at."""


class Built(NamedTuple):
    """An image, and the directory, or file, that is built into it.

    Attributes:
        stated: a file says which image it is; else a Dockerfile's directory has its name.
        said: the file that says so.
    """

    image: str
    place: str
    stated: bool
    said: str


class Images:
    """Finds the workloads that run a file's code; nothing is read before one is asked for."""

    def __init__(
        self,
        paths: Callable[[], Iterable[str]],
        read: Read,
        works: Callable[[], Iterable[WorkloadObject]],
    ) -> None:
        self._paths = paths
        self._read = read
        self._works = works

    def running(self, path: str) -> list[tuple[Built, WorkloadObject]]:
        """Return the workloads that run a file's code, by the nearest place that is built."""
        place = path
        while place:
            found = [(b, w) for b in self._built.get(place, ()) for w in self._of_image(b.image)]
            if found:
                stated = [pair for pair in found if pair[0].stated]
                return stated or found
            place = posixpath.dirname(place)
        return []

    def _of_image(self, image: str) -> list[WorkloadObject]:
        name = repository_of(image)
        return self._by_image.get(name) or self._by_image.get(posixpath.basename(name), [])

    @cached_property
    def _by_image(self) -> Mapping[str, list[WorkloadObject]]:
        """Workloads by their images' names, whole and without the registry."""
        found: defaultdict[str, list[WorkloadObject]] = defaultdict(list)
        for work in self._works():
            listed = (c for place in CONTAINERS for c in maps(work.spec.get(place)))
            for name in {repository_of(text(container, "image")) for container in listed} - {""}:
                for key in {name, posixpath.basename(name)}:
                    found[key].append(work)
        return found

    @cached_property
    def _places(self) -> frozenset[str]:
        """All files, and all directories of some."""
        found: set[str] = set()
        for path in self._paths():
            while path and path not in found:
                found.add(path)
                path = posixpath.dirname(path)
        return frozenset(found)

    @cached_property
    def _built(self) -> Mapping[str, list[Built]]:
        found: defaultdict[str, list[Built]] = defaultdict(list)
        for count, one in enumerate(self._all()):
            found[one.place].append(one)
            if count > _MOST:
                break
        return found

    def _all(self) -> Iterator[Built]:
        for path in sorted(self._paths()):
            folder = posixpath.dirname(path)
            if _SKAFFOLD.search(path):
                yield from self._artifacts(path, folder)
            elif _COMPOSE.search(path):
                yield from self._composed(path, folder)
            elif _DOCKERFILE.search(path) and folder:
                image = posixpath.basename(folder)
                yield from self._copied(image, folder, ".", posixpath.basename(path), "")

    def _artifacts(self, path: str, folder: str) -> Iterator[Built]:
        for content in contents(self._read(path)):
            for one in maps(down(content, "build").get("artifacts")):
                inner = text(one, "context") or "."
                file = text(down(one, "docker"), "dockerfile") or "Dockerfile"
                yield from self._copied(text(one, "image"), folder, inner, file, path)

    def _composed(self, path: str, folder: str) -> Iterator[Built]:
        project = next(iter(contents(self._read(path))), None)
        for name, one in down(project, "services").items():
            build = one.get("build") if isinstance(one, dict) else None
            if build:
                inner = text(build, "context") if isinstance(build, dict) else str(build)
                file = text(build, "dockerfile") or "Dockerfile"
                image = text(one, "image") or str(name)
                yield from self._copied(image, folder, inner or ".", file, path)

    def _copied(
        self, image: str, folder: str, inner: str, dockerfile: str, said: str
    ) -> Iterator[Built]:
        """Yield what a Dockerfile copies into an image."""
        context = posixpath.normpath(posixpath.join(folder, inner))
        file = posixpath.normpath(posixpath.join(context, dockerfile))
        data = (self._read(file) or b"").decode("utf-8", "replace")
        for found in _COPY.finditer(data):
            words = [word for word in found["rest"].split() if not word.startswith("--")]
            if "--from=" in found["rest"] or len(words) < 2:
                continue
            for word in words[:-1]:
                for base in (context, "."):  # a build may also begin at the root
                    place = posixpath.normpath(posixpath.join(base, word.strip('[]",')))
                    if place in self._places:
                        yield Built(image, place, bool(said), said or file)
                        break


def repository_of(image: str) -> str:
    """Return an image's name without tag and digest."""
    name = image.partition("@")[0]
    head, slash, last = name.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}"
