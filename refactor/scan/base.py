"""What every scanner is: a module with one function, from a text to its literals."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol, TypeAlias

from refactor.model import Scanned
from refactor.text.view import Span

Wanted: TypeAlias = Callable[[str], bool]
"""Says whether a text could hold an address (`addresses.wanted`, the inventory's names bound)."""

PORTISH = re.compile(r"[0-9]{1,5}\Z")
"""Matches (by `match`) a text that is a port number and nothing else."""


BLOCK = "block"
"""The tag of a value that a block of addresses is made of, where it is a bare host."""
TAKES_BLOCKS = "call:ip_network"
"""The tag of such a host."""

HOST_ARGUMENT = "host-argument"
"""The tag of code whose one host stands before its port, both arguments of a call."""

OTHER_LANGUAGE = "other-language"
"""The rule of a finding in a language that is told of and not edited."""
NOT_EDITED: Mapping[str, tuple[str, str]] = {
    "source": ("another language: `include` in the settings lets it be edited", OTHER_LANGUAGE),
    "notebook": ("notebooks run outside the cluster: `include` in the settings edits it", ""),
}
"""Kinds of file that are told of and not edited: why, and the rule."""

Names: TypeAlias = tuple[str, ...]
"""What other modules call a value: `("CFG", "host")` for `CFG["host"]`, `("Settings", "host")`."""


class Exports(NamedTuple):
    """What other modules may import from a program's module.

    Attributes:
        hosts: the names of each host, by the place of its finding.
        ports: the ports, by their names.
    """

    hosts: Mapping[Span, tuple[Names, ...]]
    ports: Mapping[Names, int]


NO_EXPORTS = Exports({}, {})


class Scanner(Protocol):
    """A module of this package that reads one kind of source."""

    def scan(self, text: str, wanted: Wanted) -> Scanned:
        """Return, in source order, what could hold an address or be a port.

        That is each literal whose text is `wanted`, and each whose whole text is a port number
        (kind "number" where it is bare, "text" where it is quoted): a host's port may stand in a
        sibling. A text that does not parse gives the text scanner's literals, `unparsable` set.

        Args:
            text: the decoded file, without its byte order mark.
            wanted: whether a text could hold an address.
        """
