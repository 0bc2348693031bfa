"""What a reviewer's repositories held: addresses that must stay, and those that must not.

A row is a text and the hosts in it that keep theirs; `*` before one says that it may be edited.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from refactor.cli import main
from refactor.inventory import Inventory
from refactor.plan import PlanJob, make_plan
from refactor.repository.environments import Environments
from refactor.scan.file import scan_source
from refactor.settings.types import Settings
from refactor.text.source import Source
from tests.forms import inventory
from tests.shop import write_cluster

A, B = "10.0.0.1", "10.0.0.2"


def standing(name: str, kind: str, text: str) -> list[str]:
    """Each finding's host, with why it is kept; "edit" for one that may change."""
    findings = scan_source(Source(name, text.encode()), kind).findings
    return [f"{finding.host} {finding.kept or 'edit'}" for finding in findings]


LINES = {
    # lines that keep their address
    "iptables, source": (f"iptables -A INPUT -s {A} -j ACCEPT", "needs-ip"),
    "iptables, in a list of commands": (f"set -e; sudo iptables -d {A} -j DROP", "needs-ip"),
    "iptables, destination": (f"iptables -t nat -j DNAT --to-destination {A}:80", "needs-ip"),
    "ip addr": (f"ip addr add {A} dev eth0", "needs-ip"),
    "ip route": (f"ip -4 route add default via {A}", "needs-ip"),
    "route": (f"route add -host {A} gw eth0", "needs-ip"),
    "ufw": (f"ufw allow from {A} to any port 6379", "needs-ip"),
    "ping's interface": (f"ping -I {A} x", "kept-field"),
    "curl's interface": (f"curl --interface {A} http://orders", "kept-field"),
    "curl's Host": (f'curl -H "Host: {A}" http://orders', "compared"),
    "dig": (f"dig @{A} redis", "kept-field"),
    "nslookup": (f"nslookup redis {A}", "kept-field"),
    "echo nameserver": (f'echo "nameserver {A}" > /etc/resolv.conf', "kept-field"),
    "hosts file": (f'echo "{A} redis" >> /etc/hosts', "kept-field"),
    "docker -p": (f"docker run -p {A}:80:80 nginx", "kept-field"),
    "docker --dns": (f"docker run --dns {A} nginx", "kept-field"),
    "docker --ip": (f"docker run --ip {A} nginx", "kept-field"),
    "docker's image": (f"docker run --rm {A}:5000/app", "kept-field"),
    "docker pull": (f"docker pull {A}:5000/app", "kept-field"),
    "podman push": (f"podman push {A}:5000/app", "kept-field"),
    "helm push": (f"helm push x oci://{A}:5000/charts", "kept-field"),
    "mount": (f"mount -t nfs {A}:/export /mnt", "kept-field"),
    "case": (f"case $ip in {A}) echo x;; esac", "compared"),
    "case, over lines": (f"case $ip in\n  {A}) echo x;;\nesac", "compared"),
    "awk": (f"awk '/{A}/' f", "compared"),
    "grep": (f"kubectl get pods -o wide | grep {A}", "compared"),
    "sed, lines": (f"sed -i '/{A}/d' f", "compared"),
    "sed, another sign": (f'sed "s|http://{A}:80|http://x|" f', "compared"),
    "openssl": (f'openssl req -addext "subjectAltName = IP:{A}"', "kept-field"),
    "keytool": (f"keytool -ext san=ip:{A}", "kept-field"),
    "openssl.cnf": (f"[alt_names]\nIP.1 = {A}", "kept-field"),
    "pg_hba": (f"host all all {A} 255.255.255.255 md5", "kept-field"),
    "pg_hba, hostssl": (f"hostssl all app {A} 255.255.255.255 md5", "kept-field"),
    "Redis, announced": (f"cluster-announce-ip {A}", "kept-field"),
    "Redis, replica": (f"replica-announce-ip {A}", "kept-field"),
    "Sentinel": (f"sentinel monitor mymaster {A} 6379 2", "needs-ip"),
    "HAProxy, acl": (f"acl internal src {A}", "kept-field"),
    "HAProxy, condition": (f"http-request deny if {{ src {A} }}", "kept-field"),
    "HAProxy, source": (f"backend b\n  source {A}", "kept-field"),
    "HAProxy, check port": (f"  server s1 {A}:8080 check port 8080", "edit"),
    "nginx, geo": (f"geo $x {{ {A} 1; }}", "kept-field"),
    "nginx, geo over lines": (f"geo $x {{\n  default 0;\n  {A} 1;\n}}", "compared"),
    "nginx, map": (f"map $remote_addr $x {{\n  {A} 1;\n}}", "compared"),
    "nginx, if": (f"if ($remote_addr = {A}) {{ return 403; }}", "compared"),
    "nginx, server_name": (f"server_name a.example {A};", "kept-field"),
    "nginx, proxy_bind": (f"location / {{ proxy_bind {A}; }}", "kept-field"),
    "nginx, Host": (f"proxy_set_header Host {A};", "compared"),
    "nginx, allow behind another": (f"server {{ listen 80; allow {A}; }}", "kept-field"),
    "nginx, set_real_ip_from": (f"server {{ listen 80; set_real_ip_from {A};", "kept-field"),
    "Corefile": (f".:53 {{ forward . {A}\n}}", "kept-field"),
    "Corefile, hosts": (f"hosts {{ {A} redis.local }}", "kept-field"),
    "Dockerfile, COPY": (f"COPY --from={A}:5000/x /a /b", "kept-field"),
    "Dockerfile, ARG of FROM": (f"ARG REG={A}:5000\nFROM ${{REG}}/x", "kept-field"),
    "compose that does not parse": (f'ports: ["{A}:6379:6379"]', "kept-field"),
    "ini": (f"[x]\nsource_ip = {A}", "kept-field"),
    "libpq, hostaddr": (f'DSN="host=db.example hostaddr={A} port=5432"', "needs-ip"),
    "libpq, PGHOSTADDR": (f"PGHOSTADDR={A}", "needs-ip"),
    "shell variable of another line": (
        f"HOST={A}\nPORT=8080\ncurl http://$HOST:$PORT/\nexec server --port $PORT",
        "shared-port",
    ),
    "empty port": (f"U=http://{A}:/x", "shape"),
    "gRPC list": (f"T=ipv4:{A}:50051,10.0.0.9:50051", "shape"),
    # lines that do not
    "curl": (f"curl -s http://{A}:8080/x", "edit"),
    "curl without a scheme": (f"curl -s {A}:8080/x", "edit"),
    "curl behind grep": (f"grep x f | curl http://{A}:8080/x", "edit"),
    "curl with a header": (f'curl -H "Accept: x" http://{A}:8080', "edit"),
    "redis-cli": (f"redis-cli -h {A} -p 6379", "edit"),
    "docker -e": (f"docker run -e URL=http://{A}:8080 app", "edit"),
    "sed's replacement": (f"sed -i 's|__URL__|http://{A}:8080|' f", "edit"),
    "proxy_pass": (f"proxy_pass http://{A}:8080;", "edit"),
    "proxy_pass in a block": (f"location / {{ proxy_pass http://{A}:8080; }}", "edit"),
    "nginx, upstream": (f"upstream o {{ server {A}:8080 weight=5; }}", "edit"),
    "nginx, map to an address": (f"map $host $up {{\n  default {A}:8080;\n}}", "edit"),
    "HAProxy, server": (f"  server s1 {A}:8080 check", "edit"),
    "HAProxy, name": (f"  server ip {A}:8080", "edit"),
    "for in a shell": (f"for x in a b; do curl http://{A}:8080/; done", "edit"),
    "subshell": (f"$(curl {A}:8080)", "edit"),
    "source of an application": (f"source = http://{A}:8080/x", "edit"),
    "gRPC": (f"T=ipv4:{A}:50051", "edit"),
    "shell variables that go together": (
        f"HOST={A}\nPORT=8080\ncurl http://$HOST:$PORT/\necho $PORT",
        "edit",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "reason"), LINES.values(), ids=LINES)
