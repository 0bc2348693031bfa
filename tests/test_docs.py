"""The documentation holds: its commands run, its outputs are real, its settings load."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from docs import generate, rules
from refactor.model import REASONS
from refactor.settings.check import checked
from refactor.settings.described import described
from refactor.settings.types import Settings
from refactor.settings.yaml import read_yaml
from tests.live_server import Cluster, serving
from tests.pages import HERE, PAGES, SHOP, Block, Room, blocks, commands, fits

NAMES = [str(page.relative_to(HERE)) for page in PAGES]
BLOCKS = [(name, block) for name, page in zip(NAMES, PAGES, strict=True) for block in blocks(page.read_text())]  # fmt: skip


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Serve what samples/shop/cluster.json holds, as a cluster's API does."""
    listed = json.loads((SHOP / "cluster.json").read_text())
    with serving(Cluster(listed["items"])) as url:
        yield url


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_what_a_page_says_to_run_runs(page: Path, cluster: str, tmp_path: Path) -> None:
    text = page.read_text("utf-8")
    room = Room(tmp_path, cluster, text)
    for block in blocks(text):
        if block.is_run:
            _check(room, block, f"{page.name}:{block.line}")


def _check(room: Room, block: Block, where: str) -> None:
    *before, last = commands(block)
    for command, shown in [*before, last]:
        code, real = room.run(command)
        expected = block.code if command == last[0] else 0
        assert code == expected, f"{where}: {command}\n{real}"
        if shown is not None:
            assert fits(shown, real), f"{where}: {command}\n{real}"


def test_what_is_not_run_is_little_and_says_why() -> None:
    shown = [(name, block) for name, block in BLOCKS if block.info in ("sh", "console")]
    left = [(name, block.line, block.said) for name, block in shown if not block.is_run]

    assert len(left) <= len(shown) / 6, left
    assert [place for place in left if len(place[2]) < 25] == []


def test_no_block_goes_by_another_name() -> None:
    known = {"sh", "console", "diff", "yaml", "json", "text", "toml", "python", "dockerfile"}

    assert {block.info.split()[0] for _, block in BLOCKS} <= known


def test_every_page_is_in_the_site_and_its_first_page_leads_to_it() -> None:
    site = yaml.safe_load((HERE / "mkdocs.yml").read_text())
    told = json.dumps(site["nav"])
    first = (HERE / "docs" / "index.md").read_text()
    pages = [str(page.relative_to(HERE / "docs")) for page in PAGES if "docs" in page.parts]

    assert [page for page in pages if f'"{page}"' not in told] == []
    assert [page for page in pages if f"({page})" not in first and page != "index.md"] == []


SETTINGS = [(n, b) for n, b in BLOCKS if b.info == 'yaml title=".refactor.yaml"']


@pytest.mark.parametrize(("name", "block"), SETTINGS, ids=[f"{n}:{b.line}" for n, b in SETTINGS])
def test_settings_shown_load(name: str, block: Block) -> None:
    assert checked(read_yaml(name, block.body), HERE) != Settings()


def test_the_settings_that_most_need_are_shown() -> None:
    shown = {key for name, block in SETTINGS for key in read_yaml(name, block.body).data}

    assert shown <= {one.name.partition(".")[0] for one in described(Settings)}
    assert shown >= {"inventories", "namespace", "environments", "places", "mappings", "ignore"}


FITS = [
    ("a\nb\n", "a\nb\n", True),
    ("a\n[...]\nc\n", "a\nb\nb\nc\n", True),
    ("[...]\nc\n", "c\n", True),
    ("", "", True),
    ("a\n", "a\nb\n", False),
    ("a\n[...]\nc\n", "a\nb\n", False),
    ("a.\n", "ab\n", False),
    ("", "a\n", False),
]


@pytest.mark.parametrize(("shown", "real", "expected"), FITS)
def test_outputs_are_compared(shown: str, real: str, expected: bool) -> None:
    assert fits(shown, real) is expected


def test_a_wrong_page_fails(cluster: str, tmp_path: Path) -> None:
    page = "<!-- in: shop -->\n```console\n$ refactor undo\ntook back 3 files\n```\n"
    [block] = blocks(page)

    with pytest.raises(AssertionError, match="nothing"):
        _check(Room(tmp_path, cluster, page), block, "page")


