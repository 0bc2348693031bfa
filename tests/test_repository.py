"""Who reads a text: docs/semantics.md, section 2, "The reader"; each row is a small repository.

A row's files are its repository; the address stands in the first of them. What is expected is each
reader: `Kind/name@namespace`, "host" behind it for the node's network; `@namespace` where no
workload is known, and "@" where it may run anywhere; "compose" and "outside" for other networks.
"""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refactor.model import Finding
from refactor.repository.repository import Repository
from refactor.scan import kind_of
from refactor.scan.file import scan_source
from refactor.text.source import Source
from tests.test_readers import INVENTORY

URL = "http://10.42.0.1:8080"
Files = dict[str, str]


def deploy(
    name: str = "web", ns: str = "shop", kind: str = "Deployment", spec: str = "", env: str = ""
) -> str:
    space = f", namespace: {ns}" if ns else ""
    return (
        f"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}{space}}}\n"
        f"spec: {{template: {{spec: {{{spec}{', ' if spec else ''}containers: [{{name: c{', ' if env else ''}{env}}}]}}}}}}\n"
    )


def own(**more: str) -> str:
    return deploy(env=f"env: [{{name: U, value: '{URL}'}}]", **more)


def cm(
    name: str = "conf", ns: str = "shop", more: str = "", kind: str = "ConfigMap", key: str = "url"
) -> str:
    space = f", namespace: {ns}" if ns else ""
    field = "data" if kind == "ConfigMap" else "stringData"
    return f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}{space}{more}}}\n{field}: {{{key}: '{URL}'}}\n"


FROM = "envFrom: [{configMapRef: {name: conf}}]"
KEY = "env: [{name: U, valueFrom: {configMapKeyRef: {name: conf, key: url}}}]"
OTHER_KEY = "env: [{name: U, valueFrom: {configMapKeyRef: {name: conf, key: other}}}]"
VOLUME = "volumes: [{name: v, configMap: {name: conf}}]"
MOUNT = "volumeMounts: [{name: v, mountPath: /x}]"
HOST = "hostNetwork: true"
VALUES = f"url: {URL}\n"
INI = f"[a]\nurl = {URL}\n"
SH = f"curl {URL}\n"
ARGO = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n"
FLUX = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: flux}\nspec:\n"
SET = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: web}\nspec:\n"
CHART = "apiVersion: v2\nname: web\nversion: 0.1.0\n"

