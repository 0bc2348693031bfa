"""docs/semantics.md, section 5, from the finding to the files: Services that are missing are made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from kubernetes_validate import validate
from ruamel.yaml import YAML

from refactor import inventory
from refactor.apply.run import apply
from refactor.apply.undo import undo
from refactor.model import Plan
from refactor.plan import PlanJob, make_plan
from refactor.repository.environments import Environments
from refactor.settings.types import Settings
from tests.helm_bench import case, rendering, write

IP = "10.42.7.7"
CONSUMER = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: shop}\ndata:\n  url: http://10.42.7.7:8080/x\n"
LABELS = {"app": "pay"}
PORTS = [{"name": "http", "containerPort": 8080}]


def template(labels: dict[str, str], ports: list[dict[str, Any]], **spec: Any) -> dict[str, Any]:
    containers = [{"name": "main", "image": "i", "ports": ports}]
    return {"metadata": {"labels": labels}, "spec": {"containers": containers, **spec}}


def workload(
    kind: str = "Deployment",
    name: str = "pay",
    labels: dict[str, str] = LABELS,
    ports: Any = PORTS,
    namespace: str = "shop",
    **spec: Any,
) -> dict[str, Any]:
    group = "batch/v1" if kind in ("Job", "CronJob") else "apps/v1"
    inner = {"selector": {"matchLabels": labels}, "template": template(labels, ports), **spec}
    return {
        "apiVersion": group,
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace},
        "spec": inner,
    }


def pod(
    owner: dict[str, Any], extra: dict[str, str] | None = None, ip: str = IP
) -> list[dict[str, Any]]:
    """What controllers make of a workload, down to its pod."""
    kind, name, namespace = owner["kind"], owner["metadata"]["name"], owner["metadata"]["namespace"]
    made: list[dict[str, Any]] = [owner]
    direct, tail = (kind, name), "0"
    if kind == "Deployment":
        direct = ("ReplicaSet", f"{name}-5d4f8c7b96")
        tail = "abcde"
        made.append(
            {
                **owner,
                "kind": "ReplicaSet",
                "metadata": {
                    "name": direct[1],
                    "namespace": namespace,
                    "ownerReferences": [
                        {"apiVersion": "apps/v1", "kind": kind, "name": name, "controller": True}
                    ],
                },
            }
        )
    spec = owner["spec"]["template"]
    made.append({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": f"{direct[1]}-{tail}", "namespace": namespace,
                     "labels": {**spec["metadata"]["labels"], **(extra or {})},
                     "ownerReferences": [{"apiVersion": "apps/v1", "kind": direct[0], "name": direct[1], "controller": True}]},
        "spec": {**spec["spec"], "nodeName": "n"},
        "status": {"phase": "Running", "podIP": ip, "podIPs": [{"ip": ip}], "hostIP": "10.20.0.1"},
    })  # fmt: skip
    return made


def yaml(*objects: dict[str, Any]) -> str:
    return "---\n".join(json.dumps(item, indent=1) + "\n" for item in objects)


def planned(root: Path, cluster: list[dict[str, Any]], **settings: Any) -> Plan:
    (root / ".git").mkdir(exist_ok=True)
    file = root.parent / "cluster.json"
    file.write_text(json.dumps({"kind": "List", "apiVersion": "v1", "items": cluster}))
    known = inventory.load([str(file)], mappings=(), stdin=lambda: b"")
    made = Settings(**settings)
    return make_plan(PlanJob(root, (root,), made, Environments(made, {"": known})))


def repository(tmp_path: Path, files: dict[str, str]) -> Path:
    return write(tmp_path / "repo", files)


def checked(text: str) -> dict[str, Any]:
    """One Service that Kubernetes' own schema takes."""
    (found,) = (d for d in YAML(typ="safe").load_all(text) if d)
    assert found["kind"] == "Service"
    validate(found, "1.31", strict=True)
    return found


def consumer(root: Path) -> str:
    return (root / "consumer.yaml").read_text()


def contents(root: Path) -> dict[Path, bytes]:
    found = (p for p in root.rglob("*") if p.is_file() and not {".git", ".refactor"} & {*p.parts})
    return {path: path.read_bytes() for path in found}


