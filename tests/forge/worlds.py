"""Three forges with one face: what a test makes there by hand, and what it sees there."""

from __future__ import annotations

import itertools
import time
import urllib.error
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from refactor.campaign.forge.base import Forge
from refactor.campaign.forge.bitbucket import Bitbucket
from refactor.campaign.forge.gitea import Gitea
from refactor.campaign.forge.github import GitHub
from refactor.campaign.forge.gitlab import GitLab
from tests.forge.bitbucket_stand_in import BitbucketStandIn
from tests.forge.gitea_server import GiteaServer
from tests.forge.gitea_stand_in import GiteaStandIn
from tests.forge.github_stand_in import GitHubStandIn
from tests.forge.gitlab_stand_in import GitLabStandIn
from tests.forge.stand_in import TOKEN
from tests.repositories import commit, git

_NUMBERS = itertools.count(1)


class Seen(NamedTuple):
    """A pull request as the forge itself has it, mark of a draft and all."""

    number: int
    state: str
    title: str
    body: str
    base: str
    draft: bool
    labels: frozenset[str]


class World(Protocol):
    """A forge whose organisation `group` the token may write to."""

    forge: Forge
    url: str
    group: str
    mark: str
    me: str

    def again(self) -> Forge:
        """Return an adapter that knows nothing of what another one has asked."""

    def add(self, name: str = "", **fields: Any) -> str:
        """Make a repository of the group, or of a user, with `main`, and return `owner/name`."""

    def push(self, name: str, branch: str) -> None:
        """Push a branch with a commit of its own."""

    def seen(self, name: str) -> list[Seen]:
        """Return all pull requests of a repository, oldest first."""

    def edit(self, name: str, number: int, **fields: str) -> None:
        """Change title, body or base by hand."""

    def label(self, name: str, number: int, label: str) -> None:
        """Add a label by hand."""

    def close(self, name: str, number: int) -> None:
        """Close by hand."""

    def merge(self, name: str, number: int) -> None:
        """Merge by hand, and remove the branch."""

    def drop(self, name: str) -> None:
        """Remove a fork."""

    def comments(self, name: str, number: int) -> list[str]:
        """Return what was said to a pull request."""

    def reviewers(self, name: str, number: int) -> list[str]:
        """Return who was asked for a review."""


class GitHubWorld:
    def __init__(self, server: GitHubStandIn) -> None:
        self.server, self.url, self.group, self.mark, self.me = (
            server,
            server.url,
            "shop",
            "",
            "bot",
        )
        self.forge: Forge = self.again()

    def again(self) -> Forge:
        return GitHub(self.url, TOKEN)

    def add(self, name: str = "", **fields: Any) -> str:
        name = name or f"shop/web-{next(_NUMBERS)}"
        if "push" in fields:
            fields["permissions"] = {"push": fields.pop("push")}
        self.server.add(name, **fields)
        return name

    def push(self, name: str, branch: str) -> None:
        self.server.branches[name].add(branch)

    def seen(self, name: str) -> list[Seen]:
        return [
            Seen(p["number"], "merged" if p["merged_at"] else p["state"], p["title"], p["body"], p["base"]["ref"], p["draft"], frozenset(x["name"] for x in p["labels"]))
            for p in self.server.pulls[name]
        ]  # fmt: skip

    def edit(self, name: str, number: int, **fields: str) -> None:
        pull = self.server.pull(name, number)
        pull.update(
            {"base": {**pull["base"], "ref": fields.pop("base")}} if "base" in fields else fields
        )

    def label(self, name: str, number: int, label: str) -> None:
        self.server.pull(name, number)["labels"].append({"name": label})

    def close(self, name: str, number: int) -> None:
        self.server.pull(name, number)["state"] = "closed"

    def merge(self, name: str, number: int) -> None:
        pull = self.server.pull(name, number)
        pull |= {"state": "closed", "merged_at": "2026-01-01T00:00:00Z"}
        self.server.branches[name].discard(pull["head"]["ref"])

    def drop(self, name: str) -> None:
        del self.server.repos[name]
        for pull in (p for pulls in self.server.pulls.values() for p in pulls):
            if pull["head"]["repo"] and pull["head"]["repo"]["full_name"] == name:
                pull["head"]["repo"] = None

    def comments(self, name: str, number: int) -> list[str]:
        return [text for at, text in self.server.comments if at == number]

    def reviewers(self, name: str, number: int) -> list[str]:
        return self.server.asked_reviewers


