"""Charts installed, migrated and upgraded on a real control plane, and the real DNS asked."""

from __future__ import annotations

import ast
import datetime
import io
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.e2e.build import folder, missing

if missing():
    pytest.skip(
        f"not in {folder()}: {', '.join(missing())}; `python -m tests.e2e.build` builds them",
        allow_module_level=True,
    )
pytest.importorskip("dns")
pytest.importorskip("kubernetes")

from refactor.inventory.live import Api, listing, take
from refactor.inventory.live.api import RefusedError
from tests.e2e.charts import consumer, providers
from tests.e2e.control_plane import ControlPlane, control_plane, until

ROLE = Path(__file__).parents[2] / "samples/cluster-role/clusterrole.yaml"


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    with control_plane(tmp_path_factory.mktemp("plane")) as running:
        _machines(running)
        yield running


def _machines(plane: ControlPlane) -> None:
    """A node, the namespaces, and the ClusterRole of the samples for the reader."""
    plane.ask(
        "POST",
        "/api/v1/nodes",
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "worker-1"}},
    )
    for name in ("shop", "billing"):
        plane.ask(
            "POST",
            "/api/v1/namespaces",
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}},
        )
    rbac = "/apis/rbac.authorization.k8s.io/v1"
    plane.ask("POST", f"{rbac}/clusterroles", YAML(typ="safe").load(ROLE.read_text("utf-8")))
    ref = {
        "apiGroup": "rbac.authorization.k8s.io",
        "kind": "ClusterRole",
        "name": "refactor-inventory",
    }
    subject = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "readers"}
    plane.ask(
        "POST",
        f"{rbac}/clusterrolebindings",
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": "readers"},
            "roleRef": ref,
            "subjects": [subject],
        },
    )


def refactor(*argv: object) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "refactor", *map(str, argv)]
    return subprocess.run(argv, capture_output=True, text=True, timeout=120)


def environment(plane: ControlPlane) -> dict[str, str]:
    web = plane.ask("GET", "/apis/apps/v1/namespaces/shop/deployments/web")
    return {e["name"]: e["value"] for e in web["spec"]["template"]["spec"]["containers"][0]["env"]}


def test_migrated_names_lead_to_the_very_pods(plane: ControlPlane, tmp_path: Path) -> None:
    times = {"start": time.monotonic()}
    providers(tmp_path)
    plane.helm("install", "shop", str(tmp_path / "shop"), "-n", "shop")
    plane.helm("install", "billing", str(tmp_path / "billing"), "-n", "billing")
    shop, billing = plane.run_pods("shop", 4), plane.run_pods("billing", 1)
    orders = next(ip for name, ip in shop.items() if name.startswith("orders"))
    db, payments = shop["db-1"], next(iter(billing.values()))
    for namespace, service, pods in (
        ("shop", "orders", 2),
        ("shop", "db", 2),
        ("billing", "payments", 1),
    ):
        until(lambda n=namespace, s=service, c=pods: len(plane.leads_to(n, s)) == c, service)  # type: ignore[misc]
    repo = tmp_path / "repo"
    consumer(repo, orders, db, payments)
    plane.helm("install", "web", str(repo / "chart"), "-n", "shop")
    times["installed"] = time.monotonic()

    took = refactor(
        "inventory", "--kubeconfig", plane.kubeconfig("reader"), "-o", tmp_path / "c.json"
    )
    assert (took.returncode, "not read" in took.stderr) == (0, False), took.stderr
    times["inventory"] = time.monotonic()
    applied = refactor("apply", repo, "-i", tmp_path / "c.json", "--yes")
    assert applied.returncode == 0, applied.stdout + applied.stderr
    times["applied"] = time.monotonic()
    plane.helm("upgrade", "web", str(repo / "chart"), "-n", "shop")

    assert environment(plane) == {
        "ORDERS_URL": "http://orders:80/v1",
        "DB_HOST": "db-1.db.shop.svc.cluster.local",
        "DB_PORT": "5432",
        "PAYMENTS": "payments.billing.svc.cluster.local:8443",
    }
    program = [node.value.value if isinstance(node.value, ast.Constant) else ast.literal_eval(node.value) for node in ast.parse((repo / "client.py").read_text()).body if isinstance(node, ast.Assign)]  # fmt: skip
    assert program == ["http://orders:80/v1", ("db-1.db.shop.svc.cluster.local", 5432)]
    cluster_ip = {
        name: plane.ask("GET", f"/api/v1/namespaces/{ns}/services/{name}")["spec"]["clusterIP"]
        for ns, name in (("shop", "orders"), ("billing", "payments"))
    }
    until(lambda: plane.resolve("orders.shop.svc.cluster.local"), "CoreDNS answers")
    assert plane.resolve("orders.shop.svc.cluster.local") == {cluster_ip["orders"]}
    assert plane.resolve("payments.billing.svc.cluster.local") == {cluster_ip["payments"]}
    assert plane.resolve("db-1.db.shop.svc.cluster.local") == {db}
    assert plane.resolve("db.shop.svc.cluster.local") == {shop["db-0"], shop["db-1"]}
    assert plane.resolve("nobody.shop.svc.cluster.local") == set()
    assert (orders, 8080) in plane.leads_to("shop", "orders")
    assert plane.leads_to("billing", "payments") == {(payments, 9000)}
    times["asked"] = time.monotonic()
    again = refactor("plan", repo, "-i", tmp_path / "c.json", "--exit-code")
    assert again.returncode == 0, again.stdout
    _died(plane, repo, tmp_path, orders)
    times["a pod died"] = time.monotonic()
    marks = list(times.items())
    print({name: round(at - before, 1) for (_, before), (name, at) in itertools.pairwise(marks)})


