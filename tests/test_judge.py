"""docs/semantics.md, sections 1 and 2: what is a finding, what is kept, and what is neither.

Rows name the catalogue's; "-" stands for no finding, "" for one that may be edited.
"""

from __future__ import annotations

import pytest

from refactor.addresses.known import NOTHING, KnownHosts
from refactor.scan.file import scan_source
from refactor.text.source import Source


class _Holds:
    names = frozenset({"worker-3", "lb.example.net"})

    def knows(self, host: str) -> bool:
        return host in ("127.0.0.5", "8.8.8.8", "10.7.31.9", "192.0.2.10", *self.names)


HOLDS: KnownHosts = _Holds()
CRD = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec:\n  description: such as "

ROWS = [
    ("1 private", "h: 10.244.1.17", NOTHING, ""),
    ("13 CIDR", "h: 10.244.1.17/32", NOTHING, "-"),
    ("16 range", "h: 10.244.1.10-10.244.1.20", NOTHING, "shape"),
    ("17 loopback", "h: 127.0.0.5", NOTHING, "-"),
    ("17 loopback that the inventory holds", "h: 127.0.0.5", HOLDS, ""),
    ("18 any", "h: 0.0.0.0:8080", NOTHING, "-"),
    ("21 metadata", "h: 169.254.169.254", NOTHING, "-"),
    ("22 documentation", "h: 192.0.2.10", NOTHING, "-"),
    ("22 documentation that the inventory holds", "h: 192.0.2.10", HOLDS, ""),
    ("24 public", "h: 8.8.8.8", NOTHING, "-"),
    ("24 public that the inventory holds", "h: 8.8.8.8", HOLDS, ""),
    ("29 leading zeros", "h: 010.244.001.017", NOTHING, "-"),
    ("31 version by key", "packageVersion: 10.7.31.9", NOTHING, "-"),
    ("31 version by key, known to the inventory", "packageVersion: 10.7.31.9", HOLDS, "shape"),
    ("31 a version key with a URL is an address", "versionUrl: http://10.7.31.9/x", NOTHING, ""),
    ("36 inside a DNS name", "h: 10.244.1.17.nip.io", NOTHING, "shape"),
    ("41 named port", "h: 10.244.1.17:http", NOTHING, "shape"),
    ("51 node name", "h: http://worker-3:30080", HOLDS, ""),
    ("51 node name nobody knows", "h: http://worker-3:30080", NOTHING, "-"),
    ("51 a name alone under a host key", "dbHost: worker-3", HOLDS, ""),
    ("51 a name alone under another key", "label: worker-3", HOLDS, "-"),
    (
        "70 Secret stringData",
        "kind: Secret\napiVersion: v1\nstringData:\n  u: http://10.0.0.1:80",
        NOTHING,
        "",
    ),
    ("80 map key", "10.244.1.17: x", NOTHING, "compared"),
    ("82 schema", CRD + "10.0.0.5:8080", NOTHING, "-"),
    ("82 schema, known to the inventory", CRD + "10.7.31.9:80", HOLDS, "shape"),
    ("netmask by key", "subnetMask: 10.0.0.1", NOTHING, "-"),
    ("SOPS file", "h: 10.0.0.1:80\nsops:\n  mac: x\n", NOTHING, "locked"),
    ("106 marker", "h: 10.0.0.1 # refactor: ignore", NOTHING, "ignored"),
]


@pytest.mark.parametrize(
    ("text", "known", "verdict"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS]
)
def test_verdict(text: str, known: KnownHosts, verdict: str) -> None:
    findings = scan_source(Source("f.yaml", text.encode()), "yaml", known).findings
    found = {finding.kept or "" for finding in findings} or {"-"}

    assert found == {verdict}


def test_public_addresses_are_told_when_asked_for() -> None:
    source = Source("f.yaml", b"h: 8.8.8.8")

    assert [f.kept for f in scan_source(source, "yaml", public=True).findings] == ["public"]
