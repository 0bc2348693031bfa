"""What an operator does to open pull requests: merge, comment, rebase, adopt, a canary, a look."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from refactor.campaign import operate
from refactor.campaign import run as commands
from refactor.campaign.campaign_run import RunOptions
from refactor.campaign.operate import Merging
from refactor.campaign.owners import reviewers_of
from refactor.campaign.spec import PullRequestSpec
from refactor.campaign.start import session
from refactor.campaign.values import Result
from refactor.cli.campaign import command
from refactor.errors import RefactorError
from tests.campaign.farm import branches, commit, git
from tests.campaign.scene import OLD, Scene
from tests.campaign.test_together import CLUSTER, begin, deployment, pull, values

BRANCH = "refactor/services"
GREEN = {"review": "approved", "checks": "passed"}


def held(scene: Scene, **options: object) -> object:
    scene.events = []
    made = RunOptions(cache=str(scene.root / "cache"), **options)  # type: ignore[arg-type]
    return session(scene.file, made, scene.events.append)


def merge(scene: Scene, wanted: Merging = Merging()) -> dict[str, str]:  # noqa: B008 - immutable
    """Merge, and return why what is left is left."""
    with held(scene) as one:  # type: ignore[attr-defined]
        commands.merge(one, wanted)
    return {e["repository"]: e["reason"] for e in scene.told("left")}


@pytest.fixture
def three(scene: Scene) -> Scene:
    for name in "abc":
        scene.add(f"shop/{name}")
    scene.write()
    scene.do()
    return scene


@pytest.fixture
def pair(scene: Scene) -> Scene:
    """A provider and its consumer, both approved and green."""
    (scene.root / "cluster.json").write_bytes(CLUSTER)
    scene.add("shop/a-web", values("10.42.1.10:8080"))
    scene.add("shop/ledger", {"deploy/ledger.yaml": deployment("ledger", 8080)})
    begin(scene)
    scene.do()
    for number in (1, 2):
        scene.forge.edit(number, **GREEN)
    return scene


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        pytest.param({}, "", id="approved-and-green"),
        pytest.param({"review": "none"}, "reviews: none", id="no-review"),
        pytest.param({"review": "changes asked for"}, "reviews: changes asked for", id="changes"),
        pytest.param({"checks": "failed"}, "checks: failed", id="red"),
        pytest.param({"checks": "running"}, "checks are running", id="running"),
        pytest.param({"checks": "none"}, "it has no checks (--unchecked merges it)", id="no-checks"),
        pytest.param({"mergeable": 0}, "it conflicts with its base", id="conflict"),
        pytest.param({"draft": 1}, "it is a draft", id="draft"),
        pytest.param({"state": "closed"}, "it is closed", id="closed"),
    ],
)  # fmt: skip
def test_only_what_is_approved_and_green_is_merged(
    web: Scene, fields: dict[str, object], why: str
) -> None:
    web.forge.edit(1, **{**GREEN, **fields})
    before = git("rev-parse", "main", at=web.remote())

    left = merge(web)

    assert left == ({"shop/web": why} if why else {})
    assert (git("rev-parse", "main", at=web.remote()) == before) is bool(why)
    assert web.row().state == ("open" if why and why != "it is closed" else web.forge.pulls()[0]["state"])  # fmt: skip


def test_what_others_pushed_to_is_not_merged(web: Scene) -> None:
    web.forge.edit(1, **GREEN)
    commit(web.remote(), {"NOTES": b"1"}, branch=BRANCH, who="ann <ann@x>")

    assert merge(web) == {"shop/web": "others have pushed to its branch"}


def test_without_checks_if_it_is_told(web: Scene) -> None:
    web.forge.edit(1, review="approved")

    assert merge(web, Merging(unchecked=True)) == {}
    assert web.row().state == "merged"


def test_a_limit_of_merges(three: Scene) -> None:
    for number in (1, 2, 3):
        three.forge.edit(number, **GREEN)

    assert merge(three, Merging(most=2)) == {}
    assert [row.state for row in three.rows()] == ["merged", "merged", "open"]


def test_the_provider_is_merged_first_and_then_its_consumer(pair: Scene) -> None:
    merge(pair)

    assert pair.forge.asked("merge") == ["shop/ledger", "shop/a-web"]
    assert [row.state for row in pair.rows()] == ["merged", "merged"]


def test_a_consumer_waits_for_its_provider(pair: Scene) -> None:
    pair.forge.edit(1, checks="failed")

    assert merge(pair) == {
        "shop/ledger": "checks: failed",
        "shop/a-web": "waits for shop/ledger",
    }
    assert pair.forge.asked("merge") == []


def test_a_provider_says_what_it_adds_and_for_whom(pair: Scene) -> None:
    made = pull(pair, "shop/ledger")
    message = git("log", "-1", "--format=%B", BRANCH, at=pair.remote("shop/ledger"))

    assert made["title"] == "Add Service ledger (port 8080)"
    assert "## Add Service ledger (port 8080)" in str(made["body"])
    assert "Today shop/a-web dials these pods by their IP address" in str(made["body"])
    assert "| found | 0" not in str(made["body"])
    assert message.startswith(
        "Add Service ledger (port 8080)\n\nService shop/ledger with port 8080; 1 file."
    )
    assert pull(pair, "shop/a-web")["title"] == "Name Services instead of addresses"


def test_the_body_says_who_runs_it_on_what_and_how_to_opt_out(web: Scene) -> None:
    web.write("pull-request: {contact: '#platform'}\n")
    web.do()
    body = web.forge.pulls()[0]["body"]

    for told in ("campaign `services`, which #platform runs", "cluster.json", "**If you merge it**", "**If you close it**, you opt out", "**If you edit it**", "refactor: ignore[why]"):  # fmt: skip
        assert told in body
    order = ["| address | Service | port | files |", "### About this pull request", "### Summary", "### Changes"]  # fmt: skip
    assert sorted(order, key=body.index) == order
    web.write("pull-request: {footer: false}\n")
    web.do()
    assert "you opt out" not in web.forge.pulls()[0]["body"]


def test_a_file_at_the_path_of_a_new_service_is_told_to_its_consumers(scene: Scene) -> None:
    (scene.root / "cluster.json").write_bytes(CLUSTER)
    scene.add("shop/a-web", values("10.42.1.10:8080"))
    scene.add("shop/ledger", {"deploy/ledger.yaml": deployment("ledger", 8080), "deploy/ledger-service.yaml": b"# removed\n"})  # fmt: skip
    begin(scene)

    assert scene.do()["shop/a-web"] == "needs review"
    assert (
        "shop/ledger cannot make a Service for shop/ledger: deploy/ledger-service.yaml is there already"
        in scene.row("shop/a-web").reason
    )


def test_a_provider_that_was_closed_blocks_and_that_is_told_once(pair: Scene) -> None:
    pair.forge.by_hand(1, "closed")
    for _ in range(2):
        pair.do()

    assert pair.forge.asked("comment") == ["shop/a-web"]
    assert "waits for the one of shop/ledger, which was closed" in str(pull(pair, "shop/a-web")["comment"])  # fmt: skip


def test_a_comment_is_said_to_each_once(three: Scene) -> None:
    three.forge.by_hand(2, "closed")
    for text in ("We merge on Friday.", "We merge on Friday.", "Today."):
        with held(three) as one:  # type: ignore[attr-defined]
            commands.comment(one, text)

    assert [p["comment"] for p in three.forge.pulls()] == ["Today.", "", "Today."]
    assert len(three.forge.asked("comment")) == 4


def test_a_branch_is_made_again_from_its_base(web: Scene) -> None:
    moved = commit(web.remote(), {"README": b"1"})
    web.do()
    assert git("rev-parse", f"{BRANCH}^", at=web.remote()) != moved

    assert web.do(rebase=["shop/*"]) == {"shop/web": "open"}
    assert git("rev-parse", f"{BRANCH}^", at=web.remote()) == moved


@pytest.mark.parametrize("take_back", [False, True])
def test_a_branch_with_commits_by_others_has_to_be_taken_back(web: Scene, take_back: bool) -> None:
    commit(web.remote(), {"NOTES": b"1"}, branch=BRANCH, who="ann <ann@x>")
    web.do()

    web.do(rebase=["shop/web"], take_back=take_back)

    listed = git("ls-tree", "--name-only", BRANCH, at=web.remote())
    assert ("NOTES" in listed) is not take_back
    assert web.row().state == ("open" if take_back else "modified by others")


def adopt(scene: Scene, name: str, number: int) -> None:
    with held(scene) as one:  # type: ignore[attr-defined]
        operate.adopt(one, name, number)


@pytest.fixture
def by_hand(scene: Scene) -> Scene:
    """A pull request that somebody opened from a branch of their own."""
    from refactor.campaign.forge.base import WantedPull

    scene.add("shop/web")
    commit(scene.remote(), {"config/values.yaml": b"url: http://orders\n"}, "by-hand", who="ann <ann@x>")  # fmt: skip
    git("update-ref", "refs/heads/start", "main", at=scene.remote())
    scene.forge.create("shop/web", WantedPull("by-hand", "main", "Mine", "My text"))
    scene.write()
    scene.do("plan")
    return scene


def test_adopted_it_is_counted_and_no_second_one_is_opened(by_hand: Scene) -> None:
    adopt(by_hand, "shop/web", 1)

    assert by_hand.do() == {"shop/web": "modified by others"}
    assert [(p["title"], p["body"]) for p in by_hand.forge.pulls()] == [("Mine", "My text")]
    assert branches(by_hand.remote()) == ["by-hand", "main", "start"]


def test_adopted_and_taken_back_it_is_ours(by_hand: Scene) -> None:
    adopt(by_hand, "shop/web", 1)

    assert by_hand.do(rebase=["shop/web"], take_back=True) == {"shop/web": "open"}
    assert git("rev-parse", "by-hand^", at=by_hand.remote()) == git("rev-parse", "main", at=by_hand.remote())  # fmt: skip
    assert [p["title"] for p in by_hand.forge.pulls()] == ["Mine"]


@pytest.mark.parametrize(
    ("name", "number", "why"),
    [("shop/none", 1, "not a repository"), ("shop/web", 9, "no such"), ("shop/web", 1, "is closed")],
)  # fmt: skip
def test_what_cannot_be_adopted(by_hand: Scene, name: str, number: int, why: str) -> None:
    by_hand.forge.by_hand(1, "closed")

    with pytest.raises(RefactorError, match=why):
        adopt(by_hand, name, number)


def test_a_canary_stops_and_the_next_run_goes_on(scene: Scene) -> None:
    for name in "abc":
        scene.add(f"shop/{name}")
    scene.add("shop/0-nothing", {"README": b"1"})
    scene.write()

    done = scene.do(canary=2)

    assert done == {"shop/0-nothing": "nothing to do", "shop/a": "open", "shop/b": "open", "shop/c": "planned"}  # fmt: skip
    assert [e["repositories"] for e in scene.told("canary")] == [["shop/a", "shop/b"]]
    assert scene.do(canary=2)["shop/c"] == "planned", "the same two"
    assert scene.do()["shop/c"] == "open"


def test_reviewers_by_chance_are_the_same_at_each_run() -> None:
    spec = PullRequestSpec(reviewers=("ann", "ben", "cid", "dan", "CODEOWNERS"), random_reviewers=2)

    picked = {reviewers_of(spec, Result(f"shop/{n}", owners=("eve",))) for n in range(50)}

    assert reviewers_of(spec, Result("shop/web")) == reviewers_of(spec, Result("shop/web"))
    assert all(len(one) == 3 and one[-1] == "eve" for one in picked)
    assert {name for one in picked for name in one} == {"ann", "ben", "cid", "dan", "eve"}


def test_assignees_and_a_search(scene: Scene) -> None:
    scene.add("shop/a")
    scene.add("shop/b", {"README": b"no address"})
    scene.write("pull-request: {assignees: [ann]}\n")
    found = scene.file.read_text().replace("list: [shop/a, shop/b]", "groups: [{name: shop, search: '10.42.'}]")  # fmt: skip
    scene.file.write_text(found)

    assert scene.do() == {"shop/a": "open"}
    assert scene.forge.pulls()[0]["assignees"] == '["ann"]'


def test_refreshed_a_picture_says_reviews_checks_and_whose_it_is(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.add("shop/a", {"config/values.yaml": OLD, "CODEOWNERS": b"* @shop/tills\n"})
    scene.write()
    scene.do()
    scene.forge.edit(1, review="approved", checks="failed", mergeable=0)
    monkeypatch.setenv("COLUMNS", "80")

    def shown(*words: str) -> str:
        ran = CliRunner().invoke(command, ["status", str(scene.file), *words], standalone_mode=False)  # fmt: skip
        assert ran.exception is None, ran.output
        return ran.output

    assert "approved" not in shown()
    told = shown("--refresh")
    assert max(len(line) for line in told.splitlines() if "http" not in line) <= 80
    assert "approved" in told
    assert "conflict" in told
    assert "shop/a: http://forge.example/shop/a/pulls/1\n" in told
    assert "shop/tills" in shown("--by", "team")


def test_without_a_forge_there_is_nothing_to_merge(scene: Scene) -> None:
    scene.add("shop/a")
    scene.write(kind="git")

    with pytest.raises(RefactorError, match="needs a forge"):
        merge(scene)


def test_the_programs_are_told(tmp_path: Path) -> None:
    for name in ("merge", "rebase", "comment", "adopt"):
        ran = CliRunner().invoke(command, [name, str(tmp_path / "no.yaml"), "x", "1"][: 4 if name == "adopt" else 3 if name != "merge" else 2], standalone_mode=False)  # fmt: skip
        assert isinstance(ran.exception, RefactorError), ran.output
