"""Repositories met in public, told in our own words: who deploys, who reads, and what stays.

docs/semantics.md, sections 2 to 5. `«old|new»` stands for what is edited (tests/reader_cases.py).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clusters import deployed, pod, port, service, sport, stateful
from tests.reader_cases import Case, case, written
from tests.test_reader_cases import KAFKA, ORDERS, PG, REDIS, RING, WEB

ALL = [*WEB, *ORDERS, *REDIS, *PG]
FRONT = [
    deployed("frontend", "10.42.0.31", 8080),
    service("frontend", "10.43.0.31", {"app": "frontend"}, sport(80, 8080)),
    service(
        "frontend-external", "10.43.0.32", {"app": "frontend"}, sport(80, 8080, nodePort=30080),
        type="LoadBalancer", ingress=[{"ip": "10.20.9.80"}],
    ),
]  # fmt: skip
_BROKER = {"strimzi.io/cluster": "events", "strimzi.io/name": "events-kafka"}
STRIMZI = [
    *(
        pod(
            f"events-kafka-{n}", f"10.42.1.4{n + 1}", _BROKER, [port(9092, "tcp-clients"), port(9091)],
            "StrimziPodSet/events-kafka", hostname=f"events-kafka-{n}", subdomain="events-kafka-brokers",
        )
        for n in range(3)
    ),
    service("events-kafka-bootstrap", "10.43.1.40", _BROKER, sport(9092, 9092, "tcp-clients")),
    service("events-kafka-brokers", "None", _BROKER, sport(9092, 9092, "tcp-clients"), sport(9091, 9091, "tcp-replication")),
]  # fmt: skip
LOKI = [
    stateful("loki", ["10.42.0.51"], port(3100, "http-metrics"), port(7946, "memberlist"), governing="loki-headless"),
    service("loki", "10.43.0.51", {"app": "loki"}, sport(3100, "http-metrics", "http")),
    service("loki-headless", "None", {"app": "loki"}, sport(3100, "http-metrics", "http")),
    service("a-loki-memberlist", "None", {"app": "loki"}, sport(7946, "memberlist", "tcp")),
]  # fmt: skip
AGENTS = [
    pod("agent-x1", "10.20.0.11", {"app": "agent"}, [], "DaemonSet/agent", hostNetwork=True, volumes=[{"name": "c", "configMap": {"name": "agent-conf"}}]),
    pod("job-x1", "10.42.0.70", {"app": "job"}, [], volumes=[{"name": "c", "configMap": {"name": "job-conf"}}]),
]  # fmt: skip

CASES: dict[str, Case] = {
    "Argo CD: elements of a list go into parameters, and into values of a remote chart": case(
        """
== appsets/worker.yaml
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: worker, namespace: argocd}
spec:
  generators:
    - list:
        elements:
          - {env: dev, ns: worker-dev, cache: "«10.42.0.4:6379|redis.shop.svc.cluster.local:6380»"}
          - {env: prod, ns: worker-prod, cache: "«10.43.0.4:6380|redis.shop.svc.cluster.local:6380»"}
  template:
    metadata: {name: "worker-{{env}}"}
    spec:
      project: default
      destination: {server: https://kubernetes.default.svc, namespace: "{{ns}}"}
      source:
        repoURL: https://charts.example.org
        chart: worker
        targetRevision: 1.2.0
        helm:
          parameters:
            - {name: cache.addr, value: "{{cache}}"}
          values: |
            ordersUrl: http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»/v1
            environment: {{env}}
""",
        ALL,
    ),
    "Argo CD: directories times a list, and a chart of the repository": case(
        """
== apps/set.yaml
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: tenants, namespace: argocd}
spec:
  goTemplate: true
  generators:
    - matrix:
        generators:
          - git:
              repoURL: https://git.example.org/x.git
              revision: HEAD
              directories: [{path: tenants/*}]
          - list:
              elements:
                - {queue: "amqp://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»", tier: gold}
  template:
    metadata: {name: "{{.path.basename}}-{{.tier}}"}
    spec:
      project: default
      destination: {name: in-cluster, namespace: "{{.path.basename}}"}
      source:
        repoURL: https://git.example.org/x.git
        path: "{{.path.path}}"
        helm:
          valuesObject:
            cache: {host: «10.42.0.4|redis.shop.svc.cluster.local», port: «6379|6380»}
            queue: "{{.queue}}"
== tenants/blue/Chart.yaml
apiVersion: v2
name: tenant
version: 0.1.0
== tenants/blue/values.yaml
cache: {host: "", port: 6379}
queue: ""
pg: «10.42.0.5|pg.shop.svc.cluster.local»:5432
== tenants/blue/templates/app.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: tenant}
spec:
  selector: {matchLabels: {app: tenant}}
  template:
    metadata: {labels: {app: tenant}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: C, value: "{{ .Values.cache.host }}:{{ .Values.cache.port }}"}
            - {name: Q, value: {{ .Values.queue | quote }}}
            - {name: P, value: {{ .Values.pg | quote }}}
""",
        ALL,
    ),
    "Argo CD: a generator's files hold parameters": case(
        """
== envs/dev/config.json
{
  "namespace": "web-dev",
  "redis": "«10.42.0.4:6379|redis.shop.svc.cluster.local:6380»"
}
== envs/prod/config.json
{
  "namespace": "web-prod",
  "redis": "«10.42.0.4:6379|redis.shop.svc.cluster.local:6380»"
}
== set.yaml
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: web, namespace: argocd}
spec:
  generators:
    - git:
        repoURL: https://git.example.org/x.git
        revision: HEAD
        files: [{path: "envs/*/config.json"}]
  template:
    metadata: {name: "web-{{path.basename}}"}
    spec:
      destination: {namespace: "{{namespace}}"}
      source:
        chart: web
        repoURL: https://charts.example.org
        helm:
          parameters: [{name: redis, value: "{{redis}}"}]
""",
        ALL,
    ),
    "a JSON patch tests the program's own address, and another one": case(
        """
== base/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: orders}
spec:
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: SELF_URL, value: "http://10.42.0.2:5000"}
            - {name: CACHE, value: "«10.42.0.4:6379|redis:6380»"}
== base/kustomization.yaml
resources: [orders.yaml]
== prod/kustomization.yaml
namespace: shop
resources: [../base]
patches:
  - target: {kind: Deployment, name: orders}
    patch: |-
      - op: test
        path: /spec/template/spec/containers/0/env/0/value
        value: http://10.42.0.2:5000
      - op: test
        path: /spec/template/spec/containers/0/env/1/value
        value: «10.42.0.4:6379|redis:6380»
      - op: add
        path: /spec/template/spec/containers/0/env/-
        value: {name: WEB, value: "http://«10.42.0.1:8080|web:80»/"}
""",
        ALL,
    ),
    "a component's replacement, for two namespaces": case(
        """
== components/cache/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
configMapGenerator:
  - name: cache
    literals:
      - CACHE_ADDR=«10.42.0.4:6379|redis.shop.svc.cluster.local:6380»
replacements:
  - source: {kind: ConfigMap, name: cache, fieldPath: data.CACHE_ADDR}
    targets:
      - select: {kind: Deployment, name: api}
        fieldPaths: ["spec.template.spec.containers.[name=c].env.[name=CACHE].value"]
== base/api.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: CACHE, value: "to-be-replaced"}
== base/kustomization.yaml
resources: [api.yaml]
== overlays/a/kustomization.yaml
namespace: shop
resources: [../../base]
components: [../../components/cache]
== overlays/b/kustomization.yaml
namespace: batch
resources: [../../base]
components: [../../components/cache]
configMapGenerator:
  - name: extra
    literals: ["ORDERS=http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"]
""",
        ALL,
    ),
    "host network: by a JSON patch in a file, of a kustomization of the old form": case(
        """
== base/agent.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: ORDERS, value: "http://10.42.0.2:5000"}
          envFrom: [{configMapRef: {name: agent}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: other}
spec:
  selector: {matchLabels: {app: other}}
  template:
    metadata: {labels: {app: other}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: ORDERS, value: "http://«10.42.0.2:5000|orders:80»"}
== base/cm.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: agent}
data:
  CACHE: redis://10.42.0.4:6379/0
== base/kustomization.yml
resources: [agent.yaml, cm.yaml]
== edge/hostnet.json
[{"op": "add", "path": "/spec/template/spec/hostNetwork", "value": true}]
== edge/Kustomization
namespace: shop
bases: [../base]
patchesJson6902:
  - path: hostnet.json
    target: {group: apps, version: v1, kind: Deployment, name: agent}
""",
        ALL,
    ),
    "host network: a merge patch that also mends the DNS policy": case(
        """
== base/kustomization.yaml
resources: [probe.yaml]
== base/probe.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: probe}
spec:
  selector: {matchLabels: {app: probe}}
  template:
    metadata: {labels: {app: probe}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: WEB, value: "http://«10.42.0.1:8080|web:80»"}
