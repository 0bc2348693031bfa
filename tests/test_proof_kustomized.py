"""Step 3 of the proof for kustomizations: docs/semantics.md, section 6; built by the real program."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from refactor.helm.tree import Tree
from refactor.model import Edit, FileChange, Plan
from refactor.plan import PlanJob, make_plan
from refactor.plan.edited import EditedFile
from refactor.plan.proof.kustomized import prove_kustomizations
from refactor.repository.environments import Environments
from refactor.scan.tree import ScannedFile
from refactor.settings.types import Settings
from refactor.text.source import Source
from refactor.text.view import Span
from refactor.yaml.kustomizations import Kustomizations
from refactor.yaml.kustomize import read_kustomization
from tests.e2e.build import folder
from tests.test_readers import INVENTORY, POD

PATHS = os.pathsep.join([os.environ.get("PATH", ""), str(folder())])
needs_kustomize = pytest.mark.skipif(
    not shutil.which("kustomize", path=PATHS),
    reason=f"no kustomize; `python -m tests.e2e.build kustomize` puts one into {folder()}",
)
Files = dict[str, str]


def conf(name: str, host: str = POD) -> str:
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{API: 'http://{host}:8080'}}\n"


BASE = {
    "base/kustomization.yaml": "resources: [a.yaml, b.yaml]\n",
    "base/a.yaml": conf("a"),
    "base/b.yaml": conf("b"),
}
OVER = "namespace: shop\nresources: [../base]\n"
TESTED = f'{OVER}patches:\n- target: {{kind: ConfigMap, name: a}}\n  patch: |-\n    [{{"op": "test", "path": "/data/API", "value": "http://{POD}:8080"}}]\n'
INFLATED = f"namespace: shop\nhelmGlobals: {{chartHome: ../charts}}\nhelmCharts: [{{name: c, releaseName: c, namespace: shop, valuesInline: {{api: 'http://{POD}:8080'}}}}]\n"
CHART = {
    "charts/c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 0.1.0\n",
    "charts/c/values.yaml": "api: ''\n",
    "charts/c/templates/x.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {API: {{ .Values.api | quote }}}\n",
}  # fmt: skip
GENERATED = f"namespace: shop\nconfigMapGenerator: [{{name: g, literals: ['API=http://{POD}:8080']}}]\nsecretGenerator: [{{name: s, literals: ['API=http://{POD}:8080']}}]\n"


def planned(root: Path, files: Files, *paths: str) -> Plan:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    settings = Settings(namespace="shop")
    asked = [root / path for path in paths] or [root]
    return make_plan(PlanJob(root, asked, settings, Environments(settings, {"": INVENTORY})))


def told(plan: Plan) -> dict[str, tuple[str, str]]:
    """What was proven of each kustomization."""
    checks = (check for check in plan.checks if check.name == "render")
    return {check.subject: (check.state, check.message) for check in checks}


BUILT = {
    # files, and what is said of live/kustomization.yaml
    "an overlay": ({**BASE, "live/kustomization.yaml": OVER}, "built by kustomize; the edits reach 2 fields"),
    "hashes in names, and Secrets": ({"live/kustomization.yaml": GENERATED}, "built by kustomize; the edits reach 2 fields"),
    "prefixes": ({**BASE, "live/kustomization.yaml": f"namePrefix: x-\n{OVER}"}, "built by kustomize"),
    "a test that follows its base": ({**BASE, "live/kustomization.yaml": TESTED}, "built by kustomize"),
    "one that does not build as it is": ({**BASE, "live/kustomization.yaml": f"{OVER}patches: [{{target: {{kind: None}}, patch: 'x: ['}}]\n"}, "read and not built: kustomize does not build it as it is"),
    "a chart that it inflates": ({**CHART, "live/kustomization.yaml": INFLATED}, "built by kustomize; the edits reach 1 fields"),
    "a chart that is edited itself": ({**CHART, "charts/c/values.yaml": f"api: http://{POD}:8080\n", "live/kustomization.yaml": INFLATED}, "built by kustomize; its charts have proofs of their own"),
    "a chart from elsewhere": ({"live/kustomization.yaml": INFLATED}, "read and not built: it inflates chart c, which is not in this repository"),
    "a chart that does not render": ({**CHART, "charts/c/templates/x.yaml": "{{ fail \"no\" }}", "live/kustomization.yaml": f"{GENERATED}helmGlobals: {{chartHome: ../charts}}\nhelmCharts: [{{name: c}}]\n"}, "read and not built: chart charts/c does not render"),
    "a base of somebody else's": ({**BASE, "live/kustomization.yaml": "resources: [../base, 'https://git.example.org/x?ref=v1']\n"}, "is not in this repository"),
}  # fmt: skip


@needs_kustomize
@pytest.mark.parametrize(("files", "message"), BUILT.values(), ids=BUILT)
def test_built(files: Files, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", PATHS)

    plan = planned(tmp_path, files)

    state, words = told(plan)["live/kustomization.yaml"]
    assert state == "passed"
    assert message in words
    assert all(outcome.edited for outcome in plan.outcomes)


@needs_kustomize
def test_an_edit_that_breaks_the_build_takes_back_itself_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", PATHS)
    files = {**BASE, "live/kustomization.yaml": TESTED}

    plan = planned(tmp_path, files, "base")  # the overlay itself is not to be edited

    assert [(o.finding.file, o.edited) for o in plan.outcomes] == [
        ("base/a.yaml", False),
        ("base/b.yaml", True),
    ]
    assert "does not build it any more" in plan.outcomes[0].why


def test_without_the_program_what_is_listed_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))

    plan = planned(tmp_path, {**BASE, "live/kustomization.yaml": OVER})

    said = told(plan)["live/kustomization.yaml"]
    assert said == ("passed", "read and not built: neither kustomize nor kubectl is on the PATH")


@pytest.mark.parametrize(("times", "state"), [(1, "passed"), (2, "failed")])
def test_a_new_manifest_is_taken_in_once(
    times: int, state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    before, after = "resources: [a.yaml]\n", f"resources: [a.yaml{', s.yaml' * times}]\n"
    (tmp_path / "kustomization.yaml").write_text(before)
    (tmp_path / "a.yaml").write_text(conf("a"))
    old, new = Source("kustomization.yaml", before.encode()), Source("kustomization.yaml", after.encode())  # fmt: skip
    edit = Edit("kustomization.yaml", Span(18, 18), "", ", s.yaml" * times, "x", "service")
    change = FileChange("kustomization.yaml", old.digest, new.digest, (edit,))
    file = EditedFile(ScannedFile(old, "yaml", ()), change, new, after.encode())
    known = Kustomizations([read_kustomization("kustomization.yaml", before.encode())])

    (proof,) = prove_kustomizations(
        known, Tree(tmp_path), [file], {"s.yaml": b"kind: Service\n"}, {}
    )

    assert proof.check.state == state
