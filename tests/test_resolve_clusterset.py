"""ServiceImports, Gateways and their routes."""

from __future__ import annotations

from typing import Any

import pytest

from refactor.model import ServiceRef, Target
from refactor.resolve import Options, Query, resolve
from refactor.resolve.naming import service_name
from tests.clusters import Object, cluster, deployed, no, service, short, thing, tied, to

MCS = "multicluster.x-k8s.io/v1beta1"
GATEWAY = "gateway.networking.k8s.io/v1"


def imported(name: str, ip: str, *ports: Object, kind: str = "ClusterSetIP") -> Object:
    spec = {"type": kind, "ips": [ip] if ip else None, "ports": list(ports)}
    return {**thing("ServiceImport", name, spec=spec), "apiVersion": MCS}


def slice_of(name: str, address: str, *ports: Object, hostname: str = "", **labels: str) -> Object:
    told = {
        "multicluster.kubernetes.io/service-name": name,
        "multicluster.kubernetes.io/source-cluster": "east",
        **labels,
    }
    return thing("EndpointSlice", f"{name}-{address}", meta={"labels": told}, addressType="IPv4", ports=list(ports), endpoints=[{"addresses": [address], "hostname": hostname}])  # fmt: skip


def route(kind: str, name: str, parent: Object, *backends: Object, **spec: Any) -> Object:
    told = {"parentRefs": [parent], "rules": [{"backendRefs": list(backends)}], **spec}
    return {**thing(kind, name, spec=told), "apiVersion": GATEWAY}


HTTP = {"name": "http", "port": 80}
DERIVED = {"kubernetes.io/service-name": "derived-x1"}
SHOP = cluster(
    imported("pay", "10.50.0.1", HTTP, {"name": "grpc", "port": 50051}),
    service("derived-x1", "10.50.0.1", None, (80, 8080)),
    slice_of("pay", "10.60.0.7", {"name": "http", "port": 8080}, **DERIVED),
    imported("db", "", {"port": 5432}, kind="Headless"),
    slice_of("db", "10.60.0.8", {"port": 5432}, hostname="db-0"),
    deployed("web", "10.42.0.1", 8080),
    service("web", "10.43.0.1", {"app": "web"}, (80, 8080)),
    slice_of("pay", "10.42.0.1", {"name": "http", "port": 8080}),
    service("mq", "10.43.0.2", {"app": "mq"}, (5672, 5672), (15672, 15672)),
    {**thing("Gateway", "edge", spec={"listeners": [{"name": "a", "port": 443, "hostname": "shop.corp"}, {"name": "b", "port": 5672}, {"name": "c", "port": 8080}]}, status={"addresses": [{"value": "10.20.9.1"}, {"value": "edge.corp"}]}), "apiVersion": GATEWAY},
    route("TCPRoute", "mq", {"name": "edge", "sectionName": "b"}, {"name": "mq", "port": 5672}),
    route("TCPRoute", "both", {"name": "edge", "port": 8080}, {"name": "mq", "port": 5672}, {"name": "web", "port": 80}),
    route("HTTPRoute", "web", {"name": "edge", "sectionName": "a"}, {"name": "web", "port": 80}),
    route("GRPCRoute", "g", {"name": "edge"}, {"name": "web", "port": 80}, hostnames=["grpc.corp"]),
    route("TCPRoute", "lost", {"name": "nowhere"}, {"name": "web", "port": 80}),
    {**thing("TCPRoute", "x", spec={"hostnames": ["other.corp"]}), "apiVersion": "other.example/v1"},
)  # fmt: skip
CASES = [
    ("an import's address", "10.50.0.1", 80, to("shop/pay", 80)),
    ("an import's address, another port", "10.50.0.1", 8080, no("port-mismatch")),
    ("a pod behind an import, not the derived Service", "10.60.0.7", 8080, to("shop/pay", 80)),
    ("a pod behind an import, a port it has not", "10.60.0.7", 80, no("port-mismatch")),
    ("a pod behind a headless import", "10.60.0.8", 5432, to("shop/db", 5432, "db-0.east")),
    ("an own pod that is exported", "10.42.0.1", 8080, to("shop/web", 80)),
    ("a TCPRoute, by the Gateway's address", "10.20.9.1", 5672, to("shop/mq", 5672)),
    ("a TCPRoute, by the Gateway's name", "edge.corp", 5672, to("shop/mq", 5672)),
    ("a TCPRoute with two Services", "10.20.9.1", 8080, tied("shop/mq", "shop/web")),
    ("a port that no route listens on", "10.20.9.1", 9999, no("unknown-address")),
    ("a listener's host name", "shop.corp", 443, to("shop/web", 80)),
    ("a listener with a host name answers to no address", "10.20.9.1", 443, no("unknown-address")),
    ("a GRPCRoute's own host", "grpc.corp", 443, to("shop/web", 80)),
    ("another group's TCPRoute", "other.corp", 80, no("unknown-address")),
]


@pytest.mark.parametrize(
    ("host", "port", "expected"), [r[1:] for r in CASES], ids=[r[0] for r in CASES]
)
def test_resolves(host: str, port: int, expected: tuple[object, ...]) -> None:
    assert short(resolve(Query(host, port), SHOP, Options(ingress=True))) == expected


@pytest.mark.parametrize("host", ["10.20.9.1", "shop.corp", "grpc.corp"])
def test_routes_are_only_taken_when_asked_for(host: str) -> None:
    port = 5672 if host == "10.20.9.1" else 443

    assert short(resolve(Query(host, port), SHOP)) == no("outside")


def test_an_import_is_named_under_clusterset_local_whatever_the_form() -> None:
    answer = resolve(Query("10.60.0.8", 5432), SHOP)

    assert isinstance(answer, Target)
    name = "db-0.east.db.shop.svc.clusterset.local"
    assert {service_name(answer, "shop", form, "corp") for form in ("auto", "short", "fqdn")} == {
        name
    }


def test_a_target_of_this_cluster_has_its_domain() -> None:
    target = Target(ServiceRef("shop", "web"), 80)

    assert service_name(target, "", "fqdn", "corp") == "web.shop.svc.corp"
