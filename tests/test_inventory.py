"""What an inventory holds and knows, and where its Services lead."""

from __future__ import annotations

import itertools

import pytest

from refactor.inventory import Inventory, Mapping
from refactor.inventory.read import read
from tests.clusters import (
    Object,
    cluster,
    deployed,
    node,
    pod,
    port,
    ref,
    service,
    slice_,
    sport,
    stateful,
    text,
    thing,
    workload,
)

WEB = {"app": "web"}
SHOP = cluster(
    deployed("web", "10.42.0.1,fd00::1", port(8080, "http"), host="10.20.0.2", node="worker-2"),
    pod("web-old", "10.42.0.2", WEB, [port(8000, "http")]),
    pod("done", "10.42.0.9", WEB, phase="Failed"),
    pod("agent-1", "10.20.0.1", {"app": "agent"}, [9100], "DaemonSet/agent", hostNetwork=True),
    service("web", "10.43.0.1,fd00:43::1", WEB, sport(80, "http"), sport(81, 9999, nodePort=30081)),
    service("web-hl", "None", WEB, (80, 8080)),
    service("edge", "10.43.0.2", {"x": "y"}, (80, 80), type="LoadBalancer", externalIPs=["10.20.9.1"], ingress=[{"hostname": "Edge.LB.corp"}, {"ip": "FD00:0::9"}]),
    service("db-other", "None", {"app": "db"}, (5432, 5432)),
    stateful("db", ["10.42.1.1", "10.42.1.2"], 5432, governing="db-hl"),
    service("db-hl", "None", {"app": "db"}, (5432, 5432)),
    service("vm", "10.43.0.3", None, sport(80, None, "a"), sport(81, None, "b")),
    slice_("vm", ["10.9.0.1", "10.42.0.1"], {"name": "b", "port": 8080}),
    service("vm-hl", "None", None),
    slice_("vm-hl", ["10.42.0.1"], {"port": 8080}),
    service("saas", "", WEB, type="ExternalName", externalName="Db.Saas.example"),
    node("Worker-1", "10.20.0.1", "worker-1.corp", "localhost"),
    node("web", "10.20.0.3"),
    thing("Ingress", "i", spec={"rules": [{"host": h, "http": {"paths": [{"backend": {"service": {"name": "web", "port": {"number": 80}}}}]}} for h in ("shop.corp", "*.corp", "web.shop")]}),
    pod("redis", "10.42.0.7", {"app": "redis"}, hostname="redis-host"),
    service("redis", "10.43.0.4", {"app": "redis"}, (6379, 6379)),
    mappings=[Mapping("10.9.9.9:80", "shop/web"), Mapping("Old.corp", "shop/web"), Mapping("[FD00::99]:80", "shop/web")],
)  # fmt: skip

KNOWN = [
    ("a pod's IP", "10.42.0.1"),
    ("a pod's second IP, spelled out", "FD00:0:0::1"),
    ("a pod's IP, mapped into IPv6", "::ffff:10.42.0.1"),
    ("a pod's DNS record", "10-42-0-1.shop.pod.cluster.local"),
    ("a finished pod's IP", "10.42.0.9"),
    ("a pod's name", "web-old"),
    ("a pod's hostname", "redis-host"),
    ("a stateful pod's name", "DB-0"),
    ("a clusterIP", "fd00:43::1"),
    ("an externalIP", "10.20.9.1"),
    ("a load balancer's name", "edge.lb.corp."),
    ("a load balancer's IPv6", "fd00::9"),
    ("a node's address", "10.20.0.1"),
    ("a node's name", "worker-1"),
    ("a node's host name", "WORKER-1.corp"),
    ("a node's address, told by a pod", "10.20.0.2"),
    ("a node's name, told by a pod", "10.20.0.2"),
    ("an endpoint", "10.9.0.1"),
    ("an ingress host", "shop.corp"),
    ("an alias", "db.saas.example"),
    ("a mapped address", "10.9.9.9"),
    ("a mapped IPv6 address", "fd00::99"),
    ("a mapped name", "old.corp"),
]
UNKNOWN = [
    ("nobody's", "10.99.0.1"),
    ("a prefix", "10.42.0"),
    ("nobody's DNS record", "10-99-0-1.shop.pod.cluster.local"),
    ("loopback, although a node says so", "localhost"),
    ("a wildcard", "*.corp"),
    ("a Service's name", "web"),
    ("a Service's name with its namespace", "web.shop"),
    ("a Service's full name", "web.shop.svc.cluster.local"),
    ("a stateful pod under its Service", "db-0.db-hl.shop.svc.cluster.local"),
    ("a pod that is called like a Service", "redis"),
    ("None is no address", "None"),
    ("nothing", ""),
]