def round_trip(root: Path, cluster: list[dict[str, Any]], **settings: Any) -> tuple[Plan, str]:
    """Apply, see that a second plan changes nothing and that undo gives the very bytes back."""
    before = contents(root)
    plan = planned(root, cluster, **settings)
    assert {check.state for check in plan.checks} <= {"passed"}, plan.checks
    apply(plan, root, allow_dirty=True)
    text = consumer(root)
    again = planned(root, cluster, **settings)
    assert (again.changes, again.files) == ((), ())
    undo(root)
    after = contents(root)
    assert before == after
    return plan, text


KINDS: dict[str, tuple[dict[str, Any], str, dict[str, Any], str]] = {
    "a Deployment": (workload(), "pay", {}, "pay:8080"),
    "a bare ReplicaSet": (workload("ReplicaSet"), "pay", {}, "pay:8080"),
    "a StatefulSet's governing Service": (workload("StatefulSet", serviceName="pay-hl", replicas=1), "pay-hl", {"clusterIP": "None"}, "pay-hl:8080"),
    "a name that begins with a digit": (workload(name="2pay"), "svc-2pay", {}, "svc-2pay:8080"),
    "a name of 63 characters": (workload(name="p" * 63), "p" * 63, {}, "p" * 63 + ":8080"),
    "UDP and TCP with one number": (workload(ports=[*PORTS, {"containerPort": 53, "protocol": "UDP", "name": "dns"}, {"containerPort": 53, "name": "dns-tcp"}]), "pay", {}, "pay:8080"),
    "SCTP": (workload(ports=[*PORTS, {"containerPort": 3868, "protocol": "SCTP"}]), "pay", {}, "pay:8080"),
    "a port that is not declared": (workload(ports=[]), "pay", {}, "pay:8080"),
    "labels that change from one rollout to the next": (workload(labels={"app": "pay", "version": "7"}), "pay", {}, "pay:8080"),
}  # fmt: skip


@pytest.mark.parametrize(("made", "name", "spec", "new"), KINDS.values(), ids=KINDS)
def test_beside_a_raw_manifest(
    tmp_path: Path, made: dict[str, Any], name: str, spec: dict[str, Any], new: str
) -> None:
    root = repository(tmp_path, {"consumer.yaml": CONSUMER, "deploy/work.yaml": yaml(made)})
    plan, text = round_trip(root, pod(made, {"pod-template-hash": "x"}))

    (file,) = plan.files
    assert file.path == f"deploy/{name}-service.yaml"
    service = checked(file.content)
    assert service["metadata"] == {"name": name, "namespace": "shop"}
    assert spec.items() <= service["spec"].items()
    assert service["spec"]["selector"] == {
        k: v for k, v in made["spec"]["selector"]["matchLabels"].items() if k != "version"
    }
    numbers = {(p["port"], p.get("protocol", "TCP")) for p in service["spec"]["ports"]}
    declared = made["spec"]["template"]["spec"]["containers"][0]["ports"]
    assert numbers == {(p["containerPort"], p.get("protocol", "TCP")) for p in declared} | {
        (8080, "TCP")
    }
    assert len({p["name"] for p in service["spec"]["ports"]}) == len(service["spec"]["ports"])
    assert f"url: http://{new}/x" in text
    assert [s.service.name for s in plan.services] == [name]


KUSTOMIZE = {
    "listed beside it": ({"base/kustomization.yaml": "resources:\n  - work.yaml # ours\n  - x.yaml\n"}, "pay", "resources:\n  - work.yaml # ours\n  - pay-service.yaml\n  - x.yaml\n"),
    "a flow list": ({"base/kustomization.yaml": "resources: [x.yaml, work.yaml] # ours\n"}, "pay", "resources: [x.yaml, work.yaml, pay-service.yaml] # ours\n"),
    "a flow list over lines, quoted": ({"base/kustomization.yaml": "resources: [\n  'work.yaml',\n  x.yaml,\n]\n"}, "pay", "resources: [\n  'work.yaml', 'pay-service.yaml',\n  x.yaml,\n]\n"),
    "a flow list beside another of the same name": ({"base/kustomization.yaml": "patches: [{path: x.yaml}]\nconfigMapGenerator: [{name: c, files: [work.yaml]}]\nresources: [work.yaml]\n"}, "pay", "patches: [{path: x.yaml}]\nconfigMapGenerator: [{name: c, files: [work.yaml]}]\nresources: [work.yaml, pay-service.yaml]\n"),
    "at the end, without a line end": ({"base/kustomization.yaml": "resources:\n- work.yaml"}, "pay", "resources:\n- work.yaml\n- pay-service.yaml"),
    "a prefix, and a suffix": ({"base/kustomization.yaml": "namePrefix: eu-\nnameSuffix: -2\nnamespace: shop\nresources:\n- work.yaml\n"}, "eu-pay-2", "namePrefix: eu-\nnameSuffix: -2\nnamespace: shop\nresources:\n- work.yaml\n- pay-service.yaml\n"),
    "a prefix of an overlay": ({"base/kustomization.yaml": "resources:\n- work.yaml\n", "prod/kustomization.yaml": "namePrefix: eu-\nnamespace: shop\nresources: [../base]\n"}, "eu-pay", "resources:\n- work.yaml\n- pay-service.yaml\n"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "name", "after"), KUSTOMIZE.values(), ids=KUSTOMIZE)
