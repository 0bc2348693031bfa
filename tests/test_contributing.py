"""What CONTRIBUTING.md and the design say of the rooms is what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.test_floors import FLOORS, PACKAGE, TOP, floor

ROOT = PACKAGE.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
DESIGN = (ROOT / "docs" / "design.md").read_text("utf-8")
ROOMS = {name for names in FLOORS for name in names} - TOP


def test_every_room_has_its_sentence_and_the_order_is_that_of_the_floors() -> None:
    rows = re.findall(r"^\| (`.*?) \| .{10,} \|$", GUIDE, re.MULTILINE)
    named = [re.findall(r"`(\w+)", row) for row in rows]

    assert {name for names in named for name in names} == ROOMS | {"api", "errors"}
    heights = [floor(names[0]) for names in named]
    assert heights == sorted(heights, reverse=True)


def test_the_drawing_of_the_design_is_that_of_the_floors() -> None:
    drawing = DESIGN.partition("## The rooms")[2].partition("```text\n")[2].partition("```")[0]
    levels = [set(re.findall(r"\w+", level)) for level in drawing.split("─▶") if level.strip()]

    assert levels[::-1] == [names - {"__main__"} for names in FLOORS]


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/design.md"])
def test_paths_that_are_named_are_there(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    links = [one.partition("#")[0] for one in re.findall(r"\]\(([^):]+)\)", text)]
    paths = re.findall(r"`((?:refactor|tests|docs)/[\w./-]+)`", text)

    assert [one for one in links if not ((ROOT / page).parent / one).exists()] == []
    assert [one for one in paths if not Path(ROOT, one).exists()] == []
