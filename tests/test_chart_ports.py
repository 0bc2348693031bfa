"""Ports that are values, in charts: docs/semantics.md, sections 4 and 6.3.

A row is (the chart's files, what a plan makes of them); what is not in the second stays as it is.
The cluster runs what release `shop` in namespace `store` renders to with the chart's own values:
Deployment shop-c, whose pod 10.77.0.2 listens on 8080, and Service shop-c-api before it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor import api
from tests.helm_bench import case, rendering, write
from tests.rendered_cluster import as_json, cluster_of

CHART = "apiVersion: v2\nname: c\nversion: 1.0.0\n"
NAME = "{{ .Release.Name }}-{{ .Chart.Name }}-api"
LABELS = "{app: {{ .Release.Name }}-{{ .Chart.Name }}}"
VALUE = "{{ .Values.service.port }}"
POD = "10.77.0.2"
DEPLOYMENT = f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{{{ .Release.Name }}}}-{{{{ .Chart.Name }}}}
spec:
  selector: {{matchLabels: {LABELS}}}
  template:
    metadata: {{labels: {LABELS}}}
    spec: {{containers: [{{name: c, image: i, ports: [{{name: http, containerPort: 8080}}]}}]}}
"""


def service(port: str, name: str = NAME) -> str:
    return f"""\
apiVersion: v1
kind: Service
metadata:
  name: {name}
spec:
  selector: {LABELS}
  ports:
    - name: http
      port: {port}
      targetPort: http
"""


def chart(port: str, name: str = NAME, **files: str) -> dict[str, str]:
    made = {
        "Chart.yaml": CHART,
        "values.yaml": "service: {port: 80}\n",
        "templates/d.yaml": DEPLOYMENT,
        "templates/s.yaml": service(port, name),
    }
    return made | {key.replace("__", "/") + ".yaml": text for key, text in files.items()}


def config(*lines: str) -> str:
    told = "".join(f"  {line}\n" for line in lines)
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata:\n" + told


def two(one: str, values: str = "service: {port: 80}\n") -> dict[str, str]:
    return {"templates/x.yaml": one} if one else {"values.yaml": values}


