"""A process in the cage that answers questions, seen from outside: two pipes and a clock."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from refactor.helm import cage
from refactor.helm.engine import MAX_OUTPUT

_CHUNK = 1 << 20
_TOO_MUCH = "ended: it took too much memory"
_TOO_LONG = "took more than {} seconds"


class Process:
    """Asks one caged process, and starts another where that one ended, or is a fork's parent's.

    Attributes:
        folder: what the process may read; it is empty at first, and goes with the process.
        greeting: what it says when it has started.
    """

    def __init__(self, file: str, *arguments: str, more: Mapping[str, str] | None = None) -> None:
        """Start it."""
        self._owner = os.getpid()
        self._folder = tempfile.TemporaryDirectory(prefix="refactor-helm-")
        self.folder = Path(self._folder.name)
        program = str(Path(__file__).with_name(file))
        self._command = [sys.executable, "-P", "-B", program, str(self.folder), *arguments]
        self._environment = {**cage.environment(os.environ), **(more or {})}
        self._lock = threading.Lock()
        self._running = _Running(self._command, self._environment)
        self.greeting = self._running.receive()

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer; what has none ends the process, and says so under `ended`."""
        with self._lock:
            if not self._running.serves():
                self._running = _Running(self._command, self._environment)
                self._running.receive()
            return self._running.ask(question)

    def end(self) -> None:
        """Kill it, and wait. A second call does nothing."""
        self._running.end()
        if self._owner == os.getpid():
            self._folder.cleanup()


class _Running:
    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._owner = os.getpid()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd="/",
            process_group=0,
        )

    def serves(self) -> bool:
        """Say whether it can be asked: it has not ended, and is not a fork's copy."""
        return self._owner == os.getpid() and self._process.poll() is None

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None  # noqa: S101 - opened as a pipe
        try:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            return self._ended()
        return self.receive()

    def receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - opened as a pipe
        pipe, deadline = self._process.stdout.fileno(), time.monotonic() + cage.SECONDS
        waiting = select.poll()
        waiting.register(pipe, select.POLLIN)
        answer = bytearray()
        while not answer.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not waiting.poll(left * 1000):
                return self._failed(_TOO_LONG.format(cage.SECONDS))
            chunk = os.read(pipe, _CHUNK)
            answer += chunk
            if not chunk:
                return self._ended()
            if len(answer) > MAX_OUTPUT:
                return self._failed(f"gave more than {MAX_OUTPUT} bytes")
        said: dict[str, Any] = json.loads(answer)
        return said

    def end(self) -> None:
        """Kill it and what it started, and wait."""
        if self._owner != os.getpid():
            return
        if self._process.poll() is None:
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError), self._process:
            pass  # closes the pipes and waits

    def _ended(self) -> dict[str, Any]:
        """It is gone, by a limit: of Go's runtime out of memory, or of the system."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        return self._failed(_TOO_MUCH)

    def _failed(self, problem: str) -> dict[str, Any]:
        self.end()
        return {"error": problem, "ended": True}
