"""Who reads an address: programs of the object's namespace, of another, of none of the cluster's.

docs/semantics.md, section 4, first rule; catalogue rows R28, R32, R34.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.plan import PlanJob, make_plan
from refactor.repository.consumers import read_at_home
from refactor.repository.environments import Environments
from refactor.resolve import Query, resolve
from refactor.settings.types import Settings
from tests.clusters import cluster, deployed, no, node, port, service, short, sport, to

POD, LB, NODE, DNS = "10.42.0.1", "10.20.9.80", "10.20.0.1", "10.43.0.10"
INVENTORY = cluster(
    deployed("web", POD, port(8080, "http")),
    service("web", "10.43.0.1", {"app": "web"}, sport(80, 8080, nodePort=30080), type="LoadBalancer", ingress=[{"ip": LB}]),
    service("kube-dns", DNS, {"k8s-app": "dns"}, sport(53, 53, "dns"), sport(9153, 9153, "metrics"), ns="kube-system"),
    node("n1", NODE),
)  # fmt: skip


def planned(folder: Path, files: dict[str, str], **settings: object) -> list[str]:
    """What each finding becomes, or why it stays."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    told = Settings(namespace="shop", **settings)  # type: ignore[arg-type]
    plan = make_plan(PlanJob(folder, [folder], told, Environments(told, {"": INVENTORY})))
    return [outcome.new or str(outcome.reason) for outcome in plan.outcomes]


def manifest(kind: str, version: str, field: str = f"http://{POD}:8080") -> str:
    return f"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: x, namespace: shop}}\nspec: {{url: '{field}'}}\n"


FULL = "web.shop.svc.cluster.local:80"
OBJECTS = {
    # kind and apiVersion: the name, written in namespace shop
    ("Deployment", "apps/v1"): "web:80",
    ("CronJob", "batch/v1"): "web:80",
    ("ConfigMap", "v1"): "web:80",
    ("Rollout", "argoproj.io/v1alpha1"): "web:80",
    ("Kustomization", "kustomize.config.k8s.io/v1beta1"): "web:80",
    ("Kustomization", "kustomize.toolkit.fluxcd.io/v1"): FULL,
    ("HelmRelease", "helm.toolkit.fluxcd.io/v2"): FULL,
    ("Ingress", "networking.k8s.io/v1"): FULL,
    ("ScrapeConfig", "monitoring.coreos.com/v1alpha1"): FULL,
    ("ScaledObject", "keda.sh/v1alpha1"): FULL,
    ("SecretStore", "external-secrets.io/v1"): FULL,
}


@pytest.mark.parametrize(("kind", "version"), OBJECTS, ids=lambda v: str(v))
def test_short_names_are_for_programs_of_the_namespace(
    kind: str, version: str, tmp_path: Path
) -> None:
    assert planned(tmp_path, {"x.yaml": manifest(kind, version)}) == [OBJECTS[kind, version]]


def test_what_only_says_a_kind_is_a_file_like_any_other(tmp_path: Path) -> None:
    assert planned(tmp_path, {"x.yaml": f"kind: Thing\nurl: http://{POD}:8080\n"}) == ["web:80"]
    assert read_at_home("")


KEYS = {
    # name and address: what becomes of it
    ("REACT_APP_API", f"http://{NODE}:30080"): "kept-field",
    ("VITE_BACKEND", f"http://{LB}:80"): "kept-field",
    ("PUBLIC_URL", f"http://{LB}"): "kept-field",
    ("GF_SERVER_ROOT_URL", f"http://{NODE}:30080"): "kept-field",
    ("externalHost", f"{LB}:80"): "kept-field",
    ("DOMAIN", LB): "kept-field",
    ("ingressIP", LB): "kept-field",
    ("dnsTarget", LB): "kept-field",
    ("value", LB): "kept-field",
    ("load_balancer.host", LB): "kept-field",
    ("WEB_HOST", LB): "web",
    ("ingressIP", f"{LB}:80"): "web:80",
    ("PUBLIC_URL", f"http://{POD}:8080"): "web:80",
    ("API_URL", f"http://{NODE}:30080"): "web:80",
    ("EXTERNAL_API_URL", f"http://{LB}:80"): "web:80",
    ("PUBLICATIONS_URL", f"http://{LB}:80"): "web:80",
}