class GitLabWorld:
    def __init__(self, server: GitLabStandIn) -> None:
        self.server, self.url, self.group, self.mark, self.me = (
            server,
            server.url,
            "shop",
            "Draft: ",
            "bot",
        )
        self.forge: Forge = self.again()

    def again(self) -> Forge:
        return GitLab(self.url, TOKEN)

    def add(self, name: str = "", **fields: Any) -> str:
        name = name or f"shop/web-{next(_NUMBERS)}"
        if language := fields.pop("language", ""):
            self.server.languages[name] = {"HTML": 10.5, language: 80.0, "CSS": 9.5}
        if fields.pop("fork", False):
            fields["forked_from_project"] = {"id": 1}
        if not fields.pop("push", True):
            fields["permissions"] = {"project_access": {"access_level": 20}, "group_access": None}
        self.server.add(name, **fields)
        return name

    def push(self, name: str, branch: str) -> None:
        self.server.branches[name].add(branch)

    def seen(self, name: str) -> list[Seen]:
        project = self.server.project(name)
        assert project
        return [
            Seen(m["iid"], m["state"].replace("opened", "open"), m["title"], m["description"], m["target_branch"], m["draft"], frozenset(m["labels"]))
            for m in self.server.merges if m["target_project_id"] == project["id"]
        ]  # fmt: skip

    def edit(self, name: str, number: int, **fields: str) -> None:
        names = {"title": "title", "body": "description", "base": "target_branch"}
        self.server.merge(number).update({names[key]: value for key, value in fields.items()})

    def label(self, name: str, number: int, label: str) -> None:
        self.server.merge(number)["labels"].append(label)

    def close(self, name: str, number: int) -> None:
        self.server.merge(number)["state"] = "closed"

    def merge(self, name: str, number: int) -> None:
        merge = self.server.merge(number)
        merge["state"] = "merged"
        self.server.branches[name].discard(merge["source_branch"])

    def drop(self, name: str) -> None:
        project = self.server.project(name)
        assert project
        self.server.projects.remove(project)
        for merge in self.server.merges:
            if merge["source_project_id"] == project["id"]:
                merge["source_project_id"] = None

    def comments(self, name: str, number: int) -> list[str]:
        return [text for at, text in self.server.comments if at == number]

    def reviewers(self, name: str, number: int) -> list[str]:
        names = {key: name for name, key in self.server.users.items()}
        return [names[key] for key in self.server.merge(number)["reviewer_ids"]]


