"""One run's surroundings: the campaign, its state, its forge, who listens."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from refactor import __version__
from refactor.campaign.commit import Maker
from refactor.campaign.dependencies import Links, cluster_of
from refactor.campaign.forge import kind_of
from refactor.campaign.git import Access, Git, access
from refactor.campaign.load import Loaded
from refactor.campaign.repositories import home_of, unmatched
from refactor.campaign.retries import Steady
from refactor.campaign.rows import RepositoryRow
from refactor.campaign.spec import Campaign
from refactor.campaign.state import States
from refactor.campaign.values import Repository, State, Task
from refactor.campaign.work import cache_of
from refactor.errors import RefactorError

Listener = Callable[[dict[str, Any]], None]
"""Takes an event: `event`, `at` (ISO 8601), and what it is about."""

_HALF = 32
"""Characters of each half of a key."""

_FORMAT = b"/2"
"""Of what a plan keeps: with another one it is made again."""


class RunOptions(NamedTuple):
    """What the command line says beside the campaign file.

    Attributes:
        only: globs over `owner/name`; empty for all.
        cache: the directory of clones; "" for the user's own cache.
        patches: the directory that patches are written to, instead of pushing; None to push.
        again: take up what is parked, too.
        reopen: globs of repositories whose pull request may be made anew after it was closed.
        rebase: globs of repositories whose branch is made again from its base.
        take_back: whether that goes for branches with commits by others, too.
        canary: repositories after which a run stops; 0 for no end.
    """

    only: Sequence[str] = ()
    cache: str = ""
    patches: Path | None = None
    again: bool = False
    reopen: Sequence[str] = ()
    rebase: Sequence[str] = ()
    take_back: bool = False
    canary: int = 0


class CampaignRun:
    """What every step of a run needs.

    Attributes:
        loaded: the campaign file.
        states: where each repository stands.
        forge: of the campaign; None for plain git.
        options: of the command line.
    """

    def __init__(
        self,
        loaded: Loaded,
        states: States,
        forge: Steady | None,
        options: RunOptions,
        listen: Listener,
    ) -> None:
        self.loaded = loaded
        self.states = states
        self.forge = forge
        self.options = options
        self._listen = listen
        self._keys: dict[tuple[str, ...], str] = {}

    @property
    def campaign(self) -> Campaign:
        """What the campaign file says."""
        return self.loaded.campaign

    @cached_property
    def access(self) -> Access:
        """What git may present to the forge's server."""
        return access_of(self.campaign)

    @cached_property
    def git(self) -> Git:
        """Git for this process."""
        return Git(self.access, self.campaign.limits.minutes * 60)

    @cached_property
    def maker(self) -> Maker:
        """Who commits."""
        return Maker(self.campaign.name, self.campaign.commit)

    @cached_property
    def cache(self) -> Path:
        """The directory of clones, of this campaign alone."""
        own = hashlib.sha256(os.fsencode(self.loaded.path)).hexdigest()[:12]
        return cache_of(self.options.cache) / f"{self.campaign.name}-{own}"

    def tell(self, event: str, **about: Any) -> None:
        """Tell who listens of an event."""
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self._listen({"event": event, "at": at, **about})

    def move(self, name: str, state: State, reason: str = "", **fields: Any) -> None:
        """Write down where a repository stands now, and tell it where that is news."""
        reason = self.git.masked(reason)
        if self.states.move(name, state, reason, **fields):
            pull = self.states.row(name).pull
            self.tell("state", repository=name, state=state, reason=reason, url=pull)

    def fail(self, name: str, reason: str, parked: float) -> None:
        """Write down why a repository failed, beside where it stands, and tell it."""
        reason = self.git.masked(reason)
        if self.states.fail(name, reason, parked):
            pull = self.states.row(name).pull
            self.tell("state", repository=name, state="failed", reason=reason, url=pull)

    def may_reopen(self, name: str) -> bool:
        """Say whether a pull request that was closed or merged may be followed by a new one."""
        return any(fnmatchcase(name, glob) for glob in self.options.reopen)

    def may_rebase(self, row: RepositoryRow) -> bool:
        """Say whether a branch is made again though nothing has moved."""
        others = row.state == "modified by others" and not self.options.take_back
        return not others and any(fnmatchcase(row.name, glob) for glob in self.options.rebase)

    def chosen(self) -> list[RepositoryRow]:
        """Return the repositories that this run is about."""
        rows = [row for row in self.states.rows() if row.selected]
        only = self.options.only
        return [r for r in rows if not only or any(fnmatchcase(r.name, glob) for glob in only)]

    def check_globs(self, names: Sequence[str]) -> None:
        """Refuse patterns of the command line that match nothing: such a slip would do nothing."""
        for option, globs in (
            ("--only", self.options.only),
            ("NAMES", (*self.options.reopen, *self.options.rebase)),
        ):
            if problem := unmatched(globs, names):
                raise RefactorError(problem, where=option)

    def task(self, repository: Repository, row: RepositoryRow, links: Links) -> Task:
        """Return what a worker has to be asked for one repository."""
        campaign, home = self.campaign, home_of(self.campaign.homes, repository.name)
        task = Task(
            repository=repository,
            cache=str(self.cache),
            inventories=home.inventories,
            namespace=home.namespace,
            settings=(campaign.settings, home.settings),
            access=(*self.access,),
            megabytes=campaign.limits.megabytes,
            seconds=campaign.limits.minutes * 60,
            asked=links.asked_of(repository.name, cluster_of(campaign, repository.name)),
            assumed=links.assumed_of(repository.name),
            mend=bool(row.broken),
        )
        key = self.key(task)
        if row.key == key:
            return msgspec.structs.replace(task, known=row.sha)
        kept = self.states.outline(row.name) if row.key[:_HALF] == key[:_HALF] else None
        if kept is None or kept.gives:
            return task
        # Only what others ask for has changed: nothing to do for those who have none of it.
        return msgspec.structs.replace(task, known=row.sha, recheck=True)

    def key(self, task: Task) -> str:
        """Return a digest of all that a plan rests on beside the repository's own files.

        Its second half is of what other repositories ask for.
        """
        bare = msgspec.structs.replace(
            task, cache="", known="", recheck=False, access=("", "", ""), asked=()
        )
        parts = (
            __version__.encode() + _FORMAT,
            msgspec.msgpack.encode(bare),
            self._inventories(task),
        )
        asked = msgspec.msgpack.encode(task.asked)
        return "".join(hashlib.sha256(d).hexdigest()[:_HALF] for d in (b"\0".join(parts), asked))

    def _inventories(self, task: Task) -> bytes:
        """Return a digest of a task's inventories, read once."""
        if task.inventories not in self._keys:
            total = hashlib.sha256()
            for name in task.inventories:
                for path in files_of(self.loaded.path.parent / name):
                    total.update(path.read_bytes())
            self._keys[task.inventories] = total.hexdigest()
        return self._keys[task.inventories].encode()


def files_of(path: Path) -> list[Path]:
    """Return a file, or the files below a directory, in order."""
    return sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def access_of(campaign: Campaign) -> Access:
    """Return what git may present to a campaign's forge."""
    forge = campaign.forge
    kind = kind_of(forge)
    return access(forge.url or kind.url, forge.user or kind.user, forge.git_token or forge.token)
