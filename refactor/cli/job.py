"""The job that a command line asks for."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from refactor.cli.arguments import Arguments


def job_of(asked: Arguments, *, unproven: bool = False, only_scan: bool = False) -> Any:
    """Return the `plan.Job` that a command line asks for."""
    from refactor.plan.job import PlanJob
    from refactor.repository.environments import Environments

    root = root_of(asked.paths)
    _tell_waiting(root)
    settings = _settings(root, asked)
    _check(asked.namespace, asked.overrides.get("cluster_domain"))
    if only_scan and not _has_inventory(asked, settings):
        from refactor.addresses.known import NOTHING

        names = ("", *(environment.name for environment in settings.environments))
        nothing: dict[str, Any] = dict.fromkeys(names, NOTHING)
        return PlanJob(root, asked.paths or (root,), settings, Environments(settings, nothing))
    from refactor.cli.basis import basis
    from refactor.cli.inventories import load_inventories, notes_of

    document = _document(root, asked, settings)
    inventories = load_inventories(asked, root, settings)
    homes = Environments(settings, inventories, asked.namespace)
    now = inventories.values()
    read = [*now, *(past for one in now for past in one.past)]
    digests = {name: sha for one in read for name, sha in one.digests.items()}
    doubted = _doubted(document, asked, settings, root, inventories)
    notes = (*doubted, *notes_of(inventories, settings))
    rests = basis(root, document.file if document else "", asked.namespace, inventories)
    paths = asked.paths or (root,)
    job = PlanJob(root, paths, settings, homes, unproven, digests, notes, basis=rests)
    if document is not None and settings.mappings:
        from refactor.plan.mapped import refuse_unmade

        refuse_unmade(document, job, inventories.values())
    return job


def _doubted(
    document: Any, asked: Arguments, settings: Any, root: Path, inventories: Any
) -> tuple[Any, ...]:
    """Return notes on what the settings and the command line name and nothing has."""
    if document is None and not asked.namespace:
        return ()
    from refactor.model import Note
    from refactor.settings.doubts import doubts, unknown_namespace

    problem = unknown_namespace(asked.namespace, inventories)
    own = (Note("-n", "settings", problem),) if problem else ()
    return (*own, *(doubts(document, settings, root, inventories) if document else ()))


def _document(root: Path, asked: Arguments, settings: Any) -> Any:
    """Return the settings as read, None without any; refuse paths in them that do not exist."""
    from refactor.settings.read import find, read_named

    document = read_named(asked.config) if asked.config else find(root)
    if document is not None:
        from refactor.settings.check import refuse_missing

        refuse_missing(document, settings, root)
    return document


def _tell_waiting(root: Path) -> None:
    """Say that an apply was cut short before anything is read of a tree that it may have torn."""
    state = root / ".refactor"
    if any((state / name).exists() for name in ("committed.json", "preparing.json")):
        from refactor.apply.transaction import waiting

        if told := waiting(root):
            sys.stderr.write(f"{told}\n")


def _has_inventory(asked: Arguments, settings: Any) -> bool:
    homes = (settings, *settings.environments)
    given = (*asked.inventories, *asked.sources.histories, *settings.mappings)
    return bool(given or asked.sources.live or any(home.inventories for home in homes))


def root_of(paths: Sequence[Path]) -> Path:
    """Return the root of the repository that the paths, or the working directory, belong to."""
    from refactor.errors import RefactorError
    from refactor.files.walk import find_root

    for path in paths:
        if not path.exists():
            message = "does not exist"
            raise RefactorError(message, where=str(path))
    return find_root(paths[0] if paths else Path.cwd())


def _check(namespace: str, domain: str | None) -> None:
    """Refuse names that a command line gives and Kubernetes would not; they go into files."""
    if not namespace and domain is None:
        return
    from refactor.errors import RefactorError
    from refactor.settings.check import is_domain
    from refactor.text.dns import is_label

    if namespace and not is_label(namespace):
        message = "is not a namespace"
        remedy = "use lower-case letters, digits and dashes, 63 at most"
        raise RefactorError(message, where=repr(namespace), remedy=remedy)
    if domain is not None and not is_domain(domain):
        message = "is not a cluster domain"
        raise RefactorError(message, where=repr(domain), remedy="such as cluster.local")


def _settings(root: Path, asked: Arguments) -> Any:
    import msgspec

    from refactor.settings.load import load

    return msgspec.structs.replace(load(root, asked.config), **asked.overrides)
