"""What other packages add by entry points: scanners, report formats, forges.

Each registry has the built-in ones, written down as an entry point is, and those of the installed
packages. Nothing is imported before it is used.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from refactor.errors import RefactorError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_METADATA = (".dist-info", ".egg-info")
_SIGN = b"[refactor."


class Registry(NamedTuple):
    """The extensions of one kind.

    Attributes:
        group: the group of entry points, such as `refactor.scanners`.
        built_in: name to `module` or `module:object`.
    """

    group: str
    built_in: Mapping[str, str]

    def added(self) -> tuple[str, ...]:
        """Return the names that installed packages add."""
        return tuple(_installed(self.group))

    def names(self) -> tuple[str, ...]:
        """Return all names, the built-in ones first; those are not to be replaced."""
        return tuple(dict.fromkeys((*self.built_in, *self.added())))

    def load(self, name: str) -> Any:
        """Return the module or object behind a name.

        Raises:
            RefactorError: an installed package's cannot be imported.
        """
        if name in self.built_in:
            module, _, attribute = self.built_in[name].partition(":")
            return getattr(import_module(module), attribute) if attribute else import_module(module)
        return _loaded(_installed(self.group)[name])


@cache
def _loaded(entry: EntryPoint) -> Any:
    try:
        return entry.load()
    except Exception as error:
        message = f"extension {entry.name} ({entry.value}) cannot be imported: {error}"
        raise RefactorError(
            message, where=entry.group, remedy=f"update or uninstall {_owner(entry)}"
        ) from error


@cache
def _installed(group: str) -> Mapping[str, EntryPoint]:
    """Return a group's entry points by name.

    Raises:
        RefactorError: two packages add the same name.
    """
    if not _any_registers():
        return {}
    from importlib.metadata import entry_points

    found: dict[str, EntryPoint] = {}
    for entry in entry_points(group=group):
        other = found.setdefault(entry.name, entry)
        if _owner(other) != _owner(entry):
            message = f"{_owner(other)} and {_owner(entry)} both add {entry.name}"
            raise RefactorError(message, where=group, remedy="uninstall one of them")
    return found


def _owner(entry: EntryPoint) -> str:
    return entry.dist.name if entry.dist else entry.value.partition(":")[0]


@cache
def _any_registers() -> bool:
    """Say whether any package adds something: `importlib.metadata` alone takes a scan's time."""
    return any(_SIGN in text for text in _entry_points())


def _entry_points() -> Iterator[bytes]:
    for directory in dict.fromkeys(sys.path):
        try:
            entries = os.listdir(directory or ".")  # noqa: PTH208 - half the time of `iterdir`
        except OSError:  # missing, or an archive
            continue
        for name in filter(lambda name: name.endswith(_METADATA), entries):
            file = Path(directory, name, "entry_points.txt")
            try:
                yield file.read_bytes()
            except OSError:  # most packages have none
                continue
