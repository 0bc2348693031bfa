"""The resolution rows of the catalogue, by number; where it differs docs/semantics.md stands."""

from __future__ import annotations

from typing import Any

import pytest

from refactor.inventory import Mapping
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
    slice_,
    sport,
    stateful,
    thing,
    tied,
    to,
)  # fmt: skip

WEB = {"app": "web"}
IP, NODE = "10.42.0.1", "10.20.0.9"
POD = deployed("web", IP, port(8080, "http"))
SERVICE = service("web", "10.43.0.1", WEB, (80, 8080))
HEADLESS = service("web-hl", "None", WEB, (80, 8080))
DB = [
    stateful("db", ["10.42.1.1", "10.42.1.2"], 5432, governing="db-hl"),
    service("db-hl", "None", {"app": "db"}, (5432, 5432)),
]
ON_HOST = {"hostNetwork": True, "node": "n1", "host": NODE}

# row, objects, host, port, scheme, answer
ROWS: list[tuple[str, list[Any], str, int | None, str, tuple[object, ...]]] = [
    ("R1 by an EndpointSlice, the pod not in the inventory", [SERVICE, slice_("web", [IP], {"name": "", "port": 8080, "protocol": "TCP"})], IP, 8080, "", to("shop/web", 80)),
    ("R1 a stateful pod by its slice", [HEADLESS, slice_("web-hl", [IP], {"name": "", "port": 8080}, hostname="web-1")], IP, 8080, "", to("shop/web-hl", 8080, "web-1")),
    ("R1 a slice of a Service that is not here", [slice_("web", [IP], {"port": 8080})], IP, 8080, "", no("unknown-address")),
    ("R1 a slice says less than the pod", [deployed("other", IP, 8080), SERVICE, slice_("web", [IP], {"port": 8080})], IP, 8080, "", lacks("Deployment shop/other", 8080)),
    ("R2 by selector", [POD, SERVICE], IP, 8080, "", to("shop/web", 80)),
    ("R3 only one exposes the port", [POD, SERVICE, service("b", "10.43.0.2", WEB, (80, 9999))], IP, 8080, "", to("shop/web", 80)),
    ("R4 both expose it", [POD, SERVICE, service("b", "10.43.0.2", WEB, (80, 8080))], IP, 8080, "", tied("shop/b", "shop/web")),
    ("R5 ClusterIP and headless", [POD, SERVICE, HEADLESS], IP, 8080, "", to("shop/web", 80)),
    ("R6 headless only", [POD, HEADLESS], IP, 8080, "", to("shop/web-hl", 8080)),
    ("R7 stateful", DB, "10.42.1.2", 5432, "", to("shop/db-hl", 5432, "db-1")),
    ("R8 stateful with a ClusterIP keeps its identity", [*DB, service("db", "10.43.0.3", {"app": "db"}, (5432, 5432))], "10.42.1.1", 5432, "", to("shop/db-hl", 5432, "db-0")),
    ("R9 ordinals that start elsewhere", [pod("db-7", IP, {"app": "db"}, [5432], "StatefulSet/db", subdomain="db-hl"), pod("db-8", "10.42.0.2", {"app": "db"}, [5432], "StatefulSet/db"), DB[1]], IP, 5432, "", to("shop/db-hl", 5432, "db-7")),
    ("R10 serviceName names nothing", [stateful("db", ["10.42.1.1", "10.42.1.2"], 5432, governing="db"), DB[1]], "10.42.1.1", 5432, "", lacks("StatefulSet shop/db", 5432)),
    ("R11 serviceName names no headless one", [stateful("db", ["10.42.1.1", "10.42.1.2"], 5432, governing="db"), service("db", "10.43.0.3", {"app": "db"}, (5432, 5432))], "10.42.1.1", 5432, "", no("identity")),
    ("R12 80 → 8080", [POD, SERVICE], IP, 8080, "http", to("shop/web", 80)),
    ("R13 80 → http", [POD, service("web", "10.43.0.1", WEB, (80, "http"))], IP, 8080, "http", to("shop/web", 80)),
    ("R14 a name of this pod only", [POD, service("web", "10.43.0.1", WEB, (80, "http")), pod("b", "10.42.0.2", WEB, [port(9999, "http")])], IP, 8080, "http", to("shop/web", 80)),
    ("R15 not exposed, declared", [POD, service("web", "10.43.0.1", WEB, (80, 9999))], IP, 8080, "", lacks("Deployment shop/web", 8080, extend="shop/web")),
    ("R15 not exposed, not declared", [POD, SERVICE], IP, 8081, "", no("port-mismatch")),
    ("R16 UDP against TCP", [deployed("dns", IP, port(53, "dns", "UDP")), service("dns", "10.43.0.1", {"app": "dns"}, (53, 53))], IP, 53, "udp", lacks("Deployment shop/dns", 53, "UDP", "shop/dns")),
    ("R16 both protocols", [deployed("dns", IP, port(53, "dns", "UDP")), service("dns", "10.43.0.1", {"app": "dns"}, sport(53, 53, "t"), sport(5353, 53, "u", protocol="UDP"))], IP, 53, "udp", to("shop/dns", 5353)),
    ("R17 headless 80 → 8080 keeps 8080", [POD, HEADLESS], IP, 8080, "http", to("shop/web-hl", 8080)),
    ("R18 no port, equal", [deployed("web", IP, 80), service("web", "10.43.0.1", WEB, (80, 80))], IP, None, "", to("shop/web", None)),
    ("R18 no port, not equal", [POD, SERVICE], IP, None, "", no("no-port")),
    ("R18 implied, not what it listens on", [POD, SERVICE], IP, 80, "http", no("port-mismatch")),
    ("R21 clusterIP", [SERVICE], "10.43.0.1", 80, "", to("shop/web", 80)),
    ("R21 clusterIP does not translate", [POD, SERVICE], "10.43.0.1", 8080, "", no("port-mismatch")),
    ("R22 IPv6 to an IPv4 Service", [deployed("web", "10.42.0.1,fd00::1", 8080), SERVICE], "fd00::1", 8080, "", to("shop/web", 80)),
    ("R23 both clusterIPs", [service("web", "10.43.0.1,fd00:43::1", WEB, (80, 8080))], "fd00:43::1", 80, "", to("shop/web", 80)),
    ("R24 nodePort", [node("n1", NODE), service("web", "10.43.0.1", WEB, sport(80, 8080, nodePort=30080))], NODE, 30080, "", to("shop/web", 80)),
    ("R24 nodePort, the node known by its pods only", [pod("x", "10.42.0.9", host=NODE), service("web", "10.43.0.1", WEB, sport(80, 8080, nodePort=30080))], NODE, 30080, "", to("shop/web", 80)),
    ("R24 nodePort of both protocols, TCP first", [node("n1", NODE), service("dns", "10.43.0.1", WEB, sport(54, 53, "u", protocol="UDP", nodePort=30053), sport(53, 53, "t", nodePort=30053))], NODE, 30053, "", to("shop/dns", 53)),
    ("R24 nodePort, a node only finished pods tell of", [pod("x", "10.42.0.9", host=NODE, phase="Failed"), service("web", "10.43.0.1", WEB, sport(80, 8080, nodePort=30080))], NODE, 30080, "", no("unknown-address")),
    ("R24 nodePort of no Service", [node("n1", NODE), SERVICE], NODE, 30081, "", no("port-mismatch")),
    ("R25 hostPort", [node("n1", NODE), deployed("web", IP, port(8080, hostPort=80), node="n1", host=NODE), service("web", "10.43.0.1", WEB, (8000, 8080))], NODE, 80, "", to("shop/web", 8000)),
    ("R25 hostPort of another node", [node("n1", NODE), deployed("web", IP, port(8080, hostPort=80), node="n2"), SERVICE], NODE, 80, "", no("port-mismatch")),
    ("R25 hostPort at another address", [node("n1", NODE), deployed("web", IP, port(8080, hostPort=80, hostIP="127.0.0.1"), node="n1", host=NODE), SERVICE], NODE, 80, "", no("port-mismatch")),
    ("R25 hostPort of another protocol", [node("n1", NODE), deployed("web", IP, port(8080, "", "UDP", hostPort=80), node="n1", host=NODE), SERVICE], NODE, 80, "http", no("port-mismatch")),
    ("R25 hostPort, no Service", [node("n1", NODE), deployed("web", IP, port(8080, hostPort=80), node="n1", host=NODE)], NODE, 80, "", lacks("Deployment shop/web", 8080)),
    ("R26 host network, its Service", [node("n1", NODE), deployed("web", NODE, 8080, **ON_HOST), SERVICE], NODE, 8080, "", to("shop/web", 80)),
    ("R27 host network that only the address tells", [deployed("web", NODE, 8080, host=NODE), service("web", "10.43.0.1", WEB, (8080, 8080))], NODE, None, "", no("no-port")),
    ("R26 host network, undeclared, its Service", [node("n1", NODE), deployed("web", NODE, **ON_HOST), SERVICE], NODE, 8080, "", to("shop/web", 80)),
    ("R26 host network, no Service", [node("n1", NODE), deployed("web", NODE, 8080, **ON_HOST)], NODE, 8080, "", lacks("Deployment shop/web", 8080)),
    ("R26 nobody listens", [node("n1", NODE), deployed("web", NODE, 8080, **ON_HOST), SERVICE], NODE, 22, "ssh", no("port-mismatch")),
    ("R27 host network, no port", [deployed("web", NODE, 8080, **ON_HOST), SERVICE], NODE, None, "", no("no-port")),
    ("R27 several on one node", [deployed("web", NODE, 8080, **ON_HOST), deployed("b", NODE, 9090, **ON_HOST), SERVICE, service("b", "10.43.0.2", {"app": "b"}, (90, 9090))], NODE, 9090, "", to("shop/b", 90)),
    ("R27 by the pod's name the port is its own", [deployed("web", NODE, 8080, **ON_HOST), SERVICE], "web-7f9c-abcde", 8080, "", to("shop/web", 80)),
    ("R28 load balancer", [service("web", "10.43.0.1", WEB, (80, 8080), type="LoadBalancer", ingress=[{"ip": "10.20.9.9"}])], "10.20.9.9", 80, "", to("shop/web", 80)),
    ("R28 a load balancer's address left over", [service("web", "10.43.0.1", WEB, (80, 8080), ingress=[{"ip": "10.20.9.9"}])], "10.20.9.9", 80, "", no("unknown-address")),
    ("R28 a node that is a load balancer too", [node("n1", NODE), service("web", "10.43.0.1", WEB, (80, 8080), type="LoadBalancer", ingress=[{"ip": NODE}])], NODE, 80, "", to("shop/web", 80)),
    ("R28 which without a port is many", [node("n1", NODE), service("web", "10.43.0.1", WEB, (80, 8080), type="LoadBalancer", ingress=[{"ip": NODE}])], NODE, None, "", no("no-port")),
    ("R29 ExternalName with an IP", [service("x", "", None, type="ExternalName", externalName="10.9.0.1")], "10.9.0.1", 80, "", no("outside")),
    ("R30 slice without selector", [service("x", "10.43.0.1", None, (80, 8080)), slice_("x", ["10.9.0.1"], {"name": "", "port": 8080, "protocol": "TCP"})], "10.9.0.1", 8080, "", to("shop/x", 80)),
    ("R30 headless", [service("x", "None", None, (80, 8080)), slice_("x", ["10.9.0.1"], {"port": 8080})], "10.9.0.1", 8080, "", to("shop/x", 8080)),
    ("R30 headless, an endpoint with a hostname", [service("x", "None", None, (80, 8080)), slice_("x", ["10.9.0.1"], {"port": 8080}, hostname="one")], "10.9.0.1", 8080, "", to("shop/x", 8080)),
    ("R30 Endpoints that are not ready", [service("x", "10.43.0.1", None, (80, 8080)), thing("Endpoints", "x", subsets=[{"notReadyAddresses": [{"ip": "10.9.0.1"}], "ports": [{"port": 8080}]}])], "10.9.0.1", 8080, "", to("shop/x", 80)),
    ("R30 by the ports' names", [service("x", "10.43.0.1", None, sport(80, None, "a"), sport(81, None, "b")), slice_("x", ["10.9.0.1"], {"name": "b", "port": 8080})], "10.9.0.1", 8080, "", to("shop/x", 81)),
    ("R30 a pod that only a Service without selector lists", [POD, service("x", "10.43.0.1", None, (80, 8080)), slice_("x", [IP], {"port": 8080})], IP, 8080, "", to("shop/x", 80)),
    ("R30 headless without ports, none dialled", [service("x", "None", None), slice_("x", ["10.9.0.1"], {"port": 8080})], "10.9.0.1", None, "", to("shop/x", None)),
    ("R30 no port dialled, none maps", [service("x", "10.43.0.1", None, (8080, 8080)), slice_("x", ["10.9.0.1"], {"port": 8080})], "10.9.0.1", None, "", to("shop/x", None)),
    ("R30 two slices", [service("x", "10.43.0.1", None, sport(80, None, "a"), sport(81, None, "b")), slice_("x", ["10.9.0.1"], {"name": "a", "port": 8080}), thing("Endpoints", "x", subsets=[{"addresses": [{"ip": "10.9.0.1"}], "ports": [{"name": "b", "port": 9090}]}])], "10.9.0.1", 9090, "", to("shop/x", 81)),
    ("R30 two Services", [service(n, "", None, (80, 8080)) for n in "ba"] + [slice_(n, ["10.9.0.1"], {"port": 8080}) for n in "ba"], "10.9.0.1", 8080, "", tied("shop/a", "shop/b")),
    ("R30 no such port", [service("x", "10.43.0.1", None, (80, 8080)), slice_("x", ["10.9.0.1"], {"port": 8080})], "10.9.0.1", 80, "", no("port-mismatch")),
    ("R31 a machine outside", [SERVICE], "10.9.0.1", 5432, "", no("unknown-address")),
    ("R35 a Job's pod", [pod("x", IP, {"j": "x"}, [80], "Job/x")], IP, 80, "", no("stale-address")),
    ("R35 terminated", [pod("x", IP, WEB, [8080], phase="Failed"), SERVICE], IP, 8080, "", no("stale-address")),
    ("R35 terminated, and somebody else's by now", [pod("x", IP, {"j": "x"}, [80], phase="Succeeded"), POD, SERVICE], IP, 8080, "", to("shop/web", 80)),
    ("R35 two pods have it", [POD, pod("x", IP, WEB, [8080]), SERVICE], IP, 8080, "", no("stale-address")),
    ("R35 a pod and a Service have it", [POD, service("web", IP, WEB, (8080, 8080))], IP, 8080, "", no("stale-address")),
    ("R35 two Services have it", [SERVICE, service("b", "10.43.0.1", WEB, (80, 8080))], "10.43.0.1", 80, "", no("stale-address")),
    ("R36 not Ready", [deployed("web", IP, 8080, ready=False), SERVICE], IP, 8080, "", to("shop/web", 80)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("objects", "host", "number", "scheme", "answer"),
    [r[1:] for r in ROWS],
    ids=[r[0] for r in ROWS],
)
def test_rows(
    objects: list[Any], host: str, number: int | None, scheme: str, answer: tuple[object, ...]
) -> None:
    origin = "none" if number is None else "written"

    assert short(resolve(Query(host, number, origin, scheme, "shop"), cluster(*objects))) == answer


def test_a_mapping_settles_what_is_contested() -> None:
    inventory = cluster(
        POD, pod("x", IP, WEB, [8080]), SERVICE, mappings=[Mapping(IP, "shop/web", 80)]
    )

    assert short(resolve(Query(IP, 8080), inventory)) == to("shop/web", 80)


def test_both_holders_are_shown() -> None:
    answer = resolve(Query(IP, 8080), cluster(POD, pod("x", IP, WEB, [8080])))

    assert "shop/web-7f9c-abcde" in answer.why  # type: ignore[union-attr]
    assert "shop/x" in answer.why  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("namespace", "answer"),
    [
        ("shop", to("shop/web", 80)),
        ("prod", to("prod/web", 80)),
        ("", tied("prod/web", "shop/web")),
    ],
)
def test_a_pods_name_means_the_one_in_the_consumers_namespace(
    namespace: str, answer: tuple[object, ...]
) -> None:
    inventory = cluster(
        POD, SERVICE, deployed("web", "10.42.0.9", 8080, ns="prod"), service("web", "10.43.0.9", WEB, (80, 8080), ns="prod")
    )  # fmt: skip

    assert (
        short(resolve(Query("web-7f9c-abcde", 8080, "written", "", namespace), inventory)) == answer
    )


def test_nothing_to_look_it_up_in() -> None:
    answer = resolve(Query(IP, 80), cluster())

    assert short(answer) == no("unknown-address")
    assert "kubectl get" in answer.hint  # type: ignore[union-attr]


def test_a_gateway_host_of_another_kind_is_none() -> None:
    inventory = cluster(thing("HTTPRoute", "r", spec={"hostnames": ["x.corp"], "rules": [{"backendRefs": [{"kind": "Bucket", "name": "b"}]}]}))  # fmt: skip

    assert short(resolve(Query("x.corp", 80), inventory)) == no("unknown-address")
