"""A Service that one repository lacks, as the one that has its workload is asked for it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from refactor.files import walk
from refactor.files.disk import read
from refactor.model import MissingService, NewService
from refactor.plan.services.manifests import Manifests
from refactor.settings.types import Settings
from refactor.yaml.data import documents


def asks_of(new: NewService) -> Iterator[MissingService]:
    """Return what makes a Service that is only reported: each of its ports."""
    content = documents(new.manifest)[0]
    ports: Any = content["spec"].get("ports", ()) if isinstance(content, dict) else content
    extend = new.service if new.extends else None
    if not ports:
        yield MissingService(new.workload, extend=extend)
    for port in ports:
        yield MissingService(new.workload, port["port"], port.get("protocol", "TCP"), extend)


def withheld(
    tree: Path, asked: Sequence[MissingService], made: Sequence[NewService]
) -> dict[str, str]:
    """Return the workloads whose manifest is here and that got no Service, and why."""
    left = {a.workload for a in asked if not a.extend} - {s.workload for s in made if s.file}
    if not left:
        return {}
    _, manifests, data = _manifests(tree)
    found = {}
    for workload in sorted(left, key=repr):
        for home, _ in manifests.of(workload)[:1]:
            file = posixpath.join(posixpath.dirname(home.file), f"{workload.name}-service.yaml")
            there = f"{file} is there already" if data(file) is not None else ""
            why = there or f"{home.file} cannot take one as it is"
            found[f"{workload.namespace}/{workload.name}"] = why
    return found


def may_make(tree: Path, asked: Sequence[MissingService]) -> bool:
    """Say whether a repository may hold a manifest of what is asked for: a chart might."""
    files, manifests, _ = _manifests(tree)
    if any(file.rpartition("/")[2] == "Chart.yaml" for file in files):
        return True
    return any(
        manifests.service(ask.extend.name, ask.extend.namespace)
        if ask.extend
        else manifests.of(ask.workload)
        for ask in asked
    )


def _manifests(tree: Path) -> tuple[list[str], Manifests, Callable[[str], bytes | None]]:
    files = [path for path, _ in walk.walk(tree, [tree], Settings()).files]

    def data(file: str) -> bytes | None:
        found = read(tree / file)
        return found if isinstance(found, bytes) else None

    return files, Manifests(files, data), data
