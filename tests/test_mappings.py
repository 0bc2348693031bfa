"""docs/semantics.md, section 3, first row, through to the proof: the settings' word counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.inventory import Mapping
from refactor.plan import PlanJob, make_plan
from refactor.repository.environments import Environments
from refactor.settings.types import Settings
from tests.clusters import cluster, deployed, port, service

BATCH, ORDERS, FREE = "10.42.0.1", "10.42.0.2", "10.9.9.9"
OBJECTS = [
    deployed("batch", BATCH, 8080),
    deployed("orders", ORDERS, port(8080, "http")),
    service("orders", "10.43.0.1", {"app": "orders"}, (80, "http")),
]

ROWS = {
    # address, mapping: what becomes of it, words of the warning or of the reason
    "a pod of another workload": (f"{BATCH}:8080", Mapping(BATCH, "shop/orders", 80), "orders:80", "is pod shop/batch-7f9c-abcde, which Service shop/orders does not select"),
    "its own pod": (f"{ORDERS}:8080", Mapping(ORDERS, "shop/orders"), "orders:80", ""),
    "what nobody has": (f"{FREE}:8080", Mapping(f"{FREE}:8080", "shop/orders", 80), "orders:80", ""),
    "a pod of another workload, on a port of the Service": (f"{BATCH}:80", Mapping(BATCH, "shop/orders"), "orders:80", "settings' mapping is believed"),
    "a port that the Service lacks": (f"{FREE}:8080", Mapping(FREE, "shop/orders", 81), "unproven", "Service shop/orders has no port 81"),
    "a Service that is not there": (f"{FREE}:8080", Mapping(FREE, "shop/gone", 80), "unproven", "shop/gone is not in the inventory"),
    "another port": (f"{FREE}:8081", Mapping(f"{FREE}:8080", "shop/orders", 80), "unknown-address", ""),
}  # fmt: skip


@pytest.mark.parametrize(("address", "mapping", "new", "told"), ROWS.values(), ids=ROWS)
def test_rows(address: str, mapping: Mapping, new: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(f"url: http://{address}/\n")
    settings = Settings(namespace="shop")
    inventory = cluster(*OBJECTS, mappings=[mapping])

    plan = make_plan(
        PlanJob(tmp_path, [tmp_path], settings, Environments(settings, {"": inventory}))
    )

    (outcome,) = plan.outcomes
    assert (outcome.new or outcome.reason) == new
    said = " ".join((*outcome.warnings, outcome.why))
    assert told in said
    assert bool(outcome.warnings) == (bool(told) and outcome.edited)
