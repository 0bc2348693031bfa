"""Secrets planted in every place that holds one: no command writes any of them anywhere.

Not in a report, an error, the state, a saved plan or a baseline. Only the user's own files, the
copies that an undo needs, and the patch, which has to be of their very bytes, hold them.
"""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from refactor.cli import main
from tests.campaign.farm import git
from tests.campaign.scene import Scene
from tests.live_server import Cluster, kubeconfig, serving, status
from tests.shop import ITEMS

AT = "10.42.1.11:8080"


class Canaries:
    """Makes secrets that can be told apart, and finds them in what was written."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.made: dict[str, str] = {}

    def new(self, place: str) -> str:
        canary = f"canary{next(self._numbers):03}x7Qz9vK3mW"
        self.made[canary] = place
        return canary

    def found(self, text: str) -> list[str]:
        """Return the places whose secret stands in a text, in base64 too."""
        return [
            place
            for canary, place in self.made.items()
            if canary in text or base64.b64encode(canary.encode()).decode() in text
        ]


class World(NamedTuple):
    """A repository, a cluster and their secrets.

    Attributes:
        root: the repository.
        cluster: kubectl's output.
        canaries: what is planted in both.
        made: whatever the commands are told to write.
    """

    root: Path
    cluster: Path
    canaries: Canaries
    made: Path


def _files(new: Any) -> dict[str, str]:
    secret = base64.b64encode(f"postgres://app:{new('Secret data')}@{AT}/db".encode()).decode()
    return {
        "conf.yaml": f"""\
url: postgres://app:{new("URL password")}@{AT}/db
user: https://{new("URL user")}@{AT}/repo.git
signed: http://{AT}/x?sig={new("query sig")}&token={new("query token")}
access: http://{AT}/x?access_token={new("query access_token")}#f
curl: "curl -H 'Authorization: Bearer {new("bearer")}' -u root:{new("curl -u")} http://{AT}/"
basic: "Authorization: Basic {new("basic")} to http://{AT}"
dsn: host=10.42.1.11 port=8080 password={new("DSN password")}
mysql: root:{new("Go DSN")}@tcp({AT})/db
jdbc: jdbc:postgresql://{AT}/db?user=a&password={new("JDBC password")}
redis: redis://:{new("redis password")}@{AT}/0
amqp: amqp://u:{new("password with a sign")}%40!@{AT}/v
""",
        "deploy/web.yaml": f"""\
apiVersion: v1
kind: Secret
metadata: {{name: s, namespace: shop}}
data:
  url: {secret}
stringData:
  url: postgres://app:{new("stringData")}@{AT}/x
  greeting: {new("stringData beside it")}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{{"env": [{{"name": "A_PASSWORD", "value": "{new("annotation")}"}}], "at": "{AT}"}}'
spec:
  template:
    spec:
      containers:
        - name: web
          env:
            - {{name: DB, value: "postgres://app:{new("env URL")}@{AT}/x"}}
            - name: DB_PASSWORD
              value: "{new("env item")}"
            - name: ORDERS
              value: http://{AT}
            - name: API_TOKEN
              value: "{new("env item after it")}"
          args: ["--password={new("flag")}", "--url=http://{AT}"]
""",
        "app/settings.py": f"""\
DB = "postgres://app:{new("Python URL")}@{AT}/db"
PASSWORD = "{new("Python name")}"
CONF = {{"password": "{new("Python dict")}", "url": "http://{AT}"}}
connect(host="10.42.1.11", port=8080, password="{new("Python argument")}")
F = f"http://app:{new("f-string")}@{AT}/{{x}}"
""",
        ".env": f"""\
DB_PASSWORD={new("dotenv")}
URL=http://app:{new("dotenv URL")}@{AT}/
SECRET_KEY={new("dotenv key")} ORDERS={AT}
export API_KEY="{new("dotenv export")}"; curl http://{AT}
""",
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "charts/web/values.yaml": f"""\
url: http://app:{new("chart value")}@{AT}/
password: {new("chart password")}
""",
        "charts/web/templates/cm.yaml": f"""\
