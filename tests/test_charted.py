"""Names in charts, and what keeps an address: docs/semantics.md, section 4, on Helm's own word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from refactor import inventory
from refactor.apply.run import apply
from refactor.apply.undo import undo
from refactor.inventory import Inventory
from refactor.model import Outcome, Plan
from refactor.plan import PlanJob, make_plan
from refactor.repository.environments import Environments
from refactor.settings.types import Environment, Settings
from tests.chart_shop import DB0, WEB, cluster_in, shop
from tests.helm_bench import case, rendering

ORDERS = '{{ include "shop.fullname" . }}-orders'
ROOTED = '{{ include "shop.fullname" $ }}-orders'
FULL = "shop-orders.store.svc.cluster.local"
SETS = '{{ include "shop.fullname" . }}-db-0.{{ include "shop.fullname" . }}-db-headless'
NS = ".{{ .Release.Namespace }}.svc.cluster.local"

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: conf\ndata:\n"
TPL = "  url: {{ tpl .Values.url . | quote }}\n"
PLAIN = "  url: {{ .Values.url | quote }}\n"
LB = "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec:\n  loadBalancerIP: {{ .Values.url }}\n"
HOSTNET = """\
apiVersion: v1
kind: Pod
metadata: {name: x}
spec:
  hostNetwork: true
  containers:
    - {name: c, image: i, args: ["{{ .Values.url }}"]}
"""
ELSEWHERE = """\
apiVersion: v1
kind: Pod
metadata: {name: x, namespace: store}
spec:
  containers:
    - {name: c, image: i, env: [{name: U, value: "{{ .Values.url }}"}]}
"""
LISTENS = (
    CONFIG
    + """\
  at: "{{ .Values.host }}:{{ .Values.port }}"
---
apiVersion: v1
kind: Pod
metadata: {name: x}
spec:
  containers:
    - {name: c, image: i, ports: [{containerPort: {{ .Values.port }}}]}
