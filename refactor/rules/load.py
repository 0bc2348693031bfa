"""The rows that come with the program, read when the first address asks for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import msgspec

from refactor.rules.match import Rules
from refactor.rules.row import FileRow, PlaceRule, PlaceSetting

FOLDER = Path(__file__).parent
EXAMPLES = ("keep", "edit", "language")
"""What a table holds for tests and for the reference; of no use while judging."""
# They are most of a file's text.
_SHOWN = re.compile(r"^(?:keep|edit) = (?:\[\n(?:  .*\n)*\]|\[.*\])\n", re.MULTILINE)


@lru_cache(8)
def rules_with(users: tuple[PlaceSetting, ...] = ()) -> Rules:
    """Return the rules, those of a user first."""
    own = (
        PlaceRule(**{name: getattr(row, name) for name in row.__struct_fields__}) for row in users
    )
    return Rules((*own, *_built_in()))


@lru_cache(1)
def _built_in() -> tuple[PlaceRule, ...]:
    return tuple(_rows("place"))


@lru_cache(1)
def outside_rules() -> Rules:
    """Return the rules of what clients outside the cluster get."""
    return Rules(tuple(_rows("outside")))


@lru_cache(1)
def file_rules() -> tuple[FileRow, ...]:
    """Return the rules of whole files."""
    return tuple(_converted(_tables("file"), FileRow))


def _rows(kind: str) -> Iterator[PlaceRule]:
    return _converted(_tables(kind), PlaceRule)


@cache
def with_examples(kind: str) -> list[dict[str, Any]]:
    """Return the tables of a kind with their texts, and the file they stand in as `domain`."""
    return [
        {**table, "domain": path.stem.partition("-")[2]}
        for path in sorted(FOLDER.glob("*.toml"))
        for table in _toml(path.read_text("utf-8")).get(kind, [])
    ]


def _tables(kind: str) -> Iterator[dict[str, Any]]:
    for path in sorted(FOLDER.glob("*.toml")):
        text = path.read_text("utf-8")
        if f"[[{kind}]]" in text:
            yield from _toml(_SHOWN.sub("", text)).get(kind, [])


def _converted(tables: Iterable[dict[str, Any]], wanted: type[Any]) -> Iterator[Any]:
    for table in tables:
        plain = {key: value for key, value in table.items() if key not in EXAMPLES}
        yield msgspec.convert(plain, wanted)


def _toml(text: str) -> dict[str, Any]:
    import tomllib

    return tomllib.loads(text)
