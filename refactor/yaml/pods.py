"""Where an object's pods are described, and which ConfigMaps and Secrets they take.

Source: Kubernetes API, PodTemplateSpec and PodSpec: `env`, `envFrom`, `volumes`, `projected`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from refactor.yaml.plain import down, maps

CONTAINERS = ("initContainers", "containers", "ephemeralContainers")
TEMPLATES: dict[str, tuple[str, ...]] = {
    "Pod": (),
    "PodTemplate": ("template",),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}
# Of all others of Kubernetes' own API, and of custom ones that make pods in the same way.
TEMPLATE = ("spec", "template")


class Taken(NamedTuple):
    """A ConfigMap or Secret that a container takes, and the keys of it; no key for all."""

    kind: str
    name: str
    container: str
    keys: tuple[str, ...] = ()

    def shows(self, key: str) -> bool:
        """Say whether a key is among what is taken; "" stands for any."""
        return not self.keys or not key or key in self.keys


def pod_template(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what an object makes pods from: `metadata` and `spec`; empty where it makes none."""
    return down(content, *TEMPLATES.get(str(content.get("kind") or ""), TEMPLATE))


def pod_spec(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the spec of the pods that an object makes; empty where it makes none."""
    spec = down(pod_template(content), "spec")
    return spec if "containers" in spec else {}


def taken(spec: Mapping[str, Any]) -> Iterator[Taken]:
    """Yield what the containers of a pod's spec take."""
    volumes = {
        str(volume.get("name")): list(_shown(volume)) for volume in maps(spec.get("volumes"))
    }
    for container in (one for place in CONTAINERS for one in maps(spec.get(place))):
        name = str(container.get("name") or "")
        for mount in maps(container.get("volumeMounts")):
            for kind, source, keys in volumes.get(str(mount.get("name")), ()):
                yield Taken(kind, source, name, keys)
        for kind, source, keys in _environment(container):
            yield Taken(kind, source, name, keys)


def _shown(volume: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield what a volume, or each part of a projected one, shows."""
    for source in (volume, *maps(down(volume, "projected").get("sources"))):
        for field, kind in (("configMap", "ConfigMap"), ("secret", "Secret")):
            shown = down(source, field)
            name = shown.get("name") or shown.get("secretName")
            if isinstance(name, str):
                keys = (str(item.get("key")) for item in maps(shown.get("items")))
                yield kind, name, tuple(keys)


def _environment(container: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for field, kind in (("configMap", "ConfigMap"), ("secret", "Secret")):
        for source in maps(container.get("envFrom")):
            if name := down(source, f"{field}Ref").get("name"):
                yield kind, str(name), ()
        for variable in maps(container.get("env")):
            reference = down(variable, "valueFrom", f"{field}KeyRef")
            if name := reference.get("name"):
                yield kind, str(name), (str(reference.get("key")),)
