"""What a child process may use: a hostile chart can ask Helm for any memory and any time."""

from __future__ import annotations

import resource
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

_MEMORY = 2 << 30
"""Bytes of data; rendering the largest real charts takes a tenth of it."""


class Ran(NamedTuple):
    """What a process said.

    Attributes:
        code: its exit code.
        output, errors: what it wrote.
        problem: why it was ended, "" where it ended by itself.
    """

    code: int
    output: str = ""
    errors: str = ""
    problem: str = ""


def confine(pid: int, written: int) -> None:
    """Bound the memory of a process, and the size of the files it writes, where the system can.

    Args:
        pid: the process.
        written: bytes per file.
    """
    if not hasattr(resource, "prlimit"):
        return
    with suppress(OSError):  # it has ended already
        for limit, most in ((resource.RLIMIT_DATA, _MEMORY), (resource.RLIMIT_FSIZE, written)):
            hard = resource.prlimit(pid, limit)[1]
            allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.prlimit(pid, limit, (allowed, hard))


def run(
    arguments: Sequence[str], environment: Mapping[str, str], seconds: float, written: int
) -> Ran:
    """Run a command with standard input closed, within bounds.

    Args:
        arguments: the command.
        environment: all of its environment.
        seconds: how long it may take.
        written: how many bytes it may write.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        try:
            process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                env=dict(environment),
            )
        except OSError as error:
            return Ran(1, problem=f"cannot be started: {error.strerror}")
        killed = threading.Event()
        with process, _alarm(process, seconds, killed):
            confine(process.pid, written)
            code = process.wait()
        if killed.is_set():
            return Ran(code, problem=f"took more than {seconds:g} seconds")
        output.seek(0)
        errors.seek(0)
        said = errors.read(written).decode("utf-8", "replace")
        if code < 0:
            return Ran(code, problem=f"ended by signal {-code}: it took too much memory or space")
        return Ran(code, output.read(written).decode("utf-8", "replace"), said)


@contextmanager
def _alarm(
    process: subprocess.Popen[bytes], seconds: float, killed: threading.Event
) -> Iterator[None]:
    """Kill a process that goes on for too long; waiting itself then need not look at the clock."""

    def end() -> None:
        killed.set()
        process.kill()

    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        yield
    except BaseException:
        process.kill()
        raise
    finally:
        timer.cancel()
