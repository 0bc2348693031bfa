"""The HTML report as people use it, in a real Chromium: at the desk, on a phone, by keyboard.

SCREENSHOTS=directory keeps what the tests see, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refactor.model import Plan
from refactor.report.html import html
from tests.chromium import browser, page
from tests.many import many_plan, shop_plan

SIZES = [
    ("shop", 1280, "light"),
    ("shop", 1280, "dark"),
    ("shop", 390, "light"),
    ("shop", 390, "dark"),
    ("estate", 1280, "light"),
    ("estate", 390, "dark"),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Plan, Path]]:
    """The shop and the estate of 500 addresses, as pages."""
    top = tmp_path_factory.mktemp("pages")
    plans = {
        "shop": (shop_plan(top / "shop"), top / "shop"),
        "estate": (many_plan(top / "estate", top / "cluster.json"), top / "estate"),
    }
    pages = {}
    for name, (plan, root) in plans.items():
        (top / f"{name}.html").write_text(html(plan, root), "utf-8")
        pages[name] = (plan, top / f"{name}.html")
    return pages


def mark_of(plan: Plan, state: bool) -> str:
    return next(o.finding.fingerprint for o in reversed(plan.outcomes) if o.edited is state)


def shown(at: Any) -> int:
    return at.evaluate("[...document.querySelectorAll('.f')].filter(f => !f.hidden).length")


def focused(at: Any) -> str:
    return at.evaluate("document.activeElement.id")


@pytest.mark.parametrize(("name", "width", "scheme"), SIZES)
def test_it_fits_and_offends_nobody(
    chromium: Any, made: dict[str, tuple[Plan, Path]], name: str, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with page(chromium, made[name][1], width, scheme) as at:
        # What is out of sight is not laid out, and would go unseen here too.
        everything = "document.querySelectorAll('.file')"
        at.evaluate(f"{everything}.forEach(f => f.style.contentVisibility = 'visible')")
        if folder := os.environ.get("SCREENSHOTS"):
            at.screenshot(
                path=Path(folder, f"{name}-{width}-{scheme}.png"), full_page=name == "shop"
            )
        assert at.evaluate("document.documentElement.scrollWidth") <= width
        for details in ("details", "details.reason-group", "details.why"):
            at.evaluate(
                f"document.querySelectorAll('{details}').forEach((d, i) => d.open = i < 20)"
            )
        found = Axe().run(at).response

    serious = [v for v in found["violations"] if v["impact"] != "minor"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in serious] == []
    assert "color-contrast" in {rule["id"] for rule in found["passes"]}


def test_500_findings_are_shown_by_a_small_file(
    chromium: Any, made: dict[str, tuple[Plan, Path]]
) -> None:
    file = made["estate"][1]
    with page(chromium, file) as at:
        assert shown(at) == 500

    assert file.stat().st_size < 3_000_000


FILTERS = [
    ({"service": "shop/orders"}, lambda o: str(getattr(o.resolution, "service", "")) == "shop/orders"),
    ({"file": "deploy/orders.yaml"}, lambda o: o.finding.file == "deploy/orders.yaml"),
    ({"state": "changed"}, lambda o: o.edited),
    ({"q": "10.42.1.11"}, None),
    ({"q": "KAFKA_bootstrap deploy/"}, lambda o: o.finding.key == "KAFKA_BOOTSTRAP"),
    ({"service": "shop/orders", "state": "kept"}, None),
    ({"q": "nothing says this"}, lambda o: False),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "expected"), FILTERS, ids=[str(row[0]) for row in FILTERS])
def test_filter(
    chromium: Any, made: dict[str, tuple[Plan, Path]], wanted: dict[str, str], expected: Any
) -> None:
    plan, file = made["shop"]
    with page(chromium, file) as at:
        for name, value in wanted.items():
            if name == "q":
                at.fill("#q", value)
            else:
                at.select_option(f"#{name}", value)
        number = shown(at)
        told = at.text_content("#count")
        open_hunks = at.evaluate(
            "[...document.querySelectorAll('.hunk')].filter(h => h.checkVisibility())"
            ".every(h => h.querySelector('.f:not([hidden]), .other'))"
        )
        at.click("#clear")
        at.wait_for_function("!document.querySelector('.f[hidden]')")

    assert told == f"{number} of {len(plan.outcomes)} findings"
    assert open_hunks
    if expected is not None:
        assert number == sum(map(expected, plan.outcomes))
    assert number < len(plan.outcomes)


@pytest.mark.parametrize("edited", [True, False])
def test_a_deep_link_leads_to_its_finding(
    chromium: Any, made: dict[str, tuple[Plan, Path]], edited: bool
) -> None:
    plan, file = made["shop"]
    mark = f"f-{mark_of(plan, edited)}"
    with page(chromium, file, fragment=f"#{mark}") as at:
        assert focused(at) == mark
        assert at.evaluate(f"document.getElementById('{mark}').checkVisibility()")
        top = at.evaluate(f"document.getElementById('{mark}').getBoundingClientRect().top")
        assert 0 < top < 900


def test_following_a_link_to_what_is_filtered_out_shows_it(
    chromium: Any, made: dict[str, tuple[Plan, Path]]
) -> None:
    plan, file = made["shop"]
    mark = f"f-{mark_of(plan, True)}"
    with page(chromium, file) as at:
        at.select_option("#state", "human")
        assert at.evaluate(f"document.getElementById('{mark}').hidden")
        at.evaluate(f"location.hash = '#{mark}'")
        at.wait_for_function(f"document.activeElement.id === '{mark}'")
        assert not at.evaluate(f"document.getElementById('{mark}').hidden")


def test_every_link_leads_somewhere(chromium: Any, made: dict[str, tuple[Plan, Path]]) -> None:
    with page(chromium, made["shop"][1]) as at:
        lost = at.evaluate(
            "[...document.querySelectorAll('a')].map(a => a.getAttribute('href'))"
            ".filter(h => !h.startsWith('#') || !document.getElementById(h.slice(1)))"
        )

    assert lost == []


def test_keys(chromium: Any, made: dict[str, tuple[Plan, Path]]) -> None:
    with page(chromium, made["shop"][1]) as at:
        order = at.evaluate("[...document.querySelectorAll('.f')].map(f => f.id)")
        for key, expected in (("j", 0), ("j", 1), ("j", 2), ("k", 1), ("k", 0), ("k", 0)):
            at.keyboard.press(key)
            assert focused(at) == order[expected]
        at.keyboard.press("/")
        assert focused(at) == "q"
        at.keyboard.type("jkt?v orders")
        assert at.input_value("#q") == "jkt?v orders"
        at.fill("#q", "KAFKA_BOOTSTRAP")
        at.keyboard.press("Escape")
        assert at.input_value("#q") == "KAFKA_BOOTSTRAP"
        at.keyboard.press("j")
        assert shown(at) == 3
        assert at.evaluate("document.activeElement.textContent.includes('KAFKA_BOOTSTRAP')")
        at.keyboard.press("Escape")
        at.wait_for_function("!document.querySelector('.f[hidden]')")
        at.keyboard.press("?")
        assert at.evaluate("document.getElementById('keys').open")
        at.keyboard.press("Escape")
        assert not at.evaluate("document.getElementById('keys').open")


def test_a_finding_points_at_its_line(chromium: Any, made: dict[str, tuple[Plan, Path]]) -> None:
    plan, file = made["estate"]
    outcome = [
        o for o in plan.outcomes if o.edited and o.finding.file == "config/settings-00.yaml"
    ][2]
    here = "[...document.querySelectorAll('.r.here > .o')].map(o => o.textContent)"
    with page(chromium, file, fragment=f"#f-{outcome.finding.fingerprint}") as at:
        pointed = at.evaluate(here)
        at.keyboard.press("j")
        then = at.evaluate(here)
        at.keyboard.press("/")

        assert [outcome.finding.host_text in line for line in pointed] == [True]
        assert len(then) == 1
        assert then != pointed
        assert at.evaluate(here) == []


def test_tab_reaches_the_findings_past_the_skip_link(
    chromium: Any, made: dict[str, tuple[Plan, Path]]
) -> None:
    with page(chromium, made["shop"][1]) as at:
        at.keyboard.press("Tab")
        assert at.evaluate("document.activeElement.className") == "skip"
        at.keyboard.press("Enter")
        assert focused(at) == "main"


def test_themes_switch_and_stay(chromium: Any, made: dict[str, tuple[Plan, Path]]) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    with page(chromium, made["shop"][1], scheme="dark") as at:
        dark = at.evaluate(colour)
        at.click("#theme")
        light = at.evaluate(colour)
        at.keyboard.press("t")
        assert at.evaluate(colour) == dark
        at.keyboard.press("t")
        at.reload()
        assert at.evaluate(colour) == light != dark


def test_sides_beside_and_below_each_other(
    chromium: Any, made: dict[str, tuple[Plan, Path]]
) -> None:
    tops = (
        "(() => { const row = document.querySelector('.r.c');"
        " return [...row.children].map(c => c.getBoundingClientRect().top); })()"
    )
    with page(chromium, made["shop"][1]) as at:
        old, new = at.evaluate(tops)
        assert old == new
        at.click("#view")
        assert at.get_attribute("#view", "aria-pressed") == "false"
        old, new = at.evaluate(tops)
        assert old < new
    with page(chromium, made["shop"][1], 390) as at:
        old, new = at.evaluate(tops)
        assert old < new


def test_without_scripts_all_is_there(chromium: Any, made: dict[str, tuple[Plan, Path]]) -> None:
    plan, file = made["shop"]
    context = chromium.new_context(java_script_enabled=False)
    at = context.new_page()
    at.goto(file.as_uri())
    assert at.locator(".f").count() == len(plan.outcomes)
    assert not at.locator(".bar").is_visible()
    context.close()


def test_print_leaves_the_bar_out_and_opens_all(
    chromium: Any, made: dict[str, tuple[Plan, Path]]
) -> None:
    with page(chromium, made["shop"][1]) as at:
        at.emulate_media(media="print")
        at.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert not at.locator(".bar").is_visible()
        assert at.evaluate("[...document.querySelectorAll('details')].every(d => d.open)")


@pytest.mark.parametrize("switched", [False, True])
def test_print_is_dark_on_light_and_whole(
    chromium: Any, made: dict[str, tuple[Plan, Path]], switched: bool
) -> None:
    with page(chromium, made["shop"][1], 760, "light" if switched else "dark") as at:
        if switched:
            at.keyboard.press("t")
        assert at.evaluate("getComputedStyle(document.body).color") == "rgb(229, 233, 241)"
        at.emulate_media(media="print")
        ink = at.evaluate("getComputedStyle(document.querySelector('h1')).color")
        right = at.evaluate("document.querySelector('svg').getBoundingClientRect().right")

    assert ink == "rgb(27, 34, 48)"
    assert right <= 760


def test_the_filter_stays_in_sight_on_a_phone(
    chromium: Any, made: dict[str, tuple[Plan, Path]]
) -> None:
    with page(chromium, made["shop"][1], 390) as at:
        tops = {
            name: at.evaluate(f"document.getElementById('{name}').getBoundingClientRect().top")
            for name in ("service", "file", "state", "q")
        }
        at.evaluate("window.scrollTo(0, 5000)")
        box = at.locator("#q").bounding_box()

    assert tops["service"] == tops["file"] == tops["state"] < tops["q"]
    assert 0 <= box["y"] < 40
    assert box["x"] + box["width"] <= 390
