"""Files that are read outside the pod network: compose projects, pipelines, Ansible.

docs/semantics.md, section 2, "The reader", rule 2. Sources: the Compose file's reference
(`env_file`, `volumes`, `configs`, `secrets`, `extends`); Ansible's directory layout.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
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
# Where a pipeline goes before it runs something (GitHub, Azure, Jenkins, a shell).
_GOES = re.compile(
    r"""(?:working-?[dD]irectory|\bdir)["']?\s*[:=(]\s*["']?(?:\./)?(?P<folder>[\w.-][\w./-]*)|(?:^|[\s;&|('"])(?:cd|pushd)\s+["']?(?:\./)?(?P<into>[\w.-][\w./-]*)"""
)
# Names of the checkout, or of the caller's own directory, before a path in it.
_ROOTED = re.compile(r"\$(?:\{\{[^{}\n]{0,80}\}\}|\{?\w+\}?|\([\w.]+\))/")
_SCRIPT = re.compile(r"\.(?:sh|bash|zsh|ksh|py|ps1)$|(?:^|/)(?:gnu)?[Mm]akefile$")
# Fields by which pipelines are made of several files (GitLab `local`, Azure `template`, GitHub
# `uses: ./…`), or name a script (Azure's Bash, PowerShell and Python tasks).
_PART = re.compile(
    r"""(?:^|[\s{,-])(?P<field>local|template|uses|filePath|scriptPath|targetPath)\s*:\s*["']?(?:\./)?(?P<path>/?[\w.*-][\w./*-]*)(?:@self)?["']?(?=\s*(?:[,}#]|$))"""
)
_INCLUDE = re.compile(r"(?m)^include\s*:")
_MOST_SCRIPTS = 2000
_MOST_FOLDERS = 200
_BEFORE = 200
"""Characters before a call that may say what runs it."""


class Outside(NamedTuple):
    """Who reads a file outside, by its path, and below which directories."""

    files: Mapping[str, Reader]
    folders: Mapping[str, Reader]

    def of(self, path: str, *, deployed: bool = False) -> Reader | None:
        """Return the reader outside of a file; None where there is none.

        Args:
            deployed: to a cluster: what mounts a whole directory of such files hands them on.
        """
        if path in self.files or deployed:
            return self.files.get(path)
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
            for part, content in _projects(path, project, listed, read):
                _composed(part, content, listed, found, folders)
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


def _projects(
    path: str, project: Mapping[str, Any], listed: frozenset[str], read: Read
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield a compose project, and the files of whatever name that it includes or extends."""
    left, seen = [(path, project)], {path}
    while left:
        at, content = left.pop()
        yield at, content
        folder = posixpath.dirname(at)
        for place in {_at(folder, named) for named in _included(content)} & listed - seen:
            seen.add(place)
            other = next(iter(contents(read(place) or b"")), None)
            left += [(place, other)] if isinstance(other, dict) else []


def _included(project: Mapping[str, Any]) -> Iterator[str]:
    included = project.get("include")
    yield from texts(included)
    for one in maps(included):
        yield from [text(one, "path"), *texts(one.get("path"))]
    for service in down(project, "services").values():
        yield text(down(service, "extends"), "file")


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
    for one in maps(project.get("include")):
        yield from [text(one, "env_file"), *texts(one.get("env_file"))]
    for service in down(project, "services").values():
        if not isinstance(service, dict):
            continue
        listed = service.get("env_file")
        yield from [listed] if isinstance(listed, str) else texts(listed)
        yield from (text(item, "path") for item in maps(listed))
        labelled = service.get("label_file")
        yield from [labelled] if isinstance(labelled, str) else texts(labelled)
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
    """Yield what pipelines include and run, and what that runs, each with its pipeline."""
    left = [(path, path) for path in sorted(listed) if is_pipeline(path)]
    seen: set[str] = set()
    while left and len(seen) < _MOST_SCRIPTS:
        path, pipeline = left.pop()
        if path in seen:
            continue
        seen.add(path)
        if path != pipeline:
            yield path, pipeline
        data, folder = (read(path) or b"").decode("utf-8", "replace"), posixpath.dirname(path)
        left += [(script, pipeline) for script in _calls(data, folder, listed)]
        if path.endswith((".yml", ".yaml")):
            left += [(part, pipeline) for part in _parts(data, folder, listed)]


def _parts(data: str, folder: str, listed: frozenset[str]) -> Iterator[str]:
    """Yield the files that a pipeline is put together from, and those that a field names to run."""
    lines = (_ROOTED.sub("", line) for line in data.splitlines() if len(line) <= 2000)
    for found in (part for line in lines for part in _PART.finditer(line)):
        path = found["path"].lstrip("/")
        if found["field"] == "uses":
            named: tuple[str, ...] = (f"{path}/action.yml", f"{path}/action.yaml", path)
        else:
            named = (path,)
        for place in (
            posixpath.normpath(base) for one in named for base in (one, f"{folder}/{one}")
        ):
            if "*" in place:
                yield from islice(fnmatch.filter(listed, place), _MOST_SCRIPTS)
            elif place in listed:
                yield place
    yield from _includes(data, listed)


def _includes(data: str, listed: frozenset[str]) -> Iterator[str]:
    """Yield the files that GitLab's `include` names without a key."""
    content = next(iter(contents(data.encode())), None) if _INCLUDE.search(data) else None
    given = content.get("include") if isinstance(content, dict) else None
    for one in [given] if isinstance(given, str) else texts(given):
        yield from fnmatch.filter(listed, one.lstrip("/")) if "://" not in one else ()


def _calls(data: str, folder: str, listed: frozenset[str]) -> Iterator[str]:
    lines = [_ROOTED.sub("./", line) for line in data.splitlines() if len(line) <= 2000]
    gone = (found for line in lines for found in _GOES.finditer(line))
    folders = ["", folder, *islice(_gone_to(gone, folder), _MOST_FOLDERS)]
    for line in lines:
        for call in _CALLED.finditer(line):
            start = call.start("path")
            if _RUNS.search(line[max(0, start - _BEFORE) : start]):
                yield from _found(call["path"], folders, listed)
        for made in _MAKE.finditer(line):
            yield from _found(posixpath.join(made["folder"] or "", "Makefile"), folders, listed)


def _gone_to(gone: Iterable[re.Match[str]], folder: str) -> Iterator[str]:
    """Yield the directories that a caller goes to, from the root and from its own."""
    for one in dict.fromkeys(found["folder"] or found["into"] for found in gone):
        yield from (posixpath.normpath(one), _at(folder, one))


def _found(path: str, folders: Iterable[str], listed: frozenset[str]) -> Iterator[str]:
    """Yield the scripts that a path names, from any directory that the caller goes to."""
    for candidate in dict.fromkeys(_at(folder, path) for folder in folders):
        if candidate in listed and (
            _SCRIPT.search(candidate) or "." not in posixpath.basename(candidate)
        ):
            yield candidate
