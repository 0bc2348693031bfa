"""The ClusterRole grants exactly what is listed, and the documents name the same options."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML

from refactor.inventory import Snapshot
from refactor.inventory.kinds import KINDS

ROOT = Path(__file__).parent.parent
ROLE = ROOT / "samples/cluster-role/clusterrole.yaml"


def test_the_role_covers_the_kinds_and_no_more() -> None:
    rules = YAML(typ="safe").load(ROLE.read_text("utf-8"))["rules"]

    granted = {
        (group, resource, verb)
        for rule in rules
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
    assert granted == {(kind.group, kind.resource, "list") for kind in KINDS}


def test_the_how_to_shows_the_role() -> None:
    text = (ROOT / "docs/how-to/live-cluster.md").read_text("utf-8")

    assert "samples/cluster-role/clusterrole.yaml" in text


def test_a_snapshot_without_a_time_says_so() -> None:
    assert Snapshot().taken == "at an unknown time"
