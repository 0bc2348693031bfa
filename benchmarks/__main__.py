"""Measure everything and write docs/benchmarks.md.

    python -m benchmarks [PART...]

PART is start, scan, real, parse, inventory, charts, plan or planted; what is not asked for keeps the table it has.
Programs to compare with are taken from the PATH: rg, grep, semgrep, detect-secrets.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks import inventory_load, parsing, planning, scanning, startup

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
PACKAGES = ["botocore==1.35.0", "ansible-core==2.17.0", "sympy==1.13.0", "Django==5.1"]
PLANTED = [
    "requests==2.34.2",
    "flask==3.1.3",
    "fastapi==0.165.0",
    "kombu==5.7.0",
    "redis==8.1.0",
    "tornado==6.6.1",
    "aiohttp==3.14.5",
    "scrapy==2.19.0",
    "elasticsearch==9.5.1",
    "distributed==2026.8.0",
    "sqlalchemy==2.1.9",
    "celery==5.7.0",
    "django==5.2.19",
    "ansible-core==2.19.14",
    "pandas==3.1.1",
    "apache-airflow-core==3.3.2",
]
_INTRO = """# Benchmarks

Tables by `python -m benchmarks`, which makes or downloads what it measures and runs the tool beside its
peers in the same rounds, as whole processes; each number is a median. Time of the processor bears
a busy machine better than time on the wall. Memory below 25 MB is that of the program that measures.
"""
_LIMITS = """## Limits

- A scan of 1,000 clean files takes two to four times ripgrep's time on the wall: ripgrep is done in 20 to
  40 ms, and Python has then only started. Of the 80 ms, 45 are the start (the interpreter, `re`,
  `pathlib`, `typing`, msgspec, the tool's own modules), 9 hyperscan (its library, and compiling the
  pattern), 4 the listing, 20 opening, reading and matching. `click`, 28 ms more, is not imported for a
  scan without options.
- semgrep with this rule takes some 70 times ripgrep's processor time for 1,000 files and some 21 times for
  10,000, so that a hundredth of it is less than ripgrep itself needs.
- Of a scan of 10,000 clean files, in processor time, a seventh is the start, a tenth the listing of
  directories, and the rest opening and reading, which is the kernel's, and the matcher.
- A resolution, with its evidence in words, is some 170 calls of small functions and takes 25 us: 40,000 a
  second. To find who owns an address, and which Services select it, takes a fifth of that.
- An index pays from 5 MB on, for one file at a time: not for several inputs of one environment, a
  directory, standard input or a live cluster. Making it takes a second more of a processor, by a copy of
  the process, while the plan is made; where there are other threads it is made at once.
- A load holds the file in memory while it is decoded, so that it takes 1.4 times the file's size.
"""


def _charts(count: int, touched: list[int]) -> Iterable[str]:
    from benchmarks import chart_cost  # needs what the tests do, as the others do not

    return chart_cost.table(count, touched)


def _planted() -> Iterable[str]:
    from benchmarks import planted_python  # needs what the tests do, too

    return planted_python.table(PLANTED)


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
        lambda: parsing.table([1_000, 4_000, 16_000]),
    ),
    "inventory": (
        "Inventories",
        (
            "Loading and indexing kubectl's JSON beside msgspec's bare decoding into the same types, each"
            " with the reading of the file; then with an index kept for the next time, and by that index."
            " Owners are the pod, the workload and the Services of an address; a resolution is the answer"
            " of `refactor explain`, with its evidence."
        ),
        lambda: inventory_load.table([3_000, 30_000, 150_000]),
    ),
    "charts": (
        "Proving charts",
        "The time grows with the charts that are touched, not with the repository. Needs Helm.",
        lambda: _charts(60, [6, 20, 60]),
    ),
    "plan": (
        "Planning",
        "The time grows with the edits; memory does not grow with the repository.",
        lambda: planning.table([100, 300, 900]),
    ),
    "planted": (
        "Planted addresses",
        (
            "Public packages with the address of a pod in ten of their literals, planned and applied."
            " What does not change has its reason in the plan; in the packages that were looked at"
            " it is compared with something."
        ),
        _planted,
    ),
}


def main(asked: list[str]) -> None:
    """Run the parts that are asked for, each in a small process, and write the page after each."""
    if len(asked) != 1:
        for part in asked or _PARTS:
            subprocess.run([sys.executable, "-m", "benchmarks", part], check=True)
        return
    title, told, table = _PARTS[asked[0]]
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    load = f"load of the machine {os.getloadavg()[0]:.0f}"
    held = _held()
    held[title] = "\n".join([f"{told} {machine}, {load}.", "", *table()])
    print(held[title], flush=True)
    PAGE.write_text(_page(held))


def _held() -> dict[str, str]:
    text = PAGE.read_text() if PAGE.exists() else ""
    sections = (section.partition("\n\n") for section in text.split("\n## ")[1:])
    return {title: body.strip() for title, _, body in sections}


def _page(held: dict[str, str]) -> str:
    titles = [title for title, _, _ in _PARTS.values() if title in held]
    titles += [title for title in held if title not in (*titles, "Limits")]
    return "\n".join([_INTRO, *(f"## {title}\n\n{held[title]}\n" for title in titles), _LIMITS])


main(sys.argv[1:])
