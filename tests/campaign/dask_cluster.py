"""A Dask cluster of several processes on this machine, until standard input ends.

    python -m tests.campaign.dask_cluster WORKERS

(or `0 DIRECTORY adaptive`: a worker is started when there is something to do) prints one line of JSON: the scheduler's address, and the process id of each worker.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent.parent


class Cluster(NamedTuple):
    scheduler: str
    workers: list[int]
    leader: int


@contextmanager
def cluster(workers: int, home: Path, *more: str) -> Iterator[Cluster]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.campaign.dask_cluster", str(workers), str(home), *more],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield Cluster(**json.loads(process.stdout.readline()), leader=process.pid)
    finally:
        process.communicate()


def main() -> None:
    from distributed import LocalCluster

    adaptive = "adaptive" in sys.argv[3:]
    with LocalCluster(
        n_workers=int(sys.argv[1]), threads_per_worker=1, processes=True, host="127.0.0.1",
        dashboard_address="127.0.0.1:0" if adaptive else None, worker_dashboard_address=None, local_directory=sys.argv[2],
    ) as made, made.get_client() as client:  # fmt: skip
        if adaptive:
            made.adapt(minimum=0, maximum=1, interval="100ms")
        told = {
            "scheduler": made.scheduler_address,
            "workers": sorted(client.run(os.getpid).values()),
        }
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
