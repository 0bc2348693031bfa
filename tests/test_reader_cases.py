"""Whole repositories, planned: docs/semantics.md, sections 2 to 5; each case names its kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clusters import deployed, pod, port, service, sport, stateful, workload
from tests.reader_cases import Case, case, written

WEB = [
    deployed("web", "10.42.0.1", port(8080, "http")),
    service("web", "10.43.0.1", {"app": "web"}, sport(80, "http")),
]
ORDERS = [
    deployed("orders", "10.42.0.2", 5000),
    service("orders", "10.43.0.2", {"app": "orders"}, sport(80, 5000)),
]
REDIS = [
    deployed("redis", "10.42.0.4", 6379),
    service("redis", "10.43.0.4", {"app": "redis"}, sport(6380, 6379)),
]
PG = [
    stateful("pg", ["10.42.0.5"], 5432, governing="pg-hs"),
    service("pg", "10.43.0.5", {"app": "pg"}, sport(5432, 5432)),
    service("pg-hs", "None", {"app": "pg"}, sport(5432, 5432)),
]
KAFKA = [
    stateful("kafka", ["10.42.0.11", "10.42.0.12", "10.42.0.13"], 9092, governing="kafka-hs"),
    service("kafka", "10.43.0.11", {"app": "kafka"}, sport(9092, 9092)),
    service("kafka-hs", "None", {"app": "kafka"}, sport(9092, 9092)),
]
RING = [
    stateful("ring", ["10.42.0.21", "10.42.0.22", "10.42.0.23"], 9042, governing="ring"),
    service("ring", "None", {"app": "ring"}, sport(9042, 9042)),
]
PROM = [
    deployed("prometheus", "10.42.1.1", 9090, ns="monitoring"),
    service("prometheus", "10.43.1.1", {"app": "prometheus"}, sport(80, 9090), ns="monitoring"),
]

OWN = {
    "entry script of a Java service, in a ConfigMap that it mounts": case("""
== k8s/orders.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: orders-start
  namespace: shop
data:
  start.sh: |
    #!/bin/sh
    exec java -Dserver.address=10.42.0.2 -Dserver.port=5000 \\
      -Dspring.redis.host=«10.42.0.4|redis» -Dspring.redis.port=«6379|6380» \\
      -jar /app.jar --web.url=http://«10.42.0.1:8080|web:80»/
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
  namespace: shop
spec:
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders}}
    spec:
      containers:
        - name: main
          image: registry.example.org/orders:1.4.2
          command: ["sh", "/start/start.sh"]
          ports: [{containerPort: 5000}]
          volumeMounts: [{name: start, mountPath: /start}]
      volumes: [{name: start, configMap: {name: orders-start}}]
""", ORDERS, REDIS, WEB),
    "servers whose reader is not known": case("""
== Procfile
web: gunicorn --workers 3 --bind 10.42.0.1:8080 shop.wsgi
worker: celery -A shop worker --broker redis://«10.42.0.4:6379|redis:6380»/0
flower: celery -A shop flower --address=10.42.0.1 --port=8080
== bin/serve.sh
#!/bin/sh
uvicorn shop.api:app --host 10.42.0.1 --port 8080 &
python -m http.server 8080 --bind 10.42.0.1 &
flask run -h 10.42.0.1 -p 8080 &
hypercorn -b 10.42.0.1:8080 shop:app &
waitress-serve --listen=10.42.0.1:8080 shop:app &
redis-server --bind 10.42.0.4 --port 6379 &
redis-cli -h «10.42.0.4|redis» -p «6379|6380» ping
== shop/serve.py
import asyncio
from http.server import HTTPServer, BaseHTTPRequestHandler
from aiohttp import web
import grpc
import waitress
import uvicorn
import redis


def main(app, pool):
    uvicorn.run(app, host="10.42.0.1", port=8080)
    waitress.serve(app, listen="10.42.0.1:8080")
    web.run_app(app, host="10.42.0.1", port=8080)
    HTTPServer(("10.42.0.1", 8080), BaseHTTPRequestHandler).serve_forever()
    server = grpc.server(pool)
    server.add_insecure_port("10.42.0.1:8080")
    channel = grpc.insecure_channel("«10.42.0.1:8080|web:80»")
    return redis.Redis(host="«10.42.0.4|redis»", port=«6379|6380»), channel


async def serve(handler):
    await asyncio.start_server(handler, "10.42.0.1", 8080)
    return await asyncio.open_connection("«10.42.0.1|web»", «8080|80»)
""", WEB, REDIS),
    "an OpenTelemetry collector's receivers and exporters": case("""
== otel/collector.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: otel-conf, namespace: shop}
data:
  config.yaml: |
    receivers:
      otlp:
        protocols:
          grpc: {endpoint: "10.42.0.31:4317"}
          http:
            endpoint: 10.42.0.31:4318
      redis:
        endpoint: «10.42.0.4:6379|redis:6380»
      prometheus:
        config:
          scrape_configs:
            - job_name: web
              static_configs: [{targets: ["«10.42.0.1:8080|web:80»"]}]
    exporters:
      otlphttp: {endpoint: "http://«10.42.0.1:8080|web:80»"}
    extensions:
      health_check: {endpoint: "10.42.0.31:13133"}
    service:
      telemetry: {metrics: {address: "10.42.0.31:8888"}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: otel, namespace: shop}
spec:
  selector: {matchLabels: {app: otel}}
  template:
    metadata: {labels: {app: otel}}
    spec:
      volumes: [{name: c, configMap: {name: otel-conf}}]
      containers: [{name: otel, image: otel, args: ["--config=/c/config.yaml"], volumeMounts: [{name: c, mountPath: /c}]}]
""", WEB, REDIS, deployed("otel", "10.42.0.31", 4317, 4318, 13133, 8888),
        service("otel", "10.43.0.31", {"app": "otel"}, sport(4317, 4317, "grpc"), sport(4318, 4318, "http"))),
    "Spring's nested server, and registrations": case("""
== orders/application.yml
server:
  address: 10.42.0.2
  port: 5000
spring:
  datasource:
    url: jdbc:postgresql://«10.42.0.5|pg»:5432/orders
  cloud:
    nacos:
      discovery:
        server-addr: «10.42.0.1:8080|web:80»
        ip: 10.42.0.2
        port: 5000
eureka:
  instance:
    ip-address: 10.42.0.2
    non-secure-port: 5000
    health-check-url: http://10.42.0.2:5000/actuator/health
  client:
    serviceUrl:
      defaultZone: http://«10.42.0.1:8080|web:80»/eureka/
management:
  server: {address: 10.42.0.2, port: 5000}
""", ORDERS, PG, WEB),
    "Spark's driver, and its master": case("""
== jobs/spark-defaults.conf
spark.master                 spark://«10.42.0.41:7077|spark:7077»
spark.driver.host            10.42.0.42
spark.driver.port            7078
spark.driver.bindAddress     10.42.0.42
spark.hadoop.fs.s3a.endpoint http://«10.42.0.1:8080|web:80»
== jobs/submit.sh
spark-submit --master spark://«10.42.0.41:7077|spark:7077» --conf spark.driver.host=10.42.0.42 --conf spark.driver.port=7078 job.py
""", WEB, deployed("spark", "10.42.0.41", 7077), service("spark", "10.43.0.41", {"app": "spark"}, sport(7077, 7077)),
        deployed("notebook", "10.42.0.42", 7078), service("notebook", "10.43.0.42", {"app": "notebook"}, sport(7078, 7078))),
    "RabbitMQ's listeners and nodes": case("""
== mq/conf.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: mq, namespace: shop}
data:
  rabbitmq.conf: |
    listeners.tcp.1 = 10.42.0.51:5672
    management.tcp.ip = 10.42.0.51
    management.tcp.port = 15672
    cluster_formation.peer_discovery_backend = classic_config
    cluster_formation.classic_config.nodes.1 = rabbit@10.42.0.51
    auth_http.user_path = http://«10.42.0.1:8080|web:80»/auth/user
  enabled_plugins: "[rabbitmq_management]."
""", WEB, deployed("mq", "10.42.0.51", 5672, 15672),
        service("mq", "10.43.0.51", {"app": "mq"}, sport(5672, 5672, "amqp"), sport(15672, 15672, "http"))),
    "etcd's peers in one shell string": case("""
== etcd/etcd.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: etcd, namespace: shop}
spec:
  serviceName: etcd
  replicas: 2
  selector: {matchLabels: {app: etcd}}
  template:
    metadata: {labels: {app: etcd}}
    spec:
      containers:
        - name: etcd
          image: etcd
          command:
            - /bin/sh
            - -c
            - |
              exec etcd --name $(HOSTNAME) \\
                --listen-peer-urls http://10.42.0.61:2380 \\
                --listen-client-urls http://10.42.0.61:2379 \\
                --initial-cluster etcd-0=http://«10.42.0.61|etcd-0.etcd.shop.svc.cluster.local»:2380,etcd-1=http://«10.42.0.62|etcd-1.etcd.shop.svc.cluster.local»:2380
""", stateful("etcd", ["10.42.0.61", "10.42.0.62"], port(2379, "client"), port(2380, "peer"), governing="etcd"),
        service("etcd", "None", {"app": "etcd"}, sport(2379, 2379, "client"), sport(2380, 2380, "peer"))),
    "ZooKeeper with one replica": case("""
== zk/zk.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: zk, namespace: shop}
data:
  zoo.cfg: |
    clientPortAddress=10.42.0.71
    clientPort=2181
    server.1=«10.42.0.71|zk-0.zk-hs.shop.svc.cluster.local»:2888:3888
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: zk, namespace: shop}
spec:
  serviceName: zk-hs
  selector: {matchLabels: {app: zk}}
  template:
    metadata: {labels: {app: zk}}
    spec:
      volumes: [{name: c, configMap: {name: zk}}]
      containers: [{name: zk, image: zookeeper, volumeMounts: [{name: c, mountPath: /conf}]}]
