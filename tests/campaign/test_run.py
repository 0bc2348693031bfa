"""A repository's way from its plan to its end: never twice, never over somebody's work."""

from __future__ import annotations

import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from tests.campaign.farm import ENV, branches, commit, git
from tests.campaign.scene import NEW, OLD, Scene

BRANCH = "refactor/services"
WHERE = "config/values.yaml"


def head(scene: Scene, name: str = "shop/web") -> str:
    return git("rev-parse", BRANCH, at=scene.remote(name))


def content(scene: Scene, name: str = "shop/web", branch: str = BRANCH) -> str:
    return git("show", f"{branch}:{WHERE}", at=scene.remote(name))


def states(scene: Scene, name: str = "shop/web") -> list[str]:
    return [pull["state"] for pull in scene.forge.pulls(name)]


def test_a_plan_pushes_nothing(scene: Scene) -> None:
    scene.add("shop/web")
    scene.write()

    assert scene.do("plan") == {"shop/web": "planned"}
    assert branches(scene.remote()) == ["main"]
    assert scene.forge.pulls() == []
    assert scene.forge.asked("find") == []


def test_a_run_opens_one_pull_request(web: Scene) -> None:
    assert content(web) == NEW.decode().strip()
    assert states(web) == ["open"]
    assert web.history() == ["planned", "pushed", "open"]
    assert web.row().pull == "http://forge.example/shop/web/pulls/1"


def test_a_second_run_changes_nothing(web: Scene) -> None:
    before = head(web)

    assert web.do() == {"shop/web": "open"}

    assert (head(web), states(web), web.inline.planned) == (before, ["open"], [])
    assert web.history() == ["planned", "pushed", "open"]


def test_the_base_having_moved_the_plan_is_made_again(web: Scene) -> None:
    before = head(web)
    commit(web.remote(), {WHERE: b"# moved\n" + OLD})

    assert web.do() == {"shop/web": "open"}

    assert content(web) == "# moved\n" + NEW.decode().strip()
    assert git("rev-parse", f"{BRANCH}^", at=web.remote()) == git(
        "rev-parse", "main", at=web.remote()
    )
    assert head(web) != before
    assert states(web) == ["open"]


def test_a_base_that_moves_between_plan_and_push_is_planned_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.add("shop/web")
    scene.write()
    find, moved = scene.forge.find, []

    def moving(*words: str) -> object:
        if not moved:
            moved.append(commit(scene.remote(), {WHERE: b"# moved\n" + OLD}))
        return find(*words)

    monkeypatch.setattr(scene.forge, "find", moving)

    assert scene.do() == {"shop/web": "open"}
    assert scene.told("moved") != []
    assert git("rev-parse", f"{BRANCH}^", at=scene.remote()) == moved[0]


@pytest.mark.parametrize(
    "who",
    ["ann <ann@shop.example>", "refactor <refactor@localhost>"],
    ids=["another", "with-our-name"],
)
def test_a_branch_that_others_have_pushed_to_is_left_alone(web: Scene, who: str) -> None:
    theirs = commit(web.remote(), {"more": b"1"}, BRANCH, who=who)
    commit(web.remote(), {WHERE: b"# moved\n" + OLD})

    for _ in range(2):
        assert web.do() == {"shop/web": "modified by others"}
        assert head(web) == theirs
    assert states(web) == ["open"]
    assert "others have pushed to refactor/services" in web.row().reason


def test_a_branch_of_that_name_that_was_there_before_is_left_alone(scene: Scene) -> None:
    scene.add("shop/web")
    theirs = commit(scene.remote(), {"more": b"1"}, BRANCH)
    scene.write()

    assert scene.do() == {"shop/web": "modified by others"}
    assert head(scene) == theirs
    assert scene.forge.pulls() == []


def test_one_without_anything_to_change_costs_the_forge_nothing(scene: Scene) -> None:
    scene.add("shop/web", {"a.txt": b"1"})
    scene.write()

    assert scene.do() == {"shop/web": "nothing to do"}
    assert scene.forge.asked("find") == []


@pytest.mark.parametrize("state", ["open", "closed", "merged"])
def test_a_state_file_that_is_lost_doubles_nothing(web: Scene, state: str) -> None:
    before = head(web)
    if state != "open":
        web.forge.by_hand(1, state)
    for file in web.root.glob("services.state.db*"):
        file.unlink()

    assert web.do()["shop/web"] == ("nothing to do" if state == "merged" else state)
    assert (head(web), states(web)) == (before, [state])


