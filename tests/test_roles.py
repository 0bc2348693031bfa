"""docs/semantics.md, section 2, "The role of the place": servers keep their address, clients do not.

All forms are files of one repository, and go through one plan.
"""

from __future__ import annotations

import pytest

from refactor.model import Outcome
from refactor.plan import PlanJob, make_plan
from refactor.repository.environments import Environments
from refactor.settings.types import Settings
from tests.forms import inventory

H, P = "10.42.1.11", "10.42.1.11:8080"

SERVERS = {
    # shell, Dockerfile, Procfile, systemd, supervisord, Makefile
    "uvicorn.sh": f"uvicorn main:app --host {H} --port 8080",
    "uvicorn_m.sh": f"exec python -m uvicorn main:app --host={H} --port=8080",
    "gunicorn.sh": f"exec gunicorn -b {P} app:app --workers 2",
    "gunicorn_long.sh": f"gunicorn --bind {P} app:app",
    "gunicorn_two.sh": f"gunicorn -b 0.0.0.0:9000 -b {P} app:app",
    "flask.sh": f"flask run -h {H} -p 8080",
    "flask_long.sh": f"FLASK_APP=x flask run --host {H} --port 8080",
    "hypercorn.sh": f"hypercorn -b {P} app",
    "daphne.sh": f"daphne -b {H} -p 8080 app.asgi:application",
    "granian.sh": f"granian --host {H} --port 8080 app:app",
    "waitress.sh": f"waitress-serve --listen={P} app:app",
    "uwsgi.sh": f"uwsgi --http-socket {P} --module app",
    "http_server.sh": f"python3 -m http.server 8080 -b {H}",
    "runserver.sh": f"python3 hosts/manage.py runserver {P}",
    "nc.sh": f"nc -l {H} 8080",
    "ncat.sh": f"timeout 5 ncat -lk {H} 8080",
    "socat.sh": f"socat TCP-LISTEN:8080,bind={H},fork TCP:127.0.0.1:80",
    "iperf.sh": f"iperf3 -s -B {H} -p 8080",
    "redis.sh": f"redis-server --bind {H} --port 8080",
    "memcached.sh": f"memcached -l {H} -p 8080",
    "mongod.sh": f"mongod --bind_ip {H} --port 8080",
    "etcd.sh": f"etcd --listen-client-urls http://{P}",
    "etcd_adv.sh": f"etcd --advertise-client-urls=http://{P}",
    "etcd_peer.sh": f"etcd --initial-advertise-peer-urls http://{P}",
    "consul.sh": f"consul agent -bind={H} -client {H} -advertise {H}",
    "nats.sh": f"nats-server -a {H} -p 8080",
    "minio.sh": f"minio server /data --address {P}",
    "caddy.sh": f"caddy file-server --listen {P}",
    "mlflow.sh": f"mlflow server --host {H} --port 8080",
    "streamlit.sh": f"streamlit run a.py --server.address {H} --server.port 8080",
    "jupyter.sh": f"jupyter lab --ip={H} --port 8080",
    "postgres.sh": f"postgres -h {H} -p 8080",
    "ray.sh": f"ray start --node-ip-address {H} --port 8080",
    "dask.sh": f"dask-scheduler --host {H} --port 8080",
    "php.sh": f"php -S {P} -t public",
    "rails.sh": f"bundle exec rails server -b {H} -p 8080",
    "flower.sh": f"celery -A x flower --address={H} --port=8080",
    "kubelet.sh": f"kubelet --node-ip={H}",
    "traefik.sh": f"traefik --entrypoints.web.address={P}",
    "rabbitmqctl.sh": f"rabbitmqctl -n rabbit@{H} stop_app",
    "celery.sh": f"celery -A app worker -n w1@{H}",
    "Procfile": f"web: gunicorn -b {P} app:app",
    "app.service": f"[Service]\nExecStart=/usr/bin/gunicorn -b {P} app:app",
    "supervisord.conf": f"[program:web]\ncommand=gunicorn -b {P} app:app\n[inet_http_server]\nport = {P}",
    "Dockerfile": f'FROM python\nCMD ["gunicorn", "-b", "{P}", "app:app"]',
    # files of settings
    "nginx.conf": f"server {{\n  listen {P};\n}}",
    "haproxy.cfg": f"frontend f\n  bind {P}",
    "redis.conf": f"bind {H}\ncluster-announce-ip {H}",
    "zoo.cfg": f"clientPortAddress={H}",
    "kafka.properties": f"listeners=PLAINTEXT://{P}\nadvertised.listeners=PLAINTEXT://{P}",
    "rabbitmq.conf": f"listeners.tcp.1 = {P}\nmanagement.tcp.ip = {H}",
    "telegraf.conf": f'[[inputs.socket_listener]]\n  service_address = "tcp://{P}"',
    "logstash.conf": f'input {{ beats {{ host => "{H}" port => 8080 }} }}',
    "uwsgi.ini": f"[uwsgi]\nhttp-socket = {P}",
    "fluent-bit.conf": f"[INPUT]\n    Name forward\n    Listen {H}\n    Port 8080",
    "cassandra.yaml": f"listen_address: {H}\nrpc_address: {H}\nbroadcast_address: {H}",
    "elasticsearch.yml": f"network.host: {H}\nhttp.host: {H}\ntransport.publish_host: {H}",
    "kibana.yml": f"server.host: {H}",
    "otel.yaml": f"receivers:\n  otlp:\n    protocols:\n      grpc:\n        endpoint: {P}",
    "envoy.yaml": f"static_resources:\n  listeners:\n  - address: {{socket_address: {{address: {H}, port_value: 8080}}}}",
    "traefik.yaml": f"entryPoints:\n  web:\n    address: {P}",
    "patroni.yml": f"restapi:\n  connect_address: {P}",
    "application.yml": f"server:\n  address: {H}\n  port: 8080\neureka:\n  instance:\n    ip-address: {H}",
    "bootstrap.properties": f"management.server.address={H}\nspring.cloud.nacos.discovery.ip={H}",
    "vault.hcl": f'api_addr = "http://{P}"',
    "spark.conf": f"spark.driver.host={H}",
    "web.env": f"UVICORN_HOST={H}\nSPARK_LOCAL_IP={H}",
    "kestrel.json": f'{{"Kestrel": {{"Endpoints": {{"Http": {{"Url": "http://{P}"}}}}}}}}',
    # containers
    "args.yaml": f"containers:\n- command: [uvicorn]\n  args: ['m:app', --host, {H}, --port, '8080']",
    "command.yaml": f"containers:\n- command: [gunicorn, -b, '{P}', 'm:app']",
    "string.yaml": f"command: flask run --host {H} --port 8080",
    # Python
    "app_run.py": f"app.run(host='{H}', port=8080)",
    "socketio.py": f"socketio.run(app, host='{H}', port=8080)",
    "run_server.py": f"app.run_server(host='{H}', port=8080)",
    "bottle_run.py": f"bottle.run(app, host='{H}', port=8080)",
    "mcp_run.py": f"mcp.run(transport='http', host='{H}', port=8080)",
    "serve.py": f"serve(app, host='{H}', port=8080)",
    "run_app.py": f"web.run_app(app, host='{H}', port=8080)",
    "http.py": f"HTTPServer(('{H}', 8080), Handler)",
    "bind.py": f"sock.bind(('{H}', 8080))",
    "create.py": f"socket.create_server(('{H}', 8080))",
    "start.py": f"asyncio.start_server(f, '{H}', 8080)",
    "grpc_port.py": f"server.add_insecure_port('{P}')",
    "named.py": f"HOST = '{H}'\nuvicorn.run(app, host=HOST, port=8080)",
    "popen.py": f"subprocess.run(['gunicorn', '-b', '{P}', 'm:app'])",
    "cors.py": f"origins = ['http://{P}']\napp.add_middleware(CORSMiddleware, allow_origins=origins)",
    # Go, JavaScript inside YAML stay source; policies
    "policy.env": f"ALLOWED_HOSTS={H}\nTRUSTED_PROXIES={H}\nCORS_ORIGIN=http://{P}\nJWT_AUDIENCE=http://{P}",
    "network.yaml": f"network: {{gateway: {H}, subnet: {H}, range: {H}}}",
}

