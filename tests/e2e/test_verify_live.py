"""`refactor verify` on a real control plane: what breaks there is told, mended, and silent after."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.build import folder, missing

if missing():
    pytest.skip(
        f"not in {folder()}: {', '.join(missing())}; `python -m tests.e2e.build` builds them",
        allow_module_level=True,
    )
pytest.importorskip("dns")
pytest.importorskip("kubernetes")

from tests.e2e.control_plane import ControlPlane, until
from tests.e2e.test_end_to_end import plane  # noqa: F401 - a fixture

SPACE = "/api/v1/namespaces/shop"
WEB = """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: caller, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: caller}}}}
  template:
    metadata: {{labels: {{app: caller}}}}
    spec:
      containers:
        - {{name: caller, image: caller, env: [{{name: TILL_URL, value: "{url}"}}]}}
"""


def service(name: str, port: int) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {"selector": {"app": "till"}, "ports": [{"port": port, "targetPort": 8080}]},
    }


def deployment() -> dict[str, Any]:
    box = {"name": "till", "image": "till", "ports": [{"containerPort": 8080}]}
    template = {"metadata": {"labels": {"app": "till"}}, "spec": {"containers": [box]}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "till", "namespace": "shop"},
        "spec": {"selector": {"matchLabels": {"app": "till"}}, "template": template},
    }


def verify(plane: ControlPlane, repo: Path, *words: str) -> tuple[int, str]:  # noqa: F811
    argv = ["verify", repo, "--live", "--kubeconfig", plane.kubeconfig("admin"), *words]
    ran = subprocess.run(
        [sys.executable, "-m", "refactor", *map(str, argv)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return ran.returncode, ran.stdout + ran.stderr


def test_what_breaks_in_the_cluster_is_told_and_silent_once_mended(
    plane: ControlPlane,  # noqa: F811
    tmp_path: Path,
) -> None:
    plane.ask("POST", "/apis/apps/v1/namespaces/shop/deployments", deployment())
    plane.ask("POST", f"{SPACE}/services", service("till", 80))
    plane.run_pods("shop", 1)
    until(lambda: len(plane.leads_to("shop", "till")) == 1, "till")
    web = tmp_path / "web.yaml"
    web.write_text(WEB.format(url="http://till:80"))
    assert verify(plane, tmp_path)[0] == 0

    # A port is removed: told, mended by --fix, silent.
    plane.ask("DELETE", f"{SPACE}/services/till")
    plane.ask("POST", f"{SPACE}/services", service("till", 81))
    until(lambda: len(plane.leads_to("shop", "till")) == 1, "till, again")
    code, told = verify(plane, tmp_path)
    assert (code, "no-such-port" in told) == (1, True), told
    saved = tmp_path.parent / "names.json"
    assert verify(plane, tmp_path, "--fix", "--out", str(saved))[0] == 1
    applied = subprocess.run([sys.executable, "-m", "refactor", "apply", str(tmp_path), "--plan", str(saved), "--yes", "--allow-dirty"], capture_output=True, text=True, check=False)  # fmt: skip
    assert applied.returncode == 0, applied.stderr
    assert "http://till:81" in web.read_text()
    assert verify(plane, tmp_path)[0] == 0

    # The Service is renamed; the cluster's own DNS says the same.
    plane.ask("DELETE", f"{SPACE}/services/till")
    plane.ask("POST", f"{SPACE}/services", service("till-api", 81))
    until(lambda: len(plane.leads_to("shop", "till-api")) == 1, "till-api")
    code, told = verify(plane, tmp_path)
    assert (code, "no-such-service" in told, "till-api" in told) == (1, True, True), told
    web.write_text(WEB.format(url="http://till-api:81"))
    server = f"127.0.0.1:{plane.dns_port}"
    until(lambda: plane.resolve("till-api.shop.svc.cluster.local"), "CoreDNS")
    assert verify(plane, tmp_path, "--dns-server", server)[0] == 0

    # A policy that lets nothing in.
    policy = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "closed", "namespace": "shop"},
        "spec": {"podSelector": {"matchLabels": {"app": "till"}}, "policyTypes": ["Ingress"]},
    }
    path = "/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies"
    plane.ask("POST", path, policy)
    code, told = verify(plane, tmp_path)
    assert (code, "policy-blocks" in told, "shop/closed" in told) == (1, True, True), told
    plane.ask("DELETE", f"{path}/closed")
    assert verify(plane, tmp_path)[0] == 0
