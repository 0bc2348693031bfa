"""What is an inventory, what is none, and what is said about it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refactor.errors import RefactorError
from refactor.inventory import Inventory, Mapping, load
from refactor.inventory.read import UnreadableError, read
from tests.clusters import Object, deployed, pod, service, text, thing

POD = pod("web-0", "10.42.0.1", {"app": "web"}, [8080])
SERVICE = service("web", "10.43.0.1", {"app": "web"}, (80, 8080))


def no_stdin() -> bytes:
    raise AssertionError


def load_bytes(path: Path, data: bytes) -> Inventory:
    path.write_bytes(data)
    return load([path], stdin=no_stdin)


def listing(kind: str, *items: Object) -> Object:
    return {"apiVersion": "v1", "kind": kind, "items": list(items)}


def dumped(value: object) -> bytes:
    return json.dumps(value, indent=4).encode()


BARE = {key: value for key, value in POD.items() if key not in ("kind", "apiVersion")}
YAML = """\
apiVersion: v1
items:
- &pod
  apiVersion: v1
  kind: Pod
  metadata: {name: web-0, namespace: shop, labels: &labels {app: web}}
  spec:
    containers:
    - name: main
      ports: [{containerPort: 8080}]
  status: {phase: Running, podIP: 10.42.0.1, startTime: 2024-05-01T10:00:00Z}
- apiVersion: v1
  kind: Service
  metadata: {name: web, namespace: shop, creationTimestamp: null, labels: {<<: *labels, on: yes}}
  spec: {clusterIP: 10.43.0.1, selector: *labels, ports: [{port: 80, targetPort: 8080, name: }]}
