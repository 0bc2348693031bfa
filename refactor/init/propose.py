"""From what lies in a repository to settings that fit it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from refactor.init.detect import Destination, Detected
from refactor.settings.types import Environment, Settings

_TOLD = 5
"""Namespaces that a remark names."""


class Proposal(NamedTuple):
    """Settings, and what made them so."""

    settings: Settings
    remarks: dict[str, str]


def propose(seen: Detected) -> Proposal:
    """Return settings that fit what was seen."""
    namespace = next(iter(seen.namespaces)) if len(seen.namespaces) == 1 else ""
    own = {path: place for path in seen.inventories if (place := _place_of(path, seen))}
    if len(seen.inventories) == 1:
        own = {}
    environments = tuple(
        _environment(name, place, seen, [path for path in own if own[path] == name])
        for name, place in seen.places.items()
    )
    settings = Settings(
        inventories=tuple(path for path in seen.inventories if path not in own),
        namespace=namespace,
        environments=environments,
        ignore=tuple(_glob(folder, "/**") for folder in seen.recordings),
    )
    return Proposal(settings, dict(_remarks(seen, settings)))


def _place_of(path: str, seen: Detected) -> str:
    """Return the environment that an inventory's own name is about, "" for none or several."""
    words = set(re.split(r"[-._/]", path.lower()))
    named = [name for name in seen.places if name.lower() in words]
    return named[0] if len(named) == 1 else ""


def _environment(
    name: str, place: Destination, seen: Detected, inventories: Iterable[str]
) -> Environment:
    namespaces = sorted(place.namespaces)
    return Environment(
        name=name,
        files=tuple(_files(place, seen)),
        inventories=tuple(inventories),
        namespace=namespaces[0] if len(namespaces) == 1 else "",
        values=place.values,
    )


def _files(place: Destination, seen: Detected) -> Iterator[str]:
    """Yield globs for the files that are an environment's.

    A chart with one overlay is that environment's as a whole; of one with several only the overlay
    is, and the rest is everybody's.
    """
    for folder in place.folders:
        yield _glob(folder, "/**")
    for path in place.values:
        chart = next((c for c in seen.charts if path in c.overlays), None)
        if chart and _is_only(chart.overlays, seen):
            yield _glob(chart.path, "/**") if chart.path else "**"
        elif chart:
            yield _glob(path)


def _is_only(overlays: Iterable[str], seen: Detected) -> bool:
    return sum(not {*overlays}.isdisjoint(place.values) for place in seen.places.values()) == 1


def _glob(path: str, tail: str = "") -> str:
    """Return the glob that fits this path, from the root, with a tail that is a glob already."""
    plain = re.sub(r"([\\*?\[])", r"\\\1", path)
    plain = f"{plain[:-1]}\\ " if plain.endswith(" ") and not tail else plain
    return plain + tail if "/" in path + tail and plain[0] not in "!#" else f"/{plain}{tail}"


def _remarks(seen: Detected, settings: Settings) -> Iterator[tuple[str, str]]:
    if seen.inventories:
        yield "inventories", ", ".join(seen.inventories)
    if seen.namespaces:
        told = (f"{name} ({count})" for name, count in seen.namespaces.most_common(_TOLD))
        yield "namespace", f"{', '.join(told)} in manifests"
    if settings.environments:
        yield "environments", ", ".join(e.name for e in settings.environments)
    if seen.tests:
        yield "tests", f"{seen.tests} Python test file{'s' * (seen.tests > 1)}, skipped"
    if seen.recordings:
        yield "ignore", ", ".join(seen.recordings)
