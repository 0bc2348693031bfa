"""Reviews, checks and merges, on each forge: the same answers everywhere."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("github")
pytest.importorskip("gitlab")

from refactor.campaign.forge.base import ForgeError, PullRequest, WantedPull, WrittenFields
from refactor.campaign.forge.parts import marked
from tests.forge.worlds import GiteaLikeWorld, GitHubWorld, GitLabWorld, World

HEAD = "refactor/services"
WANTED = WantedPull(head=HEAD, base="main", title="Call Services by name", body=marked("one"))


def opened(world: World) -> tuple[str, PullRequest]:
    name = world.add()
    world.push(name, HEAD)
    return name, world.forge.create(name, WANTED)


@pytest.mark.parametrize(
    ("told", "review", "checks", "mergeable"),
    [
        ({"reviewDecision": "APPROVED", "checks": "SUCCESS"}, "approved", "passed", True),
        ({"states": ["APPROVED"], "checks": "PENDING"}, "approved", "running", True),
        ({"states": ["APPROVED", "CHANGES_REQUESTED"]}, "changes asked for", "none", True),
        ({"reviewDecision": "REVIEW_REQUIRED", "states": ["APPROVED"]}, "none", "none", True),
        ({"checks": "FAILURE", "mergeable": "CONFLICTING"}, "none", "failed", False),
        ({"mergeable": "UNKNOWN"}, "none", "none", None),
    ],
)
def test_github(
    github: GitHubWorld, told: dict[str, Any], review: str, checks: str, mergeable: bool | None
) -> None:
    name, made = opened(github)
    github.server.health = told

    found = github.forge.health(name, made.number)

    assert (found.review, found.checks, found.pull.mergeable) == (review, checks, mergeable)
    assert found.pull.head == "a" * 40


@pytest.mark.parametrize(
    ("fields", "approved", "review", "checks", "mergeable"),
    [
        ({"head_pipeline": {"status": "success"}, "merge_status": "can_be_merged"}, ["ann"], "approved", "passed", True),
        ({"head_pipeline": {"status": "running"}}, [], "none", "running", None),
        ({"head_pipeline": {"status": "failed"}, "detailed_merge_status": "requested_changes"}, ["ann"], "changes asked for", "failed", None),
        ({"merge_status": "cannot_be_merged", "has_conflicts": True}, [], "none", "none", False),
    ],
)  # fmt: skip
def test_gitlab(
    gitlab: GitLabWorld, fields: dict[str, Any], approved: list[str], review: str, checks: str, mergeable: bool | None
) -> None:  # fmt: skip
    name, made = opened(gitlab)
    gitlab.server.merge(made.number).update(fields)
    gitlab.server.approved = approved

    found = gitlab.forge.health(name, made.number)

    assert (found.review, found.checks, found.pull.mergeable) == (review, checks, mergeable)


@pytest.mark.parametrize(
    ("reviews", "statuses", "review", "checks"),
    [
        ([], [], "none", "none"),
        ([("ann", "APPROVED", False)], ["success"], "approved", "passed"),
        ([("ann", "APPROVED", True)], ["pending"], "none", "running"),
        ([("ann", "APPROVED", False), ("ben", "REQUEST_CHANGES", False)], ["failure"], "changes asked for", "failed"),
        ([("ann", "REQUEST_CHANGES", False), ("ann", "APPROVED", False), ("ann", "COMMENT", False)], ["warning"], "approved", "passed"),
    ],
)  # fmt: skip
def test_like_gitea(
    gitea_like: GiteaLikeWorld, reviews: list[tuple[str, str, bool]], statuses: list[str], review: str, checks: str
) -> None:  # fmt: skip
    name, made = opened(gitea_like)
    gitea_like.server.statuses = statuses
    gitea_like.server.reviews = [
        {"user": {"login": who}, "state": state, "stale": stale, "dismissed": False}
        for who, state, stale in reviews
    ]

    found = gitea_like.forge.health(name, made.number)

    assert (found.review, found.checks, found.pull.mergeable) == (review, checks, True)


def test_merged_where_it_was_seen(world: World) -> None:
    name, made = opened(world)

    world.forge.merge(name, world.forge.get(name, made.number))

    assert world.forge.get(name, made.number).state == "merged"


def test_not_merged_where_it_has_moved(world: World) -> None:
    name, made = opened(world)

    with pytest.raises(ForgeError):
        world.forge.merge(name, made._replace(head="b" * 40))
    assert world.forge.get(name, made.number).state == "open"


def test_a_comment(world: World) -> None:
    name, made = opened(world)

    world.forge.comment(name, made.number, "Friday.")

    assert world.comments(name, made.number) == ["Friday."]


def test_what_others_wrote_stays(world: World) -> None:
    name, made = opened(world)
    world.edit(name, made.number, title="OPS-17", body=f"Mine.\n\n{WANTED.body}")
    wanted = WANTED._replace(body=marked("two"), before=WrittenFields(WANTED.title, "main"))

    after = world.forge.update(name, world.forge.get(name, made.number), wanted)

    (seen,) = world.seen(name)
    assert (seen.title, after.edited) == ("OPS-17", ("title",))
    assert seen.body.startswith("Mine.")
    assert "\ntwo\n" in seen.body


def test_a_mark_of_a_draft_is_ours_and_the_title_theirs(world: World) -> None:
    name, made = opened(world)
    world.edit(name, made.number, title="OPS-17")
    wanted = WANTED._replace(draft=True, before=WrittenFields(WANTED.title, "main"))

    world.forge.update(name, world.forge.get(name, made.number), wanted)

    assert [(s.title, s.draft) for s in world.seen(name)] == [(f"{world.mark}OPS-17", True)]


@pytest.mark.parametrize("kind", ["github", "gitlab", "gitea_like"])
def test_an_open_one_that_has_not_moved_takes_one_request(
    kind: str, request: pytest.FixtureRequest
) -> None:
    world = request.getfixturevalue(kind)
    name, made = opened(world)
    forge, before = world.again(), len(world.server.requests)
    wanted = WANTED._replace(before=WrittenFields(WANTED.title, "main"))

    found = forge.get(name, made.number)
    forge.update(name, found, wanted)

    assert len(world.server.requests) == before + 1


def test_a_search_of_githubs(github: GitHubWorld) -> None:
    github.add("shop/a")
    github.server.holds = {"shop/a": "url: 10.42.0.1", "other/b": "10.42.0.1"}

    assert github.forge.search("10.42.", "shop") == {"shop/a"}


def test_a_search_of_gitlabs(gitlab: GitLabWorld) -> None:
    gitlab.add("shop/a")
    gitlab.add("shop/b")
    gitlab.server.holds = {"shop/b": "url: 10.42.0.1"}

    assert gitlab.forge.search("10.42.", "shop") == {"shop/b"}
