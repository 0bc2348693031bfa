"""A real browser for tests: the Chromium of the machine, without a network.

CHROMIUM names it where it is not on the PATH. Where there is none the tests are skipped, but for
REFACTOR_NEED_CHROMIUM, which continuous integration sets so that they never are there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find() -> str:
    named = os.environ.get("CHROMIUM", "")
    found = named or next(filter(None, map(shutil.which, _NAMES)), "")
    if not found and os.environ.get("REFACTOR_NEED_CHROMIUM"):
        pytest.fail("no Chromium is there, and REFACTOR_NEED_CHROMIUM says that one has to be")
    if not found:
        pytest.skip("no Chromium on the PATH: apt-get install chromium")
    return found


@contextmanager
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    path = find()
    with sync_playwright() as playwright:
        # Root, as in most containers, has no sandbox; pages here are our own, and without network.
        args = ["--no-sandbox", "--disable-dev-shm-usage"]
        opened = playwright.chromium.launch(executable_path=path, args=args)
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def page(
    opened: Any, file: Path, width: int = 1280, scheme: str = "light", fragment: str = ""
) -> Iterator[Any]:
    """Open a file; fail on anything that its console says, and on any request for more."""
    context = opened.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    said: list[str] = []
    shown = context.new_page()
    shown.on("console", lambda message: said.append(message.text))
    shown.on("pageerror", lambda error: said.append(str(error)))
    shown.on("request", lambda request: said.append(request.url))
    try:
        shown.goto(file.as_uri() + fragment)
        yield shown
    finally:
        context.close()
    assert {url.partition("#")[0] for url in said} == {file.as_uri()}