def test_closed_by_a_human_means_closed(web: Scene) -> None:
    web.forge.by_hand(1, "closed")
    commit(web.remote(), {WHERE: b"# moved\n" + OLD})

    for _ in range(2):
        assert web.do() == {"shop/web": "closed"}
    assert states(web) == ["closed"]


def test_reopened_by_a_human_means_open(web: Scene) -> None:
    web.forge.by_hand(1, "closed")
    web.do()
    web.forge.by_hand(1, "open")

    assert web.do() == {"shop/web": "open"}
    assert states(web) == ["open"]


def test_closed_is_begun_anew_where_retry_names_it(web: Scene) -> None:
    web.forge.by_hand(1, "closed")
    web.do()

    assert web.do("retry", again=True) == {"shop/web": "closed"}
    assert web.do("retry", again=True, reopen=["shop/*"]) == {"shop/web": "open"}
    assert states(web) == ["closed", "open"]


def test_merged_is_the_end(web: Scene) -> None:
    web.forge.by_hand(1, "merged")

    for _ in range(2):
        assert web.do() == {"shop/web": "merged"}
    assert web.history() == ["planned", "pushed", "open", "merged"]
    assert states(web) == ["merged"]


def test_a_base_that_needs_the_change_no_more_closes_it(web: Scene) -> None:
    commit(web.remote(), {WHERE: NEW})

    assert web.do() == {"shop/web": "nothing to do"}
    assert states(web) == ["closed"]
    assert "has nothing left to change" in web.forge.pulls()[0]["comment"]
    assert branches(web.remote()) == ["main"]


def test_new_texts_reach_the_open_pull_request(web: Scene) -> None:
    web.write(
        "pull-request: {title: 'Names in {{ repository }}', body: '{{ edited }} of {{ found }}'}\n"
    )

    web.do()

    (pull,) = web.forge.pulls()
    assert pull["title"] == "Names in shop/web"
    assert "\n\n1 of 1\n\n### About this pull request\n" in pull["body"]


def test_close_closes_and_takes_its_branch(web: Scene) -> None:
    assert web.do("close") == {"shop/web": "closed"}
    assert states(web) == ["closed"]
    assert branches(web.remote()) == ["main"]
    assert web.do() == {"shop/web": "closed"}


def test_close_leaves_what_others_have_pushed_to(web: Scene) -> None:
    theirs = commit(web.remote(), {"more": b"1"}, BRANCH)

    assert web.do("close") == {"shop/web": "modified by others"}
    assert head(web) == theirs
    assert states(web) == ["open"]


def test_close_of_what_was_merged_meanwhile(web: Scene) -> None:
    web.forge.by_hand(1, "merged")

    assert web.do("close") == {"shop/web": "merged"}


@pytest.mark.parametrize(
    ("limits", "reason"),
    [("per-hour: 0, open: 1", "waits: 1 pull request is open"), ("per-hour: 1", "waits: 1 pull request was opened within an hour")],
)  # fmt: skip
def test_limits_hold_pull_requests_back(scene: Scene, limits: str, reason: str) -> None:
    for name in ("shop/a", "shop/b", "shop/c"):
        scene.add(name)
    scene.write(limits=limits)

    for _ in range(2):
        assert scene.do() == {"shop/a": "open", "shop/b": "planned", "shop/c": "planned"}
    assert scene.row("shop/b").reason == reason


def test_a_branch_of_others_without_a_pull_request_takes_no_room(scene: Scene) -> None:
    for name in ("shop/a", "shop/b"):
        scene.add(name)
    commit(scene.remote("shop/a"), {"NOTES": b"1"}, branch=BRANCH, who="ann <ann@x>")
    scene.write(limits="per-hour: 0, open: 1")

    for _ in range(2):
        assert scene.do()["shop/b"] == "open"
    assert [pull["repository"] for pull in scene.forge.pulls()] == ["shop/b"]


