"""The rules: every row keeps its examples for its own reason, and no word of it is idle."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from refactor import addresses
from refactor.model import Document, Literal
from refactor.rules.files import row_of
from refactor.rules.load import file_rules, outside_rules, rules_with, with_examples
from refactor.rules.match import Compiled, Rules
from refactor.rules.place import ARGV, AddressPlace
from refactor.rules.row import FileRow, PlaceRule, PlaceSetting
from refactor.text.view import View
from tests.rule_examples import EXAMPLES, TABLES, Example, examples_of
from tests.rule_mutants import narrower, wider

ROWS = {row.id: row for row in rules_with().rows}
KEPT = [example for example in EXAMPLES if example.keeps]
FREE = [example for example in EXAMPLES if not example.keeps]


def _shown(example: Example) -> str:
    return f"{example.rule}: {example.text[:40]}"


@pytest.mark.parametrize("example", KEPT, ids=_shown)
def test_an_example_is_kept_by_its_own_row_and_for_its_reason(example: Example) -> None:
    row = ROWS[example.rule]

    assert set(example.verdicts()) == {(row.id, row.kept)}


@pytest.mark.parametrize("example", FREE, ids=_shown)
def test_an_example_is_kept_by_no_row(example: Example) -> None:
    assert set(example.verdicts()) == {("", "")}


@pytest.mark.parametrize("row", ROWS.values(), ids=lambda row: row.id)
def test_a_row_tells_where_it_is_from_and_has_examples_both_ways(row: PlaceRule) -> None:
    table = TABLES[row.id]

    assert re.fullmatch(r"https?://\S+", row.source)
    assert row.why[0].islower() or row.why[0].isupper()
    assert bool(table["keep"]) == (row.role != "dialled")
    assert table["edit"]


def test_no_two_rows_share_an_id() -> None:
    ids = [t["id"] for kind in ("place", "file", "outside") for t in with_examples(kind)]

    assert sorted(ids) == sorted(set(ids))


def _survives(row: Compiled, examples: list[Example]) -> bool:
    """Say whether a row still holds for all that it keeps."""
    return all(row.holds(place) for example in examples for place in example.places())


def survivors() -> list[str]:
    """Return what can be taken away from the rows without any example noticing."""
    found = []
    for row in ROWS.values():
        examples = examples_of(TABLES[row.id])
        kept, free = [e for e in examples if e.keeps], [e for e in examples if not e.keeps]
        if row.role == "dialled":
            less = Rules([other for other in ROWS.values() if other.id != row.id])
            told = [less.row_for(place) for e in free for place in e.places()]
            found += [f"{row.id}: the row"] * (not any(t and t.kept for t in told))
            kept = free
        found += [f"{row.id}: {m.what}" for m in narrower(row) if _survives(m.row, kept)]
        for mutant in wider(row):
            if row.role != "dialled" and not any(
                mutant.row.holds(place) for example in free for place in example.places()
            ):
                found.append(f"{row.id}: {mutant.what}")
    return found


def test_nothing_can_be_taken_away_from_a_row_unnoticed() -> None:
    assert survivors() == []


FILES = {row.id: row for row in file_rules()}
FILE_TABLES = {table["id"]: table for table in with_examples("file")}


@pytest.mark.parametrize("row", FILES.values(), ids=lambda row: row.id)
def test_files_are_told_by_their_path(row: FileRow) -> None:
    table = FILE_TABLES[row.id]

    assert {found.id if (found := row_of(path)) else "" for path in table["keep"]} == {row.id}
    assert {row_of(path) for path in table["edit"]} == {None}
    assert len(table["keep"]) == len(table["files"])


def _outside(name: str, rules: Rules) -> str:
    found = rules.row_for(AddressPlace(Literal(View.plain(""), name, (name,))))
    return found.id if found else ""


@pytest.mark.parametrize("table", with_examples("outside"), ids=lambda table: table["id"])
def test_names_of_what_clients_outside_get(table: dict[str, list[str]]) -> None:
    rules = outside_rules()
    row = next(row for row in rules.rows if row.id == table["id"])

    assert {_outside(name, rules) for name in table["keep"]} == {row.id}
    assert {_outside(name, rules) for name in table["edit"]} == {""}
    idle = [
        mutant.what
        for mutant in narrower(row)
        if all(
            mutant.row.holds(AddressPlace(Literal(View.plain(""), name, (name,))))
            for name in table["keep"]
        )
    ]
    assert idle == []


FREE_PLACES: list[tuple[str | None, tuple[str, ...], set[str]]] = [
    (None, ("redis", "host"), set()),
    (None, ("redis", "ip"), set()),
    ("ConfigMap", ("data", "ip"), set()),
    ("HelmRelease", ("spec", "values", "redis", "ip"), set()),
    (None, ("ORDERS_URL",), set()),
    ("Deployment", ("spec", "template", "spec", "containers", "0", "env", "ORDERS_URL"), set()),
    ("Deployment", ("spec", "template", "spec", "containers", "0", "args", "0"), {"item"}),
    ("ConfigMap", ("data", "app.yml", "status", "url"), {"embedded"}),
    (None, ("status", "url"), set()),
    (None, ("images", "cdn", "url"), set()),
    (None, ("proxy_pass",), set()),
    (None, ("targets", "0"), {"item"}),
    (None, ("client",), {"call:redis.StrictRedis"}),
    (None, ("client",), {"call:bindings.connect"}),
    (None, ("HTTP_PROXY",), set()),
    ("ConfigMap", ("metadata", "annotations", "orders-url"), set()),
    (None, ("bindings", "url"), set()),
    (None, ("listener", "url"), set()),
    (None, ("support", "url"), set()),
    (None, ("gateways", "url"), set()),
    (None, ("clusters", "0", "socket_address", "address"), set()),
    (None, ("rsync", "source"), set()),
    (None, ("map", "url"), set()),
    (None, ("services", "orders"), set()),
    (None, ("schema_registry_url",), set()),
    (None, ("destination",), set()),
    (None, ("server",), set()),
    (None, ("get()", "base"), {"call:requests.get"}),
    (None, ("run()",), {"call:subprocess.run"}),
    ("Deployment", ("spec", "template", "metadata", "annotations", "acme.example/any"), set()),
    (None, ("redis_addr",), set()),
    (None, ("ORDERS_IP",), set()),
]


def literal(kind: str | None, path: tuple[str, ...], tags: set[str]) -> Literal:
    key = next((name for name in reversed(path) if not name.isdigit()), "")
    document = Document(kind=kind, api_version="v1") if kind else None
    return Literal(View.plain("10.0.0.1"), key, path, tags=frozenset(tags), document=document)


@pytest.mark.parametrize(("kind", "path", "tags"), FREE_PLACES, ids=lambda v: str(v)[:60])
def test_places_of_other_things_are_free(
    kind: str | None, path: tuple[str, ...], tags: set[str]
) -> None:
    (address,) = addresses.find("10.0.0.1", names=frozenset())
    found = rules_with().row_for(AddressPlace(literal(kind, path, tags), address))

    assert found is None or found.kept is None


# Rows of a user, a name, and another that differs in its number alone: each is asked after the other.
NUMBERED: list[tuple[dict[str, str], str, str]] = [
    ({"key": "peer10"}, "peer10", "peer20"),
    ({"path": "spec.peer10"}, "peer10", "peer20"),
    ({"path": "spec.peer1*"}, "peer10", "peer20"),
    ({"name": "peer 10"}, "peer_10", "peer_20"),
    ({"setting": "spec.peer.10"}, "peer.10", "peer.20"),
]


@pytest.mark.parametrize(("condition", "kept", "free"), NUMBERED, ids=str)
def test_a_row_that_names_a_number_tells_numbers_apart(
    condition: dict[str, str], kept: str, free: str
) -> None:
    rules = rules_with((PlaceSetting("mine", "mine alone", "own", **condition),))
    (address,) = addresses.find("10.0.0.1", names=frozenset())
    asked = [
        rules.row_for(AddressPlace(literal(None, ("spec", name), set()), address))
        for name in (free, kept, free, kept)
    ]

    assert [row.id if row else "" for row in asked] == ["", "mine", "", "mine"]


def test_a_flag_that_is_the_key_is_among_the_words_before_an_address() -> None:
    row = PlaceRule("mine", "mine alone", "own", "", before=("--mine=\\Z",))
    place = literal(None, ("args", "0"), {f"{ARGV}tool run"})
    (address,) = addresses.find("10.0.0.1", names=frozenset())
    asked = [
        Rules((row,)).row_for(AddressPlace(replace(place, key=key), address))
        for key in ("--mine", "--other", "mine")
    ]

    assert [found and found.id for found in asked] == ["mine", None, None]
