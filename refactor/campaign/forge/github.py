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

from refactor.campaign.forge.base import REVIEWER, ForgeError, PullRequest, Wanted
from refactor.campaign.forge.choice import Candidate, chosen, instead, optional, state_of, until
from refactor.campaign.forge.fit import fitted, same, short
from refactor.campaign.forge.refusal import Answer, Speaker
from refactor.campaign.repositories import lets_through
from refactor.campaign.spec import Group
from refactor.campaign.values import Repository

_TITLE, _BODY = 256, 65_536
"""Characters that GitHub takes."""
_TIMEOUT = 30
"""Seconds for a connection, and for each silence after it."""
_LOOKS = 60
"""A second apart."""
_COLOUR = "ededed"


class GitHub:
    """GitHub.

    Args:
        url: of its web pages; "" for github.com.
        token: of its API.
        pause: seconds between two writes.
    """

    def __init__(self, url: str, token: str, pause: float = 0) -> None:
        self._web = url.rstrip("/") or "https://github.com"
        self._speaker = Speaker("GitHub", token)
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

    def find(self, name: str, head: str, base: str, fork: str = "") -> PullRequest | None:
        """Return the pull request of a branch."""
        with self._asked():
            repo = self._repository(name)
            source = fork or repo.full_name
            label = f"{source.partition('/')[0]}:{head}"
            pulls = repo.get_pulls(state="all", head=label)
            # A server that knows no such filter gives all.
            ours = [p for p in pulls if _is_from(p, source, label)]
            return chosen([Candidate(_pull(p), p.base.ref) for p in ours], base)

    def create(self, name: str, wanted: Wanted) -> PullRequest:
        """Open a pull request."""
        with self._asked():
            repo = self._repository(name)
            try:
                with self._asked():
                    pull = _opened(repo, wanted)
            except ForgeError as error:
                return instead(self, name, wanted, error)
            return self._finish(repo, pull, wanted, self._ask_reviewers(pull, wanted.reviewers))

    def update(
        self, name: str, found: PullRequest, wanted: Wanted, *, fresh: bool = False
    ) -> PullRequest:
        """Make an open pull request as wanted."""
        with self._asked():
            repo = self._repository(name)
            pull = repo.get_pull(found.number)
            if pull.state != "open":
                return _pull(pull)
            if changes := _changes(pull, wanted):
                pull.edit(**changes)
            if pull.draft and not wanted.draft:
                pull.mark_ready_for_review()
            elif wanted.draft and not pull.draft:
                pull.convert_to_draft()
            notes = self._ask_reviewers(pull, wanted.reviewers) if fresh else []
            return self._finish(repo, pull, wanted, notes)

    def close(self, name: str, found: PullRequest, comment: str) -> None:
        """Close a pull request, and say why."""
        with self._asked():
            pull = self._repository(name).get_pull(found.number)
            if pull.state == "open":
                pull.edit(state="closed")
            pull.create_issue_comment(fitted(comment, _BODY))

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

    def _ask_reviewers(self, pull: Pull, reviewers: tuple[str, ...]) -> list[str]:
        """Ask for reviews: all at once, and where one of them cannot be asked, each alone."""
        notes: list[str] = []
        if not reviewers:
            return notes
        try:
            with self._asked():
                _ask(pull, reviewers)
        except ForgeError:
            for one in reviewers:
                with optional(notes, REVIEWER + one, once=True), self._asked():
                    _ask(pull, (one,))
        return notes

    def _finish(self, repo: Repo, pull: Pull, wanted: Wanted, notes: list[str]) -> PullRequest:
        """Add to a pull request what it can do without."""
        have = {label.name for label in pull.labels}
        if missing := [name for name in wanted.labels if name not in have]:
            with optional(notes, "labels"), self._asked():
                for label in missing:
                    _make_label(repo, label)
                pull.add_to_labels(*missing)
                have |= {*missing}
        if wanted.auto_merge and not wanted.draft and not pull.auto_merge:
            with optional(notes, "auto-merge"), self._asked():
                pull.enable_automerge(_method(repo))
        return _pull(pull)._replace(labels=frozenset(have), notes=tuple(notes))

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
                message = f"an answer that makes no sense: {error.actual_value!r}"
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


def _opened(repo: Repo, wanted: Wanted) -> Pull:
    owner, _, fork = (wanted.fork or repo.full_name).partition("/")
    # Without it GitHub finds no fork in the repository's own organisation.
    where: dict[str, Any] = {"head_repo": fork} if wanted.fork else {}
    return repo.create_pull(
        wanted.base,
        f"{owner}:{wanted.head}",
        title=short(wanted.title, _TITLE),
        body=fitted(wanted.body, _BODY),
        draft=wanted.draft,
        **where,
    )


def _changes(pull: Pull, wanted: Wanted) -> dict[str, Any]:
    title, body = short(wanted.title, _TITLE), fitted(wanted.body, _BODY)
    changes: dict[str, Any] = {} if same(pull.title, title) else {"title": title}
    changes |= {} if same(pull.body, body) else {"body": body}
    return changes | ({} if pull.base.ref == wanted.base else {"base": wanted.base})


def _is_from(pull: Pull, source: str, label: str) -> bool:
    """Say whether a pull request is from a branch; a fork that is gone has only its label left."""
    if pull.head.label.lower() != label.lower():
        return False
    repo: Repo | None = pull.head.repo
    return repo is None or repo.full_name.lower() == source.lower()


def _ask(pull: Pull, reviewers: tuple[str, ...]) -> None:
    users = [name for name in reviewers if "/" not in name]
    teams = [name.partition("/")[2] for name in reviewers if "/" in name]
    pull.create_review_request(users, teams)


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
        url=str(pull.html_url),
        state=state_of(merged=bool(pull.merged_at), opened=pull.state == "open"),
        title=pull.title,
        body=pull.body or "",
        draft=bool(pull.draft),
        labels=frozenset(label.name for label in pull.labels),
    )
