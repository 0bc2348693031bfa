"""`explain`, word for word."""

from __future__ import annotations

import pytest

from refactor.inventory import Inventory, Mapping
from refactor.resolve import Options, Query
from refactor.resolve.explain import explain
from tests.clusters import cluster, deployed, node, pod, port, service, sport, stateful

WEB, TIER = {"app": "web"}, {"app": "web", "tier": "front"}

SHOP = cluster(
    deployed(
        "web",
        "10.42.1.11",
        port(8080, "http"),
        port(9000),
        labels=TIER,
        ready=False,
        host="10.20.0.9",
    ),
    service("web", "10.43.0.10", TIER, (80, "http")),
    service("web-all", "10.43.0.11", WEB, (80, 8080), (9090, 9091)),
    service("web-hl", "None", TIER, (80, 8080)),
    service("metrics", "10.43.0.12", WEB, (9000, 9100)),
    service("db", "10.43.0.13", {"app": "db", "tier": "back"}, (5432, 5432)),
    service("ext", "10.43.0.14", None, (1, 1)),
    node("worker-1", "10.20.0.1"),
    pod("proxy", "10.20.0.1", {"app": "proxy"}, [8081], hostNetwork=True, host="10.20.0.1"),
    service("proxy", "10.43.0.15", {"app": "proxy"}, sport(81, 8081, nodePort=30081)),
    mappings=[Mapping("10.9.9.9", "shop/db")],
)
TIED = cluster(
    deployed("web", "10.42.1.11", 8080),
    service("a", "10.43.0.1", WEB, (80, 8080)),
    service("b", "10.43.0.2", WEB, (80, 8080)),
    [service(f"other-{n:02}", "", {"app": f"o{n}"}, (80, 80)) for n in range(12)],
)
KAFKA = cluster(
    stateful("kafka", ["10.42.2.1", "10.42.2.2"], 9092, governing="kafka-hl"),
    service("kafka-hl", "None", {"app": "kafka"}, (9092, 9092)),
    service("kafka", "10.43.0.1", {"app": "kafka"}, (9092, 9092)),
)

