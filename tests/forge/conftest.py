"""The forges that tests speak to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forge.build import folder, missing

for module in ("requests", "github", "gitlab"):
    pytest.importorskip(module)

from refactor.campaign.forge import choice
from tests.forge.gitea_server import GiteaServer, gitea
from tests.forge.github_stand_in import GitHubStandIn
from tests.forge.gitlab_stand_in import GitLabStandIn
from tests.forge.stand_in import serving
from tests.forge.worlds import GiteaWorld, GitHubWorld, GitLabWorld, World


@pytest.fixture(scope="session")
def gitea_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GiteaServer]:
    if missing():
        pytest.skip(f"not in {folder()}: gitea; `python -m tests.forge.build` builds it")
    with gitea(tmp_path_factory.mktemp("gitea")) as server:
        yield server


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubWorld]:
    monkeypatch.setattr(choice, "PAUSE", 0.01)
    server = GitHubStandIn()
    with serving(server):
        yield GitHubWorld(server)


@pytest.fixture
def gitlab(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitLabWorld]:
    monkeypatch.setattr(choice, "PAUSE", 0.01)
    server = GitLabStandIn()
    with serving(server):
        yield GitLabWorld(server)


@pytest.fixture
def real(gitea_server: GiteaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GiteaWorld:
    monkeypatch.setattr(choice, "PAUSE", 0.1)
    return GiteaWorld(gitea_server, tmp_path)


@pytest.fixture(params=["github", "gitlab", "real"], ids=["GitHub", "GitLab", "Gitea"])
def world(request: pytest.FixtureRequest) -> World:
    """Each of the forges; tests that name some of them say `indirect`."""
    found: World = request.getfixturevalue(request.param)
    return found
