"""A small cluster and repository for tests of the whole way, from files to files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def pod(
    name: str,
    ip: str,
    labels: dict[str, str],
    port: int,
    owner: tuple[str, str],
    namespace: str = "shop",
    port_name: str = "http",
) -> dict[str, Any]:
    return {
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": labels,
                     "ownerReferences": [{"kind": owner[0], "name": owner[1], "controller": True, "apiVersion": "apps/v1"}]},
        "spec": {"nodeName": "node-1", "containers": [{"name": "main", "ports": [{"name": port_name, "containerPort": port}]}]},
        "status": {"phase": "Running", "podIP": ip, "podIPs": [{"ip": ip}], "hostIP": "10.20.0.11",
                   "conditions": [{"type": "Ready", "status": "True"}]},
    }  # fmt: skip


def service(
    name: str,
    ip: str,
    selector: dict[str, str],
    port: int,
    target: int | str,
    namespace: str = "shop",
    **spec: Any,
) -> dict[str, Any]:
    return {
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace},
        "spec": {"clusterIP": ip, "clusterIPs": [ip], "type": "ClusterIP", "selector": selector,
                 "ports": [{"name": "http", "port": port, "targetPort": target, "protocol": "TCP"}], **spec},
    }  # fmt: skip


def workload(
    kind: str,
    name: str,
    labels: dict[str, str],
    replicas: int = 1,
    namespace: str = "shop",
    **spec: Any,
) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name, "namespace": namespace},
        "spec": {"replicas": replicas, "selector": {"matchLabels": labels},
                 "template": {"metadata": {"labels": labels}, "spec": {"containers": []}}, **spec},
    }  # fmt: skip


ORDERS, DB, KAFKA, BILLING = {"app": "orders"}, {"app": "db"}, {"app": "kafka"}, {"app": "billing"}

ITEMS = [
    service("orders", "10.43.0.10", ORDERS, 80, 8080),
    pod("orders-7f9c6d5b8-abcde", "10.42.1.11", {**ORDERS, "pod-template-hash": "7f9c6d5b8"}, 8080, ("ReplicaSet", "orders-7f9c6d5b8")),
    workload("Deployment", "orders", ORDERS),
    {**workload("ReplicaSet", "orders-7f9c6d5b8", ORDERS),
     "metadata": {"name": "orders-7f9c6d5b8", "namespace": "shop", "ownerReferences": [{"kind": "Deployment", "name": "orders", "controller": True, "apiVersion": "apps/v1"}]}},
    service("db", "10.43.0.20", DB, 5432, 5432),
    pod("db-0", "10.42.1.20", DB, 5432, ("StatefulSet", "db"), port_name="pg"),
    workload("StatefulSet", "db", DB, 1, serviceName="db"),
    service("kafka-headless", "None", KAFKA, 9092, 9092, "data"),
    *[pod(f"kafka-{n}", f"10.42.2.1{n}", KAFKA, 9092, ("StatefulSet", "kafka"), "data", "kafka") for n in range(3)],
    workload("StatefulSet", "kafka", KAFKA, 3, "data", serviceName="kafka-headless"),
    service("billing", "10.43.0.30", BILLING, 443, 8443, "billing", type="NodePort") | {},
    pod("billing-x", "10.42.3.9", BILLING, 8443, ("StatefulSet", "billing"), "billing"),
    workload("StatefulSet", "billing", BILLING, 1, "billing", serviceName="billing"),
    {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-1"},
     "status": {"addresses": [{"type": "InternalIP", "address": "10.20.0.11"}, {"type": "Hostname", "address": "node-1"}]}},
]  # fmt: skip


def write_cluster(path: Path, items: list[dict[str, Any]] | None = None) -> Path:
    """Write what kubectl would print for the cluster."""
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items or ITEMS}))
    return path


FILES = {
    "values.yaml": "# 10.42.1.11 in a comment\nordersUrl: http://10.42.1.11:8080/api  # keep\ndb:\n  host: 10.42.1.20\n  port: 5432\n",
    "deploy/web.yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: web\nspec:\n  template:\n    spec:\n"
        "      containers:\n        - name: web\n          image: 10.42.1.11:5000/web:1.2.3.4\n          env:\n"
        '            - name: ORDERS_URL\n              value: "http://10.42.1.11:8080"\n'
        "            - name: KAFKA\n              value: 10.42.2.10:9092,10.42.2.11:9092\n"
    ),
    "app/settings.py": (
        '"""Settings; 10.42.1.11 is only named here."""\nimport os\n\nVERSION = "10.42.1.11"\n'
        'ORDERS = f"http://10.42.1.11:8080/{os.sep}"\nDB_HOST = os.environ.get("DB_HOST", "10.42.1.20")\nDB_PORT = 5432\n'
        'LEGACY = "10.99.0.1"\nCLUSTER = "http://10.43.0.10"\n'
    ),
    ".env": "BILLING=https://10.42.3.9:8443/pay\r\nBIND=0.0.0.0\r\n",
}  # fmt: skip

AFTER = {
    "values.yaml": "# 10.42.1.11 in a comment\nordersUrl: http://orders:80/api  # keep\ndb:\n  host: db\n  port: 5432\n",
    "deploy/web.yaml": FILES["deploy/web.yaml"]
    .replace("http://10.42.1.11:8080", "http://orders.shop.svc.cluster.local:80")
    .replace("10.42.2.10:", "kafka-0.kafka-headless.data.svc.cluster.local:")
    .replace("10.42.2.11:", "kafka-1.kafka-headless.data.svc.cluster.local:"),
    "app/settings.py": FILES["app/settings.py"]
    .replace("http://10.42.1.11:8080", "http://orders:80")
    .replace('"10.42.1.20"', '"db"')
    .replace("http://10.43.0.10", "http://orders"),
    ".env": FILES[".env"].replace("10.42.3.9:8443", "billing.billing.svc.cluster.local:443"),
}


def write_repository(root: Path, files: dict[str, str] | None = None) -> Path:
    """Write the repository; every file byte for byte as given."""
    for name, text in (files or FILES).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    (root / ".refactor.yaml").write_text("namespace: shop\n")
    return root


def contents(root: Path) -> dict[str, bytes]:
    """Every file of the user's, by relative path."""
    found = (p for p in sorted(root.rglob("*")) if p.is_file())
    relative = ((p.relative_to(root).as_posix(), p) for p in found)
    return {n: p.read_bytes() for n, p in relative if not n.startswith((".refactor/", ".git/"))}
