"""Addresses that nobody has any more, by earlier snapshots; a live owner always wins."""

from __future__ import annotations

import json

import pytest

from refactor.inventory import Inventory
from refactor.inventory.read import read
from refactor.model import Target
from refactor.resolve import Query, resolve
from tests.clusters import Object, deployed, no, node, pod, service, short, stateful, tied, to

ORDERS = service("orders", "10.43.0.1", {"app": "orders"}, (80, 8080))
NOW = [ORDERS, *deployed("orders", "10.42.0.5", 8080)]


def state(*objects: Object, day: int = 1, past: tuple[Inventory, ...] = ()) -> Inventory:
    shot = {"cluster": "https://a", "time": f"2026-11-0{day}T10:00:00Z"}
    text = {"kind": "List", "items": list(objects), "metadata": {"refactor": shot}}
    found = read(json.dumps(text).encode())
    return Inventory(found.used, snapshots=found.snapshots, past=past)


BEFORE = state(ORDERS, *deployed("orders", "10.42.0.4", 8080))
OTHER = state(
    *deployed("web", "10.42.0.4", 80), service("web", "10.43.0.2", {"app": "web"}, (80, 80)), day=2
)
KAFKA = stateful("kafka", ["10.42.2.1", "10.42.2.2"], 9092, governing="kafka")
GOVERNING = service("kafka", "None", {"app": "kafka"}, (9092, 9092))
MOVED = stateful("kafka", ["10.42.2.8", "10.42.2.9"], 9092, governing="kafka")
CASES = [
    ("a pod that died", NOW, [BEFORE], "10.42.0.4", 8080, to("shop/orders", 80)),
    ("a stateful pod that moved", [*MOVED, GOVERNING], [state(*KAFKA, GOVERNING)], "10.42.2.1", 9092, to("shop/kafka", 9092, "kafka-0")),
    ("a clusterIP that changed", NOW, [state(service("orders", "10.43.0.9", {"app": "orders"}, (80, 8080)))], "10.43.0.9", 80, to("shop/orders", 80)),
    ("two snapshots that agree", NOW, [BEFORE, BEFORE], "10.42.0.4", 8080, to("shop/orders", 80)),
    ("a live owner wins", [*NOW, *deployed("web", "10.42.0.4", 8080), service("web", "10.43.0.2", {"app": "web"}, (81, 8080))], [BEFORE], "10.42.0.4", 8080, to("shop/web", 81)),
    ("a live owner without a Service wins", [*NOW, pod("x", "10.42.0.4", {}, [8080])], [BEFORE], "10.42.0.4", 8080, ("lacks", "Pod shop/x", 8080, "TCP", "")),
    ("a live node wins", [*NOW, node("w", "10.42.0.4")], [BEFORE], "10.42.0.4", 8080, no("port-mismatch")),
    ("a finished owner is an owner", [*NOW, pod("x", "10.42.0.4", {}, [8080], phase="Failed")], [BEFORE], "10.42.0.4", 8080, no("stale-address")),
    ("owners that followed each other", [*NOW, service("web", "10.43.0.2", {"app": "web"}, (80, 80))], [state(ORDERS, pod("o", "10.42.0.4", {"app": "orders"}, [80]), service("orders", "10.43.0.1", {"app": "orders"}, (80, 80))), OTHER], "10.42.0.4", 80, tied("shop/orders", "shop/web")),
    ("its Service is gone", deployed("orders", "10.42.0.5", 8080), [BEFORE], "10.42.0.4", 8080, no("stale-address")),
    ("its Service lost the port", [service("orders", "10.43.0.1", {"app": "orders"}, (81, 8080))], [BEFORE], "10.42.0.4", 8080, no("stale-address")),
    ("its Service is headless now", [service("orders", "None", {"app": "orders"}, (80, 8080))], [BEFORE], "10.42.0.4", 8080, no("stale-address")),
    ("its Service selects others now", [service("orders", "10.43.0.1", {"app": "v2"}, (80, 8080))], [BEFORE], "10.42.0.4", 8080, no("stale-address")),
    ("it had no Service then", NOW, [state(pod("x", "10.42.0.4", {}, [8080]))], "10.42.0.4", 8080, no("stale-address")),
    ("another port", NOW, [BEFORE], "10.42.0.4", 9999, no("port-mismatch")),
    ("nobody ever had it", NOW, [BEFORE], "10.42.0.99", 8080, no("unknown-address")),
    ("no history", NOW, [], "10.42.0.4", 8080, no("unknown-address")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "past", "host", "port", "expected"), [r[1:] for r in CASES], ids=[r[0] for r in CASES]
)
def test_history(
    now: list[Object], past: list[Inventory], host: str, port: int, expected: tuple[object, ...]
) -> None:
    assert short(resolve(Query(host, port), state(*now, day=9, past=tuple(past)))) == expected


def test_it_is_marked_in_the_evidence_and_warned_of() -> None:
    answer = resolve(Query("10.42.0.4", 8080), state(*NOW, day=9, past=(BEFORE,)))

    assert isinstance(answer, Target)
    taken = "the snapshot of 2026-11-01 10:00 UTC"
    assert answer.chain[0] == f"10.42.0.4 is no longer in use; in {taken}:"
    assert answer.warnings == (f"10.42.0.4 is no longer in use: by {taken} it was shop/orders's",)


def test_what_was_known_is_known() -> None:
    now = state(*NOW, day=9, past=(BEFORE, OTHER))

    assert now.knows("10.42.0.4")
    assert "web-7f9c-abcde" in now.names
    assert "web" not in now.names
    assert not now.knows("10.42.0.99")
