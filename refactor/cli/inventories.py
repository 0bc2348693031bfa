"""The inventories that a command line and the settings ask for: files, live clusters, the past."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from refactor.cli.arguments import Arguments, Sources


def load_inventories(asked: Arguments, root: Path, settings: Any) -> Mapping[str, Any]:
    """Return an inventory per environment, "" for files of none; each source is read once."""
    from refactor import inventory
    from refactor.repository.environments import inventory_files

    indexes = inventory.home() if settings.inventory_index else None
    mappings = [inventory.Mapping(m.address, m.service, m.port, m.pod) for m in settings.mappings]
    clusters = _Clusters(asked.sources, named=asked.config is not None)
    stdin = sys.stdin.buffer.read
    past = [
        inventory.load([path], mappings=mappings, stdin=stdin, indexes=indexes)
        for path in asked.sources.histories
    ]
    loaded: dict[tuple[str, ...], Any] = {}
    result = {}
    for name, files in inventory_files(settings).items():
        live = clusters.of(name, settings)
        own = () if live or asked.inventories else tuple(_present(root, file) for file in files)
        paths = asked.inventories or own
        key = (*live, *paths)
        if key not in loaded:
            found = inventory.load(
                paths, mappings=mappings, stdin=stdin, given=live, indexes=indexes
            )
            found.past = tuple(earlier for earlier in past if _same_cluster(found, earlier))
            loaded[key] = found
        result[name] = loaded[key]
    return result


def _present(root: Path, file: str) -> str:
    """Return the path of an inventory that the settings name, which must be there."""
    path = root / file
    if not path.exists():
        from refactor.errors import RefactorError
        from refactor.inventory.read import EXPORT

        message = f"`inventories` in the settings names {file}, which does not exist"
        raise RefactorError(message, where=str(root), remedy=f"{EXPORT}, or pass -i FILE")
    return str(path)


def _same_cluster(now: Any, earlier: Any) -> bool:
    """Whether two inventories may be of one cluster; those that do not say may be."""
    clusters = [{shot.cluster for shot in one.snapshots} for one in (now, earlier)]
    return not all(clusters) or not clusters[0].isdisjoint(clusters[1])


class _Clusters:
    """Reads each cluster once."""

    def __init__(self, sources: Sources, *, named: bool) -> None:
        self._sources = sources
        self._named = named
        self._read: dict[str, dict[str, bytes]] = {}

    def of(self, environment: str, settings: Any) -> dict[str, bytes]:
        """Return the snapshot of an environment's cluster by its title; none where not asked.

        The current context counts only where the settings name none.
        """
        from refactor.cli.live import snapshot_bytes

        sources = self._sources
        if not sources.live:
            return {}
        own = next((e for e in settings.environments if e.name == environment), settings)
        context = sources.context or own.context
        context = context or settings.context
        if not context and any(other.context for other in settings.environments):
            sys.stderr.write(_without_context(environment, bool(own.inventories)))
            return {}
        if context and not sources.context:
            refuse_of_repository(context, named=self._named)
        if context not in self._read:
            self._read[context] = dict([snapshot_bytes(context, sources.kubeconfig)])
        return self._read[context]


def _without_context(environment: str, has_files: bool) -> str:
    whose = f"environment {environment} names" if environment else "the settings name"
    instead = "its inventory files are read" if has_files else "it has no inventory"
    return f"refactor: --live: {whose} no `context`, so {instead} instead\n"


def refuse_of_repository(context: str, *, named: bool) -> None:
    """Refuse a context that a repository brings: to use it runs its exec plugin and contacts it."""
    if named:
        return
    from refactor.errors import RefactorError

    message = f"the repository's settings name the context {context}, and may not choose a cluster"
    remedy = "pass --context, or name the settings by --config if they are yours"
    raise RefactorError(message, where="context", remedy=remedy)


def notes_of(inventories: Mapping[str, Any], settings: Any) -> tuple[Any, ...]:
    """Return what a plan must say of its inventories: what is old, and what they lack."""
    from refactor.model import Note

    now = datetime.datetime.now(datetime.UTC)
    shots = dict.fromkeys(shot for one in inventories.values() for shot in one.snapshots)
    notes = []
    for shot in shots:
        where = f"inventory of {shot.title}"
        if old := age(shot, now, settings.inventory_max_age):
            message = f"{old} (taken {shot.taken}): export it again; pod IPs change"
            notes.append(Note(where, "old-inventory", message))
        notes += [
            Note(where, "unread", f"lacks {lack.resource}: {lack.reason}") for lack in shot.unread
        ]
    return tuple(notes)


def age(shot: Any, now: datetime.datetime, limit: int) -> str:
    """Say how old a snapshot is; "" for one that is not."""
    hours = int((now - shot.time).total_seconds() // 3600) if shot.time else 0
    if not limit or hours < limit:
        return ""
    return f"is {hours} hours old" if hours < 48 else f"is {hours // 24} days old"