apiVersion: v1
kind: ConfigMap
metadata: {{name: {{{{ .Release.Name }}}}-c}}
data:
  url: {{{{ .Values.url }}}}
  conf: "password={new("template")} http://{AT} password={{{{ .Values.password }}}}"
""",
    }


def _cluster(new: Any) -> list[dict[str, Any]]:
    pod = json.loads(json.dumps(ITEMS[1]))
    pod["metadata"]["annotations"] = {"a": f"password={new('pod annotation')}"}
    pod["spec"]["containers"][0]["env"] = [{"name": "DB_PASSWORD", "value": new("pod env")}]
    pod["spec"]["containers"][0]["args"] = [f"--token={new('pod args')}"]
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "namespace": "shop"},
              "data": {"p": base64.b64encode(new("Secret of the cluster").encode()).decode()}}  # fmt: skip
    odd = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "odd", "namespace": "shop"},
           "spec": {"containers": f"password={new('object that cannot be read')}"}}  # fmt: skip
    others = [item for item in ITEMS if item["metadata"]["name"] != pod["metadata"]["name"]]
    return [*others, pod, secret, odd]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    canaries = Canaries()
    root = tmp_path / "repo"
    for name, text in _files(canaries.new).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / ".refactor.yaml").write_text("namespace: shop\n")
    cluster = tmp_path / "cluster.json"
    items = _cluster(canaries.new)
    cluster.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    monkeypatch.chdir(root)
    (tmp_path / "made").mkdir()
    return World(root, cluster, canaries, tmp_path / "made")


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]):
    def run(*args: object) -> tuple[int, str]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main([str(arg) for arg in args])
        out, err = capfd.readouterr()
        return int(stopped.value.code or 0), out + err

    return run


FORMATS = ["text", "semantic", "json", "markdown", "html", "sarif", "gitlab"]
COMMANDS: dict[str, tuple[str, ...]] = {
    "scan": ("scan",),
    "scan, JSON": ("scan", "--format", "json"),
    **{f"plan, {style}": ("plan", "-i", "CLUSTER", "--format", style) for style in FORMATS},
    "plan, to the environment": ("plan", "-i", "CLUSTER", "--python", "env"),
    "plan without an inventory": ("plan",),
    "plan, saved": ("plan", "-i", "CLUSTER", "--out", "MADE/plan.json"),
    "check": ("check",),
    "check, JSON": ("check", "--format", "json"),
    "check, SARIF": ("check", "-i", "CLUSTER", "--format", "sarif"),
    "check, GitHub": ("check", "--format", "github"),
    "check, GitLab": ("check", "--format", "gitlab"),
    "check, baseline": ("check", "--write-baseline", "--baseline", "known.json"),
    "explain": ("explain", AT, "-i", "CLUSTER"),
    "explain with a password": (
        "explain",
        "http://u:canary999x7Qz9vK3mW@10.42.1.11:8080",
        "-i",
        "CLUSTER",
    ),
    "apply": ("apply", "-i", "CLUSTER", "--yes"),
}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_no_command_tells_a_secret(command: tuple[str, ...], world: World, run) -> None:
    places = {"CLUSTER": str(world.cluster)}
    made = [places.get(a, a).replace("MADE", str(world.made)) for a in command]
    before = {path: path.read_bytes() for path in world.root.rglob("*") if path.is_file()}
    world.canaries.made["canary999x7Qz9vK3mW"] = "the command line"

    code, said = run(*made)

    assert code in (0, 1), said
    assert world.canaries.found(said) == []
    new = [path for path in (*world.made.iterdir(), *world.root.rglob("*")) if path.is_file()]
    for path in new:
        if path not in before and not _is_copy(path):
            assert world.canaries.found(path.read_text("utf-8", "replace")) == [], path
        elif _is_copy(path):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def _is_copy(path: Path) -> bool:
    """An old content that is kept for undo."""
    return path.parent.parent.name == "undo" and path.name.isdecimal()


def test_of_all_that_is_planted_much_stands_beside_an_address(world: World, run) -> None:
    """The test above would pass over a plan that says nothing."""
    code, said = run("plan", "-i", world.cluster, "--format", "patch")

    assert code == 0
    assert len(world.canaries.found(said)) > 20


def test_a_saved_plan_shown_applied_and_taken_back(world: World, run) -> None:
    saved = world.made / "plan.json"
    assert run("plan", "-i", world.cluster, "--out", saved)[0] == 0
    for command in (
        *(("report", saved, "--format", style) for style in FORMATS),
        ("apply", "--plan", saved, "--yes"),
        ("apply", "--plan", saved, "--yes"),
        ("undo",),
        ("undo",),
    ):
        _, said = run(*command)
        assert world.canaries.found(said) == [], command
    assert world.canaries.found(saved.read_text()) == []


def test_the_index_of_an_inventory(world: World, run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read twice, from its file and from the index that the first reading left."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(world.made))
    monkeypatch.setattr("refactor.inventory.cache.LEAST", 0)
    monkeypatch.setattr("refactor.files.parallel.processes", lambda: 1)

    said = [run("plan", "-i", world.cluster) for _ in range(2)]
    kept = [path for path in world.made.rglob("*") if path.is_file()]

    assert said[0] == said[1]
    assert [path.suffix for path in kept if path.suffix == ".index"] == [".index"]
    assert b"10.42.1.11" in b"".join(path.read_bytes() for path in kept)
    for path in kept:
        assert world.canaries.found(path.read_text("latin-1")) == [], path
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_campaign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in pull requests, messages of commits, events, nor the campaign's state and cache."""
    monkeypatch.setenv("T", "token")
    canaries, scene = Canaries(), Scene(tmp_path)
    remote = scene.add("shop/web", {k: v.encode() for k, v in _files(canaries.new).items()})
    scene.write()
    monkeypatch.setattr("refactor.campaign.start.connect", lambda spec, _: scene.forge)

    assert scene.do() == {"shop/web": "open"}
    (pull,) = scene.forge.db.execute("SELECT title, body FROM pulls").fetchall()
    told = "\n".join([*pull, str(scene.events), str(scene.note()), repr(scene.rows())])
    messages = git("log", "--all", "--format=%B", at=remote)
    written = [
        path.read_text("latin-1")
        for path in tmp_path.rglob("*")
        if path.is_file() and not any(part.endswith(".git") for part in path.parts)
    ]

    assert "conf.yaml" in pull[1]
    assert canaries.found(told + messages) == []
    assert canaries.found("\n".join(written)) == []


