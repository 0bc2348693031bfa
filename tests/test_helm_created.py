"""A chart made by Helm's own `create`, turned into a consumer and a provider of hard-coded pods."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from refactor import inventory
from refactor.apply.run import apply
from refactor.plan import PlanJob, make_plan
from refactor.repository.environments import Environments
from refactor.settings.types import Settings
from tests.helm_bench import case, rendering
from tests.rendered_cluster import as_json, cluster_of

POD = "10.77.0.2"
CLIENT = f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{{{ include "shop.fullname" . }}}}-client
spec:
  selector: {{matchLabels: {{app: {{{{ .Release.Name }}}}-client}}}}
  template:
    metadata: {{labels: {{app: {{{{ .Release.Name }}}}-client}}}}
    spec:
      containers:
        - name: client
          image: client
          env:
            - name: ORDERS_URL
              value: {{{{ tpl .Values.ordersUrl . | quote }}}}
            - name: DIRECT
              value: http://{POD}:8080/x
"""
VALUES = f"""
# where the page gets its orders from
ordersUrl: http://{POD}:8080/orders
"""
CONFIG = f"""\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{{{ include "shop.fullname" . }}}}-settings
data:
  app.ini: |
    [orders]
    url = http://{POD}:8080
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    helm = shutil.which("helm")
    if helm is None:
        pytest.skip("no helm on the PATH to create a chart with")
    charts = tmp_path / "repo" / "charts"
    charts.mkdir(parents=True)
    subprocess.run([helm, "create", "shop"], cwd=charts, check=True, capture_output=True)
    chart = charts / "shop"
    values = (chart / "values.yaml").read_text()
    values = values.replace("  port: 80\n", "  port: 80\n  targetPort: 8080\n", 1)
    (chart / "values.yaml").write_text(values)
    deployment = (chart / "templates/deployment.yaml").read_text()
    assert "containerPort: {{ .Values.service.port }}" in deployment
    deployment = deployment.replace(".Values.service.port }}", ".Values.service.targetPort }}")
    (chart / "templates/deployment.yaml").write_text(deployment)
    with rendering(tmp_path / "repo") as renders:
        installed = renders.render(case("charts/shop", release="shop", namespace="store"))
    (tmp_path / "cluster.json").write_text(as_json(cluster_of(installed.objects)))
    (chart / "values.yaml").write_text(values + VALUES)
    (chart / "templates/client.yaml").write_text(CLIENT)
    (chart / "templates/config.yaml").write_text(CONFIG)
    (tmp_path / "repo" / ".git").mkdir()
    return tmp_path / "repo"


def test_it_follows_the_release_and_nothing_else_changed(root: Path) -> None:
    known = inventory.load([str(root.parent / "cluster.json")], mappings=(), stdin=lambda: b"")
    places = [("shop", "store"), ("blue", "color")]
    with rendering(root) as renders:
        before = [
            renders.render(case("charts/shop", release=r, namespace=n)).objects for r, n in places
        ]
    settings = Settings()
    plan = make_plan(PlanJob(root, (root,), settings, Environments(settings, {"": known})))
    apply(plan, root, allow_dirty=True)
    with rendering(root) as renders:
        after = [
            renders.render(case("charts/shop", release=r, namespace=n)).objects for r, n in places
        ]

    new = '{{ include "shop.fullname" . }}:{{ .Values.service.port }}'
    assert [o.new for o in plan.outcomes] == [new] * 3
    for (release, _), old, new in zip(places, before, after, strict=True):
        name = release if release == "shop" else f"{release}-shop"
        assert name in {o.identity.name for o in new if o.identity.kind == "Service"}
        text = json.dumps([o.content for o in old]).replace(f"{POD}:8080", f"{name}:80")
        assert json.loads(text) == [o.content for o in new]
    assert (
        "# where the page gets its orders from\nordersUrl: 'http://"
        in (root / "charts/shop/values.yaml").read_text()
    )
    assert (
        make_plan(PlanJob(root, (root,), settings, Environments(settings, {"": known}))).changes
        == ()
    )
