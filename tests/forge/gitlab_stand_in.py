"""GitLab's REST API, as far as campaigns use it, after its published description."""

from __future__ import annotations

from typing import Any

from tests.forge.stand_in import Json, Reply, Request, StandIn, route

ME = "bot"
_NO = Reply(404, {"message": "404 Project Not Found"})
_PROJECT = r"/projects/([^/]+)"


class GitLabStandIn(StandIn):
    """Group `shop` with a subgroup, user `bot`, whose token it takes."""

    root = "/api/v4"
    token_header = "Private-Token"

    def __init__(self) -> None:
        super().__init__()
        self.projects: list[Json] = []
        self.branches: dict[str, set[str]] = {}
        self.languages: dict[str, Json] = {}
        self.users = {"ann": 11, "ben": 12, ME: 1}
        self.groups = {"shop", "shop/tools"}
        self.merges: list[Json] = []
        self.comments: list[tuple[int, str]] = []
        self.pipeline: Json | None = None
        self.not_filled = 0
        self.approved: list[str] = []
        self.holds: dict[str, str] = {}

    def add(self, name: str, **fields: Any) -> Json:
        """Make a project with a branch `main`."""
        self.branches[name] = {"main"}
        project = {
            "id": 100 + len(self.projects), "path_with_namespace": name, "topics": [], "archived": False, "import_status": "none",
            "permissions": {"project_access": None, "group_access": {"access_level": 40}}, **fields,
        }  # fmt: skip
        self.projects.append(project)
        return project

    def project(self, key: str) -> Json | None:
        return next(
            (p for p in self.projects if key in (str(p["id"]), p["path_with_namespace"])), None
        )

    @route("GET", "/user")
    def me(self, request: Request) -> Reply:
        return Reply(200, {"id": 1, "username": ME})

    @route("GET", "/users")
    def user(self, request: Request) -> Reply:
        name = request.query["username"]
        return self.page(
            request, [{"id": self.users[name], "username": name}] if name in self.users else []
        )

    @route("GET", "/groups/([^/]+)")
    def group(self, request: Request, name: str) -> Reply:
        return (
            Reply(200, {"id": name, "full_path": name})
            if name in self.groups
            else Reply(404, {"message": "404 Group Not Found"})
        )

    @route("GET", "/groups/([^/]+)/projects")
    def of_group(self, request: Request, name: str) -> Reply:
        found = [p for p in self.projects if p["path_with_namespace"].startswith(f"{name}/")]
        if request.query.get("include_subgroups") != "True":
            found = [p for p in found if p["path_with_namespace"].count("/") == name.count("/") + 1]
        return self.page(
            request,
            [p for p in found if not (request.query.get("archived") == "False" and p["archived"])],
        )

    @route("GET", r"/users/(\d+)/projects")
    def of_user(self, request: Request, key: str) -> Reply:
        name = next(n for n, i in self.users.items() if str(i) == key)
        return self.page(
            request, [p for p in self.projects if p["path_with_namespace"].startswith(f"{name}/")]
        )

    @route("GET", _PROJECT + r"/merge_requests/(\d+)/approvals")
    def approvals(self, request: Request, key: str, number: str) -> Reply:
        return Reply(200, {"approved": True, "approved_by": [{"user": n} for n in self.approved]})

    @route("GET", "/groups/([^/]+)/search")
    def code(self, request: Request, name: str) -> Reply:
        assert request.query["scope"] == "blobs"
        text = request.query["search"].strip('"')
        hits = [n for n, held in self.holds.items() if text in held]
        return self.page(request, [{"project_id": (self.project(n) or {})["id"]} for n in hits])

    @route("GET", _PROJECT)
    def get_project(self, request: Request, key: str) -> Reply:
        project = self.project(key)
        if project is None:
            return _NO
        if project["import_status"] == "started":
            self.not_filled -= 1
            project["import_status"] = "started" if self.not_filled > 0 else "finished"
        return Reply(200, project)

    @route("GET", _PROJECT + "/languages")
    def get_languages(self, request: Request, key: str) -> Reply:
        project = self.project(key)
        assert project
        return Reply(200, self.languages.get(project["path_with_namespace"], {}))

    @route("GET", _PROJECT + "/forks")
    def forks(self, request: Request, key: str) -> Reply:
        return self.page(
            request,
            [p for p in self.projects if str(p.get("forked_from_project", {}).get("id")) == key],
        )

    @route("POST", _PROJECT + "/fork")
    def fork(self, request: Request, key: str) -> Reply:
        project = self.project(key)
        assert project
        name = f"{ME}/{project['path_with_namespace'].rpartition('/')[2]}"
        if self.project(name):
            return Reply(409, {"message": {"name": ["has already been taken"]}})
        status = "started" if self.not_filled else "finished"
        return Reply(
            201, self.add(name, forked_from_project={"id": project["id"]}, import_status=status)
        )

    @route("GET", _PROJECT + "/merge_requests")
    def list(self, request: Request, key: str) -> Reply:
        branch = request.query["source_branch"]
        return self.page(
            request,
            [
                m
                for m in reversed(self.merges)
                if str(m["target_project_id"]) == key and m["source_branch"] == branch
            ],
        )

    @route("POST", _PROJECT + "/merge_requests")
    def create(self, request: Request, key: str) -> Reply:
        body, source = request.body, self.project(key)
        target = self.project(str(body["target_project_id"]))
        assert source and target
        if body["source_branch"] not in self.branches[source["path_with_namespace"]]:
            return Reply(400, {"message": {"source_branch": ["does not exist"]}})
        same = ("source_branch", "target_branch")
        if any(
            m["state"] == "opened"
            and m["source_project_id"] == source["id"]
            and all(m[k] == body[k] for k in same)
            for m in self.merges
        ):
            return Reply(
                409,
                {
                    "message": [
                        "Another open merge request already exists for this source branch: !1"
                    ]
                },
            )
        if len(body["title"]) > 255:
            return Reply(400, {"message": {"title": ["is too long (maximum is 255 characters)"]}})
        number = 10 + len(self.merges)
        merge = {
            "iid": number, "project_id": target["id"], "target_project_id": target["id"], "source_project_id": source["id"],
            "source_branch": body["source_branch"], "target_branch": body["target_branch"], "state": "opened", "sha": "a" * 40,
            "web_url": f"{self.url}/{target['path_with_namespace']}/-/merge_requests/{number}", "description": body["description"],
            "labels": [name for name in body["labels"].split(",") if name], "reviewer_ids": body["reviewer_ids"],
            "merge_when_pipeline_succeeds": False, "head_pipeline": self.pipeline,
        }  # fmt: skip
        self.merges.append(merge)
        return Reply(201, self._titled(merge, body["title"]))

    @staticmethod
    def _titled(merge: Json, title: str) -> Json:
        merge |= {
            "title": title,
            "draft": title.lower().startswith(("draft:", "[draft]", "(draft)")),
        }
        return merge

    def merge(self, number: int | str) -> Json:
        return next(m for m in self.merges if m["iid"] == int(number))

    @route("GET", _PROJECT + r"/merge_requests/(\d+)")
    def get(self, request: Request, key: str, number: str) -> Reply:
        return Reply(200, self.merge(number))

    @route("PUT", _PROJECT + r"/merge_requests/(\d+)")
    def edit(self, request: Request, key: str, number: str) -> Reply:
        merge, body = self.merge(number), dict(request.body)
        merge["labels"] += [name for name in body.pop("add_labels", "").split(",") if name]
        if body.pop("state_event", "") == "close":
            merge["state"] = "closed"
        self._titled(merge, body.pop("title", merge["title"]))
        merge |= body
        return Reply(200, merge)

    @route("PUT", _PROJECT + r"/merge_requests/(\d+)/merge")
    def accept(self, request: Request, key: str, number: str) -> Reply:
        merge, body = self.merge(number), request.body
        if "merge_when_pipeline_succeeds" not in body:
            if body["sha"] != merge["sha"]:
                return Reply(409, {"message": "SHA does not match HEAD of source branch"})
            merge["state"] = "merged"
            return Reply(200, merge)
        assert body["merge_when_pipeline_succeeds"]
        assert body["auto_merge"]
        if body["sha"] != merge["sha"]:
            return Reply(409, {"message": "SHA does not match HEAD of source branch"})
        if not merge["head_pipeline"] or merge["head_pipeline"]["status"] == "success":
            merge["state"] = "merged"
        merge["merge_when_pipeline_succeeds"] = True
        return Reply(200, merge)

    @route("POST", _PROJECT + r"/merge_requests/(\d+)/notes")
    def comment(self, request: Request, key: str, number: str) -> Reply:
        self.comments.append((int(number), request.body["body"]))
        return Reply(201, {"id": 1, "body": request.body["body"]})
