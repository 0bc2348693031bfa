"""Service names that a repository holds: which are told as broken, and which must not be."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from refactor.inventory import Inventory
from refactor.inventory.index import Inventory as Index
from refactor.inventory.read import read
from refactor.plan.job import PlanJob
from refactor.repository.environments import Environments
from refactor.settings.types import Settings
from refactor.verify.model import Verification
from refactor.verify.run import verify
from tests.clusters import node, pod, service, sport, thing, workload

WHOLE = {"metadata": {"refactor": {"cluster": "https://c", "time": "2025-01-01T00:00:00Z"}}}
CLUSTER = [
    service("orders", "10.43.0.1", {"app": "orders"}, sport(80, 8080, "http")),
    service("ledger", "10.43.0.2", {"app": "ledger"}, sport(9000, "grpc", "grpc"), ns="bank"),
    service("store", "None", {"app": "store"}, sport(6380, 6379, "redis")),
    service("quiet", "10.43.0.4", {"app": "quiet"}, sport(80, 8080, "http")),
    service("archive", "", None, sport(443), type="ExternalName", externalName="s3.example.com"),
    service("names", "10.43.0.9", {"app": "names"}, sport(53, 53, "dns", protocol="UDP")),
    pod("orders-1", "10.42.0.1", {"app": "orders"}, [8080], "Deployment/orders"),
    pod("ledger-1", "10.42.0.2", {"app": "ledger"}, [], "Deployment/ledger", ns="bank"),
    pod("store-0", "10.42.0.3", {"app": "store"}, [6379], "StatefulSet/store"),
    pod("quiet-1", "10.42.0.4", {"app": "quiet"}, [8080], "Deployment/quiet", ready=False),
    pod("names-1", "10.42.0.5", {"app": "names"}, [53], "Deployment/names"),
    node("worker-1", "10.20.0.1"),
]


def inventory(items: list[dict[str, Any]], past: list[dict[str, Any]] | None = None) -> Inventory:
    found = read(json.dumps({"apiVersion": "v1", "kind": "List", **WHOLE, "items": items}).encode())
    earlier = (
        [Index(read(json.dumps({"kind": "List", "items": past}).encode()).used)] if past else []
    )
    return Index(found.used, snapshots=found.snapshots, past=earlier)


def web(value: str, key: str = "PEER_URL", ns: str = "shop", **spec: Any) -> str:
    """A Deployment that dials something."""
    box = {"name": "web", "image": "web", "env": [{"name": key, "value": value}]}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [box], **spec}}
    meta = {"name": "web", **({"namespace": ns} if ns else {})}
    kind = {"apiVersion": "apps/v1", "kind": "Deployment"}
    return str(yaml.safe_dump({**kind, "metadata": meta, "spec": {"template": template}}))


def looked(
    folder: Path,
    files: dict[str, str],
    cluster: Inventory | None = None,
    *,
    repository_only: bool = False,
    **settings: Any,
) -> Verification:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    told = Settings(**settings)
    homes = Environments(told, {"": cluster or Inventory()})
    return verify(PlanJob(folder, [folder], told, homes), repository_only=repository_only)


LIVE = {
    # what a Deployment in namespace shop dials: the verdict, "" for a name that is not told at all
    "a short name": ("http://orders:80", "ok"),
    "the port of the scheme": ("http://orders/api", "ok"),
    "name and namespace": ("http://orders.shop:80", "ok"),
    "the full name": ("http://orders.shop.svc.cluster.local:80", "ok"),
    "another namespace": ("ledger.bank.svc:9000", "ok"),
    "a pod's name": ("redis://store-0.store.shop.svc:6379", "ok"),
    "a pod's short name": ("redis://store-0.store:6379", "ok"),
    "a headless Service by its container port": ("redis://store:6379", "ok"),
    "an SRV name": ("_http._tcp.orders.shop.svc.cluster.local", "ok"),
    "an alias": ("https://archive.shop.svc", "external-name"),
    "the cluster's API": ("https://kubernetes.default.svc", ""),
    "a port that is not there": ("http://orders:8080", "no-such-port"),
    "the scheme's port is not there": ("https://orders", "no-such-port"),
    "an SRV name of no port": ("_grpc._tcp.orders.shop.svc.cluster.local", "no-such-port"),
    "another protocol": ("http://names:53", "no-such-port"),
    "a short name from elsewhere": ("http://ledger:9000", "wrong-namespace"),
    "a namespace that has not got it": ("http://orders.bank:80", "wrong-namespace"),
    "a namespace that does not exist": ("http://orders.shopp.svc:80", "wrong-namespace"),
    "a slip": ("http://ordres.shop.svc:80", "no-such-service"),
    "a short slip": ("http://ordres:80", "no-such-service"),
    "an unknown name in a known cluster": ("http://billing.shop.svc:80", "no-such-service"),
    "a slip in the domain": ("http://orders.shop.svc.cluster.locl:80", "wrong-cluster-domain"),
    "the Service's port of a headless one": ("redis://store:6380", "headless-needs-pod-port"),
    "nothing ready": ("http://quiet:80", "no-endpoints"),
    "a public host": ("https://orders.example.com", ""),
    "a public host named as a Service": ("https://orders.io/api", ""),
    "another cluster's": ("http://orders.shop.svc.other.example:80", ""),
    "a slip in another cluster's": ("http://orders.shp.svc.other.example:80", ""),
    "a clusterset's": ("http://orders.shop.svc.clusterset.local:80", ""),
    "a host nothing resembles": ("http://mainframe:80", ""),
    "a Java package": ("com.orders.shop.Client", ""),
    "a file": ("/etc/orders.yaml", ""),
    "a word": ("orders", ""),
    "an image": ("registry.example.com/orders:80", ""),
    "loopback": ("http://localhost:8080", ""),
    "a version behind a colon": ("orders:7", ""),
}


@pytest.mark.parametrize(("value", "verdict"), LIVE.values(), ids=LIVE)
def test_a_name_that_a_workload_dials(value: str, verdict: str, tmp_path: Path) -> None:
    told = looked(tmp_path, {"web.yaml": web(value)}, inventory(CLUSTER))

    assert [one.verdict for one in told.names] == [verdict] * bool(verdict), told.names


def svc(name: str, port: int, ns: str = "", target: int | str | None = None, **spec: Any) -> str:
    told = {"port": port, **({"targetPort": target} if target else {})}
    meta = {"name": name, **({"namespace": ns} if ns else {})}
    return str(yaml.safe_dump(
        {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": {"selector": {"app": name}, "ports": [told], **spec}}
    ))  # fmt: skip


CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: c}}\ndata:\n  PEER: {}\n"
COMPOSE = "services:\n  cart:\n    image: cart\n    environment: {PEER: 'http://cart:9'}\n"
SPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: development}\n"
CHART = "name: cart\nversion: 1.0.0\napiVersion: v2\n"
ALIASES = yaml.safe_dump({"hostAliases": [{"ip": "10.0.0.1", "hostnames": ["carts"]}]})
PROXY = (
    CONFIG.format("x")
    + "  nginx.conf: |\n    upstream front {\n      server cart:80;\n    }\n    proxy_pass http://front;\n"
)
GROUPS = {"s.yaml": svc("cart", 80) + "---\n" + svc("cart-front", 80), "c.yaml": PROXY}
PAIR = svc("cart", 80, ports=[{"name": "a", "port": 81}, {"name": "b", "port": 82}])
VALUES = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: {source: {repoURL: 'http://cart.store.svc:9', helm: {valuesObject: {url: 'http://cart.store.svc:81'}}}}\n"
PEERS = (
    web("redis://web-0.web:9999", ns="")
    .replace("kind: Deployment", "kind: StatefulSet")
    .replace("image: web", "image: web\n        ports: [{containerPort: 6379}]")
)
HEADLESS = svc("web", 6379, clusterIP="None")
OWN = {
    # files: what is told with nothing but the repository's own manifests
    "a Service of the repository": ({"s.yaml": svc("cart", 80), "w.yaml": web("http://cart:80", ns="")}, ["ok"]),
    "a container port": ({"s.yaml": svc("cart", 80, target=8080), "w.yaml": web("http://cart:8080", ns="")}, ["no-such-port"]),
    "a renamed Service": ({"s.yaml": svc("cart-api", 80), "w.yaml": web("http://cart:80", ns="")}, ["no-such-service"]),
    "a slip": ({"s.yaml": svc("catalogue", 80), "w.yaml": web("http://catalgue:80", ns="")}, ["no-such-service"]),
    "a ConfigMap": ({"s.yaml": svc("cart", 80), "c.yaml": CONFIG.format("cart:81")}, ["no-such-port"]),
    "a namespace that is near": ({"s.yaml": svc("cart", 80, "store"), "c.yaml": CONFIG.format("http://cart.stroe.svc:80")}, ["wrong-namespace"]),
    "another namespace": ({"s.yaml": svc("cart", 80, "store"), "w.yaml": web("http://cart:80")}, ["wrong-namespace"]),
    "a default in Python": ({"s.yaml": svc("cart", 80, "store"), "a.py": "URL = 'http://cart.store.svc:81'\n"}, ["no-such-port"]),
    "a prefix of Kustomize": (
        {"s.yaml": svc("cart", 80), "kustomization.yaml": "namePrefix: x-\nnamespace: n\nresources: [s.yaml, w.yaml]\n", "w.yaml": web("http://x-cart:80", ns="")},
        ["ok"],
    ),
    "a default of an option": ({"s.yaml": svc("cart", 80), "a.py": "p.add_argument('--cart-host', type=str, default='cart')\n"}, ["ok"]),
    "a key with more behind host": ({"s.yaml": svc("cart", 80), "c.yaml": "host_of_cart: cart\n"}, ["ok"]),
    "a namespace that the repository makes": ({"s.yaml": svc("cart", 80), "n.yaml": SPACE, "c.yaml": CONFIG.format("http://cart.deelopment.svc:80")}, ["wrong-namespace"]),
    "a slip in source, with the port": ({"s.yaml": svc("redis-master", 6379), "main.go": 'p := Pool("redis-mastre:6379")\n'}, ["no-such-service"]),
    "a slip in source, behind host": ({"s.yaml": svc("redis-master", 6379), "a.php": "<?php\n$host = 'redis-mastre';\n"}, ["no-such-service"]),
    "a slip in a chart's values": ({"k/s.yaml": svc("carts", 80), "x/Chart.yaml": CHART, "x/values.yaml": "peer: http://crats:80\n"}, ["no-such-service"]),
    "a word that prose has behind helm": ({"s.yaml": svc("ai-agents", 80), "README.md": "See how helm installs, then helm install a chart\n", "w.yaml": web("http://a-iagents:80", ns="")}, ["no-such-service"]),
    "a number that differs, in source": ({"s.yaml": svc("redis-master", 6379), "main.go": 'p := Pool("redis-master2:6379")\n'}, []),
    "another port, in source": ({"s.yaml": svc("redis-master", 6379), "main.go": 'p := Pool("redis-mastre:7000")\n'}, []),
    "a short word, in source": ({"s.yaml": svc("cart", 80), "main.go": 'u := "http://crat:80"\n'}, []),
    "another port, in a chart's values": ({"k/s.yaml": svc("carts", 80), "x/Chart.yaml": CHART, "x/values.yaml": "peer: http://crats:81\n"}, []),
    "a port that a person's machine takes": ({"s.yaml": svc("cart", 80), "t.json": '{"port_forwards": ["cart:9090"]}\n'}, []),
    "a namespace that no manifest makes": ({"s.yaml": svc("cart", 80), "c.yaml": CONFIG.format("http://cart.deelopment.svc:80")}, ["ok"]),
    "a Service that is read of another name": ({"s.yaml": svc("cart-api", 81), "w.yaml": web("http://cart:80", ns="")}, []),
    "a namespace of another repository": ({"s.yaml": svc("cart", 80, "store"), "c.yaml": CONFIG.format("http://cart.monitoring.svc:80")}, []),
    "an unknown name": ({"s.yaml": svc("cart", 80, "store"), "c.yaml": CONFIG.format("http://audit.store.svc:80")}, []),
    "what Argo CD gives to a chart": ({"s.yaml": svc("cart", 80, "store"), "a.yaml": VALUES}, ["no-such-port"]),
    "a group of servers of nginx": (GROUPS, ["ok"]),
    "a URL that nginx has no group for": ({**GROUPS, "c.yaml": PROXY.replace("upstream front", "upstream other")}, ["ok", "no-such-service"]),
    "a pod's own name": ({"s.yaml": svc("warehouse-hl", 80), "w.yaml": PEERS.replace("name: web", "name: warehouse") + "---\n" + web("warehouse-0", "MASTER_HOSTS", ns="")}, []),
    "a port that a client may know": ({"s.yaml": PAIR, "w.yaml": web("http://cart/", ns="")}, ["ok"]),
    "a port that peers know": ({"s.yaml": HEADLESS, "w.yaml": PEERS}, ["ok"]),
    "a port of a headless Service that nothing declares": ({"s.yaml": HEADLESS, "w.yaml": PEERS.replace("web-0.web", "x") + "---\n" + web("redis://web:9999", ns="").replace(": web\n", ": caller\n")}, ["no-such-port"]),
    "a name of a secret beside a server's port": ({"s.yaml": svc("cart", 80), "w.yaml": web("x", ns="").replace("env:", "args: [--server.secret-name=cart, --server.port=9000]\n        env:")}, []),
    "an image": ({"s.yaml": svc("cart", 80), "w.yaml": web("cart:8080", "CART_IMG", ns="")}, []),
    "a package's page and its scripts": ({"s.yaml": svc("cart", 80, "store"), "package.json": '{"homepage": "https://cart.store", "proxy": "http://cart:9"}\n'}, []),
    "a release's subchart": ({"s.yaml": svc("redis", 6379), "Chart.yaml": CHART, "w.yaml": web("redis://cart-redi:6379", ns="")}, []),
    "a name that instructions install": ({"s.yaml": svc("carts", 80), "README.md": "helm install cart bitnami/x\n", "w.yaml": web("http://cart:80", ns="")}, []),
    "a custom object's": ({"s.yaml": svc("carts", 80), "k.yaml": "apiVersion: kafka.io/v1\nkind: Kafka\nmetadata: {name: cart}\n", "w.yaml": web("http://cart:80", ns="")}, []),
    "a compose project": ({"s.yaml": svc("cart", 80), "docker-compose.yml": COMPOSE}, []),
    "a compose project's name in code": ({"s.yaml": svc("cart", 80), "docker-compose.yml": COMPOSE, "a.py": "URL = 'http://cart:9'\n"}, []),
    "a host of hostAliases": ({"s.yaml": svc("cart", 80), "h.yaml": ALIASES, "w.yaml": web("http://carts:80", ns="")}, []),
    "an ingress host": ({"s.yaml": svc("cart", 80, "store"), "i.yaml": "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\nspec: {rules: [{host: cart.store}]}\n"}, []),
    "an alias's target": ({"s.yaml": svc("cart", 80, type="ExternalName", externalName="cart.store.svc.cluster.local")}, []),
    "documentation": ({"s.yaml": svc("cart", 80, "store"), "README.md": "Call http://cart.store.svc:81\n"}, []),
    "a comment": ({"s.yaml": svc("cart", 80, "store"), "a.py": "# http://cart.store.svc:81\n"}, []),
    "a line that says so": ({"s.yaml": svc("cart", 80), "c.yaml": CONFIG.format("cart:81  # refactor: ignore")}, []),
}  # fmt: skip


@pytest.mark.parametrize(("files", "verdicts"), OWN.values(), ids=OWN)
def test_a_repository_against_its_own_manifests(
    files: dict[str, str], verdicts: list[str], tmp_path: Path
) -> None:
    told = looked(tmp_path, files, repository_only=True)

    assert [one.verdict for one in told.names] == verdicts, told.names


def test_half_of_the_rows_say_what_is_not_told() -> None:
    silent = [verdict for _, verdict in LIVE.values() if verdict in ("", "ok", "external-name")]
    quiet = [told for _, told in OWN.values() if told in ([], ["ok"])]

    assert len(silent) + len(quiet) >= (len(LIVE) + len(OWN)) / 2


def test_a_pod_on_the_host_network_asks_no_cluster_dns(tmp_path: Path) -> None:
    files = {"web.yaml": web("http://orders:80", hostNetwork=True)}
    mended = {
        "web.yaml": web("http://orders:80", hostNetwork=True, dnsPolicy="ClusterFirstWithHostNet")
    }

    assert [n.verdict for n in looked(tmp_path, files, inventory(CLUSTER)).names] == ["unresolvable-from-host-network"]  # fmt: skip
    assert [n.verdict for n in looked(tmp_path, mended, inventory(CLUSTER)).names] == ["ok"]


def policy(name: str, ns: str = "shop", **spec: Any) -> dict[str, Any]:
    made = thing("NetworkPolicy", name, ns, spec=spec)
    return {**made, "apiVersion": "networking.k8s.io/v1"}


ORDERS = {"matchLabels": {"app": "orders"}}
WEB = {"matchLabels": {"app": "web"}}
TEAM = {"matchLabels": {"team": "a"}}
POLICIES = {
    # policies: whether web's call of orders:80 (container port 8080) is forbidden
    "none": ([], False),
    "nothing let in": ([policy("p", podSelector=ORDERS)], True),
    "all pods, nothing let in": ([policy("p", podSelector={})], True),
    "others let in": ([policy("p", podSelector=ORDERS, ingress=[{"from": [{"podSelector": {"matchLabels": {"app": "x"}}}]}])], True),
    "another port let in": ([policy("p", podSelector=ORDERS, ingress=[{"ports": [{"port": 9090}]}])], True),
    "the Service's port let in": ([policy("p", podSelector=ORDERS, ingress=[{"ports": [{"port": 80}]}])], True),
    "another namespace let in": ([policy("p", podSelector=ORDERS, ingress=[{"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "bank"}}}]}])], True),
    "egress shut": ([policy("p", podSelector=WEB, policyTypes=["Egress"])], True),
    "let in": ([policy("p", podSelector=ORDERS, ingress=[{"from": [{"podSelector": WEB}]}])], False),
    "let in by another policy": ([policy("p", podSelector=ORDERS), policy("q", podSelector={}, ingress=[{}])], False),
    "its port in a range": ([policy("p", podSelector=ORDERS, ingress=[{"ports": [{"port": 8000, "endPort": 8100}]}])], False),
    "other pods": ([policy("p", podSelector={"matchLabels": {"app": "x"}})], False),
    "another namespace's": ([policy("p", "bank", podSelector={})], False),
    "egress only": ([policy("p", podSelector=ORDERS, policyTypes=["Egress"])], False),
    "labels of a namespace that is not known": ([policy("p", podSelector=ORDERS, ingress=[{"from": [{"namespaceSelector": TEAM}]}])], False),
    "addresses": ([policy("p", podSelector=ORDERS, ingress=[{"from": [{"ipBlock": {"cidr": "10.42.0.0/16"}}]}])], False),
    "a port's name that is not known": ([policy("p", podSelector=ORDERS, ingress=[{"ports": [{"port": "http"}]}])], False),
}  # fmt: skip


@pytest.mark.parametrize(("policies", "blocks"), POLICIES.values(), ids=POLICIES)
def test_a_policy_is_told_where_it_certainly_forbids(
    policies: list[dict[str, Any]], blocks: bool, tmp_path: Path
) -> None:
    items = [*CLUSTER, workload("Deployment", "orders", {"app": "orders"}), *policies]
    told = looked(tmp_path, {"web.yaml": web("http://orders:80")}, inventory(items))
    own = {"web.yaml": web("http://orders:80"), "p.yaml": yaml.safe_dump_all(policies)}
    also = looked(tmp_path, own, inventory(items[: len(CLUSTER) + 1]))

    assert [n.verdict for n in told.names] == ["policy-blocks" if blocks else "ok"]
    assert [n.verdict for n in also.names] == ["policy-blocks" if blocks else "ok"]


def test_an_earlier_inventory_shows_what_is_gone(tmp_path: Path) -> None:
    past = [service("mailer", "10.43.0.8", {"app": "mailer"}, sport(25))]
    files = {"web.yaml": web("mailer:25")}

    assert [n.verdict for n in looked(tmp_path, files, inventory(CLUSTER, past)).names] == ["no-such-service"]  # fmt: skip
    assert looked(tmp_path, files, inventory(CLUSTER)).names == ()


def test_hostile_whitespace_costs_no_time(tmp_path: Path) -> None:
    """Each expression has one way to match: these would take the others years."""
    blank, deep = "\n" * 200_000, "metadata:\n" + "        x: 1\n" * 3000
    files = {
        "s.yaml": svc("cart", 80),
        "k.yaml": f"apiVersion: a.io/v1\nkind: K\n{deep}",
        "h.txt": f"host{blank}" * 3,
        "c/Chart.yaml": CHART,
        "c/templates/s.yaml": f"kind: Service\n{deep}",
        "w.yaml": web("http://cart:80", ns=""),
    }
    started = time.process_time()
    told = looked(tmp_path, files, repository_only=True)

    assert time.process_time() - started < 20
    assert [one.verdict for one in told.names] == ["ok"]


HISTORY = {
    # the manifest before and after, and what is told of the old name
    "renamed": (svc("carts", 80), svc("cart-api", 80), "renamed it to cart-api"),
    "renamed, and its neighbours too": (svc("carts", 80, "a"), svc("cart-api", 81, "b"), "renamed it to cart-api"),
    "removed": (svc("carts", 80) + "---\n" + svc("cart", 80), svc("cart", 80), ""),
    "renamed, and gone since": (svc("carts", 80), "", ""),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "told"), HISTORY.values(), ids=HISTORY)
def test_history_shows_what_a_service_is_called_now(
    before: str, after: str, told: str, tmp_path: Path
) -> None:
    from tests.repositories import commit, git

    git(tmp_path, "init", "-q", "-b", "main", ".")
    for text in (before, after or svc("cart-api", 80), after):
        (tmp_path / "s.yaml").write_text(text)
        commit(tmp_path, "Change")
    files = {"w.yaml": web("http://carts.shop.svc:80"), "x.yaml": svc("basket", 80, "shop")}
    names = looked(tmp_path, files, inventory(CLUSTER)).broken

    assert [one.verdict for one in names] == ["no-such-service"]
    assert (told in names[0].why) if told else ("renamed" not in names[0].why)
    assert names[0].remedy.startswith("write cart-api") is bool(told)


def run(folder: Path, *words: str) -> Any:
    from click.testing import CliRunner

    from refactor.cli.group import cli

    return CliRunner().invoke(
        cli, [*words, str(folder)], catch_exceptions=False, standalone_mode=False
    )


SHOP = {
    "s.yaml": svc("cart", 80, "store", target=8080),
    "w.yaml": web("http://cart:80"),
    "x.yaml": web("http://cart.store.svc:8080", ns="bank"),
    "c<i>.yaml": CONFIG.format("http://cart.store.svc:9999"),
    "h.yaml": svc("redis", 6379, "store", clusterIP="None") + "---\n" + web("redis://redis:6379", ns="store"),
}  # fmt: skip


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    for name, text in SHOP.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_the_command_says_where_and_what_and_fails(shop: Path) -> None:
    ran = run(shop, "verify", "--repository-only")

    assert ran.return_value == 1
    assert "w.yaml\n  15:25  cart:80  wrong-namespace" in ran.output
    assert "help: write cart.store.svc.cluster.local" in ran.output
    assert "4 Service names, 3 broken: 1 ok, 2 no-such-port, 1 wrong-namespace" in ran.output


def test_the_command_is_silent_where_all_names_hold(tmp_path: Path) -> None:
    (tmp_path / "h.yaml").write_text(SHOP["h.yaml"])
    ran = run(tmp_path, "verify", "--repository-only")

    assert (ran.return_value, ran.output) == (0, "1 Service name, 0 broken: 1 ok\n")


FORMS = {
    "json": '"verdict": "wrong-namespace"',
    "markdown": "| wrong-namespace |",
    "html": '<path class="broken"',
    "sarif": '"ruleId": "wrong-namespace"',
    "github": "::error file=w.yaml,line=15,col=25,title=wrong-namespace::cart:80: ",
    "dot": '"> Deployment shop/web" -> "store/cart" [label="80", color=red, fontcolor=red];',
    "text": "wrong-namespace",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_format_tells_what_is_broken_and_nothing_else(form: str, shop: Path) -> None:
    out = shop.parent / "report"
    ran = run(shop, "verify", "--repository-only", "--format", form, "--output", str(out))
    text = out.read_text()

    assert ran.return_value == 1
    assert FORMS[form] in text
    if form in ("html", "markdown"):
        assert "c<i>" not in text.replace("`c<i>.yaml:5`", "")
    if form not in ("json", "dot", "html"):
        assert "redis" not in text


def test_a_fix_is_a_plan_that_is_proven_applied_and_silent_afterwards(shop: Path) -> None:
    saved = shop.parent / "names.json"
    run(shop, "verify", "--repository-only", "--fix", "--out", str(saved))
    plan = json.loads(saved.read_text())

    assert [check["state"] for check in plan["checks"]] == ["passed"] * len(plan["checks"])
    assert {change["path"] for change in plan["changes"]} == {"w.yaml", "x.yaml", "c<i>.yaml"}

    from refactor.api import apply, undo
    from refactor.plan import file as plan_file

    apply(plan_file.load(saved), shop, allow_dirty=True)
    assert (shop / "w.yaml").read_text() == web("http://cart.store.svc.cluster.local:80")
    assert (shop / "x.yaml").read_text() == web("http://cart.store.svc:80", ns="bank")
    assert run(shop, "verify", "--repository-only").return_value == 0

    undo(shop)
    assert {name: (shop / name).read_text() for name in SHOP} == SHOP


NOT_FIXED = {
    "two namespaces have it": {"a.yaml": svc("cart", 80, "one") + "---\n" + svc("cart", 80, "two"), "w.yaml": web("http://cart:80")},
    "two ports": {"a.yaml": svc("cart", 80, "shop") + "---\n" + svc("cart", 81, "shop"), "w.yaml": web("http://cart:99")},
    "a port that is implied": {"a.yaml": svc("cart", 81, "shop"), "w.yaml": web("http://cart/")},
    "an unknown name": {"a.yaml": svc("catalogue", 80, "shop"), "w.yaml": web("http://catalgue:80")},
}  # fmt: skip


@pytest.mark.parametrize("files", NOT_FIXED.values(), ids=NOT_FIXED)
def test_what_is_not_certain_is_told_and_not_fixed(files: dict[str, str], tmp_path: Path) -> None:
    told = looked(tmp_path, files, repository_only=True)

    assert [one.fix for one in told.broken] == [None]