== overlays/x/kustomization.yaml
namespace: shop
resources: [../../base]
patchesStrategicMerge:
  - |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: probe}
    spec:
      template:
        spec:
          hostNetwork: true
          dnsPolicy: ClusterFirstWithHostNet
""",
        ALL,
    ),
    "Argo CD: two environments of one chart, with values of another source": case(
        """
== argo/dev.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: gate-dev, namespace: argocd}
spec:
  destination: {namespace: gate-dev, server: https://kubernetes.default.svc}
  sources:
    - repoURL: https://git.example.org/me.git
      targetRevision: HEAD
      ref: values
    - repoURL: https://git.example.org/me.git
      path: charts/gate
      helm:
        valueFiles: [$values/envs/common.yaml, $values/envs/dev.yaml]
== argo/prod.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: gate, namespace: argocd}
spec:
  destination: {namespace: shop, server: https://kubernetes.default.svc}
  sources:
    - repoURL: https://git.example.org/me.git
      targetRevision: HEAD
      ref: values
    - repoURL: https://git.example.org/me.git
      path: charts/gate
      helm:
        valueFiles: [$values/envs/common.yaml, $values/envs/prod.yaml]
== envs/common.yaml
ordersUrl: http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»
== envs/dev.yaml
cache: «10.42.0.4:6379|redis.shop.svc.cluster.local:6380»
== envs/prod.yaml
cache: «10.42.0.4:6379|redis:6380»
== charts/gate/Chart.yaml
apiVersion: v2
name: gate
version: 0.1.0
== charts/gate/values.yaml
ordersUrl: ""
cache: ""
db: «10.42.0.5|pg.shop.svc.cluster.local»:5432
== charts/gate/templates/d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}-gate}
spec:
  selector: {matchLabels: {app: gate}}
  template:
    metadata: {labels: {app: gate}}
    spec:
      containers:
        - name: c
          image: x
          args: ["--orders={{ .Values.ordersUrl }}", "--cache={{ .Values.cache }}", "--db={{ .Values.db }}", "--web=http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»"]
""",
        ALL,
    ),
    "Argo CD's parameters of a chart that opens a NetworkPolicy with them": case(
        """
== argo/app.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: api, namespace: argocd}
spec:
  destination: {namespace: api, server: https://kubernetes.default.svc}
  source:
    repoURL: https://git.example.org/me.git
    path: deploy/api
    helm:
      parameters:
        - {name: redis.host, value: 10.42.0.4}
        - {name: redis.port, value: "6379"}
        - {name: orders, value: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"}
== deploy/api/Chart.yaml
apiVersion: v2
name: api
version: 0.1.0
== deploy/api/values.yaml
redis: {host: "", port: 6379}
orders: ""
== deploy/api/templates/all.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: REDIS, value: "{{ .Values.redis.host }}:{{ .Values.redis.port }}"}
            - {name: ORDERS, value: {{ .Values.orders | quote }}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api}
spec:
  podSelector: {matchLabels: {app: api}}
  policyTypes: [Egress]
  egress:
    - ports: [{port: {{ .Values.redis.port }}, protocol: TCP}]
""",
        ALL,
    ),
    "Flux: values from a Secret's text, into another namespace": case(
        """
== apps/kustomization.yaml
resources: [release.yaml, secret.yaml]
== apps/secret.yaml
apiVersion: v1
kind: Secret
metadata: {name: api-values, namespace: shop}
stringData:
  values.yaml: |
    database:
      url: postgres://api:s3cret@«10.42.0.5|pg.shop.svc.cluster.local»:5432/api
== apps/release.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: api, namespace: shop}
spec:
  targetNamespace: backend
  chart: {spec: {chart: api, sourceRef: {kind: HelmRepository, name: r}}}
  valuesFrom: [{kind: Secret, name: api-values}]
  values:
    cache: «10.42.0.4:6379|redis.shop.svc.cluster.local:6380»
""",
        ALL,
    ),
    "Flux: substitutes, and a ConfigMap of them": case(
        """
== clusters/prod/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  path: ./apps/site
  targetNamespace: site
  sourceRef: {kind: GitRepository, name: flux-system}
  postBuild:
    substitute:
      ORDERS_URL: http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»
    substituteFrom: [{kind: ConfigMap, name: cluster-vars}]
== clusters/prod/vars.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: cluster-vars, namespace: flux-system}
data:
  CACHE: «10.42.0.4:6379|redis.shop.svc.cluster.local:6380»
== apps/site/kustomization.yaml
resources: [d.yaml]
== apps/site/d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: site}
spec:
  selector: {matchLabels: {app: site}}
  template:
    metadata: {labels: {app: site}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: ORDERS, value: "${ORDERS_URL}"}
            - {name: CACHE, value: "${CACHE}"}
            - {name: WEB, value: "http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»"}
""",
        ALL,
    ),
    "helmfile: the values of environments": case(
        """
== helmfile.yaml.gotmpl
environments:
  dev:
    values: [env/dev.yaml]
  prod:
    values:
      - cacheAddr: «10.42.0.4:6379|redis.shop.svc.cluster.local:6380»
---
releases:
  - name: api
    namespace: api-{{ .Environment.Name }}
    chart: example/api
    values:
      - values/api.yaml.gotmpl
      - orders: http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»
== env/dev.yaml
cacheAddr: «10.42.0.4:6379|redis.shop.svc.cluster.local:6380»
== values/api.yaml.gotmpl
cache: {{ .Values.cacheAddr }}
db:
  host: «10.42.0.5|pg.shop.svc.cluster.local»
  port: 5432
""",
        ALL,
    ),
    "Skaffold: a default namespace of raw manifests": case(
        """
== skaffold.yaml
apiVersion: skaffold/v4beta11
kind: Config
manifests: {rawYaml: ["k8s/*.yaml"]}
deploy: {kubectl: {defaultNamespace: site}}
== k8s/site.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: site}
spec:
  selector: {matchLabels: {app: site}}
  template:
    metadata: {labels: {app: site}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: ORDERS, value: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"}
""",
        ALL,
    ),
    "Fleet: raw manifests, and a kustomization's directory": case(
        """
== site/fleet.yaml
defaultNamespace: site
== site/manifests/d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: site}
spec:
  selector: {matchLabels: {app: site}}
  template:
    metadata: {labels: {app: site}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: ORDERS, value: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"}
== tool/fleet.yaml
namespace: tools
kustomize: {dir: overlays/prod}
== tool/overlays/prod/kustomization.yaml
resources: [../../base]
== tool/base/kustomization.yaml
resources: [d.yaml]
== tool/base/d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: tool}
spec:
  selector: {matchLabels: {app: tool}}
  template:
    metadata: {labels: {app: tool}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: CACHE, value: "«10.42.0.4:6379|redis.shop.svc.cluster.local:6380»"}
""",
        ALL,
    ),
    "compose: includes, extends, configs, secrets and anchors": case(
        """
== compose.yaml
include: [infra/compose.cache.yml]
x-env: &env
  ORDERS_URL: http://10.42.0.2:5000
services:
  api:
    image: registry.example.org/api:1
    environment: *env
    env_file:
      - path: ./conf/api.env
        required: false
    extends: {file: common/base.yml, service: base}
    configs: [{source: nginx, target: /etc/nginx/nginx.conf}]
    volumes:
      - ./conf/app:/etc/app:ro
    profiles: [full]
    extra_hosts: ["orders:10.42.0.2"]
configs:
  nginx: {file: ./conf/nginx.conf}
secrets:
  dsn: {file: ./conf/dsn.txt}
== common/base.yml
services:
  base:
    environment: ["CACHE=10.42.0.4:6379"]
    command: ["--db", "10.42.0.5:5432"]
== infra/compose.cache.yml
services:
  exporter:
    image: x
    command: --redis.addr=redis://10.42.0.4:6379