def test_in_a_kustomize_base(tmp_path: Path, files: dict[str, str], name: str, after: str) -> None:
    bare = workload()
    del bare["metadata"]["namespace"]
    root = repository(
        tmp_path,
        {"consumer.yaml": CONSUMER, "base/work.yaml": yaml(bare), "base/x.yaml": "a: 1\n", **files},
    )
    plan, text = round_trip(root, pod(workload(name=name, labels={**LABELS, "team": "added"})))

    (file,) = plan.files
    service = checked(file.content)
    assert (file.path, service["metadata"]) == ("base/pay-service.yaml", {"name": "pay"})
    assert service["spec"]["selector"] == LABELS  # what Kustomize adds, it adds to both
    assert f"http://{name}:8080/x" in text
    apply(plan, root, allow_dirty=True)
    assert (root / "base/kustomization.yaml").read_text() == after


def test_resources_that_are_an_alias_are_left_and_told(tmp_path: Path) -> None:
    files = {
        "consumer.yaml": CONSUMER,
        "base/work.yaml": yaml(workload()),
        "base/kustomization.yaml": "x: &r [work.yaml]\nresources: *r\n",
    }
    plan = planned(repository(tmp_path, files), pod(workload()))

    (service,) = plan.services
    assert (plan.files, plan.changes, service.file) == ((), (), "")
    assert "add base/pay-service.yaml there" in service.elsewhere


@pytest.mark.parametrize("listed", ["resources:\n- two.yaml\n", "resources: [two.yaml]\n"])
def test_two_workloads_of_one_file(listed: str, tmp_path: Path) -> None:
    made = [workload(name=name, labels={"app": name}) for name in ("pay", "bill")]
    files = {
        "consumer.yaml": "a: http://10.42.7.1:8080\nb: http://10.42.7.2:8080\n",
        "base/two.yaml": "---\n".join(map(yaml, made)),
        "base/kustomization.yaml": listed,
    }
    pods = [pod(one, {}, ip=f"10.42.7.{n}") for n, one in enumerate(made, 1)]
    cluster = [item for group in pods for item in group]
    plan = planned(repository(tmp_path, files), cluster, namespace="shop")

    assert {file.path for file in plan.files} == {"base/bill-service.yaml", "base/pay-service.yaml"}
    assert {outcome.new for outcome in plan.outcomes} == {"pay:8080", "bill:8080"}
    apply(plan, tmp_path / "repo", allow_dirty=True)
    (kept,) = YAML(typ="safe").load_all((tmp_path / "repo/base/kustomization.yaml").read_text())
    assert kept["resources"][0] == "two.yaml"
    assert set(kept["resources"][1:]) == {"bill-service.yaml", "pay-service.yaml"}


