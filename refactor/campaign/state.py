"""Where each repository stands: one SQLite file beside the campaign file, and every transition.

WAL mode (sqlite.org/wal.html): `status` reads while a run writes. Each write is a transaction of
its own and on the disk when it returns, so that a run may be killed at any moment.
"""

from __future__ import annotations

import os
import sqlite3
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from refactor.campaign.values import Repository, Result
from refactor.campaign.values import State as Standing
from refactor.errors import RefactorError
from refactor.files.whole import lock_file

_VERSION = 2
_SCHEMA = """
CREATE TABLE repositories (
  name TEXT PRIMARY KEY, url TEXT NOT NULL, selected INTEGER NOT NULL DEFAULT 1,
  state TEXT NOT NULL DEFAULT 'new', reason TEXT NOT NULL DEFAULT '', since REAL NOT NULL,
  base TEXT NOT NULL DEFAULT '', sha TEXT NOT NULL DEFAULT '', key TEXT NOT NULL DEFAULT '',
  branch TEXT NOT NULL DEFAULT '', head TEXT NOT NULL DEFAULT '', digest TEXT NOT NULL DEFAULT '',
  fork TEXT NOT NULL DEFAULT '', number INTEGER NOT NULL DEFAULT 0,
  pull TEXT NOT NULL DEFAULT '', past INTEGER NOT NULL DEFAULT 0,
  refused TEXT NOT NULL DEFAULT '', opened REAL NOT NULL DEFAULT 0,
  parked REAL NOT NULL DEFAULT 0, result BLOB
) STRICT;
CREATE TABLE pauses (until REAL NOT NULL, reason TEXT NOT NULL) STRICT;
CREATE TABLE transitions (
  id INTEGER PRIMARY KEY, at REAL NOT NULL, name TEXT NOT NULL,
  state TEXT NOT NULL, reason TEXT NOT NULL
) STRICT;
CREATE INDEX transitions_by_name ON transitions (name);
"""


class Row(NamedTuple):
    """A repository's standing. Times are seconds since 1970.

    Attributes:
        name, url: the repository's.
        selected: whether the campaign file still names it.
        state: where it stands, for the `reason`, `since` when.
        base, sha: the branch it was planned on, and its commit.
        key: what else the plan rests on.
        branch, head, digest: ours, kept once it is to be pushed; the commit that was pushed last;
            what it changes.
        fork: address of the fork that has the branch; "" where there is none.
        number, pull: the pull request's, and its address.
        past: the number of one whose end counts no more: we closed it, or it was begun anew.
        refused: the parts of the pull request that the forge refused when it was opened.
        opened: when we opened it; 0 for never.
        parked: until when nothing is tried; 0 for not.
    """

    name: str
    url: str
    selected: bool
    state: Standing
    reason: str
    since: float
    base: str = ""
    sha: str = ""
    key: str = ""
    branch: str = ""
    head: str = ""
    digest: str = ""
    fork: str = ""
    number: int = 0
    pull: str = ""
    past: int = 0
    refused: str = ""
    opened: float = 0.0
    parked: float = 0.0


class Transition(NamedTuple):
    """A repository came to stand somewhere, at a time in seconds since 1970."""

    at: float
    name: str
    state: str
    reason: str


LONGEST = 86_400
"""Seconds that anything waits."""


def is_ahead(moment: float) -> bool:
    """Say whether a time is still to come; one that no wait explains was told by a wrong clock."""
    return 0 < moment - time.time() <= LONGEST


class _Database(sqlite3.Connection):
    """Tells a full disk, or a file that cannot be written, as what it is."""

    def execute(self, *question: Any) -> sqlite3.Cursor:
        with _one_line():
            return super().execute(*question)

    def executemany(self, *question: Any) -> sqlite3.Cursor:
        with _one_line():
            return super().executemany(*question)


@contextmanager
def _one_line() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        message = f"the campaign's state cannot be used: {error}"
        raise RefactorError(message, remedy="make room where it lies, and run it again") from error


_COLUMNS = ", ".join(Row._fields)


