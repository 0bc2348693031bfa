"""What `refactor verify` writes for others: the page in a real Chromium, SARIF by its schema.

SCREENSHOTS=directory keeps what the tests see, to be looked at.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from refactor.verify.html import html
from refactor.verify.model import Verification
from refactor.verify.sarif import sarif
from tests.chromium import browser, page
from tests.test_report_data import sarif_schema  # noqa: F401 - a fixture
from tests.test_verify import CLUSTER, SHOP, inventory, looked, svc, web

LONG = "a-very-long-name-of-a-service-that-nobody-would-choose-but-some"
FILES = {
    **SHOP,
    "l.yaml": svc(LONG, 80, "store"),
    "m.yaml": web(f"http://{LONG}.store:80", ns="bank"),
    "q.yaml": web("http://quiet", key="QUIET_URL").replace("name: web", "name: cron"),
}


@pytest.fixture
def told(tmp_path: Path) -> Verification:
    return looked(tmp_path, FILES, inventory(CLUSTER))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as opened:
        yield opened


def test_sarif_holds_to_the_standards_schema(told: Verification, sarif_schema: Any) -> None:  # noqa: F811
    log = json.loads(json.dumps(sarif(told)))

    assert list(sarif_schema.iter_errors(log)) == []
    assert len(log["runs"][0]["results"]) == len(told.broken) > 0
    log["runs"][0]["results"][0]["level"] = "dreadful"
    assert list(sarif_schema.iter_errors(log)) != []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_the_map_is_drawn_and_fits(
    told: Verification, chromium: Any, tmp_path: Path, width: int, scheme: str
) -> None:
    file = tmp_path / "verify.html"
    file.write_text(html(told), "utf-8")
    with page(chromium, file, width=width, scheme=scheme) as at:
        if folder := os.environ.get("SCREENSHOTS"):
            at.screenshot(path=f"{folder}/verify-{width}-{scheme}.png", full_page=True)
        wide = at.evaluate("document.documentElement.scrollWidth")
        broken = at.locator("svg path.broken")
        red = broken.first.evaluate("one => getComputedStyle(one).stroke")
        plain = at.locator("svg path:not(.broken)").first
        calm = plain.evaluate("one => getComputedStyle(one).stroke")
        cut = at.locator("svg text").evaluate_all(
            "all => all.filter(t => t.getBBox().x < -1 || t.getBBox().x + t.getBBox().width > t.ownerSVGElement.viewBox.baseVal.width + 1).length"
        )

    assert wide <= width
    assert red != calm
    assert cut == 0
