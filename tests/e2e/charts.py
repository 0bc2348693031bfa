"""The charts and the program of the end-to-end run."""

from __future__ import annotations

import textwrap
from pathlib import Path

_POD = """
      template:
        metadata: {{labels: {{app: {app}}}}}
        spec:
          containers: [{{name: main, image: "example.invalid/app", ports: [{{name: main, containerPort: {port}}}]}}]
"""


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text).lstrip())


def _chart(path: Path) -> None:
    _write(path / "Chart.yaml", f"apiVersion: v2\nname: {path.name}\nversion: 0.1.0\n")


def _workload(kind: str, app: str, port: int, more: str) -> str:
    head = f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {app}}}\nspec:\n"
    template = textwrap.indent(textwrap.dedent(_POD.format(app=app, port=port)).strip(), "  ")
    return f"{head}  selector: {{matchLabels: {{app: {app}}}}}\n  {more}\n{template}\n"


def _service(app: str, ports: str, more: str = "") -> str:
    spec = f"{{selector: {{app: {app}}}, ports: [{ports}]{more}}}"
    return f"---\napiVersion: v1\nkind: Service\nmetadata: {{name: {app}}}\nspec: {spec}\n"


def providers(root: Path) -> None:
    """Write the charts of what is dialled."""
    _chart(root / "shop")
    orders = _workload("Deployment", "orders", 8080, "replicas: 2")
    orders += _service("orders", "{port: 80, targetPort: main}")
    db = _workload("StatefulSet", "db", 5432, "replicas: 2\n  serviceName: db")
    db += _service("db", "{port: 5432}", ", clusterIP: None")
    _write(root / "shop/templates/all.yaml", f"{orders}---\n{db}")
    _chart(root / "billing")
    payments = _workload("Deployment", "payments", 9000, "replicas: 1")
    payments += _service("payments", "{port: 8443, targetPort: 9000}")
    _write(root / "billing/templates/all.yaml", payments)


def consumer(repo: Path, orders: str, db: str, payments: str) -> None:
    """Write the repository that names machines by address."""
    _chart(repo / "chart")
    values = f"orders:\n  url: http://{orders}:8080/v1\ndb:\n  host: {db}\n  port: 5432\n"
    _write(repo / "chart/values.yaml", f'{values}payments: "{payments}:9000"\n')
    env = "\n".join(
        f"        - {{name: {name}, value: {{{{ .Values.{value} | quote }}}}}}"
        for name, value in (
            ("ORDERS_URL", "orders.url"),
            ("DB_HOST", "db.host"),
            ("DB_PORT", "db.port"),
            ("PAYMENTS", "payments"),
        )
    )
    web = _workload("Deployment", "web", 8000, "replicas: 1").rstrip()
    web = web.replace('containers: [{name: main, image: "example.invalid/app", ports: [{name: main, containerPort: 8000}]}]', f"containers:\n      - name: main\n        image: example.invalid/web\n        env:\n{env}")  # fmt: skip
    _write(repo / "chart/templates/web.yaml", web + "\n")
    _write(repo / "client.py", f'ORDERS = "http://{orders}:8080/v1"\nDB = ("{db}", 5432)\n')
    _write(repo / ".refactor.yaml", "namespace: shop\n")