def test_lines(text: str, reason: str) -> None:
    assert standing("x.sh", "text", text)[0] == f"{A} {reason}"
    body = "".join(f"    {line}\n" for line in text.splitlines())
    config = f"kind: ConfigMap\napiVersion: v1\ndata:\n  x.conf: |\n    # a\n{body}"

    assert standing("x.yaml", "yaml", config)[0] == f"{A} {reason}"


YAML = {
    "alias where an IP has to stand": (
        f"env:\n- name: ORDERS_HOST\n  value: &h {A}\nhostAliases:\n- ip: *h\n",
        [f"{A} kept-field"],
    ),
    "alias that only repeats": (f"a: &h http://{A}:80\nb: *h\nc: [*h]\n", [f"{A} edit"]),
    "alias of a port": (
        f'- name: X_HOST\n  value: {A}\n- name: X_PORT\n  value: &p "80"\n- name: LISTEN_PORT\n  value: *p\n',
        [f"{A} shared-port"],
    ),
    "alias of NO_PROXY": (f"- {{name: H, value: &h {A}}}\n- {{name: NO_PROXY, value: *h}}\n", [f"{A} kept-field"]),
    "alias beside another port": (
        f"a: {{host: &h {A}, port: 80}}\nb: {{host: *h, port: 81}}\n",
        [f"{A} shared-port"],
    ),
    "merged beside another host": (
        f"o: &o\n  host: {A}\n  port: 80\nx:\n  <<: *o\n  host: legacy.example\n",
        [f"{A} shared-port"],
    ),
    "merged beside another port": (
        f"o: &o\n  host: {A}\n  port: 80\nx:\n  <<: [*o]\n  port: 81\n",
        [f"{A} shared-port"],
    ),
    "merged as it is": (f"o: &o\n  host: {A}\n  port: 80\nx:\n  <<: *o\n  user: y\n", [f"{A} edit"]),
    "RFC 6902, test": (f"- op: test\n  path: /x\n  value: http://{A}:80\n", [f"{A} compared"]),
    "RFC 6902, replace": (f"- op: replace\n  path: /x\n  value: http://{A}:80\n", [f"{A} edit"]),
    "Envoy, static": (
        f"clusters:\n- type: STATIC\n  load_assignment: {{socket_address: {{address: {A}, port_value: 80}}}}\n",
        [f"{A} needs-ip"],
    ),
    "Envoy, static by default": (
        f"clusters:\n- load_assignment: {{socket_address: {{address: {A}, port_value: 80}}}}\n",
        [f"{A} needs-ip"],
    ),
    "Envoy, by DNS": (
        f"clusters:\n- type: STRICT_DNS\n  load_assignment: {{socket_address: {{address: {A}, port_value: 80}}}}\n",
        [f"{A} edit"],
    ),
    "ServiceEntry, static": (
        f"kind: ServiceEntry\napiVersion: v1\nspec: {{resolution: STATIC, endpoints: [{{address: {A}}}]}}\n",
        [f"{A} needs-ip"],
    ),
    "ServiceEntry, by DNS": (
        f"kind: ServiceEntry\napiVersion: v1\nspec: {{resolution: DNS, endpoints: [{{address: {A}}}]}}\n",
        [f"{A} edit"],
    ),
    "annotation of a Service": (
        f"kind: Service\napiVersion: v1\nmetadata: {{annotations: {{a.b/x: '{A}, {B}'}}}}\n",
        [f"{A} kept-field", f"{B} kept-field"],
    ),
    "a URL in an annotation of a Service": (
        f"kind: Service\napiVersion: v1\nmetadata: {{annotations: {{a.b/x: 'http://{A}:80'}}}}\n",
        [f"{A} edit"],
    ),
    "GitLab's service image": (f"job:\n  services: [name: {A}:5000/pg]\n", [f"{A} kept-field"]),
    "a list of services": (f"services: ['{A}:5000']\n", [f"{A} edit"]),
    "kaniko": (f"args: ['--destination={A}:5000/app:1']\n", [f"{A} kept-field"]),
    "registry, by URL": (f"registry: http://{A}:5000\n", [f"{A} edit"]),
    "marker on the port's line": (f"host: {A}\nport: 80  # refactor: ignore\n", [f"{A} ignored"]),
    "marker on another line": (f"host: {A}\nport: 80\nx: 1  # refactor: ignore\n", [f"{A} edit"]),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), YAML.values(), ids=YAML)