""", stateful("zk", ["10.42.0.71"], 2181, 2888, 3888, governing="zk-hs"),
        service("zk-hs", "None", {"app": "zk"}, sport(2888, 2888, "peer"), sport(3888, 3888, "vote")),
        service("zk", "10.43.0.71", {"app": "zk"}, sport(2181, 2181))),
    "Envoy's listener and its clusters": case("""
== edge/envoy.yaml
static_resources:
  listeners:
    - name: ingress
      address:
        socket_address: {address: 10.42.0.31, port_value: 10000}
  clusters:
    - name: web
      type: STRICT_DNS
      load_assignment:
        cluster_name: web
        endpoints:
          - lb_endpoints:
              - endpoint:
                  address:
                    socket_address:
                      address: «10.42.0.1|web»
                      port_value: «8080|80»
admin:
  address:
    socket_address: {address: 10.42.0.31, port_value: 9901}
""", WEB, deployed("envoy", "10.42.0.31", 10000, 9901), service("envoy", "10.43.0.31", {"app": "envoy"}, sport(80, 10000, "http"), sport(9901, 9901, "admin"))),
    "telegraf's listeners and outputs": case("""
== metrics/telegraf.conf
[[inputs.http_listener_v2]]
  service_address = "http://10.42.0.31:8186"
  paths = ["/write"]
[[inputs.statsd]]
  service_address = "10.42.0.31:8125"
[[inputs.redis]]
  servers = ["tcp://«10.42.0.4:6379|redis:6380»"]
[[outputs.influxdb]]
  urls = ["http://«10.42.0.1:8080|web:80»"]
""", WEB, REDIS, deployed("telegraf", "10.42.0.31", 8186, port(8125, protocol="UDP")),
        service("telegraf", "10.43.0.31", {"app": "telegraf"}, sport(8186, 8186, "http"))),
    "Kibana and Elasticsearch": case("""
== elk/kibana.yml
server.host: "10.42.0.31"
server.port: 5601
elasticsearch.hosts: ["http://«10.42.0.32:9200|es:9200»"]
== elk/elasticsearch.yml
network.host: 10.42.0.32
http.port: 9200
transport.host: 10.42.0.32
network:
  publish_host: 10.42.0.32
reindex.remote.whitelist: "10.42.0.32:9200"
""", deployed("kibana", "10.42.0.31", 5601), service("kibana", "10.43.0.31", {"app": "kibana"}, sport(80, 5601)),
        deployed("es", "10.42.0.32", 9200), service("es", "10.43.0.32", {"app": "es"}, sport(9200, 9200))),
}  # fmt: skip

NAMESPACES = {
    "Argo CD: one ApplicationSet, a directory an environment": case("""
== argocd/apps.yaml
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: portal, namespace: argocd}
spec:
  goTemplate: true
  generators:
    - git:
        repoURL: https://git.example.org/platform/deploy.git
        revision: HEAD
        directories: [{path: "envs/*"}, {path: envs/shared, exclude: true}]
  template:
    metadata: {name: "portal-{{.path.basename}}"}
    spec:
      project: default
      source: {repoURL: https://git.example.org/platform/deploy.git, targetRevision: HEAD, path: "{{.path.path}}"}
      destination: {server: https://kubernetes.default.svc, namespace: "{{.path.basename}}"}
== envs/shop/portal.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: portal}
data:
  API: http://«10.42.0.1:8080|web:80»/v1
== envs/staging/portal.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: portal}
data:
  API: http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»/v1
""", WEB),
    "Argo CD: a list of clusters, each with its namespace, values of a remote chart": case("""
== apps/portal.yaml
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: portal}
spec:
  generators:
    - list:
        elements:
          - {env: dev, space: portal-dev}
          - {env: live, space: shop}
  template:
    metadata: {name: "portal-{{env}}"}
    spec:
      sources:
        - repoURL: https://charts.example.org
          chart: portal
          targetRevision: 2.1.0
          helm: {valueFiles: ["$here/values/common.yaml", "$here/values/{{env}}.yaml"]}
        - {repoURL: https://git.example.org/deploy.git, ref: here}
      destination: {name: in-cluster, namespace: "{{space}}"}
== values/common.yaml
backend: {url: "http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»"}
== values/dev.yaml
cache: {host: «10.42.0.4|redis.shop.svc.cluster.local», port: «6379|6380»}
== values/live.yaml
cache: {host: «10.42.0.4|redis», port: «6379|6380»}
""", WEB, REDIS),
    "Argo CD: an app of apps in one namespace, its applications in others": case("""
== root/kustomization.yaml
namespace: argocd
resources: [shop.yaml, billing.yaml]
== root/shop.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: shop}
spec:
  destination: {namespace: shop, server: https://kubernetes.default.svc}
  source: {path: apps/shop, repoURL: https://git.example.org/deploy.git}
== root/billing.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: billing}
spec:
  destination: {namespace: billing, server: https://kubernetes.default.svc}
  source:
    path: apps/billing
    repoURL: https://git.example.org/deploy.git
    kustomize: {namePrefix: eu-}
== apps/shop/cron.yaml
apiVersion: batch/v1
kind: CronJob
metadata: {name: ping}
spec: {schedule: "@daily", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: curl, args: ["http://«10.42.0.1:8080|web:80»"]}]}}}}}
== apps/billing/kustomization.yaml
resources: [cron.yaml]
== apps/billing/cron.yaml
apiVersion: batch/v1
kind: CronJob
metadata: {name: ping}
spec: {schedule: "@daily", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: curl, args: ["http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»"]}]}}}}}
""", WEB),
    "Flux: clusters, apps and a release whose values come from a generator": case("""
== clusters/prod/apps.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec: {interval: 10m, path: ./apps/prod, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
== apps/prod/kustomization.yaml
namespace: front
resources: [../base]
configMapGenerator:
  - name: portal-values
    files: [values.yaml=portal-values.yaml]
configurations: [kustomizeconfig.yaml]
== apps/prod/kustomizeconfig.yaml
nameReference:
  - {kind: ConfigMap, version: v1, fieldSpecs: [{path: spec/valuesFrom/name, kind: HelmRelease}]}
== apps/prod/portal-values.yaml
api: http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»
== apps/base/kustomization.yaml
resources: [release.yaml]
== apps/base/release.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: portal}
spec:
  interval: 5m
  chart: {spec: {chart: portal, version: "2.x", sourceRef: {kind: HelmRepository, name: acme}}}
  valuesFrom: [{kind: ConfigMap, name: portal-values}]
  values:
    cache: {url: "redis://«10.42.0.4:6379|redis.shop.svc.cluster.local:6380»"}
""", WEB, REDIS),
    "Flux: one path for two namespaces": case("""
== clusters/a.yaml
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: portal-dev, namespace: flux-system}
spec: {path: ./portal, targetNamespace: dev, sourceRef: {kind: GitRepository, name: x}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: portal-live, namespace: flux-system}
spec: {path: ./portal, targetNamespace: shop, sourceRef: {kind: GitRepository, name: x}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: jobs, namespace: flux-system}
spec: {path: ./jobs/, targetNamespace: shop, sourceRef: {kind: GitRepository, name: x}}
== portal/cm.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: portal}
data: {API: "http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»"}
== jobs/cm.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: jobs}
data: {API: "http://«10.42.0.1:8080|web:80»"}
""", WEB),
    "helmfile: bases, a release with a namespace, and one without": case("""
== helmfile.yaml
bases: [env.yaml]
---
releases:
  - name: portal
    namespace: front
    chart: acme/portal
    values:
      - values/portal.yaml
      - ingress: {enabled: true}
        api: http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»
  - name: jobs
    namespace: shop
    chart: acme/jobs
    values: [values/jobs.yaml.gotmpl]
== env.yaml
environments: {default: {}}
== values/portal.yaml
cache: "redis://«10.42.0.4:6379|redis.shop.svc.cluster.local:6380»/0"
== values/jobs.yaml.gotmpl
cache: "redis://«10.42.0.4:6379|redis:6380»/0"
env: {{ .Environment.Name }}
""", WEB, REDIS),
    "Fleet and its customized targets": case("""
== bundle/fleet.yaml
defaultNamespace: shop
helm:
  releaseName: portal
  chart: oci://registry.example.org/portal
  valuesFiles: [base.yaml]
targetCustomizations:
  - {name: edge, namespace: edge, clusterSelector: {matchLabels: {edge: "true"}}, helm: {valuesFiles: [edge.yaml]}}
== bundle/base.yaml
api: http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»
== bundle/edge.yaml
api: http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»
== jobs/fleet.yaml
namespace: shop
== jobs/cm.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: jobs}
data: {API: "http://«10.42.0.1:8080|web:80»"}
""", WEB),
    "agents from elsewhere: Datadog's checks, Grafana's sidecar, a mesh": case("""
== shop/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata:
      labels: {app: api}
      annotations:
        ad.datadoghq.com/api.checks: |
          {"redisdb": {"instances": [{"host": "«10.42.0.4|redis.shop.svc.cluster.local»", "port": «6379|6380»}]}}
        prometheus.io/port: "8080"
    spec:
      containers: [{name: api, image: x, env: [{name: CACHE_URL, value: "redis://«10.42.0.4:6379|redis:6380»"}]}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: shop-sources, namespace: shop, labels: {grafana_datasource: "1"}}
data:
  shop.yaml: |
    apiVersion: 1
    datasources:
      - {name: shop, type: postgres, url: "«10.42.0.5|pg.shop.svc.cluster.local»:5432", database: shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data:
  mesh: |
    defaultConfig:
      tracing: {zipkin: {address: "«10.42.0.1:8080|web.shop.svc.cluster.local:80»"}}
""", WEB, REDIS, PG),
    "what replacements carry": case("""
== k/kustomization.yaml
namespace: shop
resources: [cm.yaml, ing.yaml]
replacements:
  - source: {kind: ConfigMap, name: auth, fieldPath: data.AUTH_URL}
    targets:
      - select: {kind: Ingress}
        fieldPaths: ["metadata.annotations.[nginx.ingress.kubernetes.io/auth-url]"]
        options: {create: true}
== k/cm.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: auth}
data:
  AUTH_URL: http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»/check
