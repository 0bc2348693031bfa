"""The documentation holds: its commands run, its outputs are real, its settings load."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from docs import generate, messages, reasons, rules
from refactor.model import REASONS
from refactor.report.sarif import RULES
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

    def test_every_setting_can_be_linked_to(self) -> None:
        anchors = re.findall(r"\{#([\w-]+)\}", generate.settings())
        assert len(set(anchors)) == len(anchors)
        assert {"inventories", "environments-values", "mappings-address", "places-path"} <= {
            *anchors
        }

    def test_every_result_of_a_report_has_a_page(self) -> None:
        pages = reasons.pages()
        names = {path.rpartition("/")[2].removesuffix(".md") for path in pages}
        assert names >= {*REASONS, *RULES, "no-such-service"}
        assert "ok" not in names
        assert [path for path, text in pages.items() if "**What to do:**" not in text] == []

    def test_the_promises_come_without_the_notes_on_tests(self) -> None:
        assert "<!--" not in generate.promises()
        assert "(safety.md)" in generate.promises()


_FORWARDED = {
    "campaign/operate.py", "campaign/repositories.py", "campaign/campaign_run.py", "campaign/template.py",
    "cli/__init__.py", "cli/job.py", "settings/doubts.py", "inventory/load.py", "settings/document.py", "settings/yaml.py",
    "campaign/load.py", "helm/cage.py", "settings/check.py", "plan/driver.py", "campaign/service_requests.py",
    "repository/consumers.py", "repository/environments.py", "plan/row.py", "plan/services/draft.py", "plan/stages.py", "resolve/pod_port.py",
    "resolve/history.py", "resolve/mapped.py", "resolve/ingress.py", "resolve/pods.py", "resolve/services.py",
}  # fmt: skip
"""Modules that hand on a text which is made, and listed, elsewhere."""


class TestMessages:
    def test_no_message_is_left_out(self) -> None:
        unread = {
            m.place.partition(":")[0]
            for kind in messages.KINDS
            for m in messages.found(kind)
            if not m.text
        }
        assert unread <= _FORWARDED

    @pytest.mark.parametrize(
        ("text", "remedy"),
        [
            ("standard input is not a terminal", "pass --yes to skip the prompt"),
            ("exists already", "--force overwrites it, --print shows what it would be"),
            ("the client for live clusters is not installed", "install the extra `…`: pip install '.[…]' in a checkout of refactor"),
        ],
    )  # fmt: skip
    def test_a_message_stands_with_its_remedy(self, text: str, remedy: str) -> None:
        told = {(m.text, m.remedy) for kind in messages.KINDS for m in messages.found(kind)}
        assert (text, remedy) in told
        assert (text, "") not in told

    def test_messages_of_helpers_are_sentences_of_theirs(self) -> None:
        told = {text for _, text in messages.sentences()}
        assert "names no function" not in told
        assert any("leads out of the repository" in text for text in told)

    def test_what_troubleshooting_explains_is_what_the_program_says(self) -> None:
        page = (HERE / "docs" / "troubleshooting.md").read_text()
        quoted = re.findall(r"^### `([^`]+)`$", page, re.MULTILINE)
        told = " | ".join(m.text for kind in messages.KINDS for m in messages.found(kind))
        told += (HERE / "refactor" / "cli" / "__init__.py").read_text()
        assert len(quoted) > 9
        assert [text for text in quoted if text.strip() not in told] == []


ASSUMED = re.compile(r"pip install ['\"]?kube-refactor(?!\[[\w,]+\] @ )|v0\.1\.0|rev: v\d")
"""Takes an index or a tag for granted that may not exist."""


@pytest.mark.parametrize("path", [*NAMES, "action.yml", "ci/gitlab.yml", "CHANGELOG.md"])
def test_no_page_takes_an_index_or_a_tag_for_granted(path: str) -> None:
    assert ASSUMED.findall((HERE / path).read_text("utf-8")) == []


def test_no_message_takes_an_index_for_granted() -> None:
    files = (HERE / "refactor").rglob("*.py")
    assert [str(file) for file in files if ASSUMED.search(file.read_text("utf-8"))] == []


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
