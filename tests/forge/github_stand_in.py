"""GitHub's REST and GraphQL API, as far as campaigns use it, after its published description."""

from __future__ import annotations

from typing import Any

from tests.forge.stand_in import Json, Reply, Request, StandIn, route

ME = "bot"
_NO = Reply(404, {"message": "Not Found"})
_REPO = r"/repos/([^/]+/[^/]+)"


def invalid(message: str) -> Reply:
    """What GitHub says to what it cannot take."""
    errors = [{"resource": "PullRequest", "code": "custom", "message": message}]
    return Reply(422, {"message": "Validation Failed", "errors": errors})


class GitHubStandIn(StandIn):
    """Organisation `shop`, user `bot`, whose token it takes."""

    root = "/api/v3"

    def __init__(self) -> None:
        super().__init__()
        self.repos: dict[str, Json] = {}
        self.moved: dict[str, str] = {}
        self.branches: dict[str, set[str]] = {}
        self.labels: dict[str, set[str]] = {}
        self.pulls: dict[str, list[Json]] = {}
        self.comments: list[tuple[int, str]] = []
        self.asked_reviewers: list[str] = []
        self.collaborators = {"ann", "ben", "team:owners"}
        self.orgs = {"shop"}
        self.not_filled = 0
        self.health: Json = {}
        self.holds: dict[str, str] = {}

    def add(self, name: str, **fields: Any) -> Json:
        """Make a repository with a branch `main`."""
        owner, _, short = name.partition("/")
        self.branches[name], self.labels[name], self.pulls[name] = {"main"}, {"bug"}, []
        self.repos[name] = {
            "id": len(self.repos) + 1, "full_name": name, "name": short, "owner": {"login": owner},
            "url": f"{self.url}{self.root}/repos/{name}", "default_branch": "main", "topics": [],
            "language": None, "archived": False, "fork": False, "permissions": {"push": True},
            "allow_merge_commit": False, "allow_squash_merge": True, "allow_rebase_merge": False, **fields,
        }  # fmt: skip
        return self.repos[name]

    def answer(self, request: Request) -> Reply:
        for old, new in self.moved.items():
            path = f"{self.root}/repos/{old}"
            if request.path == path or request.path.startswith(path + "/"):
                self.requests.append(request)
                to = request.path.replace(path, f"{self.root}/repos/{new}")
                status = 301 if request.method == "GET" else 307
                return Reply(
                    status, {"message": "Moved Permanently", "url": to}, {"Location": self.url + to}
                )
        return super().answer(request)

    @route("GET", "/user")
    def me(self, request: Request) -> Reply:
        return Reply(200, {"login": ME, "type": "User", "url": f"{self.url}{self.root}/user"})

    @route("GET", "/orgs/([^/]+)")
    def org(self, request: Request, name: str) -> Reply:
        return (
            Reply(200, {"login": name, "url": f"{self.url}{self.root}/orgs/{name}"})
            if name in self.orgs
            else _NO
        )

    @route("GET", "/users/([^/]+)")
    def user(self, request: Request, name: str) -> Reply:
        return Reply(200, {"login": name, "url": f"{self.url}{self.root}/users/{name}"})

    @route("GET", "/user/repos")
    def my_repos(self, request: Request) -> Reply:
        return self.owned(request, ME)

    @route("GET", "/(?:orgs|users)/([^/]+)/repos")
    def owned(self, request: Request, owner: str) -> Reply:
        return self.page(request, [r for n, r in self.repos.items() if n.startswith(f"{owner}/")])

    @route("GET", _REPO)
    def repo(self, request: Request, name: str) -> Reply:
        return Reply(200, self.repos[name]) if name in self.repos else _NO

    @route("GET", _REPO + "/branches/(.+)")
    def branch(self, request: Request, name: str, branch: str) -> Reply:
        if self.not_filled:
            self.not_filled -= 1
            return _NO
        return Reply(200, {"name": branch}) if branch in self.branches[name] else _NO

    @route("POST", _REPO + "/forks")
    def fork(self, request: Request, name: str) -> Reply:
        fork = f"{ME}/{name.partition('/')[2]}"
        if fork not in self.repos:
            self.add(fork, fork=True)
        return Reply(202, self.repos[fork])

    @route("GET", _REPO + "/pulls")
    def list(self, request: Request, name: str) -> Reply:
        head, state = request.query.get("head"), request.query.get("state", "open")
        pulls = [
            p
            for p in self.pulls[name]
            if head in (None, p["head"]["label"]) and state in ("all", p["state"])
        ]
        # A list holds less of each than its own page.
        return self.page(
            request,
            [
                {k: v for k, v in p.items() if k not in ("merged", "mergeable")}
                for p in reversed(pulls)
            ],
        )

    @route("POST", _REPO + "/pulls")
    def create(self, request: Request, name: str) -> Reply:
        body = request.body
        owner, _, branch = body["head"].partition(":")
        source = f"{owner}/{body.get('head_repo') or name.partition('/')[2]}"
        if branch not in self.branches.get(source, ()) or body["base"] not in self.branches[name]:
            return invalid("head or base is not a branch")
        if any(
            p["head"]["label"] == body["head"]
            and p["state"] == "open"
            and p["base"]["ref"] == body["base"]
            for p in self.pulls[name]
        ):
            return invalid(f"A pull request already exists for {body['head']}.")
        if len(body["body"]) > 65536 or len(body["title"]) > 256:
            return invalid("body is too long (maximum is 65536 characters)")
        number = 10 + len(self.pulls[name])
        api = f"{self.url}{self.root}/repos/{name}"
        pull = {
            "number": number, "node_id": f"{name}#{number}", "state": "open", "merged_at": None, "labels": [],
            "url": f"{api}/pulls/{number}", "issue_url": f"{api}/issues/{number}", "html_url": f"{self.url}/{name}/pull/{number}",
            "title": body["title"], "body": body["body"], "draft": body["draft"], "auto_merge": None, "user": {"login": ME},
            "head": {"label": body["head"], "ref": branch, "sha": "a" * 40, "repo": self.repos[source]}, "base": {"ref": body["base"], "repo": self.repos[name]},
        }  # fmt: skip
        self.pulls[name].append(pull)
        return Reply(201, pull)

    def pull(self, name: str, number: int | str) -> Json:
        return next(p for p in self.pulls[name] if p["number"] == int(number))

    @route("GET", _REPO + r"/pulls/(\d+)")
    def get(self, request: Request, name: str, number: str) -> Reply:
        return Reply(200, self.pull(name, number))

    @route("PATCH", _REPO + r"/pulls/(\d+)")
    def edit(self, request: Request, name: str, number: str) -> Reply:
        pull, changes = self.pull(name, number), dict(request.body)
        if "base" in changes:
            changes["base"] = {**pull["base"], "ref": changes["base"]}
        pull.update(changes)
        return Reply(200, pull)

    @route("POST", _REPO + r"/pulls/(\d+)/requested_reviewers")
    def review(self, request: Request, name: str, number: str) -> Reply:
        asked = [
            *request.body.get("reviewers", ()),
            *(f"team:{t}" for t in request.body.get("team_reviewers", ())),
        ]
        if not {*asked} <= self.collaborators:
            return invalid("Reviews may only be requested from collaborators.")
        self.asked_reviewers += asked
        return Reply(201, self.pull(name, number))

    @route("GET", _REPO + "/labels/(.+)")
    def label(self, request: Request, name: str, label: str) -> Reply:
        return Reply(200, {"name": label}) if label in self.labels[name] else _NO

    @route("POST", _REPO + "/labels")
    def make_label(self, request: Request, name: str) -> Reply:
        self.labels[name].add(request.body["name"])
        return Reply(201, {"name": request.body["name"]})

    @route("POST", _REPO + r"/issues/(\d+)/labels")
    def set_labels(self, request: Request, name: str, number: str) -> Reply:
        pull = self.pull(name, number)
        given = request.body if isinstance(request.body, list) else request.body["labels"]
        if not {*given} <= self.labels[name]:
            return _NO
        pull["labels"] += [{"name": label} for label in given]
        return Reply(200, pull["labels"])

    @route("POST", _REPO + r"/issues/(\d+)/comments")
    def comment(self, request: Request, name: str, number: str) -> Reply:
        self.comments.append((int(number), request.body["body"]))
        return Reply(201, {"id": 1, "body": request.body["body"]})

    @route("PUT", _REPO + r"/pulls/(\d+)/merge")
    def accept(self, request: Request, name: str, number: str) -> Reply:
        pull, body = self.pull(name, number), request.body
        if body["sha"] != pull["head"]["sha"]:
            return Reply(
                409, {"message": "Head branch was modified. Review and try the merge again."}
            )
        assert body["merge_method"] == "squash", "the only way that the repository allows"
        pull |= {"state": "closed", "merged_at": "2026-01-01T00:00:00Z"}
        return Reply(200, {"sha": "c" * 40, "merged": True, "message": "Merged"})

    @route("GET", "/search/code")
    def code(self, request: Request) -> Reply:
        text, _, owner = request.query["q"].partition(" user:")
        hits = [
            {"name": "x", "path": "x", "repository": {"full_name": name, "url": f"{self.url}{self.root}/repos/{name}"}}
            for name, held in self.holds.items() if text.strip('"') in held and name.startswith(f"{owner}/")
        ]  # fmt: skip
        return Reply(200, {"total_count": len(hits), "incomplete_results": False, "items": hits})

    def _health(self) -> Reply:
        told = self.health
        rollup = {"state": told["checks"]} if "checks" in told else None
        pull = {
            "mergeable": told.get("mergeable", "MERGEABLE"), "reviewDecision": told.get("reviewDecision"),
            "latestReviews": {"nodes": [{"state": state} for state in told.get("states", ())]},
            "commits": {"nodes": [{"commit": {"statusCheckRollup": rollup}}]},
        }  # fmt: skip
        return Reply(200, {"data": {"repository": {"pullRequest": pull}}})

    @route("POST", "/api/graphql")  # beside the REST API, not below it
    def graphql(self, request: Request) -> Reply:
        if "statusCheckRollup" in request.body["query"]:
            return self._health()
        given = request.body["variables"]["input"]
        name, _, number = given["pullRequestId"].rpartition("#")
        pull = self.pull(name, number)
        if "enablePullRequestAutoMerge" in request.body["query"]:
            if pull["draft"] or given["mergeMethod"] != "SQUASH":
                return Reply(
                    200,
                    {
                        "data": None,
                        "errors": [
                            {"type": "UNPROCESSABLE", "message": "Pull request is in clean status"}
                        ],
                    },
                )
            pull["auto_merge"] = {"merge_method": "squash"}
            return Reply(200, {"data": {"enablePullRequestAutoMerge": {"clientMutationId": None}}})
        mutation = (
            "markPullRequestReadyForReview"
            if "markPullRequestReadyForReview" in request.body["query"]
            else "convertPullRequestToDraft"
        )
        pull["draft"] = mutation == "convertPullRequestToDraft"
        return Reply(
            200,
            {
                "data": {
                    mutation: {"clientMutationId": None, "pullRequest": {"isDraft": pull["draft"]}}
                }
            },
        )
