"""docs/semantics.md, section 5: a missing Service, drafted from its workload."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from kubernetes_validate import validate
from ruamel.yaml import YAML

from refactor.inventory import Inventory, load
from refactor.model import MissingService, Refusal, WorkloadRef
from refactor.plan.services.draft import Draft, draft
from refactor.plan.services.naming import port_name, service_label
from refactor.plan.services.text import manifest

LONG = "a" * 70


@pytest.mark.parametrize(
    ("name", "taken", "label"),
    [
        ("web", set(), "web"),
        ("Web.App_1", set(), "web-app-1"),
        ("9lives", set(), "svc-9lives"),
        ("web", {"web"}, "web-svc"),
        ("web", {"web", "web-svc"}, "web-svc-2"),
        ("web-", set(), "web"),
    ],
)
def test_labels(name: str, taken: set[str], label: str) -> None:
    assert service_label(name, taken) == label


def test_a_long_name_is_cut_with_a_hash_so_that_two_stay_two() -> None:
    one, two = service_label(LONG, ()), service_label(LONG + "b", ())

    assert one != two
    assert max(len(one), len(two), len(service_label(LONG, {one}))) <= 63


@pytest.mark.parametrize(
    ("number", "declared", "protocol", "taken", "name"),
    [
        (8081, "web", "TCP", (), "web"),
        (80, "", "TCP", (), "http"),
        (50051, "", "TCP", (), "grpc"),
        (8081, "", "TCP", (), "tcp-8081"),
        (53, "", "UDP", {"dns"}, "dns-udp"),
        (8080, "", "TCP", {"http"}, "http-tcp"),
        (9, "", "SCTP", (), "sctp-9"),
    ],
)
def test_port_names(number: int, declared: str, protocol: str, taken: Any, name: str) -> None:
    assert port_name(number, declared, protocol, taken) == name


def workload(
    kind: str = "Deployment",
    labels: dict[str, str] | None = None,
    ports: Any = (),
    name: str = "web",
    **spec: Any,
) -> dict[str, Any]:
    labels = {"app": "web"} if labels is None else labels
    containers = [{"name": "main", "ports": list(ports), **spec.pop("container", {})}]
    return {
        "apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name, "namespace": "shop"},
        "spec": {"selector": {"matchLabels": labels}, "template": {"metadata": {"labels": labels}, "spec": {"containers": containers}}, **spec},
    }  # fmt: skip


def inventory(tmp_path: Path, *items: dict[str, Any]) -> Inventory:
    path = tmp_path / "cluster.json"
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    return load([path], stdin=lambda: b"")


def drafted(
    tmp_path: Path, *items: dict[str, Any], port: int | None = 8080, kind: str = "Deployment"
) -> Draft | Refusal:
    missing = MissingService(WorkloadRef(kind, "shop", "web"), port)
    return draft([missing], inventory(tmp_path, *items))


HTTP = {"containerPort": 8080, "name": "http"}


def test_name_selector_and_ports_come_from_the_workload(tmp_path: Path) -> None:
    made = drafted(tmp_path, workload(ports=[HTTP, {"containerPort": 9100}]))

    assert isinstance(made, Draft)
    assert (str(made.service), made.selector, made.headless) == ("shop/web", {"app": "web"}, False)
    assert [(p.name, p.port, p.target) for p in made.ports] == [
        ("http", 8080, "http"),
        ("tcp-9100", 9100, 9100),
    ]


def test_the_dialled_port_is_added(tmp_path: Path) -> None:
    made = drafted(tmp_path, workload(ports=[HTTP]), port=7000)

    assert isinstance(made, Draft)
    assert [(p.port, p.target) for p in made.ports] == [(8080, "http"), (7000, 7000)]


def test_selectors_hold_nothing_that_changes_in_a_rollout(tmp_path: Path) -> None:
    labels = {"app": "web", "version": "1", "pod-template-hash": "x", "helm.sh/chart": "web-1"}
    made = drafted(tmp_path, workload(labels=labels, ports=[HTTP]))

    assert isinstance(made, Draft)
    assert made.selector == {"app": "web"}


def test_a_stateful_set_gets_the_governing_service_it_names(tmp_path: Path) -> None:
    made = drafted(
        tmp_path, workload("StatefulSet", ports=[HTTP], serviceName="web-peers"), kind="StatefulSet"
    )

    assert isinstance(made, Draft)
    assert (made.service.name, made.headless) == ("web-peers", True)
    assert "clusterIP: None" in manifest(made)


OTHER = workload(name="x", labels={"app": "x"})
REFUSED: dict[str, tuple[list[dict[str, Any]], int | None, str]] = {
    "no workload": ([OTHER], 8080, "the inventory does not hold the workload, so not its labels either"),
    "no labels that stay": ([OTHER, workload(labels={"version": "1"}, ports=[HTTP])], 8080, "its pods carry no labels that stay from one rollout to the next"),
    "another workload is caught too": ([workload(ports=[HTTP]), workload(name="other", ports=[HTTP])], 8080, "its labels select Deployment shop/other too; give it one of its own"),
    "no port at all": ([OTHER, workload()], None, "no container declares a port and none was dialled"),
}  # fmt: skip


@pytest.mark.parametrize(("items", "port", "why"), REFUSED.values(), ids=REFUSED)
def test_refused(tmp_path: Path, items: list[dict[str, Any]], port: int | None, why: str) -> None:
    expected = Refusal("services", "missing-service", why)

    assert drafted(tmp_path, *items, port=port) == expected


def test_service_links_that_collide_are_told(tmp_path: Path) -> None:
    other = workload(
        name="other",
        labels={"app": "other"},
        container={"env": [{"name": "WEB_PORT", "value": "1"}]},
    )
    made = drafted(tmp_path, workload(ports=[HTTP]), other)

    assert isinstance(made, Draft)
    assert "WEB_PORT" in made.warnings[0]


def test_the_manifest_is_a_service_by_kubernetes_own_schema(tmp_path: Path) -> None:
    labels = {"app": "yes", "tier": "1.0"}
    made = drafted(
        tmp_path, workload(labels=labels, ports=[HTTP, {"containerPort": 53, "protocol": "UDP"}])
    )
    assert isinstance(made, Draft)
    parsed = YAML(typ="safe").load(manifest(made))

    validate(parsed, "1.31", strict=True)
    assert parsed["spec"]["selector"] == labels
    assert parsed["spec"]["ports"][1] == {
        "name": "dns",
        "port": 53,
        "targetPort": 53,
        "protocol": "UDP",
    }
    assert "namespace" not in YAML(typ="safe").load(manifest(made, namespace=False))["metadata"]
