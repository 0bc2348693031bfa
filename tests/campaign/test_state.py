"""Where a repository stands, and every transition, in one file that is whole at any moment."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from refactor.campaign.rows import RepositoryRow, is_ahead
from refactor.campaign.state import States
from refactor.campaign.values import ChangedFile, Repository, Result
from refactor.errors import RefactorError

WEB = Repository("shop/web", "https://git.example/shop/web.git")
API = Repository("shop/api", "https://git.example/shop/api.git")


@pytest.fixture
def states(tmp_path: Path) -> Iterator[States]:
    made = States(tmp_path / "shop.state.db")
    made.select([WEB, API])
    yield made
    made.close()


def test_it_is_in_wal_mode(states: States, tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "shop.state.db")
    mode = db.execute("PRAGMA journal_mode").fetchone()
    db.close()

    assert mode == ("wal",)


def test_everybody_begins_new(states: States) -> None:
    assert [(row.name, row.state) for row in states.rows()] == [
        ("shop/api", "new"),
        ("shop/web", "new"),
    ]
    assert states.transitions() == []


def test_every_transition_has_its_time_and_its_reason(states: States) -> None:
    assert states.move("shop/web", "planned")
    assert states.move("shop/web", "needs review", "1 unresolved")

    found = states.transitions("shop/web")
    assert [(t.state, t.reason) for t in found] == [
        ("planned", ""),
        ("needs review", "1 unresolved"),
    ]
    assert found[0].at <= found[1].at == states.row("shop/web").since
    assert [t.state for t in states.latest(1)] == ["needs review"]


@pytest.mark.parametrize(
    ("state", "shown", "why"),
    [
        ("new", "failed", "timed out"),
        ("planned", "failed", "timed out"),
        ("pushed", "failed", "timed out"),
        ("open", "open", "waits for a/b; the last try failed: timed out"),
        (
            "modified by others",
            "modified by others",
            "waits for a/b; the last try failed: timed out",
        ),
        ("closed", "closed", "waits for a/b; the last try failed: timed out"),
    ],
)
def test_a_failure_is_kept_beside_the_state(
    states: States, state: str, shown: str, why: str
) -> None:
    states.move("shop/web", state, "waits for a/b")  # type: ignore[arg-type]

    assert states.fail("shop/web", "timed out", 5.0)
    assert not states.fail("shop/web", "timed out", 5.0)
    row = states.row("shop/web")
    assert (row.state, row.reason, row.parked) == (state, "waits for a/b", 5.0)
    assert (row.shown, row.why, states.failures()) == (shown, why, 1)


def test_a_file_of_the_version_before_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "shop.state.db"
    made = States(path)
    made.select([WEB, Repository("shop/api", "https://git.example/shop/api.git"), Repository("shop/new", "https://git.example/n.git")])  # fmt: skip
    made.keep(Result("shop/web", "main", "1" * 40, provides=("shop/web",), report="long"), "k")
    made.move("shop/web", "open", "waits for shop/api", number=3)
    made.move("shop/api", "open", "", number=4)
    for name in ("shop/web", "shop/api", "shop/new"):
        made.move(name, "failed", "no access")  # type: ignore[arg-type] # as that version did
    for column in ("failure", "drafted", "follows", "written", "told", "review", "checks", "mergeable", "refreshed", "outline", "verified", "broken"):  # fmt: skip
        made._db.execute(f"ALTER TABLE repositories DROP COLUMN {column}")
    made._db.execute("PRAGMA user_version = 2")
    made.close()

    made = States(path)

    found = {row.name: (row.state, row.failure, row.drafted) for row in made.rows()}
    assert found == {
        "shop/api": ("open", "no access", 0),
        "shop/new": ("new", "no access", 0),
        "shop/web": ("open", "no access", 1),
    }
    assert made.outlines()["shop/web"].provides == ("shop/web",)
    assert made.result("shop/web").report == "long"  # type: ignore[union-attr]
    made.close()


def test_a_file_of_before_names_were_verified_keeps_all_that_it_has(tmp_path: Path) -> None:
    made = States(tmp_path / "shop.state.db")
    made.select([WEB])
    made.move("shop/web", "merged", "by hand", number=3)
    for column in ("verified", "broken"):
        made._db.execute(f"ALTER TABLE repositories DROP COLUMN {column}")
    made._db.execute("PRAGMA user_version = 3")
    made.close()

    made = States(tmp_path / "shop.state.db")

    row = made.row("shop/web")
    assert (row.state, row.reason, row.number) == ("merged", "by hand", 3)
    assert (row.verified, row.broken) == (0, "")
    made.close()


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("needs a human", "needs review"),
        ("changed by others", "modified by others"),
        ("merged", "merged"),
    ],
)
def test_a_file_of_before_has_its_states_in_todays_words(
    tmp_path: Path, before: str, now: str
) -> None:
    made = States(tmp_path / "shop.state.db")
    made.select([WEB])
    made.move("shop/web", before, "two names")  # type: ignore[arg-type] # as that version did
    made._db.execute("PRAGMA user_version = 4")
    made.close()

    made = States(tmp_path / "shop.state.db")

    assert (made.row("shop/web").state, made.row("shop/web").reason) == (now, "two names")
    assert [change.state for change in made.latest(1)] == [now]
    made.close()


@pytest.mark.parametrize(
    ("state", "reason", "news"),
    [("new", "timed out", False), ("new", "refused", True), ("planned", "timed out", True)],
)
def test_only_what_is_new_is_a_transition(
    states: States, state: str, reason: str, news: bool
) -> None:
    states.move("shop/web", "new", "timed out")

    assert states.move("shop/web", state, reason) is news  # type: ignore[arg-type]
    assert len(states.transitions()) == 1 + news


def test_what_is_noted_moves_nobody(states: States) -> None:
    states.note("shop/web", branch="b", head="1" * 40)

    row = states.row("shop/web")
    assert (row.state, row.branch, row.head) == ("new", "b", "1" * 40)
    assert states.transitions() == []


def test_a_plan_comes_back_as_it_was(states: States) -> None:
    result = Result(
        "shop/web",
        "main",
        "0" * 40,
        files=(ChangedFile("ü\n".encode(), b"100644", b"\xff\0"),),
        reasons={"no-port": 2},
        report="# ü",
    )

    states.keep(result, "key")

    assert states.result("shop/web") == result
    assert states.result("shop/api") is None
    assert states.row("shop/web").key == "key"


def test_who_is_named_no_more_is_kept_and_not_counted(states: States) -> None:
    states.move("shop/api", "open", number=3)
    states.select([WEB])

    assert states.row("shop/api").selected is False
    assert states.row("shop/api").number == 3
    assert states.counts() == {"new": 1}
    states.select([WEB, API])
    assert states.counts() == {"new": 1, "open": 1}


def test_an_address_that_changes_is_taken_over(states: States) -> None:
    states.select([Repository("shop/web", "git@git.example:shop/web.git")])

    assert states.row("shop/web").url == "git@git.example:shop/web.git"


def test_it_is_read_while_it_is_written(states: States, tmp_path: Path) -> None:
    other = States(tmp_path / "shop.state.db", readonly=True)
    states.move("shop/web", "open")

    assert other.counts() == {"new": 1, "open": 1}
    other.close()


def test_opened_since(states: States) -> None:
    states.note("shop/web", opened=100.0)

    assert [states.opened_since(moment) for moment in (99.0, 100.0)] == [1, 0]


@pytest.mark.parametrize(
    ("content", "told"), [(b"no database at all, but long enough to look like none" * 20, "cannot be used: file is not a database"), (None, "it is of version 9, this program writes 5")], ids=["garbage", "version"]
)  # fmt: skip
def test_what_cannot_be_used_says_so(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "shop.state.db"
    if content is None:
        db = sqlite3.connect(path)
        db.execute("PRAGMA user_version = 9")
        db.close()
    else:
        path.write_bytes(content)

    with pytest.raises(RefactorError, match=told):
        States(path)


def test_every_column_has_its_field(states: States) -> None:
    """By name and by value, the other way round too: a column read into its neighbour shows."""
    texts = ("base", "sha", "key", "branch", "head", "digest", "fork", "pull", "refused")
    texts += ("failure", "follows", "written", "told", "review", "checks", "mergeable", "broken")
    numbers = {
        "number": 3,
        "past": 2,
        "opened": 5.5,
        "parked": 6.5,
        "drafted": 1,
        "refreshed": 7.5,
        "verified": 8.5,
    }
    states.note("shop/web", **{name: f"the {name}" for name in texts}, **numbers)

    row = states.row("shop/web")
    assert {name: getattr(row, name) for name in texts} == {name: f"the {name}" for name in texts}
    assert {name: getattr(row, name) for name in numbers} == numbers
    assert (row.name, row.state, row.selected) == ("shop/web", "new", True)
    assert {*RepositoryRow._fields} == {
        "name",
        "url",
        "selected",
        "state",
        "reason",
        "since",
        *texts,
        *numbers,
    }


@pytest.mark.parametrize(
    ("state", "fields", "counted"),
    [
        ("open", {"number": 3}, 1),
        ("pushed", {}, 1),
        ("modified by others", {"number": 3}, 1),
        ("modified by others", {}, 0),
        ("planned", {}, 0),
        ("merged", {"number": 3}, 0),
    ],
)
def test_only_what_is_open_counts_as_open(
    states: States, state: str, fields: dict[str, int], counted: int
) -> None:
    states.move("shop/web", state, **fields)  # type: ignore[arg-type]

    assert states.open_now() == counted


@pytest.mark.parametrize(
    ("days", "ahead"), [(-1, False), (0.5, True), (400, False)], ids=["past", "soon", "wrong clock"]
)
def test_a_clock_that_was_ahead_once_stops_nothing(
    states: States, days: float, ahead: bool
) -> None:
    moment = time.time() + days * 86_400
    states.pause(moment, "limit")
    states.move("shop/web", "open", opened=moment)

    assert is_ahead(moment) is ahead
    assert states.paused() == ((moment, "limit") if ahead else (0.0, ""))
    assert states.opened_since(time.time() - 3600) == 0


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    made = States(tmp_path / "shop.state.db")
    made.select([WEB])
    made._db.execute(
        f"PRAGMA max_page_count = {made._db.execute('PRAGMA page_count').fetchone()[0]}"
    )

    with pytest.raises(RefactorError, match="state cannot be used: database or disk is full"):
        made.select(
            [Repository(f"shop/{n}", "https://git.example/" + "x" * 900) for n in range(99)]
        )

    assert [row.name for row in made.rows()] == ["shop/web"]
    made.close()