class BitbucketWorld:
    def __init__(self, server: BitbucketStandIn) -> None:
        self.server, self.url, self.group, self.mark, self.me = server, server.url, "shop", "", "bot"  # fmt: skip
        self.forge: Forge = self.again()

    def again(self) -> Forge:
        return Bitbucket(self.url, TOKEN)

    def add(self, name: str = "", **fields: Any) -> str:
        name = name or f"shop/web-{next(_NUMBERS)}"
        self.server.add(name, **fields)
        return name

    def push(self, name: str, branch: str) -> None:
        self.server.branches[name][branch] = "a" * 40

    def seen(self, name: str) -> list[Seen]:
        states = {"OPEN": "open", "MERGED": "merged", "DECLINED": "closed"}
        return [
            Seen(p["id"], states[p["state"]], p["title"], p["description"], p["destination"]["branch"]["name"], p["draft"], frozenset())
            for p in self.server.pulls[name]
        ]  # fmt: skip

    def edit(self, name: str, number: int, **fields: str) -> None:
        pull = self.server.pull(name, number)
        if "base" in fields:
            pull["destination"] = {"branch": {"name": fields.pop("base")}}
        pull.update({{"body": "description"}.get(key, key): value for key, value in fields.items()})

    def close(self, name: str, number: int) -> None:
        self.server.pull(name, number)["state"] = "DECLINED"

    def merge(self, name: str, number: int) -> None:
        pull = self.server.pull(name, number)
        pull["state"] = "MERGED"
        self.server.branches[name].pop(pull["source"]["branch"]["name"])

    def comments(self, name: str, number: int) -> list[str]:
        return [text for at, text in self.server.comments if at == number]


class GiteaLikeWorld:
    """A server that answers as Gitea does, for where the real one is not built."""

    def __init__(self, server: GiteaStandIn) -> None:
        self.server, self.url, self.group, self.mark, self.me = server, server.url, "shop", "WIP: ", "bot"  # fmt: skip
        self.forge: Forge = self.again()

    def again(self) -> Forge:
        return Gitea(self.url, TOKEN)

    def add(self, name: str = "", **fields: Any) -> str:
        name = name or f"shop/web-{next(_NUMBERS)}"
        if "push" in fields:
            fields["permissions"] = {"push": fields.pop("push")}
        self.server.add(name, **fields)
        return name

    def push(self, name: str, branch: str) -> None:
        self.server.branches[name].add(branch)

    def seen(self, name: str) -> list[Seen]:
        return [
            Seen(p["number"], "merged" if p["merged"] else p["state"], p["title"], p["body"], p["base"]["ref"], p["draft"], frozenset(x["name"] for x in p["labels"] or ()))
            for p in self.server.pulls[name]
        ]  # fmt: skip

    def edit(self, name: str, number: int, **fields: str) -> None:
        pull = self.server.pull(name, number)
        pull.update({"base": {"ref": fields.pop("base")}} if "base" in fields else {})
        self.server._titled(pull, fields.pop("title", pull["title"])).update(fields)

    def label(self, name: str, number: int, label: str) -> None:
        pull = self.server.pull(name, number)
        pull["labels"] = [*(pull["labels"] or ()), {"name": label}]

    def close(self, name: str, number: int) -> None:
        self.server.pull(name, number)["state"] = "closed"

    def merge(self, name: str, number: int) -> None:
        pull = self.server.pull(name, number)
        pull |= {"state": "closed", "merged": True}
        self.server.branches[name].discard(pull["head"]["ref"])

    def drop(self, name: str) -> None:
        gone = self.server.repos.pop(name)
        for pull in (p for pulls in self.server.pulls.values() for p in pulls):
            if pull["head"]["repo"] is gone:
                pull["head"] |= {"repo": None, "ref": f"refs/pull/{pull['number']}/head"}

    def comments(self, name: str, number: int) -> list[str]:
        return [text for at, text in self.server.comments if at == number]


