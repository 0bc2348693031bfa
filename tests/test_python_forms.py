"""Programs as real projects write them, in Python and in others: docs/semantics.md, 1 to 6."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from refactor.inventory import Inventory, load
from refactor.model import Plan
from refactor.plan.driver import make_plan
from refactor.plan.job import PlanJob
from refactor.repository.environments import Environments
from refactor.settings.types import Settings
from refactor.text.source import splice
from tests.language_forms import FORMS as OTHERS
from tests.language_forms_public import FORMS as MORE_OTHERS
from tests.python_forms import FORMS as OWN
from tests.python_forms_public import FORMS as PUBLIC
from tests.shop import ITEMS, ORDERS, pod

FORMS = OWN | PUBLIC
LANGUAGES = OTHERS | MORE_OTHERS
ADDRESSES = {"pod": ("10.42.1.11", "8080"), "cluster": ("10.43.0.10", "80")}
SETTINGS = Settings(namespace="shop")
OF_PODS = {
    "several: two constants for ports",
    "done: own port, dialled host",
    "ports: open port, own port",
}
"""By a cluster IP the host alone may change: its ports are the Service's own."""
UNPARSABLE = ["python 2", "python 2 url", "typo", "cookiecutter", "merge conflict", "tabs"]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Inventory:
    """The small cluster, with a second replica of orders."""
    other = pod(
        "orders-7f9c6d5b8-fghij", "10.42.1.12", ORDERS, 8080, ("ReplicaSet", "orders-7f9c6d5b8")
    )
    path = tmp_path_factory.mktemp("cluster") / "cluster.json"
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": [*ITEMS, other]}))
    return load([path], stdin=lambda: b"")


def files_of(name: str, ip: str, port: str) -> dict[str, str]:
    _, text, *rest = FORMS[name] if name in FORMS else LANGUAGES[name]
    first, *more = text.replace("<ip>", ip).replace("<port>", port).split("### ")
    return {(rest or ["app.py"])[0]: first, **dict(part.split("\n", 1) for part in more)}


def planned(
    root: Path,
    cluster: Inventory,
    files: dict[str, str],
    *,
    unproven: bool = False,
    include: tuple[str, ...] = (),
) -> tuple[dict[str, str], Plan]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    settings = replace(SETTINGS, include=include)
    job = PlanJob(root, (root,), settings, Environments(settings, {"": cluster}), unproven=unproven)
    plan = make_plan(job)
    changed = {
        change.path: splice(files[change.path], [(*edit.span, edit.new) for edit in change.edits])
        for change in plan.changes
    }
    return files | changed, plan


@pytest.mark.parametrize("kind", ADDRESSES)
@pytest.mark.parametrize("name", [name for name, row in FORMS.items() if row[0] != "once"])
def test_form(tmp_path: Path, cluster: Inventory, name: str, kind: str) -> None:
    if kind == "cluster" and name in OF_PODS:
        return
    before = files_of(name, *ADDRESSES[kind])
    wanted = files_of(name, "orders", "80") if FORMS[name][0] == "edits" else before
    wanted = {path: text.replace("ipv4:orders", "dns:///orders") for path, text in wanted.items()}

    assert planned(tmp_path, cluster, before)[0] == wanted


@pytest.mark.parametrize("kind", ADDRESSES)
@pytest.mark.parametrize("name", LANGUAGES)
def test_other_languages(tmp_path: Path, cluster: Inventory, name: str, kind: str) -> None:
    before = files_of(name, *ADDRESSES[kind])
    wanted = files_of(name, "orders", "80") if LANGUAGES[name][0] == "edits" else before

    assert planned(tmp_path, cluster, before)[0] == before
    assert planned(tmp_path, cluster, before, include=("*.*",))[0] == wanted


@pytest.mark.parametrize("name", [name for name, row in FORMS.items() if row[0] == "once"])
def test_no_list_names_a_service_twice(tmp_path: Path, cluster: Inventory, name: str) -> None:
    after, plan = planned(tmp_path, cluster, files_of(name, "", ""))

    assert "".join(after.values()).count("orders") <= 1
    assert {outcome.reason for outcome in plan.outcomes} == {"identity"}


@pytest.mark.parametrize("name", UNPARSABLE)
def test_what_does_not_parse_is_edited_unproven_alone(
    tmp_path: Path, cluster: Inventory, name: str
) -> None:
    before = files_of(f"parse: {name}", *ADDRESSES["pod"])
    after, plan = planned(tmp_path, cluster, before, unproven=True)

    assert after == files_of(f"parse: {name}", "orders", "80")
    assert ("syntax", "unasked") in {(check.name, check.state) for check in plan.checks}
    assert "unparsable" in {note.reason for note in plan.notes}


def test_a_third_must_not_change() -> None:
    for forms in (OWN, PUBLIC, LANGUAGES):
        assert sum(row[0] == "keeps" for row in forms.values()) * 3 >= len(forms)
    assert len(FORMS) == len(OWN) + len(PUBLIC) > 500
