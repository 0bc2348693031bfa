"""What a chart renders to, as Kubernetes objects with an identity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from refactor.helm.engine import Manifest

# Kinds of Kubernetes' own API that have no namespace.
_CLUSTER_WIDE = frozenset({
    "APIService", "CSIDriver", "CSINode", "CertificateSigningRequest", "ClusterRole",
    "ClusterRoleBinding", "ClusterTrustBundle", "ComponentStatus", "CustomResourceDefinition",
    "DeviceClass", "FlowSchema", "IPAddress", "IngressClass", "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding", "MutatingWebhookConfiguration", "Namespace", "Node",
    "PersistentVolume", "PodSecurityPolicy", "PriorityClass", "PriorityLevelConfiguration",
    "RuntimeClass", "ServiceCIDR", "StorageClass", "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding", "ValidatingWebhookConfiguration", "VolumeAttachment",
    "VolumeAttributesClass",
})  # fmt: skip
_MOST = 1_000_000
"""Fields of one manifest, aliases written out; the largest real ones have some ten thousand."""
# Pairs the items of a list of maps by what names them, not by where they stand (Kubernetes API,
# `x-kubernetes-list-map-keys`).
_KEYS = ("name", "containerPort", "port", "mountPath")


class Identity(NamedTuple):
    """What makes an object the same one in two renders.

    Attributes:
        group: of its `apiVersion`, "" for the core group; versions of one API are one object.
        kind: its kind.
        namespace: its own, else the release's; "" for what has none.
        name: its `metadata.name`.
        copy: from 0, where several objects of a render say they are the same one.
    """

    group: str
    kind: str
    namespace: str
    name: str
    copy: int = 0

    def __str__(self) -> str:
        place = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return f"{self.kind} {place}" + (f" ({self.copy + 1})" if self.copy else "")


class Object(NamedTuple):
    """A rendered object.

    Attributes:
        identity: which one it is.
        source: the template it comes from, as Helm names it.
        content: plain data.
    """

    identity: Identity
    source: str
    content: dict[str, Any]


class BadManifestError(Exception):
    """A chart renders to what is no YAML; the message is as Helm puts it."""


def parse(manifest: Manifest) -> tuple[dict[str, Any], ...]:
    """Return the objects of a manifest as plain data, the items of a List one by one."""
    from refactor.yaml.data import NotYamlError, TooMuchError, documents

    try:
        found = list(documents(manifest.text))
    except (NotYamlError, TooMuchError) as error:
        message = f"YAML parse error on {manifest.source}: {error}"
        raise BadManifestError(message) from error
    if "*" in manifest.text and next(islice(leaves(found), _MOST, None), None) is not None:
        message = f"{manifest.source} stands for more than {_MOST} fields, aliases written out"
        raise BadManifestError(message)
    return tuple(item for document in found for item in _items(document))


def identified(parsed: Iterable[tuple[str, dict[str, Any]]], namespace: str) -> tuple[Object, ...]:
    """Return objects with their identities."""
    seen: dict[Identity, int] = {}
    found = []
    for source, content in parsed:
        identity = identify(content, namespace)
        copy = seen[identity] = seen.get(identity, -1) + 1
        found.append(Object(identity._replace(copy=copy), source, content))
    return tuple(found)


def identify(content: dict[str, Any], namespace: str) -> Identity:
    """Return which object a content is."""
    metadata = content.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    group, slash, _ = str(content.get("apiVersion") or "").partition("/")
    kind = str(content.get("kind") or "")
    own = "" if kind in _CLUSTER_WIDE else str(metadata.get("namespace") or namespace)
    name = str(metadata.get("name") or metadata.get("generateName") or "")
    return Identity(group if slash else "", kind, own, name)


def keyed(value: Any) -> Any:
    """Return data whose lists of maps are dicts by what names their items: `[web]`, `[8080]`.

    A list whose items have no such name, or not each its own, stays a list.
    """
    if isinstance(value, dict):
        return {key: keyed(item) for key, item in value.items()}
    if not isinstance(value, list):
        return value
    names = item_names(value)
    items = [keyed(item) for item in value]
    return items if names is None else dict(zip(names, items, strict=True))


def item_names(items: list[Any]) -> list[str] | None:
    """Return `[web]`-like names of a list's items; None where they have none of their own."""
    if not items or not all(isinstance(item, dict) for item in items):
        return None
    for key in _KEYS:
        if not all(isinstance(item.get(key), str | int) for item in items):
            continue
        names = [f"[{item[key]}]" for item in items]
        if len(set(names)) < len(names) and "ort" in key:  # one number, two protocols
            names = [f"[{item[key]}/{item.get('protocol', 'TCP')}]" for item in items]
        if len(set(names)) == len(names):
            return names
    return None


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every scalar with its path: `spec.template.spec.containers[web].env[URL].value`."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, step(path, key))
    elif isinstance(value, list):
        names = item_names(value) or [f"[{index}]" for index in range(len(value))]
        for name, item in zip(names, value, strict=True):
            yield from leaves(item, path + name)
    else:
        yield path, value


def step(path: str, key: str | int) -> str:
    """Return a path with one more key: `data["nginx.conf"]` where the key is no plain word."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    if key.startswith("["):
        return path + key
    if not key.replace("-", "").replace("_", "").isalnum():
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key


def _items(document: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(document, dict) or not document:
        return
    items = document.get("items")
    if isinstance(items, list) and str(document.get("kind", "")).endswith("List"):
        yield from (item for item in items if isinstance(item, dict))
    else:
        yield document
