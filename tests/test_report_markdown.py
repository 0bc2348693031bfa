"""Markdown where there is more to say than a forge takes: cut gracefully, and told so."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from refactor.model import Outcome, Plan, ServiceRef, Target
from refactor.report.lines import LONGEST
from refactor.report.markdown import LIMIT, markdown
from refactor.report.text import plan_lines
from tests.plans import plan_of
from tests.test_report_formats import NEW, OLD, finding, unresolved, write

CHAIN = tuple(f"{OLD} is a pod of step {number} {'x' * 60}" for number in range(5))


def changed(root: Path, texts: dict[str, str]) -> Plan:
    """Return a plan that edits each of some files once, with the same evidence."""
    write(root, {name: text.encode() for name, text in texts.items()})
    plan = plan_of(root, {name: [(OLD, NEW)] for name in texts})
    target = Target(ServiceRef("shop", "orders"), 80, chain=CHAIN)
    outcomes = tuple(
        Outcome(
            finding(file=one.path, fingerprint=one.edits[0].finding), target, edited=True, new=NEW
        )
        for one in plan.changes
    )
    return Plan(outcomes=outcomes, changes=plan.changes)


def test_a_file_that_does_not_fit_hides_no_other(tmp_path: Path) -> None:
    plan = changed(tmp_path, {"a.yaml": f"u: {OLD}\n", "b.yaml": f"u: {OLD}\n"})
    long = msgspec.structs.replace(plan.outcomes[0], warnings=("w" * LIMIT,))
    told = markdown(msgspec.structs.replace(plan, outcomes=(long, plan.outcomes[1])), tmp_path)

    assert "<details><summary><code>b.yaml</code>" in told
    assert "the diffs of 1 file are left out.\n\n- `a.yaml`: 1 change\n" in told


WIDE = [
    ("ascii", "x" * 90_000),
    ("two bytes each", "é" * 90_000),
    ("four bytes each, two units of UTF-16", "𝔘" * 90_000),
    ("not so long", "y" * 100),
]


@pytest.mark.parametrize("beside", [row[1] for row in WIDE], ids=[row[0] for row in WIDE])
def test_a_long_line_is_cut_around_what_changes(tmp_path: Path, beside: str) -> None:
    plan = changed(tmp_path, {"a.json": f"{beside} {OLD} {beside}\n"})
    told = markdown(plan, tmp_path)

    assert max(map(len, told.split("\n"))) <= LONGEST
    assert f" {OLD} " in told
    assert f" {NEW} " in told
    assert told.count("…") == (4 if len(beside) > 100 else 0)
    told.encode()
    # What is piped is as wide as it is, but for such lines.
    texts = [line.text for line in plan_lines(plan, tmp_path)]
    assert max(map(len, texts)) <= LONGEST
    assert sum("…" in text for text in texts) == (2 if len(beside) > 100 else 0)


def test_evidence_is_given_once_where_room_is_short(tmp_path: Path) -> None:
    files = {f"f{n:03}.yaml": f"url: {OLD}\n" for n in range(150)}
    plan = changed(tmp_path, files)
    told, roomy = markdown(plan, tmp_path), markdown(plan, tmp_path, limit=1_000_000)

    assert roomy.count(CHAIN[0]) == 150
    assert told.count(CHAIN[0]) == 1
    assert told.count("<details>") == 150
    assert len(told) <= LIMIT


@pytest.mark.parametrize("limit", [1_500, 2_500, 5_000, 20_000])
def test_names_of_what_is_left_out_never_take_the_room(tmp_path: Path, limit: int) -> None:
    files = {f"{'deep/' * 10}f{n:03}.yaml": f"url: {OLD}\n" * 9 for n in range(200)}
    told = markdown(changed(tmp_path, files), tmp_path, limit=limit)
    shown, named = told.count("<details>"), told.count(": 1 change\n")
    more = int(told.rpartition("- and ")[2].partition(" more")[0]) if "- and " in told else 0

    assert len(told) <= limit
    assert f"the diffs of {200 - shown} files are left out" in told
    assert named == 0 or shown + named + more == 200


def test_a_long_row_hides_no_other(tmp_path: Path) -> None:
    plan = Plan(
        outcomes=(unresolved("w" * 40_000, file="a.yaml"), unresolved("short", file="b.yaml"))
    )
    told = markdown(plan, tmp_path)

    assert "`b.yaml:3:5`" in told
    assert "\n1 address left out.\n" in told
