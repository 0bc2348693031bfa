"""`python -m fuzz.campaign [TARGET...]`: all targets in turns, for hours, and what came of it.

Each turn goes on from the corpus of the one before it, with the code as it is by then. A line of
figures for each goes to build/fuzz/log.jsonl, which a campaign that was ended goes on from;
`--table` adds them up.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import resource
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from fuzz.targets import TARGETS

LOG = Path("build/fuzz/log.jsonl")
_LOOK = 1.0
"""Seconds between two looks at a turn."""
_FIGURE = re.compile(r"stat::(\w+):\s+(\d+)")
_COVERED = re.compile(r"cov: (\d+) ft: (\d+) corp: (\d+)")
_FAILED = re.compile(r"^(?:.*Error\b.*|.*(?:timeout|out-of-memory).*)$", re.MULTILINE)


def turn(name: str, seconds: int) -> dict[str, Any]:
    """Fuzz one target for a while; return the figures."""
    command = ["nice", "-n", "19", sys.executable, "-m", "fuzz", name]
    log = Path(f"build/fuzz/{name}/last.log")
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, f"-max_total_time={seconds}"], stdout=out, stderr=subprocess.STDOUT
        )
        wall, status, used = _waited(process.pid)
    process.returncode = os.waitstatus_to_exitcode(status)
    told = log.read_text("utf-8", "replace")
    figures = {key: int(value) for key, value in _FIGURE.findall(told)}
    covered = _COVERED.findall(told) or [("0", "0", "0")]
    failed = _FAILED.search(told) if process.returncode else None
    return {
        "target": name,
        "wall": round(wall),
        "processor": round(used.ru_utime + used.ru_stime),
        "executions": figures.get("number_of_executed_units", 0),
        "coverage": int(covered[-1][0]),
        "corpus": int(covered[-1][2]),
        "failed": failed[0].strip()[:300] if failed else str(process.returncode or ""),
    }


def _waited(process: int) -> tuple[float, int, resource.struct_rusage]:
    """Wait for a process; time in which all of this is stopped, for the sake of others, is none."""
    wall, last = 0.0, time.monotonic()
    while True:
        ended, status, used = os.wait4(process, os.WNOHANG)
        now = time.monotonic()
        if ended or not _is_stopped(process):
            wall += min(now - last, 2 * _LOOK)
        if ended:
            return wall, status, used
        last = now
        time.sleep(_LOOK)


def _is_stopped(process: int) -> bool:
    """See proc_pid_stat(5), "state"."""
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "T"


class Turns:
    """Whose turn it is: the target that was fuzzed least, until each had its time.

    Attributes:
        names: the targets.
        wanted: seconds for each, with those that the log tells of.
        longest: seconds of a turn.
    """

    def __init__(self, names: list[str], wanted: int, longest: int) -> None:
        self.names, self.wanted, self.longest = names, wanted, longest
        self._had = {
            name: sum(row["wall"] for row in logged() if row["target"] == name) for name in names
        }
        self._free = dict.fromkeys(names, 0.0)
        self._lock = threading.Lock()

    def work(self) -> None:
        """Take one turn after another until no target wants any."""
        while unfinished := [name for name in self.names if self._had[name] < self.wanted]:
            if name := self._take(unfinished):
                began = time.monotonic()
                figures = turn(name, max(30, min(self.longest, self.wanted - self._had[name])))
                self._end(name, figures, began)
            else:
                time.sleep(5)

    def _take(self, names: list[str]) -> str | None:
        with self._lock:
            free = [name for name in names if self._free[name] <= time.monotonic()]
            name = min(free, key=self._had.__getitem__, default=None)
            if name:
                self._free[name] = math.inf
            return name

    def _end(self, name: str, figures: dict[str, Any], began: float) -> None:
        """Note a turn; a target that failed waits as long as a turn lasts: it may be mended by then."""
        with self._lock:
            with LOG.open("a") as log:
                log.write(json.dumps(figures) + "\n")
            self._had[name] += figures["wall"]
            self._free[name] = began + self.longest if figures["failed"] else 0.0


def logged() -> list[dict[str, Any]]:
    """Return the figures of all turns so far."""
    return [json.loads(line) for line in LOG.read_text().splitlines()] if LOG.exists() else []


def table() -> None:
    """Print the sum of all turns by target."""
    rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in logged():
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
    parser.add_argument("--minutes", type=int, default=60, help="for each target, with the log's")
    parser.add_argument("--turn", type=int, default=10, help="minutes of a turn")
    parser.add_argument("--at-once", type=int, default=3, help="targets at a time")
    parser.add_argument("--table", action="store_true", help="print the figures so far")
    asked = parser.parse_args()
    if asked.table:
        table()
        return
    for name in asked.targets:
        Path("build/fuzz", name).mkdir(parents=True, exist_ok=True)
    turns = Turns(asked.targets, asked.minutes * 60, asked.turn * 60)
    workers = [threading.Thread(target=turns.work) for _ in range(asked.at_once)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    table()


if __name__ == "__main__":
    main()
