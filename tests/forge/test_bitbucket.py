"""Bitbucket Cloud, against a server that keeps state: what the others have to hold it has to hold too."""

from __future__ import annotations

import pytest

pytest.importorskip("requests")

from refactor.campaign.forge.base import ForgeError, WantedPull
from refactor.campaign.forge.parts import marked
from refactor.campaign.spec import Group
from tests.forge.stand_in import Reply
from tests.forge.worlds import BitbucketWorld

HEAD = "refactor/services"
WANTED = WantedPull(head=HEAD, base="main", title="Call Services by name", body="one\n")


@pytest.fixture
def name(bitbucket: BitbucketWorld) -> str:
    made = bitbucket.add()
    bitbucket.push(made, HEAD)
    return made


def test_from_opened_to_merged(bitbucket: BitbucketWorld, name: str) -> None:
    forge = bitbucket.forge
    assert forge.find(name, HEAD, "main") is None
    made = forge.create(name, WANTED._replace(draft=True))
    assert forge.find(name, HEAD, "main") == made == forge.get(name, made.number)
    assert (made.draft, made.base, made.branch, made.state) == (True, "main", HEAD, "open")

    ready = forge.update(name, made, WANTED._replace(title="Other"))
    assert (ready.draft, ready.title) == (False, "Other")
    bitbucket.server.statuses[name] = ["SUCCESSFUL"]
    bitbucket.server.pull(name, made.number)["participants"] = [{"state": "approved"}]
    found = forge.health(name, made.number)
    assert (found.review, found.checks, found.pull.head) == ("approved", "passed", "a" * 40)

    forge.merge(name, found.pull)
    merged = forge.find(name, HEAD, "main")
    assert merged is not None
    assert merged.state == "merged"


def test_asked_for_twice_is_opened_once(bitbucket: BitbucketWorld, name: str) -> None:
    made = bitbucket.forge.create(name, WANTED)

    assert bitbucket.forge.create(name, WANTED._replace(title="Second")).number == made.number
    assert [s.title for s in bitbucket.seen(name)] == ["Second"]


def test_closed_with_a_word(bitbucket: BitbucketWorld, name: str) -> None:
    made = bitbucket.forge.create(name, WANTED)
    bitbucket.forge.close(name, made, "Done.")
    bitbucket.forge.close(name, made, "Again.")

    assert [s.state for s in bitbucket.seen(name)] == ["closed"]
    assert bitbucket.comments(name, made.number) == ["Done.", "Again."]
    assert bitbucket.forge.update(name, made, WANTED._replace(title="x")).state == "closed"


def test_a_next_page_on_another_server_is_not_asked(bitbucket: BitbucketWorld, name: str) -> None:
    page = {"values": [], "next": "http://elsewhere.example/2.0/x"}
    bitbucket.server.fail(Reply(200, page), "pullrequests")

    with pytest.raises(ForgeError, match="leads to another server"):
        bitbucket.forge.find(name, HEAD, "main")


@pytest.mark.parametrize(
    ("states", "checks"),
    [([], "none"), (["SUCCESSFUL"], "passed"), (["SUCCESSFUL", "INPROGRESS"], "running"), (["INPROGRESS", "FAILED"], "failed")],
)  # fmt: skip
def test_checks(bitbucket: BitbucketWorld, name: str, states: list[str], checks: str) -> None:
    made = bitbucket.forge.create(name, WANTED)
    bitbucket.server.statuses[name] = states

    assert bitbucket.forge.health(name, made.number).checks == checks


def test_reviewers_are_members_of_the_workspace(bitbucket: BitbucketWorld, name: str) -> None:
    made = bitbucket.forge.create(name, WANTED._replace(reviewers=("ann", "stranger", "ben")))

    assert [one["uuid"] for one in bitbucket.server.pull(name, made.number)["reviewers"]] == ["{11}", "{12}"]  # fmt: skip
    assert made.notes == ("reviewer stranger: Bitbucket: no member of that name",)


def test_what_it_does_not_have_is_said_once(bitbucket: BitbucketWorld, name: str) -> None:
    wanted = WANTED._replace(labels=("bot",))
    made = bitbucket.forge.create(name, wanted)
    before = len(bitbucket.server.requests)

    assert made.notes == ("labels: Bitbucket: does not have labels",)
    assert bitbucket.forge.update(name, made, wanted).notes == ()
    assert len(bitbucket.server.requests) == before, "nothing is asked where nothing has changed"
    with pytest.raises(ForgeError, match="forks"):
        bitbucket.forge.fork(name)


def test_a_body_that_is_too_long_is_cut_within_its_marks(
    bitbucket: BitbucketWorld, name: str
) -> None:
    bitbucket.forge.create(name, WANTED._replace(body=marked("- line\n" * 9000)))

    (seen,) = bitbucket.seen(name)
    assert len(seen.body) <= 32_768
    assert seen.body.rstrip().endswith("(refactor: end)")


def test_repositories_and_a_search(bitbucket: BitbucketWorld) -> None:
    for number in range(3):
        bitbucket.add(f"shop/r{number}", language="python" if number else "go")
    bitbucket.server.holds = {"shop/r1": "url: 10.42.1.1", "shop/r2": "none"}

    assert [r.name for r in bitbucket.forge.repositories(Group("shop", languages=("Python",)))] == ["shop/r1", "shop/r2"]  # fmt: skip
    assert bitbucket.forge.search("10.42.", "shop") == {"shop/r1"}


@pytest.mark.parametrize("may", [True, False])
def test_may_push(bitbucket: BitbucketWorld, may: bool) -> None:
    assert bitbucket.forge.may_push(bitbucket.add(push=may)) is may


def test_a_refused_token(bitbucket: BitbucketWorld, name: str) -> None:
    bitbucket.server.fail(Reply(401, {"type": "error", "error": {"message": "Token is invalid"}}))

    with pytest.raises(ForgeError, match=r"Bitbucket: Token is invalid \(401\)") as caught:
        bitbucket.forge.find(name, HEAD, "main")
    assert caught.value.status == 401
