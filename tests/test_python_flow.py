"""A value carried through a Python program: where it ends decides whether its literal may change.

Every carrier (how a host and its port get there) meets every sink (what is done with them). The
host stands as `<ip>`, its port as `<port>`; by a pod's IP the port becomes the Service's, by a cluster IP
it stays. docs/semantics.md, sections 1 and 2.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from refactor.inventory import Inventory
from refactor.plan.edit import edit_file
from refactor.plan.job import PlanJob
from refactor.plan.proof.file import own_edits
from refactor.repository.environments import Environments
from refactor.scan.file import scan_source
from refactor.scan.tree import ScannedFile
from refactor.settings.types import Settings
from refactor.text.source import Source, splice
from tests.forms import inventory
from tests.python_carriers import CARRIERS, OTHERS, SINKS
from tests.rows import rows_of, world

ADDRESSES = {"pod": ("10.42.1.11", "8080"), "cluster": ("10.43.0.10", "80")}
SETTINGS = Settings(namespace="shop")
ROWS = [
    pytest.param(setup, host, port, sink, expected, id=f"{carrier} - {name}")
    for carrier, (setup, host, port) in CARRIERS.items()
    for name, (expected, sink) in SINKS.items()
]


@pytest.fixture(scope="module")
def cluster() -> Inventory:
    return inventory()


def planned(cluster: Inventory, text: str) -> str:
    source = Source("app.py", text.encode())
    scan = scan_source(source, "python", cluster)
    job = PlanJob(Path(), (), SETTINGS, Environments(SETTINGS, {"": cluster}))
    file = ScannedFile(source, "python", scan.findings)
    edits = own_edits("app.py", edit_file(world(job, file), file, rows_of(job, file)))
    return splice(source.text, [(*edit.span, edit.new) for edit in edits])


def after(text: str, address: tuple[str, str], expected: str) -> tuple[str, str]:
    """Return a form with an address in it, and what a plan makes of it."""
    before = text.replace("<ip>", address[0]).replace("<port>", address[1])
    if expected == "keeps":
        return before, before
    return before, text.replace("<ip>", "orders").replace("<port>", "80")


@pytest.mark.parametrize("kind", ADDRESSES)
@pytest.mark.parametrize(("setup", "host", "port", "sink", "expected"), ROWS)
def test_flow(
    cluster: Inventory, kind: str, setup: str, host: str, port: str, sink: str, expected: str
) -> None:
    used = re.sub(r"\bH\b", host, re.sub(r"\bP\b", port, sink))
    indent = " " * (setup.index("USE") - setup.rindex("\n", 0, setup.index("USE")) - 1)
    text = setup.replace("USE", re.sub(r"\n *", f"\n{indent}", used))
    before, wanted = after(text, ADDRESSES[kind], expected)
    ast.parse(before)

    assert planned(cluster, before) == wanted


@pytest.mark.parametrize("kind", ADDRESSES)
@pytest.mark.parametrize(("expected", "text"), OTHERS.values(), ids=OTHERS)
def test_others(cluster: Inventory, kind: str, expected: str, text: str) -> None:
    before, wanted = after(text, ADDRESSES[kind], expected)

    assert planned(cluster, before) == wanted


def test_a_third_must_not_change() -> None:
    kept = sum(expected == "keeps" for expected, _ in SINKS.values())

    assert len(ROWS) + len(OTHERS) >= 500
    assert kept * 3 >= len(SINKS)