== k/ing.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: x}
spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
""", WEB),
    "two overlays of a base, one generator in each": case("""
== base/kustomization.yaml
resources: [deploy.yaml]
== base/deploy.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: portal}
spec:
  selector: {matchLabels: {app: portal}}
  template:
    metadata: {labels: {app: portal}}
    spec: {containers: [{name: c, image: x, envFrom: [{configMapRef: {name: portal}}], env: [{name: CACHE, value: "redis://«10.42.0.4:6379|redis.shop.svc.cluster.local:6380»"}]}]}
== overlays/live/kustomization.yaml
namespace: shop
resources: [../../base]
configMapGenerator: [{name: portal, envs: [portal.env]}]
== overlays/live/portal.env
API=http://«10.42.0.1:8080|web:80»
== overlays/dev/kustomization.yaml
namespace: dev
resources: [../../base]
configMapGenerator: [{name: portal, literals: ["API=http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»"]}]
""", WEB, REDIS),
}  # fmt: skip

NETWORKS = {
    "compose: its env files, its mounts, and the code that it builds": case("""
== docker-compose.yml
services:
  portal:
    build: {context: ./portal}
    env_file: [deploy/portal.env]
    environment:
      API: http://10.42.0.1:8080
    volumes:
      - ./deploy/nginx.conf:/etc/nginx/nginx.conf:ro
      - type: bind
        source: ./deploy/conf.d
        target: /etc/conf.d
    command: ["--cache", "10.42.0.4:6379"]
configs:
  prom: {file: ./deploy/prom.yml}
== deploy/portal.env
CACHE=redis://10.42.0.4:6379
== deploy/nginx.conf
upstream api { server 10.42.0.1:8080; }
== deploy/conf.d/extra.ini
url = http://10.42.0.1:8080
== deploy/prom.yml
scrape_configs: [{job_name: web, static_configs: [{targets: ["10.42.0.1:8080"]}]}]
== portal/Dockerfile
FROM python:3.12
COPY . /app
CMD ["python", "/app/main.py"]
== portal/main.py
API = "http://«10.42.0.1:8080|web:80»"
""", WEB, REDIS),
    "pipelines: scripts that they run, wherever these lie": case("""
== .github/workflows/ci.yml
on: push
jobs:
  smoke:
    runs-on: ubuntu-latest
    defaults: {run: {working-directory: e2e}}
    steps:
      - uses: actions/checkout@v4
      - run: ./check.sh
      - uses: ./.github/actions/warm
      - name: migrate
        working-directory: tools/db
        run: |
          set -e
          python migrate.py --all
== e2e/check.sh
curl -f http://10.42.0.1:8080/healthz
. ./lib.sh
== e2e/lib.sh
redis-cli -h 10.42.0.4 -p 6379 ping
== tools/db/migrate.py
URL = "postgresql://shop@10.42.0.5:5432/shop"
== tools/db/serve.py
URL = "postgresql://shop@«10.42.0.5|pg»:5432/shop"
== .github/actions/warm/action.yml
runs:
  using: composite
  steps:
    - {shell: bash, run: "${{ github.action_path }}/warm.sh"}
== .github/actions/warm/warm.sh
curl http://10.42.0.1:8080/warm
""", WEB, REDIS, PG),
    "host network: an agent's ConfigMap, by an overlay's component": case("""
== agent/base/kustomization.yaml
resources: [ds.yaml]
configMapGenerator: [{name: agent, files: [agent.toml]}]
== agent/base/agent.toml
[output]
url = "http://10.42.0.1:8080"
== agent/base/ds.yaml
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      containers: [{name: c, image: x, volumeMounts: [{name: v, mountPath: /e}]}]
      volumes: [{name: v, configMap: {name: agent}}]
== agent/host/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - target: {kind: DaemonSet, name: agent}
    patch: |-
      - {op: add, path: /spec/template/spec/hostNetwork, value: true}
== agent/live/kustomization.yaml
namespace: shop
resources: [../base]
components: [../host]
""", WEB),
    "host network: by one of a chart's values files": case("""
== charts/agent/Chart.yaml
apiVersion: v2
name: agent
version: 1.0.0
== charts/agent/values.yaml
hostNetwork: false
sink: http://10.42.0.1:8080
== charts/agent/values-edge.yaml
hostNetwork: true
== charts/agent/templates/cm.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-agent}
data: {SINK: {{ .Values.sink | quote }}}
== charts/agent/templates/ds.yaml
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: {{ .Release.Name }}-agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      hostNetwork: {{ .Values.hostNetwork }}
      containers: [{name: c, image: x, envFrom: [{configMapRef: {name: {{ .Release.Name }}-agent}}]}]
""", WEB),
    "Jenkins, Make and an Ansible role": case("""
== Jenkinsfile
pipeline { stages { stage('s') { steps { dir('ops') { sh 'make smoke' } } } } }
== ops/Makefile
smoke:
	curl http://10.42.0.1:8080
	bash scripts/deep.sh
== ops/scripts/deep.sh
curl http://10.42.0.1:8080/deep
== ansible/roles/web/templates/app.conf.j2
api = http://10.42.0.1:8080
== app/app.conf
api = http://«10.42.0.1:8080|web:80»
""", WEB),
}  # fmt: skip

FEEDS = {
    "Argo CD's valuesObject of a chart of the same repository": case("""
== charts/portal/Chart.yaml
apiVersion: v2
name: portal
version: 1.0.0
== charts/portal/values.yaml
orders: {host: "", port: 0}
== charts/portal/templates/all.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: portal}
spec:
  selector: {matchLabels: {app: portal}}
  template:
    metadata: {labels: {app: portal}}
    spec: {containers: [{name: c, image: x, env: [{name: ORDERS, value: "{{ .Values.orders.host }}:{{ .Values.orders.port }}"}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: portal}
spec: {podSelector: {matchLabels: {app: portal}}, egress: [{ports: [{port: {{ .Values.orders.port }}}]}]}
== apps/portal.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: portal}
spec:
  destination: {namespace: shop}
  source: {path: charts/portal, helm: {valuesObject: {orders: {host: 10.42.0.2, port: 5000}}}}
""", ORDERS),
    "a value that an annotation repeats is no listener": case("""
== charts/portal/Chart.yaml
apiVersion: v2
name: portal
version: 1.0.0
== charts/portal/values.yaml
api: http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»
== charts/portal/templates/d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: portal}
spec:
  selector: {matchLabels: {app: portal}}
  template:
    metadata: {labels: {app: portal}, annotations: {acme.io/backend: {{ .Values.api | quote }}}}
    spec: {containers: [{name: c, image: x, env: [{name: API, value: {{ .Values.api | quote }}}]}]}
""", WEB),
    "Flux's inline values of a chart in git, with its Service's port": case("""
== charts/portal/Chart.yaml
apiVersion: v2
name: portal
version: 1.0.0
== charts/portal/values.yaml
listen: 0.0.0.0
upstream: {}
== charts/portal/templates/d.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: portal}
data:
  app.ini: |
    upstream = {{ .Values.upstream.host }}:{{ .Values.upstream.port }}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: portal}
spec:
  selector: {matchLabels: {app: portal}}
  template:
    metadata: {labels: {app: portal}}
    spec:
      volumes: [{name: v, configMap: {name: portal}}]
      containers: [{name: c, image: x, volumeMounts: [{name: v, mountPath: /e}]}]
== flux/portal.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: portal, namespace: shop}
spec:
  chart: {spec: {chart: ./charts/portal, sourceRef: {kind: GitRepository, name: x}}}
  values:
    upstream:
      host: «10.42.0.2|orders»
      port: «5000|80»
