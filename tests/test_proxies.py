"""docs/semantics.md, section 1: a proxied consumer whose new name NO_PROXY does not cover gets a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.plan import PlanJob, make_plan
from refactor.repository.consumers import covers
from refactor.repository.environments import Environments
from refactor.settings.types import Settings
from tests.test_readers import INVENTORY, POD

COVERED = {
    # NO_PROXY, host: whether it goes past the proxy
    ("web", "web"): True,
    ("localhost, .svc.cluster.local", "web.shop.svc.cluster.local"): True,
    ("*.local", "web.shop.svc.cluster.local"): True,
    ("", "web"): False,
    (",", "web"): False,
    (".svc,.cluster.local", "web"): False,
    ("10.0.0.0/8", "web"): False,
    ("b.example", "web.example"): False,
}


@pytest.mark.parametrize(("listed", "host"), COVERED, ids=lambda v: str(v))
def test_covers(listed: str, host: str) -> None:
    assert covers(listed, host) == COVERED[listed, host]


POD_OF = """\
apiVersion: v1
kind: Pod
metadata: {{name: x}}
spec:
  containers:
    - name: c
      image: i
      {taken}
      env:
        - {{name: URL, value: {{{{ .Values.url | quote }}}}}}
        {env}
    - {{name: other, image: i, env: [{{name: HTTP_PROXY, value: "{other}"}}]}}
"""
PROXIES = "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: proxies}}\ndata: {{HTTPS_PROXY: 'http://proxy.example:3128', NO_PROXY: '{0}'}}\n"
FROM = "envFrom: [{configMapRef: {name: proxies}}]"
SETS = "- {name: http_proxy, value: 'http://proxy.example:3128'}"

ROWS: dict[str, tuple[str, str, str, str, str, bool]] = {
    # scheme, envFrom, env, NO_PROXY of the ConfigMap, proxy of another container, whether it warns
    "none": ("http", "", "", "", "", False),
    "by envFrom": ("http", FROM, "", "10.0.0.0/8", "", True),
    "by envFrom, covered": ("http", FROM, "", "10.0.0.0/8,web", "", False),
    "a ConfigMap that nobody takes": ("http", "", "", "", "", False),
    "its own": ("http", "", SETS, "", "", True),
    "its own, emptied": ("http", FROM, "- {name: HTTPS_PROXY, value: ''}", "", "", False),
    "another scheme": ("redis", FROM, "", "", "", False),
    "of another container": ("http", "", "", "", "http://proxy.example:3128", False),
}


@pytest.mark.parametrize(
    ("scheme", "taken", "env", "listed", "other", "warns"), ROWS.values(), ids=ROWS
)
def test_readers_in_a_chart(
    scheme: str, taken: str, env: str, listed: str, other: str, *, warns: bool, tmp_path: Path
) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 1.0.0\n")
    (tmp_path / "values.yaml").write_text(f"url: {scheme}://{POD}:8080\n")
    (tmp_path / "templates/a.yaml").write_text(POD_OF.format(taken=taken, env=env, other=other))
    (tmp_path / "templates/b.yaml").write_text(PROXIES.format(listed))
    settings = Settings(namespace="shop")

    plan = make_plan(
        PlanJob(tmp_path, [tmp_path], settings, Environments(settings, {"": INVENTORY}))
    )

    (outcome,) = plan.outcomes
    assert outcome.new == "web:80"
    told = [warning for warning in outcome.warnings if "NO_PROXY" in warning]
    assert told == ["Pod shop/x goes through a proxy, and its NO_PROXY does not cover web"] * warns