URL = f"u: http://{POD}:8080/x"
EXPRESSED = f"u: http://{NAME}:{VALUE}/x"
ROWS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "1: a port that no Service has": (chart(VALUE, templates__x=config(f"u: http://{POD}:9999")), {}),
    "1: a port by its name": (chart(VALUE, templates__x=config(f"u: {POD}:http")), {}),
    "1: in a list of who may call": (chart(VALUE, templates__x=config(f"whitelist: {POD}")), {}),
    "1: compared": (chart(VALUE, templates__x=config(f'u: {{{{ eq .Values.u "http://{POD}:8080" | quote }}}}'), values="service: {port: 80}\nu: x\n"), {}),
    "1: where a program listens": (chart(VALUE, templates__x=config(f"listen: {POD}:8080")), {}),
    "4: a port that is a value goes by its expression": (
        chart(VALUE, templates__x=config(URL)),
        {"templates/x.yaml": config(EXPRESSED)},
    ),
    "4: a port that the Service's manifest writes as a number": (
        chart("80", templates__x=config(URL)),
        {"templates/x.yaml": config(f"u: http://{NAME}:80/x")},
    ),
    "4: a Service whose name is literal has a port that is a value": (
        chart(VALUE, "web", templates__x=config(URL)),
        {"templates/x.yaml": config(f"u: http://web.store.svc.cluster.local:{VALUE}/x")},
    ),
    "4: inside a range, by the root": (
        chart(VALUE, templates__x=config("{{- range list 1 }}", URL, "{{- end }}")),
        {"templates/x.yaml": config("{{- range list 1 }}", "u: http://{{ $.Release.Name }}-{{ $.Chart.Name }}-api:{{ $.Values.service.port }}/x", "{{- end }}")},
    ),
    "4: a port beside its host": (
        chart(VALUE, templates__x=config(f"host: {POD}", "port: \"8080\"")),
        {"templates/x.yaml": config(f"host: {NAME}", f"port: \"{VALUE}\"")},
    ),
    "4: a URL without a port, whose Service's port is a value": (
        chart(VALUE, values="service: {port: 8000}\n", templates__x=config(f"u: http://{POD}:8080")),
        {"templates/x.yaml": config(f"u: http://{NAME}:{VALUE}")},
    ),
    "4: a value that passes through tpl": (
        chart(VALUE, values=f"service: {{port: 80}}\nu: http://{POD}:8080\n", templates__x=config("u: {{ tpl .Values.u . }}")),
        {"values.yaml": f"service: {{port: 80}}\nu: 'http://{NAME}:{VALUE}'\n"},
    ),
    "4: a value that does not: numbers and literals": (
        chart(VALUE, values=f"service: {{port: 80}}\nu: http://{POD}:8080\n", templates__x=config("u: {{ .Values.u }}")),
        {"values.yaml": "service: {port: 80}\nu: http://shop-c-api.store.svc.cluster.local:80\n"},
    ),
    "4: a port by a default": (
        chart("{{ .Values.service.port | default 80 }}", values="service: {}\n", templates__x=config(URL)),
        {"templates/x.yaml": config(f"u: http://{NAME}:{{{{ .Values.service.port | default 80 }}}}/x")},
    ),
    "4: a dict is no root: a literal, and its neighbour is none": (
        chart(VALUE, templates__x='{{- define "x" }}\n  b: http://' + POD + ':8080/{{ .c }}\n{{- end }}\n' + config(URL) + '{{ include "x" (dict "c" 1) }}\n'),
        {"templates/x.yaml": '{{- define "x" }}\n  b: http://shop-c-api.store.svc.cluster.local:80/{{ .c }}\n{{- end }}\n' + config(EXPRESSED) + '{{ include "x" (dict "c" 1) }}\n'},
    ),
    "4: a helper that is given the root": (
        chart(VALUE, templates__x='{{- define "x" }}\n  ' + URL + '\n{{- end }}\n' + config("a: b") + '{{ include "x" . }}\n'),
        {"templates/x.yaml": '{{- define "x" }}\n  ' + EXPRESSED + '\n{{- end }}\n' + config("a: b") + '{{ include "x" . }}\n'},
    ),
    "4: a helper that is given the root and a dict: a literal": (
        chart(VALUE, templates__x='{{- define "x" }}\n  ' + URL + '\n{{- end }}\n' + config("a: b") + '{{ include "x" . }}\n---\n' + config("c: d").replace("conf", "other") + '{{ include "x" (dict "a" 1) }}\n'),
        {"templates/x.yaml": '{{- define "x" }}\n  u: http://shop-c-api.store.svc.cluster.local:80/x\n{{- end }}\n' + config("a: b") + '{{ include "x" . }}\n---\n' + config("c: d").replace("conf", "other") + '{{ include "x" (dict "a" 1) }}\n'},
    ),
    "6.3: another installation has another port: by the expression": (
        chart(VALUE, values_dev="service: {port: 9000}\n", templates__x=config(URL)) | {"values-dev.yaml": "service: {port: 9000}\n"},
        {"templates/x.yaml": config(EXPRESSED)},
    ),
    "6.3: another installation has another port, and a number is written: kept": (
        chart(VALUE, values=f"service: {{port: 80}}\nu: http://{POD}:8080\n", templates__x=config("u: {{ .Values.u }}")) | {"values-dev.yaml": "service: {port: 9000}\nname: x\n"} | {"templates/s.yaml": service(VALUE, "web")},
        {},
    ),
    "6.3: a port of another installation in a range of ports: kept": (
        chart("{{ .port }}", values="service: {ports: [{port: 80}]}\n", templates__x=config(URL)) | {
            "templates/s.yaml": service("80", "web").replace("    - name: http\n      port: 80\n      targetPort: http\n", "  {{- range .Values.service.ports }}\n    - name: http\n      port: {{ .port }}\n      targetPort: http\n  {{- end }}\n"),
            "values-dev.yaml": "service: {ports: [{port: 9000}]}\n",
        },
        {},
    ),
}  # fmt: skip
KEPT = {name: files for name, (files, changed) in ROWS.items() if not changed}


@pytest.mark.parametrize("place", ["", "charts/c/"], ids=["at the root", "below it"])
@pytest.mark.parametrize(("files", "changed"), ROWS.values(), ids=ROWS)
def test_row(tmp_path: Path, files: dict[str, str], changed: dict[str, str], place: str) -> None:
    root = tmp_path / "repository"
    write(root, {f"{place}{name}": text for name, text in files.items()})
    (tmp_path / "cluster.json").write_text(_cluster(root, place.rstrip("/")))

    plan = api.plan(root, api.load_inventory(tmp_path / "cluster.json"))
    api.apply(plan, root)

    found = {
        path.relative_to(root / place).as_posix(): path.read_text()
        for path in root.rglob("*")
        if path.is_file() and ".refactor" not in path.parts
    }
    assert found == files | changed
    assert plan.outcomes
    assert not changed or all(check.state == "passed" for check in plan.checks)


def _cluster(root: Path, place: str) -> str:
    with rendering(root) as renders:
        rendered = renders.render(case(place, release="shop", namespace="store"))
    assert not rendered.error
    return as_json(cluster_of(rendered.objects))
