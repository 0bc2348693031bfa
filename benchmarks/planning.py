"""Planning: time beside the number of edits, and time and memory for a repository of 10^6 lines.

    python -m benchmarks.planning [EDITS...]

Each plan runs in a process of its own, its inventory loaded before the clock starts.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.trees import make
from tests.clusters import pod, service

_PODS = 900
_PROGRAM = """
import sys, time
from pathlib import Path
from refactor import inventory
from refactor.repository.environments import Environments
from refactor.plan.job import PlanJob
from refactor.plan import make_plan
from refactor.settings.types import Settings

root, settings = Path(sys.argv[1]), Settings()
known = inventory.load([sys.argv[2]], stdin=bytes)
started = time.process_time()
plan = make_plan(PlanJob(root, (root,), settings, Environments(settings, {"": known})))
took = time.process_time() - started
edits = sum(len(change.edits) for change in plan.changes)
# What `getrusage` tells of a process includes that of which it was forked.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(edits, took, int(peak.split()[1]) / 1024)
"""


def table(sizes: list[int]) -> Iterator[str]:
    """Yield the lines of a Markdown table: files that each hold one address, and a large tree."""
    yield "| repository | edits | processor s | ms an edit | MB of memory |"
    yield "| --- | --: | --: | --: | --: |"
    with tempfile.TemporaryDirectory() as made:
        cluster = Path(made, "cluster.json")
        cluster.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": _objects()}))
        for files in sizes:
            root = Path(made, f"plan-{files}")
            _write(root, files)
            yield _row(f"{files:,} files of 41 lines", root, cluster)
        root = Path(made, "large")
        make(root, 5_000)
        lines = sum(p.read_bytes().count(b"\n") for p in root.rglob("*") if p.is_file())
        _write(root / "few", 100)
        yield _row(f"5,100 files, {lines + 4_100:,} lines", root, cluster)


def _objects() -> list[object]:
    found: list[object] = []
    for number in range(_PODS):
        labels = {"app": f"app-{number}"}
        found.append(pod(f"app-{number}", _address(number), labels, [8080]))
        found.append(
            service(f"app-{number}", f"10.96.{number >> 8}.{number & 255}", labels, (80, 8080))
        )
    return found


def _address(number: int) -> str:
    return f"10.42.{number >> 8}.{number & 255}"


def _write(root: Path, files: int) -> None:
    root.mkdir()
    for number in range(files):
        lines = [f"word_{n}: value {n}" for n in range(40)]
        lines.append(f"url: http://{_address(number % _PODS)}:8080/v1")
        (root / f"f{number}.yaml").write_text("\n".join(lines) + "\n")


def _row(told: str, root: Path, cluster: Path) -> str:
    command = [sys.executable, "-c", _PROGRAM, str(root), str(cluster)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    edits, took, memory = map(float, ran.stdout.split())
    return f"| {told} | {edits:,.0f} | {took:.2f} | {took / edits * 1e3:.1f} | {memory:.0f} |"


if __name__ == "__main__":
    for line in table([int(word) for word in sys.argv[1:]] or [100, 300, 900]):
        print(line, flush=True)