"""
)

# What: the template beside it, the values (or template) before and after, settings.
VALUES: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "3: passed through tpl: a template": (CONFIG + TPL, f"url: http://{WEB}:8080/x", f"url: 'http://{ORDERS}:80/x'", {}),
    "3: through tpl, a bare host is quoted": (CONFIG + TPL, f"url: {WEB}:8080", f"url: '{ORDERS}:80'", {}),
    "3: through tpl, double quotes are escaped": (CONFIG + TPL, f'url: "{WEB}:8080"', 'url: "{{ include \\"shop.fullname\\" . }}-orders:80"', {}),
    "3: through tpl, single quotes stay": (CONFIG + TPL, f"url: '{WEB}:8080'", f"url: '{ORDERS}:80'", {}),
    "3: through tpl, a block needs no quotes": (CONFIG + TPL, f"url: |\n  a={WEB}:8080", f"url: |\n  a={ORDERS}:80", {}),
    "3: not through tpl: a literal": (CONFIG + PLAIN, f"url: http://{WEB}:8080", f"url: http://{FULL}:80", {}),
    "3: not through tpl, the namespace is known": (CONFIG + PLAIN, f"url: http://{WEB}:8080", "url: http://shop-orders:80", {"namespace": "store"}),
    "3: on some of its ways through tpl: a literal": (CONFIG + TPL + PLAIN.replace("url:", "raw:"), f"url: {WEB}:8080", f"url: {FULL}:80", {}),
    "3: --names literal": (CONFIG + TPL, f"url: {WEB}:8080", f"url: {FULL}:80", {"chart_names": "literal"}),
    "3: --names fqdn keeps to the release": (CONFIG + TPL, f"url: |\n  {WEB}:8080", f"url: |\n  {ORDERS}{NS}:80", {"names": "fqdn"}),
    "3: a stateful pod keeps its name": (CONFIG + TPL, f"url: |\n  {DB0}:5432", f"url: |\n  {SETS}{NS}:5432", {}),
    "3: the consumer is in a fixed namespace": (ELSEWHERE, f"url: {WEB}:8080", "url: shop-orders:80", {}),
    "1: behind a flag that is dialled": (ELSEWHERE.replace("env: [{name: U, value: \"{{ .Values.url }}\"}]", "args: [--verbose, --orders-url, \"{{ .Values.url }}\"]"), f"url: {WEB}:8080", "url: shop-orders:80", {}),
    "3: a value that nothing uses": (CONFIG, f"url: {WEB}:8080", f"url: {FULL}:80", {}),
    "3: an environment names the release": (CONFIG + TPL, f"url: |\n  {WEB}:8080", f"url: |\n  {ORDERS}:80", {"environments": (Environment("prod", namespace="store", release="shop"),)}),
    "3: another release's Service: a literal": (CONFIG + TPL, f"url: |\n  {WEB}:8080", f"url: |\n  {FULL}:80", {"environments": (Environment("prod", namespace="b", release="blue"),)}),
}  # fmt: skip
KEPT: dict[str, tuple[str, str, str, str, dict[str, Any]]] = {
    "1: it ends up in loadBalancerIP": (LB, f"url: {WEB}", "kept-field", "loadBalancerIP", {}),
    "1: it ends up in externalIPs": (LB.replace("loadBalancerIP: {{ .Values.url }}", "externalIPs: ['{{ .Values.url }}']"), f"url: {WEB}", "kept-field", "externalIPs", {}),
    "1: it ends up in a pod's hosts": (HOSTNET.replace("hostNetwork: true", "hostAliases: [{ip: '{{ .Values.url }}', hostnames: [a]}]"), f"url: {WEB}", "kept-field", "hostAliases", {}),
    "1: it ends up among a pod's name servers": (HOSTNET.replace("hostNetwork: true", "dnsConfig: {nameservers: ['{{ .Values.url }}']}"), f"url: {WEB}", "kept-field", "nameservers", {}),
    "1: it ends up in a list of who may call": (CONFIG + "  whitelist: {{ .Values.url }}\n", f"url: {WEB}", "kept-field", "whitelist", {}),
    "1: it ends up in a list of ranges that may call": (LB.replace("loadBalancerIP: {{ .Values.url }}", "loadBalancerSourceRanges: ['{{ .Values.url }}']"), f"url: {WEB}", "kept-field", "loadBalancerSourceRanges", {}),
    "1: it ends up behind a flag for where to listen": (ELSEWHERE.replace("env: [{name: U, value: \"{{ .Values.url }}\"}]", "args: [--listen-address, \"{{ .Values.url }}\"]"), f"url: {WEB}:8080", "kept-field", "args", {}),
    "1: it ends up in a flag for where to listen": (ELSEWHERE.replace("env: [{name: U, value: \"{{ .Values.url }}\"}]", "args: [\"--listen-address={{ .Values.url }}\"]"), f"url: {WEB}:8080", "kept-field", "args", {}),
    "1: its reader asks another DNS": (HOSTNET.replace("hostNetwork: true", "dnsPolicy: Default"), f"url: http://{WEB}:8080", "unproven", "dnsPolicy Default", {}),
    "1: its reader is on the host network": (HOSTNET, f"url: http://{WEB}:8080", "unproven", "ClusterFirstWithHostNet", {}),
    "3: its port decides what a container listens on": (LISTENS, f"host: {WEB}\nport: 8080", "shared-port", "containerPort", {}),
    "3: --names template, and nothing evaluates one": (CONFIG + PLAIN, f"url: {WEB}:8080", "template", "same release", {"chart_names": "template"}),
    "5: a template asks what the value is": (CONFIG + "  x: y\n{{ if eq .Values.url \"" + WEB + ":8080\" }}\n  a: b\n{{ end }}", f"url: {WEB}:8080", "unproven", "no edit accounts for", {}),
}  # fmt: skip
TEMPLATES: dict[str, tuple[str, str, str]] = {
    "3: by the expression of its own manifest": (f"  url: http://{WEB}:8080/x\n", f"  url: http://{ORDERS}:80/x\n", ""),
    "3: with $ inside a range": (f"{{{{ range list 1 }}}}\n  u: {WEB}:8080\n{{{{ end }}}}\n", f"{{{{ range list 1 }}}}\n  u: {ROOTED}:80\n{{{{ end }}}}\n", ""),
    "3: with . again after the range": (f"{{{{ range list 1 }}}}{{{{ end }}}}\n  u: {WEB}:8080\n", f"{{{{ range list 1 }}}}{{{{ end }}}}\n  u: {ORDERS}:80\n", ""),
    "3: inside an action: a literal": (f'  u: {{{{ default "{WEB}:8080" .Values.u }}}}\n', f'  u: {{{{ default "{FULL}:80" .Values.u }}}}\n', ""),
    "3: a stateful pod": (f"  u: {DB0}:5432\n", f"  u: {SETS}{NS}:5432\n", ""),
}  # fmt: skip


def loaded(root: Path, *more: str) -> Inventory:
    files = []
    for index, text in enumerate(("", *more)):
        file = root / f"cluster{index or ''}.json"
        if index:
            file.write_text(text)
        files.append(str(file))
    return inventory.load(files, mappings=(), stdin=lambda: b"")


def planned(root: Path, known: Inventory, **settings: Any) -> Plan:
    made = Settings(**settings)
    inventories = {"": known} | {e.name: known for e in made.environments}
    charts = root / "charts"
    return make_plan(PlanJob(root, (charts,), made, Environments(made, inventories)))


def only(plan: Plan) -> Outcome:
    (outcome,) = plan.outcomes
    return outcome


@pytest.mark.parametrize(("template", "before", "after", "settings"), VALUES.values(), ids=VALUES)
def test_values(
    tmp_path: Path, template: str, before: str, after: str, settings: dict[str, Any]
) -> None:
    root = shop(tmp_path, {"templates/extra.yaml": template, "values.yaml": before + "\n"})
    plan = planned(root, loaded(root), **settings)

    assert only(plan).edited, only(plan).why
    apply(plan, root, allow_dirty=True)
    assert (root / "charts/shop/values.yaml").read_text() == after + "\n"
    again = planned(root, loaded(root), **settings)
    assert again.changes == ()
    undo(root)
    assert (root / "charts/shop/values.yaml").read_text() == before + "\n"


@pytest.mark.parametrize(
    ("template", "before", "reason", "why", "settings"), KEPT.values(), ids=KEPT
)
def test_kept(
    tmp_path: Path, template: str, before: str, reason: str, why: str, settings: dict[str, Any]
) -> None:
    root = shop(tmp_path, {"templates/extra.yaml": template, "values.yaml": before + "\n"})
    outcome = next(
        o
        for o in planned(root, loaded(root), **settings).outcomes
        if o.finding.file.endswith("values.yaml")
    )

    assert (outcome.edited, outcome.reason) == (False, reason)
    assert why in outcome.why


@pytest.mark.parametrize(("before", "after", "_"), TEMPLATES.values(), ids=TEMPLATES)
def test_templates(tmp_path: Path, before: str, after: str, _: str) -> None:
    root = shop(tmp_path, {"templates/extra.yaml": CONFIG + before})
    plan = planned(root, loaded(root))

    assert only(plan).edited, only(plan).why
    apply(plan, root, allow_dirty=True)
    assert (root / "charts/shop/templates/extra.yaml").read_text() == CONFIG + after
    assert planned(root, loaded(root)).changes == ()


def test_a_literal_for_one_of_two_installs_is_told(tmp_path: Path) -> None:
    root = shop(
        tmp_path, {"templates/extra.yaml": CONFIG + PLAIN, "values.yaml": f"url: {WEB}:8080\n"}
    )
    (root / "charts/shop/values.yaml").write_text("url: x\n")
    blue = cluster_in(root, "blue", "color", "10.78")
    (root / "charts/shop/values.yaml").write_text(f"url: {WEB}:8080\n")

    (told,) = only(planned(root, loaded(root, blue))).warnings
    assert told == (
        "the chart is installed more than once: this name is that of shop in store, and not of blue in color"
    )


def test_two_namespaces_read_one_value(tmp_path: Path) -> None:
    both = ELSEWHERE + "---\n" + ELSEWHERE.replace("namespace: store", "namespace: other")
    root = shop(tmp_path, {"templates/extra.yaml": both, "values.yaml": f"url: {WEB}:8080\n"})

    assert only(planned(root, loaded(root), namespace="store")).new == f"{FULL}:80"


def test_what_a_value_reaches_is_told(tmp_path: Path) -> None:
    root = shop(tmp_path, {"templates/extra.yaml": ELSEWHERE, "values.yaml": f"url: {WEB}:8080\n"})

    assert only(planned(root, loaded(root))).reaches == ("Pod store/x, env U",)


def test_a_template_that_does_not_prove_itself_gives_way_to_a_literal(tmp_path: Path) -> None:
    # The helper is called with a dict: neither its dot nor its $ is the root.
    helper = '{{- define "x" }}\n  u: ' + WEB + ":8080\n{{- end }}\n"
    root = shop(
        tmp_path, {"templates/extra.yaml": helper + CONFIG + '{{ include "x" (dict "a" 1) }}\n'}
    )
    plan = planned(root, loaded(root))

    assert only(plan).new == f"{FULL}:80"
    assert {check.state for check in plan.checks} == {"passed"}


def test_the_inventory_in_the_tree_is_no_finding(tmp_path: Path) -> None:
    root = shop(tmp_path)
    known = loaded(root)
    settings = Settings()
    job = PlanJob(
        root, (root,), settings, Environments(settings, {"": known}), digests=known.digests
    )

    plan = make_plan(job)

    assert plan.outcomes == ()
    assert plan.passed_over["inventory"] == 1


def test_after_apply_the_chart_follows_the_release_and_nothing_else_changed(tmp_path: Path) -> None:
    """Consumer and provider in one chart, addresses in values, a template and a ConfigMap."""
    root = shop(
        tmp_path,
        {
            "templates/extra.yaml": CONFIG + TPL + f"  ini: |\n    [a]\n    u = http://{WEB}:8080\n    db = {DB0}:5432\n",
            "templates/pod.yaml": ELSEWHERE.replace("namespace: store", "labels: {}").replace("{{ .Values.url }}", f"http://{WEB}:8080/y"),
            "values.yaml": f"url: http://{WEB}:8080/x\n",
        },
    )  # fmt: skip
    places = [("shop", "store"), ("blue", "color"), ("green", "else")]
    with rendering(root) as renders:
        before = [
            renders.render(case("charts/shop", release=r, namespace=n)).objects for r, n in places
        ]
    apply(planned(root, loaded(root)), root, allow_dirty=True)
    with rendering(root) as renders:
        after = [
            renders.render(case("charts/shop", release=r, namespace=n)).objects for r, n in places
        ]

    for (release, namespace), old, new in zip(places, before, after, strict=True):
        full = release if release == "shop" else f"{release}-shop"
        services = {o.identity.name for o in new if o.identity.kind == "Service"}
        assert f"{full}-orders" in services
        text = json.dumps([o.content for o in old])
        text = text.replace(f"{WEB}:8080", f"{full}-orders:80")
        text = text.replace(DB0, f"{full}-db-0.{full}-db-headless.{namespace}.svc.cluster.local")
        assert json.loads(text) == [o.content for o in new]


WRAPPED: dict[str, tuple[str, str, bool]] = {
    "by its name": ('{{ .Values.url | quote }}', '{{ (tpl .Values.url $) | quote }}', True),
    "by the root": ('{{ $.Values.url }}', '{{ (tpl $.Values.url $) }}', True),
    "with a default": ('{{ default "x" .Values.url }}', '{{ default "x" (tpl .Values.url $) }}', True),
    "in a with": ('{{ with .Values.url }}{{ . }}{{ end }}', '{{ with (tpl .Values.url $) }}{{ . }}{{ end }}', True),
    "not by a condition alone": ('{{ if .Values.url }}{{ .Values.url }}{{ end }}', '{{ if .Values.url }}{{ (tpl .Values.url $) }}{{ end }}', True),
    "all values at once": ('{{ toJson .Values | quote }}', '{{ toJson .Values | quote }}', False),
    "another's value of a like name": ('{{ .Values.url }}{{ .Values.urls }}', '{{ (tpl .Values.url $) }}{{ .Values.urls }}', True),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "wrapped"), WRAPPED.values(), ids=WRAPPED)
def test_wrap_tpl(tmp_path: Path, before: str, after: str, wrapped: bool) -> None:
    files = {
        "templates/extra.yaml": CONFIG + f"  u: {before}\n",
        "values.yaml": f"url: 'http://{WEB}:8080'\n",
    }
    root = shop(tmp_path, files)
    plan = planned(root, loaded(root), wrap_tpl=True)
    apply(plan, root, allow_dirty=True)

    assert (root / "charts/shop/templates/extra.yaml").read_text() == CONFIG + f"  u: {after}\n"
    values = (root / "charts/shop/values.yaml").read_text()
    assert values == f"url: 'http://{ORDERS if wrapped else FULL}:80'\n"
    assert planned(root, loaded(root), wrap_tpl=True).changes == ()


def test_the_change_is_told_as_kubernetes_sees_it(tmp_path: Path) -> None:
    files = {"templates/extra.yaml": CONFIG + TPL, "values.yaml": f"url: http://{WEB}:8080/x\n"}
    plan = planned(shop(tmp_path, files), loaded(tmp_path), namespace="store")

    told = [(o.source, o.object, o.path, o.before, o.after) for o in plan.objects]
    assert told == [
        (
            "charts/shop, release shop",
            "ConfigMap store/conf",
            "data.url",
            f"http://{WEB}:8080/x",
            "http://shop-orders:80/x",
        )
    ]
