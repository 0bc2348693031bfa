"""`samples/shop`: what its README promises is what the tool does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from refactor.apply.run import apply
from refactor.apply.undo import undo
from refactor.cli.arguments import Arguments
from refactor.cli.job import job_of
from refactor.model import Outcome, Plan
from refactor.plan import make_plan
from tests.shop import contents

HERE = Path(__file__).parent
SHOP = HERE.parent / "samples" / "shop"
ROWS: list[dict[str, Any]] = YAML(typ="safe").load(
    (HERE / "samples_expected.yaml").read_text("utf-8")
)


def plan_of(root: Path) -> Plan:
    return make_plan(job_of(Arguments((root,), (), "", None, {})))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(SHOP)


def line_of(outcome: Outcome) -> str:
    text = (SHOP / outcome.finding.file).read_text("utf-8")
    return text.split("\n")[outcome.finding.line - 1].strip()


def at(plan: Plan, row: dict[str, Any]) -> Iterator[Outcome]:
    for outcome in plan.outcomes:
        found = outcome.finding
        if (found.file, found.host) == (row["file"], row["host"]) and line_of(outcome) == row[
            "line"
        ]:
            yield outcome


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['file']}-{r['host']}-{r['line'][:40]}")
def test_each_address(plan: Plan, row: dict[str, Any]) -> None:
    outcomes = list(at(plan, row))
    if row["verdict"] == "never":
        assert outcomes == []
        return

    outcome = next((o for o in outcomes if o.finding.port == row.get("port")), None)
    assert outcome is not None, [(o.finding.host, o.finding.port) for o in outcomes]
    assert (outcome.reason or "edited") == row["verdict"], outcome.why
    assert outcome.new == row.get("new", "")


def test_nothing_else_is_found(plan: Plan) -> None:
    expected = {(r["file"], r["line"], r["host"]) for r in ROWS if r["verdict"] != "never"}
    found = {(o.finding.file, line_of(o), o.finding.host) for o in plan.outcomes}

    assert found == expected


def test_apply_then_plan_finds_nothing_to_do_and_undo_gives_the_very_bytes(tmp_path: Path) -> None:
    root = tmp_path / "shop"
    shutil.copytree(SHOP, root)
    before = contents(root)
    planned = plan_of(root)
    apply(planned, root)

    assert planned.changes
    assert contents(root) != before
    again = plan_of(root)
    assert (again.changes, again.files) == ((), ())

    undo(root)
    assert contents(root) == before


def test_every_change_is_explained_and_proven(plan: Plan) -> None:
    for outcome in plan.outcomes:
        assert outcome.edited or outcome.why
        if outcome.edited:
            assert outcome.resolution is not None
            assert outcome.resolution.chain
    assert {check.state for check in plan.checks} <= {"passed", "unasked"}
