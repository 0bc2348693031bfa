"""docs/semantics.md, section 3: every row of its table, on one small cluster."""

from __future__ import annotations

import pytest

from refactor.inventory import Mapping
from refactor.resolve import Options, Query, resolve
from tests.clusters import (
    cluster,
    deployed,
    lacks,
    no,
    node,
    pod,
    port,
    service,
    short,
    slice_,
    sport,
    stateful,
    thing,
    tied,
    to,
    workload,
)  # fmt: skip

ORDERS = {"app": "orders"}
HTTP = port(8080, "http")
LB = {"type": "LoadBalancer", "loadBalancerIP": "10.20.9.8"}

CLUSTER = cluster(
    # orders: port 80 to a named port, behind a clusterIP of both families
    deployed("orders", "10.42.1.11,fd00:42::11", HTTP, port(9000, "admin")),
    service("orders", "10.43.0.10,fd00:43::10", ORDERS, sport(80, "http", "http"), sport(443, 8443, "https")),
    # store: a load balancer with an address and a name, an externalIP, a nodePort
    deployed("store", "10.42.1.12", 8000),
    service("store", "10.43.0.12", {"app": "store"}, sport(80, 8000, "http", nodePort=30080),
            ingress=[{"ip": "10.20.9.9"}, {"hostname": "Store.LB.corp"}], externalIPs=["10.20.9.7"], **LB),
    # what shares an address of a load balancer with it
    service("store-admin", "10.43.0.13", {"app": "none"}, sport(8443, 8443), sport(99, 99, nodePort=30099, protocol="UDP"),
            ingress=[{"ip": "10.20.9.9"}], type="LoadBalancer"),
    # kafka: several replicas, headless; db: one replica with both; cache: headless only
    stateful("kafka", ["10.42.2.10", "10.42.2.11"], 9092, governing="kafka-hl"),
    service("kafka-hl", "None", {"app": "kafka"}, (9092, 9092)),
    stateful("db", ["10.42.2.20"], port(5432, "pg"), governing="db-hl"),
    service("db", "10.43.0.20", {"app": "db"}, (5432, "pg")),
    service("db-hl", "None", {"app": "db"}, (5432, 5432)),
    deployed("cache", "10.42.2.30", 6380),
    service("cache", "None", {"app": "cache"}, (6379, 6380)),
    # what has no Service: a Deployment, a bare pod, a Job's pod; agent: one per node
    deployed("lonely", "10.42.3.1", 7000),
    deployed("alone", "10.42.3.6", 7000),
    pod("bare", "10.42.3.2", {"run": "bare"}, [7001]),
    pod("migrate-x", "10.42.3.3", {"job": "migrate"}, [7002], "Job/migrate"),
    workload("Job", "migrate", {"job": "migrate"}, owner="CronJob/migrate"),
    pod("done", "10.42.3.4", ORDERS, [8080], phase="Succeeded"),
    pod("done-too", "10.42.3.7", ORDERS, [8080], phase="Succeeded"),
    workload("DaemonSet", "agent", {"app": "agent"}),
    pod("agent-1", "10.20.0.1", {"app": "agent"}, [9100], "DaemonSet/agent", hostNetwork=True),
    service("agent", "10.43.0.40", {"app": "agent"}, (9100, 9100)),
    # nodes: a hostPort, a pod on the node's network
    node("worker-1", "10.20.0.1", "worker-1.corp"),
    deployed("edge", "10.42.3.5", port(8080, hostPort=18080), node="worker-1"),
    service("edge", "10.43.0.50", {"app": "edge"}, (80, 8080)),
    pod("proxy", "10.20.0.1", {"app": "proxy"}, [8081], hostNetwork=True, node="worker-1"),
    service("proxy", "10.43.0.51", {"app": "proxy"}, (81, 8081)),
    # a database outside, with and without a virtual address
    service("legacy", "10.43.0.60", None, sport(5432, None, "pg")),
    slice_("legacy", ["10.9.0.5"], {"name": "pg", "port": 15432, "protocol": "TCP"}),
    service("vm", "None", None, sport(3306)),
    thing("Endpoints", "vm", subsets=[{"addresses": [{"ip": "10.9.0.6"}], "ports": [{"port": 3306}]}]),
    # the API server: on a node, behind Endpoints
    service("kubernetes", "10.43.0.1", None, sport(443, 6443, "https"), ns="default"),
    thing("Endpoints", "kubernetes", "default",
          subsets=[{"addresses": [{"ip": "10.20.0.1"}], "ports": [{"name": "https", "port": 6443}]}]),
    # the outside
    thing("Ingress", "shop", spec={"rules": [{"host": "Shop.corp", "http": {"paths": [
        {"backend": {"service": {"name": "store", "port": {"name": "http"}}}}]}}]}),
    thing("Ingress", "two", spec={"rules": [{"host": "two.corp", "http": {"paths": [
        {"backend": {"service": {"name": n, "port": {"number": 80}}}} for n in ("store", "orders")]}}]}),
    thing("HTTPRoute", "gw", spec={"hostnames": ["gw.corp"], "rules": [{"backendRefs": [{"name": "orders", "port": 80}]}]}),
    thing("Ingress", "gone", spec={"rules": [{"host": "gone.corp", "http": {"paths": [
        {"backend": {"service": {"name": "gone", "port": {"number": 80}}}}]}}]}),
    thing("Ingress", "same", spec={"rules": [{"host": "same.corp", "http": {"paths": [
        {"backend": {"service": {"name": "store", "port": p}}} for p in ({"number": 80}, {"name": "http"})]}}]}),
    service("saas", "", None, type="ExternalName", externalName="db.saas.example"),
    service("bad", "", None, type="ExternalName", externalName="10.9.0.9"),
    mappings=[
        Mapping("10.9.9.9", "shop/orders"),
        Mapping("10.9.9.9:81", "shop/orders", 80),
        Mapping("10.9.9.8", "data/unseen", 1234),
        Mapping("old.corp:8080", "shop/orders", 80),
        Mapping("10.9.9.7", "shop/kafka-hl", None, "kafka-1"),
        Mapping("10.42.3.1", "shop/orders", 80),
        Mapping("10.42.3.4", "shop/orders"),
        Mapping("10.42.1.12:8000", "shop/store"),
        Mapping("10.42.1.12:8001", "shop/store"),
        Mapping("[fd00::9]:80", "shop/orders"),
    ],
)  # fmt: skip

