"""GitHub, also Enterprise, through PyGithub.

Not through ogr, which stands on it: that knows no drafts, reviewers, auto-merge, groups or search
by branch, and drops the status and the headers of errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import github
from github.PullRequest import PullRequest as Pull
from github.Repository import Repository as Repo
from github.Requester import Requester

from refactor.campaign.forge.adapter import Adapter, Fields
from refactor.campaign.forge.base import Health, PullRequest, WantedPull
from refactor.campaign.forge.github_health import CHECKS, HEALTH, review
from refactor.campaign.forge.pulls import page, state_of, until
from refactor.campaign.forge.refusal import Answer, Speaker
from refactor.campaign.repositories import lets_through
from refactor.campaign.spec import Group
from refactor.campaign.values import Repository

_TIMEOUT = 30
"""Seconds for a connection, and for each silence after it."""
_LOOKS = 60
"""A second apart."""
_COLOUR = "ededed"


class GitHub(Adapter):
    """GitHub.

    Args:
        url: of its web pages; "" for github.com.
        token: of its API.
        pause: seconds between two writes.
    """

    title_limit, body_limit = 256, 65_536

    def __init__(self, url: str, token: str, pause: float = 0) -> None:
        super().__init__(Speaker("GitHub", token))
        self._web = url.rstrip("/") or "https://github.com"
        # Who asks decides about another try.
        self._client = github.Github(
            auth=github.Auth.Token(token),
            base_url=_api(self._web),
            timeout=_TIMEOUT,
            per_page=100,
            retry=None,
            seconds_between_requests=0,
            seconds_between_writes=pause,
        )
        _make_strict(self._client.requester)
        self._known: dict[str, Repo] = {}
        self._asked_for: dict[tuple[str, int], Pull] = {}

    def repositories(self, group: Group) -> Iterator[Repository]:
        """Return the repositories of an organisation or user that the filters let through."""
        with self._asked():
            for repo in self._all(group.name):
                name, topics, language = repo.full_name, repo.topics or [], repo.language or ""
                archived, fork = repo.archived, repo.fork
                if lets_through(group, name, topics, language, archived=archived, fork=fork):
                    yield Repository(name, self.clone_url(name))

    def clone_url(self, name: str) -> str:
        """Return what git clones."""
        return f"{self._web}/{name}.git"

    def search(self, text: str, owner: str) -> set[str]:
        """Return the repositories of an owner whose files hold a text, by GitHub's code search."""
        with self._asked():
            found = self._client.search_code(f'"{text}" user:{owner}')
            return {hit.repository.full_name for hit in found}

    def health(self, name: str, number: int) -> Health:
        """Return what reviews and checks say: one request of GraphQL."""
        with self._asked():
            pull = self._get(name, number)
            owner, _, short = self._repository(name).full_name.partition("/")
            asked = {"owner": owner, "name": short, "number": number}
            _, data = self._client.requester.graphql_query(HEALTH, asked)
            told = data["data"]["repository"]["pullRequest"]
            (last,) = told["commits"]["nodes"]
            checks = (last["commit"]["statusCheckRollup"] or {}).get("state")
            states = {review["state"] for review in told["latestReviews"]["nodes"]}
            mergeable = {"MERGEABLE": True, "CONFLICTING": False}.get(told["mergeable"])
            return Health(
                pull._replace(mergeable=mergeable),
                review(told["reviewDecision"], states),
                CHECKS[checks],
            )

    def merge(self, name: str, found: PullRequest) -> None:
        """Merge a pull request."""
        with self._asked():
            repo = self._repository(name)
            pull = self._pull_of(name, found.number)
            pull.merge(merge_method=_method(repo).lower(), sha=found.head)

    def may_push(self, name: str) -> bool:
        """Say whether the token may push."""
        with self._asked():
            repo = self._repository(name)
            return bool(repo.permissions.push) and not repo.archived

    def fork(self, name: str) -> str:
        """Return our fork; GitHub gives the one there is, and fills a new one in its own time."""
        with self._asked():
            made = self._repository(name).create_fork()
            if until(lambda: self._is_filled(made), _LOOKS):
                return made.full_name
        message = f"the fork {made.full_name} is not there yet"
        raise self._speaker.error(message, wait=30.0)

    def _all(self, owner: str) -> Iterator[Repo]:
        try:
            yield from self._client.get_organization(owner).get_repos()
        except github.UnknownObjectException:
            me = self._client.get_user()
            if me.login.lower() == owner.lower():
                yield from me.get_repos(affiliation="owner")
            else:
                yield from self._client.get_user(owner).get_repos()

    def _repository(self, name: str) -> Repo:
        """Return a repository by its present name: a write to a former one is not carried out."""
        if name not in self._known:
            self._known[name] = self._client.get_repo(name)
        return self._known[name]

    def _is_filled(self, repo: Repo) -> bool:
        try:
            repo.get_branch(repo.default_branch)
        except github.GithubException as error:
            if error.status not in (404, 409):
                raise
            return False
        return True

    def _pull_of(self, name: str, number: int) -> Pull:
        """Return a pull request to write to, asked for where it was not before."""
        if (name, number) not in self._asked_for:
            self._get(name, number)
        return self._asked_for[name, number]

    def _pulls(self, name: str, head: str, base: str, fork: str) -> Iterator[PullRequest]:  # noqa: ARG002 - one may be to another base
        repo = self._repository(name)
        source = fork or repo.full_name
        label = f"{source.partition('/')[0]}:{head}"
        # A server that knows no such filter gives all.
        pulls = repo.get_pulls(state="all", head=label)
        yield from (_pull(p) for p in pulls if _is_from(p, source, label))

    def _get(self, name: str, number: int) -> PullRequest:
        # A repository that was renamed is found by its former name, too: reads are redirected.
        url = f"/repos/{name}/pulls/{number}"
        pull = self._kept(name, Pull(self._client.requester, url=url))
        return _pull(pull)._replace(mergeable=pull.mergeable)

    def _kept(self, name: str, pull: Pull) -> Pull:
        self._asked_for[name, int(pull.number)] = pull
        return pull

    def _open(self, name: str, wanted: WantedPull, notes: list[str]) -> PullRequest:  # noqa: ARG002 - the forge's people come later
        repo = self._repository(name)
        owner, _, fork = (wanted.fork or repo.full_name).partition("/")
        # Without it GitHub finds no fork in the repository's own organisation.
        where: dict[str, Any] = {"head_repo": fork} if wanted.fork else {}
        made = repo.create_pull(
            wanted.base,
            f"{owner}:{wanted.head}",
            title=wanted.title,
            body=wanted.body,
            draft=wanted.draft,
            **where,
        )
        return _pull(self._kept(name, made))

    def _edit(self, name: str, now: PullRequest, fields: Fields) -> PullRequest:
        pull = self._pull_of(name, now.number)
        if plain := {key: value for key, value in fields.items() if key != "draft"}:
            pull.edit(**plain)
        match fields.get("draft"):
            case True:
                pull.convert_to_draft()
            case False:
                pull.mark_ready_for_review()
        return _pull(pull)

    def _shut(self, name: str, number: int) -> None:
        self._pull_of(name, number).edit(state="closed")

    def _say(self, name: str, number: int, text: str) -> None:
        self._pull_of(name, number).create_issue_comment(text)

    def _label(self, name: str, number: int, labels: tuple[str, ...]) -> None:
        repo = self._repository(name)
        for label in labels:
            _make_label(repo, label)
        self._pull_of(name, number).add_to_labels(*labels)

    def _assign(self, name: str, number: int, people: tuple[str, ...]) -> None:
        self._pull_of(name, number).add_to_assignees(*people)

    def _ask(self, name: str, number: int, reviewers: tuple[str, ...]) -> None:
        users = [one for one in reviewers if "/" not in one]
        teams = [one.partition("/")[2] for one in reviewers if "/" in one]
        self._pull_of(name, number).create_review_request(users, teams)

    def _auto_merge(self, name: str, pull: PullRequest) -> None:
        way = _method(self._repository(name))
        self._pull_of(name, pull.number).enable_automerge(way)

    @contextmanager
    def _asked(self) -> Iterator[None]:
        with self._speaker.asked():
            try:
                yield
            except github.GithubException as error:
                headers = error.headers or {}
                data = error.data or error.message
                raise self._speaker.refused(Answer(error.status, headers, data)) from None
            except github.BadAttributeException as error:
                message = f"unexpected answer: {error.actual_value!r}"
                raise self._speaker.error(message) from None


