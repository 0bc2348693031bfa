"""What installs a chart, and what the chart does with its values: docs/semantics.md, sections 2, 4, 6.3.

A row is (files, what the plan makes of them); what is not in the second stays as it is. The
cluster runs Deployment shop/web, whose pod 10.42.1.5:8080 is behind Service web, port 80, and
Deployment shop/pay, whose pod 10.42.7.7:8080 no Service selects.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from refactor import api
from tests.test_plans_whole import CHART, CONFIG, ITEMS

HOST = "10.42.1.5"
OLD = f"{{host: {HOST}, port: 8080}}"
SHORT, FULL = "{host: web, port: 80}", "{host: web.shop.svc.cluster.local, port: 80}"
URL = '"http://{{ .Values.web.host }}:{{ .Values.web.port }}"'
READER = f"""\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: agent}}
spec:
  selector: {{matchLabels: {{app: agent}}}}
  template:
    metadata: {{labels: {{app: agent}}}}
    spec: {{containers: [{{name: c, image: i, env: [{{name: U, value: {URL}}}]}}]}}
"""
POLICY = """\
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: agent}
spec:
  podSelector: {}
  egress: [{ports: [{port: {{ .Values.web.port }}}]}]
"""
ANNOTATED = READER.replace(
    "metadata: {labels: {app: agent}}",
    'metadata: {labels: {app: agent}, annotations: {config.linkerd.io/skip-outbound-ports: "{{ .Values.web.port }}"}}',
)
LISTENS = READER.replace("image: i,", "image: i, ports: [{containerPort: {{ .Values.web.port }}}],")
HOSTNET = READER.replace(
    "spec: {containers", "spec: {hostNetwork: {{ .Values.host | default false }}, containers"
)
NEEDS = READER.replace(
    "metadata: {name: agent}", 'metadata: {name: {{ required "a name" .Values.name }}}'
)
EMPTY = "web: {host: '', port: 8080}\n"


def agent(template: str = READER, **files: str) -> dict[str, str]:
    """Return a chart in `charts/agent`, whose own values hold no address, and more files."""
    own = {"Chart.yaml": CHART, "values.yaml": EMPTY, "templates/d.yaml": template}
    return {f"charts/agent/{name}": text for name, text in own.items()} | files


def argo(values: str, namespace: str = "shop", name: str = "agent", more: str = "") -> str:
    return f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  destination: {{namespace: {namespace}, server: https://kubernetes.default.svc}}
  source:
    repoURL: https://git.example.com/this.git
    path: charts/agent
    helm:
{more}{values}"""


def flux(values: str, namespace: str = "shop") -> str:
    return f"""\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {{name: agent, namespace: {namespace}}}
spec:
  chart: {{spec: {{chart: ./charts/agent, sourceRef: {{kind: GitRepository, name: self}}}}}}
  values:
{values}"""


def helmfile(values: str, namespace: str = "shop") -> str:
    return f"releases:\n  - name: agent\n    namespace: {namespace}\n    chart: ./charts/agent\n    values:\n{values}"


def kustomize(values: str) -> str:
    return f"helmGlobals: {{chartHome: charts}}\nnamespace: shop\nhelmCharts:\n  - name: agent\n    releaseName: agent\n    valuesInline:\n{values}"


def fleet(values: str) -> str:
    return (
        f"namespace: shop\nhelm:\n  releaseName: agent\n  chart: charts/agent\n  values:\n{values}"
    )


