"""Measure everything and write docs/benchmarks.md.

    python -m benchmarks [PART...]

PART is start, scan, real, parse, inventory or plan; what is not asked for keeps the table it has.
Programs to compare with are taken from the PATH: rg, grep, semgrep, detect-secrets.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import inventory_load, parsing, planning, scanning, startup

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
PACKAGES = ["botocore==1.35.0", "ansible-core==2.17.0", "sympy==1.13.0", "Django==5.1"]
_INTRO = """# Benchmarks

Tables by `python -m benchmarks`, which makes or downloads what it measures and runs the tool beside its
peers in the same rounds, as whole processes; each number is a median. Time of the processor bears
a busy machine better than time on the wall.
"""
_PARTS: dict[str, tuple[str, str, Callable[[], Iterable[str]]]] = {
    "start": (
        "Starting",
        "What a user waits for where there is nothing to do.",
        lambda: startup.table(11),
    ),
    "scan": (
        "Scanning clean trees",
        (
            "`refactor scan` beside programs that look for the same pattern. Below 10,000 files the start"
            " of Python, which ripgrep does not need, is most of the time."
        ),
        lambda: scanning.table([1_000, 10_000, 30_000]),
    ),
    "real": (
        "Scanning public packages",
        f"{', '.join(PACKAGES)}, as a registry gives them: what holds an address is parsed.",
        lambda: scanning.real(PACKAGES),
    ),
    "parse": (
        "Files that hold addresses",
        "Scanning, pairing and spans beside the bare parser, libcst or ruamel.yaml's C.",
        lambda: parsing.table([1_000, 4_000]),
    ),
    "inventory": (
        "Inventories",
        (
            "Loading and indexing kubectl's JSON beside msgspec's bare decoding into the same types;"
            " seconds, megabytes, and whole resolutions a second, each with its evidence."
        ),
        lambda: inventory_load.table([3_000, 30_000, 150_000]),
    ),
    "plan": (
        "Planning",
        "The time grows with the edits; memory does not grow with the repository.",
        lambda: planning.table([100, 300, 900]),
    ),
}


def main(asked: list[str]) -> None:
    """Run the parts that are asked for, and write the page after each."""
    held = _held()
    for part in asked or _PARTS:
        title, told, table = _PARTS[part]
        machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
        load = f"load of the machine {os.getloadavg()[0]:.0f}"
        held[title] = "\n".join([f"{told} {machine}, {load}.", "", *table()])
        print(held[title], flush=True)
        PAGE.write_text(_page(held))


def _held() -> dict[str, str]:
    text = PAGE.read_text() if PAGE.exists() else ""
    sections = (section.partition("\n\n") for section in text.split("\n## ")[1:])
    return {title: body.strip() for title, _, body in sections}


def _page(held: dict[str, str]) -> str:
    titles = [title for title, _, _ in _PARTS.values() if title in held]
    return "\n".join([_INTRO, *(f"## {title}\n\n{held[title]}\n" for title in titles)])


main(sys.argv[1:])
