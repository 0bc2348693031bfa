"""Bitbucket Cloud, through its REST API 2.0 and `requests`.

Not through atlassian-python-api: its Cloud client follows the address of a next page to any server,
with the token, and knows no drafts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from typing import Literal as OneOf
from urllib.parse import quote, urlsplit

from refactor.campaign.forge.adapter import Adapter, Fields
from refactor.campaign.forge.base import Health, PullRequest, WantedPull
from refactor.campaign.forge.http import Wire
from refactor.campaign.forge.pulls import page
from refactor.campaign.forge.refusal import Speaker
from refactor.campaign.repositories import lets_through
from refactor.campaign.spec import Group
from refactor.campaign.values import Repository

_PAGE = 50
_STATES = ("OPEN", "MERGED", "DECLINED", "SUPERSEDED")
Json = dict[str, Any]


class Bitbucket(Adapter):
    """Bitbucket Cloud; a repository is `workspace/name`.

    Args:
        url: of its web pages; "" for bitbucket.org.
        token: an access token of the workspace, a project or a repository.
        pause: seconds between two writes.
    """

    body_limit = 32_768
    has_labels = False

    def __init__(self, url: str, token: str, pause: float = 0) -> None:
        super().__init__(Speaker("Bitbucket", token))
        self._web = url.rstrip("/") or "https://bitbucket.org"
        public = urlsplit(self._web).hostname == "bitbucket.org"
        self._api = "https://api.bitbucket.org/2.0" if public else f"{self._web}/2.0"
        header = ("Authorization", f"Bearer {token}")
        self._wire = Wire(self._speaker, self._api, header, pause)
        self._members: dict[str, dict[str, str]] = {}

    def repositories(self, group: Group) -> Iterator[Repository]:
        """Return the repositories of a workspace that the filters let through; it has no topics."""
        with self._asked():
            for repo in self._pages(f"/repositories/{quote(group.name, safe='')}"):
                name, fork = repo["full_name"], "parent" in repo
                if lets_through(group, name, [], repo["language"], archived=False, fork=fork):
                    yield Repository(name, self.clone_url(name))

    def search(self, text: str, owner: str) -> set[str]:
        """Return the repositories of a workspace whose files hold a text."""
        with self._asked():
            path = f"/workspaces/{quote(owner, safe='')}/search/code"
            fields = "+values.file.commit.repository"
            hits = self._pages(path, search_query=f'"{text}"', fields=fields)
            return {hit["file"]["commit"]["repository"]["full_name"] for hit in hits}

    def clone_url(self, name: str) -> str:
        """Return what git clones."""
        return f"{self._web}/{name}.git"

    def may_push(self, name: str) -> bool:
        """Say whether the token may push."""
        with self._asked():
            path = f"/user/workspaces/{quote(name.partition('/')[0])}/permissions/repositories"
            found = self._pages(path, q=f'repository.full_name="{name}"')
            return any(one["permission"] in ("write", "admin") for one in found)

    def fork(self, name: str) -> str:  # noqa: ARG002 - there is none
        """Tokens of Bitbucket belong to a workspace: there is no account to fork into."""
        what = "forks that a token may make: set `forge.fork: never`"
        raise self._cannot(what)

    def health(self, name: str, number: int) -> Health:
        """Return what reviews and checks say."""
        with self._asked():
            pull = self._json("GET", self._path(name, number))
            branch = quote(pull["source"]["branch"]["name"], safe="")
            # A pull request has the first twelve letters of its commit only.
            at = self._json("GET", f"/repositories/{quote(name)}/refs/branches/{branch}")
            states = {one["state"] for one in self._pages(f"{self._path(name, number)}/statuses")}
            made = _pull(pull)._replace(head=at["target"]["hash"])
            return Health(made, _review(pull["participants"]), _checks(states))

    def merge(self, name: str, found: PullRequest) -> None:
        """Merge a pull request; its branch was looked at a moment ago, Bitbucket cannot be told."""
        with self._asked():
            self._json("POST", f"{self._path(name, found.number)}/merge", {"type": "pullrequest"})

    def _pulls(self, name: str, head: str, base: str, fork: str) -> Iterator[PullRequest]:  # noqa: ARG002 - one may be to another base
        query = f'source.branch.name="{head}"'
        source = (fork or name).lower()
        for pull in self._pages(
            f"/repositories/{quote(name)}/pullrequests", q=query, state=_STATES
        ):
            repo = pull["source"]["repository"]
            ours = repo is None or repo["full_name"].lower() == source
            if ours and pull["source"]["branch"]["name"] == head:
                yield _pull(pull)

    def _get(self, name: str, number: int) -> PullRequest:
        return _pull(self._json("GET", self._path(name, number)))

    def _open(self, name: str, wanted: WantedPull, notes: list[str]) -> PullRequest:  # noqa: ARG002 - people come later
        asked = {
            "title": wanted.title,
            "description": wanted.body,
            "source": {"branch": {"name": wanted.head}},
            "destination": {"branch": {"name": wanted.base}},
            "draft": wanted.draft,
        }
        return _pull(self._json("POST", f"/repositories/{quote(name)}/pullrequests", asked))

    def _edit(self, name: str, now: PullRequest, fields: Fields) -> PullRequest:
        told: Json = {"title": fields.get("title", now.title)}
        told |= {"description": fields["body"]} if "body" in fields else {}
        told |= {"destination": {"branch": {"name": fields["base"]}}} if "base" in fields else {}
        told |= {"draft": fields["draft"]} if "draft" in fields else {}
        return _pull(self._json("PUT", self._path(name, now.number), told))

    def _shut(self, name: str, number: int) -> None:
        self._json("POST", f"{self._path(name, number)}/decline")

    def _say(self, name: str, number: int, text: str) -> None:
        self._json("POST", f"{self._path(name, number)}/comments", {"content": {"raw": text}})

    def _label(self, name: str, number: int, labels: tuple[str, ...]) -> None:  # noqa: ARG002 - it has none
        what = "labels"
        raise self._cannot(what)

    def _assign(self, name: str, number: int, people: tuple[str, ...]) -> None:  # noqa: ARG002 - it has none
        what = "assignees"
        raise self._cannot(what)

    def _ask(self, name: str, number: int, reviewers: tuple[str, ...]) -> None:
        now = self._json("GET", self._path(name, number))
        have = [{"uuid": one["uuid"]} for one in now["reviewers"]]
        asked = [{"uuid": self._uuid(name.partition("/")[0], one)} for one in reviewers]
        told = {"title": now["title"], "reviewers": [*have, *asked]}
        self._json("PUT", self._path(name, number), told)

    def _auto_merge(self, name: str, pull: PullRequest) -> None:  # noqa: ARG002 - it has none
        what = "auto-merge in its API"
        raise self._cannot(what)

    def _uuid(self, workspace: str, name: str) -> str:
        """Return the id of a member of a workspace, by nickname or display name."""
        if workspace not in self._members:
            path = f"/workspaces/{quote(workspace)}/members"
            users = [member["user"] for member in self._pages(path)]
            named = {user.get("nickname", ""): user["uuid"] for user in users}
            self._members[workspace] = {
                user["display_name"]: user["uuid"] for user in users
            } | named
        found = self._members[workspace].get(name)
        if found is None:
            message = "no member of that name"
            raise self._speaker.error(message)
        return found

    @staticmethod
    def _path(name: str, number: int) -> str:
        return f"/repositories/{quote(name)}/pullrequests/{number}"

    def _json(self, method: str, path: str, body: Json | None = None) -> Any:
        answer = self._wire.request(method, f"{self._api}{path}", json=body)
        return answer.json() if answer.content else None

    def _pages(self, path: str, **query: Any) -> Iterator[Json]:
        """Yield the items of all pages; the wire refuses a next one on another server."""
        url, params = f"{self._api}{path}", query | {"pagelen": _PAGE}
        while url:
            page = self._wire.get(url, params=params).json()
            yield from page["values"]
            url, params = page.get("next", ""), {}


def _review(people: list[Json]) -> OneOf["approved", "changes asked for", "none"]:
    states = {one["state"] for one in people}
    if "changes_requested" in states:
        return "changes asked for"
    return "approved" if "approved" in states else "none"


def _checks(states: set[str]) -> OneOf["passed", "failed", "running", "none"]:
    if states & {"FAILED", "STOPPED"}:
        return "failed"
    if "INPROGRESS" in states:
        return "running"
    return "passed" if states else "none"


def _pull(pull: Json) -> PullRequest:
    states: dict[str, OneOf["open", "merged"]] = {"OPEN": "open", "MERGED": "merged"}
    return PullRequest(
        number=int(pull["id"]),
        url=page(pull["links"]["html"]["href"]),
        state=states.get(pull["state"], "closed"),
        title=str(pull["title"]),
        body=pull["description"] or "",
        draft=bool(pull.get("draft")),
        base=str(pull["destination"]["branch"]["name"]),
        branch=str(pull["source"]["branch"]["name"]),
    )