""", ORDERS),
}  # fmt: skip

QUOTE_TEMPLATE = {
    "metadata": {"labels": {"app": "quote"}},
    "spec": {"containers": [{"name": "main", "ports": [port(7000, "rpc")]}]},
}
UNSERVED = [
    workload("Deployment", "quote", {"app": "quote"}, template=QUOTE_TEMPLATE),
    *deployed("quote", "10.42.0.81", port(7000, "rpc"))[1:],
]
QUOTE_YAML = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: quote
spec:
  selector:
    matchLabels: {app: quote}
  template:
    metadata:
      labels: {app: quote}
    spec:
      containers:
        - {name: main, image: quote, ports: [{name: rpc, containerPort: 7000}]}
"""
QUOTE_SERVICE = """# For Deployment shop/quote, which had no Service.
apiVersion: v1
kind: Service
metadata:
  name: quote
spec:
  selector:
    app: quote
  ports:
    - name: rpc
      port: 7000
      targetPort: rpc
"""
SERVICES = {
    "a missing one is listed wherever its workload is": case(
        f"""
== base/kustomization.yml
resources:
  - quote.yaml«|
  - quote-service.yaml»
  - client.yaml
== base/quote.yaml
{QUOTE_YAML}== base/client.yaml
apiVersion: v1
kind: ConfigMap
metadata: {{name: client}}
data: {{QUOTE: "«10.42.0.81:7000|quote:7000»"}}
== Kustomization
namespace: shop
resources:
- base/quote.yaml«|
- base/quote-service.yaml»
== live/kustomization.yaml
namespace: shop
resources: [../base]
++ base/quote-service.yaml
{QUOTE_SERVICE}""",
        UNSERVED,
    ),
    "an overlay has one of that name": case(
        f"""
== base/kustomization.yaml
resources: [quote.yaml, «|quote-svc-service.yaml, »client.yaml]
== base/quote.yaml
{QUOTE_YAML}== base/client.yaml
apiVersion: v1
kind: ConfigMap
metadata: {{name: client}}
data: {{QUOTE: "«10.42.0.81:7000|quote-svc:7000»"}}
== live/kustomization.yaml
namespace: shop
resources: [../base, svc.yaml]
== live/svc.yaml
apiVersion: v1
kind: Service
metadata: {{name: quote}}
spec: {{selector: {{app: other}}, ports: [{{port: 80}}]}}
++ base/quote-svc-service.yaml
{QUOTE_SERVICE.replace("  name: quote", "  name: quote-svc")}""",
        UNSERVED,
    ),
    "the repository has it, and the cluster not yet": case(f"""
== k/kustomization.yaml
namespace: shop
resources: [quote.yaml, svc.yaml, client.yaml]
== k/quote.yaml
{QUOTE_YAML}== k/svc.yaml
apiVersion: v1
kind: Service
metadata: {{name: quotes}}
spec:
  selector: {{app: quote}}
  ports:
    - {{name: grpc, port: 9000, targetPort: rpc}}
== k/client.yaml
apiVersion: v1
kind: ConfigMap
metadata: {{name: client}}
data: {{QUOTE: "«10.42.0.81:7000|quotes:9000»"}}
""", UNSERVED),
    "the repository's own lacks the port that the cluster has": case("""
== k/web.yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 8000, targetPort: 8080}]}
== k/client.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: client, namespace: shop}
data: {WEB: "http://10.42.0.1:8080", CACHE: "redis://«10.42.0.4:6379|redis:6380»"}
""", WEB, REDIS),
    "the repository's own selects other pods": case("""
== k/web.yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: landing}, ports: [{port: 80, targetPort: 8080}]}
== k/client.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: client, namespace: shop}
data: {WEB: "http://10.42.0.1:8080"}
""", WEB),
    "the repository's own leads to another port": case("""
== k/web.yaml
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8081}]}
== k/client.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: client, namespace: shop}
data: {WEB: "http://10.42.0.1:8080"}
""", WEB),
    "a switched off template of a chart": case("""
== charts/quote/Chart.yaml
apiVersion: v2
name: quote
version: 1.0.0
== charts/quote/values.yaml
service: {enabled: false, port: 7000}
== charts/quote/templates/d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}}
spec:
  selector: {matchLabels: {app: {{ .Release.Name }}}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}}}
    spec: {containers: [{name: main, image: x, ports: [{name: rpc, containerPort: 7000}]}]}
== charts/quote/templates/s.yaml
{{- if .Values.service.enabled }}
apiVersion: v1
kind: Service
metadata: {name: {{ .Release.Name }}}
spec: {selector: {app: {{ .Release.Name }}}, ports: [{port: {{ .Values.service.port }}, targetPort: rpc}]}
{{- end }}
== client.env
QUOTE=10.42.0.81:7000
""", UNSERVED),
    "one switched on in one installation": case("""
== charts/quote/Chart.yaml
apiVersion: v2
name: quote
version: 1.0.0
== charts/quote/values.yaml
service: {enabled: false, port: 7000}
== charts/quote/templates/d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}}
spec:
  selector: {matchLabels: {app: {{ .Release.Name }}}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}}}
    spec: {containers: [{name: main, image: x, ports: [{name: rpc, containerPort: 7000}]}]}
== charts/quote/templates/s.yaml
{{- if .Values.service.enabled }}
apiVersion: v1
kind: Service
metadata: {name: {{ .Release.Name }}}
spec: {selector: {app: {{ .Release.Name }}}, ports: [{port: {{ .Values.service.port }}, targetPort: rpc}]}
{{- end }}
== apps/quote.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: quote}
spec:
  destination: {namespace: shop}
  source: {path: charts/quote, helm: {valuesObject: {service: {enabled: true, port: 7100}}}}
== client.env
QUOTE=«10.42.0.81:7000|quote:7100»
""", UNSERVED),
}  # fmt: skip

RELEASES = {
    "name and port of a Service of the release": case("""
== charts/shop/Chart.yaml
apiVersion: v2
name: shop
version: 1.0.0
== charts/shop/values.yaml
web: {port: 80}
== charts/shop/templates/web.yaml
apiVersion: v1
kind: Service
metadata: {name: {{ .Release.Name }}-web}
spec: {selector: {app: {{ .Release.Name }}-web}, ports: [{port: {{ .Values.web.port }}, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}-web}
spec:
  selector: {matchLabels: {app: {{ .Release.Name }}-web}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}-web}}
    spec: {containers: [{name: c, image: x, ports: [{containerPort: 8080}]}]}
== apps/s.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: s}
spec: {destination: {namespace: shop}, source: {path: charts/shop}}
== charts/shop/templates/job.yaml
apiVersion: batch/v1
kind: Job
metadata: {name: {{ .Release.Name }}-warm}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: c
          image: curl
          args: ["http://«10.42.0.91:8080|{{ .Release.Name }}-web:{{ .Values.web.port }}»/warm"]
""", deployed("s-web", "10.42.0.91", 8080), service("s-web", "10.43.0.91", {"app": "s-web"}, sport(80, 8080))),
    "a chart at the root, whose Service is missing": case("""
== Chart.yaml
apiVersion: v2
name: quote
version: 1.0.0
== values.yaml
client: {}
== argocd/s.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: s}
spec: {destination: {namespace: shop}, source: {path: .}}
== templates/d.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-quote
spec:
  selector:
    matchLabels:
      app: {{ .Release.Name }}-quote
  template:
    metadata:
      labels:
        app: {{ .Release.Name }}-quote
    spec:
      containers:
        - name: main
          image: x
          ports:
            - name: rpc
              containerPort: 7000
== templates/cm.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-client
data:
  QUOTE: "«10.42.0.92:7000|{{ .Release.Name }}-quote:7000»"
++ templates/d-service.yaml
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-quote
spec:
  selector:
    app: {{ .Release.Name }}-quote
  ports:
    - name: tcp-7000
      port: 7000
      targetPort: 7000
""", deployed("s-quote", "10.42.0.92", port(7000, "rpc"))),
}  # fmt: skip

IDENTITY = {
    "an operator's pods with names of their own": case("""
== client/conf.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: client, namespace: shop}
data:
  bootstrap.servers: "«10.42.0.95:9092|ev-pool-0.ev-brokers.shop.svc.cluster.local:9092»,«10.42.0.96:9092|ev-pool-1.ev-brokers.shop.svc.cluster.local:9092»"
""", [pod(f"ev-pool-{n}", f"10.42.0.9{5 + n}", {"strimzi.io/cluster": "ev"}, [9092], "StrimziPodSet/ev-pool", hostname=f"ev-pool-{n}", subdomain="ev-brokers") for n in (0, 1)],
        service("ev-brokers", "None", {"strimzi.io/cluster": "ev"}, sport(9092, 9092)),
        service("ev-bootstrap", "10.43.0.95", {"strimzi.io/cluster": "ev"}, sport(9092, 9092))),
    "two replicas of a Deployment in a proxy's list": case("""
== k/se.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: proxy, namespace: shop}
data:
  haproxy.cfg: |
    backend web
      server w1 «10.42.0.101:8080|front:80» check
      server w2 «10.42.0.102:8080|front:80» check
  nginx.conf: |
    upstream web {
      server «10.42.0.101:8080|front:80»;
      server «10.42.0.102:8080|front:80»;
    }
""", workload("Deployment", "front", {"app": "front"}, replicas=2), workload("ReplicaSet", "front-1", {"app": "front"}, owner="Deployment/front", replicas=2),
        pod("front-1-a", "10.42.0.101", {"app": "front"}, [8080], "ReplicaSet/front-1"), pod("front-1-b", "10.42.0.102", {"app": "front"}, [8080], "ReplicaSet/front-1"),
        service("front", "10.43.0.101", {"app": "front"}, sport(80, 8080))),
    "a JSON patch's test follows its base": case("""
== base/kustomization.yaml
resources: [d.yaml]
== base/d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: portal}
spec:
  selector: {matchLabels: {app: portal}}
  template:
    metadata: {labels: {app: portal}}
    spec: {containers: [{name: c, image: x, env: [{name: API, value: "http://«10.42.0.1:8080|web:80»"}]}]}
== live/kustomization.yaml
namespace: shop
resources: [../base]
patches:
  - target: {kind: Deployment, name: portal}
    patch: |-
      - op: test
        path: /spec/template/spec/containers/0/env/0/value
        value: "http://«10.42.0.1:8080|web:80»"
      - op: replace
        path: /spec/template/spec/containers/0/env/0/name
        value: BACKEND
""", WEB),
}  # fmt: skip

PORTLESS = {
    "Loki: the first name by alphabet is gossip's": case("""
== conf/promtail.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: promtail, namespace: shop}
data: {LOKI_HOST: 10.42.0.111, LOKI_URL: "http://«10.42.0.111:3100|loki:3100»/loki/api/v1/push"}
""", deployed("loki", "10.42.0.111", port(3100, "http"), port(7946, "gossip")),
        service("gossip", "10.43.0.111", {"app": "loki"}, sport(7946, 7946)), service("loki", "10.43.0.112", {"app": "loki"}, sport(3100, 3100))),
    "a Service that maps, and one that does not": case("""
== app.env
ORDERS_HOST=10.42.0.2
PG_HOST=«10.42.0.5|pg»
REDIS_HOST=10.42.0.4
REDIS_URL=redis://«10.42.0.4|redis:6380»
DATABASE_URL=postgresql://u:p@«10.42.0.5|pg»/shop
""", ORDERS, PG, REDIS),
}  # fmt: skip

