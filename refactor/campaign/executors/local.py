"""Processes of this machine: one that dies, or takes too long, costs its own repository only.

They are started anew, never forked: the Go runtime of the Helm library does not survive a fork.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path
from typing import Any

from refactor.campaign.extra import needed
from refactor.campaign.values import Result, Task
from refactor.campaign.work import plan_repository

_TRIES = 2
_AHEAD = 2
"""Tasks a worker has waiting, so that it never waits itself; more would only fill memory."""


class LocalPool:
    """A pool of processes.

    Attributes:
        workers: how many.
    """

    def __init__(self, root: Path, workers: int, seconds: float) -> None:
        """Take what every task has in common.

        Args:
            root: the directory that inventories are relative to.
            workers: how many processes; 0 for one a processor.
            seconds: that one task may take.
        """
        self.workers = workers or len(os.sched_getaffinity(0))
        self._root = root
        self._seconds = seconds

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """See `Executor`."""
        pool = needed("pebble").ProcessPool(
            max_workers=self.workers,
            context=multiprocessing.get_context("spawn"),
            initializer=_start,
        )
        try:
            yield from self._results(pool, iter(tasks))
            pool.close()
        finally:
            pool.stop()
            pool.join()

    def _results(self, pool: Any, tasks: Iterator[Task]) -> Iterator[Result]:
        under_way: dict[Future[Result], tuple[Task, int]] = {}
        while True:
            while len(under_way) < self.workers * _AHEAD and (task := next(tasks, None)):
                under_way[self._schedule(pool, task)] = (task, 1)
            if not under_way:
                return
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                task, tries = under_way.pop(future)
                result = _result(future, task, self._seconds)
                if result is None and tries < _TRIES:
                    under_way[self._schedule(pool, task)] = (task, tries + 1)
                else:
                    yield result or lost(task)

    def _schedule(self, pool: Any, task: Task) -> Future[Result]:
        future: Future[Result] = pool.schedule(
            plan_repository, args=(task, self._root), timeout=self._seconds
        )
        return future


def _start() -> None:
    """Leave the interrupt of a terminal to the process that leads."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _result(future: Future[Result], task: Task, seconds: float) -> Result | None:
    """Return what a task gave; None where its process died."""
    pebble = needed("pebble")
    try:
        return future.result()
    except TimeoutError:
        message = f"planning takes more than {seconds / 60:g} minutes"
        return Result(task.repository.name, failed=message, transient=True)
    except pebble.ProcessExpired:
        return None


def lost(task: Task) -> Result:
    """Return what becomes of a task whose worker died more than once."""
    message = "the process that planned it died, twice (out of memory?)"
    return Result(task.repository.name, failed=message, transient=True)
