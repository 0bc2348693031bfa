"""A forge that keeps its state on disk: what a killed run left there is there for the next one.

    python -m tests.campaign.disk_forge DIRECTORY campaign run shop.yaml

runs the command line with it in the place of the forge that the campaign file names. It refuses no
second pull request of a branch, as real ones do: whoever opens one twice is found out.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from refactor.campaign.forge.adapter import Adapter, Fields
from refactor.campaign.forge.base import ForgeError, Health, PullRequest, WantedPull
from refactor.campaign.forge.refusal import Speaker
from refactor.campaign.repositories import lets_through
from refactor.campaign.spec import Group
from refactor.campaign.values import Repository
from tests.campaign.farm import ENV, git

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pulls (
  number INTEGER PRIMARY KEY, repository TEXT, fork TEXT, head TEXT, base TEXT, title TEXT, body TEXT,
  draft INTEGER, auto_merge INTEGER DEFAULT 0, labels TEXT DEFAULT '[]', reviewers TEXT DEFAULT '[]', assignees TEXT DEFAULT '[]',
  state TEXT DEFAULT 'open', comment TEXT DEFAULT '', review TEXT DEFAULT 'none', checks TEXT DEFAULT 'none', mergeable INTEGER DEFAULT 1
);
CREATE TABLE IF NOT EXISTS faults (id INTEGER PRIMARY KEY, method TEXT, fault TEXT);
CREATE TABLE IF NOT EXISTS asked (method TEXT, repository TEXT);
"""


