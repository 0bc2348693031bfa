"""Which findings are judged: only what a program dials, and what can be a Service's name."""

from __future__ import annotations

import re

from refactor.model import Finding, Reason
from refactor.rules.files import row_of
from refactor.text.key_words import stem
from refactor.verify.model import Name

_READ: frozenset[Reason | None] = frozenset(
    {None, "read-only-source", "escaped", "shared-port", "conflict"}
)
"""Why a name may not be edited although a program dials it."""
# Objects whose hosts are names that clients outside, or a mesh, ask for.
_ROUTED = frozenset(
    [
        "Ingress",
        "IngressRoute",
        "HTTPRoute",
        "GRPCRoute",
        "TLSRoute",
        "TCPRoute",
        "Gateway",
        "VirtualService",
        "DestinationRule",
        "ServiceEntry",
        "Sidecar",
        "Certificate",
        "CertificateRequest",
        "APIService",
        "Service",
        "NetworkPolicy",
        "CustomResourceDefinition",
        "Route",
        "Application",
    ]
)
_GIVEN = frozenset({"values", "valuesObject", "parameters"})
"""What an Application gives to a chart is read by programs; the rest is Argo CD's own."""
_METADATA = frozenset({"package.json", "composer.json", "bower.json", "setup.py", "setup.cfg"})
"""Files of package managers: their addresses are of the project's page, or of development."""
_KEYS = frozenset({"externalName", "hostnames", "dnsNames", "serviceName", "image", "sans"})
_FORWARDED = re.compile(r"port[-_]?forward", re.IGNORECASE)
"""Keys of ports that a person's machine takes: `frontend:9090` is no connection of a program."""
_IMAGES = frozenset({"image", "img"})
_OTHERS = _IMAGES | {"class", "id", "label", "labels", "role", "secret", "selector", "type", "zone"}
"""Words of keys whose bare value is no host, whatever stands beside them: `nodeRole`."""
_LONG = 6
"""Letters from which a slip of a Service's name is no word of its own."""
_LEAST_PORT = 20
"""Below it a number behind a colon is a version: `redis:7`."""


def is_told(finding: Finding, name: Name) -> bool:
    """Say whether a program dials what stands in a place, as far as the place says."""
    document = finding.document
    if finding.kept not in _READ or not _KEYS.isdisjoint(finding.path) or row_of(finding.file):
        return False
    if any(_FORWARDED.search(key) for key in finding.path):
        return False
    words = stem(finding.key.rpartition(".")[2]).words
    if finding.file.rpartition("/")[2] in _METADATA or not _IMAGES.isdisjoint(words):
        return False
    if document and document.kind in _ROUTED and document.api_version:
        return document.kind == "Application" and not _GIVEN.isdisjoint(finding.path)
    if name.svc:
        return True
    if finding.form == "bare":
        return _says_host(finding.key)
    written = finding.port_from in ("written", "sibling") and finding.port is not None
    if finding.scheme:
        return True
    return written and (finding.port or 0) >= _LEAST_PORT and bool(document or finding.key)


def is_certain(finding: Finding) -> bool:
    """Say whether a single word in this place can be nothing but a name that pods look up."""
    document = finding.document
    if document is None or not document.api_version or document.kind == "Kustomization":
        return False
    return finding.form in ("url", "pair", "dsn", "flag") or _says_host(finding.key)


def is_passed(finding: Finding) -> bool:
    """Say whether nginx looks a name up among its own groups of servers first."""
    return finding.key.endswith("_pass")


def _says_host(key: str) -> bool:
    """Say whether a key is of a host: of `server.admin-secret-name` the last part counts."""
    told = stem(key.rpartition(".")[2])
    return told.says == "host" and _OTHERS.isdisjoint(told.words)


def is_slip(finding: Finding, *, composed: bool) -> bool:
    """Say whether a name one slip away from a Service's can be nothing else in this place."""
    labels = finding.host.rstrip(".").split(".")
    if len(labels) > 1:
        return "svc" in labels
    dialled = finding.form in ("url", "pair", "dsn", "flag")
    if is_certain(finding) or (finding.language == "template" and dialled):
        return True
    written = bool(finding.scheme) and finding.port_from == "written"
    return (
        written and not composed and len(labels[0]) >= _LONG and "test" not in finding.file.lower()
    )
