"""Time and memory of `refactor inventory`, for clusters of growing size behind a paging stand-in.

    python -m benchmarks.live_inventory [PODS...]

The stand-in runs in a process of its own; each pod is made as it is asked for, with the
annotations, variables and managedFields of a real one (some 5 kB), so the figures are of reading.
"""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.clusters import pod, service
from tests.live_server import Cluster, kubeconfig, serving

_NOISE = {
    "annotations": {"note": "x" * 1500},
    "managedFields": [{"manager": "kubelet", "fieldsV1": {"f": "y" * 1500}}],
}
_ENV = [{"name": f"VARIABLE_{n}", "value": "z" * 40} for n in range(20)]


class _Pods(list[Any]):
    """Pods that are made when they are asked for."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: Any) -> Any:
        return [_pod(n) for n in range(*at.indices(self._count))]


def _pod(n: int) -> dict[str, Any]:
    made = pod(
        f"app-{n // 10}-{n:x}",
        f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}",
        {"app": f"app-{n // 10}"},
        [8080],
    )
    made["metadata"] |= _NOISE
    made["spec"]["containers"][0] |= {"env": _ENV, "image": "registry.example/app:1.2.3"}
    return made


def _serve(count: int, pipe: Any) -> None:
    services = [
        service(f"app-{n}", "10.43.0.1", {"app": f"app-{n}"}, (80, 8080))
        for n in range(count // 10)
    ]
    cluster = Cluster(services)
    cluster.lists["/api/v1/pods"] = _Pods(count)
    with serving(cluster) as url:
        pipe.send(url)
        pipe.recv()


def measure(count: int) -> dict[str, float]:
    """Return seconds, peak memory in MB of the command, and MB written, for so many pods."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(count, theirs))
    server.start()
    with tempfile.TemporaryDirectory() as directory:
        config = kubeconfig(Path(directory, "config"), ours.recv())
        out = Path(directory, "cluster.json")
        start = time.perf_counter()
        code = "import resource, sys, refactor.cli as c\n"
        code += "try: c.main(sys.argv[1:])\n"
        code += "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        argv = [sys.executable, "-c", code, "inventory", "--kubeconfig", config, "-o", str(out)]
        ran = subprocess.run(argv, capture_output=True, text=True, check=True)
        took = time.perf_counter() - start
        written = float(out.stat().st_size)
    ours.send("done")
    server.join()
    return {
        "pods": count,
        "seconds": round(took, 1),
        "peak MB": round(int(ran.stdout) / 1024),
        "written MB": round(written / 1e6, 1),
    }


if __name__ == "__main__":
    for size in [int(text) for text in sys.argv[1:]] or [1_500, 15_000, 150_000]:
        figures = {name: round(value, 1) for name, value in measure(size).items()}
        print(json.dumps(figures), flush=True)
