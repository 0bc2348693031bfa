"""A settings file as plain data that knows the line of each setting."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, NoReturn

from refactor.errors import RefactorError

Place = tuple[str | int, ...]
"""Where a setting stands: names of settings, and indexes of lists from 0."""


class SettingsDocument(NamedTuple):
    """A settings file.

    Attributes:
        line_of: gives the line, from 1, of the setting at a place.
    """

    file: str
    data: object
    line_of: Callable[[Place], int]

    def refuse(self, place: Place, message: str, remedy: str = "") -> NoReturn:
        """Raise `RefactorError` for the setting at a place."""
        where = f"{self.file}:{self.line_of(place)}"
        raise RefactorError(message, where=where, remedy=remedy)