== conf/api.env
WEB_URL=http://10.42.0.1:8080
== conf/nginx.conf
server { location / { proxy_pass http://10.42.0.1:8080; } }
== conf/dsn.txt
postgres://10.42.0.5:5432/x
== conf/app/app.ini
[orders]
url = http://10.42.0.2:5000
== k8s/api.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: ORDERS, value: "http://«10.42.0.2:5000|orders:80»"}
""",
        ALL,
    ),
    "GitLab: what a pipeline includes, and what that runs": case(
        """
== .gitlab-ci.yml
include:
  - local: /ci/jobs/deploy.yml
variables:
  ORDERS_URL: http://10.42.0.2:5000
stages: [deploy]
== ci/jobs/deploy.yml
smoke:
  stage: deploy
  script:
    - curl -fsS http://10.42.0.1:8080/healthz
    - cd ops && ./seed.sh
    - python3 tools/check_orders.py
== ops/seed.sh
#!/bin/sh
redis-cli -h 10.42.0.4 -p 6379 ping
. ./lib.sh
== ops/lib.sh
ORDERS=http://10.42.0.2:5000
== tools/check_orders.py
import requests
requests.get("http://10.42.0.2:5000/healthz")
== tools/other.py
import requests
requests.get("http://«10.42.0.2:5000|orders:80»/healthz")
""",
        ALL,
    ),
    "GitHub's local actions, Azure's and CircleCI's scripts": case(
        """
== .github/actions/smoke/action.yml
name: smoke
runs:
  using: composite
  steps:
    - shell: bash
      run: bash ${{ github.workspace }}/scripts/smoke.sh
== .github/workflows/x.yaml
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    env: {WEB: "http://10.42.0.1:8080"}
    steps:
      - uses: ./.github/actions/smoke
      - run: make -C deploy check
      - working-directory: jobs
        run: python warm.py --now
== scripts/smoke.sh
curl http://10.42.0.1:8080/
== deploy/Makefile
check:
	curl http://10.42.0.2:5000/
== jobs/warm.py
import redis
redis.Redis(host="10.42.0.4", port=6379).ping()
== azure-pipelines.yml
steps:
  - task: Bash@3
    inputs: {filePath: azure/run.sh}
  - script: curl http://10.42.0.1:8080/
== azure/run.sh
curl http://10.42.0.1:8080/
== .circleci/config.yml
version: 2.1
jobs:
  a:
    steps:
      - run: {name: x, command: ./circle/run.sh}
== circle/run.sh
curl http://10.42.0.1:8080/
""",
        ALL,
    ),
    "Cassandra's own seeds, and a client's topology": case(
        """
== k8s/ring.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: ring, namespace: shop}
spec:
  selector: {matchLabels: {app: ring}}
  template:
    metadata: {labels: {app: ring}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - name: CASSANDRA_SEEDS
              value: «10.42.0.21|ring-0.ring.shop.svc.cluster.local»,«10.42.0.22|ring-1.ring.shop.svc.cluster.local»
            - {name: CASSANDRA_LISTEN_ADDRESS, value: 10.42.0.21}
            - {name: CASSANDRA_BROADCAST_RPC_ADDRESS, value: 10.42.0.21}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: reaper, namespace: shop}
data:
  topology.properties: |
    10.42.0.21=DC1:RAC1
    10.42.0.22=DC1:RAC2
    default=DC1:RAC1
  app.conf: |
    contact-points = ["«10.42.0.21:9042|ring-0.ring.shop.svc.cluster.local:9042»", "«10.42.0.22:9042|ring-1.ring.shop.svc.cluster.local:9042»"]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reaper, namespace: shop}
spec:
  selector: {matchLabels: {app: reaper}}
  template:
    metadata: {labels: {app: reaper}}
    spec:
      containers:
        - name: c
          image: x
          envFrom: [{configMapRef: {name: reaper}}]
""",
        RING,
    ),
    "Strimzi's brokers and their bootstrap Service": case(
        """
== k8s/mm.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: mm, namespace: shop}
data:
  mm2.properties: |
    clusters = events, backup
    events.bootstrap.servers = «10.42.1.41:9092|events-kafka-0.events-kafka-brokers.shop.svc.cluster.local:9092»,«10.42.1.42:9092|events-kafka-1.events-kafka-brokers.shop.svc.cluster.local:9092»
    admin.bootstrap.servers = «10.43.1.40:9092|events-kafka-bootstrap:9092»
    sasl.oauthbearer.expected.audience = http://10.43.1.40:9092
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: mm, namespace: shop}
spec:
  selector: {matchLabels: {app: mm}}
  template:
    metadata: {labels: {app: mm}}
    spec:
      containers:
        - name: c
          image: x
          volumeMounts: [{name: c, mountPath: /c}]
      volumes: [{name: c, configMap: {name: mm}}]
""",
        STRIMZI,
    ),
    "a load generator before two Services of one frontend": case(
        """
== k8s/load.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: loadgenerator, namespace: shop}
spec:
  selector: {matchLabels: {app: loadgenerator}}
  template:
    metadata: {labels: {app: loadgenerator}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: FRONTEND_ADDR, value: "«10.42.0.31:8080|frontend:80»"}
            - {name: SPARE, value: "http://10.42.0.31/"}
            - {name: EDGE, value: "http://«10.20.9.80|frontend-external»/"}
      initContainers:
        - name: wait
          image: busybox
          command: ["sh", "-c", "until wget -q -O- http://«10.42.0.31:8080|frontend:80»/_healthz; do sleep 1; done"]
""",
        FRONT,
    ),
    "Loki, its own ring, and who pushes to it": case(
        """
== k8s/loki.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: loki, namespace: shop}
data:
  loki.yaml: |
    server:
      http_listen_address: 10.42.0.51
      http_listen_port: 3100
    memberlist:
      bind_addr: [10.42.0.51]
      join_members: ["«10.42.0.51:7946|loki-0.loki-headless.shop.svc.cluster.local:7946»"]
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: loki, namespace: shop}
spec:
  selector: {matchLabels: {app: loki}}
  template:
    metadata: {labels: {app: loki}}
    spec:
      containers:
        - name: c
          image: x
          args: [-config.file=/etc/loki/loki.yaml]
          volumeMounts: [{name: c, mountPath: /etc/loki}]
      volumes: [{name: c, configMap: {name: loki}}]
== k8s/promtail.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: promtail, namespace: shop}
spec:
  selector: {matchLabels: {app: promtail}}
  template:
    metadata: {labels: {app: promtail}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: LOKI_URL, value: "http://«10.42.0.51:3100|loki:3100»/loki/api/v1/push"}
            - {name: LOKI_HOST, value: "10.42.0.51"}
""",
        LOKI,
    ),
    "origins of frameworks and proxies": case(
        """
== api/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from flask import Flask
from flask_cors import CORS
import socketio

FRONTENDS = ["http://10.42.0.1:8080", "http://localhost:3000"]
ORDERS = "http://«10.42.0.2:5000|orders:80»"
app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=FRONTENDS, allow_methods=["*"])
flask_app = Flask(__name__)
CORS(flask_app, resources={r"/api/*": {"origins": ["http://10.42.0.1:8080"]}})
sio = socketio.AsyncServer(cors_allowed_origins="http://10.42.0.1:8080")


@flask_app.after_request
def headers(response):
    response.headers.add("Access-Control-Allow-Origin", "http://10.42.0.1:8080")
    response.headers["access-control-allow-origin"] = "http://10.42.0.1:8080"
    return response
== site/settings.py
CSRF_TRUSTED_ORIGINS = ["http://10.42.0.1:8080"]
CORS_ORIGIN_WHITELIST = ("http://10.42.0.1:8080",)
ALLOWED_HOSTS = ["10.42.0.1", "web"]
CELERY_BROKER_URL = "redis://«10.42.0.4:6379|redis:6380»/1"
== k8s/x.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: x, namespace: shop}
data:
  Caddyfile: |
    :8080 {
      header Access-Control-Allow-Origin "http://10.42.0.1:8080"
      reverse_proxy «10.42.0.2:5000|orders:80»
    }
  httpd.conf: |
    Header always set Access-Control-Allow-Origin "http://10.42.0.1:8080"
    ProxyPass /orders http://«10.42.0.2:5000|orders:80»/
  haproxy.cfg: |
    frontend f
      http-response set-header Access-Control-Allow-Origin http://10.42.0.1:8080
      bind *:80
  application.yaml: |
    management.endpoints.web.cors.allowed-origins: http://10.42.0.1:8080
    micronaut:
      server:
        cors:
          configurations:
            ui: {allowed-origins: ["http://10.42.0.1:8080"]}
    quarkus.http.cors.origins: http://10.42.0.1:8080
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: x, namespace: shop}
spec:
  selector: {matchLabels: {app: x}}
  template:
    metadata: {labels: {app: x}}
    spec:
      containers:
        - name: c
          image: x
          envFrom: [{configMapRef: {name: x}}]
          env:
            - {name: WEBSOCKET_ALLOWED_ORIGINS, value: "http://10.42.0.1:8080"}
            - {name: GF_SECURITY_CSRF_TRUSTED_ORIGINS, value: "10.42.0.1:8080"}
""",
        ALL,
    ),
    "nodes of Erlang in commands and variables": case(
        """
== k8s/mq.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: mqtool, namespace: shop}
spec:
  selector: {matchLabels: {app: mqtool}}
  template:
    metadata: {labels: {app: mqtool}}
    spec:
      containers:
        - name: c
          image: x
          command: ["sh", "-c"]
          args:
            - |
              rabbitmqctl -n rabbit@10.42.0.1 join_cluster rabbit@10.42.0.2
              erl -name probe@10.42.0.1 -setcookie x
              emqx_ctl cluster join emqx@10.42.0.1
              curl -fsS http://«10.42.0.1:8080|web:80»/api/overview
          env:
            - {name: RELEASE_NODE, value: "app@10.42.0.1"}
            - {name: EMQX_NODE__NAME, value: "emqx@10.42.0.1"}
            - {name: SSH_TARGET, value: "deploy@10.42.0.1"}
