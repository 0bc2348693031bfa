"""What a Service will be by the repository's own manifest: docs/semantics.md, section 3.

What the next deployment brings outranks what runs: an edit has to hold then, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from refactor.inventory.ports import target_of
from refactor.inventory.records import Pod, Service
from refactor.model import Target
from refactor.yaml.plain import down, maps
from refactor.yaml.pods import CONTAINERS


class Promised(NamedTuple):
    """A Service as a manifest makes it."""

    file: str
    record: Service


class Running(NamedTuple):
    """A Service as it runs, its pods, and what the repository makes its pods from."""

    service: Service | None
    pods: Sequence[Pod]
    templates: Sequence[Mapping[str, Any]]


def service_record(content: Mapping[str, Any], namespace: str, name: str) -> Service | None:
    """Return a Service as kubectl would list it; None if the API would not take it."""
    given = {
        "kind": "Service",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": _texts(down(content, "metadata", "labels")),
        },
        "spec": {key: value for key, value in down(content, "spec").items() if value is not None},
    }
    try:
        return msgspec.convert(given, Service)
    except msgspec.ValidationError:
        return None


def disagreement(target: Target, promised: Iterable[Promised], now: Running) -> str:
    """Return how all manifests of a target's Service differ from what is dialled; "" for none."""
    told = [_differs(target, one, now) for one in promised]
    return told[0] if told and all(told) else ""


def _differs(target: Target, one: Promised, now: Running) -> str:
    record, made = one.record, f"{one.file} makes Service {target.service}"
    ports = [port for port in record.ports if port.port == target.port]
    if target.port is not None and not ports:
        has = ", ".join(sorted(str(port.port) for port in record.ports)) or "none"
        return f"{made} without port {target.port} (it has {has})"
    if record.selector and not _selects(record, now):
        return f"{made} for other pods: they lack its selector's labels"
    leads = {found for port in ports for found in _leads(port, now)}
    led = {
        target_of(port, pod)
        for port in (now.service.ports if now.service else ())
        for pod in now.pods
        if port.port == target.port
    }
    if leads and led and leads.isdisjoint(led):
        new, old = (", ".join(sorted(map(str, found))) for found in (leads, led))
        return f"{made}, whose port {target.port} leads to {new}, and not to {old}"
    return ""


def _selects(record: Service, now: Running) -> bool:
    labels = [pod.labels for pod in now.pods]
    labels += [_texts(down(one, "metadata", "labels")) for one in now.templates]
    return not labels or any(record.selector.items() <= one.items() for one in labels)


def _leads(port: Any, now: Running) -> Iterator[int | None]:
    """Yield the container ports that a port leads to; a name means what the pods call so."""
    yield from (found for pod in now.pods if (found := target_of(port, pod)))
    for one in now.templates:
        for container in (c for place in CONTAINERS for c in maps(down(one, "spec").get(place))):
            for declared in maps(container.get("ports")):
                if declared.get("name") == port.target_port:
                    yield declared.get("containerPort")


def _texts(value: Mapping[str, Any]) -> dict[str, str]:
    return {key: text for key, text in value.items() if isinstance(text, str)}