CHART = {
    "charts/pay/Chart.yaml": "apiVersion: v2\nname: pay\nversion: 1.0.0\n",
    "charts/pay/values.yaml": "enabled: true\nport: 8080\n",
    "charts/pay/templates/_helpers.tpl": '{{- define "pay.name" -}}{{ .Release.Name }}-pay{{- end }}\n{{- define "pay.match" -}}\napp: pay\nrelease: {{ .Release.Name }}\n{{- end }}\n',
}
DEPLOYMENT = """\
apiVersion: apps/v1
kind: {kind}
metadata:
  name: {{{{ include "pay.name" . }}}}
  namespace: {{{{ .Release.Namespace }}}}
  labels:
    {{{{- include "pay.match" . | nindent 4 }}}}
    tier: web
spec:
{extra}  selector:
    matchLabels:
      {{{{- include "pay.match" . | nindent 6 }}}}
  template:
    metadata:
      labels:
        {{{{- include "pay.match" . | nindent 8 }}}}
        pod: "1"
    spec:
      containers:
        - name: main
          image: i
          ports:
            - name: http
              containerPort: 8080
"""
PLAIN = DEPLOYMENT.format(kind="Deployment", extra="")
STATEFUL = DEPLOYMENT.format(
    kind="StatefulSet", extra='  serviceName: {{ include "pay.name" . }}-hl\n'
)
CHARTS: dict[str, tuple[str, str, str, str]] = {
    "a port of the values": ("deployment.yaml", PLAIN.replace("8080", "{{ .Values.port }}"), "one-pay", "service.yaml"),
    "a Deployment": ("deployment.yaml", PLAIN, "one-pay", "service.yaml"),
    "a file named for what it is": ("pay-deployment.yaml", PLAIN, "one-pay", "pay-service.yaml"),
    "a condition": ("deployment.yaml", "{{- if .Values.enabled }}\n" + PLAIN + "{{- end }}\n", "one-pay", "service.yaml"),
    "a variable": ("deployment.yaml", '{{- $name := include "pay.name" . }}\n' + PLAIN.replace('{{ include "pay.name" . }}', "{{ $name }}"), "one-pay", "service.yaml"),
    "a StatefulSet": ("sts.yaml", STATEFUL, "one-pay-hl", "service.yaml"),
}  # fmt: skip


def charted(tmp_path: Path, name: str, text: str) -> tuple[Path, list[dict[str, Any]]]:
    root = repository(
        tmp_path, {"consumer.yaml": CONSUMER, **CHART, f"charts/pay/templates/{name}": text}
    )
    with rendering(root) as renders:
        objects = renders.render(case("charts/pay", release="one", namespace="shop")).objects
    (made,) = (o.content for o in objects)
    return root, pod({**made, "metadata": {**made["metadata"], "namespace": "shop"}})


@pytest.mark.parametrize(("file", "text", "name", "new"), CHARTS.values(), ids=CHARTS)
def test_in_a_chart(tmp_path: Path, file: str, text: str, name: str, new: str) -> None:
    root, cluster = charted(tmp_path, file, text)
    with rendering(root) as renders:
        before = renders.render(case("charts/pay", release="two", namespace="there")).objects
    plan, _ = round_trip(root, cluster)
    apply(plan, root, allow_dirty=True)

    (made,) = plan.files
    assert made.path == f"charts/pay/templates/{new}"
    assert f"http://{name}:8080/x" in consumer(root)
    for release, namespace in (("one", "shop"), ("two", "there")):
        with rendering(root) as renders:
            objects = renders.render(
                case("charts/pay", release=release, namespace=namespace)
            ).objects
        (service,) = (o.content for o in objects if o.identity.kind == "Service")
        (work,) = (o.content for o in objects if o.identity.kind != "Service")
        validate(service, "1.31", strict=True)
        assert service["metadata"]["name"] == name.replace("one", release)
        assert service["metadata"]["labels"] == work["metadata"]["labels"]
        assert service["spec"]["selector"] == work["spec"]["selector"]["matchLabels"]
        if release == "two":
            assert [o.content for o in before] == [work]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{- range list 1 }}\n" + PLAIN.replace(" . ", " $ ").replace("{{ .R", "{{ $.R") + "{{- end }}\n", "in a range or with"),
        ("{{- if .Values.no }}\n{{- else }}\n" + PLAIN + "{{- end }}\n", "after an else"),
        (PLAIN.replace("      {{- include \"pay.match\" . | nindent 6 }}", "      app: pay\n      release: one\n      version: \"1\"").replace('pod: "1"', 'version: "1"'), "from one rollout to the next"),
    ],
    ids=["a range", "an else", "a label that changes"],
)  # fmt: skip
def test_a_chart_that_is_not_understood_is_left_and_told(
    tmp_path: Path, text: str, why: str
) -> None:
    root, cluster = charted(tmp_path, "deployment.yaml", text)
    plan = planned(root, cluster)

    assert (plan.files, plan.changes) == ((), ())
    (service,) = plan.services
    assert why in service.elsewhere
    assert "kind: Service" in service.manifest


SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: pay, namespace: shop}\nspec:\n  selector: {app: pay}\n  ports:\n  - name: web\n    port: 80\n    targetPort: 80\n"
EXTENDED = SERVICE + "  - name: http\n    port: 8080\n    targetPort: http\n"


def live(**spec: Any) -> dict[str, Any]:
    ports = [{"name": "web", "port": 80, "targetPort": 80}]
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "pay", "namespace": "shop"},
            "spec": {"clusterIP": "10.43.0.9", "selector": LABELS, "ports": ports, **spec}}  # fmt: skip