kind: List
"""

READ = [
    ("a List as JSON", text(POD, SERVICE)),
    ("a List as kubectl indents it", dumped(listing("List", POD, SERVICE))),
    ("a List as YAML", YAML.encode()),
    ("a byte order mark", b"\xef\xbb\xbf" + text(POD, SERVICE)),
    ("UTF-16, as PowerShell writes it", ("\ufeff" + YAML).encode("utf-16-le")),
    ("CRLF", YAML.replace("\n", "\r\n").encode()),
    ("JSON documents one after another", dumped(POD) + b"\n" + dumped(SERVICE) + b"\n"),
    ("YAML documents", b"---\n" + dumped(POD) + b"\n---\n" + dumped(SERVICE)),
    ("empty YAML documents between", b"---\n---\n" + dumped(POD) + b"\n---\n# no more\n---\n" + dumped(SERVICE)),
    ("a List of Lists", dumped(listing("List", listing("List", POD), listing("PodList"), listing("ServiceList", SERVICE)))),
    ("items that leave their kind to the List", dumped(listing("PodList", BARE)) + dumped(SERVICE)),
    ("an array of objects", dumped([POD, SERVICE])),
    ("kinds nobody asked for", text(thing("ConfigMap", "c"), POD, thing("Widget", "w", spec={"ports": "no"}), SERVICE)),
    ("nulls where the API has none", text({**POD, "spec": {**POD["spec"], "nodeName": None, "hostNetwork": None}}, SERVICE)),
    ("JSON as YAML would write it", b"{kind: List, items: [" + dumped(POD) + b", " + dumped(SERVICE) + b"]}"),
    ("fields that nobody reads", text({**POD, "status": {**POD["status"], "x": [{"y": [1, None, 2.5, "z"]}]}}, SERVICE)),
    ("what libyaml refuses", YAML.replace("name: main", "args: [http://x:80/?a, b]").encode()),
    ("the same twice", text(POD, SERVICE, POD)),
]  # fmt: skip


@pytest.mark.parametrize("data", [row[1] for row in READ], ids=[row[0] for row in READ])
def test_read(tmp_path: Path, data: bytes) -> None:
    inventory = load_bytes(tmp_path / "cluster", data)
    held = inventory.pods["shop/web-0"]

    assert list(inventory.pods) == ["shop/web-0"]
    assert [str(ref) for ref in inventory.services] == ["shop/web"]
    assert (held.ips, held.labels, held.ports[0].container_port) == (
        ("10.42.0.1",),
        {"app": "web"},
        8080,
    )


DEEP = b"[" * 100_000
BOMB = "kind: List\na: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
    for old, new in zip("abcdefghijkl", "bcdefghijklm", strict=True)
)
BAD = [
    ("empty", b"", "is empty: kubectl wrote nothing"),
    ("blank", b" \n\t\n", "is empty: kubectl wrote nothing"),
    ("a number", b"7", "is not an inventory: it holds no Kubernetes objects"),
    ("a string", b'"secret"', "is not an inventory: it holds no Kubernetes objects"),
    ("a list of strings", b'["secret", "b"]', "is not an inventory: it holds no Kubernetes objects"),
    ("null", b"null", "is not an inventory: it holds no Kubernetes objects"),
    ("a mapping of something else", b'{"secret": 1}', "is not an inventory: it holds no Kubernetes objects"),
    ("values of a chart", b"image:\n  tag: secret\n", "is not an inventory: it holds no Kubernetes objects"),
    ("what kubectl says when it fails", b"error: You must be logged in\n", "contains a kubectl error, not objects: error: You must be logged in"),
    ("a server that is away", b"The connection to the server localhost:8080 was refused\n", "contains a kubectl error, not objects: The connection to the server localhost:8080 was refused"),
    ("what is forbidden", b'Error from server (Forbidden): pods is forbidden: User "secret"\n', 'contains a kubectl error, not objects: Error from server (Forbidden): pods is forbidden: User "secret"'),
    ("nothing found", b"No resources found in secret namespace.\n", "holds no objects: kubectl found nothing"),
    ("a warning before JSON", b"Warning: v1 Endpoints is deprecated\n" + text(POD), "begins with kubectl's standard error"),
    ("klog before JSON", b"E1127 18:00:00.0 1 memcache.go:265] secret\n" + text(POD), "begins with kubectl's standard error"),
    ("a table", b"NAME    READY   STATUS\nsecret  1/1     Running\n", "looks like kubectl's table output"),
    ("a table of all namespaces", b"NAMESPACE   NAME     TYPE        CLUSTER-IP\nshop        secret   ClusterIP   10.0.0.1\n", "looks like kubectl's table output"),
    ("names", b"service/secret\npod/secret\n", "is a list of names"),
    ("YAML that begins like a table", b"NAME: secret\n", "is not an inventory: it holds no Kubernetes objects"),
    ("kinds that are no text", b'{"kind": 5, "apiVersion": "v1"}', "is not an inventory: it holds no Kubernetes objects"),
    ("a List without items", b'{"kind": "List", "apiVersion": "v1", "items": []}', "holds no objects"),
    ("a YAML List without items", b"apiVersion: v1\nitems: []\nkind: List\n", "holds no objects"),
    ("objects of no use", text(thing("ConfigMap", "secret")), "contains no object that has an address (1 of kind ConfigMap, which owns no address)"),
    ("another group's kind", text({**SERVICE, "apiVersion": "serving.knative.dev/v1"}), "contains no object that has an address (1 of kind Service in serving.knative.dev/v1)"),
    ("a kind that is no word", b'{"apiVersion": "v1", "kind": "secret\\n\\u001b[2J"}', "is not an inventory: it holds no Kubernetes objects"),
    ("a group that is no word", text({**SERVICE, "apiVersion": "secret\n/v1"}), "contains no object that has an address (1 of kind Service in another group)"),
    ("no name", text({"apiVersion": "v1", "kind": "Pod"}), "contains no object that has an address (1 of kind Pod without a name)"),
    ("JSON that is cut off", text(POD, SERVICE)[:-40], "is truncated: its JSON does not end"),
    ("JSON that is cut off after a first document", text(POD) + text(SERVICE)[:-9], "is truncated: its JSON does not end"),
    ("YAML that is cut off", YAML[: YAML.index("kind: List")].encode(), "is truncated: its List does not end"),
    ("YAML that is cut off in a quote", b'kind: List\nitems:\n- kind: "Po', "is neither JSON nor YAML (line 3)"),
    ("neither", b"\x00\x01\x02", "is neither JSON nor YAML"),
    ("no YAML", b"a: b: secret\n", "is neither JSON nor YAML (line 1)"),
    ("no text", b"\xff\xfe\xfd\x00\xff", "is not valid UTF-16-LE text"),
    ("Latin-1", b"a: \xe4", "is not valid UTF-8 text"),
    ("deep JSON", b'{"a": ' * 100_000, "nests too deeply"),
    ("deep array", DEEP, "nests too deeply"),
    ("deep YAML", b"- " * 5_000, "nests deeper than 100 collections"),
    ("deep YAML in flow style", b"? " + DEEP, "nests deeper than 100 collections"),
    ("aliases that stand for too much", BOMB.encode(), "stands for more than 20000000 nodes, aliases written out"),
    ("an alias of itself", b"a: &a [*a]\n", "is neither JSON nor YAML"),
    ("a tag that would construct", b"!!python/object/apply:os.system [secret]\n", "is not an inventory: it holds no Kubernetes objects"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), [r[1:] for r in BAD], ids=[r[0] for r in BAD])
def test_bad_input_is_one_line_that_names_the_file(
    tmp_path: Path, data: bytes, message: str
) -> None:
    path = tmp_path / "cluster.json"
    with pytest.raises(RefactorError) as refused:
        load_bytes(path, data)

    assert refused.value.message == message
    assert str(refused.value).startswith(f"{path}: {message}")
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


@given(st.binary(max_size=60) | st.text(alphabet="{}[]:,-&*a!'\" \n", max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        found = read(data)
    except UnreadableError as refusal:
        assert "\n" not in str(refusal)
    else:
        assert found.used


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RefactorError, match=r"cluster\.json: cannot be read: No such file"):
        load([tmp_path / "cluster.json"], stdin=no_stdin)


def test_standard_input() -> None:
    inventory = load(["-"], stdin=lambda: text(POD))

    assert inventory.digests == {"-": hashlib.sha256(text(POD)).hexdigest()}
    with pytest.raises(
        RefactorError, match=r"^standard input: is empty: kubectl wrote nothing; fix its error"
    ):
        load(["-"], stdin=bytes)


def test_several_files_are_one_inventory(tmp_path: Path) -> None:
    one, other = tmp_path / "a.json", tmp_path / "b.yaml"
    one.write_bytes(text(POD))
    other.write_bytes(YAML.encode())
    inventory = load([str(one), other], stdin=no_stdin)

    assert inventory.digests == {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in (one, other)
    }
    assert (len(inventory.pods), len(inventory.services)) == (1, 1)
    assert inventory.remarks == ("objects seen twice; the newest counts: 1",)


def test_no_files_and_mappings_only() -> None:
    inventory = load([], mappings=[Mapping("10.0.0.1:80", "shop/web")], stdin=no_stdin)

    assert (inventory.is_empty, inventory.digests) == (True, {})
    assert inventory.knows("10.0.0.1")


@pytest.mark.parametrize("named", ["web", "/web", "shop/", "a/b/c", "", "shop/we b"])
def test_a_mapping_names_a_service_with_its_namespace(named: str) -> None:
    with pytest.raises(RefactorError, match=r"^10\.0\.0\.1: .*write `namespace/name`$"):
        load([], mappings=[Mapping("10.0.0.1", named)], stdin=no_stdin)


def test_links_in_a_directory_of_manifests(tmp_path: Path) -> None:
    """As a ConfigMap is mounted; one that leads out is not read, for the directory may be another's."""
    inside, outside = tmp_path / "manifests", tmp_path / "outside"
    for directory, node in ((inside / "..2026", "worker-1"), (outside, "worker-2")):
        directory.mkdir(parents=True)
        (directory / "x.yaml").write_bytes(text(thing("Node", node, "")))
    (inside / "x.yaml").symlink_to("..2026/x.yaml")
    (inside / "out.yaml").symlink_to(outside / "x.yaml")
    inventory = load([inside], stdin=no_stdin)

    assert list(inventory.nodes) == ["worker-1"]
    assert inventory.remarks == (f"file skipped: {inside / 'out.yaml'} leads out of the directory",)