CLIENTS = {
    "curl.sh": f"curl -s http://{P}/healthz",
    "wait.sh": f"wait-for-it {P} -- gunicorn -b :8080 app:app",
    "psql.sh": f"psql --host {H} --port 8080",
    "redis_cli.sh": f"redis-cli -h {H} -p 8080",
    "nc_z.sh": f"nc -z {H} 8080",
    "socat_to.sh": f"socat TCP-LISTEN:80,fork TCP:{P}",
    "hey.sh": f"hey -n 10 http://{P}/x",
    "replica.sh": f"redis-server --upstream http://{P}",
    "uvicorn_up.sh": f"uvicorn app:app --forward http://{P}",
    "consul_kv.sh": f"consul kv get -http-addr={P} x",
    "mlflow_run.sh": f"MLFLOW_TRACKING_URI=http://{P} mlflow run .",
    "dask_worker.sh": f"dask-worker tcp://{P}",
    "nats_pub.sh": f"nats pub -s nats://{P} x y",
    "locust_to.sh": f"locust --host http://{P}",
    "celery_broker.sh": f"celery -A x -b amqp://guest@{P} worker",
    "prom.sh": f"prometheus --remote.url=http://{P}",
    "Makefile": f"test:\n\tcurl http://{P}/x",
    "run.service": f"[Service]\nExecStart=/usr/bin/worker --api http://{P}",
    "compose.env": f"API_GATEWAY=http://{P}\nROUTER=http://{P}/graphql",
    "proxy.conf": f"location / {{\n  proxy_pass http://{P};\n}}",
    "upstream.conf": f"upstream o {{\n  server {P};\n}}",
    "backend.cfg": f"backend b\n  server s1 {P}",
    "output.conf": f'output {{ tcp {{ host => "{H}" port => 8080 }} }}',
    "agent.conf": f'[[outputs.http]]\n  url = "http://{P}"',
    "bit.conf": f"[OUTPUT]\n    Name forward\n    Host {H}\n    Port 8080",
    "exporter.yaml": f"exporters:\n  otlp:\n    endpoint: {P}",
    "scraper.yaml": f"receivers:\n  redis:\n    endpoint: {P}",
    "cluster.yaml": f"clusters:\n- type: STRICT_DNS\n  load_assignment: {{socket_address: {{address: {H}, port_value: 8080}}}}",
    "gateway.yaml": f"gateway: http://{P}/api\nsync: {{from: http://{P}/export}}\nrouter: http://{P}/x",
    "gateway.toml": f'gateway = "{P}"\nrange = "http://{P}"\nsubnet = "http://{P}/x"',
    "image.yaml": f"image: http://{P}/logo.png",
    "values.yaml": f"payment: {{gateway: 'http://{P}'}}\ndns: http://{P}/dns-query",
    "eureka.yml": f"eureka: {{client: {{service-url: {{defaultZone: 'http://{P}/eureka/'}}}}}}",
    "nacos.properties": f"spring.cloud.nacos.server-addr={P}",
    "oam.yaml": f"apiVersion: core.oam.dev/v1beta1\nkind: Application\nspec: {{components: [{{properties: {{server: 'http://{P}'}}}}]}}",
    "argv.yaml": f"containers:\n- command: [worker]\n  args: [--api, 'http://{P}']",
    "selector.yaml": f"selector: {{url: 'http://{P}/x'}}",
    "get.py": f"requests.get('http://{P}/x')",
    "connect.py": f"sock.connect(('{H}', 8080))",
    "channel.py": f"grpc.insecure_channel('{P}')",
    "open.py": f"asyncio.open_connection('{H}', 8080)",
    "job_run.py": f"job.run(host='{H}', port=8080)",
    "gateway.py": f"GATEWAY = 'http://{P}'\nROUTER = 'http://{P}/x'",
    "origins.py": f"origins = ['http://{P}']\nfetch(urls=origins)",
    "call.py": f"subprocess.run(['curl', 'http://{P}/x'])",
    "serve_to.py": f"serve(app, backend='http://{P}')",
    "hosts.py": f"Redis(host='{H}', port=8080)",
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Outcome]]:
    root = tmp_path_factory.mktemp("roles")
    for name, text in {**SERVERS, **CLIENTS}.items():
        (root / name).write_text(text + "\n")
    settings = Settings(namespace="shop")
    plan = make_plan(PlanJob(root, (root,), settings, Environments(settings, {"": inventory()})))
    found: dict[str, list[Outcome]] = {}
    for outcome in plan.outcomes:
        found.setdefault(outcome.finding.file, []).append(outcome)
    return found


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_keeps_its_address_by_a_row(outcomes: dict[str, list[Outcome]], name: str) -> None:
    told = outcomes[name]

    assert len(told) == SERVERS[name].count(H)
    assert {bool(outcome.finding.rule) for outcome in told} == {True}
    assert {outcome.new for outcome in told} == {""}


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_gets_the_name(outcomes: dict[str, list[Outcome]], name: str) -> None:
    told = outcomes[name]

    assert len(told) == CLIENTS[name].count(H)
    assert {bool(outcome.new) for outcome in told} == {True}, [outcome.why for outcome in told]