class GiteaWorld:
    """A real one: a group of its own for each test, and a bot that may push there."""

    mark = "WIP: "

    def __init__(self, server: GiteaServer, home: Path) -> None:
        self.server, self.url, self.home = server, server.url, home
        self.group, self.me = f"shop-{next(_NUMBERS)}", "bot"
        if self.me not in server.tokens:
            server.user(self.me)
        self.forge: Forge = self.again()
        server.ask("POST", "/orgs", {"username": self.group})
        team = {
            "name": "writers",
            "permission": "write",
            "units": ["repo.code", "repo.pulls", "repo.issues"],
            "includes_all_repositories": True,
        }
        made = server.ask("POST", f"/orgs/{self.group}/teams", team)
        server.ask("PUT", f"/teams/{made['id']}/members/{self.me}")

    def again(self) -> Forge:
        return Gitea(self.url, self.server.tokens[self.me])

    def add(self, name: str = "", **fields: Any) -> str:
        owner, _, short = (name or f"{self.group}/web-{next(_NUMBERS)}").partition("/")
        owner = {"shop": self.group}.get(owner, owner) if fields.get("push", True) else "root-user"
        name, body = (
            f"{owner}/{short}",
            {"name": short, "default_branch": "main", "auto_init": True},
        )
        # Under another name, for the parents of forks have one owner.
        made = {**body, "name": f"{short}-{next(_NUMBERS)}"} if fields.get("fork") else body
        where = {"root-user": "/user/repos", self.group: f"/orgs/{self.group}/repos"}
        path = (
            where["root-user"]
            if fields.get("fork")
            else where.get(owner, f"/admin/users/{owner}/repos")
        )
        self.server.ask("POST", path, made)
        if fields.get("fork"):
            told = {"organization": owner, "name": short}
            self.server.ask("POST", f"/repos/root-user/{made['name']}/forks", told)
        if topics := fields.get("topics"):
            self.server.ask("PUT", f"/repos/{name}/topics", {"topics": topics})
        if fields.get("archived"):
            self.server.ask("PATCH", f"/repos/{name}", {"archived": True})
        return name

    def push(self, name: str, branch: str) -> None:
        tree = self.home / "trees" / str(next(_NUMBERS))
        git(self.home, "clone", "-q", self.server.remote(name), str(tree))
        (tree / "README.md").write_text(f"{next(_NUMBERS)}\n")
        commit(tree)
        git(tree, "push", "-q", "origin", f"+HEAD:{branch}")

    def seen(self, name: str) -> list[Seen]:
        # Two a page: as the server is set.
        pages = (
            self.server.ask("GET", f"/repos/{name}/pulls?state=all&page={n}") for n in (1, 2, 3)
        )
        return sorted(
            Seen(p["number"], "merged" if p["merged"] else p["state"], p["title"], p["body"], p["base"]["ref"], p["draft"], frozenset(x["name"] for x in p["labels"] or ()))
            for page in pages for p in page
        )  # fmt: skip

    def edit(self, name: str, number: int, **fields: str) -> None:
        self.server.ask("PATCH", f"/repos/{name}/pulls/{number}", fields)

    def label(self, name: str, number: int, label: str) -> None:
        made = self.server.ask("POST", f"/repos/{name}/labels", {"name": label, "color": "#ff0000"})
        self.server.ask("POST", f"/repos/{name}/issues/{number}/labels", {"labels": [made["id"]]})

    def close(self, name: str, number: int) -> None:
        self.server.ask("PATCH", f"/repos/{name}/pulls/{number}", {"state": "closed"})

    def merge(self, name: str, number: int) -> None:
        told = {"Do": "merge", "delete_branch_after_merge": True, "force_merge": True}
        for _ in range(100):  # Until it has looked for conflicts it answers 405.
            try:
                self.server.ask("POST", f"/repos/{name}/pulls/{number}/merge", told)
            except urllib.error.HTTPError as error:
                assert error.code == 405, error.read()
                time.sleep(0.1)
            else:
                return
        raise AssertionError

    def drop(self, name: str) -> None:
        self.server.ask("DELETE", f"/repos/{name}")

    def comments(self, name: str, number: int) -> list[str]:
        return [
            one["body"] for one in self.server.ask("GET", f"/repos/{name}/issues/{number}/comments")
        ]

    def reviewers(self, name: str, number: int) -> list[str]:
        pull = self.server.ask("GET", f"/repos/{name}/pulls/{number}")
        teams = [f"team:{team['name']}" for team in pull["requested_reviewers_teams"] or ()]
        return [user["login"] for user in pull["requested_reviewers"] or ()] + teams