MANIFESTS: dict[str, tuple[Files, str]] = {
    "its own manifest": ({"a.yaml": own()}, "Deployment/web@shop"),
    "a StatefulSet": ({"a.yaml": own(kind="StatefulSet")}, "StatefulSet/web@shop"),
    "no namespace: the one that is assumed": ({"a.yaml": own(ns="")}, "Deployment/web@assumed"),
    "another namespace outranks what is assumed": ({"a.yaml": own(ns="web")}, "Deployment/web@web"),
    "host network": ({"a.yaml": own(spec=HOST)}, "Deployment/web@shop host"),
    "host network, not": ({"a.yaml": own(spec="hostNetwork: false")}, "Deployment/web@shop"),
    "a CronJob": ({"a.yaml": f"apiVersion: batch/v1\nkind: CronJob\nmetadata: {{name: c, namespace: shop}}\nspec: {{jobTemplate: {{spec: {{template: {{spec: {{hostNetwork: true, containers: [{{name: c, args: ['{URL}']}}]}}}}}}}}}}\n"}, "CronJob/c@shop host"),
    "a Pod": ({"a.yaml": f"apiVersion: v1\nkind: Pod\nmetadata: {{name: p, namespace: shop}}\nspec: {{containers: [{{name: c, args: ['{URL}']}}]}}\n"}, "Pod/p@shop"),
    "an annotation is read by agents": ({"a.yaml": f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: w, namespace: shop, annotations: {{ad.datadoghq.com/w.checks: '{URL}'}}}}\n"}, "@"),
    "a pod's annotation too": ({"a.yaml": f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: w, namespace: shop}}\nspec: {{template: {{metadata: {{annotations: {{probe: '{URL}'}}}}}}}}\n"}, "@"),
    "an Ingress": ({"a.yaml": f"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {{name: i, namespace: shop}}\nspec: {{x: '{URL}'}}\n"}, "@"),
    "a custom object": ({"a.yaml": f"apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {{name: i, namespace: shop}}\nspec: {{x: '{URL}'}}\n"}, "@"),
    "a plain file says nothing": ({"a.ini": INI}, "@assumed"),
    "a script that nothing runs": ({"run.sh": SH}, "@assumed"),
    "values of no chart": ({"values.yaml": VALUES}, "@assumed"),
    "two documents": ({"a.yaml": f"{deploy(name='x')}---\n{own()}"}, "Deployment/web@shop"),
    "a ConfigMap of its own, and no reader": ({"a.yaml": cm(ns="")}, "@assumed"),
    "a JSON file": ({"a.json": f'{{"url": "{URL}"}}'}, "@assumed"),
    "a TOML file": ({"a.toml": f'url = "{URL}"\n'}, "@assumed"),
    "Python": ({"a.py": f'U = "{URL}"\n'}, "@assumed"),
    "an env file": ({".env": f"U={URL}\n"}, "@assumed"),
    "a Rollout": ({"a.yaml": own(kind="Rollout")}, "Rollout/web@shop"),
    "ClusterFirst is what there is anyway": ({"a.yaml": own(spec="dnsPolicy: ClusterFirst")}, "Deployment/web@shop"),
    "a List": ({"a.yaml": f"apiVersion: v1\nkind: List\nitems:\n- {{apiVersion: apps/v1, kind: Deployment, metadata: {{name: web, namespace: shop}}, spec: {{template: {{spec: {{containers: [{{name: c, args: ['{URL}']}}]}}}}}}}}\n"}, "Deployment/web@shop"),
}  # fmt: skip
MAPS: dict[str, tuple[Files, str]] = {
    "envFrom": ({"c.yaml": cm(), "d.yaml": deploy(env=FROM)}, "Deployment/web@shop"),
    "one key": ({"c.yaml": cm(), "d.yaml": deploy(env=KEY)}, "Deployment/web@shop"),
    "another key": ({"c.yaml": cm(), "d.yaml": deploy(env=OTHER_KEY)}, "@shop"),
    "a volume": ({"c.yaml": cm(), "d.yaml": deploy(spec=VOLUME, env=MOUNT)}, "Deployment/web@shop"),
    "a volume that no container mounts": ({"c.yaml": cm(), "d.yaml": deploy(spec=VOLUME)}, "@shop"),
    "a projected volume": ({"c.yaml": cm(), "d.yaml": deploy(spec="volumes: [{name: v, projected: {sources: [{configMap: {name: conf}}]}}]", env=MOUNT)}, "Deployment/web@shop"),
    "items of a volume": ({"c.yaml": cm(), "d.yaml": deploy(spec="volumes: [{name: v, configMap: {name: conf, items: [{key: url, path: x}]}}]", env=MOUNT)}, "Deployment/web@shop"),
    "other items of a volume": ({"c.yaml": cm(), "d.yaml": deploy(spec="volumes: [{name: v, configMap: {name: conf, items: [{key: other, path: x}]}}]", env=MOUNT)}, "@shop"),
    "an init container": ({"c.yaml": cm(), "d.yaml": deploy(spec=f"initContainers: [{{name: i, {FROM}}}]")}, "Deployment/web@shop"),
    "a Secret": ({"c.yaml": cm(kind="Secret"), "d.yaml": deploy(env="envFrom: [{secretRef: {name: conf}}]")}, "Deployment/web@shop"),
    "a Secret's volume": ({"c.yaml": cm(kind="Secret"), "d.yaml": deploy(spec="volumes: [{name: v, secret: {secretName: conf}}]", env=MOUNT)}, "Deployment/web@shop"),
    "a Secret of a ConfigMap's name": ({"c.yaml": cm(), "d.yaml": deploy(env="envFrom: [{secretRef: {name: conf}}]")}, "@shop"),
    "two workloads": ({"c.yaml": cm(), "d.yaml": deploy(env=FROM) + "---\n" + deploy(name="b", env=KEY)}, "Deployment/b@shop, Deployment/web@shop"),
    "the host network of another document": ({"c.yaml": cm(), "d.yaml": deploy(spec=HOST, env=FROM)}, "Deployment/web@shop host"),
    "one of two is on the host network": ({"c.yaml": cm(), "d.yaml": deploy(spec=HOST, env=FROM), "e.yaml": deploy(name="b", env=FROM)}, "Deployment/b@shop, Deployment/web@shop host"),
    "a workload of another namespace takes its own": ({"c.yaml": cm(), "d.yaml": deploy(ns="web", env=FROM)}, "@shop"),
    "a workload of another name": ({"c.yaml": cm(), "d.yaml": deploy(env="envFrom: [{configMapRef: {name: conf2}}]")}, "@shop"),
    "both say no namespace": ({"c.yaml": cm(ns=""), "d.yaml": deploy(ns="", env=FROM)}, "Deployment/web@assumed"),
    "nothing takes it": ({"c.yaml": cm()}, "@shop"),
    "ordinary labels": ({"c.yaml": cm(more=", labels: {app: web, app.kubernetes.io/name: web}")}, "@shop"),
    "Grafana's sidecar": ({"c.yaml": cm(more=", labels: {grafana_datasource: '1'}")}, "@"),
    "Grafana's sidecar, and a mount": ({"c.yaml": cm(more=", labels: {grafana_dashboard: '1'}"), "d.yaml": deploy(env=FROM)}, "@, Deployment/web@shop"),
    "a label that somebody looks for": ({"c.yaml": cm(more=", labels: {acme.io/route: '1'}")}, "@"),
    "such a label, and a mount": ({"c.yaml": cm(more=", labels: {acme.io/route: '1'}"), "d.yaml": deploy(env=FROM)}, "Deployment/web@shop"),
    "Argo CD's repositories": ({"c.yaml": cm(kind="Secret", more=", labels: {argocd.argoproj.io/secret-type: repository}")}, "@"),
    "a reflected object": ({"c.yaml": cm(more=", annotations: {reflector.v1.k8s.emberstack.com/reflection-allowed: 'true'}"), "d.yaml": deploy(env=FROM)}, "@, Deployment/web@shop"),
    "a replicated object": ({"c.yaml": cm(more=", annotations: {replicator.v1.mittwald.de/replicate-to: b}")}, "@"),
    "an annotation of another kind": ({"c.yaml": cm(more=", annotations: {note: x}")}, "@shop"),
    "mesh configuration": ({"c.yaml": cm(name="istio", ns="istio-system", key="mesh")}, "@"),
    "another ConfigMap of that name": ({"c.yaml": cm(name="istio", ns="istio-system", key="url")}, "@istio-system"),
}  # fmt: skip
BASE = "resources: [c.yaml, d.yaml]\n"
GENERATED = "configMapGenerator: [{name: conf, files: [a.ini]}]\n"
KUSTOMIZE: dict[str, tuple[Files, str]] = {
    **{
        f"a namespace of {name}": ({"k/a.yaml": own(ns=""), f"k/{name}": "{namespace: web, resources: [a.yaml]}"}, "Deployment/web@web")
        for name in ("kustomization.yaml", "kustomization.yml", "Kustomization")
    },
    "another spelling is none": ({"k/a.yaml": own(ns=""), "k/Kustomization.yaml": "{namespace: web, resources: [a.yaml]}"}, "Deployment/web@assumed"),
    "it outranks the manifest's": ({"k/a.yaml": own(), "k/kustomization.yaml": "{namespace: web, resources: [a.yaml]}"}, "Deployment/web@web"),
    "it takes in another file": ({"k/a.yaml": own(), "k/kustomization.yaml": "{namespace: web, resources: [b.yaml]}"}, "Deployment/web@shop"),
    "two overlays": ({"b/a.yaml": own(ns=""), "b/kustomization.yaml": "resources: [a.yaml]", "dev/kustomization.yaml": "{namespace: dev, resources: [../b]}", "prod/kustomization.yaml": "{namespace: prod, resources: [../b]}"}, "Deployment/web@dev, Deployment/web@prod"),
    "overlays that agree": ({"b/a.yaml": own(ns=""), "b/kustomization.yaml": "resources: [a.yaml]", "dev/kustomization.yaml": "{namespace: x, resources: [../b]}", "prod/kustomization.yaml": "{namespace: x, resources: [../b]}"}, "Deployment/web@x"),
    "bases, as before": ({"b/a.yaml": own(ns=""), "b/kustomization.yaml": "resources: [a.yaml]", "dev/kustomization.yaml": "{namespace: dev, bases: [../b]}"}, "Deployment/web@dev"),
    "a component": ({"b/a.yaml": own(ns=""), "b/kustomization.yaml": "{kind: Component, resources: [a.yaml]}", "dev/kustomization.yaml": "{namespace: dev, components: [../b]}"}, "Deployment/web@dev"),
    "names around names": ({"k/a.yaml": own(ns=""), "k/kustomization.yaml": "{namePrefix: a-, nameSuffix: -z, namespace: web, resources: [a.yaml]}"}, "Deployment/a-web-z@web"),
    "a file of a generator": ({"k/a.ini": INI, "k/kustomization.yaml": f"namespace: web\nresources: [d.yaml]\n{GENERATED}", "k/d.yaml": deploy(ns="", env=FROM)}, "Deployment/web@web"),
    "a renamed file of a generator": ({"k/a.ini": INI, "k/kustomization.yaml": "namespace: web\nresources: [d.yaml]\nconfigMapGenerator: [{name: conf, files: [x=a.ini]}]\n", "k/d.yaml": deploy(ns="", env=FROM)}, "Deployment/web@web"),
    "an env file of a generator": ({"k/s.env": f"U={URL}\n", "k/kustomization.yaml": "{namespace: web, secretGenerator: [{name: s, envs: [s.env]}]}"}, "@web"),
    "the older env of a generator": ({"k/s.env": f"U={URL}\n", "k/kustomization.yaml": "{namespace: web, configMapGenerator: [{name: s, env: s.env}]}"}, "@web"),
    "a literal": ({"k/kustomization.yaml": f"namespace: web\nconfigMapGenerator: [{{name: s, literals: ['U={URL}']}}]\n"}, "@web"),
    "a literal that a workload takes": ({"k/kustomization.yaml": f"namespace: web\nresources: [d.yaml]\nconfigMapGenerator: [{{name: conf, literals: ['U={URL}']}}]\n", "k/d.yaml": deploy(ns="", env=FROM)}, "Deployment/web@web"),
    "a generator that no workload takes": ({"k/a.ini": INI, "k/kustomization.yaml": f"namespace: web\n{GENERATED}"}, "@web"),
    "a generator's labels": ({"k/a.ini": INI, "k/kustomization.yaml": "namespace: web\ngeneratorOptions: {labels: {grafana_dashboard: '1'}}\n" + GENERATED}, "@"),
    "a generator's own labels": ({"k/a.ini": INI, "k/kustomization.yaml": "namespace: web\nconfigMapGenerator: [{name: conf, files: [a.ini], options: {labels: {grafana_dashboard: '1'}}}]\n"}, "@"),
    "the generator of an overlay, the workload of its base": ({"o/a.ini": INI, "o/kustomization.yaml": f"namespace: web\nresources: [../b]\n{GENERATED}", "b/kustomization.yaml": "resources: [d.yaml]", "b/d.yaml": deploy(ns="", spec=HOST, env=FROM)}, "Deployment/web@web host"),
    "a host network by a patch of a file": ({"b/a.yaml": own(ns=""), "b/kustomization.yaml": "resources: [a.yaml]", "o/kustomization.yaml": "{namespace: web, resources: [../b], patches: [{path: p.yaml}]}", "o/p.yaml": "{kind: Deployment, apiVersion: apps/v1, metadata: {name: web}, spec: {template: {spec: {hostNetwork: true}}}}"}, "Deployment/web@web host"),
    "by the older patchesStrategicMerge": ({"b/a.yaml": own(ns=""), "b/kustomization.yaml": "resources: [a.yaml]", "o/kustomization.yaml": "{namespace: web, resources: [../b], patchesStrategicMerge: [p.yaml]}", "o/p.yaml": "{kind: Deployment, apiVersion: apps/v1, metadata: {name: web}, spec: {template: {spec: {hostNetwork: true}}}}"}, "Deployment/web@web host"),
    "by a patch that stands in the overlay": ({"b/a.yaml": own(ns=""), "b/kustomization.yaml": "resources: [a.yaml]", "o/kustomization.yaml": "namespace: web\nresources: [../b]\npatches:\n- patch: |\n    {kind: Deployment, apiVersion: apps/v1, metadata: {name: web}, spec: {template: {spec: {hostNetwork: true}}}}\n"}, "Deployment/web@web host"),
    "by operations": ({"b/a.yaml": own(ns=""), "b/kustomization.yaml": "resources: [a.yaml]", "o/kustomization.yaml": "namespace: web\nresources: [../b]\npatches:\n- target: {kind: Deployment}\n  patch: |\n    [{op: add, path: /spec/template/spec/hostNetwork, value: true}]\n"}, "Deployment/web@web host"),
    "by patchesJson6902": ({"b/a.yaml": own(ns=""), "b/kustomization.yaml": "resources: [a.yaml]", "o/kustomization.yaml": "{namespace: web, resources: [../b], patchesJson6902: [{target: {kind: Deployment, name: web}, path: p.yaml}]}", "o/p.yaml": "[{op: add, path: /spec/template/spec/hostNetwork, value: true}]"}, "Deployment/web@web host"),
    "by a target that is a pattern": ({"b/a.yaml": own(ns=""), "b/kustomization.yaml": "resources: [a.yaml]", "o/kustomization.yaml": "namespace: web\nresources: [../b]\npatches:\n- target: {kind: Deployment, name: w.*}\n  patch: |\n    [{op: add, path: /spec/template/spec/hostNetwork, value: true}]\n"}, "Deployment/web@web host"),
    "a patch of another workload": ({"b/a.yaml": own(ns=""), "b/kustomization.yaml": "resources: [a.yaml]", "o/kustomization.yaml": "namespace: web\nresources: [../b]\npatches:\n- target: {kind: Deployment, name: other}\n  patch: |\n    [{op: add, path: /spec/template/spec/hostNetwork, value: true}]\n"}, "Deployment/web@web"),
    "a patch of another kind": ({"b/a.yaml": own(ns=""), "b/kustomization.yaml": "resources: [a.yaml]", "o/kustomization.yaml": "namespace: web\nresources: [../b]\npatches:\n- target: {kind: DaemonSet}\n  patch: |\n    [{op: add, path: /spec/template/spec/hostNetwork, value: true}]\n"}, "Deployment/web@web"),
    "a patch of labels that it lacks": ({"b/a.yaml": own(ns=""), "b/kustomization.yaml": "resources: [a.yaml]", "o/kustomization.yaml": "namespace: web\nresources: [../b]\npatches:\n- target: {labelSelector: tier=edge}\n  patch: |\n    [{op: add, path: /spec/template/spec/hostNetwork, value: true}]\n"}, "Deployment/web@web"),
    "an operation on another field": ({"b/a.yaml": own(ns=""), "b/kustomization.yaml": "resources: [a.yaml]", "o/kustomization.yaml": "namespace: web\nresources: [../b]\npatches:\n- target: {kind: Deployment}\n  patch: |\n    [{op: add, path: /spec/template/spec/x, value: true}]\n"}, "Deployment/web@web"),
    "a patch that takes the host network back": ({"b/a.yaml": own(ns="", spec=HOST), "b/kustomization.yaml": "resources: [a.yaml]", "o/kustomization.yaml": "namespace: web\nresources: [../b]\npatches:\n- target: {kind: Deployment}\n  patch: |\n    [{op: replace, path: /spec/template/spec/hostNetwork, value: false}]\n"}, "Deployment/web@web"),
    "an address in a patch, the host network in its base": ({"o/p.yaml": own(ns=""), "o/kustomization.yaml": "{namespace: web, resources: [../b], patches: [{path: p.yaml}]}", "b/kustomization.yaml": "resources: [a.yaml]", "b/a.yaml": deploy(ns="", spec=HOST)}, "Deployment/web@web host"),
    "a component's patch": ({"b/a.yaml": own(ns=""), "b/kustomization.yaml": "{namespace: web, resources: [a.yaml], components: [../c]}", "c/kustomization.yaml": "kind: Component\npatches:\n- target: {kind: Deployment}\n  patch: |\n    [{op: add, path: /spec/template/spec/hostNetwork, value: true}]\n"}, "Deployment/web@web host"),
    "replacements into an Ingress": ({"k/c.yaml": cm(ns=""), "k/kustomization.yaml": "{namespace: web, resources: [c.yaml], replacements: [{source: {kind: ConfigMap, name: conf, fieldPath: data.url}, targets: [{select: {kind: Ingress}, fieldPaths: [metadata.annotations.x]}]}]}"}, "@"),
    "replacements into a Deployment": ({"k/c.yaml": cm(ns=""), "k/kustomization.yaml": "{namespace: web, resources: [c.yaml], replacements: [{source: {kind: ConfigMap, name: conf, fieldPath: data.url}, targets: [{select: {kind: Deployment}, fieldPaths: [spec.x]}]}]}"}, "@web"),
    "values of an inflated chart": ({"k/v.yaml": VALUES, "k/kustomization.yaml": "{helmCharts: [{name: web, namespace: web, valuesFile: v.yaml}]}"}, "@web"),
    "inline values of an inflated chart": ({"k/kustomization.yaml": f"helmCharts: [{{name: web, namespace: web, valuesInline: {{url: '{URL}'}}}}]\n"}, "@web"),
    "a kustomization that does not parse": ({"k/a.yaml": own(), "k/kustomization.yaml": "namespace: ["}, "Deployment/web@shop"),
    "a circle": ({"a/a.yaml": own(ns=""), "a/kustomization.yaml": "{namespace: web, resources: [a.yaml, ../b]}", "b/kustomization.yaml": "resources: [../a]"}, "Deployment/web@web"),
}  # fmt: skip
RELEASES: dict[str, tuple[Files, str]] = {
    "Argo CD, values beside another source": ({"v/a.yaml": VALUES, "app.yaml": ARGO + "  destination: {namespace: web}\n  sources: [{chart: web, helm: {valueFiles: [$v/v/a.yaml]}}, {ref: v}]\n"}, "@web"),
    "Argo CD, a path": ({"c/a.yaml": VALUES, "app.yaml": ARGO + "  destination: {namespace: web}\n  source: {path: c, helm: {valueFiles: [a.yaml]}}\n"}, "@web"),
    "Argo CD, a path up": ({"v/a.yaml": VALUES, "app.yaml": ARGO + "  destination: {namespace: web}\n  source: {path: c/x, helm: {valueFiles: [../../v/a.yaml]}}\n"}, "@web"),
    "Argo CD, another file": ({"c/b.yaml": VALUES, "app.yaml": ARGO + "  destination: {namespace: web}\n  source: {chart: web, helm: {valueFiles: [a.yaml]}}\n"}, "@assumed"),
    "Argo CD, valuesObject": ({"app.yaml": ARGO + f"  destination: {{namespace: web}}\n  source: {{helm: {{valuesObject: {{url: '{URL}'}}}}}}\n"}, "@web"),
    "Argo CD, values as text": ({"app.yaml": ARGO + f"  destination: {{namespace: web}}\n  source:\n    helm:\n      values: |\n        url: {URL}\n"}, "@web"),
    "Argo CD, parameters": ({"app.yaml": ARGO + f"  destination: {{namespace: web}}\n  source: {{helm: {{parameters: [{{name: url, value: '{URL}'}}]}}}}\n"}, "@web"),
    "Argo CD, what is no source": ({"app.yaml": ARGO + f"  destination: {{namespace: web}}\n  info: [{{name: url, value: '{URL}'}}]\n"}, "@"),
    "Argo CD, no namespace": ({"c/a.yaml": VALUES, "app.yaml": ARGO + "  source: {path: c, helm: {valueFiles: [a.yaml]}}\n"}, "@assumed"),
    "Argo CD, manifests of a path": ({"m/a.yaml": own(ns=""), "app.yaml": ARGO + "  destination: {namespace: web}\n  source: {path: m}\n"}, "Deployment/web@web"),
    "Argo CD, manifests that say their own": ({"m/a.yaml": own(), "app.yaml": ARGO + "  destination: {namespace: web}\n  source: {path: m}\n"}, "Deployment/web@shop"),
    "Argo CD, a kustomization of a path": ({"m/a.yaml": own(ns=""), "m/kustomization.yaml": "resources: [a.yaml]", "app.yaml": ARGO + "  destination: {namespace: web}\n  source: {path: m}\n"}, "Deployment/web@web"),
    "Argo CD, another group's Application": ({"c/a.yaml": VALUES, "app.yaml": "apiVersion: core.oam.dev/v1beta1\nkind: Application\nspec: {destination: {namespace: web}, source: {path: c, helm: {valueFiles: [a.yaml]}}}\n"}, "@assumed"),
    "an ApplicationSet's elements": ({"v/dev.yaml": VALUES, "app.yaml": SET + "  generators: [{list: {elements: [{env: dev, ns: d}, {env: prod, ns: p}]}}]\n  template: {spec: {destination: {namespace: '{{ns}}'}, source: {path: c, helm: {valueFiles: ['/v/{{env}}.yaml']}}}}\n"}, "@d"),
    "an ApplicationSet with Go's templates": ({"v/dev.yaml": VALUES, "app.yaml": SET + "  generators: [{list: {elements: [{env: dev, ns: d}]}}]\n  template: {spec: {destination: {namespace: '{{ .ns }}'}, source: {path: c, helm: {valueFiles: ['/v/{{ .env }}.yaml']}}}}\n"}, "@d"),
    "an ApplicationSet that nobody can fill": ({"v/dev.yaml": VALUES, "app.yaml": SET + "  generators: [{clusters: {}}]\n  template: {spec: {destination: {namespace: '{{ns}}'}, source: {path: c, helm: {valueFiles: ['/v/{{env}}.yaml']}}}}\n"}, "@"),
    "an ApplicationSet of directories": ({"apps/web/a.yaml": own(ns=""), "app.yaml": SET + "  generators: [{git: {directories: [{path: apps/*}]}}]\n  template: {spec: {destination: {namespace: '{{path.basename}}'}, source: {path: '{{path}}'}}}\n"}, "Deployment/web@web"),
    "an ApplicationSet of more Applications than are taken": ({"m/a.yaml": own(ns=""), "app.yaml": SET + "  generators: [{list: {elements: [" + "{ns: web}, " * 256 + "{ns: other}]}}]\n  template: {spec: {destination: {namespace: '{{ns}}'}, source: {path: m}}}\n"}, "Deployment/web@, Deployment/web@web"),
    "Flux, inline values": ({"hr.yaml": FLUX + f"  targetNamespace: web\n  values: {{url: '{URL}'}}\n"}, "@web"),
    "Flux, the release's own namespace": ({"hr.yaml": FLUX + f"  values: {{url: '{URL}'}}\n"}, "@flux"),
    "Flux, what is no value": ({"hr.yaml": FLUX + f"  targetNamespace: web\n  test: {{url: '{URL}'}}\n"}, "@"),
    "Flux, values from a ConfigMap": ({"c.yaml": cm(), "hr.yaml": FLUX + "  targetNamespace: web\n  valuesFrom: [{kind: ConfigMap, name: conf}]\n"}, "@web"),
    "Flux, values from another": ({"c.yaml": cm(), "hr.yaml": FLUX + "  targetNamespace: web\n  valuesFrom: [{kind: ConfigMap, name: conf2}]\n"}, "@shop"),
    "Flux, values from a generator": ({"k/values.yaml": VALUES, "k/kustomization.yaml": "{namespace: flux, resources: [hr.yaml], configMapGenerator: [{name: conf, files: [values.yaml]}]}", "k/hr.yaml": FLUX + "  targetNamespace: web\n  valuesFrom: [{kind: ConfigMap, name: conf}]\n"}, "@web"),
    "Flux, a Kustomization's target": ({"m/a.yaml": own(), "k.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: m}\nspec: {path: ./m, targetNamespace: web}\n"}, "Deployment/web@web"),
    "Flux, a Kustomization without one": ({"m/a.yaml": own(), "k.yaml": "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: m}\nspec: {path: ./m}\n"}, "Deployment/web@shop"),
    "helmfile, inline": ({"helmfile.yaml": f"releases:\n- name: web\n  namespace: web\n  values: [{{url: '{URL}'}}]\n"}, "@web"),
    "helmfile, set": ({"helmfile.yaml": f"releases:\n- name: web\n  namespace: web\n  set: [{{name: url, value: '{URL}'}}]\n"}, "@web"),
    "helmfile, the second release": ({"helmfile.yaml": f"releases:\n- {{name: a, namespace: a}}\n- name: web\n  namespace: web\n  values: [{{url: '{URL}'}}]\n"}, "@web"),
    "helmfile, a file": ({"v.yaml": VALUES, "helmfile.yaml": "releases: [{name: web, namespace: web, values: [v.yaml]}]\n"}, "@web"),
    "helmfile, two releases of a file": ({"v.yaml": VALUES, "helmfile.yaml": "releases: [{name: a, namespace: a, values: [v.yaml]}, {name: b, namespace: b, values: [v.yaml]}]\n"}, "@a, @b"),
    "helmfile, everybody's namespace": ({"v.yaml": VALUES, "helmfile.yaml": "namespace: web\nreleases: [{name: a, values: [v.yaml]}]\n"}, "@web"),
    "helmfile, none": ({"v.yaml": VALUES, "helmfile.yaml": "releases: [{name: a, values: [v.yaml]}]\n"}, "@assumed"),
    "helmfile, a template": ({"v/dev.yaml": VALUES, "helmfile.yaml": "releases:\n- name: a\n  namespace: {{ .Environment.Name }}\n  values:\n  - v/{{ .Environment.Name }}.yaml\n"}, "@"),
    "helmfile, a folder of them": ({"v.yaml": VALUES, "helmfile.d/a.yaml": "releases: [{name: a, namespace: web, values: [../v.yaml]}]\n"}, "@web"),
    "Fleet, inline": ({"fleet.yaml": f"defaultNamespace: web\nhelm: {{values: {{url: '{URL}'}}}}\n"}, "@web"),
    "Fleet, a file": ({"f/v.yaml": VALUES, "f/fleet.yaml": "namespace: web\nhelm: {valuesFiles: [v.yaml]}\n"}, "@web"),
    "Fleet, a customized target": ({"f/v.yaml": VALUES, "f/fleet.yaml": "namespace: web\ntargetCustomizations: [{namespace: eu, helm: {valuesFiles: [v.yaml]}}]\n"}, "@eu"),
    "Fleet, manifests": ({"f/a.yaml": own(ns=""), "f/fleet.yaml": "defaultNamespace: web\n"}, "Deployment/web@web"),
    "Skaffold, values": ({"skaffold.yaml": f"deploy: {{helm: {{releases: [{{name: web, namespace: web, setValues: {{url: '{URL}'}}}}]}}}}\n"}, "@web"),
    "Skaffold, a file": ({"v.yaml": VALUES, "skaffold.yaml": "deploy: {helm: {releases: [{name: web, namespace: web, valuesFiles: [v.yaml]}]}}\n"}, "@web"),
    "Skaffold, a profile": ({"v.yaml": VALUES, "skaffold.yaml": "profiles: [{name: p, deploy: {helm: {releases: [{name: web, namespace: web, valuesFiles: [v.yaml]}]}}}]\n"}, "@web"),
    "a chart that is deployed elsewhere": ({"c/values.yaml": VALUES, "c/Chart.yaml": CHART, "app.yaml": ARGO + "  destination: {namespace: web}\n  source: {path: c}\n"}, "@web"),
    "a chart that nobody deploys": ({"c/values.yaml": VALUES, "c/Chart.yaml": CHART}, "@assumed"),
    "a chart in two places": ({"c/values.yaml": VALUES, "c/Chart.yaml": CHART, "helmfile.yaml": "releases: [{name: a, namespace: a, chart: ./c}, {name: b, namespace: b, chart: ./c}]\n"}, "@a, @b"),
}  # fmt: skip
COMPOSE = (
    "services: {web: {image: x, env_file: s.env, volumes: ['./conf/app.ini:/x'], build: src}}\n"
)
OUTSIDE: dict[str, tuple[Files, str]] = {
    "a compose project": ({"compose.yaml": f"services: {{web: {{image: x, environment: {{U: '{URL}'}}}}}}\n"}, "compose"),
    "the older name": ({"docker-compose.prod.yml": f"services: {{web: {{image: x, environment: {{U: '{URL}'}}}}}}\n"}, "compose"),
    "a stack of another name": ({"stack.yml": f"services: {{web: {{image: x, environment: {{U: '{URL}'}}}}}}\n"}, "compose"),
    "services of another kind": ({"app.yml": f"services: {{web: {{url: '{URL}'}}}}\n"}, "@assumed"),
    "a compose file without services": ({"compose.yaml": f"x: {{url: '{URL}'}}\n"}, "@assumed"),
    "its env_file": ({"s.env": f"U={URL}\n", "compose.yaml": COMPOSE}, "compose"),
    "a list of env files": ({"s.env": f"U={URL}\n", "compose.yaml": "services: {web: {image: x, env_file: [{path: ./s.env}]}}\n"}, "compose"),
    "the .env beside it": ({".env": f"U={URL}\n", "compose.yaml": COMPOSE}, "compose"),
    "an env file of nobody's": ({"t.env": f"U={URL}\n", "compose.yaml": COMPOSE}, "@assumed"),
    "a file that it mounts": ({"conf/app.ini": INI, "compose.yaml": COMPOSE}, "compose"),
    "a file beside what it mounts": ({"conf/b.ini": INI, "compose.yaml": COMPOSE}, "@assumed"),
    "a directory that it mounts": ({"conf/b.ini": INI, "compose.yaml": "services: {web: {image: x, volumes: ['./conf:/x']}}\n"}, "compose"),
    "a bind that is spelled out": ({"conf/b.ini": INI, "compose.yaml": "services: {web: {image: x, volumes: [{type: bind, source: ./conf, target: /x}]}}\n"}, "compose"),
    "a volume that has a name": ({"conf/b.ini": INI, "compose.yaml": "services: {web: {image: x, volumes: ['conf:/x']}}\n"}, "@assumed"),
    "a config": ({"b.ini": INI, "compose.yaml": "services: {web: {image: x}}\nconfigs: {b: {file: ./b.ini}}\n"}, "compose"),
    "source code that is built": ({"src/app.py": f"U = '{URL}'\n", "compose.yaml": COMPOSE}, "@assumed"),
    "source code that is mounted for development": ({"src/app.py": f"U = '{URL}'\n", "compose.yaml": "services: {web: {build: src, volumes: ['./src:/app']}}\n"}, "@assumed"),
    "the whole repository mounted": ({"a.ini": INI, "compose.yaml": "services: {web: {image: x, volumes: ['.:/app']}}\n"}, "@assumed"),
    "a pipeline": ({".github/workflows/ci.yml": f"run: curl {URL}\n"}, "outside"),
    "a script that a pipeline calls": ({"tools/smoke.sh": SH, ".github/workflows/ci.yml": "jobs: {a: {steps: [{run: ./tools/smoke.sh}]}}\n"}, "outside"),
    "a script behind a shell": ({"tools/smoke.sh": SH, ".gitlab-ci.yml": "a:\n  script:\n    - bash tools/smoke.sh --fast\n"}, "outside"),
    "a Python script": ({"tools/smoke.py": f"U = '{URL}'\n", ".gitlab-ci.yml": "a:\n  script:\n    - python3 tools/smoke.py\n"}, "outside"),
    "a script that a script calls": ({"tools/b.sh": SH, "tools/a.sh": "./b.sh\n", ".gitlab-ci.yml": "a:\n  script:\n    - sh tools/a.sh\n"}, "outside"),
    "Jenkins": ({"tools/smoke.sh": SH, "Jenkinsfile": "sh './tools/smoke.sh'\n"}, "outside"),
    "a file that is only checked": ({"app/main.py": f"U = '{URL}'\n", ".gitlab-ci.yml": "a:\n  script:\n    - ruff check app/main.py\n"}, "@assumed"),
    "another script": ({"tools/other.sh": SH, ".gitlab-ci.yml": "a:\n  script:\n    - sh tools/smoke.sh\n"}, "@assumed"),
    "a Makefile that a pipeline runs": ({"Makefile": f"smoke:\n\tcurl {URL}\n", ".gitlab-ci.yml": "a:\n  script:\n    - make smoke\n"}, "outside"),
    "a Makefile that no pipeline runs": ({"Makefile": f"smoke:\n\tcurl {URL}\n"}, "@assumed"),
    "Ansible's variables": ({"group_vars/all.yml": VALUES}, "outside"),
    "an Ansible role": ({"ansible/roles/web/tasks/main.yml": f"- uri: {{url: '{URL}'}}\n"}, "outside"),
    "a playbook": ({"site.yml": f"- hosts: all\n  tasks: [{{uri: {{url: '{URL}'}}}}]\n"}, "outside"),
    "hosts of another kind": ({"site.yml": f"- hosts: all\n  url: {URL}\n"}, "@assumed"),
}  # fmt: skip
ROWS = {
    f"{name}: {row}": case
    for name, table in (
        ("manifest", MANIFESTS), ("map", MAPS), ("kustomize", KUSTOMIZE),
        ("release", RELEASES), ("outside", OUTSIDE),
    )
    for row, case in table.items()
}  # fmt: skip


