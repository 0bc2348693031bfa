"""Whole plans, to the exact bytes: charts, Kustomize and Services that are missing.

A row is (files, what the plan makes of them); what is not in the second stays as it is. The
cluster runs Deployment shop/pay, whose pod 10.42.7.7:8080 no Service selects, and Deployment
shop/web, whose pod 10.42.1.5:8080 is behind Service web, port 80.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from refactor import api
from tests.test_missing import pod, workload

WEB = {"app": "web"}
SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web", "namespace": "shop"},
    "spec": {"selector": WEB, "ports": [{"port": 80, "targetPort": 8080}]},
}
ITEMS = [*pod(workload()), *pod(workload(name="web", labels=WEB), ip="10.42.1.5"), SERVICE]

CHART = "apiVersion: v2\nname: c\nversion: 1.0.0\n"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: pay, namespace: shop}
spec:
  selector: {matchLabels: {app: pay}}
  template:
    metadata: {labels: {app: pay}}
    spec:
      containers:
      - name: main
        image: i
        ports: [{name: http, containerPort: 8080}]
"""
PAY = """\
# For Deployment shop/pay, which had no Service.
apiVersion: v1
kind: Service
metadata:
  name: pay
  namespace: shop
spec:
  selector:
    app: pay
  ports:
    - name: http
      port: 8080
      targetPort: http
"""

ROWS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "a chart's value": (
        {"Chart.yaml": CHART, "values.yaml": "url: http://10.42.1.5:8080/x # web\n", "templates/c.yaml": CONFIG + "  u: {{ .Values.url }}\n"},
        {"values.yaml": "url: http://web:80/x # web\n"},
    ),
    "a chart's template": (
        {"Chart.yaml": CHART, "templates/c.yaml": CONFIG + "  u: 'http://10.42.1.5:8080'\n"},
        {"templates/c.yaml": CONFIG + "  u: 'http://web:80'\n"},
    ),
    "a value that a template compares": (
        {"Chart.yaml": CHART, "values.yaml": "url: 10.42.1.5:8080\n", "templates/c.yaml": CONFIG + '  u: {{ eq .Values.url "10.42.1.5:8080" | quote }}\n'},
        {},
    ),
    "a value that reaches a field for IPs": (
        {"Chart.yaml": CHART, "values.yaml": "ip: 10.42.1.5\n", "templates/s.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec:\n  loadBalancerIP: {{ .Values.ip }}\n"},
        {},
    ),
    "a manifest beside its workload's": (
        {"pay.yaml": DEPLOYMENT, "c.yaml": "url: http://10.42.7.7:8080\n"},
        {"pay-service.yaml": PAY, "c.yaml": "url: http://pay:8080\n"},
    ),
    "a Kustomize base": (
        {"base/kustomization.yaml": "resources:\n- pay.yaml\n", "base/pay.yaml": DEPLOYMENT, "c.yaml": "url: http://10.42.7.7:8080\n"},
        {"base/kustomization.yaml": "resources:\n- pay.yaml\n- pay-service.yaml\n", "base/pay-service.yaml": PAY, "c.yaml": "url: http://pay:8080\n"},
    ),
    "a workload that is not here": ({"c.yaml": "url: http://10.42.7.7:8080\n"}, {}),
    "a place that stays asks for no Service": (
        {"pay.yaml": DEPLOYMENT, "c.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {loadBalancerIP: 10.42.7.7}\n"},
        {},
    ),
    "a port that a neighbour keeps makes no Service, and lists none": (
        {"base/kustomization.yaml": "resources:\n- pay.yaml\n", "base/pay.yaml": DEPLOYMENT, "c.yaml": "hosts: [10.42.7.7, 10.42.1.5]\nport: 8080\n"},
        {},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "changed"), ROWS.values(), ids=ROWS)
def test_row(tmp_path: Path, files: dict[str, str], changed: dict[str, str]) -> None:
    root, cluster = tmp_path / "repository", tmp_path / "cluster.json"
    cluster.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": ITEMS}))
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)

    plan = api.plan(root, api.load_inventory(cluster), namespace="shop")
    api.apply(plan, root)

    found = {
        path.relative_to(root).as_posix(): path.read_text()
        for path in root.rglob("*")
        if path.is_file() and ".refactor" not in path.parts
    }
    assert found == files | changed
    assert not changed or all(check.state == "passed" for check in plan.checks)
