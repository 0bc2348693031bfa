"""Notebooks: code cells are read, and edited on request; all other bytes stay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from refactor.inventory import Inventory
from refactor.plan.edit import edit_file
from refactor.plan.job import PlanJob
from refactor.plan.proof.file import own_edits
from refactor.repository.environments import Environments
from refactor.scan.tree import scan_tree
from refactor.settings.types import Settings
from refactor.text.source import splice
from tests.forms import inventory
from tests.rows import rows_of, world

INCLUDED = Settings(namespace="shop", include=("*.ipynb",))


@pytest.fixture(scope="module")
def cluster() -> Inventory:
    return inventory()


def notebook(*cells: tuple[str, str]) -> str:
    made = [
        {
            "cell_type": kind,
            "metadata": {"note": "10.42.1.11:8080"},
            "outputs": [{"text": ["http://10.42.1.11:8080\n"]}],
            "source": source.splitlines(keepends=True),
        }
        for kind, source in cells
    ]
    return json.dumps({"cells": made, "nbformat": 4}, indent=1)


def planned(tmp_path: Path, cluster: Inventory, text: str, settings: Settings) -> str:
    (tmp_path / "a.ipynb").write_bytes(text.encode())
    for file in scan_tree(tmp_path, [tmp_path], settings, lambda _: cluster).files:
        job = PlanJob(tmp_path, (), settings, Environments(settings, {"": cluster}))
        edits = own_edits("a.ipynb", edit_file(world(job, file), file, rows_of(job, file)))
        return splice(text, [(*edit.span, edit.new) for edit in edits])
    return text


CHANGED = {
    "a call": ("c = connect('10.42.1.11', 8080)", "c = connect('orders', 80)"),
    "double quotes, escaped": ('u = "http://10.42.1.11:8080/"\n', 'u = "http://orders:80/"\n'),
    "host and port in two lines": (
        "HOST = '10.42.1.11'\nPORT = 8080\nconnect(HOST, PORT)\n",
        "HOST = 'orders'\nPORT = 80\nconnect(HOST, PORT)\n",
    ),
    "among magics": (
        "%pip install x\n!ls\nu = 'http://10.42.1.11:8080'\n",
        "%pip install x\n!ls\nu = 'http://orders:80'\n",
    ),
    "behind other letters": ("é = 'é', 'http://10.42.1.11:8080'", "é = 'é', 'http://orders:80'"),
}
KEPT = {
    "bound": "HOST = '10.42.1.11'\ns.bind((HOST, 8080))\n",
    "comment": "# http://10.42.1.11:8080\n",
    "compared": "ok = u == 'http://10.42.1.11:8080'\n",
    "docstring": '"""http://10.42.1.11:8080"""\n',
}


@pytest.mark.parametrize(("before", "after"), CHANGED.values(), ids=CHANGED)
def test_code_cells_change_on_request(
    tmp_path: Path, cluster: Inventory, before: str, after: str
) -> None:
    cells = ("markdown", "see http://10.42.1.11:8080"), ("raw", "http://10.42.1.11:8080")
    text = notebook(*cells, ("code", before))

    assert planned(tmp_path, cluster, text, Settings(namespace="shop")) == text
    assert planned(tmp_path, cluster, text, INCLUDED) == notebook(*cells, ("code", after))


@pytest.mark.parametrize("source", KEPT.values(), ids=KEPT)
def test_what_stays_in_a_module_stays_in_a_cell(
    tmp_path: Path, cluster: Inventory, source: str
) -> None:
    text = notebook(("code", source))

    assert planned(tmp_path, cluster, text, INCLUDED) == text


@pytest.mark.parametrize("text", ["", "{", '{"cells": [', '{"cells": "10.42.1.11:8080"}', "]]}}"])
def test_broken_notebooks_stay(tmp_path: Path, cluster: Inventory, text: str) -> None:
    assert planned(tmp_path, cluster, text, INCLUDED) == text


def test_a_notebook_is_reported(tmp_path: Path, cluster: Inventory) -> None:
    (tmp_path / "a.ipynb").write_text(notebook(("code", "u = 'http://10.42.1.11:8080'")))
    (file,) = scan_tree(tmp_path, [tmp_path], Settings(), lambda _: cluster).files
    (finding,) = file.findings

    assert (finding.kept, finding.host, finding.port) == ("read-only-source", "10.42.1.11", 8080)
