"""What a pull request can do without: labels, reviewers, auto-merge; refused, they are notes."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("github")
pytest.importorskip("gitlab")

from refactor.campaign.forge.base import ForgeError, WantedPull
from tests.e2e.control_plane import until
from tests.forge.github_stand_in import invalid
from tests.forge.stand_in import Reply
from tests.forge.worlds import GiteaWorld, GitHubWorld, GitLabWorld

HEAD = "refactor/services"
WANTED = WantedPull(head=HEAD, base="main", title="Call Services by name", body="What changes")
LATER = Reply(403, {"message": "You have exceeded a secondary rate limit."}, {"Retry-After": "7"})


def ready(world: GitHubWorld | GitLabWorld | GiteaWorld) -> str:
    name = world.add()
    world.push(name, HEAD)
    return name


def test_github_asks_users_and_teams_once(github: GitHubWorld) -> None:
    wanted = WANTED._replace(reviewers=("ann", "shop/owners"))

    made = github.forge.create(name := ready(github), wanted)
    github.forge.update(name, made, wanted)

    assert github.server.asked_reviewers == ["ann", "team:owners"]
    assert made.notes == ()


def test_github_asks_each_alone_where_one_cannot_be_asked(github: GitHubWorld) -> None:
    wanted = WANTED._replace(reviewers=("ann", "stranger", "shop/owners", "shop/none"))

    made = github.forge.create(ready(github), wanted)

    assert github.server.asked_reviewers == ["ann", "team:owners"]
    refused = "GitHub: Validation Failed: Reviews may only be requested from collaborators. (422)"
    assert made.notes == (f"reviewer stranger: {refused}", f"reviewer shop/none: {refused}")


def test_github_makes_the_labels_that_are_missing(github: GitHubWorld) -> None:
    made = github.forge.create(name := ready(github), WANTED._replace(labels=("bug", "new one")))

    assert made.labels == {"bug", "new one"}
    assert github.server.labels[name] == {"bug", "new one"}
    assert github.server.asked("POST").count(f"/api/v3/repos/{name}/labels") == 1


def test_no_right_to_labels_is_a_note(github: GitHubWorld) -> None:
    name = ready(github)
    github.server.fail(
        Reply(403, {"message": "Must have admin rights to Repository."}),
        f"POST /api/v3/repos/{name}/labels",
    )

    made = github.forge.create(name, WANTED._replace(labels=("new",)))

    assert made.notes == ("labels: GitHub: Must have admin rights to Repository. (403)",)
    assert [s.state for s in github.seen(name)] == ["open"]


def test_a_limit_at_the_labels_is_an_error_and_the_next_try_adds_them(github: GitHubWorld) -> None:
    name, wanted = ready(github), WANTED._replace(labels=("bug",))
    github.server.fail(LATER, "/labels/bug")

    with pytest.raises(ForgeError) as caught:
        github.forge.create(name, wanted)
    found = github.forge.find(name, HEAD, "main")
    assert found is not None
    updated = github.forge.update(name, found, wanted)

    assert (caught.value.wait, caught.value.limited) == (7.0, True)
    assert updated.labels == {"bug"}
    assert len(github.seen(name)) == 1


def test_a_limit_at_the_reviewers_is_a_note_for_they_are_asked_once(github: GitHubWorld) -> None:
    name = ready(github)
    for _ in range(2):
        github.server.fail(LATER, "/requested_reviewers")

    made = github.forge.create(name, WANTED._replace(reviewers=("ann",)))

    assert made.notes == ("reviewer ann: GitHub: You have exceeded a secondary rate limit. (403)",)


@pytest.mark.parametrize(
    ("allowed", "method"),
    [
        ({}, "SQUASH"),
        ({"allow_squash_merge": False, "allow_rebase_merge": True}, "REBASE"),
        ({"allow_merge_commit": True}, "MERGE"),
    ],
    ids=["squash", "rebase", "merge"],
)
def test_github_merges_in_a_way_that_the_repository_allows(
    github: GitHubWorld, allowed: dict[str, Any], method: str
) -> None:
    name = github.add(**allowed)
    github.push(name, HEAD)

    github.forge.create(name, WANTED._replace(auto_merge=True))

    (asked,) = (
        r.body["variables"]["input"] for r in github.server.requests if r.path == "/api/graphql"
    )
    assert asked["mergeMethod"] == method


def test_github_auto_merge_is_set_once_and_not_on_drafts(github: GitHubWorld) -> None:
    name, draft = ready(github), WANTED._replace(auto_merge=True, draft=True)

    made = github.forge.create(name, draft)
    assert (github.server.asked("POST").count("/api/graphql"), made.notes) == (0, ())
    github.forge.update(name, made, draft._replace(draft=False))
    github.forge.update(name, made, draft._replace(draft=False))

    assert github.server.pull(name, made.number)["auto_merge"] == {"merge_method": "squash"}
    # One to make it ready, one for the merge.
    assert github.server.asked("POST").count("/api/graphql") == 2


def test_what_graphql_refuses_is_a_note(github: GitHubWorld) -> None:
    name = github.add(allow_merge_commit=True)
    github.push(name, HEAD)

    made = github.forge.create(name, WANTED._replace(auto_merge=True))

    assert made.notes == ("auto-merge: GitHub: Pull request is in clean status (400)",)


def test_github_names_the_fork_in_its_own_organisation(github: GitHubWorld) -> None:
    name = ready(github)
    fork = github.add(f"{name}-fork", fork=True)
    github.push(fork, HEAD)

    made = github.forge.create(name, WANTED._replace(fork=fork))

    assert github.server.pull(name, made.number)["head"]["repo"]["full_name"] == fork
    assert github.forge.find(name, HEAD, "main") is None
    assert github.forge.find(name, HEAD, "main", fork) is not None


def test_github_follows_a_repository_that_was_renamed(github: GitHubWorld) -> None:
    name = ready(github)
    github.server.moved["shop/former"] = name

    assert github.forge.find("shop/former", HEAD, "main") is None
    made = github.forge.create("shop/former", WANTED)

    found = github.forge.find("shop/former", HEAD, "main")
    assert found is not None
    assert found.number == made.number
    assert [s.number for s in github.seen(name)] == [made.number]


def test_a_list_that_lags_behind_does_not_double(github: GitHubWorld) -> None:
    name = ready(github)
    made = github.forge.create(name, WANTED)
    github.server.fail(Reply(200, []), f"GET /api/v3/repos/{name}/pulls")

    assert github.forge.find(name, HEAD, "main") is None
    assert github.forge.create(name, WANTED).number == made.number


def test_a_422_for_another_reason_stays_one(github: GitHubWorld) -> None:
    name = ready(github)
    github.server.fail(
        invalid("No commits between main and refactor/services"), f"POST /api/v3/repos/{name}/pulls"
    )

    with pytest.raises(
        ForgeError,
        match=r"GitHub: Validation Failed: No commits between main and refactor/services \(422\)",
    ):
        github.forge.create(name, WANTED)


def test_an_update_that_changes_nothing_writes_nothing(
    github: GitHubWorld, gitlab: GitLabWorld
) -> None:
    for world in (github, gitlab):
        name, wanted = ready(world), WANTED._replace(labels=("bug",), body="text\n")
        made = world.forge.create(name, wanted)
        # As the forge's own editor leaves it.
        world.edit(name, made.number, body="text\r\n")
        before = len(world.server.requests)

        world.forge.update(name, world.forge.get(name, made.number), wanted)

        assert {r.method for r in world.server.requests[before:]} == {"GET"}


@pytest.mark.parametrize("world", ["github", "gitlab"])
def test_a_fork_is_waited_for(world: str, request: pytest.FixtureRequest) -> None:
    found: GitHubWorld | GitLabWorld = request.getfixturevalue(world)
    name = ready(found)
    found.server.not_filled = 3

    assert found.forge.fork(name) == f"bot/{name.partition('/')[2]}"
    assert found.server.not_filled == 0


@pytest.mark.parametrize("world", ["github", "gitlab"])
def test_a_fork_that_does_not_come_is_asked_for_later(
    world: str, request: pytest.FixtureRequest
) -> None:
    found: GitHubWorld | GitLabWorld = request.getfixturevalue(world)
    name = ready(found)
    found.server.not_filled = 1000

    with pytest.raises(ForgeError, match=r"the fork bot/web-\d+ is not there yet") as caught:
        found.forge.fork(name)
    assert caught.value.wait == 30.0


def test_gitlab_says_that_a_fork_has_failed(gitlab: GitLabWorld) -> None:
    name = ready(gitlab)
    project = gitlab.server.project(name)
    gitlab.server.add(
        f"bot/{name.partition('/')[2]}",
        forked_from_project={"id": project["id"] if project else 0},
        import_status="failed",
    )

    with pytest.raises(ForgeError, match="has failed") as caught:
        gitlab.forge.fork(name)
    assert caught.value.wait is None


def test_gitlab_leaves_a_groups_fork_to_the_group(gitlab: GitLabWorld) -> None:
    project = gitlab.server.project(name := ready(gitlab))
    assert project
    gitlab.add("team/copy", forked_from_project={"id": project["id"]})
    gitlab.add("bot/other-name", forked_from_project={"id": project["id"]})

    assert gitlab.forge.fork(name) == "bot/other-name"


def test_gitlab_asks_users_and_says_that_groups_cannot_be(gitlab: GitLabWorld) -> None:
    made = gitlab.forge.create(
        name := ready(gitlab), WANTED._replace(reviewers=("ann", "nobody", "shop/owners"))
    )

    assert gitlab.reviewers(name, made.number) == ["ann"]
    assert made.notes == (
        "reviewer nobody: no user of that name",
        "reviewer shop/owners: no user of that name",
    )


@pytest.mark.parametrize(
    ("pipeline", "asked", "state"),
    [
        (None, False, "opened"),
        ({"sha": "a" * 40, "status": "running"}, True, "opened"),
        ({"sha": "a" * 40, "status": "success"}, True, "merged"),
        ({"sha": "a" * 40, "status": "failed"}, False, "opened"),
        ({"sha": "b" * 40, "status": "success"}, False, "opened"),
    ],
    ids=["no-pipeline-yet", "running", "passed", "failed", "of-another-commit"],
)
def test_gitlab_merges_with_a_pipeline_only(
    gitlab: GitLabWorld, pipeline: dict[str, str] | None, asked: bool, state: str
) -> None:
    gitlab.server.pipeline = pipeline

    made = gitlab.forge.create(ready(gitlab), WANTED._replace(auto_merge=True))

    merge = gitlab.server.merge(made.number)
    assert (merge["merge_when_pipeline_succeeds"], merge["state"]) == (asked, state)
    assert bool(made.notes) is not asked


def test_gitlab_auto_merge_is_not_for_drafts(gitlab: GitLabWorld) -> None:
    gitlab.server.pipeline = {"sha": "a" * 40, "status": "success"}

    made = gitlab.forge.create(ready(gitlab), WANTED._replace(auto_merge=True, draft=True))

    assert (gitlab.server.merge(made.number)["state"], made.notes) == ("opened", ())


@pytest.mark.parametrize(
    "title", ["Draft: Call", "[Draft] Call", "(draft) Call", "draft: Draft: Call"]
)
def test_gitlab_marks_of_a_draft_are_no_part_of_the_title(gitlab: GitLabWorld, title: str) -> None:
    made = gitlab.forge.create(name := ready(gitlab), WANTED)
    gitlab.edit(name, made.number, title=title)

    found = gitlab.forge.find(name, HEAD, "main")

    assert found is not None
    assert found.title == "Call"


def test_gitea_asks_users_and_teams(real: GiteaWorld) -> None:
    name, server = ready(real), real.server
    if "ann" not in server.tokens:
        server.user("ann")
    team = server.ask(
        "POST",
        f"/orgs/{real.group}/teams",
        {
            "name": "owners-2",
            "permission": "read",
            "units": ["repo.code", "repo.pulls"],
            "includes_all_repositories": True,
        },
    )
    server.ask("PUT", f"/teams/{team['id']}/members/ann")

    made = real.forge.create(
        name,
        WANTED._replace(
            reviewers=("ann", "stranger", f"{real.group}/owners-2", f"{real.group}/none")
        ),
    )

    assert sorted(real.reviewers(name, made.number)) == ["ann", "team:owners-2"]
    assert [note.partition(":")[0] for note in made.notes] == [
        "reviewer stranger",
        f"reviewer {real.group}/none",
    ]


def test_gitea_takes_labels_of_the_organisation_and_makes_what_is_missing(real: GiteaWorld) -> None:
    name, server = ready(real), real.server
    of_org = server.ask(
        "POST", f"/orgs/{real.group}/labels", {"name": "shared", "color": "#00ff00"}
    )

    made = real.forge.create(name, WANTED._replace(labels=("shared", "new")))

    pull = server.ask("GET", f"/repos/{name}/pulls/{made.number}")
    assert {label["name"] for label in pull["labels"]} == {"shared", "new"}
    assert of_org["id"] in {label["id"] for label in pull["labels"]}
    assert [label["name"] for label in server.ask("GET", f"/repos/{name}/labels")] == ["new"]


def test_gitea_is_not_asked_to_merge_where_no_check_would_stop_it(real: GiteaWorld) -> None:
    made = real.forge.create(name := ready(real), WANTED._replace(auto_merge=True))

    assert made.notes == (
        "auto-merge: Gitea: the branch main asks for no checks and would take it at once",
    )
    assert [s.state for s in real.seen(name)] == ["open"]


def test_gitea_merges_once_the_checks_pass(real: GiteaWorld) -> None:
    name, server = ready(real), real.server
    rule = {
        "rule_name": "main",
        "enable_push": True,
        "enable_status_check": True,
        "status_check_contexts": ["ci"],
    }
    server.ask("POST", f"/repos/{name}/branch_protections", rule)
    wanted = WANTED._replace(auto_merge=True)

    made = real.forge.create(name, wanted)
    again = real.forge.update(name, made, wanted)
    before = [s.state for s in real.seen(name)]
    sha = server.ask("GET", f"/repos/{name}/pulls/{made.number}")["head"]["sha"]
    server.ask("POST", f"/repos/{name}/statuses/{sha}", {"context": "ci", "state": "success"})

    assert (made.notes, again.notes, before) == ((), (), ["open"])
    until(lambda: [s.state for s in real.seen(name)] == ["merged"], "merged")


def test_gitea_follows_a_repository_that_was_renamed(real: GiteaWorld) -> None:
    name = ready(real)
    real.server.ask("PATCH", f"/repos/{name}", {"name": "renamed"})
    wanted = WANTED._replace(labels=("new",))

    made = real.forge.create(name, wanted)

    found = real.forge.find(name, HEAD, "main")
    assert found is not None
    assert found.number == made.number
    assert real.forge.update(name, found, wanted._replace(title="Other")).title == "Other"
    assert [s.labels for s in real.seen(f"{real.group}/renamed")] == [{"new"}]
