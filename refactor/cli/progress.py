"""A bar on standard error while something takes longer than a second."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from refactor.files import progress

_PATIENCE = 1.0
"""Seconds after which progress is shown."""


@contextmanager
def shown() -> Iterator[None]:
    """Show, while the block runs, how far it is: on a terminal, and not before a second is over."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield
        return
    bar = _Bar()
    try:
        with progress.listening(bar.step):
            yield
    finally:
        bar.stop()


class _Bar:
    """A bar of rich's that begins late, so that quick runs neither see nor import it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = time.monotonic()
        self._timer: threading.Timer | None = None
        self._rich: Any = None
        self._task: Any = None
        self._over = False
        self._last: tuple[str, int, int] = ("reading", 0, 0)

    def start(self) -> None:
        """Appear, unless all is over."""
        with self._lock:
            if not self._over:
                self._begin()
                self._update()

    def step(self, what: str, done: int, total: int) -> None:
        """Take note of how far it is.

        The clock starts with the first step: it is a thread, and what comes before may fork.
        """
        with self._lock:
            self._last = (what, done, total)
            if self._timer is None:
                left = max(0.0, _PATIENCE - (time.monotonic() - self._asked))
                self._timer = threading.Timer(left, self.start)
                self._timer.daemon = True
                self._timer.start()
            if self._rich and not self._over:
                self._update()

    def stop(self) -> None:
        """Disappear."""
        with self._lock:
            self._over = True
            if self._timer:
                self._timer.cancel()
            if self._rich:
                self._rich.stop()

    def _begin(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeElapsedColumn as Elapsed

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Elapsed())
        self._rich = Progress(
            *columns,
            console=Console(stderr=True),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._rich.add_task(self._last[0], total=None)
        self._rich.start()

    def _update(self) -> None:
        what, done, total = self._last
        self._rich.update(self._task, description=what, completed=done, total=total or None)
