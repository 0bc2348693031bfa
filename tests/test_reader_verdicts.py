"""What follows from who reads: docs/semantics.md, section 2, rules 1 to 4, and section 3."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.plan import PlanJob, make_plan
from refactor.repository.environments import Environments
from refactor.settings.types import Settings
from tests.clusters import cluster, deployed, port, service, sport, stateful
from tests.test_repository import deploy

WEB, ZK = "10.42.0.1", "10.42.0.2"
CLUSTER = cluster(
    deployed("web", WEB, port(8080, "http")),
    service("web", "10.43.0.1", {"app": "web"}, sport(80, 8080)),
    stateful("zk", [ZK], 2888, governing="zk-hs"),
    service("zk", "10.43.0.2", {"app": "zk"}, sport(2888, 2888)),
    service("zk-hs", "None", {"app": "zk"}, sport(2888, 2888)),
)
FULL = "web.shop.svc.cluster.local:80"
POD = "zk-0.zk-hs.shop.svc.cluster.local:2888"
Files = dict[str, str]


def with_env(name: str, value: str, workload: str = "web", **more: str) -> str:
    return deploy(name=workload, env=f"env: [{{name: {name}, value: '{value}'}}]", **more)


def with_args(*args: str, workload: str = "web", **more: str) -> str:
    listed = ", ".join(f"'{arg}'" for arg in args)
    return deploy(name=workload, env=f"args: [{listed}]", **more)


def conf(name: str = "U", value: str = f"http://{WEB}:8080", ns: str = "shop") -> str:
    return f"---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: conf, namespace: {ns}}}\ndata: {{{name}: '{value}'}}\n"


def made(ports: str, ns: str = "shop") -> str:
    return f"apiVersion: v1\nkind: Service\nmetadata: {{name: web, namespace: {ns}}}\nspec: {{selector: {{app: web}}, ports: {ports}}}\n"


FROM = "envFrom: [{configMapRef: {name: conf}}]"
ROWS: dict[str, tuple[Files, str]] = {
    # files, what becomes of the one address
    "its own command": ({"a.yaml": with_args("uvicorn", "--address", f"{WEB}:8080")}, "own"),
    "its own address in its environment": ({"a.yaml": with_env("SELF", f"http://{WEB}:8080")}, "own"),
    "a place that tells it too is right as it is": ({"a.yaml": with_args("--bind", f"{WEB}:8080")}, "kept-field"),
    "its Service's address": ({"a.yaml": with_env("SELF", "http://10.43.0.1:80")}, "own"),
    "its own, in its ConfigMap": ({"a.yaml": deploy(env=FROM) + conf()}, "own"),
    "another one's, in its ConfigMap": ({"a.yaml": deploy(name="b", env=FROM) + conf()}, "web:80"),
    "a ConfigMap that others read too": ({"a.yaml": deploy(env=FROM) + "---\n" + deploy(name="b", env=FROM) + conf()}, "web:80"),
    "another workload of that name": ({"a.yaml": with_env("SELF", f"http://{WEB}:8080", ns="other")}, FULL),
    "another kind of that name": ({"a.yaml": with_env("SELF", f"http://{WEB}:8080", kind="StatefulSet")}, "web:80"),
    "another workload": ({"a.yaml": with_env("WEB", f"http://{WEB}:8080", workload="b")}, "web:80"),
    "a client's peers are no peers": ({"a.yaml": with_env("ZOO_SERVERS", f"{ZK}:2888")}, "zk:2888"),
    "peers": ({"a.yaml": with_env("ZOO_SERVERS", f"{ZK}:2888", workload="zk", kind="StatefulSet")}, POD),
    "peers of a flag": ({"a.yaml": with_args(f"--initial-cluster=zk-0=http://{ZK}:2888", workload="zk", kind="StatefulSet")}, POD),
    "seeds": ({"a.yaml": with_env("CASSANDRA_SEEDS", f"{ZK}:2888", workload="zk", kind="StatefulSet")}, POD),
    "a StatefulSet's own address is no peer": ({"a.yaml": with_env("SELF", f"{ZK}:2888", workload="zk", kind="StatefulSet")}, "own"),
    "a Deployment has no peers": ({"a.yaml": with_env("PEERS", f"{WEB}:8080")}, "own"),
    "host network by a mount": ({"a.yaml": deploy(name="b", spec="hostNetwork: true", env=FROM) + conf()}, "unproven"),
    "host network with the policy for it": ({"a.yaml": deploy(name="b", spec="hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet", env=FROM) + conf()}, "web:80"),
    "another DNS by a mount": ({"a.yaml": deploy(name="b", spec="dnsPolicy: Default", env=FROM) + conf()}, "unproven"),
    "one of two readers on the host network": ({"a.yaml": deploy(name="b", env=FROM) + "---\n" + deploy(name="c", spec="hostNetwork: true", env=FROM) + conf()}, "unproven"),
    "a policy that an overlay mends": ({"b/a.yaml": with_env("WEB", f"http://{WEB}:8080", workload="b", spec="hostNetwork: true"), "b/kustomization.yaml": "resources: [a.yaml]", "o/kustomization.yaml": "resources: [../b]\npatches:\n- target: {kind: Deployment}\n  patch: |\n    [{op: add, path: /spec/template/spec/dnsPolicy, value: ClusterFirstWithHostNet}]\n"}, "web:80"),
    "a Service of the repository's has the port": ({"a.yaml": with_env("WEB", f"http://{WEB}:8080", workload="b"), "s.yaml": made("[{port: 80, targetPort: 8080}]")}, "web:80"),
    "a Service of the repository's lacks the port": ({"a.yaml": with_env("WEB", f"http://{WEB}:8080", workload="b"), "s.yaml": made("[{port: 8000, targetPort: 8080}]")}, "port-mismatch"),
    "a Service of another namespace's": ({"a.yaml": with_env("WEB", f"http://{WEB}:8080", workload="b"), "s.yaml": made("[{port: 8000, targetPort: 8080}]", ns="dev")}, "web:80"),
    "a compose project": ({"compose.yaml": f"services: {{b: {{image: x, environment: {{WEB: 'http://{WEB}:8080'}}}}}}\n"}, "kept-field"),
    "a chart's own workload": ({"c/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n", "c/templates/a.yaml": with_env("SELF", f"http://{WEB}:8080", ns="")}, "own"),
    "a chart's other workload": ({"c/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n", "c/templates/a.yaml": with_env("WEB", f"http://{WEB}:8080", workload="b", ns="")}, "web:80"),
    "a chart on the host network elsewhere": ({"c/Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n", "c/values.yaml": "host: false\n", "c/values-edge.yaml": "host: true\n", "c/templates/a.yaml": with_env("WEB", f"http://{WEB}:8080", workload="b", ns="", spec="hostNetwork: {{ .Values.host }}")}, "unproven"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), ROWS.values(), ids=ROWS)
def test_rows(files: Files, expected: str, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    settings = Settings(namespace="shop")

    plan = make_plan(PlanJob(tmp_path, [tmp_path], settings, Environments(settings, {"": CLUSTER})))

    assert [o.new.removeprefix("http://") or str(o.reason) for o in plan.outcomes] == [expected]


def test_a_plan_tells_who_reads(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(deploy(name="b", env=FROM) + conf())
    settings = Settings(namespace="shop")

    plan = make_plan(PlanJob(tmp_path, [tmp_path], settings, Environments(settings, {"": CLUSTER})))

    assert plan.outcomes[0].readers == ("Deployment shop/b (ConfigMap conf)",)
