"""Bitbucket Cloud's REST API 2.0, as far as campaigns use it, after its published description."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from tests.forge.stand_in import PAGE, Json, Reply, Request, StandIn, route

ME = "bot"
_NO = Reply(404, {"type": "error", "error": {"message": "Repository not found"}})
_REPO = r"/repositories/([^/]+/[^/]+)"
_PULL = _REPO + r"/pullrequests/(\d+)"


def bad(message: str) -> Reply:
    """What Bitbucket says to what it cannot take."""
    return Reply(400, {"type": "error", "error": {"message": message}})


class BitbucketStandIn(StandIn):
    """Workspace `shop`, whose access token it takes."""

    root = "/2.0"

    def __init__(self) -> None:
        super().__init__()
        self.repos: dict[str, Json] = {}
        self.branches: dict[str, dict[str, str]] = {}
        self.pulls: dict[str, list[Json]] = {}
        self.statuses: dict[str, list[str]] = {}
        self.comments: list[tuple[int, str]] = []
        self.members = {"ann": "{11}", "ben": "{12}"}
        self.holds: dict[str, str] = {}

    def add(self, name: str, **fields: Any) -> Json:
        """Make a repository with a branch `main`."""
        self.branches[name], self.pulls[name] = {"main": "b" * 40}, []
        self.repos[name] = {"full_name": name, "language": "", "push": True, **fields}
        return self.repos[name]

    def page(self, request: Request, items: list[Any]) -> Reply:
        number = int(request.query.get("page", "1"))
        shown, more = items[(number - 1) * PAGE : number * PAGE], number * PAGE < len(items)
        to = f"{self.url}{request.path}?{urlencode({**request.query, 'page': number + 1})}"
        return Reply(200, {"values": shown, "page": number} | ({"next": to} if more else {}))

    @route("GET", "/repositories/([^/]+)")
    def owned(self, request: Request, owner: str) -> Reply:
        return self.page(request, [r for n, r in self.repos.items() if n.startswith(f"{owner}/")])

    @route("GET", "/workspaces/([^/]+)/members")
    def people(self, request: Request, owner: str) -> Reply:
        users = [
            {"nickname": n, "display_name": n.title(), "uuid": u} for n, u in self.members.items()
        ]
        return self.page(request, [{"user": user} for user in users])

    @route("GET", "/workspaces/([^/]+)/search/code")
    def code(self, request: Request, owner: str) -> Reply:
        text = request.query["search_query"].strip('"')
        hits = [n for n, held in self.holds.items() if text in held and n.startswith(f"{owner}/")]
        return self.page(
            request, [{"file": {"commit": {"repository": {"full_name": n}}}} for n in hits]
        )

    @route("GET", "/user/workspaces/([^/]+)/permissions/repositories")
    def rights(self, request: Request, owner: str) -> Reply:
        name = request.query["q"].partition('"')[2].rstrip('"')
        right = "write" if self.repos[name]["push"] else "read"
        return self.page(request, [{"permission": right}])

    @route("GET", _REPO + "/refs/branches/(.+)")
    def branch(self, request: Request, name: str, branch: str) -> Reply:
        found = self.branches[name].get(branch)
        return Reply(200, {"name": branch, "target": {"hash": found}}) if found else _NO

    @route("GET", _REPO + "/pullrequests")
    def list(self, request: Request, name: str) -> Reply:
        if name not in self.repos:
            return _NO
        wanted = re.fullmatch(r'source\.branch\.name="(.*)"', request.query["q"])
        assert wanted
        pulls = [
            p for p in reversed(self.pulls[name]) if p["source"]["branch"]["name"] == wanted[1]
        ]
        return self.page(request, pulls)

    @route("POST", _REPO + "/pullrequests")
    def create(self, request: Request, name: str) -> Reply:
        body = request.body
        head, base = body["source"]["branch"]["name"], body["destination"]["branch"]["name"]
        if head not in self.branches[name]:
            return bad("There are no changes to be pulled")
        if len(body["description"]) > 32_768 or len(body["title"]) > 255:
            return bad("description: Ensure this value has at most 32768 characters")
        for pull in self.pulls[name]:
            # It takes the same again: the open one is brought up to date and returned.
            if pull["state"] == "OPEN" and pull["source"]["branch"]["name"] == head:
                return Reply(409, {"type": "error", "error": {"message": "already exists"}})
        number = 10 + len(self.pulls[name])
        pull = {
            "id": number, "state": "OPEN", "title": body["title"], "description": body["description"], "draft": body["draft"],
            "links": {"html": {"href": f"{self.url}/{name}/pull-requests/{number}"}}, "reviewers": [], "participants": [],
            "source": {"branch": {"name": head}, "repository": {"full_name": name}, "commit": {"hash": self.branches[name][head][:12]}},
            "destination": {"branch": {"name": base}},
        }  # fmt: skip
        self.pulls[name].append(pull)
        return Reply(201, pull)

    def pull(self, name: str, number: int | str) -> Json:
        return next(p for p in self.pulls[name] if p["id"] == int(number))

    @route("GET", _PULL)
    def get(self, request: Request, name: str, number: str) -> Reply:
        return Reply(200, self.pull(name, number))

    @route("PUT", _PULL)
    def edit(self, request: Request, name: str, number: str) -> Reply:
        assert request.body["title"], "it is asked for with every change"
        pull = self.pull(name, number)
        pull.update(request.body)
        return Reply(200, pull)

    @route("GET", _PULL + "/statuses")
    def checks(self, request: Request, name: str, number: str) -> Reply:
        return self.page(request, [{"state": state} for state in self.statuses.get(name, [])])

    @route("POST", _PULL + "/decline")
    def decline(self, request: Request, name: str, number: str) -> Reply:
        self.pull(name, number)["state"] = "DECLINED"
        return Reply(200, self.pull(name, number))

    @route("POST", _PULL + "/merge")
    def accept(self, request: Request, name: str, number: str) -> Reply:
        pull = self.pull(name, number)
        if pull["draft"]:
            return bad("Draft pull requests cannot be merged")
        pull["state"] = "MERGED"
        return Reply(200, pull)

    @route("POST", _PULL + "/comments")
    def comment(self, request: Request, name: str, number: str) -> Reply:
        self.comments.append((int(number), request.body["content"]["raw"]))
        return Reply(201, {"id": 1})
