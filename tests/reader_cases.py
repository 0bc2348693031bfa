"""Small repositories of kinds met in public ones, with what a migration makes of each.

A case is a cluster, and files as one text: `== path` begins one. `«old|new»` stands for what is
edited; all else has to stay, letter for letter. `++ path` is a file that the plan adds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from refactor.inventory import Inventory
from refactor.model import Plan
from refactor.plan import PlanJob, make_plan
from refactor.repository.environments import Environments
from refactor.settings.types import Settings
from refactor.text.source import Source, splice
from tests.clusters import cluster

_HEAD = re.compile(r"^(==|\+\+) (\S+)\n", re.MULTILINE)
_MARK = re.compile(r"«([^|«»]*)\|([^«»]*)»")


class Case(NamedTuple):
    """A repository before and after, and what its cluster runs."""

    objects: tuple[Any, ...]
    before: Mapping[str, str]
    after: Mapping[str, str]
    namespace: str
    settings: Mapping[str, Any]


def case(text: str, *objects: Any, ns: str = "shop", **settings: Any) -> Case:
    """Read a case: the text holds its files, both before and after."""
    parts = _HEAD.split(text.lstrip("\n"))[1:]
    before, after = {}, {}
    for sign, path, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        after[path] = _MARK.sub(lambda found: found[2], body)
        if sign == "==":
            before[path] = _MARK.sub(lambda found: found[1], body)
    return Case(objects, before, after, ns, settings)


def plan_for(one: Case, root: Path) -> Plan:
    """Write a case's repository, and plan it."""
    for path, text in one.before.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    settings = Settings(namespace=one.namespace, **one.settings)
    inventory: Inventory = cluster(*one.objects)
    return make_plan(
        PlanJob(root, [root], settings, Environments(settings, {"": inventory}, one.namespace))
    )


def written(one: Case, root: Path) -> tuple[dict[str, str], Plan]:
    """Return the files as the plan leaves them."""
    plan = plan_for(one, root)
    files = dict(one.before) | {file.path: file.content for file in plan.files}
    for change in plan.changes:
        source = Source(change.path, (root / change.path).read_bytes())
        files[change.path] = splice(source.text, [(*e.span, e.new) for e in change.edits])
    return files, plan
