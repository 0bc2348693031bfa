"""A forge that keeps its state on disk: what a killed run left there is there for the next one.

    python -m tests.campaign.disk_forge DIRECTORY campaign run shop.yaml

runs the command line with it in the place of the forge that the campaign file names. It refuses no
second pull request of a branch, as real ones do: whoever opens one twice is found out.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from refactor.campaign.forge.base import ForgeError, PullRequest, Wanted
from refactor.campaign.repositories import lets_through
from refactor.campaign.spec import Group
from refactor.campaign.values import Repository
from tests.campaign.farm import git

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pulls (
  number INTEGER PRIMARY KEY, repository TEXT, fork TEXT, head TEXT, base TEXT, title TEXT, body TEXT,
  draft INTEGER, auto_merge INTEGER, labels TEXT, reviewers TEXT, state TEXT DEFAULT 'open', comment TEXT DEFAULT ''
);
CREATE TABLE IF NOT EXISTS faults (id INTEGER PRIMARY KEY, method TEXT, fault TEXT);
CREATE TABLE IF NOT EXISTS asked (method TEXT, repository TEXT);
"""


class DiskForge:
    """Bare repositories below a directory, their pull requests in a database beside them."""

    def __init__(self, root: Path, delay: float = 0) -> None:
        self.root = root
        self._delay = delay
        root.mkdir(parents=True, exist_ok=True)
        self.db = sqlite3.connect(root / "forge.db", isolation_level=None, timeout=30)
        self.db.row_factory = sqlite3.Row
        self.db.executescript(_SCHEMA)

    def repositories(self, group: Group) -> Iterator[Repository]:
        self._asked("repositories", group.name)
        for path in sorted((self.root / group.name).glob("*.git")):
            name = f"{group.name}/{path.stem}"
            about = path / "about.json"
            known: Mapping[str, Any] = json.loads(about.read_text()) if about.exists() else {}
            if lets_through(
                group, name, known.get("topics", []), known.get("language", ""), archived=known.get("archived", False), fork=known.get("fork", False)
            ):  # fmt: skip
                yield Repository(name, self.clone_url(name))

    def clone_url(self, name: str) -> str:
        return str(self.root / f"{name}.git")

    def find(self, name: str, head: str, base: str, fork: str = "") -> PullRequest | None:
        self._asked("find", name)
        query = "SELECT * FROM pulls WHERE repository = ? AND head = ? AND fork = ? ORDER BY state != 'open', number DESC"
        row = self.db.execute(query, (name, head, fork)).fetchone()
        return _pull(row) if row else None

    def create(self, name: str, wanted: Wanted) -> PullRequest:
        self._asked("create", name)
        source = self.clone_url(wanted.fork or name)
        git("rev-parse", "--verify", f"refs/heads/{wanted.head}", at=Path(source))
        made = self.db.execute(
            "INSERT INTO pulls (repository, fork, head, base, title, body, draft, auto_merge, labels, reviewers) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (name, wanted.fork, wanted.head, wanted.base, wanted.title, wanted.body, wanted.draft, wanted.auto_merge,
             json.dumps(wanted.labels), json.dumps(wanted.reviewers)),
        ).lastrowid  # fmt: skip
        time.sleep(self._delay)
        self._fault("created")
        return _pull(self.db.execute("SELECT * FROM pulls WHERE number = ?", (made,)).fetchone())

    def update(
        self, name: str, found: PullRequest, wanted: Wanted, *, fresh: bool = False
    ) -> PullRequest:
        self._asked("update", name)
        if fresh:
            query = "UPDATE pulls SET reviewers = ? WHERE number = ?"
            self.db.execute(query, (json.dumps(wanted.reviewers), found.number))
        query = "UPDATE pulls SET title = ?, body = ?, draft = ? WHERE number = ?"
        self.db.execute(query, (wanted.title, wanted.body, wanted.draft, found.number))
        time.sleep(self._delay)
        return _pull(
            self.db.execute("SELECT * FROM pulls WHERE number = ?", (found.number,)).fetchone()
        )

    def close(self, name: str, found: PullRequest, comment: str) -> None:
        self._asked("close", name)
        self.db.execute(
            "UPDATE pulls SET state = 'closed', comment = ? WHERE number = ?",
            (comment, found.number),
        )

    def may_push(self, name: str) -> bool:
        self._asked("may_push", name)
        return not (self.root / f"{name}.git" / "read-only").exists()

    def fork(self, name: str) -> str:
        self._asked("fork", name)
        mine = f"bot/{name.replace('/', '-')}"
        if not Path(self.clone_url(mine)).exists():
            git("clone", "-q", "--bare", self.clone_url(name), self.clone_url(mine), at=self.root)
        return mine

    def fail(self, method: str, times: int = 1, **fault: Any) -> None:
        """Let the next calls of a method fail: `message`, `status`, `wait`, `limited`."""
        rows = [(method, json.dumps({"message": "Bad Gateway", **fault}))] * times
        self.db.executemany("INSERT INTO faults (method, fault) VALUES (?, ?)", rows)

    def pulls(self, name: str = "") -> list[dict[str, Any]]:
        rows = map(dict, self.db.execute("SELECT * FROM pulls ORDER BY number"))
        return [row for row in rows if name in ("", row["repository"])]

    def asked(self, method: str) -> list[str]:
        return [
            row[0]
            for row in self.db.execute("SELECT repository FROM asked WHERE method = ?", (method,))
        ]

    def by_hand(self, number: int, state: str) -> None:
        """Merge, close or open a pull request again, or make it `draft` or `ready`, as a person does."""
        if state in ("draft", "ready"):
            self.db.execute(
                "UPDATE pulls SET draft = ? WHERE number = ?", (state == "draft", number)
            )
            return
        row = self.db.execute("SELECT * FROM pulls WHERE number = ?", (number,)).fetchone()
        if state == "merged":
            git(
                "update-ref",
                f"refs/heads/{row['base']}",
                f"refs/heads/{row['head']}",
                at=Path(self.clone_url(row["repository"])),
            )
        self.db.execute("UPDATE pulls SET state = ? WHERE number = ?", (state, number))

    def _asked(self, method: str, name: str) -> None:
        self.db.execute("INSERT INTO asked VALUES (?, ?)", (method, name))
        self._fault(method)

    def _fault(self, method: str) -> None:
        row = self.db.execute(
            "SELECT id, fault FROM faults WHERE method = ? ORDER BY id", (method,)
        ).fetchone()
        if row:
            self.db.execute("DELETE FROM faults WHERE id = ?", (row["id"],))
            fault = json.loads(row["fault"])
            raise ForgeError(fault.pop("message"), **fault)


def _pull(row: sqlite3.Row) -> PullRequest:
    url = f"http://forge.example/{row['repository']}/pulls/{row['number']}"
    labels = frozenset(json.loads(row["labels"]))
    return PullRequest(
        row["number"], url, row["state"], row["title"], row["body"], bool(row["draft"]), labels
    )


def main() -> None:
    from refactor import cli
    from refactor.campaign import start

    root, *words = sys.argv[1:]
    forge = DiskForge(Path(root), delay=0.003)
    start.connect = lambda spec, _: None if spec.kind == "git" else forge  # type: ignore[assignment]
    cli.main(words)


if __name__ == "__main__":
    main()
