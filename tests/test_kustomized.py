"""docs/semantics.md, section 4, first rule, where Kustomize says the namespace."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.yaml.kustomizations import MOST_WAYS, Kustomizations
from refactor.yaml.kustomize import read_kustomization
from tests.test_readers import FULL, POD, planned

WORK = f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: d}}\nspec: {{url: 'http://{POD}:8080'}}\n"
SAYS = f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: d, namespace: shop}}\nspec: {{url: 'http://{POD}:8080'}}\n"
BASE = "resources: [work.yaml]\n"

ROWS: dict[str, tuple[dict[str, str], str]] = {
    # files, the name that work.yaml gets where shop is assumed
    "no kustomization": ({}, "web:80"),
    "one that names no namespace": ({"base/kustomization.yaml": BASE}, "web:80"),
    "the assumed one": ({"base/kustomization.yaml": f"namespace: shop\n{BASE}"}, "web:80"),
    "another": ({"base/kustomization.yaml": f"namespace: other\n{BASE}"}, FULL),
    "an overlay's": ({"base/kustomization.yaml": BASE, "prod/kustomization.yml": "namespace: other\nresources: [../base]\n"}, FULL),
    "the outermost counts": ({"base/kustomization.yaml": f"namespace: other\n{BASE}", "prod/kustomization.yaml": "namespace: shop\nresources: [../base]\n"}, "web:80"),
    "overlays that differ": ({"base/kustomization.yaml": BASE, "a/kustomization.yaml": "namespace: shop\nresources: [../base]\n", "b/kustomization.yaml": "namespace: other\nresources: [../base]\n"}, FULL),
    "overlays that agree": ({"base/kustomization.yaml": BASE, "a/kustomization.yaml": "namespace: shop\nresources: [../base]\n", "b/kustomization.yaml": "resources: [../base]\n"}, "web:80"),
    "one that takes in another file": ({"base/kustomization.yaml": "namespace: other\nresources: [else.yaml]\n"}, "web:80"),
    "two steps up": ({"base/kustomization.yaml": BASE, "mid/kustomization.yaml": "resources: [../base]\n", "top/kustomization.yaml": "namespace: other\nbases: [../mid]\n"}, FULL),
    "a component": ({"base/kustomization.yaml": f"kind: Component\n{BASE}", "prod/kustomization.yaml": "namespace: other\ncomponents: [../base]\n"}, FULL),
    "a patch": ({"base/kustomization.yaml": "namespace: other\npatches: [{path: work.yaml}]\n"}, FULL),
    "a ConfigMap's file": ({"base/kustomization.yaml": "namespace: other\nconfigMapGenerator: [{name: c, files: [x.yaml=work.yaml]}]\n"}, FULL),
    "a circle": ({"base/kustomization.yaml": f"namespace: other\n{BASE}", "a/kustomization.yaml": "resources: [../base, ../b]\n", "b/kustomization.yaml": "resources: [../a]\n"}, FULL),
    "one that does not parse": ({"base/kustomization.yaml": "namespace: [other\n"}, "web:80"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "new"), ROWS.values(), ids=ROWS)
def test_rows(files: dict[str, str], new: str, tmp_path: Path) -> None:
    assert planned(tmp_path, {"base/work.yaml": WORK, **files}) == [new]


def test_it_outranks_the_manifests_own(tmp_path: Path) -> None:
    files = {"base/work.yaml": SAYS, "base/kustomization.yaml": f"namespace: other\n{BASE}"}

    assert planned(tmp_path, files) == [FULL]


def test_what_stands_in_the_kustomization_itself(tmp_path: Path) -> None:
    text = f"configMapGenerator: [{{name: c, literals: ['U=http://{POD}:8080']}}]\n"

    assert planned(tmp_path, {"kustomization.yaml": f"namespace: shop\n{text}"}) == ["web:80"]
    assert planned(tmp_path, {"kustomization.yaml": f"namespace: other\n{text}"}) == [FULL]


def test_many_ways_are_bounded() -> None:
    files = {"0/kustomization.yaml": b"resources: [x.yaml]"}
    for level in range(1, 9):
        for copy in "abcdefgh":
            below = [f"../{level - 1}{one}" for one in ("abcdefgh" if level > 1 else "")] or [
                "../0"
            ]
            text = f"namespace: {copy}\nresources: {below}".replace("'", "")
            files[f"{level}{copy}/kustomization.yaml"] = text.encode()

    known = Kustomizations(read_kustomization(path, data) for path, data in files.items())

    assert len(known.ways("0/x.yaml")) == MOST_WAYS + 1
