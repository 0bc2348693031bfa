"""One pull request, from opened to merged or closed, on each forge: the same answers everywhere."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("github")
pytest.importorskip("gitlab")

from refactor.campaign.forge.base import ForgeError, WantedPull
from tests.forge.worlds import World

HEAD = "refactor/services"
WANTED = WantedPull(
    head=HEAD,
    base="main",
    title="Call Services by name",
    body="What changes:\n\n- one address\n",
    labels=("refactor", "bug"),
)


@pytest.fixture
def name(world: World) -> str:
    """A repository with our branch pushed."""
    made = world.add()
    world.push(made, HEAD)
    return made


def test_nothing_is_found_where_nothing_was_opened(world: World, name: str) -> None:
    assert world.forge.find(name, HEAD, "main") is None


def test_opened_and_found_again(world: World, name: str) -> None:
    made = world.forge.create(name, WANTED)

    (seen,) = world.seen(name)
    assert seen == (
        made.number,
        "open",
        WANTED.title,
        seen.body,
        "main",
        False,
        frozenset(WANTED.labels),
    )
    assert seen.body.strip() == WANTED.body.strip()
    assert made.url.startswith(f"{world.url}/{name}/")
    assert made._replace(body=made.body.strip())[:8] == (
        made.number,
        made.url,
        "open",
        WANTED.title,
        WANTED.body.strip(),
        False,
        frozenset(WANTED.labels),
        (),
    )
    found = world.forge.find(name, HEAD, "main")
    assert found is not None
    assert found[:4] == made[:4]
    assert (found.base, found.branch, found.head) == ("main", HEAD, made.head)
    assert world.forge.get(name, made.number)[:4] == made[:4]


def test_a_branch_that_is_not_there_is_refused_and_says_so(world: World, name: str) -> None:
    with pytest.raises(ForgeError) as caught:
        world.forge.create(name, WANTED._replace(head="refactor/other"))

    assert (caught.value.wait, caught.value.limited) == (None, False)
    assert 400 <= caught.value.status < 500
    assert f"({caught.value.status})" in caught.value.message
    assert world.seen(name) == []


def test_draft_made_ready_and_draft_again(world: World, name: str) -> None:
    draft = WANTED._replace(draft=True)

    made = world.forge.create(name, draft)
    assert (made.draft, made.title) == (True, WANTED.title)
    assert [(s.draft, s.title) for s in world.seen(name)] == [(True, world.mark + WANTED.title)]

    ready = world.forge.update(name, made, WANTED)
    assert (ready.draft, ready.title) == (False, WANTED.title)
    assert [(s.draft, s.title) for s in world.seen(name)] == [(False, WANTED.title)]

    again = world.forge.update(name, ready, draft)
    assert (again.draft, again.number) == (True, made.number)
    assert [(s.draft, s.title) for s in world.seen(name)] == [(True, world.mark + WANTED.title)]


def test_updated_and_the_labels_of_others_stay(world: World, name: str) -> None:
    made = world.forge.create(name, WANTED._replace(labels=("bug",)))
    world.label(name, made.number, "by-hand")

    world.forge.update(
        name, made, WANTED._replace(title="New title", body="New body", labels=("bug", "refactor"))
    )

    assert world.seen(name) == [
        (
            made.number,
            "open",
            "New title",
            "New body",
            "main",
            False,
            frozenset({"bug", "refactor", "by-hand"}),
        )
    ]


def test_pointed_to_another_base_by_hand_is_still_the_one(world: World, name: str) -> None:
    made = world.forge.create(name, WANTED)
    world.push(name, "develop")
    world.edit(name, made.number, base="develop")

    found = world.forge.find(name, HEAD, "main")
    assert found is not None
    world.forge.update(name, found, WANTED)

    assert [(s.number, s.state, s.base) for s in world.seen(name)] == [
        (made.number, "open", "main")
    ]


def test_asked_for_twice_is_opened_once(world: World, name: str) -> None:
    made = world.forge.create(name, WANTED)

    again = world.forge.create(name, WANTED._replace(title="Second title"))

    assert (again.number, again.title) == (made.number, "Second title")
    assert [s.title for s in world.seen(name)] == ["Second title"]


def test_a_fresh_one_that_is_updated_asks_its_reviewers_and_another_does_not(
    world: World, name: str
) -> None:
    made = world.forge.create(name, WANTED)
    wanted = WANTED._replace(reviewers=("nobody-of-that-name",))

    assert world.forge.update(name, made, wanted).notes == ()
    fresh = world.forge.update(name, made, wanted, fresh=True)

    # GitLab takes them with the request that opens it: none is lost there.
    assert [note.partition(":")[0] for note in fresh.notes] == (
        [] if world.mark == "Draft: " else ["reviewer nobody-of-that-name"]
    )


def test_closed_by_hand_is_seen_and_left_closed(world: World, name: str) -> None:
    made = world.forge.create(name, WANTED)
    world.close(name, made.number)

    found = world.forge.find(name, HEAD, "main")
    assert found is not None
    assert (found.number, found.state) == (made.number, "closed")
    assert world.forge.update(name, made, WANTED._replace(title="Other")).state == "closed"
    assert [(s.state, s.title) for s in world.seen(name)] == [("closed", WANTED.title)]


def test_merged_is_seen_as_merged_though_its_branch_is_gone(world: World, name: str) -> None:
    made = world.forge.create(name, WANTED)
    world.merge(name, made.number)

    found = world.forge.find(name, HEAD, "main")

    assert found is not None
    assert (found.number, found.state) == (made.number, "merged")


def test_closed_with_a_word(world: World, name: str) -> None:
    made = world.forge.create(name, WANTED)

    world.forge.close(name, made, "`main` has nothing left to change.")

    assert [s.state for s in world.seen(name)] == ["closed"]
    assert world.comments(name, made.number) == ["`main` has nothing left to change."]
    world.forge.close(name, made, "Closed again.")
    assert [s.state for s in world.seen(name)] == ["closed"]


def test_the_open_one_counts_then_the_latest(world: World, name: str) -> None:
    first = world.forge.create(name, WANTED)
    world.close(name, first.number)
    second = world.forge.create(name, WANTED)
    world.close(name, second.number)

    latest = world.forge.find(name, HEAD, "main")
    third = world.forge.create(name, WANTED)
    opened = world.forge.find(name, HEAD, "main")

    assert latest is not None
    assert opened is not None
    assert (latest.number, latest.state) == (second.number, "closed")
    assert (opened.number, opened.state) == (third.number, "open")


@pytest.mark.parametrize("head", ["refactor/service", "refactor/services-2", "services", "other"])
def test_pull_requests_of_other_branches_are_not_ours(world: World, name: str, head: str) -> None:
    world.push(name, head)
    world.forge.create(name, WANTED._replace(head=head))

    assert world.forge.find(name, HEAD, "main") is None


def test_closed_ones_to_another_base_are_not_ours(world: World, name: str) -> None:
    world.push(name, "develop")
    made = world.forge.create(name, WANTED._replace(base="develop"))
    world.close(name, made.number)

    assert world.forge.find(name, HEAD, "main") is None


def test_from_a_fork(world: World, name: str) -> None:
    fork = world.forge.fork(name)
    world.push(fork, HEAD)
    wanted = WANTED._replace(fork=fork)

    assert fork == f"{world.me}/{name.partition('/')[2]}"
    assert world.forge.fork(name) == fork
    assert world.forge.find(name, HEAD, "main", fork) is None
    made = world.forge.create(name, wanted)
    found = world.forge.find(name, HEAD, "main", fork)
    assert found is not None
    assert found.number == made.number
    assert world.forge.find(name, HEAD, "main") is None, "that is about the repository's own branch"
    assert world.forge.create(name, wanted).number == made.number
    assert world.forge.clone_url(fork) == f"{world.url}/{fork}.git"


def test_merged_from_a_fork_that_is_gone(world: World, name: str) -> None:
    fork = world.forge.fork(name)
    world.push(fork, HEAD)
    made = world.forge.create(name, WANTED._replace(fork=fork))
    world.merge(name, made.number)
    world.drop(fork)

    found = world.again().find(name, HEAD, "main", fork)

    assert found is not None
    assert (found.number, found.state) == (made.number, "merged")


def test_our_own_branch_is_not_the_forks(world: World, name: str) -> None:
    fork = world.forge.fork(name)
    world.push(fork, HEAD)
    world.forge.create(name, WANTED)

    assert world.forge.find(name, HEAD, "main", fork) is None


@pytest.mark.parametrize(
    ("fields", "may"),
    [({}, True), ({"push": False}, False), ({"archived": True}, False)],
    ids=["yes", "no-right", "archived"],
)
def test_may_push(world: World, fields: dict[str, Any], may: bool) -> None:
    assert world.forge.may_push(world.add(**fields)) is may


def test_a_repository_that_is_not_there(world: World) -> None:
    with pytest.raises(ForgeError) as caught:
        world.forge.find("nobody/nothing", HEAD, "main")

    assert (caught.value.status, caught.value.wait) == (404, None)


def test_a_body_and_a_title_that_are_too_long_are_cut(world: World, name: str) -> None:
    body = (
        "<details>\n\n```diff\n"
        + "+ url: http://orders.shop.svc:8080\n" * 40_000
        + "```\n\n</details>\n"
    )

    made = world.forge.create(name, WANTED._replace(title="Long " * 80, body=body, draft=True))
    world.forge.update(name, made, WANTED._replace(title="Long " * 80, body=body))

    (seen,) = world.seen(name)
    assert len(seen.title) <= 256
    assert seen.title.endswith("…")
    assert seen.body.rstrip().endswith(
        "_The rest is left out: it is longer than a pull request may be._"
    )
    assert seen.body.count("```") == 2
    assert seen.body.count("</details>") == 1
