"""What each adapter makes of errors: one kind, how long to wait, and never a secret."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote

import pytest

pytest.importorskip("github")
pytest.importorskip("gitlab")
import requests

from refactor.campaign.forge import connect
from refactor.campaign.forge import github as github_module
from refactor.campaign.forge import http as wire
from refactor.campaign.forge.base import Forge, ForgeError, PullRequest, WantedPull
from refactor.campaign.forge.gitea import Gitea
from refactor.campaign.forge.github import GitHub
from refactor.campaign.forge.gitlab import GitLab
from refactor.campaign.retries import Steady
from refactor.campaign.spec import ForgeSpec, Group
from refactor.errors import RefactorError
from tests.forge.github_stand_in import GitHubStandIn
from tests.forge.gitlab_stand_in import GitLabStandIn
from tests.forge.stand_in import TOKEN, Reply, StandIn, serving

MAKERS: dict[str, tuple[Callable[[str, str], Forge], type[StandIn]]] = {
    "GitHub": (GitHub, GitHubStandIn),
    "GitLab": (GitLab, GitLabStandIn),
    # What it refuses is the same as at GitLab's stand-in: all of it is told below.
    "Gitea": (Gitea, GitLabStandIn),
}
DATE = {"Date": "Mon, 23 Nov 2026 12:00:00 GMT"}
NOW = 1795435200
FOUND = PullRequest(1, "", "open")
WANTED = WantedPull(head="ours", base="main", title="t", body="b")
CALLS: dict[str, Callable[[Forge], object]] = {
    "repositories": lambda forge: list(forge.repositories(Group("shop"))),
    "find": lambda forge: forge.find("shop/web", "ours", "main"),
    "create": lambda forge: forge.create("shop/web", WANTED),
    "update": lambda forge: forge.update("shop/web", FOUND, WANTED),
    "close": lambda forge: forge.close("shop/web", FOUND, "why"),
    "may_push": lambda forge: forge.may_push("shop/web"),
    "fork": lambda forge: forge.fork("shop/web"),
}


@pytest.fixture(params=MAKERS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server(kind: str) -> Iterator[StandIn]:
    stand_in = MAKERS[kind][1]()
    with serving(stand_in):
        yield stand_in


def forge_of(kind: str, server: StandIn, token: str = TOKEN) -> Forge:
    return MAKERS[kind][0](server.url, token)


def error_of(forge: Forge, call: str = "may_push") -> ForgeError:
    with pytest.raises(ForgeError) as caught:
        CALLS[call](forge)
    return caught.value


@pytest.mark.parametrize(
    ("reply", "wait", "limited"),
    [
        (Reply(401, {"message": "Bad credentials"}), None, False),
        (Reply(403, {"message": "Forbidden"}), None, False),
        (
            Reply(403, {"message": "Resource not accessible"}, {"X-RateLimit-Remaining": "4999"}),
            None,
            False,
        ),
        (
            Reply(
                403,
                {"message": "Forbidden"},
                {"X-RateLimit-Reset": str(NOW + 9), "X-RateLimit-Remaining": "1"},
            ),
            None,
            False,
        ),
        (Reply(404, {"message": "Not Found"}), None, False),
        (Reply(422, {"message": "Validation Failed"}), None, False),
        (
            Reply(
                403,
                {"message": "API rate limit exceeded for user"},
                {**DATE, "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(NOW + 95)},
            ),
            95.0,
            True,
        ),
        (
            Reply(
                403,
                {"message": "API rate limit exceeded"},
                {**DATE, "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(NOW - 5)},
            ),
            1.0,
            True,
        ),
        (
            Reply(
                403, {"message": "You have exceeded a secondary rate limit"}, {"Retry-After": "17"}
            ),
            17.0,
            True,
        ),
        (Reply(403, {"message": "You have exceeded a secondary rate limit"}), 60.0, True),
        (
            Reply(
                403,
                {"message": "abuse detection mechanism"},
                {"X-RateLimit-Remaining": "900", "X-RateLimit-Reset": str(NOW + 900)},
            ),
            60.0,
            True,
        ),
        (
            Reply(
                429, "Retry later", {**DATE, "Retry-After": "30", "RateLimit-Reset": str(NOW + 31)}
            ),
            30.0,
            True,
        ),
        (Reply(429, "Retry later", {**DATE, "RateLimit-Reset": str(NOW + 31)}), 31.0, True),
        (Reply(429, None, {**DATE, "Retry-After": "Mon, 23 Nov 2026 12:02:00 GMT"}), 120.0, True),
        (Reply(429, None, {"Retry-After": "soon"}), 60.0, True),
        (Reply(500, {"message": "oops"}), 0.0, False),
        (Reply(502, "<html>Bad Gateway</html>"), 0.0, False),
        (Reply(503, None, {"Retry-After": "12"}), 12.0, False),
        (Reply(0), 0.0, False),
        (Reply(200, "<html>Sign in</html>"), None, False),
        (Reply(200, []), None, False),
    ],
    ids=lambda value: f"{value.status}" if isinstance(value, Reply) else None,
)
def test_waits_and_limits(
    kind: str, server: StandIn, reply: Reply, wait: float | None, limited: bool
) -> None:
    server.fail(reply)

    error = error_of(forge_of(kind, server))

    assert (error.wait, error.limited) == (wait, limited)
    assert error.status == (reply.status if reply.status >= 400 else 0)
    assert error.message.startswith(f"{kind}: ")
    assert len(server.requests) == 1, "nobody but the campaign tries again"


@pytest.mark.parametrize("call", CALLS)
def test_every_question_says_no_in_the_same_way(kind: str, server: StandIn, call: str) -> None:
    for _ in range(3):
        server.fail(Reply(503, {"message": "down"}))

    error = error_of(forge_of(kind, server), call)

    assert (error.status, error.wait, error.message) == (503, 0.0, f"{kind}: down (503)")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("kind", "data", "told"),
    [
        (
            "GitHub",
            {
                "message": "Validation Failed",
                "errors": [{"resource": "Label", "code": "already_exists"}],
            },
            "Validation Failed: resource Label code already_exists",
        ),
        ("GitHub", {"message": "two\nlines\tand \u001b[31mcolour"}, "two lines and [31mcolour"),
        ("GitHub", {"message": "password=hunter22 was wrong"}, "password=*** was wrong"),
        ("GitHub", {}, "no reason given"),
        (
            "GitLab",
            {"message": {"title": ["is too long"], "base": ["is wrong", "is old"]}},
            "title is too long base is wrong; is old",
        ),
        ("GitLab", {"message": ["one", "two"]}, "one; two"),
        (
            "GitLab",
            {"error": "insufficient_scope", "error_description": "needs more"},
            "needs more: insufficient_scope",
        ),
        (
            "Gitea",
            {"message": "repository does not exist", "url": "https://x.example/api/swagger"},
            "repository does not exist",
        ),
        ("Gitea", "<html>Not here</html>", "no reason given"),
        ("Gitea", None, "Unprocessable Entity"),
    ],
    ids=[
        "errors",
        "signs",
        "secret",
        "nothing",
        "fields",
        "list",
        "scope",
        "message",
        "page",
        "no-body",
    ],
    indirect=["kind"],
)
def test_what_it_said_is_told_in_one_line(
    kind: str, server: StandIn, data: object, told: str
) -> None:
    server.fail(Reply(422, data))

    assert error_of(forge_of(kind, server)).message == f"{kind}: {told} (422)"


def test_long_words_are_cut(kind: str, server: StandIn) -> None:
    server.fail(Reply(422, {"message": "x" * 5000}))

    assert len(error_of(forge_of(kind, server)).message) < 330


def test_a_wrong_token(kind: str, server: StandIn) -> None:
    error = error_of(forge_of(kind, server, "other-token"))

    assert (error.status, error.wait) == (401, None)
    assert "other-token" not in error.message


@pytest.mark.parametrize(
    "form", [str, quote, lambda text: repr(text)[1:-1]], ids=["plain", "quoted", "escaped"]
)
def test_a_forge_that_repeats_the_token(
    kind: str, server: StandIn, form: Callable[[str], str]
) -> None:
    server.fail(Reply(403, {"message": f"the token {form(TOKEN)} may not"}))
    forge = forge_of(kind, server)

    error = error_of(forge)

    assert form(TOKEN) not in error.message
    assert "***" in error.message
    assert TOKEN not in f"{error!r} {error.args} {forge!r}"
    assert all(TOKEN not in r.path + str(r.query) for r in server.requests)


def test_a_token_that_no_header_takes_is_not_shown(kind: str, server: StandIn) -> None:
    error = error_of(forge_of(kind, server, "line-one\nline-two"))

    assert "line-one" not in error.message
    assert server.requests == []


def test_no_answer_in_time(kind: str, server: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "TIMEOUT", (1, 0.2))
    monkeypatch.setattr(github_module, "_TIMEOUT", 1)
    server.fail(Reply(-1))

    error = error_of(forge_of(kind, server))

    assert (error.status, error.wait, error.message) == (0, 0.0, f"{kind}: no answer in time")


def test_nobody_listens(kind: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        url = f"http://127.0.0.1:{held.getsockname()[1]}"

    error = error_of(MAKERS[kind][0](url, TOKEN))

    assert (error.status, error.wait, error.message) == (0, 0.0, f"{kind}: no connection")


@contextmanager
def elsewhere() -> Iterator[StandIn]:
    """Another server, whose port makes it one."""
    other = StandIn()
    with serving(other):
        yield other


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", ["may_push", "fork"])
def test_a_redirect_to_another_server_is_not_followed(
    kind: str, server: StandIn, status: int, call: str
) -> None:
    with elsewhere() as other:
        to = other.url.replace("127.0.0.1", "localhost")
        server.fail(Reply(status, {"message": "Moved"}, {"Location": f"{to}/api/v4/stolen"}))

        error = error_of(forge_of(kind, server), call)

        assert other.requests == []
    assert error.wait is None
    assert TOKEN not in error.message


@pytest.mark.parametrize("status", [301, 302, 303, 307])
def test_a_write_that_is_redirected_does_not_pass_for_done(
    kind: str, server: StandIn, status: int
) -> None:
    assert isinstance(server, GitHubStandIn | GitLabStandIn)
    server.add("shop/web")
    server.branches["shop/web"].add("ours")
    here = f"{server.url}{server.root}/elsewhere"
    server.fail(Reply(status, {"message": "Moved"}, {"Location": here}), "POST")

    error_of(forge_of(kind, server), "create")

    assert not (server.pulls["shop/web"] if isinstance(server, GitHubStandIn) else server.merges)


def test_the_next_page_of_another_server_is_not_asked_for(kind: str, server: StandIn) -> None:
    with elsewhere() as other:
        to = other.url.replace("127.0.0.1", "localhost")
        for _ in range(3):
            link = (
                f'<{to}/api/v3/orgs/shop/repos?page=2>; rel="next", <{to}/evil?page=2>; rel="next"'
            )
            server.fail(Reply(200, [], {"Link": link}), "/repos")
            server.fail(Reply(200, [], {"Link": link}), "/projects")

        try:
            list(forge_of(kind, server).repositories(Group("shop")))
        except ForgeError as error:
            assert TOKEN not in error.message

        assert other.requests == []


def test_netrc_is_not_asked(
    kind: str, server: StandIn, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    netrc = f"{tmp_path}/netrc"
    with open(netrc, "w") as file:
        file.write("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", netrc)

    error_of(forge_of(kind, server))

    (request,) = server.requests
    assert "Basic" not in str(request.headers)


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (
            ForgeSpec("github", token="ABSENT"),
            "forge: github needs a token; put it into the environment, as ABSENT",
        ),
        (
            ForgeSpec("gitlab"),
            "forge: gitlab needs a token; set `forge.token` to the name of its variable",
        ),
        (
            ForgeSpec("gitea", token="PRESENT"),
            "forge: Gitea needs an address; set `forge.url`",
        ),
    ],
    ids=["not-set", "not-named", "no-address"],
)
def test_what_the_campaign_file_lacks(
    monkeypatch: pytest.MonkeyPatch, spec: ForgeSpec, told: str
) -> None:
    monkeypatch.setenv("PRESENT", TOKEN)

    with pytest.raises(RefactorError) as caught:
        connect(spec)
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("spec", "clone", "api"),
    [
        (
            ForgeSpec("github", token="T"),
            "https://github.com/shop/web.git",
            "https://api.github.com/repos/shop/web",
        ),
        (
            ForgeSpec("github", "https://github.com/", "T"),
            "https://github.com/shop/web.git",
            "https://api.github.com/repos/shop/web",
        ),
        (
            ForgeSpec("github", "https://shop.ghe.com", "T"),
            "https://shop.ghe.com/shop/web.git",
            "https://api.shop.ghe.com/repos/shop/web",
        ),
        (
            ForgeSpec("github", "https://git.shop.example", "T"),
            "https://git.shop.example/shop/web.git",
            "https://git.shop.example/api/v3/repos/shop/web",
        ),
        (
            ForgeSpec("gitlab", token="T"),
            "https://gitlab.com/shop/web.git",
            "https://gitlab.com/api/v4/projects/shop%2Fweb",
        ),
        (
            ForgeSpec("gitlab", "https://git.shop.example/gitlab/", "T"),
            "https://git.shop.example/gitlab/shop/web.git",
            "https://git.shop.example/gitlab/api/v4/projects/shop%2Fweb",
        ),
        (
            ForgeSpec("forgejo", "https://git.shop.example", "T"),
            "https://git.shop.example/shop/web.git",
            "https://git.shop.example/api/v1/repos/shop/web",
        ),
    ],
    ids=[
        "GitHub",
        "GitHub-named",
        "GitHub-cloud",
        "GitHub-server",
        "GitLab",
        "GitLab-below-a-path",
        "Forgejo",
    ],
)
def test_addresses(monkeypatch: pytest.MonkeyPatch, spec: ForgeSpec, clone: str, api: str) -> None:
    monkeypatch.setenv("T", f" {TOKEN}\n")
    sent: list[requests.PreparedRequest] = []

    def send(self: object, request: requests.PreparedRequest, **named: object) -> requests.Response:
        sent.append(request)
        assert named["timeout"] in (wire.TIMEOUT, 30)
        raise requests.ConnectionError

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    forge = connect(spec)
    assert forge is not None

    error_of(forge)

    assert forge.clone_url("shop/web") == clone
    assert [request.url.replace(":443", "") if request.url else "" for request in sent] == [api]
    assert any(value in (TOKEN, f"token {TOKEN}") for value in sent[0].headers.values())


def test_asked_again_where_that_helps_and_only_there(kind: str, server: StandIn) -> None:
    pytest.importorskip("stamina")
    steady = Steady(forge_of(kind, server))
    for reply in (
        Reply(503),
        Reply(0),
        Reply(429, None, {"Retry-After": "0"}),
        Reply(404, {"message": "Not Found"}),
    ):
        server.fail(reply)

    with pytest.raises(ForgeError) as caught:
        steady.ask(CALLS["may_push"])

    assert (caught.value.status, len(server.requests)) == (404, 4)
    server.fail(Reply(429, None, {"Retry-After": "3600"}))
    with pytest.raises(ForgeError) as caught:
        steady.ask(CALLS["may_push"])
    assert (caught.value.wait, caught.value.limited, len(server.requests)) == (3600.0, True, 5)


@pytest.mark.parametrize("kind", ["GitHub", "GitLab"], indirect=True)
def test_writes_keep_their_pause_and_reads_have_none(
    kind: str, server: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(server, GitHubStandIn | GitLabStandIn)
    server.add("shop/web")
    server.branches["shop/web"].add("ours")
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    forge = type(forge_of(kind, server))(server.url, TOKEN, 100.0)

    def waits() -> list[int]:
        seconds = [round(each, -1) for each in slept if each > 1]
        slept.clear()
        return seconds

    made = forge.create("shop/web", WANTED)
    assert waits() == []
    forge.find("shop/web", "ours", "main")
    forge.update("shop/web", made, WANTED)
    assert waits() == []
    forge.close("shop/web", made, "why")
    assert waits() == [100, 100]


def test_plain_git_has_no_forge() -> None:
    assert connect(ForgeSpec("git")) is None
