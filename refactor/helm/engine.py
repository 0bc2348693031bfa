"""The one way to ask Helm: render a chart, get its manifests or Helm's own words why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from refactor.model import Value

MAX_OUTPUT = 64 << 20
"""Bytes that one render may give; the largest real charts give five million."""


class Manifest(Value, frozen=True):
    """What one template file renders to.

    Attributes:
        source: the template, as Helm names it (`shop/charts/redis/templates/service.yaml`).
        text: YAML, of one or more documents.
    """

    source: str
    text: str


class Rendered(Value, frozen=True):
    """What a chart renders to, hooks and tests included, or why it does not.

    Attributes:
        manifests: by source; without those that hold nothing.
        error: Helm's own message in one line, without paths of temporary files; "" for none.
        ended: a limit ended it: on time, memory, or how much it may give.
    """

    manifests: tuple[Manifest, ...] = ()
    error: str = ""
    ended: bool = False


class NoEngine(Value, frozen=True):
    """There is no Helm to ask.

    Attributes:
        reason: why, and what would help.
    """

    reason: str


class Engine(Protocol):
    """Helm's own renderer; close it when all is rendered."""

    name: str
    """For people: `helm v3.17.0`."""

    folder: Path
    """Where charts and values have to lie: Helm can read nothing else. It goes with the engine."""

    def render(
        self, chart: Path, values: Sequence[Path], *, release: str, namespace: str
    ) -> Rendered:
        """Render a chart; never raises for what the chart holds."""

    def close(self) -> None:
        """End what was started and remove what was written. A second call does nothing."""


def manifests(texts: Mapping[str, str]) -> tuple[Manifest, ...]:
    """Return what goes to the cluster of what the template files render to, as Helm decides it."""
    return tuple(
        Manifest(source, text.rstrip() + "\n")
        for source, text in sorted(texts.items())
        if text.strip()
        and not source.rpartition("/")[2].startswith("_")
        and not source.endswith("NOTES.txt")
    )
