"""What YAML literals are called, who their siblings are, which object they stand in."""

from __future__ import annotations

import re

import pytest

from refactor.model import Document, Literal, Scanned
from refactor.scan import scan

IP = re.compile(r"\d+\.\d+\.\d+\.\d+")


def read(source: str) -> Scanned:
    return scan("yaml", source, lambda text: bool(IP.search(text)))


def names(literal: Literal) -> tuple[str, str, str, str]:
    return literal.kind, literal.key, "/".join(literal.path), literal.view.text


# id, source, (kind, key, path, text) of each literal
NAMES = [
    ("root", "10.0.0.1", [("text", "", "", "10.0.0.1")]),
    ("mapping", "a: 10.0.0.1", [("text", "a", "a", "10.0.0.1")]),
    ("deep", "a: {b: {c: 10.0.0.1}}", [("text", "c", "a/b/c", "10.0.0.1")]),
    ("dotted key is one name", "redis.host: 10.0.0.1", [("text", "redis.host",) * 1 + ("redis.host", "10.0.0.1")]),
    ("quoted key", "'a b': 10.0.0.1", [("text", "a b", "a b", "10.0.0.1")]),
    ("empty key", ": 10.0.0.1", [("text", "", "", "10.0.0.1")]),
    ("aliased key", "x: &k h\n*k : 10.0.0.1", [("text", "h", "h", "10.0.0.1")]),
    ("key that is a list", "? [a]\n: 10.0.0.1", [("text", "", "", "10.0.0.1")]),
    ("list", "a: [x, 10.0.0.1]", [("text", "a", "a/1", "10.0.0.1")]),
    ("list at the root", "- x\n- 10.0.0.1", [("text", "", "1", "10.0.0.1")]),
    ("list in a list", "a: [[x], [y, 10.0.0.1]]", [("text", "a", "a/1/1", "10.0.0.1")]),
    ("mapping in a list", "a:\n- b: 10.0.0.1", [("text", "b", "a/0/b", "10.0.0.1")]),
    (
        "Prometheus targets (row 68)",
        "static_configs:\n- targets: ['10.0.0.1:9153', '10.0.0.2:9153']",
        [
            ("text", "targets", "static_configs/0/targets/0", "10.0.0.1:9153"),
            ("text", "targets", "static_configs/0/targets/1", "10.0.0.2:9153"),
        ],
    ),
    (
        "flags",
        "args: [-h, 10.0.0.1, -p, 5432, x, '80']",
        [
            ("text", "-h", "args/1", "10.0.0.1"),
            ("number", "-p", "args/3", "5432"),
            ("text", "args", "args/5", "80"),
        ],
    ),
    (
        "long flags, one item each",
        "args:\n- --redis-host\n- 10.0.0.1\n- --v=2\n- --redis-port\n- '6379'",
        [
            ("text", "--redis-host", "args/1", "10.0.0.1"),
            ("text", "--v", "args/2", "2"),
            ("text", "--redis-port", "args/4", "6379"),
        ],
    ),
    (
        "flags with their values",
        "args: ['--db-host=10.0.0.1', '--db-port=5432', '-Ddb.url=tcp://10.0.0.2:1']",
        [
            ("text", "--db-host", "args/0", "10.0.0.1"),
            ("text", "--db-port", "args/1", "5432"),
            ("text", "-Ddb.url", "args/2", "tcp://10.0.0.2:1"),
        ],
    ),
    ("flag without a value", "args: ['--h=', 10.0.0.1]", [("text", "args", "args/1", "10.0.0.1")]),
    ("no flag: a number", "a: [-1, 10.0.0.1]", [("text", "a", "a/1", "10.0.0.1")]),
    ("no flag: a sentence", "a: [-x y, 10.0.0.1]", [("text", "a", "a/1", "10.0.0.1")]),
    (
        "compose environment",
        "environment: [DB_HOST=10.0.0.1, DB_PORT=5432]",
        [
            ("text", "DB_HOST", "environment/DB_HOST", "10.0.0.1"),
            ("text", "DB_PORT", "environment/DB_PORT", "5432"),
        ],
    ),
    ("a DSN is no assignment", "a: [host=10.0.0.1 port=1]", [("text", "a", "a/0", "host=10.0.0.1 port=1")]),
    ("no list, no assignment", "a: H=10.0.0.1", [("text", "a", "a", "H=10.0.0.1")]),
    (
        "address on the left",
        "a: ['--map=10.0.0.1=x', 'A=B', '10.0.0.1=C']",
        [("text", "--map", "a/0", "10.0.0.1=x"), ("text", "a", "a/2", "10.0.0.1=C")],
    ),
    (
        "env items",
        "env:\n- {name: DB_HOST, value: 10.0.0.1}\n- {value: '5432', name: DB_PORT}",
        [
            ("text", "DB_HOST", "env/DB_HOST", "10.0.0.1"),
            ("text", "DB_PORT", "env/DB_PORT", "5432"),
        ],
    ),
    ("key and value", "tags: [{key: H, value: 10.0.0.1}]", [("text", "H", "tags/H", "10.0.0.1")]),
    ("env item named like an address", "e: [{name: 10.0.0.1, value: x}]", [("text", "name", "e/0/name", "10.0.0.1")]),
    ("env item without a name", "e: [{name: , value: 10.0.0.1}]", [("text", "", "e", "10.0.0.1")]),
    (
        "more than name and value",
        "e: [{name: H, value: 10.0.0.1, x: 1}]",
        [("text", "value", "e/0/value", "10.0.0.1"), ("number", "x", "e/0/x", "1")],
    ),
    ("value only", "e: [{value: 10.0.0.1}]", [("text", "value", "e/0/value", "10.0.0.1")]),
    ("name and other", "e: [{name: H, url: 10.0.0.1}]", [("text", "url", "e/0/url", "10.0.0.1")]),
    ("value is a mapping", "e: [{name: H, value: {a: 10.0.0.1}}]", [("text", "a", "e/0/value/a", "10.0.0.1")]),
    ("env-like, no list", "e: {name: H, value: 10.0.0.1}", [("text", "value", "e/value", "10.0.0.1")]),
    ("key is an address (row 80)", "hosts: {10.0.0.1: a}", [("key", "hosts", "hosts/10.0.0.1", "10.0.0.1")]),
    ("quoted key is an address", "'10.0.0.1:80': a", [("key", "", "10.0.0.1:80", "10.0.0.1:80")]),
    ("key in a list", "h: [{10.0.0.1: a}]", [("key", "h", "h/0/10.0.0.1", "10.0.0.1")]),
    ("key inside a key", "? {10.0.0.1: a}\n: b", [("key", "", "10.0.0.1", "10.0.0.1")]),
    ("anchor, edited once (row 79)", "a: &h 10.0.0.1\nb: *h\nc: [*h]", [("text", "a", "a", "10.0.0.1"), ("text", "b", "b", "10.0.0.1"), ("text", "c", "c/0", "10.0.0.1")]),
    ("anchored mapping", "a: &m {h: 10.0.0.1}\nb: *m\nc: {<<: *m}", [("text", "h", "a/h", "10.0.0.1")]),
    ("merged mapping", "a: {<<: {h: 10.0.0.1}, p: 80}", [("text", "h", "a/h", "10.0.0.1"), ("number", "p", "a/p", "80")]),
    ("merged list", "a: {<<: [{h: 10.0.0.1}]}", [("text", "h", "a/<</0/h", "10.0.0.1")]),
    ("values (row 77)", "db: # in Japan: 日本\n  host: 10.0.0.1\n  port: 5432", [("text", "host", "db/host", "10.0.0.1"), ("number", "port", "db/port", "5432")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected"), [row[1:] for row in NAMES], ids=[row[0] for row in NAMES]
)
def test_names(source: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert [names(literal) for literal in read(source).literals] == expected


def test_items_are_tagged() -> None:
    literals = read("a: [10.0.0.1, {b: 10.0.0.2}]\nc: 10.0.0.3\ne: [X=10.0.0.4]").literals

    assert ["item" in literal.tags for literal in literals] == [True, False, False, False]


# id, source of two literals, whether they are siblings
SIBLINGS = [
    ("one mapping", "{host: 10.0.0.1, port: 80}", True),
    ("other names between", "{host: 10.0.0.1, x: {y: z}, port: 80}", True),
    ("env items", "- {name: H, value: 10.0.0.1}\n- {name: P, value: 80}", True),
    ("compose environment", "[H=10.0.0.1, P=80]", True),
    ("items", "[10.0.0.1, 80]", True),
    ("merged in", "{<<: {host: 10.0.0.1}, port: 80}", True),
    ("parent and child", "{host: 10.0.0.1, a: {port: 80}}", False),
    ("two mappings", "[{host: 10.0.0.1}, {port: 80}]", False),
    ("two lists", "{a: [10.0.0.1], b: [80]}", False),
    ("two documents", "host: 10.0.0.1\n---\nport: 80", False),
    ("env lists of two containers", "- [{name: H, value: 10.0.0.1}]\n- [{name: P, value: 80}]", False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected"), [row[1:] for row in SIBLINGS], ids=[row[0] for row in SIBLINGS]
)
def test_siblings(source: str, expected: bool) -> None:
    host, port = read(source).literals

    assert (host.scope == port.scope) is expected


HEAD = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n"
DEPLOYMENT = Document("Deployment", "apps/v1", "web", "shop")
# id, source, document
DOCUMENTS = [
    ("values file", "a: 10.0.0.1", None),
    ("values file with a kind of its own", "kind: DaemonSet\na: 10.0.0.1", None),
    ("kind is no text", "apiVersion: v1\nkind: {a: 10.0.0.1}", None),
    ("a list", "- kind: Pod\n  apiVersion: v1\n  a: 10.0.0.1", None),
    ("object", HEAD + "a: 10.0.0.1", DEPLOYMENT),
    ("names behind the literal", "a: 10.0.0.1\n" + HEAD, DEPLOYMENT),
    ("JSON", '{"a": "10.0.0.1", "kind": "Pod", "apiVersion": "v1"}', Document("Pod", "v1")),
    ("no apiVersion", "kind: Pod\nmetadata: {name: x}\na: 10.0.0.1", Document("Pod", "", "x")),
    ("aliased name", "x: &n web\nkind: Pod\nmetadata: {name: *n}\na: 10.0.0.1", Document("Pod", "", "web")),
    (
        "host network in a template",
        HEAD + "spec: {template: {spec: {hostNetwork: true, a: 10.0.0.1}}}",
        Document("Deployment", "apps/v1", "web", "shop", host_network=True),
    ),
    (
        "host network, cluster DNS",
        "kind: Pod\napiVersion: v1\nspec: {hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet, a: 10.0.0.1}",
        Document("Pod", "v1", host_network=True, dns_policy="ClusterFirstWithHostNet"),
    ),
    (
        "CronJob",
        "kind: CronJob\napiVersion: batch/v1\nspec: {jobTemplate: {spec: {template: {spec: {dnsPolicy: Default, a: 10.0.0.1}}}}}",
        Document("CronJob", "batch/v1", dns_policy="Default"),
    ),
    ("host network elsewhere", HEAD + "a: {hostNetwork: true, b: 10.0.0.1}", DEPLOYMENT),
    ("host network off", HEAD + "spec: {template: {spec: {hostNetwork: false, a: 10.0.0.1}}}", DEPLOYMENT),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected"), [row[1:] for row in DOCUMENTS], ids=[row[0] for row in DOCUMENTS]
)
def test_document(source: str, expected: Document | None) -> None:
    [literal] = read(source).literals

    assert literal.document == expected


def test_documents_of_a_list_and_of_a_bundle() -> None:
    """Row 85: each item of a List is an object of its own, and so is each document."""
    source = (
        "kind: List\napiVersion: v1\nitems:\n"
        "- {apiVersion: v1, kind: Pod, metadata: {name: a}, status: {podIP: 10.0.0.1}}\n"
        "- {apiVersion: v1, kind: Service, metadata: {name: b}, spec: {clusterIP: 10.0.0.2}}\n"
        "metadata: {x: 10.0.0.3}\n"
        "---\n" + HEAD + "spec: {a: 10.0.0.4}\n---\na: 10.0.0.5\n"
    )

    seen = [
        (item.view.text, "/".join(item.path), item.document and item.document.name)
        for item in read(source).literals
    ]
    assert seen == [
        ("10.0.0.1", "status/podIP", "a"),
        ("10.0.0.2", "spec/clusterIP", "b"),
        ("10.0.0.3", "metadata/x", None),
        ("10.0.0.4", "spec/a", "web"),
        ("10.0.0.5", "a", None),
    ]


SEALED = "kind: SealedSecret\napiVersion: bitnami.com/v1alpha1\n"
# id, source, tags of the literal
TAGS = [
    ("nothing special", "a: 10.0.0.1", set()),
    ("block", "a: |-\n  10.0.0.1", {"block"}),
    ("folded block", "a: >-\n  10.0.0.1", {"block"}),
    ("SOPS (row 72)", "a: 10.0.0.1\nsops: {mac: 'ENC[x]', version: 3.8}", {"locked"}),
    ("SOPS in JSON", '{"a": "10.0.0.1", "sops": {"mac": "ENC[x]"}}', {"locked"}),
    ("a key called sops", "a: 10.0.0.1\nsops: {version: 3.8}", set()),
    ("sops deeper", "a: 10.0.0.1\nb: {sops: {mac: x}}", set()),
    ("SealedSecret (row 72)", SEALED + "a: 10.0.0.1", {"locked"}),
    ("CRD (row 82)", "kind: CustomResourceDefinition\napiVersion: x/v1\na: {example: 10.0.0.1}", {"schema"}),
    ("stringData (row 70)", "kind: Secret\napiVersion: v1\nstringData: {a: 10.0.0.1}", set()),
    ("data of a ConfigMap", "kind: ConfigMap\napiVersion: v1\ndata: {a: 10.0.0.1}", set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected"), [row[1:] for row in TAGS], ids=[row[0] for row in TAGS]
)
def test_tags(source: str, expected: set[str]) -> None:
    [literal] = read(source).literals

    assert literal.tags == expected


def test_sops_locks_its_own_document_only() -> None:
    literals = read("a: 10.0.0.1\nsops: {mac: x}\n---\na: 10.0.0.2\n").literals

    assert ["locked" in literal.tags for literal in literals] == [True, False]
