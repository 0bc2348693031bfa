"""A campaign in this process: real git, a forge on disk, one repository after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from refactor.campaign import run as commands
from refactor.campaign import start
from refactor.campaign.campaign_run import RunOptions
from refactor.campaign.rows import RepositoryRow
from refactor.campaign.state import States
from refactor.campaign.values import Result, Task
from refactor.campaign.work import plan_repository
from tests.campaign.disk_forge import DiskForge
from tests.campaign.farm import CLUSTER, bare

FORGE = "forge: {kind: gitea, url: 'http://forge.example', token: T%s}\n"
OLD, NEW = b"url: http://10.42.1.11:8080/api\n", b"url: http://orders:80/api\n"


class Inline:
    """Plans in this process."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.planned: list[str] = []

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        for task in tasks:
            result = plan_repository(task, self.root)
            if not result.unchanged and not result.failed:
                self.planned.append(task.repository.name)
            yield result


class Scene:
    """Repositories below a directory, a forge, and a campaign file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.forge = DiskForge(root)
        self.file = root / "services.yaml"
        self.events: list[dict[str, Any]] = []
        self.inline = Inline(root)

    def add(self, name: str, files: dict[str, bytes] | None = None, branch: str = "main") -> Path:
        """Make a repository; by default one with a single address to change."""
        return bare(self.root / f"{name}.git", files or {"config/values.yaml": OLD}, branch)

    def write(
        self,
        extra: str = "",
        *,
        fork: str = "",
        kind: str = "gitea",
        pause: float = 0,
        limits: str = "per-hour: 0",
    ) -> None:
        forge = FORGE % (f", fork: {fork}" if fork else "") if kind == "gitea" else ""
        found = sorted(p for p in self.root.glob("*/*.git") if p.parent.name != "bot")
        names = [str(p) if kind == "git" else f"{p.parent.name}/{p.stem}" for p in found]
        self.file.write_text(
            f"name: services\nrepositories: {{list: [{', '.join(names)}]}}\n{forge}"
            f"homes: [{{inventories: [{CLUSTER}], namespace: shop}}]\nlimits: {{{limits}, pause: {pause}}}\n{extra}"
        )

    def do(
        self, command: str = "run", *, again: bool = False, reopen: Sequence[str] = (), only: Sequence[str] = (), patches: Path | None = None,
        rebase: Sequence[str] = (), take_back: bool = False, canary: int = 0,
    ) -> dict[str, str]:  # fmt: skip
        """Do one of the commands, and return where each repository stands then."""
        self.events, self.inline.planned = [], []
        options = RunOptions(
            only, str(self.root / "cache"), patches, again, reopen, rebase, take_back, canary
        )
        with start.session(self.file, options, self.events.append) as session:
            if command == "close":
                commands.close(session)
            else:
                getattr(commands, command)(session, start.repositories(session), self.inline)
        return {row.name: row.shown for row in self.rows()}

    def rows(self) -> list[RepositoryRow]:
        states = States(self.file.with_suffix(".state.db"))
        try:
            return states.rows()
        finally:
            states.close()

    def row(self, name: str = "shop/web") -> RepositoryRow:
        return next(row for row in self.rows() if row.name == name)

    def note(self, name: str = "shop/web") -> tuple[str, ...]:
        """What a report must say about a repository."""
        states = States(self.file.with_suffix(".state.db"))
        try:
            result = states.result(name)
        finally:
            states.close()
        assert result is not None
        return result.notes

    def history(self, name: str = "shop/web") -> list[str]:
        states = States(self.file.with_suffix(".state.db"))
        try:
            return [transition.state for transition in states.transitions(name)]
        finally:
            states.close()

    def told(self, event: str) -> list[dict[str, Any]]:
        return [e for e in self.events if e["event"] == event]

    def remote(self, name: str = "shop/web") -> Path:
        return self.root / f"{name}.git"