GOLDEN: list[tuple[str, Inventory, Query, str]] = [
    ("a pod, one of four Services", SHOP, Query("10.42.1.11", 8080, "implied", "http", "prod"), """\
10.42.1.11:8080 (http://, port implied, dialled from namespace prod)
  10.42.1.11 is pod shop/web-7f9c-abcde (Running, not Ready)
  owned by ReplicaSet web-7f9c, Deployment shop/web
  Service shop/web selects app=web,tier=front; its port 80 leads to targetPort http = containerPort 8080
  pod shop/web-7f9c-abcde: labels app=web, pod-template-hash=7f9c, tier=front; container ports 8080/TCP (http), 9000/TCP
  Service shop/web (ClusterIP; app=web,tier=front; ports 80 → http): this one
  Service shop/metrics (ClusterIP; app=web; ports 9000 → 9100): leads to no port 8080
  Service shop/web-all (ClusterIP; app=web; ports 80 → 8080, 9090 → 9091): fits, but a more specific selector wins (shop/web)
  Service shop/web-hl (headless; app=web,tier=front; ports 80 → 8080): fits, but ClusterIP beats headless (shop/web)
  Service shop/db: does not select it, wants app=db,tier=back
  Service shop/ext: has no selector
  Service shop/proxy: does not select it, wants app=proxy
→ Service shop/web, port 80
  warning: pod shop/web-7f9c-abcde is not Ready: the Service may lead nowhere now
  otherwise: settings: mappings: [{address: "10.42.1.11:8080", service: NAMESPACE/NAME}]
"""),
    ("a pod whose port nobody offers", SHOP, Query("10.42.1.11", 9000, "written"), """\
10.42.1.11:9000
  10.42.1.11 is pod shop/web-7f9c-abcde (Running, not Ready)
  owned by ReplicaSet web-7f9c, Deployment shop/web
  Service shop/web selects it, and has no port that leads to 9000
  pod shop/web-7f9c-abcde: labels app=web, pod-template-hash=7f9c, tier=front; container ports 8080/TCP (http), 9000/TCP
  Service shop/web (ClusterIP; app=web,tier=front; ports 80 → http): leads to no port 9000
  Service shop/metrics (ClusterIP; app=web; ports 9000 → 9100): leads to no port 9000
  Service shop/web-all (ClusterIP; app=web; ports 80 → 8080, 9090 → 9091): leads to no port 9000
  Service shop/web-hl (headless; app=web,tier=front; ports 80 → 8080): leads to no port 9000
  Service shop/db: does not select it, wants app=db,tier=back
  Service shop/ext: has no selector
  Service shop/proxy: does not select it, wants app=proxy
→ missing-service: Deployment shop/web: Service shop/web lacks port 9000/TCP
"""),
    ("a clusterIP on its container's port", SHOP, Query("10.43.0.10", 8080, "written"), """\
10.43.0.10:8080
  10.43.0.10 is the clusterIP of Service shop/web
→ port-mismatch: the clusterIP of Service shop/web has no port 8080
  its ports: 80 → http
"""),
    ("a nodePort", SHOP, Query("worker-1", 30081, "sibling"), """\
worker-1:30081 (port sibling)
  worker-1 is node worker-1
  nodePort 30081 is port 81 of Service shop/proxy
→ Service shop/proxy, port 81
  warning: clients outside the cluster will not resolve this name; keep the address for them
  otherwise: settings: mappings: [{address: "worker-1:30081", service: NAMESPACE/NAME}]
"""),
    ("a pod on its node's network", SHOP, Query("10.20.0.1", 8081, "written", "", ""), """\
10.20.0.1:8081
  10.20.0.1:8081 is pod shop/proxy (Running) on node worker-1
  owned by nothing
  Service shop/proxy selects app=proxy; its port 81 leads to containerPort 8081
  pod shop/proxy: labels app=proxy; container ports 8081/TCP
  Service shop/proxy (ClusterIP; app=proxy; ports 81 → 8081): this one
  Service shop/db: does not select it, wants app=db,tier=back
  Service shop/ext: has no selector
  Service shop/metrics: does not select it, wants app=web
  Service shop/web: does not select it, wants app=web,tier=front
  Service shop/web-all: does not select it, wants app=web
  Service shop/web-hl: does not select it, wants app=web,tier=front
→ Service shop/proxy, port 81
  otherwise: settings: mappings: [{address: "10.20.0.1:8081", service: NAMESPACE/NAME}]
"""),
    ("a node's own port", SHOP, Query("10.20.0.1", 22, "written"), """\
10.20.0.1:22
  10.20.0.1 is node worker-1
→ port-mismatch: node worker-1 has no nodePort, hostPort or pod known to listen on 22
  it may be the node's own
"""),
    ("a mapping", SHOP, Query("10.9.9.9", 5432, "written"), """\
10.9.9.9:5432
  the settings map 10.9.9.9 to Service shop/db
→ Service shop/db, port 5432
  otherwise: settings: mappings: [{address: "10.9.9.9:5432", service: NAMESPACE/NAME}]
"""),
    ("nobody's", SHOP, Query("10.99.0.1"), """\
10.99.0.1
→ unknown-address: no object in the inventory has this address
  if it is an external machine, create a Service without a selector and an EndpointSlice
"""),
    ("a stateful pod", KAFKA, Query("10.42.2.2", 9092, "written", "kafka", "data"), """\
10.42.2.2:9092 (kafka://, dialled from namespace data)
  10.42.2.2 is pod shop/kafka-1 (Running)
  owned by StatefulSet shop/kafka
  one of several, so it keeps its name under headless Service shop/kafka-hl, which selects app=kafka
  pod shop/kafka-1: labels app=kafka; container ports 9092/TCP
  Service shop/kafka (ClusterIP; app=kafka; ports 9092): not its governing Service
  Service shop/kafka-hl (headless; app=kafka; ports 9092): this one
→ kafka-1 under Service shop/kafka-hl, port 9092
  otherwise: settings: mappings: [{address: "10.42.2.2:9092", service: NAMESPACE/NAME}]
"""),
    ("two Services alike, among many", TIED, Query("10-42-1-11.shop.pod", 8080, "written"), """\
10-42-1-11.shop.pod:8080
  10-42-1-11.shop.pod is pod shop/web-7f9c-abcde (Running)
  owned by ReplicaSet web-7f9c, Deployment shop/web
  nothing decides between Services shop/a, shop/b
  pod shop/web-7f9c-abcde: labels app=web, pod-template-hash=7f9c; container ports 8080/TCP
  Service shop/a (ClusterIP; app=web; ports 80 → 8080): fits as well as others
  Service shop/b (ClusterIP; app=web; ports 80 → 8080): fits as well as others
""" + "".join(f"  Service shop/other-{n:02}: does not select it, wants app=o{n}\n" for n in range(10)) + """\
  and 2 more Services that do not select it
→ ambiguous: shop/a, shop/b
  decide it: settings: mappings: [{address: "10-42-1-11.shop.pod:8080", service: shop/a}]
"""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("inventory", "query", "expected"), [r[1:] for r in GOLDEN], ids=[r[0] for r in GOLDEN]
)
def test_explain(inventory: Inventory, query: Query, expected: str) -> None:
    assert "\n".join(explain(query, inventory)) + "\n" == expected


def test_options_count() -> None:
    inventory = cluster(pod("agent", "10.42.0.1", {"app": "agent"}, [80], "DaemonSet/agent"), service("agent", "10.43.0.1", {"app": "agent"}, (80, 80)))  # fmt: skip
    query = Query("10.42.0.1", 80)

    assert "→ Service shop/agent, port 80" in explain(query, inventory, Options(daemonsets=True))
    assert "  pass `--daemonsets` to use a Service instead" in explain(query, inventory)