# id, host, port, scheme, answer
ROWS = [
    ("mapping, port kept", "10.9.9.9", 443, "", to("shop/orders", 443)),
    ("mapping, its own port", "10.9.9.9", 81, "", to("shop/orders", 80)),
    ("mapping, the Service lacks the port", "10.9.9.9", 5000, "", no("port-mismatch")),
    ("mapping, no port dialled", "10.9.9.9", None, "", to("shop/orders", None)),
    ("mapping to what is not here", "10.9.9.8", 4321, "", to("data/unseen", 1234)),
    ("mapping with a port, none dialled", "10.9.9.8", None, "", no("no-port")),
    ("mapping of a name with a port", "OLD.corp", 8080, "http", to("shop/orders", 80)),
    ("mapping of a name, another port", "old.corp", 9090, "http", no("unknown-address")),
    ("mapping to a pod", "10.9.9.7", 9092, "", to("shop/kafka-hl", 9092, "kafka-1")),
    ("mapping outranks the pod", "10.42.3.1", 7000, "", to("shop/orders", 80)),
    ("mapping, the pod's port becomes the Service's", "10.42.1.12", 8000, "", to("shop/store", 80)),
    ("mapping, no port leads there", "10.42.1.12", 8001, "", no("port-mismatch")),
    ("mapping, a finished pod says nothing", "10.42.3.4", 80, "", to("shop/orders", 80)),
    ("mapping of IPv6 with a port", "fd00::9", 80, "", to("shop/orders", 80)),
    ("clusterIP", "10.43.0.10", 80, "http", to("shop/orders", 80)),
    ("clusterIP, second family", "fd00:43::10", 443, "https", to("shop/orders", 443)),
    ("clusterIP, second family, spelled out", "FD00:43:0:0:0:0:0:10", 443, "", to("shop/orders", 443)),
    ("clusterIP, mapped into IPv6", "::ffff:10.43.0.10", 80, "", to("shop/orders", 80)),
    ("clusterIP without a port", "10.43.0.10", None, "", to("shop/orders", None)),
    ("clusterIP, the container's port", "10.43.0.10", 8080, "http", no("port-mismatch")),
    ("clusterIP, protocol differs", "10.43.0.10", 80, "udp", no("port-mismatch")),
    ("clusterIP of the API server", "10.43.0.1", 443, "https", to("default/kubernetes", 443)),
    ("load balancer's address, by port", "10.20.9.9", 80, "http", to("shop/store", 80)),
    ("load balancer's address, the other's port", "10.20.9.9", 8443, "", to("shop/store-admin", 8443)),
    ("load balancer's address, shared, no port", "10.20.9.9", None, "", tied("shop/store", "shop/store-admin")),
    ("load balancer's address, nobody's port", "10.20.9.9", 81, "", no("port-mismatch")),
    ("load balancer's name", "store.lb.corp", 80, "http", to("shop/store", 80)),
    ("load balancer's name, trailing dot", "store.lb.corp.", 80, "http", to("shop/store", 80)),
    ("loadBalancerIP", "10.20.9.8", 80, "http", to("shop/store", 80)),
    ("externalIP", "10.20.9.7", 80, "http", to("shop/store", 80)),
    ("node's address with a nodePort", "10.20.0.1", 30080, "http", to("shop/store", 80)),
    ("node's name with a nodePort", "worker-1", 30080, "http", to("shop/store", 80)),
    ("node's host name with a nodePort", "worker-1.corp", 30080, "http", to("shop/store", 80)),
    ("nodePort of UDP", "10.20.0.1", 30099, "udp", to("shop/store-admin", 99)),
    ("nodePort, protocol differs", "10.20.0.1", 30099, "http", no("port-mismatch")),
    ("nodePort, not at a node's address", "10.42.1.11", 30080, "http", no("port-mismatch")),
    ("hostPort", "10.20.0.1", 18080, "http", to("shop/edge", 80)),
    ("hostPort, the container's port", "10.20.0.1", 8080, "http", no("port-mismatch")),
    ("pod on the node's network", "10.20.0.1", 8081, "", to("shop/proxy", 81)),
    ("node without a port", "10.20.0.1", None, "", no("no-port")),
    ("node, the kubelet's port", "10.20.0.1", 10250, "https", no("port-mismatch")),
    ("node, the API server's port", "10.20.0.1", 6443, "https", to("default/kubernetes", 443)),
    ("pod's IP, targetPort by name", "10.42.1.11", 8080, "http", to("shop/orders", 80)),
    ("pod's second IP", "fd00:42::11", 8080, "http", to("shop/orders", 80)),
    ("pod's DNS record", "10-42-1-11.shop.pod.cluster.local", 8080, "http", to("shop/orders", 80)),
    ("pod's DNS record under a Service", "10-42-1-11.orders.shop.svc", 8080, "", to("shop/orders", 80)),
    ("pod's DNS record, another's namespace", "10-42-1-11.other.pod.cluster.local", 8080, "", no("stale-address")),
    ("pod's name", "orders-7f9c-abcde", 8080, "http", to("shop/orders", 80)),
    ("pod's hostname and subdomain", "kafka-1.kafka-hl.shop.svc.cluster.local", 9092, "", to("shop/kafka-hl", 9092, "kafka-1")),
    ("pod's hostname, another subdomain", "kafka-1.other.shop.svc", 9092, "", no("unknown-address")),
    ("pod, the Service's own port", "10.42.1.11", 80, "http", no("port-mismatch")),
    ("pod, a port no Service has", "10.42.1.11", 9000, "", lacks("Deployment shop/orders", 9000, extend="shop/orders")),
    ("pod, a port nobody declares", "10.42.1.11", 9999, "", no("port-mismatch")),
    ("pod, a targetPort it does not declare", "10.42.1.11", 8443, "", to("shop/orders", 443)),
    ("pod, no port, the Service maps", "10.42.1.11", None, "", no("no-port")),
    ("pod no Service selects", "10.42.3.6", 7000, "", lacks("Deployment shop/alone", 7000)),
    ("bare pod no Service selects", "10.42.3.2", 7001, "", lacks("Pod shop/bare", 7001)),
    ("bare pod, no port known", "10.42.3.2", None, "", lacks("Pod shop/bare", None)),
    ("bare pod, a port it does not declare", "10.42.3.2", 7005, "udp", lacks("Pod shop/bare", 7005, "UDP")),
    ("Job's pod: no Service is made", "10.42.3.3", 7002, "", no("stale-address")),
    ("finished pod", "10.42.3.7", 8080, "http", no("stale-address")),
    ("finished pod, by name", "done", 8080, "http", no("stale-address")),
    ("headless: the container's port stays", "10.42.2.30", 6380, "redis", to("shop/cache", 6380)),
    ("headless: the Service's port is none", "10.42.2.30", 6379, "redis", no("port-mismatch")),
    ("headless without a port", "10.42.2.30", None, "", to("shop/cache", None)),
    ("stateful, several replicas", "10.42.2.11", 9092, "kafka", to("shop/kafka-hl", 9092, "kafka-1")),
    ("stateful, one replica: ClusterIP", "10.42.2.20", 5432, "postgres", to("shop/db", 5432)),
    ("stateful, one replica, no port", "10.42.2.20", None, "", to("shop/db", None)),
    ("DaemonSet's pod", "10.20.0.1", 9100, "", no("node-bound")),
    ("endpoint without selector: the Service's port", "10.9.0.5", 15432, "", to("shop/legacy", 5432)),
    ("endpoint without selector, another port", "10.9.0.5", 5432, "", no("port-mismatch")),
    ("endpoint without selector, no port", "10.9.0.5", None, "", no("no-port")),
    ("Endpoints, headless", "10.9.0.6", 3306, "mysql", to("shop/vm", 3306)),
    ("ingress host, not asked for", "shop.corp", 443, "https", no("outside")),
    ("gateway host, not asked for", "gw.corp", 443, "https", no("outside")),
    ("ExternalName", "db.saas.example", 5432, "", no("outside")),
    ("ExternalName with an IP", "10.9.0.9", 5432, "", no("outside")),
    ("nobody's", "10.99.0.1", 80, "http", no("unknown-address")),
    ("nobody's name", "nowhere.corp", 80, "http", no("unknown-address")),
    ("a Service's own name", "orders", 80, "http", no("unknown-address")),
    ("no host at all", "", 80, "http", no("unknown-address")),
]  # fmt: skip