def test_a_service_that_lacks_the_port_gets_it(tmp_path: Path) -> None:
    root = repository(
        tmp_path, {"consumer.yaml": CONSUMER, "svc.yaml": "a: 1\n---\n" + SERVICE + "---\nb: 2\n"}
    )
    plan, text = round_trip(root, [*pod(workload()), live()])
    apply(plan, root, allow_dirty=True)

    assert (root / "svc.yaml").read_text() == "a: 1\n---\n" + EXTENDED + "---\nb: 2\n"
    assert "http://pay:8080/x" in text
    assert [s.extends for s in plan.services] == [True]


def test_a_charts_service_gets_the_port(tmp_path: Path) -> None:
    service = SERVICE.replace(
        "{name: pay, namespace: shop}", '{name: {{ include "pay.name" . }}}'
    ).replace("{app: pay}", "{app: pay, release: {{ .Release.Name }}}")
    files = {
        **CHART,
        "charts/pay/templates/deployment.yaml": PLAIN,
        "charts/pay/templates/service.yaml": service,
    }
    root = repository(tmp_path, {"consumer.yaml": CONSUMER, **files})
    owner = workload(name="one-pay", labels={"app": "pay", "release": "one"})
    there = live(selector={"app": "pay", "release": "one"})
    there["metadata"] = {"name": "one-pay", "namespace": "shop", "labels": {"release": "one"}}
    plan, text = round_trip(root, [*pod(owner), there])

    assert [(c.path, len(c.edits)) for c in plan.changes] == [
        ("charts/pay/templates/service.yaml", 1),
        ("consumer.yaml", 1),
    ]
    assert "http://one-pay:8080/x" in text


REFUSED = {
    "no labels": ([*pod(workload(labels={"version": "1"}))], "no labels that stay"),
    "its labels select another workload": ([*pod(workload()), *pod(workload(name="other"), ip="10.42.7.8")], "select"),
    "the port of that number leads elsewhere": ([*pod(workload()), live(ports=[{"name": "x", "port": 8080, "targetPort": 99}])], "leads elsewhere"),
    "the Service's one port has no name": ([*pod(workload()), live(ports=[{"port": 80, "targetPort": 80}])], "has no name"),
}  # fmt: skip


@pytest.mark.parametrize(("cluster", "why"), REFUSED.values(), ids=REFUSED)
def test_refused(tmp_path: Path, cluster: list[dict[str, Any]], why: str) -> None:
    root = repository(
        tmp_path, {"consumer.yaml": CONSUMER, "work.yaml": yaml(workload()), "svc.yaml": SERVICE}
    )
    plan = planned(root, cluster)

    (outcome,) = (o for o in plan.outcomes if o.finding.host == IP)
    assert (outcome.edited, outcome.reason) == (False, "missing-service")
    assert why in outcome.why
    assert (plan.files, plan.changes, plan.services) == ((), (), ())


class TestElsewhere:
    """A workload whose manifest is not in this repository."""

    def test_the_manifest_is_reported_and_the_address_stays(self, tmp_path: Path) -> None:
        plan = planned(repository(tmp_path, {"consumer.yaml": CONSUMER}), pod(workload()))

        (service,) = plan.services
        assert (plan.files, plan.changes, service.file) == ((), (), "")
        assert checked(service.manifest)["spec"]["selector"] == LABELS

    def test_an_inventory_is_no_manifest(self, tmp_path: Path) -> None:
        listed = json.dumps({"kind": "List", "apiVersion": "v1", "items": pod(workload())})
        root = repository(tmp_path, {"consumer.yaml": CONSUMER, "cluster.json": listed})
        known = inventory.load([root / "cluster.json"], stdin=bytes)
        homes = Environments(Settings(), {"": known})
        plan = make_plan(PlanJob(root, (root,), Settings(), homes, digests=known.digests))

        assert (plan.files, plan.changes) == ((), ())

    def test_a_directory_for_them(self, tmp_path: Path) -> None:
        plan = planned(
            repository(tmp_path, {"consumer.yaml": CONSUMER}),
            pod(workload()),
            services_dir="deploy",
        )

        assert [f.path for f in plan.files] == ["deploy/shop-pay-service.yaml"]
        assert plan.changes == ()

    def test_the_address_is_edited_where_the_service_is_assumed(self, tmp_path: Path) -> None:
        root = repository(tmp_path, {"consumer.yaml": CONSUMER})
        plan = planned(root, pod(workload()), assume_services=True)

        assert [c.path for c in plan.changes] == ["consumer.yaml"]

    def test_a_manifest_that_only_the_cluster_lacks(self, tmp_path: Path) -> None:
        files = {"consumer.yaml": CONSUMER, "svc.yaml": EXTENDED, "work.yaml": yaml(workload())}
        plan = planned(repository(tmp_path, files), pod(workload()))

        assert (plan.files, [c.path for c in plan.changes]) == ((), ["consumer.yaml"])