@pytest.mark.parametrize("host", [r[1] for r in KNOWN], ids=[r[0] for r in KNOWN])
def test_known(host: str) -> None:
    assert SHOP.knows(host)


@pytest.mark.parametrize("host", [r[1] for r in UNKNOWN], ids=[r[0] for r in UNKNOWN])
def test_unknown(host: str) -> None:
    assert not SHOP.knows(host)


def test_names() -> None:
    assert SHOP.names == {
        "web-7f9c-abcde", "web-old", "done", "agent-1", "db-0", "db-1", "redis-host",
        "worker-1", "worker-1.corp", "edge.lb.corp", "db.saas.example", "shop.corp", "old.corp",
    }  # fmt: skip


LEADS = [
    ("by a port's name, on each pod its own", "web", 80, "", {("shop/web-7f9c-abcde", 8080), ("shop/web-old", 8000)}),
    ("by number, declared or not", "web", 81, "", {("shop/web-7f9c-abcde", 9999), ("shop/web-old", 9999)}),
    ("a port it does not have", "web", 8080, "", set()),
    ("headless: the port is not mapped", "web-hl", 8080, "", {("shop/web-7f9c-abcde", 8080), ("shop/web-old", 8080)}),
    ("headless: the Service port is none", "web-hl", 80, "", {("shop/web-7f9c-abcde", 80), ("shop/web-old", 80)}),
    ("a stateful pod", "db-hl", 5432, "db-1", {("shop/db-1", 5432)}),
    ("a stateful pod that is not there", "db-hl", 5432, "db-9", set()),
    ("a stateful pod under another Service", "db-other", 5432, "db-1", set()),
    ("a pod has no name under a ClusterIP", "web", 80, "web-old", set()),
    ("without selector, to a pod", "vm", 81, "", {("shop/web-7f9c-abcde", 8080)}),
    ("without selector, headless: the port is not mapped", "vm-hl", 9000, "", {("shop/web-7f9c-abcde", 9000)}),
    ("without selector, another port", "vm", 80, "", set()),
    ("an alias leads to no pod", "saas", 80, "", set()),
    ("no such Service", "gone", 80, "", set()),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "number", "of", "pods"), [r[1:] for r in LEADS], ids=[r[0] for r in LEADS]
)
def test_leads_to(name: str, number: int, of: str, pods: set[tuple[str, int]]) -> None:
    assert SHOP.leads_to(ref(f"shop/{name}"), number, pod=of) == pods
    assert SHOP.leads_to(ref(f"shop/{name}"), number, pod=of) == pods


@pytest.mark.parametrize(
    ("host", "pods"),
    [
        ("10.42.0.1", {"shop/web-7f9c-abcde"}),
        ("FD00::1", {"shop/web-7f9c-abcde"}),
        ("10-42-0-1.shop.pod", {"shop/web-7f9c-abcde"}),
        ("10.42.0.9", set()),
        ("10.20.0.1", set()),
        ("10.43.0.1", set()),
        ("web-old", set()),
    ],
)
def test_pods_at(host: str, pods: set[str]) -> None:
    assert SHOP.pods_at(host) == pods


