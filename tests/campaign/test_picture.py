"""The picture of a campaign: data, Markdown, and one page that is read at a thousand repositories."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from refactor.campaign.map import fold
from refactor.campaign.picture import STATES, Member, Picture
from refactor.campaign.picture_html import html
from refactor.campaign.picture_text import table
from refactor.campaign.pictures import render
from refactor.campaign.start import look
from tests.campaign.many import many
from tests.chromium import browser


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Picture:
    file = tmp_path_factory.mktemp("many") / "services.yaml"
    many(file, 1000)
    return look(file)


def member(name: str = "a/b", state: str = "open", **rest: Any) -> Member:
    return Member(
        name, f"https://h/{name}", state, rest.pop("reason", ""), "2026-01-01T00:00:00Z", **rest
    )


def picture(*members: Member, **rest: Any) -> Picture:
    return Picture(
        "c", "2026-01-01T00:00:00Z", {}, 0, 0, 0, {}, members, rest.pop("services", {}), **rest
    )


def test_json_holds_everything(thousand: Picture) -> None:
    told = json.loads(render(thousand, "json"))

    assert len(told["members"]) == sum(told["states"].values()) == 1000
    assert told["members"][0].keys() == {
        field.encode_name for field in msgspec.structs.fields(Member)
    }
    assert len(told["latest"]) == 25


def test_markdown_shows_what_a_forge_takes(thousand: Picture) -> None:
    text = render(thousand, "markdown").decode()

    assert text.startswith("# Campaign services\n\n1000 repositories, ")
    assert "## Needs review" in text
    assert re.search(r"\n\d+ more\.\n", text)


@pytest.mark.parametrize("state", STATES)
def test_a_terminal_of_80_columns_shows_every_state_whole(state: str) -> None:
    from rich.console import Console

    told = member("platform/a-repository-with-a-very-long-name", state, edited=1234, human=99, review="changes asked for", mergeable="conflict", pull="https://git.example/p/pulls/1", opened="2025-01-01T00:00:00Z")  # fmt: skip
    console = Console(width=80, color_system=None)
    with console.capture() as shown:
        console.print(table(picture(told)))
    lines = shown.get().splitlines()

    assert max(len(line.rstrip()) for line in lines) <= 80
    assert all(word in lines[1] for word in (state, "1234", "99", "changes", "conflict", "365 d"))


def test_what_nobody_makes_is_told_by_service() -> None:
    needs = {f"shop/web-{n}": ("ledger/api",) for n in range(14)} | {
        "shop/x": ("a/b", "ledger/api")
    }
    text = render(picture(unmet=needs), "markdown").decode()

    assert "| `ledger/api` | `shop/web-0`, " in text
    assert "`shop/web-11` and 3 more |\n| `a/b` | `shop/x` |\n" in text
    assert "no repository makes" not in render(picture(), "markdown").decode()


def test_places_are_shown_where_a_human_is_asked_for_them() -> None:
    places = {"human": 1, "places": ("a.yaml:1:1: 10.0.0.1",)}
    failed, human = (member(state=s, **places) for s in ("failed", "needs review"))

    assert "a.yaml:1:1" not in html(picture(failed))
    assert "a.yaml:1:1" in html(picture(human))


@pytest.mark.parametrize("style", ["markdown", "html"])
def test_no_secret_and_no_markup_of_theirs_is_shown(style: str) -> None:
    evil = member(
        'x/<script>alert(1)</script>|"', "failed", reason="https://bot:hunter2@h refused <img src=x onerror=y>\x1b[2J", pull="javascript:alert(1)",
        places=("<b>", "password=hunter2"), notes=("</style>",),
    )  # fmt: skip
    text = render(picture(evil, services={"<i>/x": (evil.name,)}), style).decode()

    assert "hunter2" not in text
    assert "\x1b" not in text
    assert "<script>alert" not in text.replace("`x/<script>", "")
    assert 'href="javascript' not in text
    assert "<img" not in text


def test_html_loads_nothing(thousand: Picture) -> None:
    text = html(thousand)

    assert len(text) < 1_000_000
    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in text
    assert re.findall(r"""(?:src|href)=["'](?!#|https://git\.example/)[^"']*""", text) == []


@pytest.mark.parametrize(
    ("repositories", "services", "most"),
    [(1000, 60, 16), (3, 2, 16), (16, 16, 16), (17, 1, 16), (40, 40, 4)],
)
def test_the_map_never_has_more_names_than_can_be_read(
    repositories: int, services: int, most: int
) -> None:
    names = [f"{'one' if n % 2 else f't{n}'}/r{n}" for n in range(repositories)]
    dialled = {f"ns/s{n}": names[n % 7 :] or names for n in range(services)}

    folded = fold(dialled, most)

    assert len({left for left, _ in folded}) <= most
    assert len({right for _, right in folded}) <= most
    assert sum(folded.values()) == sum(map(len, dialled.values()))


def test_a_map_of_few_names_is_left_as_it_is() -> None:
    assert fold({"ns/a": ["x/1", "x/2"], "ns/b": ["x/1"]}) == {
        ("x/1", "ns/a"): 1,
        ("x/2", "ns/a"): 1,
        ("x/1", "ns/b"): 1,
    }


@pytest.fixture(scope="module")
def page(thousand: Picture, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    path = tmp_path_factory.mktemp("page") / "campaign.html"
    path.write_bytes(render(thousand, "html"))
    with browser() as chromium:
        opened = chromium.new_page(viewport={"width": 1300, "height": 900})
        errors: list[str] = []
        opened.on("console", lambda message: errors.append(message.text))
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.goto(path.as_uri())
        yield opened
        assert errors == []


def test_the_page_filters_by_words_and_state(page: Any, thousand: Picture) -> None:
    page.fill("#q", "shop/redis")
    users = sum("shop/redis" in m.uses for m in thousand.members)
    assert page.text_content("#count") == f"{users} of 1000 repositories"

    page.fill("#q", "")
    page.select_option("#state", "failed")
    assert page.text_content("#count") == f"{thousand.states['failed']} of 1000 repositories"
    assert page.locator(".members tbody tr:visible").count() == thousand.states["failed"]

    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.text_content("#count") == "1000 repositories"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_can_be_used_by_everybody(page: Any, tmp_path: Path, theme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    many(tmp_path / "services.yaml", 60)
    (tmp_path / "few.html").write_bytes(render(look(tmp_path / "services.yaml"), "html"))
    few = page.context.browser.new_page(color_scheme=theme)
    few.goto((tmp_path / "few.html").as_uri())
    found = Axe().run(few).response["violations"]

    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []


def test_the_page_fits_a_phone(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 800})

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    row = page.locator(".members tbody tr").first.bounding_box()
    assert (row["width"] < 360, row["height"] < 150) == (True, True)