""",
        ALL,
    ),
    "redirects of three proxies and a program": case(
        """
== k8s/edge.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: edge, namespace: shop}
data:
  httpd.conf: |
    RewriteEngine On
    RewriteRule ^/old/(.*)$ http://10.42.0.1:8080/new/$1 [R=302,L]
    RewriteRule ^/api/(.*)$ http://«10.42.0.2:5000|orders:80»/$1 [P,L]
    Redirect permanent /shop http://10.42.0.1:8080/shop
    RedirectMatch 301 ^/a http://10.42.0.1:8080/b
    ProxyPassReverse /api http://«10.42.0.2:5000|orders:80»/
  nginx.conf: |
    server {
      listen 80;
      location /a { return 308 http://10.42.0.1:8080$request_uri; }
      location /b { rewrite ^/b/(.*)$ http://10.42.0.1:8080/$1 redirect; }
      error_page 503 =302 http://10.42.0.1:8080/down;
      location /c { proxy_pass http://«10.42.0.2:5000|orders:80»; proxy_redirect http://«10.42.0.2:5000|orders:80»/ /; }
    }
  haproxy.cfg: |
    frontend f
      http-request redirect location http://10.42.0.1:8080/ if { path /x }
      redirect prefix http://10.42.0.1:8080 code 301
    backend b
      server s1 «10.42.0.2:5000|orders:80» check
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: edge, namespace: shop}
spec:
  selector: {matchLabels: {app: edge}}
  template:
    metadata: {labels: {app: edge}}
    spec:
      containers:
        - name: c
          image: x
          volumeMounts: [{name: c, mountPath: /c}]
      volumes: [{name: c, configMap: {name: edge}}]
== app/views.py
from flask import redirect
import requests


def home():
    requests.get("http://«10.42.0.2:5000|orders:80»/ping")
    return redirect("http://10.42.0.1:8080/login", code=302)
""",
        ALL,
    ),
    "Alertmanager's routes and an alert's text": case(
        """
== mon/am.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: am, namespace: monitoring}
data:
  alertmanager.yml: |
    route:
      receiver: hook
      routes:
        - matchers: [ 'instance="10.42.0.2:5000"', severity="page" ]
          receiver: hook
        - match_re: {instance: "10.42.0.1:8080"}
          receiver: hook
        - match: {instance: 10.42.0.4:6379}
          receiver: hook
    inhibit_rules:
      - source_matchers: ['instance = 10.42.0.2:5000']
        target_matchers: ['instance = 10.42.0.1:8080']
        equal: [instance]
    receivers:
      - name: hook
        webhook_configs: [{url: "http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»/alert"}]
  rules.yml: |
    groups:
      - name: x
        rules:
          - alert: Down
            expr: up{instance="10.42.0.2:5000"} == 0
            annotations: {summary: "10.42.0.2:5000 is down"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: am, namespace: monitoring}
spec:
  selector: {matchLabels: {app: am}}
  template:
    metadata: {labels: {app: am}}
    spec:
      containers:
        - name: c
          image: x
          volumeMounts: [{name: c, mountPath: /c}]
      volumes: [{name: c, configMap: {name: am}}]
""",
        ALL,
    ),
    "issuers and audiences in meshes, variables and Python": case(
        """
== k8s/auth.yaml
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: a, namespace: shop}
spec:
  jwtRules:
    - issuer: http://10.42.0.1:8080/realms/x
      audiences: ["http://10.42.0.2:5000"]
      jwksUri: http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»/realms/x/certs
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: OIDC_ISSUER, value: "http://10.42.0.1:8080/realms/x"}
            - {name: JWT_AUD, value: "http://10.42.0.2:5000"}
            - {name: JWKS_URL, value: "http://«10.42.0.1:8080|web:80»/certs"}
            - {name: TOKEN_ENDPOINT, value: "http://«10.42.0.1:8080|web:80»/token"}
== api/auth.py
import jwt


def check(token, key):
    return jwt.decode(token, key, audience="http://10.42.0.2:5000", issuer="http://10.42.0.1:8080/realms/x")


def make(key):
    claims = {"iss": "http://10.42.0.1:8080/realms/x", "aud": ["http://10.42.0.2:5000"]}
    return jwt.encode(claims, key)


jwks = jwt.PyJWKClient("http://«10.42.0.1:8080|web:80»/certs")
""",
        ALL,
    ),
    "labels before URLs, voters, and a Galera URL": case(
        """
== k8s/client.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: client, namespace: shop}
spec:
  selector: {matchLabels: {app: client}}
  template:
    metadata: {labels: {app: client}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: CLUSTER, value: "kafka-0=http://«10.42.0.11:9092|kafka-0.kafka-hs.shop.svc.cluster.local:9092»,kafka-1=http://«10.42.0.12:9092|kafka-1.kafka-hs.shop.svc.cluster.local:9092»"}
            - {name: BROKERS, value: "1@«10.42.0.11:9092|kafka-0.kafka-hs.shop.svc.cluster.local:9092»,2@«10.42.0.12:9092|kafka-1.kafka-hs.shop.svc.cluster.local:9092»"}
            - {name: RINGS, value: "east:«10.42.0.21|ring-0.ring.shop.svc.cluster.local»,«10.42.0.22|ring-1.ring.shop.svc.cluster.local»;west:«10.42.0.23|ring-2.ring.shop.svc.cluster.local»"}
            - {name: WSREP, value: "gcomm://«10.42.0.21|ring-0.ring.shop.svc.cluster.local»,«10.42.0.22|ring-1.ring.shop.svc.cluster.local»?pc.wait_prim=no"}
            - {name: UPSTREAMS, value: "orders=http://«10.42.0.2:5000|orders:80»;web=http://«10.42.0.1:8080|web:80»"}
""",
        ALL,
        KAFKA,
        RING,
    ),
    "nginx: maps, splits, mirrors, and a request's rest behind the port": case(
        r"""
== k8s/gw.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: gw, namespace: shop}
data:
  nginx.conf: |
    map $http_host $pool {
      hostnames;
      default          «10.42.0.1:8080|web:80»;
      10.42.0.2        «10.42.0.2:5000|orders:80»;
      ~^10\.42\.      «10.42.0.1:8080|web:80»;
    }
    map $remote_addr $trusted { default 0; 10.42.0.4 1; }
    geo $internal { default 0; 10.42.0.1 1; 10.42.0.0/16 1; }
    split_clients $request_id $variant {
      20%  http://«10.42.0.2:5000|orders:80»;
      *    http://«10.42.0.1:8080|web:80»;
    }
    server {
      set_real_ip_from 10.42.0.1;
      location / { proxy_pass http://$pool; }
      location /m { mirror /mm; auth_request /auth; allow 10.42.0.1; deny all; }
      location = /mm { proxy_pass http://«10.42.0.2:5000|orders:80»$request_uri; }
      location = /auth { proxy_pass $variant; proxy_set_header Host 10.42.0.2:5000; }
    }
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: gw, namespace: shop}
spec:
  selector: {matchLabels: {app: gw}}
  template:
    metadata: {labels: {app: gw}}
    spec:
      containers:
        - name: c
          image: x
          volumeMounts: [{name: c, mountPath: /c}]
      volumes: [{name: c, configMap: {name: gw}}]
""",
        ALL,
    ),
    "HAProxy: health checks on another port, and access lists": case(
        """
== k8s/ha.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: ha, namespace: shop}
data:
  haproxy.cfg: |
    global
      stats socket ipv4@127.0.0.1:9999 level admin
    frontend db
      bind *:5432
      acl inside src 10.42.0.11 10.42.0.0/16
      use_backend k if inside
    backend k
      option httpchk GET /primary
      http-check expect status 200
      default-server inter 3s fall 3
      server kafka-0 «10.42.0.11:9092|kafka-0.kafka-hs.shop.svc.cluster.local:9092» maxconn 100 check port 8008
      server kafka-1 «10.42.0.12:9092|kafka-1.kafka-hs.shop.svc.cluster.local:9092» maxconn 100 check port 8008 backup
      stick-table type ip size 1m
    peers mine
      peer a 10.42.0.99:1024
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ha, namespace: shop}
spec:
  selector: {matchLabels: {app: ha}}
  template:
    metadata: {labels: {app: ha}}
    spec:
      containers:
        - name: c
          image: x
          volumeMounts: [{name: c, mountPath: /c}]
      volumes: [{name: c, configMap: {name: ha}}]
""",
        KAFKA,
    ),
    "one-line TOML, flow YAML, lists that hold a stranger": case(
        """
