"""Run again, after a death, an outage, or a slip: nothing lost, nothing doubled, nothing taken over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from refactor.campaign.values import Result, Task
from refactor.campaign.work import plan_repository
from refactor.errors import RefactorError
from tests.campaign.farm import branches, commit, git
from tests.campaign.scene import NEW, OLD, Scene

BRANCH = "refactor/services"
WHERE = "config/values.yaml"
Killed = Callable[..., None]


@pytest.fixture
def killed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Killed:
    """Do a command that ends the moment it asks the forge for something."""

    def run(method: str, first: Callable[[], Any] = lambda: None, **options: Any) -> None:
        def dies(*_: object, **__: object) -> None:
            first()
            raise KeyboardInterrupt

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(scene.forge, method, dies)
            scene.do(**options)

    return run


def base(scene: Scene, content: bytes) -> None:
    commit(scene.remote(), {WHERE: content})


def states(scene: Scene, name: str = "shop/web") -> list[str]:
    return [pull["state"] for pull in scene.forge.pulls(name)]


def test_what_we_have_closed_ourselves_may_be_followed(web: Scene) -> None:
    base(web, NEW)
    assert web.do() == {"shop/web": "nothing to do"}
    assert web.do() == {"shop/web": "nothing to do"}
    base(web, b"# again\n" + OLD)

    assert web.do() == {"shop/web": "open"}
    assert states(web) == ["closed", "open"]


def test_a_forge_closes_what_has_lost_its_branch_and_that_is_no_human(
    web: Scene, killed: Killed
) -> None:
    base(web, NEW)
    killed("close", lambda: web.forge.by_hand(1, "closed"))

    assert web.do() == {"shop/web": "nothing to do"}
    base(web, b"# again\n" + OLD)
    assert web.do() == {"shop/web": "open"}
    assert states(web) == ["closed", "open"]


def test_closed_after_all_of_it_is_still_a_human(web: Scene) -> None:
    base(web, NEW)
    web.do()
    base(web, b"# again\n" + OLD)
    web.do()
    web.forge.by_hand(2, "closed")

    assert web.do() == {"shop/web": "closed"}
    assert states(web) == ["closed", "closed"]


@pytest.mark.parametrize("state", ["closed", "merged"])
def test_begun_anew_goes_on_where_the_retry_ended(web: Scene, killed: Killed, state: str) -> None:
    web.forge.by_hand(1, state)
    web.do()
    base(web, b"# again\n" + OLD)
    killed("find", command="retry", again=True, reopen=["shop/web"])

    assert web.do() == {"shop/web": "open"}
    assert states(web) == [state, "open"]


def test_begun_anew_and_closed_again_is_closed(web: Scene) -> None:
    assert web.do("retry", again=True, reopen=["shop/*"]) == {"shop/web": "open"}
    web.forge.by_hand(1, "closed")

    assert web.do() == {"shop/web": "closed"}
    assert states(web) == ["closed"]


def test_begun_anew_with_nothing_left_opens_nothing(web: Scene) -> None:
    web.forge.by_hand(1, "merged")
    web.do()

    assert web.do("retry", again=True, reopen=["shop/*"]) == {"shop/web": "nothing to do"}
    assert states(web) == ["merged"]


def test_another_template_leaves_the_branch_that_is_there(web: Scene) -> None:
    web.write("branch: 'other/{{ edited }}-{{ found }}'\n")
    base(web, b"# moved\n" + OLD)

    assert web.do() == {"shop/web": "open"}
    assert branches(web.remote()) == ["main", BRANCH]
    assert states(web) == ["open"]


@pytest.mark.parametrize("kind", ["gitea", "git"])
def test_a_branch_without_a_pull_request_goes_with_its_reason(
    scene: Scene, killed: Killed, kind: str
) -> None:
    scene.add("shop/web")
    scene.write(kind=kind)
    if kind == "gitea":
        killed("create")
    else:
        scene.do()
    assert branches(scene.remote()) == ["main", BRANCH]
    base(scene, NEW)

    assert scene.do() == {"shop/web": "nothing to do"}
    assert branches(scene.remote()) == ["main"]


def test_a_branch_that_others_have_taken_up_stays(scene: Scene, killed: Killed) -> None:
    scene.add("shop/web")
    scene.write()
    killed("create")
    theirs = commit(scene.remote(), {"more": b"1"}, BRANCH)
    base(scene, NEW)

    assert scene.do() == {"shop/web": "modified by others"}
    assert git("rev-parse", BRANCH, at=scene.remote()) == theirs


@pytest.mark.parametrize(("state", "expected"), [("closed", "closed"), ("open", "open")])
def test_a_fork_is_known_again_without_the_state(scene: Scene, state: str, expected: str) -> None:
    scene.add("shop/web")
    scene.write(fork="always")
    scene.do()
    scene.forge.by_hand(1, state)
    before = git("rev-parse", BRANCH, at=scene.remote("bot/shop-web"))
    base(scene, b"# moved\n" + OLD)
    for file in scene.root.glob("services.state.db*"):
        file.unlink()

    assert scene.do() == {"shop/web": expected}
    assert states(scene) == [expected]
    after = git("rev-parse", BRANCH, at=scene.remote("bot/shop-web"))
    assert (after == before) is (state == "closed")


def test_a_fork_that_stays_behind_is_updated(scene: Scene) -> None:
    scene.add("shop/web")
    scene.write(fork="always")
    scene.do()
    for line in (b"# one\n", b"# two\n"):
        base(scene, line + OLD)
        # Looked at in the fork first: whose the branch is has to be asked.
        for file in scene.root.glob("services.state.db*"):
            file.unlink()

        assert scene.do() == {"shop/web": "open"}
    told = git("show", f"{BRANCH}:{WHERE}", at=scene.remote("bot/shop-web"))
    assert told == "# two\n" + NEW.decode().strip()


def test_an_empty_repository_is_nothing_to_do(scene: Scene) -> None:
    remote = scene.root / "shop" / "empty.git"
    git("init", "-q", "--bare", str(remote), at=scene.root)
    scene.write()

    for _ in range(2):
        assert scene.do() == {"shop/empty": "nothing to do"}
    assert scene.note("shop/empty") == ("is empty: it has no commit yet",)
    commit(remote, {WHERE: OLD}, git("symbolic-ref", "--short", "HEAD", at=remote))
    assert scene.do() == {"shop/empty": "open"}


def test_a_forge_that_is_silent_is_not_asked_for_all(scene: Scene) -> None:
    for name in "abcde":
        scene.add(f"shop/{name}")
    scene.write()
    scene.forge.fail("find", times=3, status=0, message="no connection", wait=3600.0)

    assert list(scene.do().values()) == ["failed"] * 3 + ["planned"] * 2
    assert [event["reason"] for event in scene.told("parked")] == ["no connection"]
    # It is no limit: the next run asks for those that are not parked.
    assert list(scene.do().values()) == ["failed"] * 3 + ["open"] * 2


def test_one_repository_that_the_forge_cannot_serve_stops_nobody(scene: Scene) -> None:
    for name in "abcde":
        scene.add(f"shop/{name}")
    scene.write()
    scene.forge.fail("find", status=500, message="oops", wait=3600.0)
    scene.forge.fail("find", status=404, message="gone")
    scene.forge.fail("find", status=500, message="oops", wait=3600.0)

    assert list(scene.do().values()) == ["failed"] * 3 + ["open"] * 2


def test_a_limit_holds_for_the_runs_that_come_too_soon(scene: Scene) -> None:
    for name in ("shop/a", "shop/b"):
        scene.add(name)
    scene.write()
    scene.forge.fail("find", status=403, wait=3600.0, limited=True, message="rate limit")
    scene.do()
    asked = len(scene.forge.asked("find"))

    assert scene.do() == {"shop/a": "failed", "shop/b": "planned"}
    assert len(scene.forge.asked("find")) == asked
    [parked] = scene.told("parked")
    assert (parked["reason"], 3590 < parked["seconds"] <= 3600) == ("rate limit", True)
    assert scene.do("retry", again=True)["shop/a"] == "open"
    assert scene.do() == {"shop/a": "open", "shop/b": "open"}


def test_reviewers_are_asked_though_the_answer_was_lost(scene: Scene) -> None:
    scene.add("shop/web")
    scene.write("pull-request: {reviewers: [ann]}\n")
    scene.forge.fail("created", status=502, wait=0.0)
    scene.forge.db.execute(
        "CREATE TRIGGER lost AFTER INSERT ON pulls BEGIN UPDATE pulls SET reviewers = '[]'; END"
    )

    assert scene.do() == {"shop/web": "open"}
    assert [pull["reviewers"] for pull in scene.forge.pulls()] == ['["ann"]']


def test_what_the_forge_did_not_take_is_told(web: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    create, update = web.forge.create, web.forge.update
    refused = ("reviewer ann: no user of that name", "labels: no right")
    monkeypatch.setattr(web.forge, "create", lambda *a: create(*a)._replace(notes=refused))
    monkeypatch.setattr(
        web.forge, "update", lambda *a, **n: update(*a, **n)._replace(notes=refused[1:])
    )
    web.add("shop/api")
    web.write()

    for _ in range(2):
        web.do()
        assert web.row("shop/api").reason == "reviewer ann: no user of that name; labels: no right"
        assert web.row("shop/web").reason == "labels: no right"


@pytest.mark.parametrize(("said", "by_hand"), [("true", "ready"), ("false", "draft")])
def test_a_draft_is_as_a_human_left_it(scene: Scene, said: str, by_hand: str) -> None:
    scene.add("shop/web")
    scene.write(f"pull-request: {{draft: {said}}}\n")
    scene.do()
    assert [bool(pull["draft"]) for pull in scene.forge.pulls()] == [said == "true"]
    scene.forge.by_hand(1, by_hand)
    base(scene, b"# moved\n" + OLD)

    for _ in range(2):
        scene.do()
        assert [bool(pull["draft"]) for pull in scene.forge.pulls()] == [by_hand == "draft"]


def test_one_that_has_failed_since_still_counts_as_open(scene: Scene) -> None:
    scene.add("shop/a")
    scene.write(limits="per-hour: 0, open: 1")
    scene.do()
    scene.add("shop/b")
    scene.write(limits="per-hour: 0, open: 1")
    scene.forge.fail("update", status=422, message="no")

    assert scene.do() == {"shop/a": "open", "shop/b": "planned"}
    assert scene.row("shop/a").failure == "no"
    assert scene.row("shop/b").reason == "waits: 1 pull request is open"


def test_close_takes_up_what_has_failed(web: Scene) -> None:
    web.forge.fail("find", status=422, message="no")
    assert web.do("close") == {"shop/web": "open"}
    assert web.row().failure == "no"

    assert web.do("close") == {"shop/web": "closed"}
    assert (states(web), branches(web.remote())) == (["closed"], ["main"])


@pytest.mark.parametrize("command", ["plan", "run", "close", "retry"])
def test_a_pattern_that_matches_nothing_is_a_slip(web: Scene, command: str) -> None:
    with pytest.raises(RefactorError) as raised:
        web.do(command, only=["shop/*", "shop/wbe"])

    assert str(raised.value) == (
        "--only: `shop/wbe` matches no repository of the campaign; did you mean `shop/web`?"
    )


def test_a_name_that_matches_nothing_is_a_slip(web: Scene) -> None:
    with pytest.raises(RefactorError, match="NAMES: `x/y` matches no repository"):
        web.do("retry", reopen=["x/y"])
    assert web.history() == ["planned", "pushed", "open"]


def test_a_home_that_matches_nothing_is_told(web: Scene) -> None:
    text = web.file.read_text()
    web.file.write_text(text.replace("homes: [{", "homes: [{repositories: ['x/*', 'shop/*'], "))

    assert web.do() == {"shop/web": "open"}
    assert [event["pattern"] for event in web.told("unmatched")] == ["x/*"]


def test_the_state_and_the_clones_are_for_nobody_else(web: Scene) -> None:
    private = [*web.root.glob("services.state.db*"), *(web.root / "cache").iterdir()]

    assert {path.name: path.stat().st_mode & 0o077 for path in private} == {
        path.name: 0 for path in private
    }


def test_a_clone_that_git_cannot_use_is_made_anew(web: Scene) -> None:
    git("update-ref", "-d", f"refs/heads/{BRANCH}", at=web.remote())
    for file in (web.root / "cache").glob("*/*.git/objects/*/*"):
        file.chmod(0o644)
        file.write_bytes(b"broken")

    assert web.do() == {"shop/web": "open"}
    assert web.row().failure.startswith("git ")
    assert web.do() == {"shop/web": "open"}
    assert branches(web.remote()) == ["main", BRANCH]


def test_a_refused_token_stops_the_run_and_leaves_the_states(scene: Scene) -> None:
    for name in ("a", "b", "c"):
        scene.add(f"shop/{name}")
    scene.write()
    scene.do()
    scene.forge.fail("find", status=401, message="Bad credentials")

    with pytest.raises(RefactorError, match="access is refused: Bad credentials") as caught:
        scene.do()

    assert "put one that is valid into T" in str(caught.value.remedy)
    assert [(r.state, r.failure) for r in scene.rows()] == [("open", "")] * 3
    assert scene.do() == dict.fromkeys(("shop/a", "shop/b", "shop/c"), "open")


def test_a_password_that_git_is_refused_for_all_stops_the_run(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abcde":
        scene.add(f"shop/{name}")
    scene.write()
    scene.do()
    asked: list[str] = []

    def refused(task: Task, root: Path) -> Result:
        asked.append(task.repository.name)
        return Result(task.repository.name, failed="git ls-remote: 401", refused=True)

    with monkeypatch.context() as patch, pytest.raises(RefactorError, match="access is refused"):
        patch.setattr("tests.campaign.scene.plan_repository", refused)
        scene.do()

    assert asked == ["shop/a", "shop/b", "shop/c"]
    assert {(r.state, r.failure) for r in scene.rows()} == {("open", "")}


def test_one_that_git_is_refused_fails_alone(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "abcd":
        scene.add(f"shop/{name}")
    scene.write()

    def refused(task: Task, root: Path) -> Result:
        if task.repository.name == "shop/d":
            return plan_repository(task, root)
        return Result(task.repository.name, failed="git ls-remote: 401", refused=True)

    monkeypatch.setattr("tests.campaign.scene.plan_repository", refused)
    scene.file.write_text(scene.file.read_text().replace("shop/a, shop/b", "shop/a"))

    assert scene.do() == {"shop/a": "failed", "shop/c": "failed", "shop/d": "open"}