def test_yaml(text: str, expected: list[str]) -> None:
    assert standing("x.yaml", "yaml", text) == expected


PYTHON = {
    "constant, taken as an IP": (f"X = '{A}'\nipaddress.ip_address(X)\n", "needs-ip"),
    "constant, compared": (f"X = '{A}'\nif remote == X:\n    pass\n", "compared"),
    "constant, looked for": (f"X = ('{A}',)\nok = ip in X\n", "compared"),
    "constant, in a set": (f"X = '{A}'\nok = remote in {{X}}\n", "compared"),
    "constant, bound": (f"X = '{A}'\ns.bind((X, 80))\n", "kept-field"),
    "constant, taken apart": (f"X = '{A}'\nstruct.pack('!4B', *map(int, X.split('.')))\n", "compared"),
    "constant, listened on": (f"X = '{A}'\napp.run(host=X, port=80)\n", "kept-field"),
    "parameter, compared": (f"def f(ip='{A}'):\n    return ip == remote\n", "compared"),
    "port without its host": (
        f"HOST = '{A}'\nPORT = 8080\ndef main(app, c):\n    c.connect(HOST, PORT)\n    app.run(host='0.0.0.0', port=PORT)\n",
        "shared-port",
    ),
    "port in a text without its host": (
        f"HOST = '{A}'\nPORT = 8080\nconnect(HOST, PORT)\nx = f'0.0.0.0:{{PORT}}'\n",
        "shared-port",
    ),
    "get": (f"d.get('{A}')\n", "compared"),
    "pop": (f"d.pop('{A}', None)\n", "compared"),
    "add": (f"seen.add('{A}')\n", "compared"),
    "count": (f"hosts.count('{A}')\n", "compared"),
    "set": (f"x = {{'{A}'}} & y\n", "compared"),
    "trusted hosts": (f"TRUSTED_HOSTS = ['{A}']\n", "kept-field"),
    "header": (f"get(u, headers={{'X-Forwarded-For': '{A}'}})\n", "compared"),
    "header, Host": (f"get(u, headers={{'Host': '{A}'}})\n", "compared"),
    "hostaddr": (f"psycopg.connect(host='db', hostaddr='{A}')\n", "needs-ip"),
    # must not stay
    "constant, dialled": (f"X = '{A}'\nrequests.get(X)\nif X is None or X == '':\n    pass\n", "edit"),
    "parameter of the same name": (f"X = '{A}'\ndef f(X):\n    return X == 1.5 or X == y\n", "edit"),
    "field of the same name": (f"class C:\n    host = '{A}'\ndef f(host):\n    return host == x\n", "edit"),
    "keyword of the same name": (f"connect(host='{A}')\nhost = 'x'\nok = host == y\n", "edit"),
    "get of a client": (f"requests.get('http://{A}:8080/x')\n", "edit"),
    "default of the environment": (f"os.environ.get('X', '{A}')\n", "edit"),
    "port with its host": (f"HOST = '{A}'\nPORT = 8080\nconnect(HOST, int(PORT))\nprint(PORT)\n", "edit"),
    "port and host apart in like calls": (
        f"HOST = '{A}'\nPORT = 8080\np.add_argument('--host', default=HOST)\np.add_argument('--port', default=PORT)\n",
        "edit",
    ),
    "sum of sets": (f"x = hosts | {{'{A}'}}\n", "edit"),
    "subprocess": (f"subprocess.run('curl http://{A}:8080', shell=True)\n", "edit"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "reason"), PYTHON.values(), ids=PYTHON)