== conf/app.toml
kafka = { hosts = ["«10.42.0.11|kafka-0.kafka-hs.shop.svc.cluster.local»", "«10.42.0.12|kafka-1.kafka-hs.shop.svc.cluster.local»"], port = 9092 }
cache = { host = "«10.42.0.4|redis»", port = «6379|6380» }
mixed = ["10.42.0.11:9092", "10.77.0.9:9092"]
orders = [{ addr = "«10.42.0.2|orders»", port = «5000|80», weight = 3 }]
== conf/x.hcl
listener "tcp" { address = "10.42.0.1:8200" }
storage "redis" {
  address = "10.42.0.4"
  port    = "6379"
}
== conf/y.yaml
redis: {host: «10.42.0.4|redis», port: «6379|6380», db: 0}
cmd: ["nc", "-z", "«10.42.0.4|redis»", "«6379|6380»"]
== conf/lists.py
NODES = ["10.42.0.4:6379", "10.77.0.9:6379"]
OTHER = ["«10.42.0.4:6379|redis:6380»"]
from cassandra.cluster import Cluster
from pymongo import MongoClient

c = Cluster(["«10.42.0.21|ring-0.ring.shop.svc.cluster.local»", "«10.42.0.22|ring-1.ring.shop.svc.cluster.local»"], port=9042)
m = MongoClient(["«10.42.0.21|ring-0.ring.shop.svc.cluster.local»", "«10.42.0.23|ring-2.ring.shop.svc.cluster.local»"], 9042)
""",
        ALL,
        KAFKA,
        RING,
    ),
    "KubeVela's Application is not Argo CD's": case(
        """
== vela/app.yaml
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: site, namespace: site}
spec:
  components:
    - name: site
      type: webservice
      properties:
        image: registry.example.org/site:1
        server: http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»
        env: [{name: CACHE, value: "«10.42.0.4:6379|redis.shop.svc.cluster.local:6380»"}]
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: site, namespace: argocd}
spec:
  destination: {server: "https://10.42.0.1:8080", namespace: x}
  source: {repoURL: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»/git/x.git", path: y}
""",
        ALL,
    ),
    "patches that stand in an Application and in a Flux Kustomization": case(
        """
== argo/app.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: site, namespace: argocd}
spec:
  destination: {server: "https://kubernetes.default.svc", namespace: nowhere}
  source:
    repoURL: https://git.example.org/me.git
    path: site/base
    kustomize:
      namespace: site
      patches:
        - target: {kind: Deployment, name: site}
          patch: |-
            - op: add
              path: /spec/template/spec/containers/0/env/-
              value: {name: CACHE, value: "«10.42.0.4:6379|redis.shop.svc.cluster.local:6380»"}
== site/base/kustomization.yaml
resources: [d.yaml]
== site/base/d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: site}
spec:
  selector: {matchLabels: {app: site}}
  template:
    metadata: {labels: {app: site}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: ORDERS, value: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"}
== flux/ks.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: tool, namespace: flux-system}
spec:
  path: ./tool
  targetNamespace: tools
  sourceRef: {kind: GitRepository, name: me}
  patches:
    - target: {kind: Deployment}
      patch: |
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: tool}
        spec: {template: {spec: {containers: [{name: c, env: [{name: W, value: "http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»"}]}]}}}
== tool/d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: tool}
spec:
  selector: {matchLabels: {app: tool}}
  template:
    metadata: {labels: {app: tool}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: ORDERS, value: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"}
""",
        ALL,
    ),
    "Flux: a patch after rendering": case(
        """
== rel.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: api, namespace: backend}
spec:
  chart: {spec: {chart: api, sourceRef: {kind: HelmRepository, name: r}}}
  postRenderers:
    - kustomize:
        patches:
          - target: {kind: Deployment}
            patch: |
              - op: add
                path: /spec/template/spec/containers/0/env/-
                value: {name: CACHE, value: "«10.42.0.4:6379|redis.shop.svc.cluster.local:6380»"}
""",
        ALL,
    ),
    "Flux: the release's name follows its target namespace": case(
        """
== apps/rel.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: api, namespace: flux-system}
spec:
  targetNamespace: shop
  chart: {spec: {chart: ./charts/api, sourceRef: {kind: GitRepository, name: flux-system}}}
  values: {cache: {port: 6390}}
== charts/api/Chart.yaml
apiVersion: v2
name: api
version: 0.1.0
== charts/api/values.yaml
cache: {port: 6380}
== charts/api/templates/cache.yaml
apiVersion: v1
kind: Service
metadata: {name: {{ .Release.Name }}-cache}
spec:
  selector: {app: {{ .Release.Name }}-cache}
  ports: [{port: {{ .Values.cache.port }}, targetPort: 6379}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}-cache}
spec:
  selector: {matchLabels: {app: {{ .Release.Name }}-cache}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}-cache}}
    spec: {containers: [{name: c, image: redis, ports: [{containerPort: 6379}]}]}
== charts/api/templates/api.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}-api}
spec:
  selector: {matchLabels: {app: {{ .Release.Name }}-api}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}-api}}
    spec:
      containers:
        - name: c
          image: x
          env: [{name: CACHE, value: "redis://«10.42.0.61:6379|{{ .Release.Name }}-cache:{{ .Values.cache.port }}»/0"}]
""",
        [
            deployed("shop-api-cache", "10.42.0.61", 6379),
            service("shop-api-cache", "10.43.0.61", {"app": "shop-api-cache"}, sport(6390, 6379)),
        ],
    ),
    "only the cluster knows who takes a ConfigMap": case(
        """
== cm.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: agent-conf, namespace: shop}
data:
  ORDERS: http://10.42.0.2:5000
---
apiVersion: v1
kind: ConfigMap
metadata: {name: job-conf, namespace: shop}
data:
  ORDERS: http://«10.42.0.2:5000|orders:80»
""",
        ALL,
        AGENTS,
        ns="",
    ),
    "host network: a List in JSON, and its ConfigMap in YAML": case(
        """
== k8s/all.json
{
  "apiVersion": "v1",
  "kind": "List",
  "items": [
    {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent", "namespace": "shop"},
     "spec": {"selector": {"matchLabels": {"app": "agent"}}, "template": {"metadata": {"labels": {"app": "agent"}},
       "spec": {"hostNetwork": true, "containers": [{"name": "c", "image": "x", "envFrom": [{"configMapRef": {"name": "agent"}}]}]}}}}
  ]
}
== k8s/cm.yaml
kind: ConfigMap
apiVersion: v1
metadata: {name: agent, namespace: shop}
data: {ORDERS: "http://10.42.0.2:5000"}
""",
        ALL,
    ),
    "a base's generator, and what two overlays merge into it": case(
        """
== base/kustomization.yaml
resources: [d.yaml]
configMapGenerator:
  - {name: app, files: [config.alloy]}
== base/config.alloy
loki.write "x" {
  endpoint { url = "http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»/push" }
}
== base/d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec:
      containers:
        - name: c
          image: x
          envFrom: [{configMapRef: {name: app}}]
== prod/kustomization.yaml
namespace: shop
resources: [../base]
configMapGenerator:
  - {name: app, behavior: merge, envs: [prod.env]}
== prod/prod.env
ORDERS=http://«10.42.0.2:5000|orders:80»
== dev/kustomization.yaml
namespace: dev
resources: [../base]
configMapGenerator:
  - name: app
    behavior: merge
    literals: [ORDERS=http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»]
""",
        ALL,
    ),
    "a missing Service of a component": case(
        """
== components/x/kustomization.yml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources:
  - scorer.yaml«|
  - scorer-service.yaml»
== components/x/scorer.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: scorer, namespace: shop}
spec:
  selector: {matchLabels: {app: scorer}}
  template:
    metadata: {labels: {app: scorer}}
    spec:
      containers:
        - name: c
          image: x
          ports: [{containerPort: 9000, name: http}]
== prod/kustomization.yaml
resources: [client.yaml]
components: [../components/x]
== prod/client.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: client, namespace: shop}
spec:
  selector: {matchLabels: {app: client}}
  template:
    metadata: {labels: {app: client}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: SCORER, value: "http://«10.42.0.81:9000|scorer:9000»"}
++ components/x/scorer-service.yaml
# For Deployment shop/scorer, which had no Service.
apiVersion: v1
kind: Service
metadata:
  name: scorer
  namespace: shop
spec:
  selector:
    app: scorer
  ports:
    - name: tcp-9000
      port: 9000
      targetPort: 9000
""",
        deployed("scorer", "10.42.0.81", port(9000, "http")),
    ),
    "DNS policies, and a Secret of two readers": case(
        """
== a.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, namespace: shop}
spec:
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec:
      dnsPolicy: Default
      containers:
        - name: c
          image: x
          env:
            - {name: O, value: "http://10.42.0.2:5000"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: b, namespace: shop}
