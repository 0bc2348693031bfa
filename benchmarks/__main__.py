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
_LIMITS = """## Limits

- A small clean tree costs the start of Python and click, which alone takes as long as ripgrep does for
  1,000 files; the tool's own modules take about as long again.
- Of a scan of 10,000 clean files a third is that start, a fifth the listing of directories, a quarter
  opening and reading files, which is the kernel's, and a sixth the matcher.
- A resolution is counted with its evidence in words, a fifth of its time, and for a question that nobody
  has put before; one that has been answered is answered again two million times a second.
- No index of an inventory is kept beside it: making the objects is what decoding costs (from MessagePack
  it takes three fifths of the time that JSON takes), so that a second load in a tenth of the first would
  need objects that are made when they are asked for.
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
    return "\n".join([_INTRO, *(f"## {title}\n\n{held[title]}\n" for title in titles), _LIMITS])


main(sys.argv[1:])
