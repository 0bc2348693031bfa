"""`refactor inventory` against a stand-in for the API that pages, throttles, forbids and dies."""

from __future__ import annotations

import datetime
import json
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from refactor import cli, inventory
from refactor.cli.inventories import age
from refactor.inventory.live import api as live_api
from tests.clusters import deployed, node, pod, service, stateful, thing
from tests.live_server import TOKEN, Answer, Cluster, Fault, kubeconfig, serving, status

pytest.importorskip("kubernetes")
SECRET = "hunter2-planted"
PODS = [pod(f"p-{n}", f"10.42.{n // 250}.{n % 250 + 1}", {"app": "p"}, [8080]) for n in range(1234)]
SHOP = [
    service("orders", "10.43.0.1", {"app": "orders"}, (80, 8080)),
    *deployed("orders", "10.42.9.9", 8080),
    *stateful("db", ["10.42.8.1", "10.42.8.2"], 5432, governing="db"),
    service("db", "None", {"app": "db"}, (5432, 5432)),
    node("worker-1", "10.20.0.1"),
]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_api, "_BACKOFF", 0.001)
    for name in ("KUBECONFIG", "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


class Ran:
    """One run of `refactor inventory`."""

    def __init__(self, tmp: Path, cluster: Cluster, *args: str, user: Any = None) -> None:
        self.file = tmp / "cluster.json"
        with serving(cluster) as url:
            config = kubeconfig(tmp / "config", url, user)
            runner = CliRunner()
            argv = ["inventory", "--kubeconfig", config, "-o", str(self.file), *args]
            self.result = runner.invoke(_main(argv))
        self.said = self.result.stderr
        self.code = self.result.exit_code

    def items(self) -> list[Any]:
        return list(json.loads(self.file.read_bytes())["items"])


def _main(argv: list[str]) -> Any:
    """The command line with its boundary, as a click command."""
    import click

    return click.Command("refactor", callback=lambda: cli.main(argv))


def of(path: str, *answers: Answer | None) -> Fault:
    """Answer the first requests for a path so; None stands for the usual answer."""

    def fault(asked: str, _query: dict[str, str], time: int) -> Answer | None:
        return answers[time - 1] if asked == path and time <= len(answers) else None

    return fault


def test_pages_are_joined(tmp_path: Path) -> None:
    cluster = Cluster([*SHOP, *PODS])

    ran = Ran(tmp_path, cluster)

    names = [o["metadata"]["name"] for o in ran.items() if o["kind"] == "Pod"]
    assert (ran.code, names[3:]) == (0, [p["metadata"]["name"] for p in PODS])
    assert cluster.requests.count("/api/v1/pods") == 3
    assert "pods 1,237" in ran.said


def test_the_snapshot_says_whose_it_is_and_resolves(tmp_path: Path) -> None:
    ran = Ran(tmp_path, Cluster(SHOP))

    loaded = inventory.load([ran.file], stdin=bytes)
    shot = loaded.snapshots[0]
    assert (shot.context, shot.version, shot.unread) == ("stand-in", "v1.37.2", ())
    assert shot.cluster.startswith("http://127.0.0.1:")
    assert shot.time is not None
    assert set(map(str, loaded.services)) == {"shop/orders", "shop/db"}
    assert loaded.remarks == ()


PAGE = "/api/v1/pods"
RECOVERED = [
    ("throttled", of(PAGE, status(429, "slow", Retry_After="0")), 4),
    ("not there for a moment", of(PAGE, status(503, "wait"), status(500, "etcd")), 5),
    ("expired on the second page", of(PAGE, None, status(410, "too old")), 5),
    ("expired twice", of(PAGE, None, status(410, "a"), None, status(410, "b")), 7),
    ("broken off within a page", of(PAGE, (0, {}, b'{"kind":"PodList","items":[]}')), 4),
]


@pytest.mark.parametrize(
    ("fault", "requests"), [r[1:] for r in RECOVERED], ids=[r[0] for r in RECOVERED]
)
def test_recovers(tmp_path: Path, fault: Fault, requests: int) -> None:
    cluster = Cluster([*SHOP, *PODS], fault)

    ran = Ran(tmp_path, cluster)

    assert (ran.code, cluster.requests.count(PAGE)) == (0, requests)
    pods = [o["metadata"]["name"] for o in ran.items() if o["kind"] == "Pod"]
    assert (len(pods), len(set(pods))) == (1237, 1237)


def always(path: str, answer: Answer, after: int = 0) -> Fault:
    return lambda asked, _query, time: answer if asked == path and time > after else None


SERVICES = "/api/v1/services"
FATAL = [
    ("throttled for ever", always(PAGE, status(429, "slow", Retry_After="0")), "the API answers 429 to the list of pods (slow)"),
    ("broken", always(PAGE, status(500, "etcd")), "the API answers 500 to the list of pods (etcd)"),
    ("expires for ever", always(PAGE, status(410, "old"), 1), "the list of pods expired 4 times before its end (410)"),
    ("dies on the second page", always(PAGE, (0, {}, b'{"kind":"PodList","items":[]}'), 1), "cannot be read ("),
    ("Services forbidden", always(SERVICES, status(403, "services is forbidden")), "the API does not show its Services (403: services is forbidden)"),
    ("a login page", always(PAGE, (200, {}, b"<html>log in")), "to the list of pods is not a list"),
    ("another object", always(PAGE, (200, {}, b'{"kind":"Status"}')), "to the list of pods is not a list"),
    ("a page without end", always(PAGE, (200, {}, b'{"kind":"PodList","metadata":{"continue":"x"},"items":[]}')), "the list of pods does not end"),
    ("expired token on the way", always(PAGE, status(401, "no"), 1), "rejects the credentials (401)"),
    ("no API at all", always("/version", (200, {}, b"hello")), "is not a Kubernetes API"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "told"), [r[1:] for r in FATAL], ids=[r[0] for r in FATAL])
@pytest.mark.parametrize("before", [None, b"older"], ids=["new", "replaced"])
def test_one_line_and_nothing_half_written(
    tmp_path: Path, fault: Fault, told: str, before: bytes | None
) -> None:
    if before:
        (tmp_path / "cluster.json").write_bytes(before)

    ran = Ran(tmp_path, Cluster([*SHOP, *PODS], fault))

    assert (ran.code, ran.said.count("\n")) == (2, 1)
    assert ran.said.startswith("refactor: stand-in: ")
    assert told in ran.said
    left = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert left.pop("config")
    assert left == ({"cluster.json": before} if before else {})


def test_nobody_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
    config = kubeconfig(tmp_path / "config", url)

    ran = CliRunner().invoke(_main(["inventory", "--kubeconfig", config]))

    assert (ran.exit_code, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert "Connection refused" in ran.stderr


def test_what_may_not_be_read_is_said(tmp_path: Path) -> None:
    cluster = Cluster(SHOP, always("/api/v1/nodes", status(403, 'User "jane" cannot list nodes')))

    ran = Ran(tmp_path, cluster)

    loaded = inventory.load([ran.file], stdin=bytes)
    assert ran.code == 0
    assert "not read: nodes (403, may not be listed)" in ran.said
    assert b"jane" not in ran.file.read_bytes()
    assert {name: lack.reason for name, lack in loaded.unread.items()} == {
        "nodes": "403, may not be listed"
    }


def test_no_planted_secret_is_in_it(tmp_path: Path) -> None:
    env = [{"name": "PASSWORD", "value": SECRET}]
    told = {"annotations": {"last-applied": SECRET}, "managedFields": [{"x": SECRET}]}
    box = {"name": "main", "env": env, "image": SECRET, "args": [SECRET], "ports": []}
    template = {
        "metadata": {"labels": {"app": "x"}, **told},
        "spec": {"containers": [box], "volumes": [SECRET]},
    }
    planted = [
        thing("Secret", "s", data={"p": SECRET}),
        thing("Deployment", "d", meta=told, spec={"template": template}),
        thing("Pod", "d-1", meta=told, spec={"containers": [box]}, status={"message": SECRET}),
        service("d", "10.43.0.9", {"app": "x"}, (80, 80)) | {"data": SECRET},
    ]  # fmt: skip
    cluster = Cluster(planted)

    ran = Ran(tmp_path, cluster)

    assert ran.code == 0
    assert SECRET.encode() not in ran.file.read_bytes()
    assert b'"PASSWORD"' in ran.file.read_bytes()
    assert not [path for path in cluster.requests if "secret" in path]


PLUGIN = """\
import json, pathlib, sys
calls = pathlib.Path(sys.argv[1])
calls.write_text(calls.read_text() + "x" if calls.exists() else "x")
token = sys.argv[2] if len(calls.read_text()) > 1 else "expired"
print(json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": token}}))
"""


def _exec(tmp: Path, program: str, *args: str) -> dict[str, Any]:
    (tmp / "plugin.py").write_text(program)
    told = [str(tmp / "plugin.py"), *args]
    api = "client.authentication.k8s.io/v1"
    return {
        "exec": {
            "apiVersion": api,
            "command": sys.executable,
            "args": told,
            "interactiveMode": "Never",
        }
    }


def test_an_expired_token_is_had_anew_from_the_plugin(tmp_path: Path) -> None:
    user = _exec(tmp_path, PLUGIN, str(tmp_path / "calls"), TOKEN)

    ran = Ran(tmp_path, Cluster(SHOP), user=user)

    assert (ran.code, (tmp_path / "calls").read_text()) == (0, "xx")


@pytest.mark.parametrize(
    "program",
    ["raise SystemExit('sso: password=abc')", "print('no json')"],
    ids=["fails", "no credential"],
)
def test_a_plugin_that_fails(tmp_path: Path, program: str) -> None:
    ran = Ran(tmp_path, Cluster(SHOP), user=_exec(tmp_path, program))

    assert (ran.code, ran.said.count("\n")) == (2, 1)
    assert "the credentials cannot be obtained (exec: " in ran.said
    assert "abc" not in ran.said


def test_a_wrong_token(tmp_path: Path) -> None:
    ran = Ran(tmp_path, Cluster(SHOP), user={"token": "old"})

    assert (ran.code, ran.said.count("\n")) == (2, 1)
    assert "rejects the credentials (401)" in ran.said


def test_an_unknown_context(tmp_path: Path) -> None:
    ran = Ran(tmp_path, Cluster(SHOP), "--context", "prod")

    assert (ran.code, "has no context `prod`; it has stand-in" in ran.said) == (2, True)


CONFIGS = [
    ("not there", None),
    ("empty", ""),
    ("no YAML", "{"),
    ("a list", "[]"),
    ("no lists", "contexts: 3\ncurrent-context: x\n"),
]


@pytest.mark.parametrize("text", [r[1] for r in CONFIGS], ids=[r[0] for r in CONFIGS])
def test_a_kubeconfig_that_is_none(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "config"
    if text is not None:
        path.write_text(text)

    ran = CliRunner().invoke(_main(["inventory", "--kubeconfig", str(path)]))

    assert (ran.exit_code, ran.stderr.count("\n")) == (2, 1)
    assert "bug" not in ran.stderr


def test_only_some_namespaces(tmp_path: Path) -> None:
    cluster = Cluster(SHOP)
    empty = (200, {}, b'{"kind":"XList","items":[]}')
    cluster.fault = lambda path, _query, _time: empty if "/namespaces/" in path else None

    ran = Ran(tmp_path, cluster, "-n", "shop", "-n", "billing")

    assert ran.code == 0
    assert "/api/v1/namespaces/billing/pods" in cluster.requests
    assert "/api/v1/pods" not in cluster.requests
    assert "/api/v1/nodes" in cluster.requests


def test_plan_reads_the_cluster_in_one_go(tmp_path: Path) -> None:
    repo = tmp_path / "repo"
    repo.mkdir()
    (repo / "values.yaml").write_text(
        "orders:\n  url: http://10.42.9.9:8080/\n  node: http://10.20.0.9:30080/\n"
    )
    cluster = Cluster(SHOP, always("/api/v1/nodes", status(403, "no")))
    with serving(cluster) as url:
        config = kubeconfig(tmp_path / "config", url)
        argv = ["plan", str(repo), "--context", "stand-in", "--kubeconfig", config, "-n", "shop"]
        ran = CliRunner().invoke(_main(argv))

    assert ran.exit_code == 0
    assert "+  url: http://orders:80/" in ran.stdout
    assert "not read: nodes (403, may not be listed)" in ran.stdout
    assert "lacks nodes: 403, may not be listed" in ran.stdout


def test_each_environment_has_its_own_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = tmp_path / "repo"
    (repo / "a").mkdir(parents=True)
    (repo / "b").mkdir()
    for name in "ab":
        (repo / name / "values.yaml").write_text("url: http://10.42.9.9:8080/\n")
    (repo / ".refactor.yaml").write_text(
        "environments:\n- {name: a, files: [a/**], context: ca, inventories: [a.json]}\n"
        "- {name: b, files: [b/**], context: cb, inventories: [b.json]}\n"
    )
    other = [
        service("pay", "10.43.0.1", {"app": "pay"}, (81, 8080)),
        *deployed("pay", "10.42.9.9", 8080),
    ]
    monkeypatch.chdir(repo)
    with serving(Cluster(SHOP)) as first, serving(Cluster(other)) as second:
        config = tmp_path / "config"
        servers = {"ca": first, "cb": second}
        config.write_text(json.dumps({
            "clusters": [{"name": c, "cluster": {"server": url}} for c, url in servers.items()],
            "contexts": [{"name": c, "context": {"cluster": c, "user": "u"}} for c in servers],
            "users": [{"name": "u", "user": {"token": TOKEN}}],
        }))  # fmt: skip
        told = ["--kubeconfig", str(config), "--config", ".refactor.yaml"]
        live = CliRunner().invoke(_main(["plan", ".", "--live", *told]))
        wrote = CliRunner().invoke(_main(["inventory", "--environments", *told]))
    filed = CliRunner().invoke(_main(["plan", "."]))

    assert (live.exit_code, wrote.exit_code, filed.exit_code) == (0, 0, 0), (
        live.stderr + wrote.stderr
    )
    for ran in (live, filed):
        assert "orders.shop.svc.cluster.local:80/" in ran.stdout
        assert "pay.shop.svc.cluster.local:81/" in ran.stdout


@pytest.mark.parametrize(
    ("command", "settings"),
    [
        (["plan", ".", "--live"], "context: prod"),
        (["scan", ".", "--live"], "environments: [{name: a, context: prod}]"),
        (["check", ".", "--live"], "environments: [{name: a, context: prod, inventories: [a.json]}]"),
        (["inventory", "--environments"], "context: prod\ninventories: [a.json]"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("named", [False, True], ids=["of-the-repository", "named-by-the-user"])
def test_only_a_settings_file_that_the_user_names_chooses_a_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], settings: str, named: bool
) -> None:
    (tmp_path / ".refactor.yaml").write_text(settings + "\n")
    (tmp_path / "a.json").write_text('{"apiVersion": "v1", "kind": "List", "items": []}')
    (tmp_path / "values.yaml").write_text("url: http://10.42.9.9:8080/\n")
    monkeypatch.chdir(tmp_path)
    staging, prod = Cluster(SHOP), Cluster(SHOP)
    with serving(staging) as first, serving(prod) as second:
        servers = {"staging": first, "prod": second}
        (tmp_path / "config").write_text(json.dumps({
            "current-context": "staging",
            "clusters": [{"name": c, "cluster": {"server": url}} for c, url in servers.items()],
            "contexts": [{"name": c, "context": {"cluster": c, "user": "u"}} for c in servers],
            "users": [{"name": "u", "user": {"token": TOKEN}}],
        }))  # fmt: skip
        chosen = ["--config", ".refactor.yaml"] if named else []
        ran = CliRunner().invoke(_main([*command, "--kubeconfig", "config", *chosen]))

    assert (bool(prod.requests), ran.exit_code == 2) == (named, not named), ran.output
    if not named:
        assert staging.requests == []
        assert "name the context prod, and may not choose a cluster" in ran.stderr


OLD = [
    ("fresh", "2026-01-02T00:00:00Z", 24, ""),
    ("just old", "2026-01-01T12:00:00Z", 24, "is 24 hours old"),
    ("days old", "2025-12-30T12:00:00Z", 24, "is 3 days old"),
    ("never called old", "2020-01-01T00:00:00Z", 0, ""),
    ("from a clock that is ahead", "2026-01-03T00:00:00Z", 24, ""),
]


@pytest.mark.parametrize(("taken", "limit", "told"), [r[1:] for r in OLD], ids=[r[0] for r in OLD])
def test_age(taken: str, limit: int, told: str) -> None:
    shot = inventory.Snapshot(time=datetime.datetime.fromisoformat(taken))

    assert age(shot, datetime.datetime.fromisoformat("2026-01-02T12:00:00Z"), limit) == told


def test_a_plan_warns_of_an_old_snapshot(tmp_path: Path) -> None:
    meta = {"refactor": {"context": "prod", "time": "2020-01-01T00:00:00Z"}}
    (tmp_path / "c.json").write_text(json.dumps({"kind": "List", "items": SHOP, "metadata": meta}))

    ran = CliRunner().invoke(_main(["plan", str(tmp_path), "-i", str(tmp_path / "c.json")]))

    assert "inventory of prod: is " in ran.stdout
    assert "days old (taken 2020-01-01 00:00 UTC): export it again; pod IPs change" in ran.stdout


def test_history_of_another_cluster_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_text("url: http://10.42.9.1:8080/\n")
    past = [SHOP[0], *deployed("orders", "10.42.9.1", 8080)]
    files = {"now": ("https://a", SHOP), "same": ("https://a", past), "other": ("https://b", past)}
    for name, (cluster, items) in files.items():
        meta = {"refactor": {"cluster": cluster, "time": "2026-01-01T00:00:00Z"}}
        text = json.dumps({"kind": "List", "items": items, "metadata": meta})
        (tmp_path / f"{name}.json").write_text(text)
    base = ["plan", str(tmp_path / "values.yaml"), "-i", str(tmp_path / "now.json"), "--history"]

    same = CliRunner().invoke(_main([*base, str(tmp_path / "same.json")]))
    other = CliRunner().invoke(_main([*base, str(tmp_path / "other.json")]))

    assert "+url: http://orders.shop.svc.cluster.local:80/" in same.stdout
    assert "10.42.9.1 is no longer in use" in same.stdout
    assert "no object in the inventory has this address" in other.stdout
