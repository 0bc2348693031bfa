"""GitLab, also self-hosted, through python-gitlab.

Not through ogr, which stands on it: that knows no drafts, reviewers, auto-merge, groups or search
by branch, and drops the status and the headers of errors. python-gitlab drops the headers too, and
would take the token along to another server; so it is given a session that does neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from typing import Literal as OneOf

import gitlab
import msgspec
from gitlab.v4.objects import Project
from gitlab.v4.objects import ProjectMergeRequest as Merge

from refactor.campaign.forge.adapter import Adapter, Fields
from refactor.campaign.forge.base import REVIEWER, ForgeError, Health, PullRequest, WantedPull
from refactor.campaign.forge.http import Wire
from refactor.campaign.forge.pull_text import DraftMarks
from refactor.campaign.forge.pulls import page, state_of, until
from refactor.campaign.forge.refusal import Answer, Speaker
from refactor.campaign.repositories import lets_through
from refactor.campaign.spec import Group
from refactor.campaign.values import Repository

_DEVELOPER = 30
"""The access level from which on one may push a branch."""
_LOOKS = 60
"""A second apart."""
_BEFORE_END = ("created", "waiting_for_resource", "preparing", "pending", "running", "scheduled")
_OPEN = ("opened", "locked")
"""`locked` is one that is being merged this moment."""
_DRAFT = DraftMarks("Draft: ", re.compile(r"^\s*((\[draft\]|\(draft\)|draft:)\s*)+", re.IGNORECASE))


_CHECKS: dict[str | None, OneOf["passed", "failed", "running", "none"]] = {
    **dict.fromkeys(_BEFORE_END, "running"),
    **dict.fromkeys(("success", "skipped"), "passed"),
    **dict.fromkeys(("failed", "canceled", "canceling"), "failed"),
    "manual": "running",
    None: "none",
}


class GitLab(Adapter):
    """GitLab; its merge requests are pull requests here.

    Args:
        url: of its web pages; "" for gitlab.com.
        token: of its API.
        pause: seconds between two writes.
    """

    body_limit = 1_048_576
    marks = _DRAFT
    people_at_opening = True

    def __init__(self, url: str, token: str, pause: float = 0) -> None:
        super().__init__(Speaker("GitLab", token))
        self._web = url.rstrip("/") or "https://gitlab.com"
        wire = Wire(self._speaker, self._web, ("PRIVATE-TOKEN", token), pause)
        self._client = gitlab.Gitlab(self._web, per_page=100, keep_base_url=True, session=wire)
        self._known: dict[str, Project] = {}

    def repositories(self, group: Group) -> Iterator[Repository]:
        """Return the projects of a group and its subgroups, or of a user, that are let through."""
        with self._asked():
            for project in self._all(group):
                name = project.path_with_namespace
                if self._lets_through(group, project):
                    yield Repository(name, self.clone_url(name))

    def clone_url(self, name: str) -> str:
        """Return what git clones."""
        return f"{self._web}/{name}.git"

    def search(self, text: str, owner: str) -> set[str]:
        """Return the projects of a group whose files hold a text, by GitLab's advanced search."""
        with self._asked():
            hits: Any = self._client.groups.get(owner).search("blobs", f'"{text}"', iterator=True)
            ids = {hit["project_id"] for hit in hits}
            return {self._client.projects.get(key).path_with_namespace for key in sorted(ids)}

    def health(self, name: str, number: int) -> Health:
        """Return what reviews and checks say."""
        with self._asked():
            merge = self._project(name).mergerequests.get(number)
            given: Any = merge.approvals.get()
            review: OneOf["approved", "changes asked for", "none"] = "none"
            if given.approved_by and getattr(given, "approved", True):
                review = "approved"
            if getattr(merge, "detailed_merge_status", "") == "requested_changes":
                review = "changes asked for"
            status = (merge.head_pipeline or {}).get("status")
            return Health(_pull(merge), review, _CHECKS.get(status, "running"))

    def merge(self, name: str, found: PullRequest) -> None:
        """Merge a merge request."""
        with self._asked():
            key = self._project(name).id
            path = f"/projects/{key}/merge_requests/{found.number}/merge"
            self._client.http_put(path, post_data={"sha": found.head})

    def may_push(self, name: str) -> bool:
        """Say whether the token may push."""
        with self._asked():
            project = self._project(name)
            given = project.permissions.values()
            levels = [access["access_level"] for access in given if access]
            return max(levels, default=0) >= _DEVELOPER and not project.archived

    def fork(self, name: str) -> str:
        """Return our fork; GitLab fills a new one in its own time."""
        with self._asked():
            project = self._project(name)
            path = self._forked(project)
            if until(lambda: self._is_filled(path), _LOOKS):
                return path
        message = f"the fork {path} is not there yet"
        raise self._speaker.error(message, wait=30.0)

    def _forked(self, project: Project) -> str:
        """Return the fork in our own namespace: one in a group's is that group's."""
        me: Any = self._client.http_get("/user")
        paths = [f.path_with_namespace for f in project.forks.list(owned=True, iterator=True)]
        mine = [path for path in paths if path.rpartition("/")[0] == me["username"]]
        return str(mine[0] if mine else project.forks.create({}).path_with_namespace)

    def _all(self, group: Group) -> Iterator[Any]:
        """Return the projects of a group, else of a user."""
        told: dict[str, Any] = {} if group.archived else {"archived": False}
        try:
            owner: Any = self._client.groups.get(group.name)
            told |= {"include_subgroups": True, "with_shared": False}
        except ForgeError as error:
            if error.status != 404:
                raise
            users = self._client.users.list(username=group.name, get_all=True)
            if not users:
                raise
            owner = users[0]
        yield from owner.projects.list(iterator=True, **told)

    def _lets_through(self, group: Group, project: Any) -> bool:
        """Say whether the filters let a project through; languages take a request, so come last."""
        name, topics = project.path_with_namespace, project.topics
        fork = hasattr(project, "forked_from_project")
        any_language = msgspec.structs.replace(group, languages=())
        if not lets_through(any_language, name, topics, "", archived=project.archived, fork=fork):
            return False
        if not group.languages:
            return True
        shares: Any = self._client.projects.get(project.id, lazy=True).languages()
        language = max(shares, key=lambda name: shares[name], default="")
        return lets_through(group, name, topics, language, archived=project.archived, fork=fork)

    def _project(self, name: str) -> Project:
        if name not in self._known:
            self._known[name] = self._client.projects.get(name)
        return self._known[name]

    def _id(self, fork: str) -> int | None:
        """Return a fork's id: none where it is gone, which is what its merge requests say too."""
        try:
            key: int = self._project(fork).id
        except ForgeError as error:
            if error.status != 404:
                raise
            return None
        return key

    def _is_filled(self, path: str) -> bool:
        status = self._client.projects.get(path).import_status
        if status == "failed":
            message = f"the fork {path} has failed"
            raise self._speaker.error(message)
        return bool(status in ("none", "finished"))

    def _ids(self, people: tuple[str, ...], what: str, notes: list[str]) -> list[int]:
        """Return the ids of users; groups cannot be asked."""
        ids = []
        for name in people:
            # There are no slashes in names of users.
            users = [] if "/" in name else self._client.users.list(username=name, get_all=True)
            ids += [user.id for user in users]
            if not users:
                notes.append(f"{what}{name}: no user of that name")
        return ids

    def _merge_of(self, name: str, number: int) -> Merge:
        """Return a handle, for which nothing is asked."""
        return self._project(name).mergerequests.get(number, lazy=True)

    def _pulls(self, name: str, head: str, base: str, fork: str) -> Iterator[PullRequest]:  # noqa: ARG002 - one may be to another base
        project = self._project(name)
        source = self._id(fork) if fork else project.id
        merges = project.mergerequests.list(state="all", source_branch=head, iterator=True)
        ours = (source, head)
        yield from (_pull(m) for m in merges if (m.source_project_id, m.source_branch) == ours)

    def _get(self, name: str, number: int) -> PullRequest:
        # A project that was renamed is found by its former name, too: reads are redirected.
        project = self._known.get(name) or self._client.projects.get(name, lazy=True)
        return _pull(project.mergerequests.get(number))

    def _open(self, name: str, wanted: WantedPull, notes: list[str]) -> PullRequest:
        project = self._project(name)
        source = self._project(wanted.fork) if wanted.fork else project
        asked = {
            "source_branch": wanted.head,
            "target_branch": wanted.base,
            "target_project_id": project.id,
            "title": wanted.title,
            "description": wanted.body,
            "labels": ",".join(wanted.labels),
            "reviewer_ids": self._ids(wanted.reviewers, REVIEWER, notes),
        }
        if assignees := self._ids(wanted.assignees, "assignee ", notes):
            asked["assignee_ids"] = assignees
        made = source.mergerequests.create(asked)
        # Its pipeline is not made in the moment in which it is.
        return self._get(name, made.iid) if wanted.auto_merge else _pull(made)

    def _edit(self, name: str, now: PullRequest, fields: Fields) -> PullRequest:
        names = {"title": "title", "body": "description", "base": "target_branch"}
        told = {names[key]: value for key, value in fields.items() if key in names}
        self._project(name).mergerequests.update(now.number, told)
        return self._get(name, now.number)

    def _shut(self, name: str, number: int) -> None:
        self._project(name).mergerequests.update(number, {"state_event": "close"})

    def _say(self, name: str, number: int, text: str) -> None:
        self._merge_of(name, number).notes.create({"body": text})

    def _label(self, name: str, number: int, labels: tuple[str, ...]) -> None:
        self._project(name).mergerequests.update(number, {"add_labels": ",".join(labels)})

    def _assign(self, name: str, number: int, people: tuple[str, ...]) -> None:
        ids = self._ids(people, "assignee ", [])
        self._project(name).mergerequests.update(number, {"assignee_ids": ids})

    def _ask(self, name: str, number: int, reviewers: tuple[str, ...]) -> None:
        ids = self._ids(reviewers, REVIEWER, [])
        self._project(name).mergerequests.update(number, {"reviewer_ids": ids})

    def _auto_merge(self, name: str, pull: PullRequest) -> None:
        """Have GitLab merge what we pushed once its pipeline has passed.

        Without a pipeline it would merge at once, before one was even made.
        """
        merge = self._project(name).mergerequests.get(pull.number)
        pipeline = merge.head_pipeline or {}
        if pipeline.get("sha") != merge.sha or pipeline["status"] not in (*_BEFORE_END, "success"):
            message = (
                "no pipeline of its last commit runs or has passed; asked again at the next run"
            )
            raise self._speaker.error(message)
        path = f"/projects/{merge.project_id}/merge_requests/{merge.iid}/merge"
        # The first is GitLab's name up to 17.10, the second since.
        asked = {"merge_when_pipeline_succeeds": True, "auto_merge": True, "sha": merge.sha}
        self._client.http_put(path, post_data=asked)

    @contextmanager
    def _asked(self) -> Iterator[None]:
        with self._speaker.asked():
            try:
                yield
            except gitlab.GitlabError as error:
                answer = Answer(error.response_code or 0, {}, error.error_message)
                raise self._speaker.refused(answer) from None


def _pull(merge: Any) -> PullRequest:
    return PullRequest(
        number=int(merge.iid),
        url=page(merge.web_url),
        state=state_of(merged=merge.state == "merged", opened=merge.state in _OPEN),
        title=_DRAFT.bare(merge.title),
        body=merge.description or "",
        draft=bool(merge.draft),
        labels=frozenset(merge.labels),
        base=merge.target_branch,
        head=merge.sha or "",
        branch=merge.source_branch,
        mergeable=_mergeable(merge),
        auto_merge=bool(merge.merge_when_pipeline_succeeds),
    )


def _mergeable(merge: Any) -> bool | None:
    """Say whether there is no conflict; None where GitLab has not looked."""
    if getattr(merge, "merge_status", "unchecked") in ("unchecked", "checking"):
        return None
    return not getattr(merge, "has_conflicts", False)
