"""docs/semantics.md, section 3, below its table: which Service, which port, whose identity."""

from __future__ import annotations

from typing import Any

import pytest

from refactor.inventory import Inventory
from refactor.model import Ambiguous, Target
from refactor.resolve import Query, resolve
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
    sport,
    stateful,
    thing,
    tied,
    to,
    workload,
)  # fmt: skip

WEB = {"app": "web"}
IP = "10.42.0.1"


def web(
    *services: Any, labels: dict[str, str] | None = None, ports: tuple[Any, ...] = (8080,)
) -> Inventory:
    return cluster(deployed("web", IP, *ports, labels=labels or WEB), *services)


def ask(
    inventory: Inventory, number: int | None, scheme: str = "", host: str = IP
) -> tuple[object, ...]:
    origin = "none" if number is None else "written"
    return short(resolve(Query(host, number, origin, scheme, "shop"), inventory))


TIERED = {"app": "web", "tier": "front"}
CHOICE = [
    ("one that offers the port beats one that does not", [service("a", "10.43.0.1", WEB, (80, 9090)), service("b", "10.43.0.2", WEB, (81, 8080))], to("shop/b", 81)),
    ("and does so even headless", [service("a", "10.43.0.1", WEB, (80, 9090)), service("b", "None", WEB, (8080, 8080))], to("shop/b", 8080)),
    ("ClusterIP beats headless", [service("a", "None", WEB, (8080, 8080)), service("b", "10.43.0.2", WEB, (81, 8080))], to("shop/b", 81)),
    ("ClusterIP beats a more specific headless", [service("a", "None", TIERED, (8080, 8080)), service("b", "10.43.0.2", WEB, (81, 8080))], to("shop/b", 81)),
    ("the most specific selector", [service("a", "10.43.0.1", WEB, (80, 8080)), service("b", "10.43.0.2", TIERED, (81, 8080))], to("shop/b", 81)),
    ("two alike are tied", [service("b", "10.43.0.2", WEB, (80, 8080)), service("a", "10.43.0.1", WEB, (80, 8080))], tied("shop/a", "shop/b")),
    ("ClusterIP beats NodePort", [service("a", "10.43.0.1", WEB, (80, 8080), type="NodePort"), service("b", "10.43.0.2", WEB, (80, 8080))], to("shop/b", 80)),
    ("ClusterIP beats a more specific NodePort", [service("a", "10.43.0.1", TIERED, (80, 8080), type="NodePort"), service("b", "10.43.0.2", WEB, (81, 8080))], to("shop/b", 81)),
    ("ClusterIP beats LoadBalancer", [service("web-external", "10.43.0.1", WEB, (80, 8080), type="LoadBalancer"), service("web", "10.43.0.2", WEB, (80, 8080))], to("shop/web", 80)),
    ("NodePort beats LoadBalancer", [service("a", "10.43.0.1", WEB, (80, 8080), type="LoadBalancer"), service("b", "10.43.0.2", WEB, (81, 8080), type="NodePort")], to("shop/b", 81)),
    ("LoadBalancer beats headless", [service("a", "10.43.0.1", WEB, (80, 8080), type="LoadBalancer"), service("b", "None", WEB, (80, 8080))], to("shop/a", 80)),
    ("two for the outside are tied", [service("a", "10.43.0.1", WEB, (80, 8080), type="LoadBalancer"), service("b", "10.43.0.2", WEB, (80, 8080), type="LoadBalancer")], tied("shop/a", "shop/b")),
    ("of two of one type the more specific selector", [service("a", "10.43.0.1", WEB, (80, 8080), type="NodePort"), service("b", "10.43.0.2", TIERED, (81, 8080), type="NodePort")], to("shop/b", 81)),
    ("one that offers the port beats one made for inside", [service("a", "10.43.0.1", WEB, (80, 8080), type="LoadBalancer"), service("b", "10.43.0.2", WEB, (80, 9090))], to("shop/a", 80)),
    ("the workload's name does not decide", [service("web", "10.43.0.1", WEB, (80, 8080)), service("b", "10.43.0.2", WEB, (80, 8080))], tied("shop/b", "shop/web")),
    ("two headless are tied", [service("a", "None", WEB, (80, 8080)), service("b", "None", WEB, (80, 8080))], tied("shop/a", "shop/b")),
    ("another namespace's selects nothing here", [service("a", "10.43.0.1", WEB, (80, 8080), ns="other")], lacks("Deployment shop/web", 8080)),
    ("an empty selector selects nothing", [service("a", "10.43.0.1", {}, (80, 8080))], lacks("Deployment shop/web", 8080)),
    ("no selector selects nothing", [service("a", "10.43.0.1", None, (80, 8080))], lacks("Deployment shop/web", 8080)),
    ("a selector that wants more selects nothing", [service("a", "10.43.0.1", {**WEB, "x": "y"}, (80, 8080))], lacks("Deployment shop/web", 8080)),
    ("ExternalName selects nothing", [service("a", "", WEB, (80, 8080), type="ExternalName", externalName="x.y")], lacks("Deployment shop/web", 8080)),
    ("a Service that lacks the port is extended", [service("a", "10.43.0.1", WEB, (80, 9090))], lacks("Deployment shop/web", 8080, extend="shop/a")),
    ("the best of those that lack it", [service("b", "None", TIERED, (1, 9090)), service("a", "10.43.0.1", WEB, (1, 9090))], lacks("Deployment shop/web", 8080, extend="shop/a")),
    ("of equals the workload's own", [service("a", "10.43.0.1", WEB, (1, 9090)), service("web", "10.43.0.2", WEB, (1, 9090))], lacks("Deployment shop/web", 8080, extend="shop/web")),
    ("headless without ports leads to what is declared", [service("a", "None", WEB)], to("shop/a", 8080)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("services", "answer"), [r[1:] for r in CHOICE], ids=[r[0] for r in CHOICE]
)
def test_which_service(services: list[Any], answer: tuple[object, ...]) -> None:
    labels = TIERED if any("tier" in s["spec"].get("selector", {}) for s in services) else WEB

    assert ask(web(*services, labels=labels), 8080) == answer


def two(**second: Any) -> Any:
    """A Service with two ports that lead to the same container port."""
    return service(
        "a",
        "10.43.0.1",
        WEB,
        sport(80, 8080, "first"),
        sport(81, 8080, **{"name": "other", **second}),
    )


PORTS = [
    ("by number", service("a", "10.43.0.1", WEB, (80, 8080)), 8080, "", to("shop/a", 80)),
    ("without targetPort", service("a", "10.43.0.1", WEB, sport(8080)), 8080, "", to("shop/a", 8080)),
    ("by name", service("a", "10.43.0.1", WEB, (80, "http")), 8080, "", to("shop/a", 80)),
    ("by the name of a sidecar's port", service("a", "10.43.0.1", WEB, (80, "side")), 7070, "", to("shop/a", 80)),
    ("by a name nobody has", service("a", "10.43.0.1", WEB, (80, "nope")), 8080, "", lacks("Deployment shop/web", 8080, extend="shop/a")),
    ("a quoted number is one", service("a", "10.43.0.1", WEB, (80, "8080")), 8080, "", to("shop/a", 80)),
    ("an init container's port is none", service("a", "10.43.0.1", WEB, (80, "once")), 7171, "", no("port-mismatch")),
    ("several, written wins", two(port=8080, name="other"), 8080, "", to("shop/a", 8080)),
    ("several, written wins over a name that fits", two(port=8080, name="other"), 8080, "first", to("shop/a", 8080)),
    ("several, the name fits", two(name="grpc"), 8080, "grpc", to("shop/a", 81)),
    ("several, a word of the name fits", two(name="tls-redis"), 8080, "redis", to("shop/a", 81)),
    ("several, another word for the scheme", two(name="postgres"), 8080, "postgresql+asyncpg", to("shop/a", 81)),
    ("several, appProtocol fits", two(appProtocol="kubernetes.io/h2c"), 8080, "h2c", to("shop/a", 81)),
    ("several, the whole name before a word", service("a", "10.43.0.1", WEB, sport(80, 8080, "http-metrics"), sport(81, 8080, "http")), 8080, "http", to("shop/a", 81)),
    ("several, nothing fits", two(), 8080, "http", tied("shop/a")),
    ("several, no scheme", two(name="http"), 8080, "", tied("shop/a")),
    ("several, both names fit", service("a", "10.43.0.1", WEB, sport(80, 8080, "http-a"), sport(81, 8080, "http-b")), 8080, "http", tied("shop/a")),
    ("several, headless keeps the port", service("a", "None", WEB, sport(80, 8080, "x"), sport(81, 8080, "y")), 8080, "", to("shop/a", 8080)),
    ("protocol agrees", service("a", "10.43.0.1", WEB, sport(53, 8080, protocol="UDP")), 8080, "udp", to("shop/a", 53)),
    ("protocol differs", service("a", "10.43.0.1", WEB, sport(53, 8080, protocol="UDP")), 8080, "http", lacks("Deployment shop/web", 8080, extend="shop/a")),
    ("no scheme, the only protocol", service("a", "10.43.0.1", WEB, sport(53, 8080, protocol="UDP")), 8080, "", to("shop/a", 53)),
    ("no scheme, TCP first", service("a", "10.43.0.1", WEB, sport(53, 8080, "u", protocol="UDP"), sport(54, 8080, "t")), 8080, "", to("shop/a", 54)),
    ("implied port counts as dialled", service("a", "10.43.0.1", WEB, (8000, 80)), 80, "http", to("shop/a", 8000)),
    ("no port, all the same", service("a", "10.43.0.1", WEB, (8080, 8080), (9090, 9090)), None, "", to("shop/a", None)),
    ("no port, and the Service has none", service("a", "10.43.0.1", WEB), None, "", no("no-port")),
    ("no port, one differs", service("a", "10.43.0.1", WEB, (8080, 8080), (90, 9090)), None, "", no("no-port")),
    ("no port, single Service port that maps", service("a", "10.43.0.1", WEB, (80, 8080)), None, "redis", no("no-port")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("offer", "number", "scheme", "answer"), [r[1:] for r in PORTS], ids=[r[0] for r in PORTS]
)
def test_which_port(
    offer: Any, number: int | None, scheme: str, answer: tuple[object, ...]
) -> None:
    sidecars = [
        {"name": "proxy", "restartPolicy": "Always", "ports": [port(7070, "side")]},
        {"name": "setup", "ports": [port(7171, "once")]},
    ]
    inventory = cluster(
        deployed("web", IP, port(8080, "http"), labels=WEB, sidecars=sidecars), offer
    )

    assert ask(inventory, number, scheme) == answer


def test_a_name_means_what_the_very_pod_calls_so() -> None:
    inventory = cluster(
        deployed("web", "10.42.0.1", port(8080, "http")),
        pod("web-old", "10.42.0.2", WEB, [port(8000, "http")], "ReplicaSet/web-7f9c"),
        service("web", "10.43.0.1", WEB, (80, "http")),
    )

    assert ask(inventory, 8080) == to("shop/web", 80)
    assert ask(inventory, 8000, host="10.42.0.2") == to("shop/web", 80)
    assert ask(inventory, 8080, host="10.42.0.2") == no("port-mismatch")


HEADLESS = service("db-hl", "None", {"app": "db"}, (5432, 5432))
CLUSTER_IP = service("db", "10.43.0.9", {"app": "db"}, (5432, 5432))
TWO = ["10.42.0.1", "10.42.0.2"]
IDENTITY = [
    ("several replicas", [stateful("db", TWO, 5432, governing="db-hl"), HEADLESS], 5432, to("shop/db-hl", 5432, "db-0")),
    ("several, though a ClusterIP offers the port", [stateful("db", TWO, 5432, governing="db-hl"), HEADLESS, CLUSTER_IP], 5432, to("shop/db-hl", 5432, "db-0")),
    ("several, counted", [stateful("db", TWO, 5432, governing="db-hl", replicas=None), HEADLESS], 5432, to("shop/db-hl", 5432, "db-0")),
    ("several, the StatefulSet not in the inventory", [stateful("db", TWO, 5432, governing="db-hl")[1:], HEADLESS], 5432, to("shop/db-hl", 5432, "db-0")),
    ("several, headless maps no port", [stateful("db", TWO, 5432, governing="db-hl"), service("db-hl", "None", {"app": "db"}, (80, 5432))], 5432, to("shop/db-hl", 5432, "db-0")),
    ("several, a port only a container declares", [stateful("db", TWO, 5432, 9187, governing="db-hl"), HEADLESS], 9187, to("shop/db-hl", 9187, "db-0")),
    ("several: a pod's own name needs no listed port", [stateful("db", TWO, 5432, governing="db-hl"), HEADLESS], 9999, to("shop/db-hl", 9999, "db-0")),
    ("several, no port", [stateful("db", TWO, 5432, governing="db-hl"), HEADLESS], None, to("shop/db-hl", None, "db-0")),
    ("several, no governing Service there", [stateful("db", TWO, 5432, governing="db-hl"), CLUSTER_IP], 5432, lacks("StatefulSet shop/db", 5432)),
    ("several, none named", [stateful("db", TWO, 5432, governing=""), CLUSTER_IP], 5432, no("identity")),
    ("several, governed by a ClusterIP", [stateful("db", TWO, 5432, governing="db"), CLUSTER_IP], 5432, no("identity")),
    ("several, governed by what selects others", [stateful("db", TWO, 5432, governing="hl"), service("hl", "None", {"app": "x"}, (5432, 5432))], 5432, no("identity")),
    ("several, governed by what selects nothing", [stateful("db", TWO, 5432, governing="hl"), service("hl", "None", None, (5432, 5432))], 5432, no("identity")),
    ("several, made under another subdomain", [stateful("db", TWO, 5432, governing="db-hl", subdomain="old"), HEADLESS], 5432, no("identity")),
    ("several, by the hostname that DNS has", [stateful("db", TWO, 5432, governing="db-hl", hostname="zero"), HEADLESS], 5432, to("shop/db-hl", 5432, "zero")),
    ("one replica and a finished pod, counted", [stateful("db", TWO[:1], 5432, governing="db-hl", replicas=None), pod("db-1", "10.42.0.2", {"app": "db"}, [5432], "StatefulSet/db", phase="Failed"), CLUSTER_IP], 5432, to("shop/db", 5432)),
    ("one replica, ClusterIP", [stateful("db", TWO[:1], 5432, governing="db-hl"), HEADLESS, CLUSTER_IP], 5432, to("shop/db", 5432)),
    ("one replica, headless only", [stateful("db", TWO[:1], 5432, governing="db-hl"), HEADLESS], 5432, to("shop/db-hl", 5432)),
    ("one replica, no Service", [stateful("db", TWO[:1], 5432, governing="db-hl")], 5432, lacks("StatefulSet shop/db", 5432)),
    ("scaled to one, whatever is counted", [stateful("db", TWO, 5432, governing="db-hl", replicas=1), CLUSTER_IP], 5432, to("shop/db", 5432)),
    ("pods of a Deployment are interchangeable", [deployed("db", "10.42.0.1", 5432), pod("db-b", "10.42.0.2", {"app": "db"}, [5432], "ReplicaSet/db-7f9c"), HEADLESS], 5432, to("shop/db-hl", 5432)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("objects", "number", "answer"), [r[1:] for r in IDENTITY], ids=[r[0] for r in IDENTITY]
)
def test_identity(objects: list[Any], number: int | None, answer: tuple[object, ...]) -> None:
    assert ask(cluster(*objects), number) == answer


def named(*pairs: tuple[str, str], under: str = "brokers") -> list[Any]:
    """Pods of an operator: each its hostname, all under one headless Service."""
    return [
        pod(
            f"p-{n}", f"10.42.0.{n}", WEB, [9092], "StrimziPodSet/k", hostname=name, subdomain=under
        )
        for n, (name, under) in enumerate(((name, under) for name, under in pairs), 1)
    ]


BROKERS = service("brokers", "None", WEB, (9092, 9092))
BOOT = service("boot", "10.43.0.9", WEB, (9092, 9092))
PAIR = named(("k-0", "brokers"), ("k-1", "brokers"))
NAMED = [
    ("several with names under a headless Service", [PAIR, BROKERS, BOOT], to("shop/brokers", 9092, "k-0")),
    ("whatever the ports of that Service", [PAIR, service("brokers", "None", WEB, (80, 80)), BOOT], to("shop/brokers", 9092, "k-0")),
    ("one alone takes the ClusterIP Service", [PAIR[:1], BROKERS, BOOT], to("shop/boot", 9092)),
    ("one hostname for all is nobody's own", [named(("k", "brokers"), ("k", "brokers")), BROKERS, BOOT], to("shop/boot", 9092)),
    ("a subdomain that is no Service", [PAIR, BOOT], to("shop/boot", 9092)),
    ("a subdomain that is not headless", [PAIR, service("brokers", "10.43.0.8", {**WEB}, (9092, 9092))], to("shop/brokers", 9092)),
    ("a headless Service that does not select them", [PAIR, service("brokers", "None", {"a": "b"}, (9092, 9092)), BOOT], to("shop/boot", 9092)),
    ("others under another subdomain do not count", [named(("k-0", "brokers"), ("k-1", "others")), BROKERS, BOOT], to("shop/boot", 9092)),
]  # fmt: skip


@pytest.mark.parametrize(("objects", "answer"), [r[1:] for r in NAMED], ids=[r[0] for r in NAMED])
def test_operators_pods_keep_their_names(objects: list[Any], answer: tuple[object, ...]) -> None:
    assert ask(cluster(*objects), 9092) == answer


ANY = (8080, 9100)
PORTLESS = [
    ("one Service, every port", [service("a", "10.43.0.1", WEB, (8080, 8080), (9100, 9100))], "", to("shop/a", None), 0),
    ("one Service, the pod declares more", [service("a", "10.43.0.1", WEB, (8080, 8080))], "", to("shop/a", None), 1),
    ("one headless Service, the pod declares more", [service("a", "None", WEB, (8080, 8080))], "", to("shop/a", None), 0),
    ("one that maps", [service("a", "10.43.0.1", WEB, (80, 8080))], "", no("no-port"), 0),
    ("two that share the ports", [service("a", "10.43.0.1", WEB, (8080, 8080)), service("b", "None", WEB, (9100, 9100))], "", no("no-port"), 0),
    ("two ClusterIPs that share the ports", [service("a", "10.43.0.1", WEB, (8080, 8080)), service("b", "10.43.0.2", WEB, (9100, 9100))], "", no("no-port"), 0),
    ("the one that offers all", [service("a", "10.43.0.1", WEB, (8080, 8080)), service("b", "10.43.0.2", WEB, (8080, 8080), (9100, 9100))], "", to("shop/b", None), 0),
    ("headless that offers all beats a ClusterIP that lacks one", [service("a", "10.43.0.1", WEB, (8080, 8080)), service("b", "None", WEB, (8080, 8080), (9100, 9100))], "", to("shop/b", None), 0),
    ("one that maps nothing beside one that maps", [service("a", "10.43.0.1", WEB, (80, 8080)), service("b", "10.43.0.2", WEB, (8080, 8080))], "", to("shop/b", None), 1),
    ("two that offer all are tied", [service("a", "10.43.0.1", WEB, (8080, 8080)), service("b", "10.43.0.2", WEB, (8080, 8080))], "", tied("shop/a", "shop/b"), 0),
    ("inside beats outside", [service("a", "10.43.0.1", WEB, (8080, 8080), type="LoadBalancer"), service("b", "10.43.0.2", WEB, (8080, 8080))], "", to("shop/b", None), 1),
]  # fmt: skip


@pytest.mark.parametrize(
    ("services", "key", "answer", "warned"), [r[1:] for r in PORTLESS], ids=[r[0] for r in PORTLESS]
)
def test_no_port_is_known(
    services: list[Any], key: str, answer: tuple[object, ...], warned: int
) -> None:
    resolution = resolve(Query(IP, namespace="shop", key=key), web(*services, ports=ANY))

    assert short(resolution) == answer
    assert len(getattr(resolution, "warnings", ())) - ("headless" in str(resolution)) <= warned
    assert bool(warned) == ("also declares port 9100" in str(resolution))


REDIS = [service("a", "10.43.0.1", WEB, (6379, 6379)), service("b", "10.43.0.2", WEB, (9121, 9121))]
KEYS = [
    ("the key's protocol", REDIS, "REDIS_HOST", to("shop/a", None)),
    ("the key in camel case", REDIS, "redisHost", to("shop/a", None)),
    ("the key alone", REDIS, "redis", to("shop/a", None)),
    ("a key that names no protocol", REDIS, "CACHE_HOST", no("no-port")),
    ("a key of a protocol that the pod does not speak", REDIS, "POSTGRES_HOST", no("no-port")),
    ("a Service that maps the port", [service("a", "10.43.0.1", WEB, (6380, 6379))], "REDIS_HOST", no("no-port")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("services", "key", "answer"), [r[1:] for r in KEYS], ids=[r[0] for r in KEYS]
)
def test_a_key_that_implies_the_port(
    services: list[Any], key: str, answer: tuple[object, ...]
) -> None:
    inventory = web(*services, ports=(6379, 9121))

    assert short(resolve(Query(IP, namespace="shop", key=key), inventory)) == answer


OWNERS = [
    ("through its ReplicaSet", deployed("web", IP, 8080), lacks("Deployment shop/web", 8080)),
    ("through a ReplicaSet that is not here", deployed("web", IP, 8080)[2:], lacks("Deployment shop/web", 8080)),
    ("a ReplicaSet of nobody's", [workload("ReplicaSet", "web", WEB), pod("web-x", IP, WEB, [8080], "ReplicaSet/web")], lacks("ReplicaSet shop/web", 8080)),
    ("a ReplicaSet that is not here and not a Deployment's", [pod("web-x", IP, WEB, [8080], "ReplicaSet/web-x1")], lacks("ReplicaSet shop/web-x1", 8080)),
    ("a kind of somebody's own", [pod("web-x", IP, WEB, [8080], "Rollout/web")], lacks("Rollout shop/web", 8080)),
    ("nobody", [pod("web-x", IP, WEB, [8080])], lacks("Pod shop/web-x", 8080)),
    ("a Job", [pod("web-x", IP, WEB, [8080], "Job/web")], no("stale-address")),
    ("a CronJob", [workload("Job", "web-1", WEB, owner="CronJob/web"), pod("web-x", IP, WEB, [8080], "Job/web-1")], no("stale-address")),
    ("a DaemonSet", [pod("web-x", IP, WEB, [8080], "DaemonSet/web")], no("node-bound")),
    ("a node: a static pod", [pod("web-x", IP, WEB, [8080], "Node/n1")], no("node-bound")),
]  # fmt: skip


def test_the_owner_that_controls_counts() -> None:
    held = pod("web-x", IP, WEB, [8080], "Rollout/web")
    held["metadata"]["ownerReferences"].insert(0, {"kind": "Foo", "name": "x", "controller": False})

    assert ask(cluster(held), 8080) == lacks("Rollout shop/web", 8080)


def test_a_name_goes_by_its_protocol() -> None:
    ports = [port(53, "dns", "UDP"), port(5353, "dns")]
    inventory = cluster(
        deployed("dns", IP, *ports), service("dns", "10.43.0.1", {"app": "dns"}, (80, "dns"))
    )

    assert ask(inventory, 5353) == to("shop/dns", 80)
    assert ask(inventory, 53) == lacks("Deployment shop/dns", 53, "UDP", "shop/dns")


def test_of_services_alike_the_one_that_a_dns_record_names() -> None:
    inventory = web(
        service("a", "10.43.0.1", WEB, (80, 8080)), service("b", "10.43.0.2", WEB, (80, 8080))
    )

    assert ask(inventory, 8080, host="10-42-0-1.b.shop.svc") == to("shop/b", 80)
    assert ask(inventory, 8080, host="10-42-0-1.c.shop.svc") == tied("shop/a", "shop/b")


@pytest.mark.parametrize(("objects", "answer"), [r[1:] for r in OWNERS], ids=[r[0] for r in OWNERS])
def test_the_workload_of_a_pod(objects: list[Any], answer: tuple[object, ...]) -> None:
    assert ask(cluster(objects), 8080) == answer


def test_an_ambiguity_names_the_line_that_decides_it() -> None:
    inventory = web(
        service("a", "10.43.0.1", WEB, (80, 8080)), service("b", "10.43.0.2", WEB, (80, 8080))
    )
    answer = resolve(Query(IP, 8080), inventory)

    assert isinstance(answer, Ambiguous)
    assert answer.remedy == 'settings: mappings: [{address: "10.42.0.1:8080", service: shop/a}]'


def test_an_ambiguous_port_names_the_line_that_decides_it() -> None:
    answer = resolve(Query("fd00::1", 8080), cluster(deployed("web", "fd00::1", 8080), two()))

    assert isinstance(answer, Ambiguous)
    assert (
        answer.remedy
        == 'settings: mappings: [{address: "[fd00::1]:8080", service: shop/a, port: 80}]'
    )


def test_a_service_that_says_no_namespace_cannot_be_named() -> None:
    assert ask(
        cluster(service("a", "10.43.0.1", WEB, (80, 80), ns="")), 80, host="10.43.0.1"
    ) == no("outside")


@pytest.mark.parametrize(
    ("objects", "host", "number", "told"),
    [
        ([deployed("web", IP, 8080, ready=False), service("web", "10.43.0.1", WEB, (80, 8080))], IP, 8080, "not Ready"),
        ([deployed("web", IP, 8080), service("web", "None", WEB, (8080, 8080))], IP, 8080, "answers with all pods"),
        ([deployed("web", "fd00::1", 8080), service("web", "10.43.0.1", WEB, (80, 8080))], "fd00::1", 8080, "IPv4 only"),
        ([stateful("db", TWO, 5432, governing="db-hl", ready=False), HEADLESS], "10.42.0.1", 5432, "no DNS record"),
        ([stateful("db", TWO, 5432, 9187, governing="db-hl"), HEADLESS], "10.42.0.1", 9187, "does not declare port 9187"),
        ([node("n", "10.20.0.9"), service("web", "10.43.0.1", WEB, sport(80, 8080, nodePort=30080))], "10.20.0.9", 30080, "outside the cluster"),
        ([pod("x", IP, WEB, [8080], "Job/x"), service("web", "10.43.0.1", WEB, (80, 8080))], IP, 8080, "runs once"),
        ([stateful("db", TWO, 5432, governing="db-hl", ready=False), service("db-hl", "None", {"app": "db"}, (5432, 5432), publishNotReadyAddresses=True)], "10.42.0.1", 5432, ""),
        ([deployed("web", IP, 8080), service("web", "10.43.0.1", WEB, (80, 8080))], IP, 8080, ""),
        ([stateful("db", TWO[:1], 5432, governing="db-hl"), HEADLESS], "10.42.0.1", 5432, ""),
        ([deployed("web", IP, 8080), service("web", "10.43.0.1,fd00::9", WEB, (80, 8080))], IP, 8080, ""),
    ],
)  # fmt: skip
def test_warnings(objects: list[Any], host: str, number: int, told: str) -> None:
    answer = resolve(Query(host, number), cluster(*objects))

    assert isinstance(answer, Target)
    assert [told in warning for warning in answer.warnings] == [True] * bool(told)


def test_unusable_objects_do_not_disturb() -> None:
    inventory = cluster(
        thing("Pod", "x"),
        thing("Service", "y"),
        thing("Node", "z", ""),
        thing("EndpointSlice", "s"),
    )

    assert ask(inventory, 80) == no("unknown-address")