spec:
  selector: {matchLabels: {app: b}}
  template:
    metadata: {labels: {app: b}}
    spec:
      dnsPolicy: None
      dnsConfig: {nameservers: [10.42.0.1]}
      containers:
        - name: c
          image: x
          env:
            - {name: O, value: "http://10.42.0.2:5000"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: c, namespace: shop}
spec:
  selector: {matchLabels: {app: c}}
  template:
    metadata: {labels: {app: c}}
    spec:
      hostNetwork: true
      dnsPolicy: ClusterFirstWithHostNet
      containers:
        - name: c
          image: x
          env:
            - {name: O, value: "http://«10.42.0.2:5000|orders:80»"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: d, namespace: shop}
spec:
  selector: {matchLabels: {app: d}}
  template:
    metadata: {labels: {app: d}}
    spec:
      hostNetwork: true
      containers:
        - name: c
          image: x
          env:
            - {name: O, value: "http://10.42.0.2:5000"}
---
apiVersion: v1
kind: Secret
metadata: {name: s, namespace: shop}
stringData: {DSN: "postgres://u:p@10.42.0.5:5432/d", OTHER: "redis://10.42.0.4:6379"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: e, namespace: shop}
spec:
  selector: {matchLabels: {app: e}}
  template:
    metadata: {labels: {app: e}}
    spec:
      containers:
        - name: c
          image: x
          env: [{name: DSN, valueFrom: {secretKeyRef: {name: s, key: DSN}}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: f, namespace: shop}
spec:
  selector: {matchLabels: {app: f}}
  template:
    metadata: {labels: {app: f}}
    spec:
      hostNetwork: true
      containers:
        - name: c
          image: x
          volumeMounts: [{name: v, mountPath: /v}]
      volumes: [{name: v, projected: {sources: [{secret: {name: s}}]}}]
""",
        ALL,
    ),
    "registries of services, in four spellings": case(
        """
== src/main/resources/application.yml
server:
  address: 10.42.0.1
  port: 8080
eureka:
  instance: {ip-address: 10.42.0.1, hostname: 10.42.0.1, non-secure-port: 8080}
  client: {serviceUrl: {defaultZone: "http://«10.42.0.2:5000|orders:80»/eureka/"}}
spring:
  cloud:
    nacos: {discovery: {ip: 10.42.0.1, port: 8080, server-addr: "«10.42.0.2:5000|orders:80»"}}
    consul: {discovery: {ip-address: 10.42.0.1}, host: «10.42.0.2|orders», port: «5000|80»}
dubbo:
  protocol: {host: 10.42.0.1, port: 8080}
  registry: {address: "zookeeper://«10.42.0.2:5000|orders:80»"}
hazelcast: {network: {public-address: "10.42.0.1:8080"}}
akka.remote.artery.canonical.hostname: 10.42.0.1
== src/main/resources/app.properties
server.address=10.42.0.1
eureka.instance.ip-address=10.42.0.1
grpc.client.orders.address=static://«10.42.0.2:5000|orders:80»
spring.redis.host=«10.42.0.4|redis»
spring.redis.port=«6379|6380»
== reg.py
import py_eureka_client.eureka_client as eureka
import consul

eureka.init(eureka_server="http://«10.42.0.2:5000|orders:80»/eureka", app_name="web", instance_host="10.42.0.1", instance_port=8080)
c = consul.Consul(host="«10.42.0.2|orders»", port=«5000|80»)
c.agent.service.register("web", address="10.42.0.1", port=8080)
""",
        ALL,
    ),
    "servers and clients of Python's own library": case(
        """
== s.py
import asyncio, socketserver, grpc, websockets, waitress
from http.server import HTTPServer, BaseHTTPRequestHandler
from aiohttp import web
from gevent.pywsgi import WSGIServer


async def main(runner):
    await web.TCPSite(runner, "10.42.0.1", 8080).start()
    await asyncio.start_server(print, "10.42.0.1", 8080)
    await websockets.serve(print, "10.42.0.1", 8080)
    r, w = await asyncio.open_connection("«10.42.0.4|redis»", «6379|6380»)
    async with websockets.connect("ws://«10.42.0.2:5000|orders:80»/ws") as ws:
        await ws.send("x")


server = grpc.server(None)
server.add_insecure_port("10.42.0.1:8080")
channel = grpc.insecure_channel("«10.42.0.2:5000|orders:80»")
HTTPServer(("10.42.0.1", 8080), BaseHTTPRequestHandler).serve_forever()
socketserver.ThreadingTCPServer(("10.42.0.1", 8080), None)
waitress.serve(None, host="10.42.0.1", port=8080)
WSGIServer(("10.42.0.1", 8080), None).serve_forever()
""",
        ALL,
    ),
    "Prometheus in its namespace": case(
        """
== prom/kustomization.yaml
namespace: monitoring
resources: [d.yaml]
configMapGenerator:
  - {name: prom, files: [prometheus.yml]}
== prom/prometheus.yml
global: {scrape_interval: 15s}
scrape_configs:
  - job_name: shop
    static_configs:
      - targets: ["«10.42.0.1:8080|web.shop.svc.cluster.local:80»", "«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"]
        labels: {instance: "10.42.0.1:8080"}
    relabel_configs:
      - {source_labels: [__address__], regex: "10.42.0.1:8080", replacement: web, target_label: app}
  - job_name: probe
    params: {module: [http_2xx]}
    static_configs: [{targets: ["http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»/health"]}]
alerting:
  alertmanagers: [{static_configs: [{targets: ["«10.42.0.1:8080|web.shop.svc.cluster.local:80»"]}]}]
remote_write: [{url: "http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»/api/v1/write"}]
== prom/d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: prometheus}
spec:
  selector: {matchLabels: {app: prometheus}}
  template:
    metadata: {labels: {app: prometheus}}
    spec:
      containers:
        - name: c
          image: x
          volumeMounts: [{name: c, mountPath: /c}]
      volumes: [{name: c, configMap: {name: prom}}]
""",
        ALL,
    ),
    "a mesh, an Ingress and a middleware": case(
        """
== mesh.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: shop}
data:
  mesh: |
    defaultConfig:
      tracing: {zipkin: {address: "«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: x
  namespace: shop
  annotations:
    nginx.ingress.kubernetes.io/auth-url: http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»/auth
    nginx.ingress.kubernetes.io/auth-signin: http://10.42.0.1:8080/login
    nginx.ingress.kubernetes.io/permanent-redirect: http://10.42.0.1:8080/new
    nginx.ingress.kubernetes.io/cors-allow-origin: http://10.42.0.1:8080
    nginx.ingress.kubernetes.io/whitelist-source-range: 10.42.0.1/32
    nginx.ingress.kubernetes.io/configuration-snippet: |
      mirror /m;
      proxy_pass http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»;
spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: m, namespace: shop}
spec:
  forwardAuth: {address: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»/auth"}
  redirectRegex: {regex: "^http://10.42.0.1:8080/(.*)", replacement: "http://10.42.0.1:8080/$1"}
  headers: {accessControlAllowOriginList: ["http://10.42.0.1:8080"]}
""",
        ALL,
    ),
    "a Secret that is copied, a datasource, and a plain ConfigMap": case(
        """
== a.yaml
apiVersion: v1
kind: Secret
metadata:
  name: shared
  namespace: shop
  annotations: {reflector.v1.k8s.emberstack.com/reflection-auto-enabled: "true", replicator.v1.mittwald.de/replicate-to: "dev-.*"}
stringData: {URL: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: dash, namespace: shop, labels: {grafana_datasource: "1"}}
data:
  ds.yaml: |
    datasources: [{name: P, type: prometheus, url: "http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»"}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: nobody, namespace: shop}
data: {URL: "http://«10.42.0.2:5000|orders:80»"}
""",
        ALL,
    ),
    "an image: what its build runs, and what it runs": case(
        """
== svc/Dockerfile
FROM python:3.12 AS build
RUN pip install --index-url http://10.42.0.1:8080/simple x
RUN curl -fsS http://10.42.0.2:5000/x -o /x
FROM python:3.12-slim
ENV ORDERS_URL=http://«10.42.0.2:5000|orders:80» CACHE=«10.42.0.4:6379|redis:6380»
COPY app.py start.sh /
ENTRYPOINT ["/start.sh"]
== svc/start.sh
#!/bin/sh
until nc -z «10.42.0.4|redis» «6379|6380»; do sleep 1; done
exec python /app.py --bind 10.42.0.1:8080
== svc/app.py
import os
URL = os.getenv("ORDERS_URL", "http://«10.42.0.2:5000|orders:80»")
== k8s/svc.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: svc, namespace: shop}
spec:
  selector: {matchLabels: {app: svc}}
  template:
    metadata: {labels: {app: svc}}
    spec: {containers: [{name: c, image: "registry.example.org/svc:1"}]}
""",
        ALL,
    ),
    "Kustomize inflates a chart of the repository": case(
        """
== overlays/prod/kustomization.yaml
namespace: site
helmGlobals: {chartHome: ../../charts}
helmCharts:
  - name: site
    releaseName: site
    namespace: site
    valuesFile: values-prod.yaml
    additionalValuesFiles: [more.yaml]
    valuesInline:
      orders: http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»
== overlays/prod/values-prod.yaml
cache: «10.42.0.4:6379|redis.shop.svc.cluster.local:6380»
== overlays/prod/more.yaml
web: http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»
== charts/site/Chart.yaml
apiVersion: v2
name: site
version: 0.1.0
== charts/site/values.yaml
orders: ""
cache: ""
web: ""
db: «10.42.0.5|pg.shop.svc.cluster.local»:5432
== charts/site/templates/d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: site}
spec:
  selector: {matchLabels: {app: site}}
  template:
    metadata: {labels: {app: site}}
    spec:
      containers:
        - name: c
          image: x
          args: [{{ .Values.orders | quote }}, {{ .Values.cache | quote }}, {{ .Values.web | quote }}, {{ .Values.db | quote }}]
