"""The forges that tests speak to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.forge.bitbucket_stand_in import BitbucketStandIn
from tests.forge.build import folder, missing
from tests.forge.gitea_server import GiteaServer, gitea
from tests.forge.gitea_stand_in import GiteaStandIn
from tests.forge.github_stand_in import GitHubStandIn
from tests.forge.gitlab_stand_in import GitLabStandIn
from tests.forge.stand_in import serving

if TYPE_CHECKING:  # Their clients are an extra; the tests' modules ask for it.
    from tests.forge.worlds import (
        BitbucketWorld,
        GiteaLikeWorld,
        GiteaWorld,
        GitHubWorld,
        GitLabWorld,
        World,
    )


@pytest.fixture(scope="session")
def gitea_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GiteaServer]:
    if missing():
        pytest.skip(f"not in {folder()}: gitea; `python -m tests.forge.build` builds it")
    with gitea(tmp_path_factory.mktemp("gitea")) as server:
        yield server


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often at what a forge does in its own time."""
    from refactor.campaign.forge import pulls as choice

    monkeypatch.setattr(choice, "PAUSE", 0.02)


@pytest.fixture
def github() -> Iterator[GitHubWorld]:
    from tests.forge.worlds import GitHubWorld

    with serving(server := GitHubStandIn()):
        yield GitHubWorld(server)


@pytest.fixture
def gitlab() -> Iterator[GitLabWorld]:
    from tests.forge.worlds import GitLabWorld

    with serving(server := GitLabStandIn()):
        yield GitLabWorld(server)


@pytest.fixture
def bitbucket() -> Iterator[BitbucketWorld]:
    from tests.forge.worlds import BitbucketWorld

    with serving(server := BitbucketStandIn()):
        yield BitbucketWorld(server)


@pytest.fixture
def gitea_like() -> Iterator[GiteaLikeWorld]:
    from tests.forge.worlds import GiteaLikeWorld

    with serving(server := GiteaStandIn()):
        yield GiteaLikeWorld(server)


@pytest.fixture
def real(gitea_server: GiteaServer, tmp_path: Path) -> GiteaWorld:
    from tests.forge.worlds import GiteaWorld

    return GiteaWorld(gitea_server, tmp_path)


@pytest.fixture(
    params=["github", "gitlab", "gitea_like", "real"],
    ids=["GitHub", "GitLab", "like-Gitea", "Gitea"],
)
def world(request: pytest.FixtureRequest) -> World:
    """Each of the forges; tests that name some of them say `indirect`."""
    found: World = request.getfixturevalue(request.param)
    return found
