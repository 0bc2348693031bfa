"""What a Python program may use: scan, plan, apply, undo, check, and what they take and give.

    from refactor import api

    cluster = api.load_inventory("cluster.json")
    plan = api.plan("my-repository", cluster, namespace="shop")
    print(len(plan.changes), "files would change")
    api.apply(plan, "my-repository")

Nothing is written but by `apply` and `undo`, and nothing is printed. Every error that a caller can
cause is a `RefactorError`, whose text says what, where, and what to do. Extensions (scanners,
report formats, forges) take their types from here, too. Only the names in `__all__` are kept from
one version to the next; other modules of the package may change at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from refactor.apply.run import Applied
from refactor.apply.run import apply as _apply
from refactor.apply.undo import undo as _undo
from refactor.campaign.forge.base import Forge, ForgeError, ForgeKind, Health, PullRequest
from refactor.campaign.forge.base import WantedPull as WantedPullRequest
from refactor.campaign.spec import Group
from refactor.campaign.values import Repository
from refactor.errors import RefactorError
from refactor.inventory import Inventory, Mapping
from refactor.inventory import load as _load
from refactor.model import (
    Edit,
    FileChange,
    Finding,
    Literal,
    NewFile,
    NewService,
    Note,
    Outcome,
    Plan,
    Scanned,
)
from refactor.plan.job import PlanJob
from refactor.repository.environments import Environments, inventory_files
from refactor.settings.load import load as load_settings
from refactor.settings.types import Settings
from refactor.text.view import View

__all__ = [
    "Applied",
    "Edit",
    "FileChange",
    "Finding",
    "Forge",
    "ForgeError",
    "ForgeKind",
    "Group",
    "Health",
    "Inventory",
    "Literal",
    "NewFile",
    "NewService",
    "Note",
    "Outcome",
    "Plan",
    "PullRequest",
    "RefactorError",
    "Repository",
    "Scan",
    "Scanned",
    "Settings",
    "View",
    "WantedPullRequest",
    "apply",
    "check",
    "load_inventory",
    "load_settings",
    "plan",
    "scan",
    "undo",
]


class Scan(NamedTuple):
    """What stands in the files of a repository.

    Attributes:
        findings: every address, in order of file and place; of those that stay where they are
            `kept` says why.
        notes: what is to be said of whole files: those that could not be read, ...
        files_read: number of files that were looked into.
    """

    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    files_read: int


def load_inventory(*files: str | Path, settings: Settings | None = None) -> Inventory:
    """Read what runs in a cluster.

    Args:
        files: what `kubectl get services,endpointslices,pods,nodes,... -A -o json` gave, what
            `refactor inventory` wrote, or directories of manifests.
        settings: their `mappings` decide what addresses stand for.

    Returns:
        The inventory; without files an empty one, which knows no address.

    Raises:
        RefactorError: a file cannot be read, or does not hold Kubernetes objects.
    """
    mappings = tuple(
        Mapping(m.address, m.service, m.port, m.pod) for m in (settings or Settings()).mappings
    )
    return _load([str(file) for file in files], mappings=mappings, stdin=bytes)


def scan(
    root: str | Path,
    *,
    paths: Sequence[str | Path] = (),
    inventory: Inventory | None = None,
    settings: Settings | None = None,
) -> Scan:
    """Return every hard-coded address of a repository. Nothing is resolved.

    Args:
        root: the repository's directory.
        paths: files and directories under it to look at; none for all of it.
        inventory: its names of nodes and pods are findings too.
        settings: in place of the repository's own.

    Raises:
        RefactorError: a path does not exist or lies outside the root, or the settings are wrong.
    """
    from refactor.plan.job import scan as scanned

    tree = scanned(_job(root, paths, inventory, settings))
    findings = tuple(finding for file in tree.files for finding in file.findings)
    return Scan(findings, tree.notes, tree.files_read)


def plan(
    root: str | Path,
    inventory: Inventory | None = None,
    *,
    paths: Sequence[str | Path] = (),
    namespace: str = "",
    settings: Settings | None = None,
    unproven: bool = False,
) -> Plan:
    """Return every address, what it stands for, every change with its proof. Nothing is written.

    Args:
        root: the repository's directory.
        inventory: of the cluster, for all files; None for those that the settings name.
        paths: files and directories under the root to look at; none for all of it.
        namespace: of the programs that read files which do not say theirs; "" for not known.
        settings: in place of the repository's own.
        unproven: whether edits stay in the plan although a check failed or could not be made.

    Returns:
        The plan: a value that does not change, and that `msgspec.json.encode` writes as the
        document which docs/plan.schema.json describes.

    Raises:
        RefactorError: a path does not exist or lies outside the root, the settings are wrong, or an
            inventory that they name cannot be read.
    """
    from refactor.plan.driver import make_plan

    job = _job(root, paths, inventory, settings, namespace)
    return make_plan(job._replace(unproven=unproven))


def apply(plan: Plan, root: str | Path, *, allow_dirty: bool = False) -> Applied:
    """Write all changes and new files of a plan, or none of them.

    Args:
        plan: as `plan` returned it.
        root: the repository's directory.
        allow_dirty: write although git has uncommitted changes, which then mix with these.

    Returns:
        The files that were written, relative to the root.

    Raises:
        RefactorError: a file is not what the plan rests on, or cannot be written; none was.
    """
    return _apply(plan, Path(root), allow_dirty=allow_dirty)


def undo(root: str | Path) -> Applied:
    """Take the last apply back, byte for byte.

    Args:
        root: the repository's directory.

    Returns:
        The files that were written or removed, relative to the root.

    Raises:
        RefactorError: there is nothing to take back, or a file has changed since; none was written.
    """
    return _undo(Path(root))


def check(
    root: str | Path,
    *,
    paths: Sequence[str | Path] = (),
    base: str | None = None,
    baseline: str | Path | None = None,
    inventory: Inventory | None = None,
    settings: Settings | None = None,
) -> tuple[Finding, ...]:
    """Return the hard-coded addresses that are new, as `refactor check` fails on them.

    Args:
        root: the repository's directory.
        paths: files and directories under it to look at; none for all of it.
        base: a revision of git: only lines that changed since are looked at. None for all.
        baseline: the file that says what is known; None for the repository's own, if it has one.
        inventory: its names of nodes and pods are findings too.
        settings: in place of the repository's own.

    Raises:
        RefactorError: a path, the baseline or git cannot be read.
    """
    from refactor.gate.run import look

    job = _job(root, paths, inventory, settings)
    file = None if baseline is None else Path(baseline)
    return look(job, base, file, everything=not paths, create=False).sifted.new


def _job(
    root: str | Path,
    paths: Sequence[str | Path],
    inventory: Inventory | None,
    given: Settings | None,
    namespace: str = "",
) -> PlanJob:
    top = Path(root)
    settings = load_settings(top) if given is None else given
    named = inventory_files(settings)
    inventories = {
        name: load_inventory(*(top / file for file in files), settings=settings)
        if inventory is None
        else inventory
        for name, files in named.items()
    }
    digests = {name: sha for one in inventories.values() for name, sha in one.digests.items()}
    looked = tuple(Path(path) for path in paths) or (top,)
    return PlanJob(
        top, looked, settings, Environments(settings, inventories, namespace), digests=digests
    )
