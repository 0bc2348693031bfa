"""Rows of a user's own, in the settings: they outrank the program's, and go through a whole plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.model import Outcome
from refactor.plan import PlanJob, make_plan
from refactor.repository.environments import Environments
from refactor.settings.load import load
from tests.forms import inventory

ROOT = Path(__file__).parent.parent
HOST = "10.42.1.11:8080"
SENSOR = f"kind: Sensor\nspec: {{a: {{collector: '{HOST}'}}}}\n"

FILES = {
    # name: text, the row that keeps its address, "" where it is changed
    "sensor.yaml": (f"apiVersion: acme.example/v1\n{SENSOR}", "sensor-node"),
    "other.yaml": (f"apiVersion: other.example/v1\n{SENSOR}", ""),
    "order.yaml": (
        f"apiVersion: acme.example/v1\nkind: Sensor\ncollector: {{spec: '{HOST}'}}\n",
        "",
    ),
    "hub.py": (f"hub.open(at='{HOST}')\n", "hub-listen"),
    "hub_peer.py": (f"hub.open(peer='{HOST}')\n", ""),
    "my_hub.py": (f"acme.hub.open(at='{HOST}')\n", "hub-listen"),
    "hubs.py": (f"github.open(at='{HOST}')\n", ""),
    "gate.conf": (f"admit {HOST} {HOST}\n", "gatekeeper-peers"),
    "dial.conf": (f"connect {HOST} {HOST}\n", ""),
    "shop.env": (f"ADVERTISED_CATALOGUE_URL=http://{HOST}\n", ""),
    "kafka.env": (f"ADVERTISED_URL=http://{HOST}\n", "listen-word"),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """The settings are those that the page shows."""
    root = tmp_path_factory.mktemp("places")
    page = (ROOT / "docs" / "how-to" / "places.md").read_text("utf-8")
    shown = page.partition('```yaml title=".refactor.yaml"\n')[2].partition("```")[0]
    (root / ".refactor.yaml").write_text(shown)
    for name, (text, _) in FILES.items():
        (root / name).write_text(text)
    settings = load(root)
    plan = make_plan(PlanJob(root, (root,), settings, Environments(settings, {"": inventory()})))
    return {outcome.finding.file: outcome for outcome in plan.outcomes}


@pytest.mark.parametrize("name", FILES)
def test_a_row_of_the_user_decides(outcomes: dict[str, Outcome], name: str) -> None:
    outcome = outcomes[name]

    assert outcome.finding.rule == FILES[name][1]
    assert bool(outcome.new) == (FILES[name][1] == "")
