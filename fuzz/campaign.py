"""`python -m fuzz.campaign [TARGET...]`: all targets in turns, for hours, and what came of it.

Each turn goes on from the corpus of the one before it, with the code as it is by then. A line of
figures for each goes to build/fuzz/log.jsonl; `--table` adds them up.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from fuzz.targets import TARGETS

LOG = Path("build/fuzz/log.jsonl")
_FIGURE = re.compile(r"stat::(\w+):\s+(\d+)")
_COVERED = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)")
_FAILED = re.compile(r"^(?:.*Error\b.*|.*(?:timeout|out-of-memory).*)$", re.MULTILINE)


def turn(name: str, seconds: int) -> dict[str, Any]:
    """Fuzz one target for a while; return the figures."""
    command = ["nice", "-n", "19", sys.executable, "-m", "fuzz", name]
    log, began = Path(f"build/fuzz/{name}/last.log"), time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, f"-max_total_time={seconds}"], stdout=out, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    told = log.read_text("utf-8", "replace")
    figures = {key: int(value) for key, value in _FIGURE.findall(told)}
    covered = _COVERED.findall(told) or [("0", "0", "0")]
    failed = _FAILED.search(told) if process.returncode else None
    return {
        "target": name,
        "wall": round(time.monotonic() - began),
        "processor": round(used.ru_utime + used.ru_stime),
        "executions": figures.get("number_of_executed_units", 0),
        "coverage": int(covered[-1][0]),
        "corpus": int(covered[-1][2]),
        "failed": failed[0].strip()[:300] if failed else str(process.returncode or ""),
    }


def work(waiting: SimpleQueue[str], seconds: int) -> None:
    """Take one target after another until none waits."""
    while True:
        try:
            name = waiting.get_nowait()
        except Empty:
            return
        figures = turn(name, seconds)
        with LOG.open("a") as log:
            log.write(json.dumps(figures) + "\n")


def table() -> None:
    """Print the sum of all turns by target."""
    rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in LOG.read_text().splitlines():
        row = json.loads(line)
        rows[row["target"]].append(row)
    print(
        "| target | wall, min | processor, min | executions | coverage, edges | corpus | turns that failed |"
    )
    print("| --- | --: | --: | --: | --: | --: | --: |")
    for name, turns in rows.items():
        minutes = sum(row["wall"] for row in turns) / 60
        processor = sum(row["processor"] for row in turns) / 60
        executions = sum(row["executions"] for row in turns)
        covered, corpus = (max(row[key] for row in turns) for key in ("coverage", "corpus"))
        failed = sum(bool(row["failed"]) for row in turns)
        print(
            f"| {name} | {minutes:.0f} | {processor:.0f} | {executions:,} | {covered} | {corpus} | {failed} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", default=list(TARGETS))
    parser.add_argument("--minutes", type=int, default=60, help="for each target")
    parser.add_argument("--turn", type=int, default=10, help="minutes of a turn")
    parser.add_argument("--at-once", type=int, default=3, help="targets at a time")
    parser.add_argument("--table", action="store_true", help="print the figures so far")
    asked = parser.parse_args()
    if asked.table:
        table()
        return
    waiting: SimpleQueue[str] = SimpleQueue()
    for _ in range(0, asked.minutes, asked.turn):
        for name in asked.targets:
            Path("build/fuzz", name).mkdir(parents=True, exist_ok=True)
            waiting.put(name)
    arguments = (waiting, asked.turn * 60)
    workers = [threading.Thread(target=work, args=arguments) for _ in range(asked.at_once)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    table()


if __name__ == "__main__":
    main()