""",
        ALL,
    ),
    "full URLs under words of policy, and bare IPs": case(
        """
== conf/app.yaml
gateway: http://«10.42.0.2:5000|orders:80»/v1
network: {rpc: "http://«10.42.0.1:8080|web:80»"}
from: redis://«10.42.0.4:6379|redis:6380»/0
mirrors: ["http://«10.42.0.1:8080|web:80»/pypi"]
selector: {endpoint: "http://«10.42.0.2:5000|orders:80»"}
panels: [{url: "http://«10.42.0.2:5000|orders:80»/render"}]
dns: {api: "http://«10.42.0.1:8080|web:80»/dns-query"}
trustedProxies: [10.42.0.1]
allow: [10.42.0.1, 10.42.0.2]
image: 10.42.0.1:8080/team/app:1
""",
        ALL,
    ),
    "proxies, probes and hooks": case(
        """
== k8s/a.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: a, namespace: shop}
spec:
  selector: {matchLabels: {app: a}}
  template:
    metadata: {labels: {app: a}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: HTTP_PROXY, value: "http://«10.42.0.1:8080|web:80»"}
            - {name: NO_PROXY, value: "localhost,10.42.0.2,.svc,.cluster.local,orders,redis"}
          startupProbe: {exec: {command: [nc, -z, «10.42.0.4|redis», "«6379|6380»"]}}
          livenessProbe: {httpGet: {host: 10.42.0.1, port: 8080}}
          lifecycle: {preStop: {exec: {command: ["sh", "-c", "curl -X POST http://«10.42.0.2:5000|orders:80»/bye"]}}}
""",
        ALL,
    ),
    "the repository's own Service has another port": case(
        """
== k8s/orders.yaml
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {selector: {app: orders}, ports: [{port: 8000, targetPort: 5000}]}
== k8s/client.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: client, namespace: shop}
spec:
  selector: {matchLabels: {app: client}}
  template:
    metadata: {labels: {app: client}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: O, value: "http://10.42.0.2:5000"}
            - {name: C, value: "«10.42.0.4:6379|redis:6380»"}
""",
        ALL,
    ),
    "a list within JSON within a ConfigMap": case(
        """
== k8s/gw.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: gw, namespace: shop}
data:
  upstreams.json: '{"kafka": ["«10.42.0.11:9092|kafka-0.kafka-hs.shop.svc.cluster.local:9092»", "«10.42.0.12:9092|kafka-1.kafka-hs.shop.svc.cluster.local:9092»"], "dead": ["10.42.0.11:9092", "10.250.0.1:9092"]}'
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: gw, namespace: shop}
spec:
  selector: {matchLabels: {app: gw}}
  template:
    metadata: {labels: {app: gw}}
    spec:
      containers:
        - name: c
          image: x
          envFrom: [{configMapRef: {name: gw}}]
""",
        KAFKA,
    ),
}


# Pods of which the repository does not speak: on their node's network, or without the cluster's DNS.
STRANGE = [
    pod("agent-x1", "10.20.0.11", ports=[], owner="DaemonSet/agent", hostNetwork=True, volumes=[{"name": "c", "configMap": {"name": "agent-conf"}}]),
    pod("job-x1", "10.42.0.70", volumes=[{"name": "c", "configMap": {"name": "job-conf"}}]),
    pod("keyed-x1", "10.20.0.12", hostNetwork=True, containers=[{"name": "c", "env": [{"name": "U", "valueFrom": {"secretKeyRef": {"name": "keyed", "key": "U"}}}]}]),
    pod("projected-x1", "10.42.0.71", dnsPolicy="None", volumes=[{"name": "c", "projected": {"sources": [{"configMap": {"name": "projected"}}]}}]),
    pod("made-x1", "10.20.0.13", hostNetwork=True, containers=[{"name": "c", "envFrom": [{"configMapRef": {"name": "made-6ct58987ht"}}]}]),
    pod("orders-7f9c-xyz", "10.42.0.72", {"app": "orders"}, [5000], "ReplicaSet/orders-7f9c", volumes=[{"name": "c", "configMap": {"name": "own"}}]),
]  # fmt: skip
CACHE2 = [
    deployed("cache2", "10.42.0.9", 6379),
    service("cache2", "10.43.0.9", {"app": "cache2"}, sport(6379, 6379)),
]

CASES |= {
    "Argo CD: merged generators, whose parameters a chart of the repository is asked about": case(
        """