OBJECT = "      valuesObject:\n        web: {}\n"
TEXT = "      values: |\n        web: {}\n"
PAIRS = "      parameters:\n        - {{name: web.host, value: {}}}\n        - {{name: web.port, value: '{}'}}\n"
MAP = "    web: {}\n"
ITEM = "      - web: {}\n"
INLINE = "      web: {}\n"
WAYS = {
    "Argo CD, an object": ("a.yaml", argo, OBJECT),
    "Argo CD, a text": ("a.yaml", argo, TEXT),
    "Flux": ("hr.yaml", flux, MAP),
    "helmfile": ("helmfile.yaml", helmfile, ITEM),
    "Kustomize": ("kustomization.yaml", kustomize, INLINE),
    "Fleet": ("fleet.yaml", fleet, MAP),
}  # fmt: skip
TEMPLATES = {
    "the port reaches the address alone: edited": (READER, True),
    "the port opens a NetworkPolicy too: kept": (READER + POLICY, False),
    "the port stands in an annotation too: kept": (ANNOTATED, False),
    "the port is what a container listens on: kept": (LISTENS, False),
    "an installation on the nodes' network: kept": (HOSTNET.replace("false", "true"), False),
}
Row = tuple[dict[str, str], dict[str, str]]
ROWS: dict[str, Row] = {
    f"2: values in {way}: {told}": (
        agent(template, **{file: made(values.format(OLD))}),
        {file: made(values.format(SHORT))} if edited else {},
    )
    for way, (file, made, values) in WAYS.items()
    for told, (template, edited) in TEMPLATES.items()
}  # fmt: skip
ROWS |= {
    "2: values in an Application that goes elsewhere: the full name": (
        agent(**{"a.yaml": argo(OBJECT.format(OLD), "lab")}),
        {"a.yaml": argo(OBJECT.format(FULL), "lab")},
    ),
    "2: a HelmRelease in another namespace: the full name": (
        agent(**{"hr.yaml": flux(MAP.format(OLD), "lab")}),
        {"hr.yaml": flux(MAP.format(FULL), "lab")},
    ),
    "2: two Applications in one file, each by itself": (
        agent(**{"a.yaml": argo(OBJECT.format(OLD)) + "---\n" + argo(OBJECT.format(OLD), "lab", "other")}),
        {"a.yaml": argo(OBJECT.format(SHORT)) + "---\n" + argo(OBJECT.format(FULL), "lab", "other")},
    ),
    "2: what an Application says beside its values is read by Argo CD": (
        agent(**{"a.yaml": argo(OBJECT.format(SHORT)).replace("https://git.example.com", f"http://{HOST}:8080")}),
        {"a.yaml": argo(OBJECT.format(SHORT)).replace("https://git.example.com", "http://web.shop.svc.cluster.local:80")},
    ),
    "2: a chart that is not here: by the key": (
        {"hr.yaml": flux(MAP.format(OLD)).replace("./charts/agent", "agent")},
        {"hr.yaml": flux(MAP.format(SHORT)).replace("./charts/agent", "agent")},
    ),
    "6.3: an installation that does not render is told and bars no other": (
        agent(NEEDS, **{"a.yaml": argo(OBJECT.format(OLD) + "        name: x\n"), "b.yaml": argo(OBJECT.format(SHORT), name="b")}),
        {"a.yaml": argo(OBJECT.format(SHORT) + "        name: x\n")},
    ),
    "6.3: a value of the one installation that does not render: kept": (
        agent(NEEDS, **{"a.yaml": argo(OBJECT.format(OLD)), "b.yaml": argo(OBJECT.format(SHORT) + "        name: x\n", name="b")}),
        {},
    ),
    "6.3: the policy is there in one of two installations: kept": (
        agent(READER + POLICY.replace("---\n", "{{- if .Values.policy }}\n---\n") + "{{- end }}\n", **{
            "charts/agent/values.yaml": f"web: {OLD}\n", "charts/agent/values-prod.yaml": "policy: true\n"}),
        {},
    ),
    "6.3: no policy in either: edited": (
        agent(READER, **{"charts/agent/values.yaml": f"web: {OLD}\n", "charts/agent/values-prod.yaml": "policy: true\n"}),
        {"charts/agent/values.yaml": f"web: {SHORT}\n"},
    ),
    "2: the nodes' network in one of two installations: kept": (
        agent(HOSTNET, **{"charts/agent/values.yaml": f"web: {OLD}\n", "charts/agent/values-prod.yaml": "host: true\n"}),
        {},
    ),
    "2: values files of two installations in two namespaces": (
        agent(READER, **{
            "env/dev.yaml": f"web: {OLD}\n", "env/prod.yaml": f"web: {OLD}\n",
            "helmfile.yaml": "releases:\n" + "".join(f"  - {{name: a-{n}, namespace: {n}, chart: ./charts/agent, values: [env/{f}.yaml]}}\n" for n, f in (("lab", "dev"), ("shop", "prod")))}),
        {"env/dev.yaml": f"web: {FULL}\n", "env/prod.yaml": f"web: {SHORT}\n"},
    ),
    "2: one values file of two installations in two namespaces": (
        agent(READER, **{
            "env/all.yaml": f"web: {OLD}\n",
            "helmfile.yaml": "releases:\n" + "".join(f"  - {{name: a-{n}, namespace: {n}, chart: ./charts/agent, values: [env/all.yaml]}}\n" for n in ("lab", "shop"))}),
        {"env/all.yaml": f"web: {FULL}\n"},
    ),
    "2: an annotation is read by agents that run anywhere: the full name": (
        agent("", **{"charts/agent/values.yaml": f"u: http://{HOST}:8080\n",
            "charts/agent/templates/d.yaml": READER.replace("metadata: {labels: {app: agent}}", 'metadata: {labels: {app: agent}, annotations: {x.example/url: "{{ .Values.u }}"}}').replace(URL, "x")}),
        {"charts/agent/values.yaml": "u: http://web.shop.svc.cluster.local:80\n"},
    ),
    "2: what the pods themselves get: the short name": (
        agent(READER.replace(URL, '"{{ .Values.u }}"'), **{"charts/agent/values.yaml": f"u: http://{HOST}:8080\n"}),
        {"charts/agent/values.yaml": "u: http://web:80\n"},
    ),
    "5: a Service that a value turns off is told, not doubled": (
        {"Chart.yaml": CHART, "values.yaml": "on: false\n", "c.txt": "",
         "templates/d.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: pay}\nspec:\n  selector: {matchLabels: {app: pay}}\n  template:\n    metadata: {labels: {app: pay}}\n    spec: {containers: [{name: main, image: i, ports: [{name: http, containerPort: 8080}]}]}\n",
         "templates/s.yaml": "{{- if .Values.on }}\napiVersion: v1\nkind: Service\nmetadata: {name: pay}\nspec:\n  selector: {app: pay}\n  ports: [{port: 8080}]\n{{- end }}\n",
         "templates/c.yaml": CONFIG + "  u: http://10.42.7.7:8080\n"},
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
    again = api.plan(root, api.load_inventory(cluster), namespace="shop")
    api.apply(plan, root)

    found = {
        path.relative_to(root).as_posix(): path.read_text()
        for path in root.rglob("*")
        if path.is_file() and ".refactor" not in path.parts
    }
    assert found == files | changed
    assert plan == again
