"""The places of a text where a host is expected, by what is written in front of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal as OneOf
from typing import NamedTuple, TypeAlias

from refactor.text.view import Span

Form: TypeAlias = OneOf["url", "dsn", "flag"]

# Go's `tcp(10.0.4.17:3306)`, within a URL too.
_NETWORK = re.compile(r"(?:tcp|udp)[46]?\(", re.IGNORECASE)


class Slot(NamedTuple):
    """A place where a host is expected.

    Attributes:
        scheme: of its URL, "" outside one.
        name: of its flag, "" outside an argument list.
    """

    form: Form
    scheme: str = ""
    prefix: Span | None = None
    port: Span | None = None
    is_host: bool = True
    name: str = ""
    bar: str = ""


class Item(NamedTuple):
    """One item of a comma list."""

    start: int
    host: int
    end: int


def items(text: str, start: int, end: int) -> Iterator[Item]:
    """Yield the items of a comma list."""
    for item in text[start:end].split(","):
        host = start + item.rfind("@") + 1
        network = _NETWORK.match(text, host, start + len(item))
        yield Item(start, network.end() if network else host, start + len(item))
        start += len(item) + 1