def test_python(text: str, reason: str) -> None:
    assert standing("x.py", "python", text) == [f"{A} {reason}"]


@pytest.fixture(scope="module")
def cluster() -> Inventory:
    return inventory()


ORDERS = "10.42.1.11"
PLANS = {
    "one port, another host": (f'DSN="host={ORDERS},10.9.9.9 port=8080"', None),
    "one port, a host that is no finding": (f'DSN="host={ORDERS},legacy.example port=8080"', None),
    "one port, loopback": (f'DSN="host={ORDERS},127.0.0.1 port=8080"', None),
    "one port, hostaddr too": (f'DSN="host={ORDERS} hostaddr={ORDERS} port=8080"', None),
    "one port, one Service": (f'DSN="host={ORDERS},{ORDERS} port=8080"', 'DSN="host=orders,orders port=80"'),
    "a port for each": (f'DSN="host={ORDERS},legacy.example port=8080,80"', 'DSN="host=orders,legacy.example port=80,80"'),
    "a port at the host": (f'X="-h {ORDERS}:8080,legacy.example:1 -p 5"', 'X="-h orders:80,legacy.example:1 -p 5"'),
}  # fmt: skip


@pytest.mark.parametrize(("text", "after"), PLANS.values(), ids=PLANS)
def test_ports_of_several_hosts(
    cluster: Inventory, tmp_path: Path, text: str, after: str | None
) -> None:
    (tmp_path / "a.env").write_text(text + "\n")
    settings = Settings(namespace="shop")
    plan = make_plan(
        PlanJob(tmp_path, (tmp_path,), settings, Environments(settings, {"": cluster}))
    )
    edited = text
    for edit in reversed(plan.changes[0].edits if plan.changes else ()):
        edited = edited[: edit.span.start] + edit.new + edited[edit.span.end :]

    assert edited == (after or text)