MARKS = [(name, mark) for name, page in zip(NAMES, PAGES, strict=True) for mark in generate.MARK.findall(page.read_text())]  # fmt: skip


class TestGenerated:
    @pytest.mark.parametrize(("name", "mark"), MARKS, ids=[m for _, m in MARKS])
    def test_a_mark_gives_way_to_something(self, name: str, mark: str) -> None:
        assert name.startswith("docs/")
        assert generate.made(mark).strip()
        assert "<!-- generated" not in generate.on_page_markdown(f"<!-- generated: {mark} -->")

    def test_every_part_stands_on_a_page(self) -> None:
        assert {mark for _, mark in MARKS} >= generate.PARTS.keys()

    def test_tables_are_whole(self) -> None:
        for part in generate.PARTS:
            for table in re.findall(r"(?:^\|.*\n)+", generate.made(part), re.MULTILINE):
                assert len({line.count(" | ") for line in table.splitlines()}) == 1, part

    def test_every_row_of_the_rules_is_on_the_page_with_its_source(self) -> None:
        shown = rules.kept()
        for row in rules.ROWS.values():
            assert f"| `{row.id}` |" in shown
            assert f"]({row.source})" in shown

    def test_a_reason_has_an_example_of_its_own(self) -> None:
        shown = {reason: rules.reason_example(reason) for reason in REASONS}

        assert [r for r in shown if shown[r].startswith("a guard")] == ["conflict"]
        assert len(set(shown.values())) == len(REASONS)
        lone = [reason for reason, text in shown.items() if not re.search(r"\d\.\d|http", text)]
        assert lone == ["conflict"]

    def test_commands_and_settings_are_all_there(self) -> None:
        text = generate.commands()
        for name, _ in generate.all_commands():
            assert f"## refactor {name}\n" in text
        assert all(f"`{one.name}`" in generate.settings() for one in described(Settings))


COMMANDS = {name: one for name, one in generate.all_commands() if not isinstance(one, click.Group)}
WITH_EXAMPLES = [name for name, one in COMMANDS.items() if getattr(one, "examples", "")]


def test_every_command_has_examples() -> None:
    assert COMMANDS.keys() - WITH_EXAMPLES == set()


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_help_run(name: str, cluster: str, tmp_path: Path) -> None:
    place = "campaign" if name.startswith("campaign ") else "shop"
    room = Room(tmp_path, cluster, f"<!-- in: {place} -->")
    room.run(_SCENE if place == "shop" else "git init -q")
    room.run(_BEFORE.get(name, ""))
    lines = COMMANDS[name].examples.splitlines()  # type: ignore[attr-defined]
    for line in lines:
        code, said = room.run(line)
        assert code in _CODES.get(name, {0}), f"{line}\n{said}"
        room.run("git checkout -q .")


# What the examples speak of: environments with contexts, a saved plan, an apply to take back,
# another repository, directories of completions.
_SCENE = """
cp cluster.json prod.json
mkdir -p ~/.local/share/bash-completion/completions ~/.zfunc ~/.config/fish/completions
sed -i 's/name: prod$/&\\n    context: prod-eu\\n    inventories: [prod.json]/' .refactor.yaml
mkdir -p services/shop/deploy && cp deploy/orders.yaml services/shop/deploy/
git -C services/shop init -q
printf 'inventories: [cluster.json]\\n' > services/shop/.refactor.yaml
cp cluster.json services/shop/
printf '/cluster.json\\n/prod.json\\n/shop.json\\n/*.html\\n/plan.*\\n/services/shop\\n/*.sarif\\n/.refactor-baseline.json\\n' > .gitignore
git add -A && git commit -qm scene
refactor plan --out plan.json -i cluster.json > /dev/null
"""
_BEFORE = {
    "init": "rm .refactor.yaml",
    "undo": "refactor apply --yes; refactor apply --yes services/shop",
    "campaign status": "refactor campaign plan services.yaml",
    "campaign close": "refactor campaign run services.yaml",
    "campaign retry": "refactor campaign run services.yaml",
}
_NO_FORGE = ("campaign merge", "campaign comment", "campaign adopt")  # one line says so
_CODES = {"check": {0, 1}, "scan": {0, 1}, **{name: {0, 2} for name in _NO_FORGE}}
