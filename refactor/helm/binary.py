"""Helm by its binary on the PATH, version 3 or 4."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from refactor.errors import extra_remedy
from refactor.helm import cage
from refactor.helm.engine import NoEngine, Rendered, manifests
from refactor.helm.messages import one_line
from refactor.helm.process import Process

# `v3.17.0+g301108e`, `v4.3`; Helm 2 says `Client: v2.17.0+gbf0`.
_VERSION = re.compile(r"v[34]\.[0-9.]+")
_SOURCE = re.compile(r"^---\n# Source: ([^\n]+)\n", re.MULTILINE)

# Nothing of the user's: a home that is not there can be neither read nor written.
_PLACES = ("HELM_CACHE_HOME", "HELM_CONFIG_HOME", "HELM_DATA_HOME", "HELM_PLUGINS", "HOME")
NOTHING = {
    **dict.fromkeys((*_PLACES, "XDG_CACHE_HOME", "XDG_CONFIG_HOME"), "/nonexistent"),
    "PATH": os.defpath,
    "KUBECONFIG": os.devnull,
    "HELM_NO_PLUGINS": "1",
}
_REMEDY = (
    "it may stand for a program elsewhere, which the cage does not let it start: put the directory"
    " of helm itself on the PATH (`asdf which helm`, `mise which helm`), or"
    f" {extra_remedy('helm')}"
)


def start() -> HelmBinary | NoEngine:
    """Return the engine, or why there is none."""
    path = shutil.which("helm")
    if path is None:
        return NoEngine("no helm on the PATH")
    engine = HelmBinary(path)
    said = engine.version()
    found = _VERSION.match(said)
    if not found:
        engine.close()
        return NoEngine(_no_helm(path, said))
    engine.name = f"helm {found[0]}"
    return engine


def _no_helm(path: str, said: str) -> str:
    """Say why a program is no Helm for us; one that stands for another starts that in vain."""
    told = f"{path} is neither Helm 3 nor Helm 4: it says {said[:80]!r}"
    return f"{told}; {_REMEDY}" if said.startswith("Error: ") and _stands_in(path) else told


def _stands_in(path: str) -> bool:
    """Say whether a program is a script, or a link to another program, as version managers make."""
    real = Path(os.path.realpath(path))
    with suppress(OSError):
        return cage.program(real)[0] or not real.name.startswith("helm")
    return False


class HelmBinary:
    """Runs `helm template`: no cluster, no network, none of the user's settings or plugins."""

    def __init__(self, path: str) -> None:
        self.name = "helm"
        self._process = Process("runner.py", os.path.realpath(path), more=NOTHING)
        self.folder = self._process.folder

    def version(self) -> str:
        """Return what `helm version --short` says, or its complaint."""
        return str(output_of(self._run(["version", "--short"]))).strip()

    def render(
        self, chart: Path, values: Sequence[Path], *, release: str, namespace: str
    ) -> Rendered:
        """See `Engine`."""
        given = [argument for path in values for argument in ("--values", str(path))]
        names = ["--namespace", namespace, "--", release, str(chart)]
        said = self._run(["template", "--skip-tests=false", *given, *names])
        output = output_of(said)
        if output.startswith("Error: "):
            return Rendered(error=one_line(output, chart), ended="ended" in said)
        return Rendered(manifests(_by_source(output)))

    def close(self) -> None:
        """See `Engine`."""
        self._process.end()

    def _run(self, arguments: list[str]) -> dict[str, Any]:
        return self._process.ask({"arguments": arguments})


def output_of(said: dict[str, Any]) -> str:
    """Return standard output; what went wrong starts with `Error: `, as Helm writes it."""
    if "error" in said:
        return f"Error: {said['error']}"
    if said["code"]:
        return f"Error: {_complaint(said['errors'])}"
    return str(said["output"])


def _complaint(errors: str) -> str:
    """Return what Helm says after `Error: `; warnings come before it."""
    return errors.partition("Error: ")[2] or errors


def _by_source(output: str) -> dict[str, str]:
    """Put together what `helm template` sorts by kind and heads with `# Source:`."""
    _, *parts = _SOURCE.split(output)
    texts: dict[str, str] = {}
    for source, text in zip(parts[::2], parts[1::2], strict=True):
        texts[source] = f"{texts[source]}\n---\n{text}" if source in texts else text
    return texts