@pytest.mark.parametrize(("key", "value"), KEYS, ids=lambda v: str(v))
def test_browsers_keep_the_address_of_the_load_balancer(
    key: str, value: str, tmp_path: Path
) -> None:
    assert planned(tmp_path, {"x.yaml": f"{key}: {value}\n"}) == [KEYS[key, value]]


def test_a_compose_file_has_a_network_of_its_own(tmp_path: Path) -> None:
    text = "services:\n  db: {{networks: {{n: {{ipv4_address: {0}}}}}}}\n  app: {{environment: {{U: 'http://{1}:8080'}}}}\n"

    assert planned(tmp_path, {"compose.yaml": text.format(POD, POD)}) == ["kept-field"] * 2
    assert planned(tmp_path, {"compose.yaml": text.format("10.42.0.9", POD)})[1:] == ["kept-field"]
    plain = text.replace("services", "x")
    assert planned(tmp_path, {"compose.yaml": plain.format(POD, POD)}) == ["kept-field", "web:80"]


PIPELINES = {
    ".github/workflows/ci.yml": "kept-field",
    ".gitea/workflows/ci.yaml": "kept-field",
    ".gitlab-ci.yml": "kept-field",
    "ci/build.gitlab-ci.yml": "kept-field",
    ".circleci/config.yml": "kept-field",
    "azure-pipelines.yml": "kept-field",
    ".github/dependabot.yml": "web:80",
    "deploy/gitlab.yml": "web:80",
    "pipelines.yml": "web:80",
}


@pytest.mark.parametrize(("path", "expected"), PIPELINES.items(), ids=PIPELINES)
def test_pipelines_run_elsewhere(path: str, expected: str, tmp_path: Path) -> None:
    assert planned(tmp_path, {path: f"run: curl http://{POD}:8080\n"}) == [expected]


RECORDED = {
    "testdata/a.json": "read-only-source",
    "app/__snapshots__/a.yaml": "read-only-source",
    "tests/cassettes/a.yaml": "read-only-source",
    "tests/a.yaml": "read-only-source",
    "golden.yaml": "web:80",
    "fixtures.d/a.yaml": "web:80",
}


@pytest.mark.parametrize(("path", "expected"), RECORDED.items(), ids=RECORDED)
def test_what_tests_play_back_stays(path: str, expected: str, tmp_path: Path) -> None:
    assert planned(tmp_path, {path: f'{{"url": "http://{POD}:8080"}}\n'}) == [expected]


def test_pipelines_of_the_cluster_can_be_included(tmp_path: Path) -> None:
    path = ".github/workflows/ci.yml"
    files = {path: f"run: curl http://{POD}:8080\n"}

    assert planned(tmp_path, files, include=(path,)) == ["web:80"]


@pytest.mark.parametrize(
    ("number", "scheme", "answer"),
    [
        (None, "", no("needs-ip")),
        (53, "", no("needs-ip")),
        (53, "udp", no("port-mismatch")),
        (53, "tcp", to("kube-system/kube-dns", 53)),
        (9153, "", to("kube-system/kube-dns", 9153)),
        (9153, "http", to("kube-system/kube-dns", 9153)),
    ],
)
def test_a_name_server_has_no_name(
    number: int | None, scheme: str, answer: tuple[object, ...]
) -> None:
    origin = "written" if number else "none"

    assert short(resolve(Query(DNS, number, origin, scheme, "shop"), INVENTORY)) == answer


@pytest.mark.parametrize(
    ("host", "gone"),
    [("10.42.9.9", True), ("10.43.9.9", False), ("10.20.9.9", False), ("10.9.9.9", False)],
)
def test_what_lies_among_the_pods_was_one(host: str, *, gone: bool) -> None:
    answer = resolve(Query(host, 80), INVENTORY)

    assert short(answer) == no("unknown-address")
    assert ("--history" in getattr(answer, "hint", "")) == gone
