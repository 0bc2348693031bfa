"""A Service that one repository lacks, as the one that has its workload is asked for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from refactor.files import walk
from refactor.files.disk import read
from refactor.model import MissingService, NewService
from refactor.plan.services.manifests import Manifests
from refactor.settings.types import Settings
from refactor.yaml.data import documents


def asks_of(new: NewService) -> Iterator[MissingService]:
    """Return what makes a Service that is only reported: each of its ports.

    Args:
        new: the Service; its manifest is ours, in full or as the ports to add.
    """
    content = documents(new.manifest)[0]
    ports: Any = content["spec"].get("ports", ()) if isinstance(content, dict) else content
    extend = new.service if new.extends else None
    if not ports:
        yield MissingService(new.workload, extend=extend)
    for port in ports:
        yield MissingService(new.workload, port["port"], port.get("protocol", "TCP"), extend)


def may_make(tree: Path, asked: Sequence[MissingService]) -> bool:
    """Say whether a repository may hold a manifest of what is asked for: a chart might.

    Args:
        tree: its files.
        asked: Services that others lack.
    """
    files = [path for path, _ in walk.walk(tree, [tree], Settings()).files]
    if any(file.rpartition("/")[2] == "Chart.yaml" for file in files):
        return True

    def data(file: str) -> bytes | None:
        found = read(tree / file)
        return found if isinstance(found, bytes) else None

    manifests = Manifests(files, data)
    return any(
        manifests.service(ask.extend.name, ask.extend.namespace)
        if ask.extend
        else manifests.of(ask.workload)
        for ask in asked
    )