ROLES = {
    "origins in every spelling": case("""
== api/main.py
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from flask_cors import cross_origin, CORS

origins = ["http://10.42.0.1:8080", "http://10.42.0.2:5000"]
trusted = "http://10.42.0.1:8080"
BACKENDS = ["http://«10.42.0.1:8080|web:80»"]
app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=origins, allow_methods=["*"])
CORS(app, resources={r"/*": {"origins": trusted}})


@cross_origin(origins=["http://10.42.0.1:8080"])
def hello(response):
    response.headers["Access-Control-Allow-Origin"] = "http://10.42.0.1:8080"
    response.headers.add("Access-Control-Allow-Origin", "http://10.42.0.1:8080")
    return {"X-Next": "http://«10.42.0.1:8080|web:80»"}
== edge/site.conf
server {
  add_header 'Access-Control-Allow-Origin' 'http://10.42.0.1:8080' always;
  location /api { proxy_pass http://«10.42.0.1:8080|web:80»; }
}
== api/settings.py
CSRF_TRUSTED_ORIGINS = ["http://10.42.0.1:8080"]
ALLOWED_HOSTS = ["10.42.0.1"]
CORS_ALLOWED_ORIGINS = ["http://10.42.0.1:8080"]
SEARCH_URL = "http://«10.42.0.1:8080|web:80»"
""", WEB, ORDERS),
    "identities, issuers and redirects": case("""
== conf/app.yaml
jwt:
  iss: http://10.42.0.1:8080/realms/shop
  aud: http://10.42.0.1:8080
  jwks_url: http://«10.42.0.1:8080|web:80»/realms/shop/certs
oidc:
  issuer: http://10.42.0.1:8080/realms/shop
  tokenEndpoint: http://«10.42.0.1:8080|web:80»/token
  redirect_uri: http://10.42.0.1:8080/callback
== conf/httpd.conf
RewriteEngine On
RewriteRule ^/old/(.*)$ http://10.42.0.1:8080/new/$1 [R=301,L]
RewriteRule ^/api/(.*)$ http://«10.42.0.1:8080|web:80»/$1 [P]
ProxyPass /web http://«10.42.0.1:8080|web:80»/
Redirect permanent /x http://10.42.0.1:8080/x
== conf/alertmanager.yml
route:
  routes:
    - matchers: ['instance="10.42.0.1:8080"', "job=web"]
      receiver: hook
    - match_re: {instance: "10.42.0.1:.*"}
receivers:
  - name: hook
    webhook_configs: [{url: "http://«10.42.0.1:8080|web:80»/alert"}]
inhibit_rules:
  - source_matchers: ['instance = 10.42.0.1:8080']
== ops/cluster.sh
rabbitmqctl -n rabbit@10.42.0.1 cluster_status
rabbitmqctl join_cluster rabbit@10.42.0.1
curl -s "http://«10.42.0.1:8080|web:80»/api/nodes/rabbit@10.42.0.1"
""", WEB),
    "full URLs under words of policy": case("""
== conf/app.yaml
gateway: http://«10.42.0.1:8080|web:80»
network: {from: "http://«10.42.0.1:8080|web:80»/in", dns: "http://«10.42.0.1:8080|web:80»"}
image: http://«10.42.0.1:8080|web:80»/logo.png
selector: {url: "http://«10.42.0.1:8080|web:80»"}
mirrors: ["http://«10.42.0.1:8080|web:80»/simple"]
panels: [{url: "http://«10.42.0.1:8080|web:80»/render"}]
allow: ["10.42.0.1"]
== k/app.yaml
apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: portal, namespace: shop}
spec:
  components:
    - {name: portal, type: webservice, properties: {image: x, env: [{name: API, value: "http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»"}]}}
  destination: {server: "http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»"}
== k/pod.yaml
apiVersion: v1
kind: Pod
metadata: {name: x, namespace: shop}
spec:
  containers: [{name: x, image: "10.42.0.1:8080/app:1", env: [{name: REGISTRY_API, value: "http://«10.42.0.1:8080|web:80»/v2/"}]}]
""", WEB),
    "labels before URLs, and the halves of lists": case("""
== conf/client.properties
etcd.endpoints=etcd-a=http://«10.42.0.1:8080|web:80»
cassandra.dcs=dc1:«10.42.0.21|ring-0.ring.shop.svc.cluster.local»,«10.42.0.22|ring-1.ring.shop.svc.cluster.local»;dc2:«10.42.0.23|ring-2.ring.shop.svc.cluster.local»
== conf/deploy.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: portal, namespace: shop}
spec:
  selector: {matchLabels: {app: portal}}
  template:
    metadata: {labels: {app: portal}}
    spec:
      containers:
        - name: c
          image: x
          env:
            - {name: SCYLLA_DCS, value: "dc1:«10.42.0.21|ring-0.ring.shop.svc.cluster.local»,«10.42.0.22|ring-1.ring.shop.svc.cluster.local»;dc2:«10.42.0.23|ring-2.ring.shop.svc.cluster.local»"}
""", WEB, RING),
}  # fmt: skip

MISSES = {
    "a map of nginx": case("""
== edge/nginx.conf
map $http_x_shard $backend {
  default      «10.42.0.1:8080|web:80»;
  10.42.0.2    «10.42.0.2:5000|orders:80»;
  ~^cache      http://«10.42.0.1:8080|web:80»;
}
geo $inside { default 0; 10.42.0.1 1; }
upstream pool { server «10.42.0.2:5000|orders:80» max_fails=2; }
server { location / { proxy_pass http://$backend; } }
""", WEB, ORDERS),
    "files that a chart reads, of any suffix": case("""
== charts/alloy/Chart.yaml
apiVersion: v2
name: alloy
version: 1.0.0
== charts/alloy/config.alloy
prometheus.remote_write "default" {
  endpoint { url = "http://«10.42.0.1:8080|web:80»/api/v1/write" }
}
== charts/alloy/dashboards/x.tmpl
<a href="http://«10.42.0.1:8080|web:80»/x">
== charts/alloy/templates/cm.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: alloy}
data:
  config.alloy: |
{{ .Files.Get "config.alloy" | indent 4 }}
{{- range $path, $_ := .Files.Glob "dashboards/*.tmpl" }}
  {{ base $path }}: |
{{ $.Files.Get $path | indent 4 }}
{{- end }}
""", WEB),
    "files that a generator names, of any suffix": case("""
== k/kustomization.yaml
namespace: shop
resources: []
configMapGenerator:
  - name: alloy
    files: [config.alloy, rules.river, fluent=fluent.lua]
== k/config.alloy
url = "http://«10.42.0.1:8080|web:80»"
== k/rules.river
forward_to "«10.42.0.2:5000|orders:80»"
== k/fluent.lua
local u = "http://«10.42.0.1:8080|web:80»"
""", WEB, ORDERS),
    "inside beats outside": case("""
== app.env
FRONT=http://«10.42.0.1:8080|web:80»
""", deployed("web", "10.42.0.1", 8080), service("web-external", "10.43.0.9", {"app": "web"}, sport(80, 8080), type="LoadBalancer"), service("web", "10.43.0.1", {"app": "web"}, sport(80, 8080))),
    "several hosts with one port beside them": case("""
== etl/load.py
from cassandra.cluster import Cluster
from pymongo import MongoClient

ring = Cluster(contact_points=["«10.42.0.21|ring-0.ring.shop.svc.cluster.local»", "«10.42.0.22|ring-1.ring.shop.svc.cluster.local»"], port=9042)
one = MongoClient(["«10.42.0.2|orders»"], «5000|80»)
two = MongoClient(["«10.42.0.2|orders»", "«10.42.0.1|web»"], 8080)
== etl/conf.toml
[ring]
hosts = ["«10.42.0.21|ring-0.ring.shop.svc.cluster.local»", "«10.42.0.22|ring-1.ring.shop.svc.cluster.local»"]
port = 9042
[cache]
hosts = ["«10.42.0.4|redis»"]
port = «6379|6380»
[inline]
cache = { host = "«10.42.0.4|redis»", port = «6379|6380» }
== etl/conf.hcl
cache { host = "10.42.0.4" port = 6379 }
== etl/job.yaml
apiVersion: batch/v1
kind: Job
metadata: {name: wait, namespace: shop}
spec:
  template:
    spec:
      restartPolicy: Never
      initContainers: [{name: w, image: busybox, command: ["nc", "-z", "«10.42.0.4|redis»", "«6379|6380»"]}]
      containers: [{name: c, image: x, args: ["--hosts", "«10.42.0.4|redis»", "--port", "«6379|6380»"]}]
""".replace('two = MongoClient(["«10.42.0.2|orders»", "«10.42.0.1|web»"], 8080)\n', ""), RING, ORDERS, REDIS, WEB),
    "HAProxy before stateful pods": case("""
== edge/haproxy.cfg
listen pg
  bind *:5432
  option httpchk GET /primary
  server p1 «10.42.0.121|spilo-0.spilo.shop.svc.cluster.local»:5432 check port 8008
  server p2 «10.42.0.122|spilo-1.spilo.shop.svc.cluster.local»:5432 check port 8008
frontend http
  bind 10.42.0.31:80
  default_backend web
""", stateful("spilo", ["10.42.0.121", "10.42.0.122"], 5432, 8008, governing="spilo"), service("spilo", "None", {"app": "spilo"}, sport(5432, 5432))),
    "a stateful pod's own name needs no listed port": case("""
== app.env
RAFT=«10.42.0.131:8300|consul-0.consul.shop.svc.cluster.local:8300»,«10.42.0.132:8300|consul-1.consul.shop.svc.cluster.local:8300»
""", stateful("consul", ["10.42.0.131", "10.42.0.132"], 8500, 8300, governing="consul"), service("consul", "None", {"app": "consul"}, sport(8500, 8500))),
    "one values file that cannot render alone": case("""
== charts/portal/Chart.yaml
apiVersion: v2
name: portal
version: 1.0.0
== charts/portal/values.yaml
api: http://«10.42.0.1:8080|web:80»
== charts/portal/values-canary.yaml
mode: canary
== charts/portal/templates/d.yaml
{{- if eq .Values.mode "canary" }}{{ required "canary.weight" .Values.canary.weight }}{{ end }}
apiVersion: apps/v1
kind: Deployment
metadata: {name: portal}
spec:
  selector: {matchLabels: {app: portal}}
  template:
    metadata: {labels: {app: portal}}
    spec: {containers: [{name: c, image: x, env: [{name: API, value: {{ .Values.api | quote }}}]}]}
""".replace("api: http", "mode: plain\napi: http"), WEB),
    "what no scanner reads is listed, and stays": case("""
== lib/app.jsonnet
{ api: 'http://10.42.0.1:8080' }
== lib/app.cue
api: "http://10.42.0.1:8080"
== lib/app.libsonnet
{ api: 'http://10.42.0.1:8080' }
== app.env
API=http://«10.42.0.1:8080|web:80»
""", WEB),
    "tests follow where that is asked": case("""
== app/conf.py
API = "http://«10.42.0.1:8080|web:80»"
== tests/test_conf.py
from app import conf


def test_api():
    assert conf.API == "http://10.42.0.1:8080"
""", WEB),
}  # fmt: skip

