"""Loading an inventory and asking it, against msgspec's bare decoding of the same file.

    python -m benchmarks.inventory_load [PODS...]

Each file is kubectl's own JSON, indented as kubectl does, of pods with their EndpointSlices,
ReplicaSets and a Service for fifteen of them, annotations, variables and managedFields as real ones
have. Each way reads the file, in a process of its own; a load also hashes it.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.clusters import owned, pod, service, slice_, workload

_ROUNDS = 3
_SHARE = 15  # pods of a Service
_FIELDS = {"f:spec": {f"f:field{n}": {"f:name": {}, "f:value": {}} for n in range(12)}}
_ENV = [{"name": f"VARIABLE_{n}", "value": "z" * 40} for n in range(12)]

_PROGRAMS = {
    "msgspec": """
held = _LISTING.decode(open(path, "rb").read())
""",
    "load": """
held = load([path], stdin=bytes)
held.hosts.holds("10.0.0.1"), held.names
""",
    "first": """
held = load([path], stdin=bytes, indexes=indexes)
held.hosts.holds("10.0.0.1"), held.names
""",
    "again": """
held = load([path], stdin=bytes, indexes=indexes)
held.hosts.holds("10.0.0.1"), held.names
""",
}
_FRAME = """
import sys, time
path = sys.argv[1]
from pathlib import Path
import refactor.inventory.unpacked
from refactor.inventory import load
from refactor.inventory.read import _LISTING
indexes = Path(path).with_name("indexes")
started = time.perf_counter()
{program}
took = time.perf_counter() - started
# What `getrusage` tells of a process includes that of which it was forked.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(took, int(peak.split()[1]) / 1024)
"""
_ASKING = """
import sys, time
from pathlib import Path
from refactor.inventory import load
from refactor.resolve import Options, Query, resolve
path = sys.argv[1]
held = load([path], stdin=bytes)
hosts = list(held.hosts.pods)[:100_000]

def owners(host):
    for pod in held.hosts.pods[host]:
        held.owners_of(pod), held.selection.services_of(pod)

queries = [Query(host, 8080, "written", "http", "shop") for host in hosts]
for ask, asked in ((owners, hosts), (lambda query: resolve(query, held, Options()), queries)):
    ask(asked[0])
    started = time.perf_counter()
    for one in asked:
        ask(one)
    print(len(asked) / (time.perf_counter() - started))
"""


def objects(pods: int) -> Iterator[dict[str, Any]]:
    """Yield what a cluster of so many pods holds."""
    for at in range(0, pods, _SHARE):
        app = f"app-{at // _SHARE}"
        labels = {"app": app, "app.kubernetes.io/part-of": "estate"}
        template = labels | {"pod-template-hash": "6d5f7c9b8d"}
        yield service(
            app, f"10.{96 + (at >> 20)}.{at >> 12 & 255}.{at >> 4 & 255}", labels, (80, 8080)
        )
        yield workload("Deployment", app, labels, replicas=_SHARE)
        yield workload(
            "ReplicaSet", f"{app}-6d5f7c9b8d", template, owner=f"Deployment/{app}", replicas=_SHARE
        )
        numbers = range(at, min(at + _SHARE, pods))
        addresses = [f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}" for n in numbers]
        yield slice_(app, addresses, {"port": 8080, "protocol": "TCP"})
        for n, address in zip(numbers, addresses, strict=True):
            made = pod(f"{app}-6d5f7c9b8d-{n:05x}", address, template, [8080])
            made["metadata"] |= {
                "ownerReferences": owned("ReplicaSet", f"{app}-6d5f7c9b8d"),
                "annotations": {"checksum/config": "a" * 64},
                "managedFields": [{"manager": "kubelet", "fieldsV1": _FIELDS}],
            }
            made["spec"]["containers"][0] |= {"env": _ENV, "image": "registry.example/app:1.2.3"}
            yield made


def table(sizes: list[int]) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield (
        "| pods | file MB | msgspec s | load s | of msgspec's | MB of memory | and index kept s"
        " | by the index s | of the load | owners a second | resolutions a second |"
    )
    yield "| --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |"
    for size in sizes:
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory, "cluster.json")
            _write(path, size)
            time.sleep(3)  # for the file to count as settled
            yield _row(path, size)


def _write(path: Path, pods: int) -> None:
    with path.open("w") as file:
        file.write('{\n    "apiVersion": "v1",\n    "items": [\n')
        for n, item in enumerate(objects(pods)):
            file.write(",\n" * bool(n) + json.dumps(item, indent=4))
        file.write('\n    ],\n    "kind": "List",\n    "metadata": {"resourceVersion": ""}\n}\n')


def _row(path: Path, size: int) -> str:
    took: dict[str, list[float]] = {name: [] for name in _PROGRAMS}
    memory = dict.fromkeys(_PROGRAMS, 0.0)
    for _ in range(_ROUNDS):
        shutil.rmtree(path.with_name("indexes"), ignore_errors=True)
        for name, program in _PROGRAMS.items():
            seconds, megabytes = map(float, _python(_FRAME.format(program=program), path).split())
            took[name].append(seconds)
            memory[name] = max(memory[name], megabytes)
    bare, load, first, again = (statistics.median(took[name]) for name in _PROGRAMS)
    owners, asked = map(float, _python(_ASKING, path).split())
    return (
        f"| {size:,} | {path.stat().st_size / 1e6:,.0f} | {bare:.2f} | {load:.2f}"
        f" | {load / bare:.2f} | {memory['load']:,.0f} | {first:.2f} | {again:.2f}"
        f" | {again / load:.2f} | {owners:,.0f} | {asked:,.0f} |"
    )


def _python(program: str, path: Path) -> str:
    command = [sys.executable, "-c", program, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    for line in table([int(word) for word in sys.argv[1:]] or [3_000, 30_000, 150_000]):
        print(line, flush=True)