def _died(plane: ControlPlane, repo: Path, tmp_path: Path, orders: str) -> None:
    """A pod dies, another takes its place; its address still resolves, by the earlier snapshot."""
    name = next(
        p["metadata"]["name"] for p in plane.pods("shop") if p["status"].get("podIP") == orders
    )
    plane.ask("DELETE", f"/api/v1/namespaces/shop/pods/{name}?gracePeriodSeconds=0")
    (repo / "late.yaml").write_text(f"url: http://{orders}:8080/\n")
    config = ["--kubeconfig", plane.kubeconfig("reader"), "--live"]

    until(lambda: (orders, 8080) not in plane.leads_to("shop", "orders"), "the pod is gone")
    now = refactor("plan", repo / "late.yaml", *config)
    then = refactor("plan", repo / "late.yaml", *config, "--history", tmp_path / "c.json")

    assert "no object in the inventory has this address" in " ".join(now.stdout.split()), now.stderr
    assert "+url: http://orders:80/" in then.stdout, then.stderr
    assert f"{orders} is no longer in use" in " ".join(then.stdout.split())


def test_paging_is_the_same_as_one_page(plane: ControlPlane, tmp_path: Path) -> None:
    code = "import sys, refactor.inventory.live.listing as l, refactor.cli as c; l.PAGE = 1; c.main(sys.argv[1:])"
    spec = {"ports": [{"port": 80}]}
    for name in ("a", "b", "c"):
        told = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}
        plane.ask("POST", "/api/v1/namespaces/billing/services", told)
    config = plane.kubeconfig("admin")
    files = [tmp_path / "whole.json", tmp_path / "paged.json"]
    refactor("inventory", "--kubeconfig", config, "-o", files[0])
    argv = ["inventory", "--kubeconfig", config, "-o", str(files[1])]
    subprocess.run([sys.executable, "-c", code, *argv], check=True, capture_output=True)

    whole, paged = (json.loads(path.read_bytes())["items"] for path in files)
    assert sum(item["kind"] == "Service" for item in whole) >= 4
    assert whole == paged


def test_forbidden_and_refused(plane: ControlPlane, tmp_path: Path) -> None:
    out = tmp_path / "c.json"

    stranger = refactor("inventory", "--kubeconfig", plane.kubeconfig("stranger"), "-o", out)
    expired = refactor("inventory", "--kubeconfig", plane.kubeconfig("admin", "old"), "-o", out)

    assert "the API does not show its Services (403: services is forbidden" in stranger.stderr
    assert "rejects the credentials (401)" in expired.stderr
    for ran in (stranger, expired):
        assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert not list(tmp_path.iterdir())


def test_a_node_that_may_not_be_read(plane: ControlPlane, tmp_path: Path) -> None:
    role: Any = YAML(typ="safe").load(ROLE.read_text("utf-8"))
    role["rules"][0]["resources"].remove("nodes")
    path = "/apis/rbac.authorization.k8s.io/v1/clusterroles/refactor-inventory"
    plane.ask("PUT", path, role)

    def ran() -> Any:
        told = refactor(
            "inventory", "--kubeconfig", plane.kubeconfig("reader"), "-o", tmp_path / "c.json"
        )
        return "not read: nodes (403, may not be listed)" in told.stderr and told.returncode == 0

    assert until(ran, "the role has changed", 20)


class _Slow(Api):
    """Dawdles before the first second page, while the cluster's state moves on."""

    def __init__(self, plane: ControlPlane) -> None:
        super().__init__("", plane.kubeconfig("admin"))
        self.asked: list[tuple[str, bool]] = []
        self._plane = plane

    def get(self, path: str, **query: str | int) -> bytes:
        follows = bool(query.get("continue"))
        if follows and not any(again for _, again in self.asked):
            until(lambda: self._has_expired(path, query), "the state expires")
        self.asked.append((path, follows))
        return super().get(path, **query)

    def _has_expired(self, path: str, query: dict[str, str | int]) -> bool:
        note = {"metadata": {"annotations": {"now": str(time.monotonic())}}}
        self._plane.ask("PATCH", "/api/v1/nodes/worker-1", note, "merge-patch+json")
        time.sleep(0.5)
        try:
            super().get(path, **query)
        except RefusedError as error:
            assert error.status == 410
            return True
        return False


def test_a_list_whose_state_expires_is_begun_again(
    plane: ControlPlane, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("d", "e"):
        told = {
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": {"name": name},
            "spec": {"ports": [{"port": 80}]},
        }
        plane.ask("POST", "/api/v1/namespaces/shop/services", told)
    monkeypatch.setattr(listing, "PAGE", 1)
    api, out = _Slow(plane), io.BytesIO()

    take(api, out, now=datetime.datetime.now(datetime.UTC))

    assert api.asked.count(("/api/v1/services", False)) == 2
    names = [
        (o["metadata"]["namespace"], o["metadata"]["name"])
        for o in json.loads(out.getvalue())["items"]
        if o["kind"] == "Service"
    ]
    assert len(names) == len(set(names)) >= 3


def test_zz_an_api_that_has_died(plane: ControlPlane, tmp_path: Path) -> None:
    plane.apiserver.kill()
    plane.apiserver.wait()

    ran = refactor(
        "inventory", "--kubeconfig", plane.kubeconfig("admin"), "-o", tmp_path / "c.json"
    )

    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert "Connection refused" in ran.stderr
    assert not list(tmp_path.iterdir())