def refused(capsys: pytest.CaptureFixture[str], *args: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        main(list(args))

    assert stopped.value.code == 2
    return capsys.readouterr().err


def test_names_that_kubernetes_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = str(write_cluster(tmp_path / "cluster.json"))
    monkeypatch.chdir(tmp_path)

    assert "'Bad NS': is not a namespace" in refused(capsys, "plan", "-i", cluster, "-n", "Bad NS")
    assert "is not a cluster domain" in refused(
        capsys, "plan", "-i", cluster, "--cluster-domain", "a b"
    )
    assert "not a number from 1 to 65535" in refused(
        capsys, "explain", "10.1.0.1:99999", "-i", cluster
    )


def test_names_and_texts_of_an_inventory_that_are_no_unicode(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "inventory"
    folder.mkdir()
    write_cluster(folder / "cluster.json")
    (folder / "surrogate.yaml").write_text('kind: Pod\nmetadata: {name: "\\ud800"}\n')
    try:
        with open(os.fsencode(folder) + b"/b\xff.yaml", "wb") as file:
            file.write(b"a: [\n")
    except OSError:
        pytest.skip("this file system wants UTF-8")
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "a.env").write_text("X=http://10.42.1.11:8080\n")
    monkeypatch.chdir(repository)
    with pytest.raises(SystemExit) as stopped:
        main(["plan", "-i", str(folder), "-n", "shop"])

    assert stopped.value.code == 0
    assert "+X=http://orders:80" in capsys.readouterr().out