def _make_strict(requester: Requester) -> None:
    """Make an error of each redirect that PyGithub does not follow, and takes for an answer."""
    plain = requester.requestJson

    def ask(*args: Any, **named: Any) -> tuple[int, dict[str, Any], str]:
        status, headers, text = plain(*args, **named)
        if 300 <= status < 400:
            told = {"message": f"redirected to {headers.get('location')}"}
            raise github.GithubException(status, told, headers)
        return status, headers, text

    requester.requestJson = ask  # type: ignore[method-assign]


def _api(web: str) -> str:
    """Return the API's address: github.com, Enterprise Cloud with its own domain, or Server."""
    parts = urlsplit(web)
    host = parts.netloc.lower().removeprefix("www.")
    if host == "github.com" or host.endswith(".ghe.com"):
        return f"https://api.{host}"
    return f"{web}/api/v3"


def _is_from(pull: Pull, source: str, label: str) -> bool:
    """Say whether a pull request is from a branch; a fork that is gone has only its label left."""
    if pull.head.label.lower() != label.lower():
        return False
    repo: Repo | None = pull.head.repo
    return repo is None or repo.full_name.lower() == source.lower()


def _make_label(repo: Repo, name: str) -> None:
    try:
        repo.get_label(name)
    except github.UnknownObjectException:
        repo.create_label(name, _COLOUR)


def _method(repo: Repo) -> str:
    """Return the first way of merging that a repository allows."""
    if repo.allow_merge_commit or not (repo.allow_squash_merge or repo.allow_rebase_merge):
        return "MERGE"
    return "SQUASH" if repo.allow_squash_merge else "REBASE"


def _pull(pull: Pull) -> PullRequest:
    return PullRequest(
        number=int(pull.number),
        url=page(pull.html_url),
        state=state_of(merged=bool(pull.merged_at), opened=pull.state == "open"),
        title=pull.title,
        body=pull.body or "",
        draft=bool(pull.draft),
        labels=frozenset(label.name for label in pull.labels),
        base=pull.base.ref,
        head=pull.head.sha,
        branch=pull.head.ref,
        auto_merge=bool(pull.auto_merge),
    )
