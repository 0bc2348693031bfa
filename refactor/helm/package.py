"""Helm by the `helm-python-sdk` package, which carries Helm's own library.

The library lives in a process of its own: Go's runtime does not survive a fork, a chart can ask
for any memory, and what hangs can be ended. The process stays for many renders, of some
milliseconds each.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from refactor.helm.engine import NoEngine, Rendered, manifests
from refactor.helm.messages import one_line
from refactor.helm.process import Process


def start() -> HelmPackage | NoEngine:
    """Return the engine, or why there is none."""
    if find_spec("helm_python") is None:
        return NoEngine("the package helm-python-sdk is not installed (extra [helm])")
    engine = HelmPackage()
    if engine.name:
        return engine
    engine.close()
    return NoEngine(f"the package helm-python-sdk does not load: {engine.problem}")


class HelmPackage:
    """Asks one worker process, and starts another where that one ended."""

    def __init__(self) -> None:
        self._process = Process("worker.py")
        self.folder = self._process.folder
        greeting = self._process.greeting
        self.problem = greeting.get("error", "")
        version = greeting.get("version")
        self.name = f"helm {version} (helm-python-sdk)" if version else ""

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
        said = self._process.ask(question)
        if "error" in said:
            return Rendered(error=one_line(said["error"], chart), ended="ended" in said)
        return Rendered(manifests(said["files"]))

    def close(self) -> None:
        """See `Engine`."""
        self._process.end()
