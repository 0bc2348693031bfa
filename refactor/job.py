"""What a plan is made of, and what is looked at for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from refactor.environments import Homes
from refactor.model import Finding, Note
from refactor.settings import Settings
from refactor.tree import TreeScan, scan_tree

if TYPE_CHECKING:
    from refactor.resolve import Query


class Job(NamedTuple):
    """What a plan is made of.

    Attributes:
        root: the repository's root.
        paths: files and directories under it to look at.
        settings: the repository's settings, with the command line's on top.
        homes: the inventory and namespace of each file.
        unproven: whether edits stay in the plan although a check failed or could not be asked.
        digests: SHA-256 of each inventory, by its name.
        notes: what is to be said of the inventories.
    """

    root: Path
    paths: Sequence[Path]
    settings: Settings
    homes: Homes
    unproven: bool = False
    digests: Mapping[str, str] = {}
    notes: tuple[Note, ...] = ()


def query_of(job: Job, finding: Finding) -> Query:
    """Return the question that a finding puts to the inventory."""
    from refactor.resolve import Query

    return Query(
        host=finding.host,
        port=finding.port,
        port_from=finding.port_from,
        scheme=finding.scheme,
        namespace=job.homes.consumer(finding),
    )


def scan(job: Job) -> TreeScan:
    """Return what stands in the job's files, before anything is resolved."""
    found = scan_tree(job.root, job.paths, job.settings, lambda path: job.homes.of(path).inventory)
    # What the plan rests on says where things run; it is nothing that dials.
    rests_on = {Path(name).resolve() for name in job.digests}
    root = job.root.resolve()
    files = tuple(file for file in found.files if root / file.source.path not in rests_on)
    left_out = Counter(found.passed_over) + Counter(inventory=len(found.files) - len(files))
    return found._replace(files=files, passed_over=dict(sorted(left_out.items())))
