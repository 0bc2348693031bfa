"""Names that no manifest makes and that may exist: of releases, custom objects, hosts files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from functools import cached_property

from refactor.plan.charts.session import Charts
from refactor.repository.repository import Repository
from refactor.yaml.plain import down, objects, text

# An object of a group of its own: operators make Services that go by its name.
_CUSTOM = re.compile(
    rb"apiVersion[\"']?\s*:\s*[\"']?(?!apps/|batch/|extensions/|policy/|autoscaling/"
    rb"|[\w.-]*\.k8s\.io/|kustomize\.)[\w-]+(?:\.[\w-]+)+/"
)
_APART = re.compile(rb"^---", re.MULTILINE)
_OWN_NAME = re.compile(
    rb"^metadata:[ \t]*\r?\n(?:[ \t][^\n]*\n)*?[ ]{1,4}name:[ \t]*[\"']?([\w.-]+)", re.MULTILINE
)
_ALIASES = re.compile(rb"hostnames[\"']?\s*:\s*((?:\s*-\s*[^\n]+)+|\[[^\]\n]*\])")
_WORD = re.compile(rb"[a-z0-9][a-z0-9.-]*")
# A command, not prose: it begins the line, or stands behind a prompt, a quote, an operator.
_HELM = re.compile(
    rb"(?:^|[$&;|`\"'(:=>-])[ \t@]*(?:sudo[ ]+)?helm3?\s+(?:upgrade|install)"
    rb"((?:[^\n\\]|\\\n){1,300})",
    re.MULTILINE,
)
_OPTION = re.compile(rb"--?[\w-]+(?:=\S+)?")
_LABEL = re.compile(rb"[a-z][a-z0-9-]*")
_SPOKEN = (".md", ".sh", ".txt", ".adoc", ".rst", ".yaml", ".yml", "Makefile", ".mk", ".tf")
_COMPOSE = re.compile(r"(?:^|/)(?:docker-)?compose[\w.-]*\.ya?ml\Z")
_UPSTREAM = re.compile(rb"^[ \t]*upstream\s+([a-z][\w.-]*)\s*\{", re.MULTILINE)
_BUILT_IN = ("k8s.io", "apps", "batch", "extensions", "policy", "autoscaling")


class Claims:
    """What others than manifests name; each part is read when it is first asked for."""

    def __init__(self, repository: Repository, charts: Charts) -> None:
        """Take the repository and its charts."""
        self._repository = repository
        self._charts = charts
        self._read = charts.read

    @cached_property
    def names(self) -> frozenset[str]:
        """Names under which others may make Services: releases, subcharts, custom objects."""
        found = {one.release for one in self._repository.installs if one.release}
        for chart in self._charts.all:
            found |= {chart.name, *(d.alias or d.name for d in chart.dependencies)}
        found |= self._custom
        return frozenset(name for name in found if len(name) > 1) | self._installed

    @cached_property
    def _custom(self) -> frozenset[str]:
        """Names of custom objects; rules and dashboards are long, and not parsed for a name."""
        found: set[str] = set()
        for path in self._charts.files:
            data = self._read(path) or b"" if _is_manifest(path) else b""
            for part in _APART.split(data) if _CUSTOM.search(data) else ():
                if _CUSTOM.search(part):
                    named = _OWN_NAME.findall(part)
                    found |= {name.decode() for name in named} if named else _parsed(part)
        return frozenset(found)

    @cached_property
    def _installed(self) -> frozenset[str]:
        """Names of releases that instructions and scripts install."""
        found: set[str] = set()
        files = self._charts.files
        beside = {posixpath.join(posixpath.dirname(path), "README.md") for path in files}
        for path in {*files, *beside}:
            data = self._read(path) or b"" if path.endswith(_SPOKEN) else b""
            if b"helm" in data:
                for command in _HELM.findall(data):
                    words = _OPTION.sub(b" ", command.replace(b"\\\n", b" ")).split()
                    found |= {word.decode() for word in words if _LABEL.fullmatch(word)}
        return frozenset(found)

    @cached_property
    def aliases(self) -> frozenset[str]:
        """Names that `hostAliases` give to addresses."""
        found: set[str] = set()
        for path in self._charts.files:
            if path.endswith((".yaml", ".yml", ".tpl")):
                data = self._read(path) or b""
                if b"hostAliases" in data:
                    for listed in _ALIASES.findall(data):
                        found |= {word.decode() for word in _WORD.findall(listed.lower())}
        return frozenset(found)

    @cached_property
    def composed(self) -> frozenset[str]:
        """Names of the services of compose files."""
        found: set[str] = set()
        for path in self._charts.files:
            if _COMPOSE.search(path):
                for one in objects(self._read(path)):
                    found |= set(down(one, "services"))
        return frozenset(found)

    @cached_property
    def upstreams(self) -> frozenset[str]:
        """Names of nginx's groups of servers, which are no host names."""
        found: set[str] = set()
        for path in self._charts.files:
            data = self._read(path) or b""
            if b"upstream" in data:
                found |= {name.decode() for name in _UPSTREAM.findall(data)}
        return frozenset(found)


def _is_manifest(path: str) -> bool:
    return path.endswith((".yaml", ".yml", ".json")) and "/templates/" not in f"/{path}"


def _parsed(data: bytes) -> set[str]:
    custom = (one for one in objects(data) if _is_custom(text(one, "apiVersion")))
    return {text(down(one, "metadata"), "name") for one in custom}


def _is_custom(version: str) -> bool:
    group = version.rpartition("/")[0]
    return bool(group) and not group.endswith(_BUILT_IN)


def is_claimed(name: str, claims: Iterable[str], meant: str = "") -> bool:
    """Say whether a release, subchart or custom object may have made a Service of this name."""
    words, known = f"-{name}-", f"-{meant}-"
    return any(f"-{claim}-" in words and f"-{claim}-" not in known for claim in claims)
