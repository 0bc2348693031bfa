"""A run that dies before any one of its steps: the next one brings it all to the same end."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from refactor.campaign import branches as our_branches
from refactor.campaign.state import States
from tests.campaign.disk_forge import DiskForge
from tests.campaign.farm import branches, commit, git
from tests.campaign.scene import NEW, OLD, Scene

BRANCH = "refactor/services"
WHERE = "config/values.yaml"
STEPS: list[tuple[Any, str]] = [
    *((States, name) for name in ("select", "note", "keep", "move")),
    *((DiskForge, name) for name in ("create", "update", "close", "fork")),
    (our_branches.commit, "push"),
]
"""All that a run does to the world; what it reads and computes is lost with it anyway."""


class Story(NamedTuple):
    """What has happened before, and the command that dies.

    Attributes:
        before: makes it happen.
        command: of the campaign.
        fork: what the campaign file says of forks.
    """

    before: Callable[[Scene], object]
    command: str = "run"
    fork: str = ""


def ran(scene: Scene) -> None:
    scene.do()


def moved(scene: Scene) -> None:
    scene.do()
    commit(scene.remote(), {WHERE: b"# moved\n" + OLD})


def needless(scene: Scene) -> None:
    scene.do()
    commit(scene.remote(), {WHERE: NEW})


STORIES = {
    "opened": Story(lambda _: None),
    "updated": Story(moved),
    "withdrawn": Story(needless),
    "closed": Story(ran, "close"),
    "forked": Story(lambda _: None, fork="always"),
}


class Deaths:
    """Ends a run before one of its steps."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.left = 0
        for owner, name in STEPS:
            patch.setattr(owner, name, self._counted(getattr(owner, name)))

    def _counted(self, step: Callable[..., object]) -> Callable[..., object]:
        def counted(*words: object, **named: object) -> object:
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt
            return step(*words, **named)

        return counted


@pytest.fixture(params=STORIES)
def story(request: pytest.FixtureRequest) -> Story:
    return STORIES[request.param]


@pytest.fixture
def told(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Scene]:
    """Tell what has happened before, each time anew, at the same place."""
    monkeypatch.setenv("T", "token")
    kept, root = tmp_path / "kept", tmp_path / "root"
    made = Scene(root)
    monkeypatch.setattr("refactor.campaign.start.connect", lambda *_: DiskForge(root))
    made.add("shop/web")
    made.write(fork=story.fork)
    story.before(made)
    made.forge.db.close()
    shutil.copytree(root, kept)

    def again() -> Scene:
        shutil.rmtree(root)
        shutil.copytree(kept, root)
        return Scene(root)

    return again


def end(scene: Scene) -> dict[str, object]:
    """Everything that the world shows of a campaign that has come to its end."""
    [row] = scene.rows()
    remotes = [path for path in (scene.remote(), scene.remote("bot/shop-web")) if path.exists()]
    pulls = [(p["state"], p["fork"], p["draft"], p["reviewers"]) for p in scene.forge.pulls()]
    return {
        "state": (row.state, row.number, row.branch),
        "pulls": pulls,
        "branches": [branches(path) for path in remotes],
        "trees": [
            git("for-each-ref", "--format=%(refname) %(tree) %(parent)", "refs/heads", at=path)
            for path in remotes
        ],
    }


def until_alive(story: Story, told: Callable[[], Scene], deaths: Deaths) -> Iterator[Scene]:
    """Yield what there is after a death before each step, and the run after it."""
    for step in range(1, 100):
        scene = told()
        deaths.left = step
        try:
            scene.do(story.command)
        except KeyboardInterrupt:
            deaths.left = 0
            scene.do(story.command)
            yield scene
        else:
            return


def test_every_step_may_be_the_last(
    story: Story, told: Callable[[], Scene], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = told()
    whole.do(story.command)
    wanted = end(whole)

    found = [end(scene) for scene in until_alive(story, told, Deaths(monkeypatch))]

    assert len(found) > 3
    assert [(step, each) for step, each in enumerate(found, 1) if each != wanted] == []