class DiskForge(Adapter):
    """Bare repositories below a directory, their pull requests in a database beside them."""

    def __init__(self, root: Path, delay: float = 0) -> None:
        super().__init__(Speaker("Disk", "canary-7c1f3a9e"))
        self.root = root
        self._delay = delay
        root.mkdir(parents=True, exist_ok=True)
        self.db = sqlite3.connect(root / "forge.db", isolation_level=None, timeout=30)
        self.db.row_factory = sqlite3.Row
        self.db.executescript(_SCHEMA)

    def repositories(self, group: Group) -> Iterator[Repository]:
        self._note("repositories", group.name)
        for path in sorted((self.root / group.name).glob("*.git")):
            name = f"{group.name}/{path.stem}"
            about = path / "about.json"
            known: Mapping[str, Any] = json.loads(about.read_text()) if about.exists() else {}
            if lets_through(
                group, name, known.get("topics", []), known.get("language", ""), archived=known.get("archived", False), fork=known.get("fork", False)
            ):  # fmt: skip
                yield Repository(name, self.clone_url(name))

    def search(self, text: str, owner: str) -> set[str]:
        self._note("search", owner)
        found = set()
        for path in sorted((self.root / owner).glob("*.git")):
            ran = subprocess.run(
                ["git", "grep", "-qF", text, "HEAD"], cwd=path, env=ENV, check=False
            )
            found |= {f"{owner}/{path.stem}"} if ran.returncode == 0 else set()
        return found

    def clone_url(self, name: str) -> str:
        return str(self.root / f"{name}.git")

    def find(self, name: str, head: str, base: str, fork: str = "") -> PullRequest | None:
        self._note("find", name)
        return super().find(name, head, base, fork)

    def get(self, name: str, number: int) -> PullRequest:
        # Either is how a run looks for its pull request.
        self._note("find", name)
        return super().get(name, number)

    def create(self, name: str, wanted: WantedPull) -> PullRequest:
        self._note("create", name)
        return super().create(name, wanted)

    def update(
        self, name: str, found: PullRequest, wanted: WantedPull, *, fresh: bool = False
    ) -> PullRequest:
        self._note("update", name)
        time.sleep(self._delay)
        return super().update(name, found, wanted, fresh=fresh)

    def close(self, name: str, found: PullRequest, comment: str) -> None:
        self._note("close", name)
        super().close(name, found, comment)

    def health(self, name: str, number: int) -> Health:
        self._note("health", name)
        row = self._row(number)
        return Health(self._pull(row), row["review"], row["checks"])

    def merge(self, name: str, found: PullRequest) -> None:
        self._note("merge", name)
        if self._pull(self._row(found.number)).head != found.head:
            message = "its head has moved"
            raise ForgeError(message, status=409)
        self.by_hand(found.number, "merged")

    def _pulls(self, name: str, head: str, base: str, fork: str) -> Iterator[PullRequest]:
        query = "SELECT * FROM pulls WHERE repository = ? AND head = ? AND fork = ?"
        yield from map(self._pull, self.db.execute(query, (name, head, fork)))

    def _get(self, name: str, number: int) -> PullRequest:
        return self._pull(self._row(number))

    def _row(self, number: int) -> sqlite3.Row:
        found = self.db.execute("SELECT * FROM pulls WHERE number = ?", (number,)).fetchone()
        if found is None:
            message = "no such pull request"
            raise ForgeError(message, status=404)
        row: sqlite3.Row = found
        return row

    def _set(self, number: int, **fields: Any) -> None:
        columns = ", ".join(f"{name} = ?" for name in fields)
        self.db.execute(f"UPDATE pulls SET {columns} WHERE number = ?", (*fields.values(), number))

    def _open(self, name: str, wanted: WantedPull, notes: list[str]) -> PullRequest:
        source = self.clone_url(wanted.fork or name)
        git("rev-parse", "--verify", f"refs/heads/{wanted.head}", at=Path(source))
        made = self.db.execute(
            "INSERT INTO pulls (repository, fork, head, base, title, body, draft) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (name, wanted.fork, wanted.head, wanted.base, wanted.title, wanted.body, wanted.draft),
        ).lastrowid  # fmt: skip
        time.sleep(self._delay)
        self._fault("created")
        return self._pull(self._row(made or 0))

    def _edit(self, name: str, now: PullRequest, fields: Fields) -> PullRequest:
        self._set(now.number, **fields)
        return self._pull(self._row(now.number))

    def _shut(self, name: str, number: int) -> None:
        self._set(number, state="closed")

    def _say(self, name: str, number: int, text: str) -> None:
        self._note("comment", name)
        self._set(number, comment=text)

    def _label(self, name: str, number: int, labels: tuple[str, ...]) -> None:
        have = json.loads(self._row(number)["labels"])
        self._set(number, labels=json.dumps([*have, *labels]))

    def _assign(self, name: str, number: int, people: tuple[str, ...]) -> None:
        self._set(number, assignees=json.dumps(people))

    def _ask(self, name: str, number: int, reviewers: tuple[str, ...]) -> None:
        self._set(number, reviewers=json.dumps(reviewers))

    def _auto_merge(self, name: str, pull: PullRequest) -> None:
        self._set(pull.number, auto_merge=True)

    def _pull(self, row: sqlite3.Row) -> PullRequest:
        url = f"http://forge.example/{row['repository']}/pulls/{row['number']}"
        labels, where = frozenset(json.loads(row["labels"])), row["fork"] or row["repository"]
        ran = subprocess.run(
            ["git", "rev-parse", "-q", "--verify", f"refs/heads/{row['head']}"],
            cwd=self.clone_url(where), env=ENV, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return PullRequest(
            row["number"], url, row["state"], row["title"], row["body"], bool(row["draft"]), labels,
            base=row["base"], head=ran.stdout.strip(), branch=row["head"], fork=row["fork"],
            mergeable=bool(row["mergeable"]), auto_merge=bool(row["auto_merge"]),
        )  # fmt: skip

    def may_push(self, name: str) -> bool:
        self._note("may_push", name)
        return not (self.root / f"{name}.git" / "read-only").exists()

    def fork(self, name: str) -> str:
        self._note("fork", name)
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

    def edit(self, number: int, **fields: Any) -> None:
        """Change title, body, base, review, checks or labels as a person or a program does."""
        self._set(number, **fields)

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

    def _note(self, method: str, name: str) -> None:
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


def main() -> None:
    from refactor import cli
    from refactor.campaign import start

    root, *words = sys.argv[1:]
    forge = DiskForge(Path(root), delay=0.003)
    start.connect = lambda spec, _: None if spec.kind == "git" else forge  # type: ignore[assignment]
    cli.main(words)


if __name__ == "__main__":
    main()
