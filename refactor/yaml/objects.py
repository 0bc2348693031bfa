"""What a YAML document is: a Kubernetes object, a list of them, a secret, something locked."""

from __future__ import annotations

from collections.abc import Iterator

from refactor.model import Document
from refactor.yaml.nodes import Alias, MappingNode, Node, SequenceNode, pairs, text_of
from refactor.yaml.pods import TEMPLATE, TEMPLATES


def objects(root: Node) -> Iterator[Node]:
    """Return the objects of a document: the items of a `List` one by one, else the document."""
    items = field(root, "items")
    if (
        isinstance(root, MappingNode)
        and isinstance(items, SequenceNode)
        and text_of(field(root, "kind")).endswith("List")
    ):
        place = next(i for i, child in enumerate(root.children) if child is items)
        before, after = root.children[: place - 1], root.children[place + 1 :]
        return iter((MappingNode(before), *items.children, MappingNode(after)))
    return iter((root,))


def identify(root: Node) -> Document | None:
    """Return which object a document is; None for another document, such as a values file.

    An object says `kind`, and also `apiVersion` or `metadata`: a chart's values may well have a
    `kind` of their own.
    """
    kind, version = text_of(field(root, "kind")), text_of(field(root, "apiVersion"))
    metadata = field(root, "metadata")
    if not kind or not (version or isinstance(metadata, MappingNode)):
        return None
    # A custom object may have its pod's spec in any of the places.
    specs = [_down(root, (*path, "spec")) for path in (TEMPLATE, *TEMPLATES.values())]
    return Document(
        kind=kind,
        api_version=version,
        name=text_of(field(metadata, "name")),
        namespace=text_of(field(metadata, "namespace")),
        host_network=any(text_of(field(spec, "hostNetwork")) == "true" for spec in specs),
        dns_policy=next((p for spec in specs if (p := text_of(field(spec, "dnsPolicy")))), ""),
    )


def tags_of(root: Node, document: Document | None) -> frozenset[str]:
    """Return the tags of everything in a document: "locked" and "schema".

    SOPS keeps a MAC over the whole document in `sops.mac`; a SealedSecret is sealed as a whole.
    """
    kind = document.kind if document else ""
    if kind == "SealedSecret" or text_of(field(field(root, "sops"), "mac")):
        return frozenset({"locked"})
    return frozenset({"schema"}) if kind == "CustomResourceDefinition" else frozenset()


def is_collection(root: Node | None) -> bool:
    """Say whether a document is more than one scalar, which any prose is; an empty one passes."""
    return isinstance(root, MappingNode | SequenceNode) or root == ""


def field(node: Node | None, name: str) -> Node | None:
    """Return a mapping's value for a key, through aliases; None where there is none."""
    if isinstance(node, Alias):
        node = node.target
    if not isinstance(node, MappingNode):
        return None
    return next((value for key, value in pairs(node) if text_of(key) == name), None)


def _down(node: Node | None, path: tuple[str, ...]) -> Node | None:
    for name in path:
        node = field(node, name)
    return node