def test_two_findings_make_one_service(tmp_path: Path) -> None:
    other = CONSUMER.replace("name: c", "name: d").replace(":8080/x", ":9090/y")
    root = repository(
        tmp_path, {"consumer.yaml": CONSUMER, "d.yaml": other, "work.yaml": yaml(workload())}
    )
    plan = planned(root, pod(workload()))

    (file,) = plan.files
    assert {p["port"] for p in checked(file.content)["spec"]["ports"]} == {8080, 9090}
    assert len(plan.changes) == 2


def test_a_job_is_gone_before_a_service_could_serve(tmp_path: Path) -> None:
    made = workload("Job")
    plan = planned(
        repository(tmp_path, {"consumer.yaml": CONSUMER, "job.yaml": yaml(made)}), pod(made)
    )

    assert [(o.reason, o.edited) for o in plan.outcomes] == [("stale-address", False)]
    assert (plan.files, plan.services) == ((), ())


FAMILIES = {
    "IPv6 alone": (["fd00:10:244::7"], "fd00:10:244::7", False),
    "both, dialled by the first": (["10.42.7.7", "fd00:10:244::7"], "10.42.7.7", False),
    "both, dialled by the second": (["10.42.7.7", "fd00:10:244::7"], "fd00:10:244::7", True),
    "both, IPv6 first": (["fd00:10:244::7", "10.42.7.7"], "10.42.7.7", True),
}


@pytest.mark.parametrize(("ips", "dialled", "both"), FAMILIES.values(), ids=FAMILIES)
def test_a_policy_of_families_only_where_it_is_needed(
    tmp_path: Path, ips: list[str], dialled: str, both: bool
) -> None:
    cluster = pod(workload())
    cluster[-1]["status"] |= {"podIP": ips[0], "podIPs": [{"ip": ip} for ip in ips]}
    host = f"[{dialled}]" if ":" in dialled else dialled
    text = CONSUMER.replace("http://10.42.7.7:8080/x", f"'http://{host}:8080/x'")
    plan = planned(
        repository(tmp_path, {"consumer.yaml": text, "work.yaml": yaml(workload())}), cluster
    )

    spec = checked(plan.files[0].content)["spec"]
    assert spec.get("ipFamilyPolicy") == ("PreferDualStack" if both else None)
    assert [c.path for c in plan.changes] == ["consumer.yaml"]


def test_a_value_moves_the_service_with_its_container(tmp_path: Path) -> None:
    text = PLAIN.replace("8080", "{{ .Values.port }}").replace(
        "            - name: http\n              c", "            - c"
    )
    root, cluster = charted(tmp_path, "deployment.yaml", text)

    (file,) = planned(root, cluster).files
    assert (
        "    - name: http\n      port: {{ .Values.port }}\n      targetPort: {{ .Values.port }}\n"
        in file.content
    )


def test_an_expression_that_gives_another_number_is_not_used(tmp_path: Path) -> None:
    # Two lines for one port: which of them renders is for the template to say.
    text = PLAIN.replace(
        "              containerPort: 8080",
        "              {{ if .Values.no }}\n              containerPort: {{ .Values.other }}\n              {{ else }}\n              containerPort: 8080\n              {{ end }}",
    )
    root, cluster = charted(tmp_path, "deployment.yaml", text)

    (file,) = planned(root, cluster).files
    assert file.content.partition("  ports:\n")[2] == (
        "    - name: http\n      port: 8080\n      targetPort: http\n"
    )
