"""Processes of this machine: one that dies, or takes too long, costs its own repository only.

They are started anew, never forked: the Go runtime of the Helm library does not survive a fork.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from refactor.campaign.extra import needed
from refactor.campaign.values import Result, Task
from refactor.campaign.work import plan_repository

_SAFE_PATH = "PYTHONSAFEPATH"
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
            seconds: that one task may take.
        """
        self.workers = workers or len(os.sched_getaffinity(0))
        self._root = root
        self._seconds = seconds

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        """See `Executor`."""
        left = iter(tasks)
        while True:
            with self._pool(self.workers) as pool:
                suspects = yield from self._results(pool, left)
            if not suspects:
                return
            for task in suspects:
                yield self._alone(task)

    @contextmanager
    def _pool(self, workers: int) -> Iterator[Any]:
        with _safe_path():
            pool = needed("pebble").ProcessPool(
                max_workers=workers,
                context=multiprocessing.get_context("spawn"),
                initializer=_start,
            )
            try:
                yield pool
                pool.close()
            finally:
                pool.stop()
                pool.join()

    def _results(self, pool: Any, tasks: Iterator[Task]) -> Generator[Result, None, list[Task]]:
        """Yield what tasks give; return those that were under way when the pool broke."""
        under_way: dict[Future[Result], tuple[Task, int]] = {}
        suspects: list[Task] = []
        while not suspects:
            while len(under_way) < self.workers * _AHEAD and (task := next(tasks, None)):
                under_way[self._schedule(pool, task)] = (task, 1)
            if not under_way:
                return []
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                task, tries = under_way.pop(future)
                if isinstance(future.exception(), BrokenProcessPool):
                    suspects.append(task)
                elif (result := _result(future, task, self._seconds)) or tries == _TRIES:
                    yield result or lost(task)
                else:
                    under_way[self._schedule(pool, task)] = (task, tries + 1)
        return [*suspects, *(task for task, _ in under_way.values())]

    def _alone(self, task: Task) -> Result:
        """Try a task again that may be the one that broke the pool, and may not."""
        with self._pool(1) as pool:
            future = self._schedule(pool, task)
            wait([future])
            if isinstance(future.exception(), BrokenProcessPool):
                return lost(task)
            return _result(future, task, self._seconds) or lost(task)

    def _schedule(self, pool: Any, task: Task) -> Future[Result]:
        future: Future[Result]
        try:
            future = pool.schedule(plan_repository, args=(task, self._root), timeout=self._seconds)
        except RuntimeError as error:  # it has broken this very moment
            future = Future()
            future.set_exception(BrokenProcessPool(str(error)))
        return future


@contextmanager
def _safe_path() -> Iterator[None]:
    """Keep the working directory off the path of new processes.

    `multiprocessing` starts them, and its own resource tracker, by `python -c`, which looks there
    first: a `multiprocessing.py` beside the campaign file would run.
    """
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        os.environ.pop(_SAFE_PATH)
        if before is not None:
            os.environ[_SAFE_PATH] = before


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
