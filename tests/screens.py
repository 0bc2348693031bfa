"""Screenshots of the reports for people, to be looked at: `python -m tests.screens DIRECTORY [NAME...]`.

Plans of 5, 125, 600 and 5,000 addresses and dashboards of 7 and 300 repositories, in a real Chromium,
at 1280 and 390 columns of pixels, light and dark; texts at 60, 80, 120 and 200 columns of letters.
Each is also held against axe's rules, and its size and time are told.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from refactor.campaign.pictures import render
from refactor.campaign.start import look
from refactor.cli.arguments import Arguments
from refactor.cli.job import job_of
from refactor.model import Plan
from refactor.plan import make_plan
from refactor.report.html import html
from tests.campaign.many import many
from tests.chromium import browser, page
from tests.many import cluster_items, files, shop_plan
from tests.shop import write_cluster, write_repository

HERE = Path(__file__).parent.parent
COLUMNS = (60, 80, 120, 200)


def repeated(root: Path, number: int) -> Plan:
    """Return the plan of about so many addresses: the repository of 500, again and again."""
    found, left = {}, number
    for copy in itertools.count():
        for name, text in files().items():
            if left <= 0:
                break
            found[f"team{copy}/{name}"] = text
            left -= text.count("http://") or text.count("PEER_")
        if left <= 0:
            break
    write_repository(root, found)
    cluster = write_cluster(root.with_suffix(".json"), list(cluster_items()))
    return make_plan(job_of(Arguments((root,), (str(cluster),), "", None, {})))


def five(root: Path) -> Plan:
    lines = "".join(f"a{n}: http://10.42.{n}.11:8080/x\n" for n in range(4))
    write_repository(root, {"values.yaml": f"{lines}b: http://10.99.9.9:80\n"})
    cluster = write_cluster(root.with_suffix(".json"), list(cluster_items()))
    return make_plan(job_of(Arguments((root,), (str(cluster),), "shop", None, {})))


PLANS: dict[str, Callable[[Path], Plan]] = {
    "plan-5": five,
    "plan-125": shop_plan,
    "plan-600": lambda root: repeated(root, 600),
    "plan-5000": lambda root: repeated(root, 5000),
}
BOARDS = {"board-7": 7, "board-300": 300}


def pages(top: Path, wanted: list[str]) -> dict[str, Path]:
    """Write the pages that are wanted, all by default, and tell their size and time."""
    made = {}
    for name in wanted:
        file = top / f"{name}.html"
        if name in PLANS:
            plan = PLANS[name](top / name)
            begun = time.perf_counter()
            file.write_text(html(plan, top / name), "utf-8")
            told = f"{len(plan.outcomes)} addresses"
        else:
            many(top / f"{name}.yaml", BOARDS[name])
            begun = time.perf_counter()
            file.write_bytes(render(look(top / f"{name}.yaml"), "html"))
            told = f"{BOARDS[name]} repositories"
        spent, size = time.perf_counter() - begun, file.stat().st_size / 1e6
        print(f"{name}: {told}, {size:.2f} MB, {spent:.1f} s")
        made[name] = file
    return made


def shoot(opened: Any, name: str, file: Path) -> None:
    for width, scheme in itertools.product((1280, 390), ("light", "dark")):
        with page(opened, file, width, scheme) as shown:
            begun = time.perf_counter()
            shown.screenshot(path=file.with_name(f"{name}-{width}-{scheme}.png"))
            shown.mouse.wheel(0, 900)
            shown.wait_for_timeout(100)
            shown.screenshot(path=file.with_name(f"{name}-{width}-{scheme}-2.png"))
            tall = shown.evaluate("document.documentElement.scrollHeight")
            found = Axe().run(shown).response["violations"] if width == 1280 else []
            faults = [(one["id"], one["impact"]) for one in found]
            print(f"{name}-{width}-{scheme}: {tall} px tall, {time.perf_counter() - begun:.1f} s, {faults}")  # fmt: skip


def texts(top: Path) -> None:
    """Write the shop's plan as a terminal shows it."""
    for columns in COLUMNS:
        done = subprocess.run(
            [sys.executable, "-m", "refactor", "plan", "samples/shop"], cwd=HERE, text=True,
            env=os.environ | {"COLUMNS": str(columns)}, capture_output=True, check=True,
        )  # fmt: skip
        (top / f"plan-{columns}.txt").write_text(done.stdout)
        lines = done.stdout.splitlines()
        print(f"plan-{columns}.txt: {len(lines)} lines, the longest {max(map(len, lines))}")


def main() -> None:
    top = Path(sys.argv[1])
    top.mkdir(parents=True, exist_ok=True)
    made = pages(top, sys.argv[2:] or [*PLANS, *BOARDS])
    with browser() as opened:
        for name, file in made.items():
            shoot(opened, name, file)
    texts(top)


if __name__ == "__main__":
    main()
