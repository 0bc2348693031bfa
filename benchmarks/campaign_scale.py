"""Repositories a minute and peak memory of a campaign, as it grows; throughput of Dask workers.

    python -m benchmarks.campaign_scale [REPOSITORIES...]
    python -m benchmarks.campaign_scale --dask REPOSITORIES WORKERS...
    python -m benchmarks.campaign_scale --far 0.5 --dask REPOSITORIES WORKERS...

With `--far`, git waits so many seconds before it speaks to a remote, as over a network: what is
measured then is waiting, of which several workers do more at once whatever the processors.

Real git repositories, made from the sample with variations, on bare remotes of this disk, and a
forge that is a database. Memory is resident memory as the kernel has it, sampled every 50 ms: of the
process that leads, and of it with its workers and their git together (pages they share count for
each).
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import psutil

from refactor.campaign.executors.dask import DaskPool
from refactor.campaign.values import Repository, Task
from tests.campaign.dask_cluster import cluster
from tests.campaign.farm import CLUSTER, campaign_file, farm

ROOT = Path(__file__).parent.parent
FORGE = 'forge: {kind: gitea, url: "http://forge.example", token: T}\n'


class Took(NamedTuple):
    seconds: float
    processor: float
    leader: int
    together: int


def run(file: Path, command: str) -> Took:
    words = [
        "campaign",
        command,
        str(file),
        "--cache",
        str(file.parent / "cache"),
        "--workers",
        "2",
    ]
    started, spent = time.monotonic(), _spent()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.campaign.disk_forge", str(file.parent), *words],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), "T": "token"}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    peak = [0, 0]
    watch = threading.Thread(target=_watch, args=(process, peak))
    watch.start()
    if process.wait():
        sys.exit(f"{command} of {file} ended with {process.returncode}")
    watch.join()
    return Took(time.monotonic() - started, _spent() - spent, *peak)


def _spent() -> float:
    """Processor seconds of every process that has ended and was waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _watch(process: subprocess.Popen[bytes], peak: list[int]) -> None:
    leader = psutil.Process(process.pid)
    while process.poll() is None:
        sizes = []
        for each in _family(leader):
            try:
                sizes.append(each.memory_info().rss)
            except psutil.Error:
                continue
        if sizes:
            peak[:] = max(peak[0], sizes[0]), max(peak[1], sum(sizes))
        time.sleep(0.05)


def _family(leader: psutil.Process) -> list[psutil.Process]:
    try:
        return [leader, *leader.children(recursive=True)]
    except psutil.Error:
        return []


def grow(count: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        file = campaign_file(Path(directory), farm(Path(directory), range(count)), FORGE)
        for command, told in (("plan", "plan"), ("run", "run"), ("run", "again")):
            took = run(file, command)
            rate = count / took.seconds * 60
            print(
                f"{count:5} repositories, {told:5}: {took.seconds:6.1f} s, {rate:5.0f} a minute, {took.processor / count:.2f} processor seconds each, peak {took.leader >> 20} MB leading, {took.together >> 20} MB together",
                flush=True,
            )
        started = time.monotonic()
        page = Path(directory, "page.html")
        subprocess.run(
            [
                sys.executable,
                "-m",
                "refactor",
                "campaign",
                "status",
                str(file),
                "--format",
                "html",
                "--output",
                str(page),
            ],
            cwd=ROOT,
            check=True,
        )
        print(
            f"{count:5} repositories, status: {time.monotonic() - started:.1f} s, {page.stat().st_size >> 10} kB of HTML, {file.with_suffix('.state.db').stat().st_size >> 10} kB of state",
            flush=True,
        )


def spread(count: int, workers: list[int]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        repositories = farm(root, range(count))
        for number in workers:
            home = root / f"dask-{number}"
            tasks = [
                Task(
                    Repository(f"shop/{p.stem}", str(p)),
                    str(home / "cache"),
                    (str(CLUSTER),),
                    "shop",
                )
                for p in repositories
            ]
            with cluster(number, home) as made:
                pool = DaskPool(root, made.scheduler)
                # The first tasks of a worker import everything: that is no throughput.
                list(pool.run(tasks[: 10 * number]))
                started = time.monotonic()
                failed = sum(bool(result.failed) for result in pool.run(tasks[10 * number :]))
                seconds = time.monotonic() - started
            rest = count - 10 * number
            print(
                f"dask, {number} workers: {rest} repositories in {seconds:.1f} s, {rest / seconds * 60:.0f} a minute, {failed} failed",
                flush=True,
            )


def far(directory: Path, seconds: str) -> None:
    """Put a git first on the PATH that waits before it speaks to a remote."""
    git = directory / "git"
    git.write_text(
        f'#!/bin/sh\ncase " $* " in *" ls-remote "*|*" fetch "*) sleep {float(seconds)};; esac\n'
        f'exec {shutil.which("git")} "$@"\n'
    )
    git.chmod(0o755)
    os.environ["PATH"] = f"{directory}:{os.environ['PATH']}"


def main() -> None:
    words = sys.argv[1:]
    if words[:1] == ["--far"]:
        with tempfile.TemporaryDirectory() as directory:
            far(Path(directory), words[1])
            measure(words[2:])
    else:
        measure(words)


def measure(words: list[str]) -> None:
    if words[:1] == ["--dask"]:
        spread(int(words[1]), [int(word) for word in words[2:]] or [1, 2, 4])
    else:
        for count in [int(word) for word in words] or [50, 200, 1000]:
            grow(count)


if __name__ == "__main__":
    main()
