"""Every reason why an address stays has an example that is tried: here, in samples/shop, in charts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest

from refactor import inventory
from refactor.gate.run import look
from refactor.model import REASONS, REMEDIES, Plan, Reason
from refactor.plan import PlanJob, make_plan
from refactor.report.words import QUIET, advice, needs_human
from refactor.repository.environments import Environments
from refactor.settings.types import Settings
from tests import test_charted
from tests.clusters import service, stateful
from tests.many import many_plan, shop_plan
from tests.shop import ITEMS, write_cluster
from tests.test_samples import ROWS


class Example(NamedTuple):
    """A file that holds an address.

    Attributes:
        file: its name.
        data: its bytes.
        shown: what the docs show of it.
        settings: of the repository.
    """

    file: str
    data: bytes
    shown: str
    settings: Settings = Settings(namespace="shop")


def example(file: str, text: str, **settings: Any) -> Example:
    return Example(file, text.encode(), text, Settings(namespace="shop", **settings))


SETS = [
    *stateful("queue", ["10.42.8.1", "10.42.8.2"], 5672, governing=""),
    service("queue", "10.43.0.90", {"app": "queue"}, (5672, 5672)),
]
# A conflict is a guard: no text is known that leads to one, and tests/test_rewrite.py makes one up.
GUARDS = {"conflict"}
EXAMPLES: dict[str, Example] = {
    "escaped": example("a.py", "URL = 'http://1\\x30.42.1.11:8080'"),
    "identity": example("a.yaml", "broker: 10.42.8.1:5672 # one of two pods without a governing Service"),
    "locked": example("a.yaml", "url: http://10.42.1.11:8080\nsops: {mac: x}"),
    "own": example("a.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: orders, namespace: shop}\nspec: {template: {spec: {containers: [{name: orders, args: ['10.42.1.11:8080']}]}}}"),
    "public": example("a.yaml", "probe: 8.8.8.8 # with --public", public=True),
    "unparsable": example("a.yaml", "list: [1\nurl: http://10.42.1.11:8080 # is read as text"),
    "undecodable": Example("a.yaml", b"name: \xff\nurl: http://10.42.1.11:8080\n", "name: \\xff\nurl: http://10.42.1.11:8080"),
    "new": example("a.yaml", "url: http://10.42.1.11:8080 # in `refactor check`"),
}  # fmt: skip


def reasons_of(root: Path, example: Example) -> set[str]:
    """Return the reasons that a plan, and the gate, give for an example and its file."""
    cluster = write_cluster(root / "cluster.json", [*ITEMS, *SETS])
    file = root / "repo" / example.file
    file.parent.mkdir(parents=True)
    file.write_bytes(example.data)
    known = inventory.load([cluster], stdin=bytes)
    homes = Environments(example.settings, {"": known})
    job = PlanJob(root / "repo", (root / "repo",), example.settings, homes)
    plan = make_plan(job)
    gate = look(job, None, None, everything=True, create=False)
    outcomes = [*plan.outcomes, *gate.plan.outcomes]
    return {*(o.reason or "" for o in outcomes), *(note.reason for note in plan.notes)}


@pytest.mark.parametrize("reason", EXAMPLES)
def test_example(tmp_path: Path, reason: str) -> None:
    assert reason in reasons_of(tmp_path, EXAMPLES[reason])


def test_every_reason_has_one_and_a_meaning() -> None:
    sample, charts = (
        {row["verdict"] for row in ROWS},
        {row[2] for row in test_charted.KEPT.values()},
    )
    shown = sample | charts | EXAMPLES.keys() | GUARDS

    assert shown - {"edited", "never"} == set(get_args(Reason)) == REASONS.keys()


def test_whatever_is_not_right_as_it_is_comes_with_what_to_do() -> None:
    # What is new to the gate has the plan's own advice, and the gate's way out below all.
    assert REMEDIES.keys() == REASONS.keys() - QUIET - {"new"}
    assert all(text == text.strip() and not text.endswith(".") for text in REMEDIES.values())


@pytest.mark.parametrize("make", [shop_plan, lambda top: many_plan(top, top.parent / "c.json")])
def test_every_finding_of_the_samples_that_needs_somebody_is_advised(
    tmp_path: Path, make: Callable[[Path], Plan]
) -> None:
    outcomes = make(tmp_path / "repo").outcomes
    advised = {bool(advice(o)) for o in outcomes if needs_human(o)}

    assert advised == {True}
    assert not any(advice(o) for o in outcomes if not needs_human(o))
