"""docs/semantics.md, section 6, step 3: an edited chart renders as before, but where the edits reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.inventory import Inventory
from refactor.model import Plan
from refactor.plan import PlanJob, make_plan
from refactor.repository.environments import Environments
from refactor.settings.types import Settings
from tests.forms import inventory

CHART = "apiVersion: v2\nname: web\nversion: 1.0.0\n"
CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n"
VALUES = "url: http://10.42.1.11:8080\nmode: a\n"

PROVEN = {
    "a value in a field": "  url: {{ .Values.url | quote }}\n",
    "a value inside a longer text": "  conf: |\n    upstream {{ .Values.url }}/x;\n",
    "a value that is not used": "  x: y\n",
    "a password that is another each time": "  url: {{ .Values.url }}\n  p: {{ randAlphaNum 20 }}\n",
    "a value taken apart": "  host: {{ (urlParse .Values.url).host }}\n",
    "a checksum of what was edited": "  url: {{ .Values.url }}\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n  annotations:\n    checksum/config: {{ .Values.url | sha256sum }}\n",
    "a Secret": "  x: y\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  url: {{ .Values.url | b64enc }}\n",
}  # fmt: skip
FAILED = {
    "a value that decides whether an object is there": "  x: y\n{{- if contains \"10.42\" .Values.url }}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\n{{- end }}\n",
    "a value that another field is counted from": "  n: \"{{ len .Values.url }}\"\n",
    "a value that names an object": "  x: y\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: {{ .Values.url | sha1sum | trunc 5 | printf \"s%s\" }}}\n",
}  # fmt: skip
UNASKED = {
    "a required value": ('  u: {{ required "say who" .Values.who }}\n', "say who"),
    "a broken template": ("  u: {{ .Values.url\n", "web/templates/config.yaml"),
}


@pytest.fixture(scope="module")
def cluster() -> Inventory:
    return inventory()


def plan_of(root: Path, cluster: Inventory, body: str, *, unproven: bool = False) -> Plan:
    chart = root / "charts" / "web"
    (chart / "templates").mkdir(parents=True, exist_ok=True)
    (chart / "Chart.yaml").write_text(CHART)
    (chart / "values.yaml").write_text(VALUES)
    (chart / "templates" / "config.yaml").write_text(CONFIG + body)
    (root / "plain.yaml").write_text("url: http://10.42.1.11:8080\n")
    settings = Settings(namespace="shop")
    return make_plan(
        PlanJob(root, (root,), settings, Environments(settings, {"": cluster}), unproven)
    )


def render_check(plan: Plan):
    return next(check for check in plan.checks if check.name == "render")


@pytest.mark.parametrize("body", PROVEN.values(), ids=PROVEN)
def test_proven(tmp_path: Path, cluster: Inventory, body: str) -> None:
    plan = plan_of(tmp_path, cluster, body)

    assert render_check(plan).state == "passed", render_check(plan).message
    assert [change.path for change in plan.changes] == ["charts/web/values.yaml", "plain.yaml"]


@pytest.mark.parametrize("body", FAILED.values(), ids=FAILED)
def test_failed_is_withheld(tmp_path: Path, cluster: Inventory, body: str) -> None:
    plan = plan_of(tmp_path, cluster, body)

    assert render_check(plan).state == "failed"
    assert [change.path for change in plan.changes] == ["plain.yaml"]
    assert [o.reason for o in plan.outcomes if o.finding.file.startswith("charts")] == ["unproven"]


@pytest.mark.parametrize(("body", "told"), UNASKED.values(), ids=UNASKED)
def test_what_does_not_render_is_withheld_with_helms_own_words(
    tmp_path: Path, cluster: Inventory, body: str, told: str
) -> None:
    plan = plan_of(tmp_path, cluster, body)

    assert render_check(plan).state == "unasked"
    assert told in render_check(plan).message
    assert [change.path for change in plan.changes] == ["plain.yaml"]
    kept = plan_of(tmp_path, cluster, body, unproven=True)
    assert [change.path for change in kept.changes] == ["charts/web/values.yaml", "plain.yaml"]


def test_without_a_chart_nothing_is_rendered(tmp_path: Path, cluster: Inventory) -> None:
    (tmp_path / "plain.yaml").write_text("url: http://10.42.1.11:8080\n")
    settings = Settings(namespace="shop")
    plan = make_plan(
        PlanJob(tmp_path, (tmp_path,), settings, Environments(settings, {"": cluster}))
    )

    assert {check.name for check in plan.checks} == {"names", "syntax", "again"}
