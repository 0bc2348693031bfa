"""Gitea and Forgejo, through `requests`: no well-kept client knows both, their API is one.

pyforgejo, under ogr, is generated from Forgejo's description alone and made for pydantic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from typing import Literal as OneOf
from urllib.parse import quote

from refactor.campaign.forge.adapter import Adapter, Fields
from refactor.campaign.forge.base import ForgeError, Health, PullRequest, WantedPull
from refactor.campaign.forge.http import Wire
from refactor.campaign.forge.pull_text import DraftMarks
from refactor.campaign.forge.pulls import page, state_of, until
from refactor.campaign.forge.refusal import Speaker
from refactor.campaign.repositories import lets_through
from refactor.campaign.spec import Group
from refactor.campaign.values import Repository
from refactor.errors import RefactorError

_PAGE = 50
"""What one page holds, unless the server is set to less."""
_LOOKS = 60
"""A second apart."""
_COLOUR = "#ededed"
_DRAFT = DraftMarks("WIP: ", re.compile(r"^\s*((\[wip\]|wip:)\s*)+", re.IGNORECASE))
Json = dict[str, Any]


_CHECKS: dict[str, OneOf["passed", "failed", "running", "none"]] = {
    **dict.fromkeys(("success", "warning", "skipped"), "passed"),
    **dict.fromkeys(("failure", "error"), "failed"),
    "pending": "running",
    "": "none",
}


class Gitea(Adapter):
    """Gitea or Forgejo.

    Args:
        url: of its web pages.
        token: of its API.
        pause: seconds between two writes.

    Raises:
        RefactorError: there is no address; it has no public one.
    """

    # What every database of Gitea's takes.
    body_limit = 65_535
    marks = _DRAFT

    def __init__(self, url: str, token: str, pause: float = 0) -> None:
        if not url:
            message = "Gitea needs an address"
            raise RefactorError(message, where="forge", remedy="set `forge.url`")
        super().__init__(Speaker("Gitea", token))
        self._web = url.rstrip("/")
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

    def search(self, text: str, owner: str) -> set[str]:
        """Gitea's API has no code search."""
        message = f"cannot search code (`{text}` in {owner}): name repositories, topics or globs"
        raise self._speaker.error(message)

    def health(self, name: str, number: int) -> Health:
        """Return what reviews and checks say."""
        with self._speaker.asked():
            pull = self._get(name, number)
            of = f"{self._of(name)}"
            last = {
                review["user"]["login"]: review["state"]
                for review in self._pages(f"{of}/pulls/{number}/reviews")
                if review["user"]
                and not (review["dismissed"] or review["stale"])
                and review["state"] in ("APPROVED", "REQUEST_CHANGES")
            }
            checks = self._json("GET", f"{of}/commits/{pull.head}/status")
            state = checks["state"] if checks["total_count"] else ""
            return Health(pull, _review({*last.values()}), _CHECKS.get(state, "running"))

    def merge(self, name: str, found: PullRequest) -> None:
        """Merge a pull request, in the repository's own way."""
        with self._speaker.asked():
            way = self._repository(name).get("default_merge_style") or "merge"
            told = {"Do": way, "head_commit_id": found.head}
            self._json("POST", f"{self._of(name)}/pulls/{found.number}/merge", told)

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

    def _pulls(self, name: str, head: str, base: str, fork: str) -> Iterator[PullRequest]:  # noqa: ARG002 - one may be to another base
        """Yield open ones first: Gitea cannot search for a branch, so all are looked at."""
        path = f"{self._of(name)}/pulls"
        source = (fork or self._known[name]).lower()
        for state in ("open", "closed"):
            pulls = self._pages(path, state=state)
            ours = [_pull(p) for p in pulls if _is_from(p, source, head)]
            yield from ours
            if any(pull.state == "open" for pull in ours):
                return

    def _get(self, name: str, number: int) -> PullRequest:
        # A repository that was renamed is found by its former name, too: reads are redirected.
        known = quote(self._known.get(name, name))
        return _pull(self._json("GET", f"/repos/{known}/pulls/{number}"))

    def _open(self, name: str, wanted: WantedPull, notes: list[str]) -> PullRequest:  # noqa: ARG002 - people and labels come later
        asked = {
            "base": wanted.base,
            "head": f"{wanted.fork.partition('/')[0]}:{wanted.head}".removeprefix(":"),
            "title": wanted.title,
            "body": wanted.body,
        }
        return _pull(self._json("POST", f"{self._of(name)}/pulls", asked))

    def _edit(self, name: str, now: PullRequest, fields: Fields) -> PullRequest:
        told = {key: value for key, value in fields.items() if key != "draft"}
        return _pull(self._json("PATCH", f"{self._of(name)}/pulls/{now.number}", told))

    def _shut(self, name: str, number: int) -> None:
        self._json("PATCH", f"{self._of(name)}/pulls/{number}", {"state": "closed"})

    def _say(self, name: str, number: int, text: str) -> None:
        self._json("POST", f"{self._of(name)}/issues/{number}/comments", {"body": text})

    def _label(self, name: str, number: int, labels: tuple[str, ...]) -> None:
        told = {"labels": self._label_ids(name, [*labels])}
        self._json("POST", f"{self._of(name)}/issues/{number}/labels", told)

    def _assign(self, name: str, number: int, people: tuple[str, ...]) -> None:
        self._json("PATCH", f"{self._of(name)}/issues/{number}", {"assignees": [*people]})

    def _ask(self, name: str, number: int, reviewers: tuple[str, ...]) -> None:
        asked = {
            "reviewers": [one for one in reviewers if "/" not in one],
            "team_reviewers": [one.rpartition("/")[2] for one in reviewers if "/" in one],
        }
        self._json("POST", f"{self._of(name)}/pulls/{number}/requested_reviewers", asked)

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

    def _auto_merge(self, name: str, pull: PullRequest) -> None:
        """Have Gitea merge what we pushed once its base's checks allow it.

        Where the base asks for none it would merge at once.
        """
        branch = quote(pull.base, safe="")
        base = self._json("GET", f"{self._of(name)}/branches/{branch}")
        if not (base["enable_status_check"] or base["required_approvals"]):
            message = f"the branch {base['name']} asks for no checks and would take it at once"
            raise self._speaker.error(message)
        path = f"{self._of(name)}/pulls/{pull.number}"
        # Until it has looked for conflicts, Gitea refuses.
        until(lambda: bool(self._json("GET", path)["mergeable"]), 5)
        told = {
            "Do": "merge",
            "merge_when_checks_succeed": True,
            "head_commit_id": pull.head,
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


def _review(states: set[str]) -> OneOf["approved", "changes asked for", "none"]:
    if "REQUEST_CHANGES" in states:
        return "changes asked for"
    return "approved" if "APPROVED" in states else "none"


def _pull(pull: Json) -> PullRequest:
    return PullRequest(
        number=int(pull["number"]),
        url=page(pull["html_url"]),
        state=state_of(merged=pull["merged"], opened=pull["state"] == "open"),
        title=_DRAFT.bare(pull["title"]),
        body=pull["body"] or "",
        draft=bool(pull["draft"]),
        labels=frozenset(label["name"] for label in pull["labels"] or ()),
        base=str(pull["base"]["ref"]),
        head=str(pull["head"].get("sha") or ""),
        branch=str(pull["head"]["ref"]),
        mergeable=pull.get("mergeable"),
    )
