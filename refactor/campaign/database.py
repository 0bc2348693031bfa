"""The tables of a campaign's state, and a connection that tells what a disk refuses."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from refactor.errors import RefactorError

VERSION = 5
SCHEMA = """
CREATE TABLE repositories (
  name TEXT PRIMARY KEY, url TEXT NOT NULL, selected INTEGER NOT NULL DEFAULT 1,
  state TEXT NOT NULL DEFAULT 'new', reason TEXT NOT NULL DEFAULT '', since REAL NOT NULL,
  base TEXT NOT NULL DEFAULT '', sha TEXT NOT NULL DEFAULT '', key TEXT NOT NULL DEFAULT '',
  branch TEXT NOT NULL DEFAULT '', head TEXT NOT NULL DEFAULT '', digest TEXT NOT NULL DEFAULT '',
  fork TEXT NOT NULL DEFAULT '', number INTEGER NOT NULL DEFAULT 0,
  pull TEXT NOT NULL DEFAULT '', past INTEGER NOT NULL DEFAULT 0,
  refused TEXT NOT NULL DEFAULT '', opened REAL NOT NULL DEFAULT 0,
  parked REAL NOT NULL DEFAULT 0, result BLOB, %s
) STRICT;
CREATE TABLE pauses (until REAL NOT NULL, reason TEXT NOT NULL) STRICT;
CREATE TABLE transitions (
  id INTEGER PRIMARY KEY, at REAL NOT NULL, name TEXT NOT NULL,
  state TEXT NOT NULL, reason TEXT NOT NULL
) STRICT;
CREATE INDEX transitions_by_name ON transitions (name);
"""
SINCE_3 = (
    "failure TEXT NOT NULL DEFAULT ''",
    "drafted INTEGER NOT NULL DEFAULT 0",
    "follows TEXT NOT NULL DEFAULT ''",
    "written TEXT NOT NULL DEFAULT ''",
    "told TEXT NOT NULL DEFAULT ''",
    "review TEXT NOT NULL DEFAULT ''",
    "checks TEXT NOT NULL DEFAULT ''",
    "mergeable TEXT NOT NULL DEFAULT ''",
    "refreshed REAL NOT NULL DEFAULT 0",
    "outline BLOB",
)
SINCE_4 = (
    "verified REAL NOT NULL DEFAULT 0",
    "broken TEXT NOT NULL DEFAULT ''",
)
# A failure stood in the place of the state, and a draft that waits was known by its reason alone.
TO_3 = (
    *(f"ALTER TABLE repositories ADD COLUMN {column}" for column in SINCE_3),
    """UPDATE repositories SET drafted = 1 WHERE number > 0 AND (
      SELECT reason FROM transitions AS t WHERE t.name = repositories.name AND t.state = 'open'
      ORDER BY id DESC LIMIT 1) LIKE 'waits for%'""",
    """UPDATE repositories SET failure = reason, reason = '', state = CASE WHEN number > 0
      THEN 'open' WHEN head != '' THEN 'pushed' ELSE 'new' END WHERE state = 'failed'""",
)
TO_4 = tuple(f"ALTER TABLE repositories ADD COLUMN {column}" for column in SINCE_4)
TO_5 = (
    "UPDATE repositories SET state = 'needs review' WHERE state = 'needs a human'",
    "UPDATE repositories SET state = 'modified by others' WHERE state = 'changed by others'",
    "UPDATE transitions SET state = 'needs review' WHERE state = 'needs a human'",
    "UPDATE transitions SET state = 'modified by others' WHERE state = 'changed by others'",
)
STEPS = {2: (*TO_3, *TO_4, *TO_5), 3: (*TO_4, *TO_5), 4: TO_5}
"""What brings a file of an older version up to date; one still older is refused."""


class Database(sqlite3.Connection):
    """Tells a full disk, or a file that cannot be written, as what it is."""

    def execute(self, *question: Any) -> sqlite3.Cursor:
        """Ask, as `sqlite3.Connection` does."""
        with one_line():
            return super().execute(*question)

    def executemany(self, *question: Any) -> sqlite3.Cursor:
        """Ask many times, as `sqlite3.Connection` does."""
        with one_line():
            return super().executemany(*question)


@contextmanager
def one_line() -> Iterator[None]:
    """Turn what SQLite says of a disk into one error."""
    try:
        yield
    except sqlite3.OperationalError as error:
        message = f"the campaign's state cannot be used: {error}"
        raise RefactorError(message, remedy="make room where it lies, and run it again") from error


class Atomic:
    """A transaction: all of it or nothing."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        if not kind:
            self._db.execute("COMMIT")
        elif self._db.in_transaction:  # SQLite may have rolled back by itself: a full disk
            self._db.execute("ROLLBACK")