CLIENTS = {
    "Python's clients": case("""
== etl/clients.py
import argparse
import os
from dataclasses import dataclass

import click
import pika
import psycopg2
from elasticsearch import Elasticsearch
from kafka import KafkaProducer
from pymemcache.client.base import Client
from redis.cluster import ClusterNode, RedisCluster
from sqlalchemy.engine import URL

producer = KafkaProducer(bootstrap_servers=["«10.42.0.11|kafka-0.kafka-hs.shop.svc.cluster.local»:9092", "«10.42.0.12|kafka-1.kafka-hs.shop.svc.cluster.local»:9092"])
search = Elasticsearch([{"host": "«10.42.0.1|web»", "port": «8080|80»}])
cache = Client(("«10.42.0.4|redis»", «6379|6380»))
nodes = RedisCluster(startup_nodes=[ClusterNode("«10.42.0.4|redis»", «6379|6380»)])
db = psycopg2.connect("host=«10.42.0.5|pg» port=5432 dbname=shop")
url = URL.create("postgresql", host="«10.42.0.5|pg»", port=5432)
queue = pika.BlockingConnection(pika.ConnectionParameters("«10.42.0.4|redis»", «6379|6380»))
REDIS_HOST = os.environ.get("REDIS_HOST", "«10.42.0.4|redis»")
REDIS_PORT = int(os.environ.get("REDIS_PORT", "«6379|6380»"))
HOSTS = ["«10.42.0.2|orders»"]
PORT = «5000|80»


@dataclass
class Upstream:
    host: str = "«10.42.0.1|web»"
    port: int = «8080|80»

    def url(self, path):
        return f"http://{self.host}:{self.port}/{path}"


@click.command()
@click.option("--orders-host", default="«10.42.0.2|orders»")
@click.option("--orders-port", default=«5000|80», type=int)
def main(orders_host, orders_port):
    parser = argparse.ArgumentParser()
    parser.add_argument("--web", default="«10.42.0.1:8080|web:80»")
    return "http://{}:{}/".format("«10.42.0.1|web»", «8080|80»), "http://%s:%d" % ("«10.42.0.2|orders»", «5000|80»)
""", WEB, ORDERS, REDIS, PG, KAFKA),
    "shells and their programs": case("""
== ops/run.sh
#!/bin/bash
set -euo pipefail
export PGHOST=«10.42.0.5|pg» PGPORT=5432
WEB=«10.42.0.1|web»
WEB_PORT=«8080|80»
curl -sf "http://${WEB}:${WEB_PORT}/healthz"
until nc -z «10.42.0.4|redis» «6379|6380»; do sleep 1; done
timeout 5 bash -c '</dev/tcp/«10.42.0.2|orders»/«5000|80»'
kafkacat -b «10.42.0.11|kafka-0.kafka-hs.shop.svc.cluster.local»:9092,«10.42.0.12|kafka-1.kafka-hs.shop.svc.cluster.local»:9092 -L
mysql --host=«10.42.0.2|orders» --port=«5000|80» -e 'select 1'
grep 10.42.0.1 /var/log/access.log && exit 1
iptables -A INPUT -s 10.42.0.1 -j DROP
test "$HOST_IP" = "10.42.0.1" || true
wait-for-it.sh «10.42.0.1:8080|web:80» -t 30 -- echo up
""", WEB, ORDERS, REDIS, PG, KAFKA),
    "TOML, INI, JSON and properties": case("""
== conf/app.toml
[server]
bind = "10.42.0.1:8080"
[[upstreams]]
name = "web"
address = "«10.42.0.1:8080|web:80»"
[redis]
host = "«10.42.0.4|redis»"
port = «6379|6380»
[policy]
allow_list = ["10.42.0.1", "10.42.0.2"]
== conf/app.ini
[redis]
host = «10.42.0.4|redis»
port = «6379|6380»
[http]
listen = 10.42.0.1:8080
[sqlalchemy]
url = postgresql+asyncpg://u:p@«10.42.0.5|pg»:5432/shop
== conf/app.json
{"redis": {"host": "«10.42.0.4|redis»", "port": «6379|6380»}, "listen": {"host": "0.0.0.0"}, "trustedProxies": ["10.42.0.1"],
 "brokers": ["«10.42.0.11|kafka-0.kafka-hs.shop.svc.cluster.local»:9092"], "version": "10.42.0.1"}
== conf/app.properties
spring.redis.host=«10.42.0.4|redis»
spring.redis.port=«6379|6380»
spring.datasource.url=jdbc:postgresql://«10.42.0.5|pg»:5432/shop?sslmode=disable
management.server.address=10.42.0.1
server.port=8080
logging.pattern=%d 10.42.0.1
""", WEB, REDIS, PG, KAFKA),
}  # fmt: skip

