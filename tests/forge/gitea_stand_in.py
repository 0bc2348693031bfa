"""Gitea's REST API, as far as campaigns use it: for counting, and where the real one is not built.

The real one decides; what is here is what tests on it have shown.
"""

from __future__ import annotations

from typing import Any

from tests.forge.stand_in import PAGE, Json, Reply, Request, StandIn, route

ME = "bot"
_NO = Reply(404, {"message": "The target couldn't be found."})
_REPO = r"/repos/([^/]+/[^/]+)"
_PULL = _REPO + r"/pulls/(\d+)"


class GiteaStandIn(StandIn):
    """Organisation `shop`, user `bot`, whose token it takes."""

    root = "/api/v1"

    def __init__(self) -> None:
        super().__init__()
        self.repos: dict[str, Json] = {}
        self.branches: dict[str, set[str]] = {}
        self.labels: dict[str, dict[str, int]] = {}
        self.pulls: dict[str, list[Json]] = {}
        self.comments: list[tuple[int, str]] = []
        self.reviews: list[Json] = []
        self.statuses: list[str] = []

    def add(self, name: str, **fields: Any) -> Json:
        """Make a repository with a branch `main`."""
        self.branches[name], self.labels[name], self.pulls[name] = {"main"}, {"bug": 1}, []
        self.repos[name] = {
            "full_name": name, "owner": {"login": name.partition("/")[0]}, "topics": [], "language": "", "archived": False,
            "fork": False, "empty": False, "permissions": {"push": True}, "default_merge_style": "squash", **fields,
        }  # fmt: skip
        return self.repos[name]

    def page(self, request: Request, items: list[Any]) -> Reply:
        number = int(request.query.get("page", "1"))
        shown = items[(number - 1) * PAGE : number * PAGE]
        return Reply(200, shown, {"X-Total-Count": str(len(items))})

    @route("GET", "/user")
    def me(self, request: Request) -> Reply:
        return Reply(200, {"login": ME})

    @route("GET", "/(?:orgs|users)/([^/]+)/repos")
    def owned(self, request: Request, owner: str) -> Reply:
        return self.page(request, [r for n, r in self.repos.items() if n.startswith(f"{owner}/")])

    @route("GET", "/orgs/([^/]+)/labels")
    def of_org(self, request: Request, owner: str) -> Reply:
        return self.page(request, [])

    @route("GET", _REPO)
    def repo(self, request: Request, name: str) -> Reply:
        return Reply(200, self.repos[name]) if name in self.repos else _NO

    @route("GET", _REPO + "/forks")
    def forks(self, request: Request, name: str) -> Reply:
        return self.page(request, [r for r in self.repos.values() if r.get("parent") == name])

    @route("POST", _REPO + "/forks")
    def fork(self, request: Request, name: str) -> Reply:
        fork = f"{ME}/{name.partition('/')[2]}"
        if fork in self.repos:
            return Reply(409, {"message": "repository is already forked by user"})
        return Reply(202, self.add(fork, fork=True, parent=name))

    @route("GET", _REPO + "/pulls")
    def list(self, request: Request, name: str) -> Reply:
        if name not in self.repos:
            return _NO
        state = request.query["state"]
        return self.page(request, [p for p in reversed(self.pulls[name]) if p["state"] == state])

    @route("POST", _REPO + "/pulls")
    def create(self, request: Request, name: str) -> Reply:
        body = request.body
        owner, _, branch = body["head"].rpartition(":")
        source = f"{owner}/{name.partition('/')[2]}" if owner else name
        if branch not in self.branches.get(source, ()) or body["base"] not in self.branches[name]:
            return _NO
        for pull in self.pulls[name]:
            if pull["state"] == "open" and pull["head"]["ref"] == branch and pull["head"]["repo"] is self.repos[source]:  # fmt: skip
                return Reply(409, {"message": "pull request already exists for these targets"})
        if len(body["title"]) > 255:
            return Reply(422, {"message": "[Title]: MaxSize"})
        number = 10 + len(self.pulls[name])
        pull = {
            "number": number, "state": "open", "merged": False, "labels": None, "mergeable": True, "body": body["body"],
            "html_url": f"{self.url}/{name}/pulls/{number}", "base": {"ref": body["base"]},
            "head": {"label": branch, "ref": branch, "sha": "a" * 40, "repo": self.repos[source]},
        }  # fmt: skip
        self.pulls[name].append(pull)
        return Reply(201, self._titled(pull, body["title"]))

    @staticmethod
    def _titled(pull: Json, title: str) -> Json:
        pull |= {"title": title, "draft": title.lower().startswith(("wip:", "[wip]"))}
        return pull

    def pull(self, name: str, number: int | str) -> Json:
        return next(p for p in self.pulls[name] if p["number"] == int(number))

    @route("GET", _PULL)
    def get(self, request: Request, name: str, number: str) -> Reply:
        return Reply(200, self.pull(name, number))

    @route("PATCH", _PULL)
    def edit(self, request: Request, name: str, number: str) -> Reply:
        pull, changes = self.pull(name, number), dict(request.body)
        if "base" in changes:
            changes["base"] = {"ref": changes["base"]}
        self._titled(pull, changes.pop("title", pull["title"]))
        return Reply(201, pull | changes) if pull.update(changes) is None else _NO

    @route("POST", _PULL + "/requested_reviewers")
    def review(self, request: Request, name: str, number: str) -> Reply:
        if not {*request.body["reviewers"]} <= {"ann", "ben"}:
            return Reply(404, {"message": "user does not exist"})
        return Reply(201, [])

    @route("GET", _PULL + "/reviews")
    def reviewed(self, request: Request, name: str, number: str) -> Reply:
        return self.page(request, self.reviews)

    @route("GET", _REPO + "/commits/([0-9a-f]+)/status")
    def status(self, request: Request, name: str, sha: str) -> Reply:
        state = self.statuses[-1] if self.statuses else ""
        return Reply(200, {"state": state, "total_count": len(self.statuses)})

    @route("POST", _PULL + "/merge")
    def accept(self, request: Request, name: str, number: str) -> Reply:
        pull = self.pull(name, number)
        if request.body["head_commit_id"] != pull["head"]["sha"]:
            return Reply(409, {"message": "head out of date"})
        assert request.body["Do"] == "squash"
        pull |= {"state": "closed", "merged": True}
        return Reply(200)

    @route("GET", _REPO + "/labels")
    def known(self, request: Request, name: str) -> Reply:
        return self.page(request, [{"name": n, "id": i} for n, i in self.labels[name].items()])

    @route("POST", _REPO + "/labels")
    def make_label(self, request: Request, name: str) -> Reply:
        made = self.labels[name].setdefault(request.body["name"], len(self.labels[name]) + 1)
        return Reply(201, {"name": request.body["name"], "id": made})

    @route("POST", _REPO + r"/issues/(\d+)/labels")
    def set_labels(self, request: Request, name: str, number: str) -> Reply:
        pull, names = self.pull(name, number), {i: n for n, i in self.labels[name].items()}
        given = [{"name": names[key]} for key in request.body["labels"]]
        pull["labels"] = [*(pull["labels"] or ()), *given]
        return Reply(200, pull["labels"])

    @route("PATCH", _REPO + r"/issues/(\d+)")
    def assign(self, request: Request, name: str, number: str) -> Reply:
        self.pull(name, number)["assignees"] = request.body["assignees"]
        return Reply(201, {})

    @route("POST", _REPO + r"/issues/(\d+)/comments")
    def comment(self, request: Request, name: str, number: str) -> Reply:
        self.comments.append((int(number), request.body["body"]))
        return Reply(201, {"id": 1})
