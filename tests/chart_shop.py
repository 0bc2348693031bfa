"""A chart as people begin one: names by helpers, a workload, its Service, settings."""

from __future__ import annotations

from pathlib import Path

from tests.helm_bench import case, rendering, write
from tests.rendered_cluster import as_json, cluster_of

HELPERS = """\
{{- define "shop.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- define "shop.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}
"""
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "shop.fullname" . }}
spec:
  replicas: 2
  selector:
    matchLabels: {{- include "shop.labels" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "shop.labels" . | nindent 8 }}
    spec:
      containers:
        - name: web
          image: example.org/web:1
          ports:
            - {name: http, containerPort: 8080}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: {{ include "shop.fullname" . }}-orders
spec:
  selector: {{- include "shop.labels" . | nindent 4 }}
  ports:
    - {name: http, port: 80, targetPort: http}
"""
STATEFUL = """\
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ include "shop.fullname" . }}-db
spec:
  replicas: 2
  serviceName: {{ include "shop.fullname" . }}-db-headless
  selector:
    matchLabels: {role: db, app.kubernetes.io/instance: {{ .Release.Name }}}
  template:
    metadata:
      labels: {role: db, app.kubernetes.io/instance: {{ .Release.Name }}}
    spec:
      subdomain: {{ include "shop.fullname" . }}-db-headless
      containers:
        - name: db
          image: example.org/db:1
          ports:
            - {name: pg, containerPort: 5432}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ include "shop.fullname" . }}-db-headless
spec:
  clusterIP: None
  selector: {role: db, app.kubernetes.io/instance: {{ .Release.Name }}}
  ports:
    - {name: pg, port: 5432}
"""
CHART = {
    "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
    "values.yaml": "nothing: true\n",
    "templates/_helpers.tpl": HELPERS,
    "templates/deployment.yaml": DEPLOYMENT,
    "templates/service.yaml": SERVICE,
    "templates/db.yaml": STATEFUL,
}
WEB, DB0 = "10.77.0.4", "10.77.0.2"
"""Pods of the chart as release `shop` in `store`: of its Deployment, and the first of its set."""


def shop(root: Path, files: dict[str, str] | None = None) -> Path:
    """Write the chart below `root/charts/shop`, with more or other files, and its cluster."""
    write(root / "charts" / "shop", CHART)
    cluster = [cluster_in(root, "shop", "store", "10.77")]
    write(root / "charts" / "shop", files or {})
    (root / ".git").mkdir(exist_ok=True)
    (root / "cluster.json").write_text(cluster[0])
    return root


def cluster_in(root: Path, release: str, namespace: str, subnet: str) -> str:
    with rendering(root) as renders:
        found = renders.render(case("charts/shop", release=release, namespace=namespace))
    assert found.error == ""
    return as_json(cluster_of(found.objects, subnet))
