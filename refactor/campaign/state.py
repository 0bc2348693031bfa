"""Where each repository stands: one SQLite file beside the campaign file, and every transition.

WAL mode (sqlite.org/wal.html): `status` reads while a run writes. Each write is a transaction of
its own and on the disk when it returns, so that a run may be killed at any moment.
"""

from __future__ import annotations

import os
import sqlite3
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from refactor.campaign.database import (
    SCHEMA,
    SINCE_3,
    SINCE_4,
    STEPS,
    VERSION,
    Atomic,
    Database,
)
from refactor.campaign.rows import RepositoryRow, Transition, is_ahead
from refactor.campaign.values import Repository, Result
from refactor.campaign.values import State as Standing
from refactor.errors import RefactorError
from refactor.files.whole import lock_file

_COLUMNS = ", ".join(RepositoryRow._fields)


class States:
    """The state file of one campaign."""

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        """Open it, made where it is missing."""
        if readonly and not path.exists():
            message = "nothing has been planned yet"
            raise RefactorError(message, where=str(path), remedy="run `refactor campaign plan`")
        try:
            # It holds the changed files: only its owner may read it, and SQLite's files beside it.
            if not path.exists():
                os.close(lock_file(path))
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30, factory=Database)
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
            schema = SCHEMA % ", ".join((*SINCE_3, *SINCE_4))
            script = f"BEGIN IMMEDIATE; {schema} PRAGMA user_version = {VERSION}; COMMIT;"
            self._db.executescript(script)
        elif version in STEPS:
            self._bring_up(STEPS[version])
        elif version != VERSION:
            message = f"it is of version {version}, this program writes {VERSION}"
            raise sqlite3.DatabaseError(message)

    def _bring_up(self, steps: Iterable[str]) -> None:
        """Bring a file of an older version up to date, or leave it as it was."""
        with self._transaction():
            for step in steps:
                self._db.execute(step)
            for (name,) in self._db.execute("SELECT name FROM repositories").fetchall():
                if (result := self.result(name)) is not None:
                    self.note(name, outline=msgspec.msgpack.encode(outlined(result)))
            self._db.execute(f"PRAGMA user_version = {VERSION}")

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

    def rows(self) -> list[RepositoryRow]:
        """Return every repository, by name."""
        found = self._db.execute(f"SELECT {_COLUMNS} FROM repositories ORDER BY name")  # noqa: S608
        return [RepositoryRow(*row)._replace(selected=bool(row[2])) for row in found]

    def row(self, name: str) -> RepositoryRow:
        """Return one repository."""
        return next(row for row in self.rows_named((name,)))

    def rows_named(self, names: tuple[str, ...]) -> Iterator[RepositoryRow]:
        """Return some repositories, in the order asked."""
        for name in names:
            query = f"SELECT {_COLUMNS} FROM repositories WHERE name = ?"  # noqa: S608
            for row in self._db.execute(query, (name,)):
                yield RepositoryRow(*row)._replace(selected=bool(row[2]))

    def result(self, name: str) -> Result | None:
        """Return the plan that is kept of a repository."""
        query = "SELECT result FROM repositories WHERE name = ?"
        blob = self._db.execute(query, (name,)).fetchone()[0]
        return msgspec.msgpack.decode(zlib.decompress(blob), type=Result) if blob else None

    def outlines(self) -> Mapping[str, Result]:
        """Return the plans of selected repositories without files and reports, which are large."""
        query = "SELECT name, outline FROM repositories WHERE selected AND outline IS NOT NULL"
        return {name: _outline(blob) for name, blob in self._db.execute(f"{query} ORDER BY name")}

    def outline(self, name: str) -> Result | None:
        """Return one of them."""
        query = "SELECT outline FROM repositories WHERE name = ?"
        blob = self._db.execute(query, (name,)).fetchone()[0]
        return _outline(blob) if blob else None

    def keep(self, result: Result, key: str) -> None:
        """Keep a plan: what it gave, and what it rests on."""
        blob = zlib.compress(msgspec.msgpack.encode(result), 3)
        outline = msgspec.msgpack.encode(outlined(result))
        known = {"base": result.base, "sha": result.sha, "key": key}
        self.note(result.name, **known, result=blob, outline=outline)

    def note(self, name: str, **fields: Any) -> None:
        """Write down what is known of a repository; it stands where it stood."""
        columns = ", ".join(f"{field} = ?" for field in fields)
        query = f"UPDATE repositories SET {columns} WHERE name = ?"  # noqa: S608 - our own names
        self._db.execute(query, (*fields.values(), name))

    def move(self, name: str, state: Standing, reason: str = "", **fields: Any) -> bool:
        """Say where a repository stands now."""
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

    def fail(self, name: str, failure: str, parked: float) -> bool:
        """Write down why a try failed, beside the state, which stays."""
        with self._transaction():
            self.note(name, parked=parked)
            query = "UPDATE repositories SET failure = ? WHERE name = ? AND failure != ?"
            changed = self._db.execute(query, (failure, name, failure)).rowcount
            if changed:
                self._db.execute(
                    "INSERT INTO transitions (at, name, state, reason) VALUES (?, ?, 'failed', ?)",
                    (time.time(), name, failure),
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
        counts = Counter(row.shown for row in self.rows() if row.selected)
        return dict(sorted(counts.items()))

    def failures(self) -> int:
        """Return how many selected repositories the last try failed for, whatever their state."""
        query = "SELECT count(*) FROM repositories WHERE selected AND failure != ''"
        return int(self._db.execute(query).fetchone()[0])

    def open_now(self) -> int:
        """Return how many pull requests are open, ours alone or not."""
        query = (
            "SELECT count(*) FROM repositories WHERE selected AND (state IN "
            "('open', 'pushed') OR (state = 'modified by others' AND number > 0))"
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

    def _transaction(self) -> Atomic:
        return Atomic(self._db)


def outlined(result: Result) -> Result:
    """Return a plan without its files and its report; `changes` still says how many files."""
    return msgspec.structs.replace(result, files=(), report="", changes=len(result.files))


def _outline(blob: bytes) -> Result:
    return msgspec.msgpack.decode(blob, type=Result)