URL = "postgres://app:canary123x7Qz9vK3mW@10.42.1.11/x"
BROKEN: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "settings, unknown": (".refactor.yaml", f"password: {URL}\n", ("scan",)),
    "settings, ill-typed": (".refactor.yaml", f"python: {URL}\n", ("scan",)),
    "settings, no YAML": (".refactor.yaml", f"namespace: [\n  {URL}\n", ("scan",)),
    "settings, mapping": (".refactor.yaml", f"mappings: [{{address: '{URL}', service: a/b}}]\n", ("scan",)),
    "settings, ignore": (".refactor.yaml", f"ignore-addresses: ['{URL}']\n", ("scan",)),
    "settings, TOML": ("pyproject.toml", f"[tool.refactor]\nnames = '{URL}'\n", ("scan",)),
    "inventory, no JSON": ("i.json", f'{{"items": [{{"kind": "Secret", "p": "{URL}"', ("plan", "-i", "i.json")),
    "inventory, no YAML": ("i.yaml", f"a: [{URL}\nb", ("plan", "-i", "i.yaml")),
    "inventory, odd object": ("i.json", json.dumps({"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "p"}, "spec": {"containers": URL}}), ("plan", "-i", "i.json")),
    "inventory, odd kind": ("i.json", json.dumps({"kind": URL, "apiVersion": URL, "metadata": {"name": "p"}}), ("plan", "-i", "i.json")),
    "plan, ill-typed": ("p.json", json.dumps({"outcomes": URL}), ("apply", "--plan", "p.json")),
    "plan, another tree": ("p.json", json.dumps({"format_version": 1, "tool_version": "1", "changes": [{"path": "conf.yaml", "before": "0", "after": "1", "edits": []}]}), ("apply", "--plan", "p.json")),
    "baseline, ill-typed": (".refactor-baseline.json", json.dumps({"version": 1, "findings": [{"fingerprint": URL, "file": "x", "address": "y"}]}), ("check",)),
    "Python that does not parse": ("a.py", f"x = ('{URL}', 10.42.1.11\npassword = '{URL}'", ("plan",)),
    "YAML that does not parse": ("a.yaml", f"x: [{URL}\npassword: {URL}", ("plan",)),
    "a chart that does not render": ("charts/web/templates/bad.yaml", f'{{{{ fail "{URL}" }}}}', ("plan", "-i", "CLUSTER")),
    "a chart that is no YAML then": ("charts/web/templates/bad.yaml", f"a: [\npassword: {URL}", ("plan", "-i", "CLUSTER")),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text", "command"), BROKEN.values(), ids=BROKEN)
def test_no_error_tells_a_secret(
    name: str, text: str, command: tuple[str, ...], world: World, run
) -> None:
    (world.root / name).write_text(text)
    world.canaries.made["canary123x7Qz9vK3mW"] = "what is broken"

    _, said = run(*(str(world.cluster) if part == "CLUSTER" else part for part in command))

    assert "Traceback" not in said
    assert world.canaries.found(said) == []


@pytest.mark.parametrize("refuses", [False, True], ids=["served", "refused"])
def test_the_credentials_of_a_cluster(world: World, run, refuses: bool, tmp_path: Path) -> None:
    """A token from an exec plugin, what the plugin prints, what the API says when it refuses."""
    canaries = world.canaries
    token, told = canaries.new("exec token"), canaries.new("exec error")
    key = canaries.new("exec key")
    given = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": {"token": token},
    }
    plugin = tmp_path / "plugin"
    plugin.write_text(f"#!/bin/sh\necho 'password={told}' >&2\necho '{json.dumps(given)}'\n")
    plugin.chmod(0o755)
    user = {"exec": {"apiVersion": given["apiVersion"], "command": str(plugin), "env": [{"name": "API_KEY", "value": key}], "interactiveMode": "Never"}}  # fmt: skip
    answer = status(403, f"token {token} may not; authorization: Bearer {token}")
    cluster = Cluster(_cluster(canaries.new)[:-1], lambda *_: answer if refuses else None)
    cluster.token = token
    with serving(cluster) as url:
        config = kubeconfig(tmp_path / "config", url, user)
        _, said = run("inventory", "--kubeconfig", config, "-o", world.made / "live.json")
        _, more = run("plan", "--live", "--kubeconfig", config)

    assert "Secret" not in "".join(cluster.requests)
    assert canaries.found(said + more) == []
    written = [path.read_text() for path in world.made.iterdir()]
    assert canaries.found("".join(written)) == []
    assert bool(written) != refuses


def test_a_bug_of_our_own_tells_no_secret(world: World) -> None:
    """What should not be: an exception whose text holds a secret; neither in its line nor at all."""
    code = "import refactor.scan.file as s; from refactor.cli import main\n"
    code += "def broken(*a, **b): raise ValueError('password=canary123x7Qz9vK3mW')\n"
    code += "s.scan_source = broken; main(['scan'])"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )

    assert ran.returncode == 2
    assert "internal error (please report it): ValueError" in ran.stderr
    assert "canary" not in ran.stdout + ran.stderr