CHARTED = {
    "siblings among subcharts": case("""
== shop/Chart.yaml
apiVersion: v2
name: shop
version: 1.0.0
dependencies: [{name: portal, version: 1.0.0}, {name: orders, version: 1.0.0}]
== shop/values.yaml
portal: {timeout: 5}
== shop/charts/orders/Chart.yaml
apiVersion: v2
name: orders
version: 1.0.0
== shop/charts/orders/templates/all.yaml
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-orders
spec:
  selector: {app: {{ .Release.Name }}-orders}
  ports: [{port: 80, targetPort: 5000}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-orders
spec:
  selector: {matchLabels: {app: {{ .Release.Name }}-orders}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}-orders}}
    spec: {containers: [{name: c, image: x, ports: [{containerPort: 5000}]}]}
== shop/charts/portal/Chart.yaml
apiVersion: v2
name: portal
version: 1.0.0
== shop/charts/portal/templates/d.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-portal
spec:
  selector: {matchLabels: {app: portal}}
  template:
    metadata: {labels: {app: portal}}
    spec: {containers: [{name: c, image: x, env: [{name: ORDERS, value: "http://«10.42.0.93:5000|{{ .Release.Name }}-orders:80»"}]}]}
== argocd/s.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: s}
spec: {destination: {namespace: shop}, source: {path: shop}}
""", deployed("s-orders", "10.42.0.93", 5000), service("s-orders", "10.43.0.93", {"app": "s-orders"}, sport(80, 5000))),
    "helpers that take a dict": case("""
== shop/Chart.yaml
apiVersion: v2
name: shop
version: 1.0.0
== shop/values.yaml
orders: {port: 80}
== shop/templates/_helpers.tpl
{{- define "shop.name" -}}
{{- printf "%s-%s" .ctx.Release.Name .part | trunc 63 -}}
{{- end -}}
== shop/templates/orders.yaml
apiVersion: v1
kind: Service
metadata:
  name: {{ include "shop.name" (dict "ctx" $ "part" "orders") }}
spec:
  selector: {app: {{ include "shop.name" (dict "ctx" $ "part" "orders") }}}
  ports: [{port: {{ .Values.orders.port }}, targetPort: 5000}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "shop.name" (dict "ctx" $ "part" "orders") }}
spec:
  selector: {matchLabels: {app: {{ include "shop.name" (dict "ctx" $ "part" "orders") }}}}
  template:
    metadata: {labels: {app: {{ include "shop.name" (dict "ctx" $ "part" "orders") }}}}
    spec: {containers: [{name: c, image: x, ports: [{containerPort: 5000}]}]}
== shop/templates/job.yaml
{{- range $name := list "a" "b" }}
---
apiVersion: batch/v1
kind: Job
metadata: {name: {{ $.Release.Name }}-{{ $name }}}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: c, image: x, args: ["http://«10.42.0.93:5000|{{ include "shop.name" (dict "ctx" $ "part" "orders") }}:{{ $.Values.orders.port }}»"]}]
{{- end }}
== argocd/s.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: s}
spec: {destination: {namespace: shop}, source: {path: shop}}
""", deployed("s-orders", "10.42.0.93", 5000), service("s-orders", "10.43.0.93", {"app": "s-orders"}, sport(80, 5000))),
    "two installations with ports of their own": case("""
== shop/Chart.yaml
apiVersion: v2
name: shop
version: 1.0.0
== shop/values.yaml
orders: {port: 80}
portal: {url: ""}
== shop/templates/all.yaml
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-orders
spec:
  selector: {app: {{ .Release.Name }}-orders}
  ports: [{port: {{ .Values.orders.port }}, targetPort: 5000}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-orders
spec:
  selector: {matchLabels: {app: {{ .Release.Name }}-orders}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}-orders}}
    spec: {containers: [{name: c, image: x, ports: [{containerPort: 5000}]}]}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-portal
data:
  ORDERS: http://«10.42.0.93:5000|{{ .Release.Name }}-orders:{{ .Values.orders.port }}»
  URL: {{ .Values.portal.url | quote }}
== envs/prod.yaml
portal: {url: "http://«10.42.0.93:5000|s-orders:80»"}
== envs/dev.yaml
orders: {port: 8000}
portal: {url: "http://«10.42.0.93:5000|s-orders.shop.svc.cluster.local:80»"}
== argocd/apps.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: s}
spec: {destination: {namespace: shop}, source: {path: shop, helm: {valueFiles: [../envs/prod.yaml]}}}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: d}
spec: {destination: {namespace: dev}, source: {path: shop, helm: {valueFiles: [../envs/dev.yaml]}}}
""", deployed("s-orders", "10.42.0.93", 5000), service("s-orders", "10.43.0.93", {"app": "s-orders"}, sport(80, 5000))),
    "two workloads of one template lack Services": case("""
== shop/Chart.yaml
apiVersion: v2
name: shop
version: 1.0.0
== shop/templates/all.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-a
spec:
  selector: {matchLabels: {app: {{ .Release.Name }}-a}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}-a}}
    spec: {containers: [{name: main, image: x, ports: [{containerPort: 7001}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-b
spec:
  selector: {matchLabels: {app: {{ .Release.Name }}-b}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}-b}}
    spec: {containers: [{name: main, image: x, ports: [{containerPort: 7002}]}]}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-conf
data:
  A: "«10.42.0.94:7001|{{ .Release.Name }}-a:7001»"
  B: "«10.42.0.95:7002|{{ .Release.Name }}-b:7002»"
== argocd/s.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: s}
spec: {destination: {namespace: shop}, source: {path: shop}}
++ shop/templates/a-service.yaml
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-a
spec:
  selector: {app: {{ .Release.Name }}-a}
  ports:
    - name: tcp-7001
      port: 7001
      targetPort: 7001
++ shop/templates/b-service.yaml
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-b
spec:
  selector: {app: {{ .Release.Name }}-b}
  ports:
    - name: tcp-7002
      port: 7002
      targetPort: 7002
""", deployed("s-a", "10.42.0.94", 7001), deployed("s-b", "10.42.0.95", 7002)),
    "values that pass through tpl, and values that do not": case("""
== shop/Chart.yaml
apiVersion: v2
name: shop
version: 1.0.0
== shop/values.yaml
plain: http://«10.42.0.93:5000|s-orders:80»
asked: «http://10.42.0.93:5000|'http://{{ .Release.Name }}-orders:80'»
block: |
  [orders]
  url = http://«10.42.0.93:5000|{{ .Release.Name }}-orders:80»
  [web]
  url = http://«10.42.0.1:8080|web:80»
== shop/templates/all.yaml
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-orders
spec:
  selector: {app: {{ .Release.Name }}-orders}
  ports: [{port: 80, targetPort: 5000}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-orders
spec:
  selector: {matchLabels: {app: {{ .Release.Name }}-orders}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}-orders}}
    spec: {containers: [{name: c, image: x, ports: [{containerPort: 5000}]}]}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}-conf
data:
  PLAIN: {{ .Values.plain | quote }}
  ASKED: {{ tpl .Values.asked . | quote }}
  app.ini: |
{{ tpl .Values.block . | indent 4 }}
== argocd/s.yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: s}
spec: {destination: {namespace: shop}, source: {path: shop}}
""", WEB, deployed("s-orders", "10.42.0.93", 5000), service("s-orders", "10.43.0.93", {"app": "s-orders"}, sport(80, 5000))),
    "a ConfigMap of a chart that its host-network DaemonSet mounts": case("""
== agent/Chart.yaml
apiVersion: v2
name: agent
version: 1.0.0
== agent/values.yaml
sink: http://10.42.0.1:8080
api: http://«10.42.0.1:8080|web:80»
== agent/templates/all.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: agent}
data:
  agent.conf: |
    sink = {{ .Values.sink }}
    other = http://10.42.0.2:5000
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      hostNetwork: true
      volumes: [{name: v, configMap: {name: agent}}]
      containers: [{name: c, image: x, volumeMounts: [{name: v, mountPath: /e}]}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: c, image: x, env: [{name: API, value: {{ .Values.api | quote }}}]}]}
""", WEB, ORDERS),
}  # fmt: skip
MORE_NETWORKS = {
    "hostNetwork in one of two overlays": case("""
== base/kustomization.yaml
resources: [d.yaml, cm.yaml]
== base/d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: portal}
spec:
  selector: {matchLabels: {app: portal}}
  template:
    metadata: {labels: {app: portal}}
    spec: {containers: [{name: c, image: x, envFrom: [{configMapRef: {name: portal}}]}]}
== base/cm.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: portal}
data: {API: "http://10.42.0.1:8080"}
== edge/kustomization.yaml
namespace: shop
resources: [../base]
patchesStrategicMerge: [net.yaml]
== edge/net.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: portal}
spec: {template: {spec: {hostNetwork: true}}}
== live/kustomization.yaml
namespace: shop
resources: [../base]
""", WEB),
    "what two compose files and a Deployment share": case("""
== compose.yaml
services:
  app: {image: app, env_file: [shared.env], volumes: ["./conf:/conf:ro"]}
== k/kustomization.yml
namespace: shop
resources: [d.yaml]
configMapGenerator: [{name: app, envs: [app.env]}]
== k/d.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: app}
spec:
  selector: {matchLabels: {app: app}}
  template:
    metadata: {labels: {app: app}}
    spec: {containers: [{name: c, image: app, envFrom: [{configMapRef: {name: app}}]}]}
== k/app.env
API=http://«10.42.0.1:8080|web:80»
== shared.env
API=http://10.42.0.1:8080
== conf/app.ini
api = http://10.42.0.1:8080
== docker-compose.override.yml
services:
  app: {extra_hosts: ["web:10.42.0.1"], environment: ["REDIS=10.42.0.4:6379"]}
""", WEB, REDIS),
    "Tekton and Argo Workflows run in the cluster, GitLab's script does not": case("""
== tekton/task.yaml
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: smoke, namespace: shop}
spec: {steps: [{name: s, image: curl, script: "curl http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»"}]}
== argo/wf.yaml
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: smoke-, namespace: shop}
spec: {entrypoint: a, templates: [{name: a, container: {image: curl, args: ["http://«10.42.0.1:8080|web:80»"]}}]}
== .gitlab-ci.yml
smoke:
  script: ["curl http://10.42.0.1:8080"]
""", WEB),
    "Dockerfiles: what a build runs, and what the image runs": case("""
== app/Dockerfile
FROM python:3.12
ENV API=http://«10.42.0.1:8080|web:80»
RUN curl -fsS http://10.42.0.1:8080/ca.pem -o /ca.pem
CMD ["python", "main.py", "--redis", "«10.42.0.4:6379|redis:6380»"]
""", WEB, REDIS),
}  # fmt: skip
DEFAULT_PORTS = {
    "omitted where a URL says them": case("""
== app.env
A=http://«10.42.0.1:8080|web»
B=http://«10.42.0.1:8080|web»/v1?x=1
C=http://«10.43.0.1|web»
D=redis://«10.42.0.4:6379|redis:6380»
E=«10.42.0.1:8080|web:80»
F=postgresql://u:p@«10.42.0.5:5432|pg»/shop
G=http://«10.42.0.1:8080|web:80»,http://«10.42.0.2:5000|orders»
== app.py
import requests

requests.get("http://«10.42.0.1:8080|web»/x")
HOST, PORT = "«10.42.0.1|web»", «8080|80»
== charts/c/Chart.yaml
apiVersion: v2
name: c
version: 1.0.0
== charts/c/values.yaml
api: http://«10.42.0.1:8080|web»/x
== charts/c/templates/cm.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {API: {{ .Values.api | quote }}, OTHER: "http://«10.42.0.2:5000|orders»"}
""", WEB, ORDERS, REDIS, PG, default_ports="omit"),
}  # fmt: skip
VALUES_FROM = {
    "a ConfigMap's values, of a chart that also opens a NetworkPolicy": case("""
== charts/portal/Chart.yaml
apiVersion: v2
name: portal
version: 1.0.0
== charts/portal/values.yaml
orders: {host: "", port: 0}
web: {url: ""}
== charts/portal/templates/all.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: portal}
data: {ORDERS: "{{ .Values.orders.host }}:{{ .Values.orders.port }}", WEB: {{ .Values.web.url | quote }}, T: {{ tpl (.Values.asked | default "") . | quote }}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: portal}
spec: {podSelector: {}, egress: [{ports: [{port: {{ .Values.orders.port }}}]}]}
== flux/release.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: portal, namespace: flux-system}
spec:
  targetNamespace: shop
  chart: {spec: {chart: ./charts/portal, sourceRef: {kind: GitRepository, name: x}}}
  valuesFrom: [{kind: ConfigMap, name: portal-values}]
== flux/values.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: portal-values, namespace: flux-system}
data:
  values.yaml: |
    orders:
      host: 10.42.0.2
      port: 5000
    web:
      url: http://«10.42.0.1:8080|web:80»
""", WEB, ORDERS),
    "a generator's file, in one of two overlays": case("""
== charts/portal/Chart.yaml
apiVersion: v2
name: portal
version: 1.0.0
== charts/portal/values.yaml
web: {url: ""}
listen: {host: "", port: 0}
== charts/portal/templates/all.yaml
apiVersion: apps/v1
kind: Deployment
metadata: {name: portal}
spec:
  selector: {matchLabels: {app: portal}}
  template:
    metadata: {labels: {app: portal}}
    spec: {containers: [{name: c, image: x, env: [{name: WEB, value: {{ .Values.web.url | quote }}}]}]}
== base/kustomization.yaml
resources: [release.yaml]
== base/release.yaml
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: portal}
spec:
  chart: {spec: {chart: ./charts/portal, sourceRef: {kind: GitRepository, name: x}}}
  valuesFrom: [{kind: ConfigMap, name: portal-values}]
== live/kustomization.yaml
namespace: shop
resources: [../base]
configMapGenerator: [{name: portal-values, files: [values.yaml]}]
== live/values.yaml
web: {url: "http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»"}
== dev/kustomization.yaml
namespace: dev
resources: [../base]
configMapGenerator: [{name: portal-values, files: [values.yaml]}]
== dev/values.yaml
web: {url: "http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»"}
""", WEB),
}  # fmt: skip


def running(image: str, ns: str, name: str = "portal", more: str = "") -> str:
    return f"""apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {ns}}}
spec:
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec: {{{more}containers: [{{name: c, image: "{image}"}}]}}
"""


