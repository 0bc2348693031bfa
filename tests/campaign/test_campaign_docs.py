"""What the how-to shows is what there is."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from refactor.campaign import spec
from refactor.campaign.load import load
from refactor.campaign.template import SAMPLE
from tests.campaign.conftest import ROOT
from tests.campaign.farm import ENV, git

TEXT = (ROOT / "docs" / "how-to" / "campaigns.md").read_text("utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)


def test_the_campaign_file_is_one(tmp_path: Path) -> None:
    (tmp_path / "services.yaml").write_text(BLOCKS[0])
    (tmp_path / "prod.json").write_text("{}")

    assert load(tmp_path / "services.yaml").campaign.limits.minutes == 10


def test_the_one_of_the_readme_too(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text("utf-8").partition("## Many repositories")[2]
    (tmp_path / "services.yaml").write_text(re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)[0])
    (tmp_path / "cluster.json").write_text("{}")

    assert load(tmp_path / "services.yaml").campaign.forge.kind == "github"


STRUCTS = [
    spec.Campaign,
    spec.Repositories,
    spec.Group,
    spec.ForgeSpec,
    spec.Home,
    spec.Commit,
    spec.Signing,
    spec.PullRequestSpec,
    spec.Limits,
]


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda s: s.__name__)
def test_every_key_is_shown(struct: type) -> None:
    assert [
        key for key in struct.__struct_encode_fields__ if not re.search(rf"\b{key}:", BLOCKS[0])
    ] == []  # type: ignore[attr-defined]


def test_every_name_of_a_template_is_told() -> None:
    assert [name for name in SAMPLE if f"`{name}`" not in TEXT] == []


@pytest.mark.parametrize(("block", "kind"), [(2, "CronJob"), (3, "DaskCluster")])
def test_manifests_are_yaml(block: int, kind: str) -> None:
    assert YAML(typ="safe").load(BLOCKS[block])["kind"] == kind


def test_the_action_keeps_its_state_from_one_run_to_the_next(tmp_path: Path) -> None:
    steps = YAML(typ="safe").load(BLOCKS[1])["jobs"]["run"]["steps"]
    take, keep = (
        next(step["run"] for step in steps if word in step.get("name", ""))
        for word in ("Take the state", "Keep the state")
    )
    for name in ("refactor", "sqlite3"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    git("init", "-q", "--bare", "origin.git", at=tmp_path)
    git("clone", "-q", "origin.git", "checkout", at=tmp_path)
    checkout = tmp_path / "checkout"
    env = {
        **ENV,
        "PATH": f"{tmp_path}:{ENV['PATH']}",
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
    }

    def run(script: str) -> None:
        subprocess.run(["bash", "-eo", "pipefail", "-c", script], cwd=checkout, env=env, check=True)

    state = checkout / "services.state.db"
    run(take)
    assert not state.exists()
    for content in (b"\0one\n", b"two"):
        state.write_bytes(content)
        run(keep)
        state.unlink()
        run(take)
        assert state.read_bytes() == content


def test_the_cron_job_is_one() -> None:
    from kubernetes_validate import validate

    validate(YAML(typ="safe").load(BLOCKS[2]), "1.31", strict=True)
