"""What holds of every resolution, whatever the cluster and the question."""

from __future__ import annotations

import json
import random
from itertools import product
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from refactor.inventory import Inventory
from refactor.inventory.gathered import Records
from refactor.inventory.read import _read_object, read
from refactor.model import Resolution, Target, Unresolved
from refactor.resolve import Options, Query, resolve
from refactor.resolve.explain import explain
from tests.clusters import node, pod, port, service, slice_, sport, thing, workload

IPS = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.9", "fd00::1"]
PORTS = [8080, 8080, 80, 9000]
NAMES = ["a", "b", "c"]
X, Y, BOTH = {"app": "x"}, {"app": "y"}, {"app": "x", "tier": "y"}
LABELS = st.sampled_from([X, X, BOTH, BOTH, Y, {}])
PROTOCOLS = st.sampled_from(["TCP", "TCP", "UDP"])
SPACES = st.sampled_from(["shop", "shop", "shop", "prod"])
OWNERS = st.sampled_from(
    [
        "",
        "ReplicaSet/a-1",
        "ReplicaSet/a-1",
        "StatefulSet/a",
        "StatefulSet/b",
        "DaemonSet/a",
        "Job/a",
        "Node/n1",
    ]
)


@st.composite
def pods(draw: st.DrawFn) -> dict[str, Any]:
    ports = [
        port(draw(st.sampled_from(PORTS)), draw(st.sampled_from(["", "http"])), draw(PROTOCOLS), hostPort=draw(st.sampled_from([0, 80])))
        for _ in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    return pod(
        draw(st.sampled_from([*NAMES, "a-0", "a-1"])),
        draw(st.sampled_from(["10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.3", "", "10.0.0.1,fd00::1"])),
        draw(LABELS), ports, draw(OWNERS), draw(SPACES),
        phase=draw(st.sampled_from(["Running"] * 4 + ["Pending", "Succeeded"])),
        ready=draw(st.booleans()), host="10.0.0.9", node="n1",
        hostNetwork=draw(st.sampled_from([False, False, False, True])), subdomain=draw(st.sampled_from(["", "a", "b"])),
    )  # fmt: skip


@st.composite
def services(draw: st.DrawFn) -> dict[str, Any]:
    ports = [
        sport(draw(st.sampled_from(PORTS)), draw(st.sampled_from([*PORTS, "http", None])), draw(st.sampled_from(["", "http", "grpc"])),
              protocol=draw(PROTOCOLS), nodePort=draw(st.sampled_from([0, 9000])))
        for _ in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    return service(
        draw(st.sampled_from(NAMES)), draw(st.sampled_from(["10.1.0.1", "10.1.0.2", "10.0.0.2", "None", "None", ""])),
        draw(st.sampled_from([None, X, X, X, BOTH, Y])), *ports, ns=draw(SPACES),
        ingress=draw(st.sampled_from([[], [{"ip": "10.0.0.9"}], [{"hostname": "lb.corp"}]])),
        type=draw(st.sampled_from(["ClusterIP"] * 4 + ["LoadBalancer", "ExternalName"])),
        externalName="x.corp",
    )  # fmt: skip


OTHERS = st.sampled_from([
    node("n1", "10.0.0.9"),
    slice_("a", ["10.0.0.1", "10.0.0.7"], {"name": "", "port": 8080}),
    {**slice_("a", ["10.0.0.7"], {"name": "http", "port": 9000}), "kind": "EndpointSlice", "metadata": {"name": "a-x2", "namespace": "shop", "labels": {"kubernetes.io/service-name": "a"}}},
    slice_("b", ["10.0.0.7"], {"port": 8080}),
    slice_("b", ["10.0.0.2"], {"port": 80}, ns="prod", hostname="b-0"),
    workload("StatefulSet", "a", {"app": "x"}, replicas=2, serviceName="a"),
    workload("StatefulSet", "b", {"app": "x"}, replicas=1, serviceName="b"),
    workload("ReplicaSet", "a-1", {}, owner="Deployment/a"),
    thing("Ingress", "i", spec={"rules": [{"host": "in.corp", "http": {"paths": [{"backend": {"service": {"name": "a", "port": {"number": 80}}}}]}}]}),
    thing("Ingress", "j", spec={"rules": [{"host": "in.corp", "http": {"paths": [{"backend": {"service": {"name": "a", "port": {"name": "http"}}}}]}}]}),
])  # fmt: skip
OBJECTS = st.builds(
    lambda *lists: [one for some in lists for one in some],
    st.lists(pods(), min_size=1, max_size=4) | st.lists(pods(), min_size=1, max_size=4, unique_by=lambda p: p["status"]["podIP"]), st.lists(services(), min_size=1, max_size=4), st.lists(OTHERS, max_size=4),
)  # fmt: skip
HOSTS = st.sampled_from(
    ["10.0.0.1"] * 12 + [*IPS, "10.1.0.1", "10.0.0.7", "lb.corp", "x.corp", "in.corp", "n1", "a", "a-0", "a-0.a.shop.svc", "10-0-0-1.shop.pod", "10-0-0-1.a.shop.svc"]
)  # fmt: skip
QUERIES = st.builds(
    Query, HOSTS, st.sampled_from([*PORTS, 8080, 443, None]),
    st.sampled_from(["none", "written", "sibling", "implied", "open"]),
    st.sampled_from(["", "http", "grpc", "udp", "postgresql+asyncpg"]), st.sampled_from(["", "shop"]),
)  # fmt: skip
OPTIONS = st.builds(Options, st.booleans(), st.booleans())


def inventory_of(objects: list[dict[str, Any]]) -> Inventory:
    found = Records()
    for one in objects:
        _read_object(json.dumps(one).encode(), found)
    return Inventory(found.used)


@settings(max_examples=150, deadline=None)
@given(OBJECTS, QUERIES, OPTIONS)
def test_a_question_always_has_an_answer_that_json_can_hold(
    objects: list[dict[str, Any]], query: Query, options: Options
) -> None:
    inventory = inventory_of(objects)
    answer = resolve(query, inventory, options)

    assert msgspec.json.decode(msgspec.json.encode(answer), type=Resolution) == answer
    assert answer == resolve(query, inventory, options)
    assert all("\n" not in line for line in explain(query, inventory, options))


@settings(max_examples=100, deadline=None)
@given(OBJECTS, st.text(max_size=12), st.none() | st.integers(), st.text(max_size=8))
def test_any_text_may_be_asked(
    objects: list[dict[str, Any]], host: str, number: int | None, text: str
) -> None:
    inventory = inventory_of(objects)
    query = Query(host, number, text, text, text)

    assert resolve(query, inventory) == resolve(query, inventory)
    assert isinstance(inventory.knows(host), bool)
    assert explain(query, inventory)


@settings(max_examples=150, deadline=None)
@given(OBJECTS, QUERIES, OPTIONS, st.randoms(use_true_random=False))
def test_the_order_of_objects_says_nothing(
    objects: list[dict[str, Any]], query: Query, options: Options, luck: random.Random
) -> None:
    shuffled = list(objects)
    luck.shuffle(shuffled)
    one, other = inventory_of(objects), inventory_of(shuffled)

    assert resolve(query, one, options) == resolve(query, other, options)
    assert explain(query, one, options) == explain(query, other, options)
    assert one.names == other.names


@settings(max_examples=150, deadline=None)
@given(OBJECTS, OPTIONS)
def test_the_new_name_leads_to_the_pod_that_was_addressed(
    objects: list[dict[str, Any]], options: Options
) -> None:
    inventory = inventory_of(objects)
    for host, number, scheme in product(inventory.hosts.pods, set(PORTS), ("", "http", "udp")):
        answer = resolve(Query(host, number, "written", scheme), inventory, options)
        held = inventory.pods_at(host)
        if isinstance(answer, Target) and held:
            assert answer.port is not None
            reached = inventory.leads_to(answer.service, answer.port, pod=answer.pod)
            assert {(name, number) for name in held} <= reached


@settings(max_examples=100, deadline=None)
@given(OBJECTS, st.sampled_from([*IPS, "10.0.0.7"]), st.sampled_from(PORTS))
def test_an_address_is_known_where_somebody_owns_it(
    objects: list[dict[str, Any]], host: str, number: int
) -> None:
    inventory = inventory_of(objects)
    answer = resolve(Query(host, number), inventory, Options(ingress=True))
    nobody = isinstance(answer, Unresolved) and answer.reason == "unknown-address"

    assert inventory.knows(host) or nobody


@settings(max_examples=100, deadline=None)
@given(OBJECTS)
def test_names_are_hosts_and_no_services_own(objects: list[dict[str, Any]]) -> None:
    inventory = inventory_of(objects)

    assert all(name == name.lower() and inventory.knows(name) for name in inventory.names)
    assert inventory.names.isdisjoint(ref.name for ref in inventory.services)


@settings(max_examples=150, deadline=None)
@given(OBJECTS)
def test_yaml_and_json_give_the_same(objects: list[dict[str, Any]]) -> None:
    yaml = "---\n".join(json.dumps(one) + "\n" for one in objects).encode()
    listing = json.dumps({"kind": "List", "items": objects}).encode()

    assert read(b"# yaml\n" + yaml).used == read(listing).used