@pytest.mark.parametrize("column", ["parked", "opened"])
def test_a_clock_that_was_ahead_stops_no_run(scene: Scene, column: str) -> None:
    for name in ("shop/a", "shop/b"):
        scene.add(name)
    scene.write(limits="per-hour: 1")
    scene.do("plan")
    with sqlite3.connect(scene.file.with_suffix(".state.db")) as state:
        state.execute(f"UPDATE repositories SET {column} = ?", (time.time() + 400 * 86_400,))
    state.close()

    assert scene.do() == {"shop/a": "open", "shop/b": "planned"}


def test_a_merge_makes_room_for_the_next(scene: Scene) -> None:
    for name in ("shop/a", "shop/b"):
        scene.add(name)
    scene.write(limits="per-hour: 0, open: 1")
    scene.do()
    scene.forge.by_hand(1, "merged")

    assert scene.do() == {"shop/a": "merged", "shop/b": "open"}


@pytest.mark.parametrize(
    "fault", [{"status": 502, "wait": 0.0}, {"status": 0, "wait": 0.0, "message": "timed out"}, {"status": 429, "wait": 0.2, "limited": True}], ids=["502", "no-answer", "429"]
)  # fmt: skip
@pytest.mark.parametrize("method", ["find", "create", "created"])
def test_what_passes_is_asked_again(scene: Scene, method: str, fault: dict[str, object]) -> None:
    scene.add("shop/web")
    scene.write()
    scene.forge.fail(method, **fault)

    assert scene.do() == {"shop/web": "open"}
    assert states(scene) == ["open"]


def test_what_helps_nothing_is_not_asked_again(scene: Scene) -> None:
    scene.add("shop/a")
    scene.add("shop/b")
    scene.write()
    scene.forge.fail(
        "create", status=403, message="Resource not accessible by token canary-7c1f3a9e"
    )

    assert scene.do() == {"shop/a": "failed", "shop/b": "open"}
    assert scene.row("shop/a").failure == "Resource not accessible by token ***"
    assert scene.forge.asked("create") == ["shop/a", "shop/b"]


def test_a_limit_of_an_hour_parks_the_run(scene: Scene) -> None:
    for name in ("shop/a", "shop/b", "shop/c"):
        scene.add(name)
    scene.write()
    scene.forge.fail(
        "create", status=403, wait=3600.0, limited=True, message="secondary rate limit"
    )

    assert scene.do() == {"shop/a": "failed", "shop/b": "planned", "shop/c": "planned"}
    assert scene.told("parked")[0]["seconds"] == 3600
    assert scene.do("retry", again=True) == {
        "shop/a": "open",
        "shop/b": "planned",
        "shop/c": "planned",
    }
    assert scene.do() == {"shop/a": "open", "shop/b": "open", "shop/c": "open"}


def test_one_that_is_gone_does_not_stop_the_others(scene: Scene) -> None:
    scene.add("shop/a")
    scene.add("shop/b")
    scene.write()
    (scene.root / "shop" / "a.git").rename(scene.root / "gone")

    assert scene.do() == {"shop/a": "failed", "shop/b": "open"}
    assert "does not appear to be a git repository" in scene.row("shop/a").failure


@pytest.mark.parametrize(
    ("fork", "read_only", "forked"),
    [
        ("always", False, True),
        ("needed", True, True),
        ("needed", False, False),
        ("never", False, False),
    ],
)
def test_forks(scene: Scene, fork: str, read_only: bool, forked: bool) -> None:
    scene.add("shop/web")
    scene.write(fork=fork)
    if read_only:
        (scene.remote() / "read-only").touch()

    for _ in range(2):
        assert scene.do() == {"shop/web": "open"}
    assert branches(scene.remote()) == (["main"] if forked else ["main", BRANCH])
    assert [pull["fork"] for pull in scene.forge.pulls()] == (["bot/shop-web"] if forked else [""])


def test_a_fork_that_is_behind_takes_the_branch(scene: Scene) -> None:
    scene.add("shop/web")
    scene.forge.fork("shop/web")
    commit(scene.remote(), {WHERE: b"# moved\n" + OLD})
    scene.write(fork="always")

    assert scene.do() == {"shop/web": "open"}
    assert content(scene, "bot/shop-web") == "# moved\n" + NEW.decode().strip()


