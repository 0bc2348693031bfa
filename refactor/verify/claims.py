"""Names that no manifest makes and that may exist: of releases, custom objects, hosts files."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from functools import cached_property

from refactor.helm.tree import Tree
from refactor.plan.charts.session import Charts
from refactor.repository.model import Deployed
from refactor.repository.repository import Repository
from refactor.yaml.plain import down, objects, text

# An object of a group of its own: operators make Services that go by its name.
_CUSTOM = re.compile(
    rb"\bapiVersion[\"']?\s*:\s*[\"']?(?!apps/|batch/|extensions/|policy/|autoscaling/"
    rb"|[\w.-]*\.k8s\.io/|kustomize\.)[\w-]+(?:\.[\w-]+)+/"
)
_ALIASES = re.compile(rb"hostnames[\"']?\s*:\s*((?:\s*-\s*[^\n]+)+|\[[^\]\n]*\])")
_WORD = re.compile(rb"[a-z0-9][a-z0-9.-]*")
_HELM = re.compile(rb"\bhelm3?\s+(?:upgrade|install)((?:[^\n\\]|\\\n){1,300})")
_OPTION = re.compile(rb"--?[\w-]+(?:=\S+)?")
_LABEL = re.compile(rb"[a-z][a-z0-9-]*")
_SPOKEN = (".md", ".sh", ".txt", ".adoc", ".rst", ".yaml", ".yml", "Makefile", ".mk", ".tf")
_COMPOSE = re.compile(r"(?:^|/)(?:docker-)?compose[\w.-]*\.ya?ml\Z")
_BUILT_IN = ("k8s.io", "apps", "batch", "extensions", "policy", "autoscaling")


class Claims:
    """What others than manifests name; each part is read when it is first asked for."""

    def __init__(self, repository: Repository, charts: Charts) -> None:
        """Take the repository and its charts."""
        self._repository = repository
        self._charts = charts
        self._read = Tree(charts.root).read

    @cached_property
    def names(self) -> frozenset[str]:
        """Names under which others may make Services: releases, subcharts, custom objects."""
        found = {one.release for one in self._repository.installs if one.release}
        for chart in self._charts.all:
            found |= {chart.name, *(d.alias or d.name for d in chart.dependencies)}
        found |= {one.name for one in self._repository.deployed(_CUSTOM) if _is_custom(one)}
        return frozenset(name for name in found if name) | self._installed

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


def _is_custom(one: Deployed) -> bool:
    group = text(one.content, "apiVersion").rpartition("/")[0]
    return bool(group) and not group.endswith(_BUILT_IN)


def is_claimed(name: str, claims: Iterable[str], meant: str = "") -> bool:
    """Say whether a release, subchart or custom object may have made a Service of this name."""
    words, known = f"-{name}-", f"-{meant}-"
    return any(f"-{claim}-" in words and f"-{claim}-" not in known for claim in claims)
