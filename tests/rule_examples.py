"""The examples of the rules, read as the program reads a file: each address with its place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from refactor import addresses
from refactor import scan as scanners
from refactor.model import Address, Literal
from refactor.rules.judge import judge
from refactor.rules.load import with_examples
from refactor.rules.place import AddressPlace
from refactor.rules.row import PlaceRule

HOST = "10.0.0.1"
"""The address that examples tell of; others in them may do what they like."""


class _Cluster:
    names: frozenset[str] = frozenset()

    def knows(self, host: str) -> bool:
        return host == HOST


CLUSTER = _Cluster()


class Example(NamedTuple):
    """One text of one row."""

    rule: str
    keeps: bool
    language: str
    text: str

    def addresses(self) -> Iterator[tuple[Literal, Address]]:
        return iter(_found(self.language, self.text))

    def places(self) -> Iterator[AddressPlace]:
        yield from (AddressPlace(literal, address) for literal, address in self.addresses())

    def verdicts(self, users: tuple[PlaceRule, ...] = ()) -> list[tuple[str, str]]:
        """Return rule and reason of each address; "" and "" where it may change."""
        found = []
        for literal, address in self.addresses():
            verdict = judge(literal, address, CLUSTER, public=False, users=users)
            assert verdict is not None
            found.append((verdict.rule, verdict.reason or ""))
        return found


@cache
def _found(language: str, text: str) -> tuple[tuple[Literal, Address], ...]:
    scanned = scanners.scan(language, text, lambda part: addresses.wanted(part, frozenset()))
    return tuple(
        (literal, address)
        for literal in scanned.literals
        if literal.kind != "number"
        for address in addresses.find(literal.view.text, names=frozenset())
        if address.host == HOST
    )


def examples_of(table: dict[str, Any]) -> list[Example]:
    """Return the examples of a row as its TOML table has them."""
    return [
        Example(table["id"], kind == "keep", *_read(table, shown))
        for kind in ("keep", "edit")
        for shown in table.get(kind, ())
    ]


def _read(table: dict[str, Any], shown: str | dict[str, str]) -> tuple[str, str]:
    if isinstance(shown, dict):
        ((language, text),) = shown.items()
        return language, text
    around = ("command", "flag", "directive", "before", "after", "line")
    told = "python" if "call" in table else "text" if any(n in table for n in around) else "yaml"
    return table.get("language", told), shown


TABLES = {table["id"]: table for table in with_examples("place")}
EXAMPLES = [example for table in TABLES.values() for example in examples_of(table)]
