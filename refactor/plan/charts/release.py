"""Whether a Service belongs to the very release of the chart that an address stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from refactor.helm.cases import Case
from refactor.helm.follow import ANOTHER, Followed, ServiceName
from refactor.helm.objects import Object
from refactor.helm.renders import Renders
from refactor.inventory import Inventory
from refactor.inventory.records import Service
from refactor.model import ServiceRef
from refactor.yaml.plain import down

# What Helm's own charts write ("The Chart Best Practices Guide", labels), and what older ones did.
_INSTANCE = ("app.kubernetes.io/instance", "release")


_NAMESPACE = re.compile(rb"\.Namespace\b|\bnamespace:")
"""What may make a chart's objects others in another namespace."""


class Release(NamedTuple):
    """A release of a chart that the cluster has."""

    release: str
    namespace: str

    def __str__(self) -> str:
        return f"{self.release} in {self.namespace}"


class ChartService(NamedTuple):
    """A Service that the chart of an address makes itself.

    Attributes:
        name: how the chart names it.
        install: the release whose Service the inventory has.
        others: further releases of the same chart in the inventory.
    """

    name: ServiceName
    install: Release
    others: tuple[Release, ...] = ()


def own_service(
    renders: Renders,
    case: Case,
    names: Followed,
    service: Service,
    inventory: Inventory,
    new: Mapping[str, bytes],
    *,
    stated: bool,
) -> ChartService | None:
    """Return how a chart names a Service of the inventory; None where the Service is no part of it.

    Believed only where Helm renders the chart, as some release, to a Service of that very name
    that selects the same pods.
    """
    likely = [Release(case.release, case.namespace)] if stated else _likely(case, names, service)
    for install in likely:
        for name in _made(renders, case, install, names, service, new):
            return ChartService(name, install, _others(name, install, inventory))
    return None


def may_make(renders: Renders, case: Case, service: Service, new: Mapping[str, bytes]) -> bool:
    """Say whether a chart makes any Service that selects by the same labels, as any release."""
    return any(
        item.identity.kind == "Service"
        and down(item.content, "spec", "selector").keys() == service.selector.keys()
        for item in renders.render(case, new).objects
    )


def _likely(case: Case, names: Followed, service: Service) -> list[Release]:
    """The releases that a Service may be of, the likeliest first."""
    said = [service.labels[key] for key in _INSTANCE if key in service.labels]
    found = (release for name in names.services for release in _releases(name, service))
    releases = dict.fromkeys((*said, case.release, *found))
    return [Release(release, service.ref.namespace) for release in releases]


def _releases(name: ServiceName, service: Service) -> Iterator[str]:
    """Yield the releases as which a chart would name a Service so, or select its pods."""
    if release := release_of(name, service.name):
        yield release
    for key, text in name.other_selector.items():
        if release := _release(str(text), service.selector.get(key, "")):
            yield release


def _made(
    renders: Renders,
    case: Case,
    install: Release,
    names: Followed,
    service: Service,
    new: Mapping[str, bytes],
) -> Iterator[ServiceName]:
    """Yield how the Service is named, if the chart makes it as that release."""
    case = replace(case, release=install.release)
    for item in _objects(renders, case, install.namespace, new):
        spec = item.content.get("spec")
        same = (item.identity.namespace, item.identity.name) == (
            service.ref.namespace,
            service.ref.name,
        )
        if item.identity.kind != "Service" or not same or not isinstance(spec, dict):
            continue
        if dict(spec.get("selector") or {}) != dict(service.selector):
            continue
        yield from _named(names.services, item.source, service.ref, case.release)


def _objects(
    renders: Renders, case: Case, namespace: str, new: Mapping[str, bytes]
) -> Iterable[Object]:
    """Return a release's objects in a namespace; as they are in another one where that serves."""
    if renders.holds(case, _NAMESPACE, new):
        return renders.render(replace(case, namespace=namespace), new).objects
    return (
        item._replace(identity=item.identity._replace(namespace=namespace))
        if item.identity.namespace == case.namespace
        else item
        for item in renders.render(case, new).objects
    )


def _named(
    names: Sequence[ServiceName], source: str, ref: ServiceRef, release: str
) -> Iterator[ServiceName]:
    """Yield the name of a template's that gives this one for this release."""
    for name in names:
        fits = name.name == ref.name or release_of(name, ref.name) == release
        if name.source == source and (fits if name.follows_release else name.name == ref.name):
            yield name


def _others(name: ServiceName, install: Release, inventory: Inventory) -> tuple[Release, ...]:
    """The other releases whose Service of this kind the inventory has."""
    if not name.follows_release:
        return ()
    found = (
        Release(release, ref.namespace)
        for ref, service in inventory.services.items()
        if (release := release_of(name, ref.name))
        and service.selector.keys() == name.selector.keys()
        and all(service.labels.get(key, release) == release for key in _INSTANCE)
    )
    return tuple(sorted({*found} - {install}))


def release_of(name: ServiceName, text: str) -> str:
    """Return the release as which a chart would name its object so; "" for none."""
    return _release(name.other, text)


def _release(other: str, text: str) -> str:
    """Return what stands in a text where `ANOTHER` stands in its like; "" for nothing."""
    if other.count(ANOTHER) != 1:
        return ""
    pattern = re.escape(other).replace(re.escape(ANOTHER), "(.+)")
    found = re.fullmatch(pattern, text)
    return found[1] if found else ""


def in_words(installs: Iterable[Release]) -> str:
    """Return releases in words."""
    return ", ".join(str(install) for install in installs)