def test_what_the_pull_request_carries(scene: Scene) -> None:
    scene.add(
        "shop/web",
        {WHERE: OLD, "CODEOWNERS": b"* @shop/all\n/config/ @ann @shop/platform ops@shop.example\n"},
    )
    scene.write(
        "pull-request: {labels: [bot, k8s], reviewers: [bob, CODEOWNERS], draft: true, auto-merge: true}\n"
    )

    scene.do()

    pull = scene.forge.pulls()[0]
    assert (pull["labels"], pull["reviewers"]) == (
        '["bot", "k8s"]',
        '["bob", "ann", "shop/platform"]',
    )
    assert (pull["draft"], pull["auto_merge"]) == (1, 0), "a draft is never merged"


def test_only_some(scene: Scene) -> None:
    scene.add("shop/a")
    scene.add("shop/b")
    scene.write()

    assert scene.do(only=["*/b"]) == {"shop/a": "new", "shop/b": "open"}


def test_one_that_the_file_names_no_more_stays_as_it_is(scene: Scene) -> None:
    scene.add("shop/a")
    scene.add("shop/b")
    scene.write()
    scene.do()
    scene.file.write_text(scene.file.read_text().replace("shop/a, ", ""))
    commit(scene.remote("shop/a"), {WHERE: b"# moved\n" + OLD})
    before = head(scene, "shop/a")

    scene.do()

    assert head(scene, "shop/a") == before
    assert [(row.name, row.selected) for row in scene.rows()] == [
        ("shop/a", False),
        ("shop/b", True),
    ]


@pytest.mark.parametrize(
    "branch",
    [
        "main",
        "{{ base }}",
        "x{% if edited == 1 %}..b{% endif %}",
        "{% if edited == 1 %}-{% endif %}x",
    ],
)
def test_a_branch_that_cannot_be_ours_is_refused(scene: Scene, branch: str) -> None:
    scene.add("shop/web")
    scene.write(f"branch: '{branch}'\n")

    assert scene.do() == {"shop/web": "failed"}
    assert "cannot be the name of a branch" in scene.row().failure
    assert branches(scene.remote()) == ["main"]


def test_patches_are_written_and_nothing_is_pushed(scene: Scene, tmp_path: Path) -> None:
    scene.add("shop/web")
    scene.add("shop/idle", {"a.txt": b"1"})
    scene.write(kind="git")

    scene.do("plan", patches=tmp_path / "patches")

    patch = tmp_path / "patches" / "shop-web.patch"
    assert [p.name for p in (tmp_path / "patches").iterdir()] == [patch.name]
    assert branches(scene.remote()) == ["main"]
    work = tmp_path / "work"
    git("clone", "-q", str(scene.remote()), str(work), at=tmp_path)
    subprocess.run(["git", "am", "-q", str(patch)], cwd=work, env=ENV, check=True)
    assert (work / WHERE).read_bytes() == NEW


def test_without_a_forge_the_branch_is_what_there_is(scene: Scene) -> None:
    scene.add("shop/web")
    scene.write(kind="git")

    for _ in range(2):
        assert scene.do() == {"shop/web": "pushed"}
    assert content(scene) == NEW.decode().strip()


def test_the_password_is_nowhere(web: Scene) -> None:
    web.forge.fail(
        "find", times=9, status=500, message="no canary-7c1f3a9e, https://bot:canary-7c1f3a9e@h"
    )
    web.do()

    files = [path for path in web.root.rglob("*") if path.is_file() and path.name != "forge.db"]
    assert [path for path in files if b"canary-7c1f3a9e" in path.read_bytes()] == []
    assert "canary-7c1f3a9e" not in str(web.events)


def test_the_campaigns_settings_outrank_the_repositorys(scene: Scene) -> None:
    scene.add("shop/web", {WHERE: OLD, ".refactor.yaml": b"names: short\n"})
    scene.write("settings: {names: fqdn}\n")

    scene.do()

    assert content(scene) == "url: http://orders.shop.svc.cluster.local:80/api"


def test_settings_of_a_repository_that_make_no_sense_are_its_own_failure(scene: Scene) -> None:
    scene.add("shop/web", {WHERE: OLD, ".refactor.yaml": b"nmaes: short\n"})
    scene.write()

    assert scene.do() == {"shop/web": "failed"}
    assert scene.row().failure == ".refactor.yaml:1: unknown setting `nmaes`; did you mean `names`?"