== set.yaml
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: api, namespace: argocd}
spec:
  goTemplate: true
  generators:
    - merge:
        mergeKeys: [env]
        generators:
          - list:
              elements:
                - {env: dev, ns: api-dev, host: 10.42.0.4, port: "6379", orders: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»", own: "10.42.0.1"}
                - {env: prod, ns: api-prod, host: 10.42.0.4, port: "6379", orders: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»", own: "10.42.0.1"}
          - git:
              repoURL: x
              files: [{path: "env/*.yaml"}]
          - clusters:
              values: {env: dev, flag: "x"}
  template:
    metadata: {name: "api-{{ .env }}"}
    spec:
      destination: {namespace: "{{ .ns }}", server: https://kubernetes.default.svc}
      source:
        repoURL: x
        path: chart
        helm:
          parameters:
            - {name: redis.host, value: "{{ .host }}"}
            - {name: redis.port, value: "{{ .port }}"}
            - {name: orders, value: "{{ .orders }}"}
          values: |
            listen: {{ .own }}
            db: {{ .db.host }}:{{ .db.port }}
== env/a.yaml
env: dev
db: {host: «10.42.0.5|pg.shop.svc.cluster.local», port: 5432}
== env/b.yaml
env: prod
db: {host: «10.42.0.5|pg.shop.svc.cluster.local», port: 5432}
== chart/Chart.yaml
apiVersion: v2
name: api
version: 0.1.0
== chart/values.yaml
redis: {host: "", port: 6379}
orders: ""
listen: ""
db: ""
== chart/templates/all.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      containers:
        - name: c
          image: x
          args: ["--bind={{ .Values.listen }}", "--db={{ .Values.db }}"]
          env:
            - {name: REDIS, value: "{{ .Values.redis.host }}:{{ .Values.redis.port }}"}
            - {name: ORDERS, value: {{ .Values.orders | quote }}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api}
spec:
  podSelector: {matchLabels: {app: api}}
  policyTypes: [Egress]
  egress: [{ports: [{port: {{ .Values.redis.port }}, protocol: TCP}]}]
""",
        ALL,
    ),
    "directories of kustomizations, environments of bases, flags and profiles": case(
        """
== flux/ks.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {path: ./apps, targetNamespace: site, sourceRef: {kind: GitRepository, name: x}}
== apps/a/kustomization.yaml
resources: [d.yaml]
== apps/a/d.yaml
apiVersion: v1
kind: Pod
metadata: {name: a}
spec: {containers: [{name: c, image: x, env: [{name: U, value: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"}]}]}
== other/kustomization.yaml
resources: [d.yaml]
== other/d.yaml
apiVersion: v1
kind: Pod
metadata: {name: b}
spec: {containers: [{name: c, image: x, env: [{name: U, value: "http://«10.42.0.2:5000|orders:80»"}]}]}
== hf/helmfile.yaml
bases: [base/envs.yaml]
helmfiles:
  - {path: sub/helmfile.yaml, values: [sub.yaml]}
releases:
  - {name: api, namespace: api, chart: x/api, values: [api.yaml]}
== hf/base/envs.yaml
environments:
  prod: {values: [prod.yaml, {inline: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"}]}
== hf/base/prod.yaml
cache: «10.42.0.4:6379|redis.shop.svc.cluster.local:6380»
== hf/sub.yaml
cache: «10.42.0.4:6379|redis.shop.svc.cluster.local:6380»
== hf/api.yaml
cache: «10.42.0.4:6379|redis.shop.svc.cluster.local:6380»
== sk/skaffold.yaml
apiVersion: skaffold/v2beta29
kind: Config
deploy:
  kubectl: {manifests: [m/*.yaml], flags: {global: ["--namespace=site"]}}
profiles:
  - name: k
    deploy: {kustomize: {paths: [k], defaultNamespace: tools}}
== sk/m/a.yaml
apiVersion: v1
kind: Pod
metadata: {name: c}
spec: {containers: [{name: c, image: x, env: [{name: U, value: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"}]}]}
== sk/k/kustomization.yaml
resources: [a.yaml]
== sk/k/a.yaml
apiVersion: v1
kind: Pod
metadata: {name: d}
spec: {containers: [{name: c, image: x, env: [{name: U, value: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"}]}]}
== sk/n.yaml
apiVersion: v1
kind: Pod
metadata: {name: e}
spec: {containers: [{name: c, image: x, env: [{name: U, value: "http://«10.42.0.2:5000|orders:80»"}]}]}
""",
        ALL,
    ),
    "a JSON patch tests a list whose base is refused for its port": case(
        """
== base/api.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: api, namespace: shop}
data: {HOSTS: "10.42.0.4,10.42.0.9", PORT: "6379", U: "http://«10.42.0.2:5000|orders:80»"}
== base/kustomization.yaml
resources: [api.yaml]
== live/kustomization.yaml
resources: [../base]
patches:
  - target: {kind: ConfigMap, name: api}
    patch: |-
      - {op: test, path: /data/HOSTS, value: "10.42.0.4,10.42.0.9"}
      - {op: test, path: /data/U, value: "http://«10.42.0.2:5000|orders:80»"}
""",
        ALL,
        CACHE2,
    ),
    "a JSON patch tests a host whose port stands elsewhere": case(
        """
== base/api.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: api, namespace: shop}
data: {CACHE_HOST: "«10.42.0.4|redis»", CACHE_PORT: "«6379|6380»"}
== base/kustomization.yaml
resources: [api.yaml]
== live/kustomization.yaml
resources: [../base]
patches:
  - target: {kind: ConfigMap, name: api}
    patch: |-
      - {op: test, path: /data/CACHE_HOST, value: "«10.42.0.4|redis»"}
""",
        ALL,
    ),
    "a list that holds a stranger stays, and what is no list does not": case(
        """
== a.yaml
hosts: ["10.42.0.11:9092", "10.77.0.9:9092"]
block:
  - 10.42.0.11:9092
  # the other one
  - kafka-1.kafka-hs:9092
  - 10.77.0.9:9092
text: 10.42.0.11:9092,10.77.0.9:9092
labelled: a=http://10.42.0.11:9092,b=http://10.77.0.9:9092
halves: "dc1:10.42.0.21,10.42.0.22;dc2:10.77.0.9"
args: ["--a=«10.42.0.11:9092|kafka-0.kafka-hs.shop.svc.cluster.local:9092»", "--b=10.77.0.9:9092"]
pairs:
  - {host: «10.42.0.11|kafka-0.kafka-hs.shop.svc.cluster.local», port: 9092}
  - {host: 10.77.0.9, port: 9092}
env:
  - {name: A, value: "«10.42.0.11:9092|kafka-0.kafka-hs.shop.svc.cluster.local:9092»"}
  - {name: B, value: "10.77.0.9:9092"}
one: «10.42.0.11:9092|kafka-0.kafka-hs.shop.svc.cluster.local:9092»
two: 10.77.0.9:9092
left_out:
  - «10.42.0.11:9092|kafka-0.kafka-hs.shop.svc.cluster.local:9092»
  - 10.42.0.12:9092  # refactor: ignore
== a.py
A = ["10.42.0.11:9092", "10.77.0.9:9092"]
B = "10.42.0.11:9092,10.77.0.9:9092"
C = {"a": "«10.42.0.11:9092|kafka-0.kafka-hs.shop.svc.cluster.local:9092»", "b": "10.77.0.9:9092"}
connect("«10.42.0.4:6379|redis:6380»", "10.77.0.9:9092")
D = [("10.42.0.11", 9092), ("10.77.0.9", 9092)]
E = Cluster(["10.42.0.21", "10.77.0.9"], port=9042)
== a.toml
a = ["10.42.0.11:9092", "10.77.0.9:9092"]
b = [
  "10.42.0.11:9092",
  "10.77.0.9:9092",
]
c = "«10.42.0.11:9092|kafka-0.kafka-hs.shop.svc.cluster.local:9092»"
d = "10.77.0.9:9092"
hosts = ["10.42.0.21", "10.77.0.9"]
port = 9042
""",
        ALL,
        KAFKA,
        RING,
    ),
    "compose: a whole directory of what is deployed is mounted": case(
        """
== runner/docker-compose.yaml
services:
  runner:
    image: x
    volumes: ["../cluster:/cluster", "../conf:/conf"]
== cluster/kustomization.yaml
namespace: shop
resources: [a.yaml]
configMapGenerator: [{name: g, files: [app.ini]}]
== cluster/app.ini
url = http://«10.42.0.2:5000|orders:80»
== cluster/a.yaml
apiVersion: v1
kind: Pod
metadata: {name: b}
spec: {containers: [{name: c, image: x, env: [{name: U, value: "http://«10.42.0.2:5000|orders:80»"}]}]}
== cluster/plain.ini
url = http://10.42.0.2:5000
== conf/app.ini
url = http://10.42.0.2:5000
""",
        ALL,
    ),
    "Kustomize: transformers, components and vars": case(
        """
== g/kustomization.yaml
resources: [d.yaml]
transformers: [ns.yaml]
== g/ns.yaml
apiVersion: builtin
kind: NamespaceTransformer
metadata: {name: x, namespace: site}
== g/d.yaml
apiVersion: v1
kind: Pod
metadata: {name: a}
spec: {containers: [{name: c, image: x, env: [{name: U, value: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"}]}]}
== h/kustomization.yaml
namespace: shop
resources: [d.yaml]
components: [../comp]
== comp/kustomization.yaml
kind: Component
apiVersion: kustomize.config.k8s.io/v1alpha1
namespace: site
== h/d.yaml
apiVersion: v1
kind: Pod
metadata: {name: h}
spec: {containers: [{name: c, image: x, env: [{name: U, value: "http://«10.42.0.2:5000|orders:80»"}]}]}
== i/kustomization.yaml
namespace: shop
resources: [d.yaml]
vars:
  - {name: ORDERS, objref: {kind: ConfigMap, name: v, apiVersion: v1}, fieldref: {fieldpath: data.u}}
== i/d.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: v}
data: {u: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: x, annotations: {nginx.ingress.kubernetes.io/auth-url: "$(ORDERS)/auth"}}
spec: {}
== j/kustomization.yaml
resources: [d.yaml]
components: [../comp]
== j/d.yaml
apiVersion: v1
kind: Pod
metadata: {name: j}
spec: {containers: [{name: c, image: x, env: [{name: U, value: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"}]}]}
== k/kustomization.yaml
resources: [d.yaml]
transformers:
  - |-
    apiVersion: builtin
    kind: NamespaceTransformer
    metadata: {name: x, namespace: shop}
== k/d.yaml
apiVersion: v1
kind: Pod
metadata: {name: k, namespace: site}
spec: {containers: [{name: c, image: x, env: [{name: U, value: "http://«10.42.0.2:5000|orders:80»"}]}]}
""",
        ALL,
    ),
    "pods that only the cluster knows": case(
        """
== cm.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: agent-conf}
data: {U: "http://10.42.0.2:5000"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: job-conf}
data: {U: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"}
---
apiVersion: v1
kind: Secret
metadata: {name: keyed, namespace: shop}
stringData: {U: "http://10.42.0.2:5000"}
---
apiVersion: v1
kind: Secret
metadata: {name: keyed, namespace: other}
stringData: {U: "http://«10.42.0.2:5000|orders.shop.svc.cluster.local:80»"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: projected, namespace: shop}
data: {U: "http://10.42.0.2:5000"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: own, namespace: shop}
data: {U: "http://10.42.0.2:5000", W: "http://«10.42.0.1:8080|web:80»"}
== k/kustomization.yaml
namespace: shop
configMapGenerator: [{name: made, files: [app.ini]}]
== k/app.ini
url = http://10.42.0.2:5000
""",
        ALL,
        STRANGE,
        ns="",
    ),
}


@pytest.mark.parametrize("one", CASES.values(), ids=CASES)
def test_cases(one: Case, tmp_path: Path) -> None:
    files, plan = written(one, tmp_path)

    told = [
        f"{o.finding.file}:{o.finding.line} {o.finding.host} {o.reason} {o.why}"
        for o in plan.outcomes
        if not o.edited
    ]
    assert files == one.after, told