IMAGES = {
    "Skaffold's artifacts": case(f"""
== skaffold.yaml
apiVersion: skaffold/v4beta6
kind: Config
build:
  artifacts:
    - {{image: registry.example.org/portal, context: src/portal}}
    - {{image: registry.example.org/jobs, context: ., docker: {{dockerfile: src/jobs/Dockerfile}}}}
== src/portal/Dockerfile
FROM python:3.12
COPY . /app
== src/portal/app.py
API = "http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»"
== src/jobs/Dockerfile
FROM python:3.12
COPY --chown=1:1 src/jobs /app
== src/jobs/app.py
API = "http://«10.42.0.1:8080|web:80»"
== src/tools/app.py
API = "http://«10.42.0.1:8080|web:80»"
== k/portal.yaml
{running("registry.example.org/portal:1.2", "front")}== k/jobs.yaml
{running("registry.example.org/jobs", "shop", "jobs")}""", WEB),
    "a compose file's build says the image": case(f"""
== compose.yaml
services:
  portal: {{image: acme/portal, build: ./portal}}
== portal/Dockerfile
FROM python:3.12
COPY app /app
== portal/app/main.py
API = "http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»"
== k/portal.yaml
{running("acme/portal@sha256:0123", "front")}""", WEB),
    "a directory's name alone makes no name shorter": case(f"""
== services/portal/Dockerfile
FROM python:3.12
ADD main.py /app/
== services/portal/main.py
API = "http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»"
== k/portal.yaml
{running("ghcr.io/acme/portal:9", "front")}""", WEB),
    "code of a workload on the host network": case(f"""
== skaffold.yaml
apiVersion: skaffold/v4beta6
kind: Config
build: {{artifacts: [{{image: agent, context: agent}}]}}
== agent/Dockerfile
FROM python:3.12
COPY . .
== agent/main.py
API = "http://10.42.0.1:8080"
== k/agent.yaml
{running("agent", "shop", "agent", "hostNetwork: true, ")}""", WEB),
    "another image's code": case(f"""
== services/other/Dockerfile
FROM python:3.12
COPY . .
== services/other/main.py
API = "http://«10.42.0.1:8080|web:80»"
== k/portal.yaml
{running("ghcr.io/acme/portal:9", "front")}""", WEB),
}  # fmt: skip
RENDERED = {
    "what a value becomes in commands and files": case("""
== charts/portal/Chart.yaml
apiVersion: v2
name: portal
version: 1.0.0
== charts/portal/values.yaml
a: 10.42.0.2:5000
b: 10.42.0.2:5000
c: 10.42.0.2:5000
d: 10.42.0.2
e: 10.42.0.2
f: 10.42.0.2
up: «10.42.0.1:8080|web:80»
redis: {host: «10.42.0.4|redis», port: «6379|6380»}
== charts/portal/templates/all.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: portal}
data:
  nginx.conf: |
    server {
      listen {{ .Values.c }};
      location / { proxy_pass http://{{ .Values.up }}; }
    }
  redis.conf: |
    bind {{ .Values.d }}
  run.sh: |
    exec uvicorn app:app --host {{ .Values.e }} --port 5000
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: portal}
spec:
  selector: {matchLabels: {app: portal}}
  template:
    metadata: {labels: {app: portal}}
    spec:
      volumes: [{name: v, configMap: {name: portal}}]
      containers:
        - name: c
          image: x
          volumeMounts: [{name: v, mountPath: /e}]
          args: [--listen-address, "{{ .Values.a }}", "--bind={{ .Values.b }}", --upstream, "{{ .Values.up }}", --redis-host, "{{ .Values.redis.host }}", --redis-port, "{{ .Values.redis.port }}"]
        - name: d
          image: x
          command: [uvicorn, "app:app"]
          args: [--host, "{{ .Values.f }}", --port, "5000"]
""", WEB, ORDERS, REDIS),
}  # fmt: skip
MORE = {
    "files that are handed on: no suffix, prose, a glob": case("""
== charts/c/Chart.yaml
apiVersion: v2
name: c
version: 1.0.0
== charts/c/files/Corefile.d
proxy_to «10.42.0.1:8080|web:80»
== charts/c/files/notes.txt
see http://10.42.0.1:8080
== charts/c/conf/rules.txt
target http://«10.42.0.1:8080|web:80»
== charts/c/templates/cm.yaml
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data:
{{ (.Files.Glob "conf/*").AsConfig | indent 2 }}
  Corefile.d: |
{{ .Files.Get "files/Corefile.d" | indent 4 }}
""", WEB),
    "a Service's Endpoints, hosts and pools need IPs": case("""
== k/ep.yaml
apiVersion: v1
kind: Endpoints
metadata: {name: legacy, namespace: shop}
subsets: [{addresses: [{ip: 10.42.0.1}], ports: [{port: 8080}]}]
---
apiVersion: v1
kind: Service
metadata: {name: legacy, namespace: shop}
spec: {clusterIP: 10.43.0.1, externalIPs: [10.42.0.1], loadBalancerIP: 10.42.0.1, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: x, namespace: shop}
spec: {podSelector: {}, egress: [{to: [{ipBlock: {cidr: 10.42.0.1/32}}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: x, namespace: shop}
spec:
  hostAliases: [{ip: 10.42.0.1, hostnames: [web.local]}]
  dnsConfig: {nameservers: [10.42.0.1]}
  containers:
    - name: x
      image: x
      env: [{name: NO_PROXY, value: "10.42.0.1,localhost"}, {name: WEB, value: "http://«10.42.0.1:8080|web:80»"}]
      livenessProbe: {httpGet: {host: 10.42.0.1, port: 8080}}
""", WEB),
    "an operator reads a custom object, from wherever it runs": case("""
== k/keda.yaml
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: x, namespace: shop}
spec:
  triggers:
    - {type: redis, metadata: {address: "«10.42.0.4:6379|redis.shop.svc.cluster.local:6380»"}}
    - {type: prometheus, metadata: {serverAddress: "http://«10.42.1.1:9090|prometheus.monitoring.svc.cluster.local:80»", query: 'sum(up{instance="10.42.0.1:8080"})'}}
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: {name: v, namespace: shop}
spec: {provider: {vault: {server: "http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»", path: secret}}}
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: r, namespace: shop}
spec: {groups: [{name: g, rules: [{alert: a, expr: 'up{instance="10.42.0.1:8080"} == 0', annotations: {runbook: "http://«10.42.0.1:8080|web.shop.svc.cluster.local:80»/runbook"}}]}]}
""", WEB, REDIS, PROM),
    "what is compared, logged and tested in Python": case("""
== app/checks.py
import logging
import re

ALLOWED = {"10.42.0.1"}
UPSTREAM = "http://«10.42.0.1:8080|web:80»"


def f(request, url):
    if request.client.host == "10.42.0.1" or request.client.host in ALLOWED:
        logging.info("10.42.0.1:8080 asked")
    assert url != "http://10.42.0.1:8080"
    if re.match(r"10\\.42\\.0\\.1", url):
        return None
    return {"http://10.42.0.2:5000": 1}.get(url)
""", WEB),
    "Terraform, Ansible and Vagrant run elsewhere": case("""
== infra/main.tf
resource "x" "y" { url = "http://10.42.0.1:8080" }
== infra/inventory/group_vars/all.yml
web_url: http://10.42.0.1:8080
== Vagrantfile
config.vm.provision "shell", inline: "curl http://10.42.0.1:8080"
== app/conf.yaml
web_url: http://«10.42.0.1:8080|web:80»
""", WEB),
    "Helm hooks, CronJobs and init containers dial like any other": case("""
== charts/c/Chart.yaml
apiVersion: v2
name: c
version: 1.0.0
== charts/c/values.yaml
wait: {host: «10.42.0.4|redis», port: «6379|6380»}
db: postgresql://u:p@«10.42.0.5|pg»:5432/shop
== charts/c/templates/job.yaml
apiVersion: batch/v1
kind: Job
metadata: {name: migrate, annotations: {helm.sh/hook: pre-install}}
spec:
  template:
    spec:
      restartPolicy: Never
      initContainers:
        - name: wait
          image: busybox
          command: ["sh", "-c", "until nc -z {{ .Values.wait.host }} {{ .Values.wait.port }}; do sleep 1; done"]
      containers: [{name: c, image: x, env: [{name: DATABASE_URL, value: {{ .Values.db | quote }}}]}]
""", REDIS, PG),
}  # fmt: skip
WITH_TESTS = {
    "an assertion follows its edit": case("""
== app/conf.py
API = "http://«10.42.0.1:8080|web:80»"
== tests/test_conf.py
from app import conf


def test_api():
    assert conf.API == "http://«10.42.0.1:8080|web:80»"
    assert conf.OTHER == "http://10.42.0.2:5000"
""", WEB, ORDERS, tests=True),
}  # fmt: skip
CASES: dict[str, Case] = {
    f"{kind}: {name}": one
    for kind, table in (
        ("own", OWN),
        ("namespace", NAMESPACES),
        ("network", NETWORKS),
        ("feeds", FEEDS),
        ("services", SERVICES),
        ("release", RELEASES),
        ("identity", IDENTITY),
        ("portless", PORTLESS),
        ("role", ROLES),
        ("missed", MISSES),
        ("client", CLIENTS),
        ("chart", CHARTED),
        ("network", MORE_NETWORKS),
        ("default ports", DEFAULT_PORTS),
        ("values from", VALUES_FROM),
        ("image", IMAGES),
        ("rendered", RENDERED),
        ("more", MORE),
        ("tests", WITH_TESTS),
    )
    for name, one in table.items()
}


@pytest.mark.parametrize("one", CASES.values(), ids=CASES)
def test_cases(one: Case, tmp_path: Path) -> None:
    files, plan = written(one, tmp_path)

    told = [
        f"{o.finding.file}:{o.finding.line} {o.finding.host} {o.reason} {o.why}"
        for o in plan.outcomes
        if not o.edited
    ]
    assert {path: files.get(path) for path in files if files[path] != one.after.get(path)} == {
        path: one.after.get(path) for path in files if files[path] != one.after.get(path)
    }, told
    assert files == one.after


def test_a_test_that_holds_a_changed_address_is_told(tmp_path: Path) -> None:
    _, plan = written(CASES["missed: tests follow where that is asked"], tmp_path)

    assert [(note.file, note.message) for note in plan.notes if note.reason == "test-file"] == [
        (
            "tests/test_conf.py",
            "holds 10.42.0.1, which changes in app/conf.py: `--tests` looks into tests",
        ),
    ]


def test_a_third_of_what_the_cases_hold_has_to_stay() -> None:
    marked = sum(
        1 for one in CASES.values() for path in one.before if one.before[path] != one.after[path]
    )
    files = sum(len(one.before) for one in CASES.values())

    assert files - marked >= files / 3
