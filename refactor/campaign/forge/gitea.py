"""Gitea and Forgejo, through `requests`: no well-kept client knows both, their API is one.

pyforgejo, under ogr, is generated from Forgejo's description alone and made for pydantic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from refactor.campaign.forge.base import REVIEWER, ForgeError, PullRequest, Wanted
from refactor.campaign.forge.choice import Candidate, chosen, instead, optional, state_of, until
from refactor.campaign.forge.fit import Marks, fitted, same
from refactor.campaign.forge.refusal import Speaker
from refactor.campaign.forge.wire import Wire
from refactor.campaign.repositories import lets_through
from refactor.campaign.spec import Group
from refactor.campaign.values import Repository
from refactor.errors import RefactorError

_BODY = 65_535
"""Characters that every database of Gitea's takes."""
_PAGE = 50
"""What one page holds, unless the server is set to less."""
_LOOKS = 60
"""A second apart."""
_COLOUR = "#ededed"
_DRAFT = Marks("WIP: ", re.compile(r"^\s*((\[wip\]|wip:)\s*)+", re.IGNORECASE))
Json = dict[str, Any]


class Gitea:
    """Gitea or Forgejo.

    Args:
        url: of its web pages.
        token: of its API.
        pause: seconds between two writes.

    Raises:
        RefactorError: there is no address; it has no public one.
    """

    def __init__(self, url: str, token: str, pause: float = 0) -> None:
        if not url:
            message = "Gitea needs an address"
            raise RefactorError(message, where="forge", remedy="name its pages: `forge.url`")
        self._web = url.rstrip("/")
        self._speaker = Speaker("Gitea", token)
        self._wire = Wire(self._speaker, url, ("Authorization", f"token {token}"), pause)
        self._known: dict[str, str] = {}

    def repositories(self, group: Group) -> Iterator[Repository]:
        """Return the repositories of an organisation or user that the filters let through."""
        with self._speaker.asked():
            for repo in self._all(quote(group.name, safe="")):
                name, topics, language = repo["full_name"], self._topics(repo), repo["language"]
                archived, fork = repo["archived"], repo["fork"]
                if lets_through(group, name, topics, language, archived=archived, fork=fork):
                    yield Repository(name, self.clone_url(name))

    def clone_url(self, name: str) -> str:
        """Return what git clones."""
        return f"{self._web}/{name}.git"

    def find(self, name: str, head: str, base: str, fork: str = "") -> PullRequest | None:
        """Return the pull request of a branch; Gitea cannot search for it, so all are looked at."""
        with self._speaker.asked():
            path = f"{self._of(name)}/pulls"
            source = (fork or self._known[name]).lower()
            for state in ("open", "closed"):
                pulls = self._pages(path, state=state)
                ours = [p for p in pulls if _is_from(p, source, head)]
                if found := chosen([Candidate(_pull(p), p["base"]["ref"]) for p in ours], base):
                    return found
            return None

    def create(self, name: str, wanted: Wanted) -> PullRequest:
        """Open a pull request."""
        with self._speaker.asked():
            asked = {
                "base": wanted.base,
                "head": f"{wanted.fork.partition('/')[0]}:{wanted.head}".removeprefix(":"),
                "title": _DRAFT.title(wanted.title, draft=wanted.draft),
                "body": fitted(wanted.body, _BODY),
            }
            try:
                pull = self._json("POST", f"{self._of(name)}/pulls", asked)
            except ForgeError as error:
                return instead(self, name, wanted, error)
            return self._finish(name, pull, wanted, self._ask_reviewers(name, pull, wanted))

    def update(
        self, name: str, found: PullRequest, wanted: Wanted, *, fresh: bool = False
    ) -> PullRequest:
        """Make an open pull request as wanted."""
        with self._speaker.asked():
            path = f"{self._of(name)}/pulls/{found.number}"
            pull = self._json("GET", path)
            if pull["state"] != "open":
                return _pull(pull)
            if changes := _changes(pull, wanted):
                pull = self._json("PATCH", path, changes)
            notes = self._ask_reviewers(name, pull, wanted) if fresh else []
            return self._finish(name, pull, wanted, notes)

    def close(self, name: str, found: PullRequest, comment: str) -> None:
        """Close a pull request, and say why."""
        with self._speaker.asked():
            path = f"{self._of(name)}/pulls/{found.number}"
            if self._json("GET", path)["state"] == "open":
                self._json("PATCH", path, {"state": "closed"})
            told = {"body": fitted(comment, _BODY)}
            self._json("POST", f"{self._of(name)}/issues/{found.number}/comments", told)

    def may_push(self, name: str) -> bool:
        """Say whether the token may push."""
        with self._speaker.asked():
            repo = self._repository(name)
            return bool(repo["permissions"]["push"]) and not repo["archived"]

    def fork(self, name: str) -> str:
        """Return our fork; Gitea fills a new one in its own time."""
        with self._speaker.asked():
            fork = self._forked(name)
            if until(lambda: not self._repository(fork)["empty"], _LOOKS):
                return fork
        message = f"the fork {fork} is not there yet"
        raise self._speaker.error(message, wait=30.0)

    def _forked(self, name: str) -> str:
        try:
            return str(self._json("POST", f"{self._of(name)}/forks", {})["full_name"])
        except ForgeError as error:
            if error.status != 409:
                raise
            mine = self._mine(name)
            if mine is None:
                raise
            return mine

    def _mine(self, name: str) -> str | None:
        me = self._json("GET", "/user")["login"]
        forks = self._pages(f"{self._of(name)}/forks")
        return next((f["full_name"] for f in forks if f["owner"]["login"] == me), None)

    def _all(self, owner: str) -> Iterator[Json]:
        try:
            yield from self._pages(f"/orgs/{owner}/repos")
        except ForgeError as error:
            if error.status != 404:
                raise
            yield from self._pages(f"/users/{owner}/repos")

    def _topics(self, repo: Json) -> list[str]:
        """Return a repository's topics, for which some versions have to be asked by themselves."""
        told = (
            repo if "topics" in repo else self._json("GET", f"{self._of(repo['full_name'])}/topics")
        )
        return told["topics"] or []

    def _repository(self, name: str) -> Json:
        repo: Json = self._json("GET", f"/repos/{quote(name)}")
        return repo

    def _of(self, name: str) -> str:
        """Return a repository's path by its present name: no write to a former one is done."""
        if name not in self._known:
            self._known[name] = self._repository(name)["full_name"]
        return f"/repos/{quote(self._known[name])}"

    def _ask_reviewers(self, name: str, pull: Json, wanted: Wanted) -> list[str]:
        notes: list[str] = []
        for reviewer in wanted.reviewers:
            with optional(notes, REVIEWER + reviewer, once=True):
                self._ask(name, pull, reviewer)
        return notes

    def _ask(self, name: str, pull: Json, reviewer: str) -> None:
        key = "team_reviewers" if "/" in reviewer else "reviewers"
        asked = {key: [reviewer.rpartition("/")[2]]}
        self._json("POST", f"{self._of(name)}/pulls/{pull['number']}/requested_reviewers", asked)

    def _finish(self, name: str, pull: Json, wanted: Wanted, notes: list[str]) -> PullRequest:
        """Add to a pull request what it can do without."""
        made = _pull(pull)
        missing = [label for label in wanted.labels if label not in made.labels]
        if missing:
            with optional(notes, "labels"):
                told = {"labels": self._label_ids(name, missing)}
                self._json("POST", f"{self._of(name)}/issues/{made.number}/labels", told)
                made = made._replace(labels=made.labels | {*missing})
        if wanted.auto_merge and not wanted.draft:
            with optional(notes, "auto-merge"):
                self._auto_merge(name, pull)
        return made._replace(notes=tuple(notes))

    def _label_ids(self, name: str, wanted: list[str]) -> list[int]:
        """Return the ids of labels, of the repository or its organisation, made where missing."""
        found = {label["name"]: label["id"] for label in self._pages(f"{self._of(name)}/labels")}
        if not {*wanted} <= {*found}:
            owner = quote(name.partition("/")[0], safe="")
            with suppress(ForgeError):  # The owner is a user.
                labels = list(self._pages(f"/orgs/{owner}/labels"))
                found = {label["name"]: label["id"] for label in labels} | found
        for label in wanted:
            if label not in found:
                told = {"name": label, "color": _COLOUR}
                found[label] = self._json("POST", f"{self._of(name)}/labels", told)["id"]
        return [found[label] for label in wanted]

    def _auto_merge(self, name: str, pull: Json) -> None:
        """Have Gitea merge what we pushed once its base's checks allow it.

        Where the base asks for none it would merge at once.
        """
        branch = quote(pull["base"]["ref"], safe="")
        base = self._json("GET", f"{self._of(name)}/branches/{branch}")
        if not (base["enable_status_check"] or base["required_approvals"]):
            message = f"the branch {base['name']} asks for no checks and would take it at once"
            raise self._speaker.error(message)
        path = f"{self._of(name)}/pulls/{pull['number']}"
        # Until it has looked for conflicts, Gitea refuses.
        until(lambda: bool(self._json("GET", path)["mergeable"]), 5)
        told = {
            "Do": "merge",
            "merge_when_checks_succeed": True,
            "head_commit_id": pull["head"]["sha"],
        }
        try:
            self._json("POST", f"{path}/merge", told)
        except ForgeError as error:
            if error.status != 409:  # It is set already.
                raise

    def _json(self, method: str, path: str, body: Json | None = None, **query: Any) -> Any:
        url = f"{self._web}/api/v1{path}"
        answer = self._wire.request(method, url, json=body, params=query)
        return answer.json() if answer.content else None

    def _pages(self, path: str, **query: Any) -> Iterator[Json]:
        """Return the items of all pages: as many as Gitea counts, or until one is empty."""
        page = seen = 0
        while True:
            page += 1
            url = f"{self._web}/api/v1{path}"
            answer = self._wire.get(url, params=query | {"page": page, "limit": _PAGE})
            items = answer.json()
            yield from items
            seen += len(items)
            if not items or seen >= int(answer.headers.get("X-Total-Count", seen + 1)):
                return


def _is_from(pull: Json, source: str, head: str) -> bool:
    """Say whether a pull request is from a branch; of one that is gone, the label still tells."""
    repo = pull["head"]["repo"]
    if repo is not None and repo["full_name"].lower() != source:
        return False
    return head in (pull["head"]["label"], pull["head"]["ref"])


def _changes(pull: Json, wanted: Wanted) -> dict[str, str]:
    title, body = _DRAFT.title(wanted.title, draft=wanted.draft), fitted(wanted.body, _BODY)
    changes = {} if same(pull["title"], title) else {"title": title}
    changes |= {} if same(pull["body"], body) else {"body": body}
    return changes | ({} if pull["base"]["ref"] == wanted.base else {"base": wanted.base})


def _pull(pull: Json) -> PullRequest:
    return PullRequest(
        number=int(pull["number"]),
        url=str(pull["html_url"]),
        state=state_of(merged=pull["merged"], opened=pull["state"] == "open"),
        title=_DRAFT.bare(pull["title"]),
        body=pull["body"] or "",
        draft=bool(pull["draft"]),
        labels=frozenset(label["name"] for label in pull["labels"] or ()),
    )
