"""Helm by the `helm-python-sdk` package, which carries Helm's own library.

The library lives in a process of its own: Go's runtime does not survive a fork, a chart can ask
for any memory, and what hangs can be ended. The process stays for many renders, of some
milliseconds each.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from refactor.helm.engine import MAX_OUTPUT, TIMEOUT, NoEngine, Rendered, manifests
from refactor.helm.limits import confine
from refactor.helm.messages import one_line

_WORKER = Path(__file__).with_name("worker.py")
_CHUNK = 1 << 20
_ENDED = "ended: it took too much memory"


def start() -> HelmPackage | NoEngine:
    """Return the engine, or why there is none."""
    if find_spec("helm_python") is None:
        return NoEngine("the package helm-python-sdk is not installed (extra [helm])")
    worker = _Worker()
    if "version" not in worker.greeting:
        worker.end()
        problem = worker.greeting.get("error", "")
        return NoEngine(f"the package helm-python-sdk does not load: {problem}")
    return HelmPackage(worker)


class HelmPackage:
    """Asks one worker process, and starts another where that one ended."""

    def __init__(self, worker: _Worker) -> None:
        self.name = f"helm {worker.greeting['version']} (helm-python-sdk)"
        self._worker = worker
        self._lock = threading.Lock()

    def render(
        self, chart: Path, values: Sequence[Path], *, release: str, namespace: str
    ) -> Rendered:
        """See `Engine`."""
        question = {
            "chart": str(chart),
            "values": [str(path) for path in values],
            "release": release,
            "namespace": namespace,
        }
        with self._lock:
            if not self._worker.serves():
                self._worker = _Worker()
            said = self._worker.ask(question)
        if "error" in said:
            return Rendered(error=one_line(said["error"], chart))
        return Rendered(manifests(said["files"]))

    def close(self) -> None:
        """See `Engine`."""
        self._worker.end()


class _Worker:
    """One process, and the two pipes to it."""

    def __init__(self) -> None:
        self._owner = os.getpid()
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(_WORKER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        confine(self._process.pid, MAX_OUTPUT)
        self.greeting = self._receive()

    def serves(self) -> bool:
        """Say whether it can be asked: it has not ended, and is not a fork's copy."""
        return self._owner == os.getpid() and self._process.poll() is None

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """Return the answer; what has none ends the worker."""
        assert self._process.stdin is not None  # noqa: S101 - opened as a pipe
        try:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
            self._process.stdin.flush()
        except OSError:
            return self._failed(_ENDED)
        return self._receive()

    def end(self) -> None:
        """Kill it, and wait. A second call does nothing."""
        if self._owner == os.getpid():
            self._process.kill()
            with contextlib.suppress(OSError), self._process:
                pass  # closes the pipes and waits

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - opened as a pipe
        pipe, deadline = self._process.stdout.fileno(), time.monotonic() + TIMEOUT
        waiting = select.poll()
        waiting.register(pipe, select.POLLIN)
        answer = bytearray()
        while not answer.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not waiting.poll(left * 1000):
                return self._failed(f"took more than {TIMEOUT} seconds")
            chunk = os.read(pipe, _CHUNK)
            answer += chunk
            if not chunk:
                return self._failed(_ENDED)
            if len(answer) > MAX_OUTPUT:
                return self._failed(f"gave more than {MAX_OUTPUT} bytes")
        said: dict[str, Any] = json.loads(answer)
        return said

    def _failed(self, problem: str) -> dict[str, Any]:
        self.end()
        return {"error": problem}


def _environment() -> dict[str, str]:
    """Return ours, without Helm's settings and the cluster's."""
    return {
        name: value
        for name, value in os.environ.items()
        if name == "HELM_C_LIB" or not name.startswith(("HELM_", "KUBE"))
    }
