"""Whole processes timed side by side: each round runs every command once, so noise meets all."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Timing(NamedTuple):
    """Medians over the rounds, in seconds.

    Attributes:
        wall: from start to end.
        processor: user and system time, of all processors.
        megabytes: the largest resident set of any of its processes, over all rounds.
    """

    wall: float
    processor: float
    megabytes: float


def timed(
    commands: Mapping[str, Sequence[str]], rounds: int = 5, *, warm: bool = True
) -> dict[str, Timing]:
    """Run commands in turns.

    Args:
        commands: by name.
        rounds: that count.
        warm: whether each is run once before it counts.

    Raises:
        RuntimeError: one ends with a code that says that it did not work.
    """
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in commands}
    for number in range(not warm, rounds + 1):
        for name, command in commands.items():
            one = _run(command)
            if number:
                found[name].append(one)
    return {
        name: Timing(*(statistics.median(column) for column in zip(*rows, strict=True)))
        for name, rows in found.items()
    }


def _run(command: Sequence[str]) -> tuple[float, float, float]:
    own = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    told = process.stderr.read() if process.stderr else ""
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):  # 1: nothing found, or something
        message = f"{command[0]} ended with {process.returncode}: {told[-500:]}"
        raise RuntimeError(message)
    return wall, usage.ru_utime + usage.ru_stime, _megabytes(usage)


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024


def ratio(one: float, other: float) -> str:
    """Return how many times one is the other, as a table shows it."""
    return f"{one / other:.2f}"
