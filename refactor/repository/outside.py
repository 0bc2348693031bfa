"""Files that are read outside the pod network: compose projects, pipelines, Ansible.

docs/semantics.md, section 2, "The reader", rule 2. Sources: the Compose file's reference
(`env_file`, `volumes`, `configs`, `secrets`, `extends`); Ansible's directory layout.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from refactor.repository.model import Reader
from refactor.yaml.plain import contents, down, maps, text, texts

Read = Callable[[str], "bytes | None"]

PIPELINE = re.compile(
    r"(?:^|/)(?:\.(?:github|gitea|forgejo)/(?:workflows|actions)/|\.circleci/|\.buildkite/"
    r"|\.woodpecker(?:/|\.ya?ml$)|[\w.-]*gitlab-ci(?:\.[\w-]+)?\.ya?ml$|\.(?:drone|travis)\.ya?ml$"
    r"|(?:azure|bitbucket)-pipelines\.ya?ml$|cloudbuild\.ya?ml$|buildspec\.ya?ml$)"
)
"""Files of pipelines, which run on machines of their own."""

_JENKINS = re.compile(r"(?:^|/)Jenkinsfile(?:\.[\w.-]+)?$")
_COMPOSE = re.compile(r"(?:^|/)(?:docker-|podman-)?compose(?:[._-][\w.-]+)?\.ya?ml$")
_SERVICES = re.compile(rb"(?m)^[\"']?services[\"']?\s*:")
_ANSIBLE = re.compile(
    r"(?:^|/)(?:group_vars|host_vars)/|(?:^|/)roles/[^/]+/(?:tasks|handlers|vars|defaults|templates"
    r"|files|meta)/|(?:^|/)(?:ansible\.cfg|[\w-]*playbook[\w-]*\.ya?ml)$"
)
_PLAY = re.compile(rb"(?m)^-?\s+hosts:\s*\S")
# A script in the place of a command: first on its line, behind what runs it, or behind `&&`.
_CALLED = re.compile(
    r"""(?:^|[\s;&|(`"'=])(?:\./)?(?P<path>[\w][\w./-]*\.(?:sh|bash|zsh|ksh|ps1|py|mk)|(?:[\w.-]+/)+[\w.-]+)(?=$|[\s;&|)`"',\]}])"""
)
_RUNS = re.compile(
    r"(?:^|[\s;&|(`\"'\[,:-])(?:(?:ba|da|z|k)?sh|source|\.|python[\d.]*|pwsh|exec|sudo|time|env|run:|script:|bash:|-)"
    r"(?:\s+-[\w-]+)*\s+[\"']?(?:\./)?$|(?:^|[\s;&|(`\"'])\./$|(?:^|[;&|(`])\s*(?:\./)?$"
)
_MAKE = re.compile(r"(?:^|[\s;&|(`\"'])make(?:\s+-C\s+(?P<folder>[\w./-]+))?(?=$|[\s;&|)`\"'])")
_SCRIPT = re.compile(r"\.(?:sh|bash|zsh|ksh|py|ps1)$|(?:^|/)(?:gnu)?[Mm]akefile$")
_MOST_SCRIPTS = 2000
_BEFORE = 200
"""Characters before a call that may say what runs it."""


class Outside(NamedTuple):
    """Who reads a file outside, by its path, and below which directories."""

    files: Mapping[str, Reader]
    folders: Mapping[str, Reader]

    def of(self, path: str) -> Reader | None:
        """Return the reader outside of a file; None where there is none."""
        if path in self.files:
            return self.files[path]
        folder = posixpath.dirname(path)
        while folder and folder not in self.folders:
            folder = posixpath.dirname(folder)
        return self.folders.get(folder) if folder else None


def is_pipeline(path: str) -> bool:
    """Say whether a file is a pipeline."""
    return bool(PIPELINE.search(path) or _JENKINS.search(path))


def outside(files: Iterable[str], read: Read) -> Outside:
    """Return who reads files outside the pod network.

    Args:
        read: gives a file's bytes.
    """
    listed = frozenset(files)
    found: dict[str, Reader] = {}
    folders: dict[str, Reader] = {}
    for path in sorted(listed):
        if project := _project(path, read):
            _composed(path, project, listed, found, folders)
        elif _ANSIBLE.search(path) or _is_playbook(path, read):
            found.setdefault(path, Reader(network="outside", evidence="Ansible runs it"))
    for script, caller in _scripts(listed, read):
        found.setdefault(script, Reader(network="outside", evidence=f"run by {caller}"))
    return Outside(found, folders)


def _project(path: str, read: Read) -> Mapping[str, Any]:
    """Return a compose project or a stack: told by its name, or by services that have images."""
    if not path.endswith((".yaml", ".yml")):
        return {}
    data = read(path) or b""
    first = next(iter(contents(data)), None) if _SERVICES.search(data) else None
    services = down(first, "services")
    if not isinstance(first, dict) or not services or "apiVersion" in first:
        return {}
    made = any(isinstance(s, dict) and {"image", "build"} & s.keys() for s in services.values())
    return first if made or _COMPOSE.search(path) else {}


def _is_playbook(path: str, read: Read) -> bool:
    """Say whether a file is a list of plays."""
    if not path.endswith((".yaml", ".yml")):
        return False
    data = read(path) or b""
    if not _PLAY.search(data):
        return False
    plays = next(iter(contents(data)), None)
    return bool(maps(plays)) and all(
        "hosts" in play and {"tasks", "roles", "vars", "become", "pre_tasks"} & play.keys()
        for play in maps(plays)
    )


def _composed(
    path: str,
    project: Any,
    listed: frozenset[str],
    found: dict[str, Reader],
    folders: dict[str, Reader],
) -> None:
    """Add a compose project, and the files that it hands to its containers."""
    reader = Reader(network="compose", evidence=f"compose project {path}")
    found[path] = reader
    folder = posixpath.dirname(path)
    builds = {_at(folder, one) for one in _contexts(project)}
    for named in _handed(project):
        place = _at(folder, named)
        if place in listed:
            found.setdefault(place, reader)
        elif place and not (_within(folder, place) or any(_shares(b, place) for b in builds)):
            folders.setdefault(place, reader)


def _contexts(project: Any) -> Iterator[str]:
    for service in down(project, "services").values():
        build = service.get("build") if isinstance(service, dict) else None
        context = text(build, "context") if isinstance(build, dict) else build
        if isinstance(context, str) and context:
            yield context


def _handed(project: Any) -> Iterator[str]:
    """Yield the files and directories that containers get."""
    yield ".env"
    for service in down(project, "services").values():
        if not isinstance(service, dict):
            continue
        listed = service.get("env_file")
        yield from [listed] if isinstance(listed, str) else texts(listed)
        yield from (text(item, "path") for item in maps(listed))
        for short in texts(service.get("volumes")):
            source, colon, _ = short.partition(":")
            if colon and source.startswith("."):
                yield source
        for volume in maps(service.get("volumes")):
            if volume.get("type") == "bind":
                yield text(volume, "source")
    for field in ("configs", "secrets"):
        yield from (text(item, "file") for item in down(project, field).values())


def _at(folder: str, path: str) -> str:
    """Return a path from the root; "" if it is not inside."""
    if not path or path.startswith(("/", "~", "$")):
        return ""
    found = posixpath.normpath(posixpath.join(folder, path))
    return "" if found.startswith("..") or found == "." else found


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _shares(context: str, place: str) -> bool:
    """Say whether a mounted directory holds what an image is built of: it is there to develop."""
    return _within(context, place) or (context != "" and _within(place, context))


def _scripts(listed: frozenset[str], read: Read) -> Iterator[tuple[str, str]]:
    """Yield the scripts that pipelines run, and those that these run, each with its caller."""
    left = [(path, path) for path in sorted(listed) if is_pipeline(path)]
    seen: set[str] = set()
    while left and len(seen) < _MOST_SCRIPTS:
        path, pipeline = left.pop()
        if path in seen:
            continue
        seen.add(path)
        if path != pipeline:
            yield path, pipeline
        data = (read(path) or b"").decode("utf-8", "replace")
        left += [(script, pipeline) for script in _calls(data, posixpath.dirname(path), listed)]


def _calls(data: str, folder: str, listed: frozenset[str]) -> Iterator[str]:
    for line in data.splitlines():
        if len(line) > 2000:
            continue
        for call in _CALLED.finditer(line):
            start = call.start("path")
            if _RUNS.search(line[max(0, start - _BEFORE) : start]):
                yield from _found(call["path"], folder, listed)
        for made in _MAKE.finditer(line):
            yield from _found(posixpath.join(made["folder"] or "", "Makefile"), folder, listed)


def _found(path: str, folder: str, listed: frozenset[str]) -> Iterator[str]:
    """Yield the script that a path names, from the root or from the caller's directory."""
    for candidate in (posixpath.normpath(path), _at(folder, path)):
        if candidate in listed and (
            _SCRIPT.search(candidate) or "." not in posixpath.basename(candidate)
        ):
            yield candidate
            return