def query(host: str, number: int | None, scheme: str) -> Query:
    return Query(host, number, "none" if number is None else "written", scheme, "shop")


@pytest.mark.parametrize(
    ("host", "number", "scheme", "answer"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS]
)
def test_rows(host: str, number: int | None, scheme: str, answer: tuple[object, ...]) -> None:
    assert short(resolve(query(host, number, scheme), CLUSTER)) == answer


ASKED = [
    ("ingress host", Options(ingress=True), "shop.corp", 443, to("shop/store", 80)),
    ("ingress host, no port dialled", Options(ingress=True), "shop.corp", None, no("no-port")),
    ("gateway host", Options(ingress=True), "gw.corp", 443, to("shop/orders", 80)),
    ("several backends", Options(ingress=True), "two.corp", 443, tied("shop/orders", "shop/store")),
    ("one backend, by number and by name", Options(ingress=True), "same.corp", 443, to("shop/store", 80)),
    ("backend that is not here", Options(ingress=True), "gone.corp", 443, no("outside")),
    ("DaemonSet", Options(daemonsets=True), "10.20.0.1", 9100, to("shop/agent", 9100)),
    ("DaemonSet's option does not ask for ingress", Options(daemonsets=True), "shop.corp", 443, no("outside")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "host", "number", "answer"), [r[1:] for r in ASKED], ids=[r[0] for r in ASKED]
)
def test_what_is_only_done_on_request(
    options: Options, host: str, number: int | None, answer: tuple[object, ...]
) -> None:
    assert short(resolve(query(host, number, ""), CLUSTER, options)) == answer


OPEN = [
    ("clusterIP: unchanged", "10.43.0.10", to("shop/orders", None)),
    ("headless: no port is mapped", "10.42.2.30", to("shop/cache", None)),
    ("stateful", "10.42.2.11", to("shop/kafka-hl", None, "kafka-1")),
    ("every port is the same", "10.42.2.20", to("shop/db", None)),
    ("a port is mapped", "10.42.1.11", no("open-port")),
    ("a node", "10.20.0.1", no("open-port")),
    ("a mapping with a port", "10.9.9.8", no("open-port")),
    ("an endpoint that maps", "10.9.0.5", no("open-port")),
]


@pytest.mark.parametrize(
    ("host", "answer"), [row[1:] for row in OPEN], ids=[row[0] for row in OPEN]
)
def test_a_port_known_at_run_time(host: str, answer: tuple[object, ...]) -> None:
    assert short(resolve(Query(host, None, "open", "http"), CLUSTER)) == answer