def test_what_holds_the_objects() -> None:
    assert sorted(map(str, SHOP.workloads)) == [
        "Deployment shop/web", "ReplicaSet shop/web-7f9c", "StatefulSet shop/db",
    ]  # fmt: skip
    assert sorted(SHOP.nodes) == ["Worker-1", "web"]
    assert SHOP.pods["shop/done"].finished
    assert SHOP.pods["shop/agent-1"].on_host
    assert SHOP.services[ref("shop/web-hl")].headless
    assert SHOP.services[ref("shop/saas")].external


def test_what_a_service_is_made_from() -> None:
    made = workload(
        "StatefulSet", "db", {"app": "db"}, serviceName="db-hl", replicas=3,
        selector={"matchLabels": {"app": "db"}, "matchExpressions": [{"key": "k", "operator": "Exists"}]},
        template={"metadata": {"labels": {"app": "db", "v": "1"}},
                  "spec": {"enableServiceLinks": False, "containers": [{"name": "c", "ports": [port(5432, "pg")], "env": [{"name": "DB_PORT", "value": "1"}]}]}},
    )  # fmt: skip
    cron = workload(
        "CronJob",
        "tick",
        {},
        jobTemplate={"spec": {"template": {"metadata": {"labels": {"a": "b"}}}}},
    )
    db, tick = cluster(made, cron).workloads.values()

    assert (str(db.ref), db.match_labels, db.spec.service_name, db.spec.replicas) == (
        "StatefulSet shop/db",
        {"app": "db"},
        "db-hl",
        3,
    )
    assert db.spec.selector.match_expressions is not None
    assert db.template.metadata.labels == {"app": "db", "v": "1"}
    assert [declared.container_port for declared in db.template.spec.ports] == [5432]
    assert [v.name for c in db.template.spec.containers or () for v in c.env or ()] == ["DB_PORT"]
    assert not db.template.spec.enable_service_links
    assert tick.template.metadata.labels == {"a": "b"}


def aged(version: str, ip: str) -> Object:
    made = service("web", ip, WEB, (80, 80))
    return {**made, "metadata": {**made["metadata"], "resourceVersion": version}}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_of_several_states_the_newest_counts(order: tuple[int, ...]) -> None:
    states = [aged("99", "10.43.0.1"), aged("100", "10.43.0.2"), service("web", "", WEB, (80, 80))]
    inventory = Inventory(read(text(*(states[n] for n in order))).used)

    assert inventory.services[ref("shop/web")].cluster_ips == ("10.43.0.2",)
    assert inventory.remarks == ("objects seen twice; the newest counts: 2",)
    assert not inventory.knows("10.43.0.1")


def test_the_same_object_twice_is_one() -> None:
    inventory = Inventory(read(text(node("a", "10.20.0.1"), node("a", "10.20.0.1"))).used)

    assert list(inventory.nodes) == ["a"]
    assert inventory.remarks == ("objects seen twice; the newest counts: 1",)


def test_selection_files_services_by_their_rarest_pair() -> None:
    common = {"managed-by": "helm"}
    inventory = cluster(
        *(service(f"s{n}", "", {**common, "app": f"a{n}"}, (80, 80)) for n in range(50)),
        *(pod(f"p{n}", f"10.42.1.{n}", {**common, "app": f"a{n}"}, [80]) for n in range(50)),
        service("all", "", common, (80, 80)),
    )
    found = {
        name: sorted(s.name for s in inventory.selection.services_of(held))
        for name, held in inventory.pods.items()
    }

    assert found == {f"shop/p{n}": ["all", f"s{n}"] for n in range(50)}
    assert len(inventory.selection.pods_of(inventory.services[ref("shop/all")])) == 50
    assert [p.name for p in inventory.selection.pods_of(inventory.services[ref("shop/s7")])] == [
        "p7"
    ]