def repository(files: Files) -> Repository:
    data = {path: text.encode() for path, text in files.items()}
    charts = {path.rpartition("/")[0] for path in files if path.endswith("Chart.yaml")}
    return Repository(
        lambda: data, data.get, lambda _: "assumed", lambda path: path.rpartition("/")[0] in charts
    )


def findings(path: str, text: str) -> tuple[Finding, ...]:
    kind = kind_of(path, "") or "text"
    return scan_source(Source(path, text.encode()), kind, INVENTORY).findings


def shown(files: Files) -> str:
    """The readers of the address in the first file, in order of their names."""
    path, text = next(iter(files.items()))
    (finding,) = (one for one in findings(path, text) if one.host == "10.42.0.1")
    found = set()
    for reader in repository(files).readers(finding):
        who = f"{reader.workload.kind}/{reader.workload.name}" if reader.workload else ""
        other = {"pod": "", "host": " host"}.get(reader.network)
        found.add(reader.network if other is None else f"{who}@{reader.namespace}{other}")
    return ", ".join(sorted(found))


@pytest.mark.parametrize(("files", "expected"), ROWS.values(), ids=ROWS)
def test_readers(files: Files, expected: str) -> None:
    assert shown(files) == expected


def test_the_table_says_what_must_not_change() -> None:
    plain = (
        "@assumed",
        "@shop",
        *(f"{w}@shop" for w in ("Deployment/web", "StatefulSet/web", "Rollout/web")),
        "Deployment/web@assumed",
    )

    assert len(ROWS) >= 120
    assert sum(expected in plain for _, expected in ROWS.values()) >= len(ROWS) / 3