def test_a_directory_of_manifests(tmp_path: Path) -> None:
    for name, data in {
        "deploy/web.yaml": b"---\n".join(dumped(o) + b"\n" for o in deployed("web", "", 8080)[:1]),
        "web-service.yml": dumped(SERVICE),
        "list.json": text(thing("Node", "worker-1", "")),
        "values.yaml": b"a: 1\n",
        "templates/x.yaml": b"{{- if .Values.x }}\na: b\n",
        "notes.txt": text(thing("Node", "worker-2", "")),
        ".git/x.yaml": text(thing("Node", "worker-3", "")),
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    inventory = load([tmp_path], stdin=no_stdin)

    assert [str(ref) for ref in inventory.services] == ["shop/web"]
    assert [str(ref) for ref in inventory.workloads] == ["Deployment shop/web"]
    assert list(inventory.nodes) == ["worker-1"]
    assert inventory.remarks == (
        f"file skipped: {tmp_path / 'values.yaml'} is not an inventory: it holds no Kubernetes objects",
        f"file skipped: {tmp_path / 'templates/x.yaml'} is neither JSON nor YAML (line 1)",
    )
    before = inventory.digests
    (tmp_path / "web-service.yml").write_bytes(dumped(service("web", "", None)))
    assert before.keys() == {str(tmp_path)} != load([tmp_path], stdin=no_stdin).digests
    assert before != load([tmp_path], stdin=no_stdin).digests


def test_a_directory_without_manifests(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text("a: 1\n")

    with pytest.raises(RefactorError, match="is a directory without manifests"):
        load([tmp_path], stdin=no_stdin)


def test_what_is_passed_over_is_remarked(tmp_path: Path) -> None:
    inventory = load_bytes(tmp_path / "x", text(
        POD, thing("ConfigMap", "a"), thing("ConfigMap", "b"), {"apiVersion": "v1", "kind": "Service"}, thing("Pod", "bare"),
        thing("Service", "bad", spec={"ports": [{"port": "secret"}]}), {**SERVICE, "apiVersion": "serving.knative.dev/v1"},
    ))  # fmt: skip

    assert inventory.remarks == (
        "2 objects skipped: of kind ConfigMap, which owns no address",
        "1 object skipped: of kind Service in serving.knative.dev/v1",
        "1 object skipped: of kind Service that could not be read: "
        "Expected `int`, got `str` - at `$.spec.ports[0].port`",
        "1 object skipped: of kind Service without a name",
        "pods without a status, so without an address: 1",
    )
    assert inventory.pods.keys() == {"shop/web-0", "shop/bare"}
