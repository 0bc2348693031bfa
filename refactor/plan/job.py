"""What a plan is made of, and what is looked at for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from refactor.model import Basis, Finding, MissingService, Note, ServiceRef
from refactor.repository.environments import Environments
from refactor.scan.tree import TreeScan, scan_tree
from refactor.settings.types import Settings

if TYPE_CHECKING:
    from refactor.addresses.matcher import Test
    from refactor.resolve import Query


class PlanJob(NamedTuple):
    """What a plan is made of.

    Attributes:
        root: the repository's root.
        paths: files and directories under it to look at.
        settings: the repository's settings, with the command line's on top.
        homes: the inventory and namespace of each file.
        unproven: whether edits stay in the plan although a check failed or could not be asked.
        digests: SHA-256 of each inventory, by its name.
        notes: what is to be said of the inventories.
        asked: Services that other repositories lack; those whose workload's manifest is here are
            made here.
        assumed: Services that other repositories make.
        basis: what the plan is made from, for its readers.
    """

    root: Path
    paths: Sequence[Path]
    settings: Settings
    homes: Environments
    unproven: bool = False
    digests: Mapping[str, str] = {}
    notes: tuple[Note, ...] = ()
    asked: tuple[MissingService, ...] = ()
    assumed: frozenset[ServiceRef] = frozenset()
    basis: Basis = Basis()


def query_of(job: PlanJob, finding: Finding) -> Query:
    """Return the question that a finding puts to the inventory."""
    from refactor.resolve import Query

    return Query(
        host=finding.host,
        port=finding.port,
        port_from="beside" if _is_beside(finding) else finding.port_from,
        scheme=finding.scheme,
        namespace=job.homes.consumer(finding),
        other=finding.other_port,
        key=finding.key if finding.port_from == "none" else "",
    )


def _is_beside(finding: Finding) -> bool:
    return finding.port_from == "none" and bool(finding.remarks)


def rests_on(job: PlanJob) -> frozenset[str]:
    """Return the repository's own files that are inventories, relative to its root.

    They say where things run: nothing in them dials, and nothing is described there.
    """
    root = job.root.resolve()
    paths = (Path(name).resolve() for name in job.digests)
    return frozenset(
        path.relative_to(root).as_posix() for path in paths if path.is_relative_to(root)
    )


def scan(job: PlanJob, also: Test | None = None) -> TreeScan:
    """Return what stands in the job's files, before anything is resolved."""
    found = scan_tree(
        job.root, job.paths, job.settings, lambda path: job.homes.of(path).inventory, also
    )
    rested = rests_on(job)
    files = tuple(file for file in found.files if file.source.path not in rested)
    left_out = Counter(found.passed_over) + Counter(inventory=len(found.files) - len(files))
    return found._replace(files=files, passed_over=dict(sorted(left_out.items())))