def test_evidence_is_told() -> None:
    files, _ = KUSTOMIZE["a host network by a patch of a file"]
    (finding,) = findings("b/a.yaml", files["b/a.yaml"])

    (reader,) = repository(files).readers(finding)

    assert str(reader) == "Deployment web/web (host network, by o/p.yaml)"


_TEXTS = st.sampled_from([text for files, _ in ROWS.values() for text in files.values()])
_NAMES = st.sampled_from(sorted({path for files, _ in ROWS.values() for path in files}))


@given(st.dictionaries(_NAMES, _TEXTS | st.text(max_size=60), max_size=6), st.data())
@settings(max_examples=150, deadline=None)
def test_no_repository_crashes_it(files: Files, data: st.DataObject) -> None:
    files = {path: text for path, text in files.items() if text.isprintable() or "\n" in text}
    if files:
        path = data.draw(st.sampled_from(sorted(files)))
        for finding in findings(path, files[path]):
            assert repository(files).readers(finding)


def cost(count: int) -> float:
    files = {f"a/{i}.yaml": cm(name=f"c{i}") for i in range(count)}
    files |= {
        f"d/{i}.yaml": deploy(name=f"w{i}", env=f"envFrom: [{{configMapRef: {{name: c{i}}}}}]")
        for i in range(count)
    }
    files |= {
        f"k/{i}/kustomization.yaml": f"resources: [../../a/{i}.yaml, ../../d/{i}.yaml]"
        for i in range(count)
    }
    asked = [
        f for path, text in files.items() if path.startswith("a/") for f in findings(path, text)
    ]
    made = repository(files)
    began = time.process_time()
    assert all(len(made.readers(finding)) == 1 for finding in asked)
    return time.process_time() - began


def test_it_is_linear() -> None:
    small = min(cost(60) for _ in range(3))

    assert cost(480) < small * 8 * 4
