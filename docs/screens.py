"""The sample's reports for the site, and pictures of them where the build finds a Chromium."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from refactor.cli.arguments import Arguments
from refactor.cli.job import job_of
from refactor.plan import make_plan
from refactor.report.html import html
from refactor.report.markdown import markdown

SHOP = Path(__file__).resolve().parent.parent / "samples" / "shop"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_WIDTHS = {"wide": 1280, "narrow": 390}
_SECONDS = 60


@cache
def reports() -> dict[str, bytes]:
    """Return the files of the sample's reports, by their path in the site."""
    plan = make_plan(job_of(Arguments((SHOP,), (), "", None, {})))
    page = html(plan, SHOP).encode()
    return {
        "reports/shop.html": page,
        "reports/shop.txt": markdown(plan, SHOP).encode(),
        **_pictures(page),
    }


def shown() -> str:
    """Return the part of the page that shows the reports: a picture each, where there is one."""
    parts = ["[The page itself](../reports/shop.html){target=_blank}: it needs no network.\n"]
    parts += [
        f"![The report at {width} pixels](../reports/shop-{name}.png)\n"
        for name, width in _WIDTHS.items()
        if f"reports/shop-{name}.png" in reports()
    ]
    parts.append("[The text of the pull request](../reports/shop.txt){target=_blank}\n")
    return "\n".join(parts)


def _pictures(page: bytes) -> dict[str, bytes]:
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        return {}
    with TemporaryDirectory() as name:
        source = Path(name, "shop.html")
        source.write_bytes(page)
        made = {
            f"reports/shop-{kind}.png": _picture(browser, source, w) for kind, w in _WIDTHS.items()
        }
    return {path: picture for path, picture in made.items() if picture}


def _picture(browser: str, source: Path, width: int) -> bytes:
    """Return a picture of a page; none where the browser does not start."""
    target = source.with_name(f"{width}.png")
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        f"--window-size={width},900", f"--screenshot={target}", source.as_uri(),
    ]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    except (OSError, subprocess.SubprocessError):
        return b""
    return target.read_bytes()


PARTS = {"reports": shown}