class States:
    """The state file of one campaign."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        """Open it, made where it is missing.

        Raises:
            RefactorError: it cannot be read or written, or is of another version.
        """
        if readonly and not path.exists():
            message = "nothing has been planned yet"
            raise RefactorError(message, where=str(path), remedy="run `refactor campaign plan`")
        try:
            # It holds the changed files: only its owner may read it, and SQLite's files beside it.
            if not path.exists():
                os.close(lock_file(path))
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30, factory=_Database)
            self._open()
        except (sqlite3.Error, OSError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            message = f"the campaign's state cannot be used: {why}"
            raise RefactorError(message, where=str(path)) from error

    def _open(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            script = f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;"
            self._db.executescript(script)
        elif version != _VERSION:
            message = f"it is of version {version}, this program writes {_VERSION}"
            raise sqlite3.DatabaseError(message)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def select(self, repositories: list[Repository]) -> None:
        """Take in what the campaign file names now; what it no longer names stays, unselected."""
        now = time.time()
        with self._transaction():
            self._db.execute("UPDATE repositories SET selected = 0")
            self._db.executemany(
                "INSERT INTO repositories (name, url, since) VALUES (?, ?, ?) "
                "ON CONFLICT (name) DO UPDATE SET url = excluded.url, selected = 1",
                [(repository.name, repository.url, now) for repository in repositories],
            )

    def rows(self) -> list[Row]:
        """Return every repository, by name."""
        found = self._db.execute(f"SELECT {_COLUMNS} FROM repositories ORDER BY name")  # noqa: S608
        return [Row(*row)._replace(selected=bool(row[2])) for row in found]

    def row(self, name: str) -> Row:
        """Return one repository."""
        return next(row for row in self.rows_named((name,)))

    def rows_named(self, names: tuple[str, ...]) -> Iterator[Row]:
        """Return some repositories, in the order asked."""
        for name in names:
            query = f"SELECT {_COLUMNS} FROM repositories WHERE name = ?"  # noqa: S608
            for row in self._db.execute(query, (name,)):
                yield Row(*row)._replace(selected=bool(row[2]))

    def result(self, name: str) -> Result | None:
        """Return the plan that is kept of a repository."""
        query = "SELECT result FROM repositories WHERE name = ?"
        blob = self._db.execute(query, (name,)).fetchone()[0]
        return msgspec.msgpack.decode(zlib.decompress(blob), type=Result) if blob else None

    def keep(self, result: Result, key: str) -> None:
        """Keep a plan: what it gave, and what it rests on."""
        blob = zlib.compress(msgspec.msgpack.encode(result), 3)
        self.note(result.name, base=result.base, sha=result.sha, key=key, result=blob)

    def note(self, name: str, **fields: Any) -> None:
        """Write down what is known of a repository; it stands where it stood."""
        columns = ", ".join(f"{field} = ?" for field in fields)
        query = f"UPDATE repositories SET {columns} WHERE name = ?"  # noqa: S608 - our own names
        self._db.execute(query, (*fields.values(), name))

    def move(self, name: str, state: Standing, reason: str = "", **fields: Any) -> bool:
        """Say where a repository stands now.

        Returns:
            Whether that is news; only then it is a transition.
        """
        now = time.time()
        with self._transaction():
            if fields:
                self.note(name, **fields)
            changed = self._db.execute(
                "UPDATE repositories SET state = ?, reason = ?, since = ? "
                "WHERE name = ? AND (state != ? OR reason != ?)",
                (state, reason, now, name, state, reason),
            ).rowcount
            if changed:
                self._db.execute(
                    "INSERT INTO transitions (at, name, state, reason) VALUES (?, ?, ?, ?)",
                    (now, name, state, reason),
                )
        return bool(changed)

    def transitions(self, name: str = "") -> list[Transition]:
        """Return every transition, of one repository or of all, in order."""
        where, values = ("WHERE name = ?", (name,)) if name else ("", ())
        query = f"SELECT at, name, state, reason FROM transitions {where} ORDER BY id"  # noqa: S608
        return [Transition(*row) for row in self._db.execute(query, values)]

    def latest(self, most: int) -> list[Transition]:
        """Return the last transitions, the newest first."""
        query = "SELECT at, name, state, reason FROM transitions ORDER BY id DESC LIMIT ?"
        return [Transition(*row) for row in self._db.execute(query, (most,))]

    def counts(self) -> Mapping[str, int]:
        """Return how many selected repositories stand where."""
        query = "SELECT state, count(*) FROM repositories WHERE selected GROUP BY state"
        return dict(self._db.execute(query).fetchall())

    def open_now(self) -> int:
        """Return how many pull requests are open, ours alone or not."""
        query = (
            "SELECT count(*) FROM repositories WHERE selected AND (state IN "
            "('open', 'pushed') OR (state IN ('changed by others', 'failed') AND number > 0))"
        )
        return int(self._db.execute(query).fetchone()[0])

    def pause(self, until: float, reason: str) -> None:
        """Write down until when the forge wants to be left alone, in seconds since 1970."""
        with self._transaction():
            self._db.execute("DELETE FROM pauses")
            self._db.execute("INSERT INTO pauses VALUES (?, ?)", (until, reason))

    def paused(self) -> tuple[float, str]:
        """Return until when the forge wants to be left alone, and why; 0 for no pause."""
        found = self._db.execute("SELECT until, reason FROM pauses").fetchone()
        return (found[0], found[1]) if found and is_ahead(found[0]) else (0.0, "")

    def opened_since(self, moment: float) -> int:
        """Return how many pull requests were opened after a time in seconds since 1970."""
        query = "SELECT count(*) FROM repositories WHERE opened > ? AND opened <= ?"
        return int(self._db.execute(query, (moment, time.time())).fetchone()[0])

    def _transaction(self) -> _Transaction:
        return _Transaction(self._db)


class _Transaction:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        if not kind:
            self._db.execute("COMMIT")
        elif self._db.in_transaction:  # SQLite may have rolled back by itself: a full disk
            self._db.execute("ROLLBACK")
