"""Work shared among processes: copies of this one, made by fork, take turns with it.

A copy has all that this process has read already, so nothing is sent to it but numbers. Forking
is safe in a process without other threads only (POSIX, fork), so elsewhere all is done right here.
"""

from __future__ import annotations

import atexit
import marshal
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

_T = TypeVar("_T")
Work = Callable[[Iterator[int]], _T]
"""Takes the numbers of its turns; gives a value that `marshal` can carry."""

TURNS = 1000
"""So many numbers fit into the smallest pipe that Linux gives, 4,096 bytes, at once."""

_WIDTH = 4
_MOST = 8
"""Processes, beyond which a disk is what limits."""


def processes() -> int:
    """Return how many processes can share work here; 1 where none may be forked."""
    if sys.platform != "linux":
        return 1
    try:
        alone = len(list(os.scandir("/proc/self/task"))) == 1
    except OSError:
        return 1
    return min(_MOST, len(os.sched_getaffinity(0))) if alone else 1


def shared(turns: int, work: Work[_T], others: int) -> list[_T] | None:
    """Do work in this process and in copies of it, each with numbers of its own.

    Args:
        turns: how many numbers there are, from 0; `TURNS` at most.

    Returns:
        What each gave; None where a copy died, and its share is lost.
    """
    queue, source = os.pipe()
    copies: list[tuple[int, int]] = []
    try:
        os.write(source, b"".join(n.to_bytes(_WIDTH, "little") for n in range(turns)))
        os.close(source)
        copies += (_copy(queue, work) for _ in range(others))
        results: list[Any] = [work(_numbers(queue))]
        while copies:
            results.append(_result(*copies.pop()))
    finally:
        os.close(queue)
        for child, answer in copies:
            os.kill(child, signal.SIGKILL)
            _result(child, answer)
    return None if None in results else results


def aside(work: Callable[[], object]) -> None:
    """Do work in a copy of this process, which is waited for when this one ends.

    Where none may be made it is done here and now.
    """
    if processes() == 1:
        work()
        return
    if child := os.fork():
        atexit.register(_wait, child)
        return
    try:
        work()
        os._exit(0)
    finally:
        os._exit(1)


def _wait(child: int) -> None:
    with suppress(ChildProcessError, KeyboardInterrupt):
        os.waitpid(child, 0)


def _numbers(queue: int) -> Iterator[int]:
    """Yield numbers until there are none left; a read of one is never shared by two readers."""
    while number := os.read(queue, _WIDTH):
        yield int.from_bytes(number, "little")


def _copy(queue: int, work: Work[Any]) -> tuple[int, int]:
    """Make a copy that works; return its process id, and where its answer can be read."""
    answer, end = os.pipe()
    child = os.fork()
    if child:
        os.close(end)
        return child, answer
    try:
        os.close(answer)
        with os.fdopen(end, "wb") as file:
            file.write(marshal.dumps(work(_numbers(queue))))
        os._exit(0)
    finally:
        # The copy must not run what this process runs at exit.
        os._exit(1)


def _result(child: int, answer: int) -> Any:
    with os.fdopen(answer, "rb") as file:
        data = file.read()
    _, status = os.waitpid(child, 0)
    return marshal.loads(data) if status == 0 else None  # noqa: S302 - from a copy of ourselves
