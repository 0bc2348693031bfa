"""The one family of errors that a user can cause."""

from __future__ import annotations


class RefactorError(Exception):
    """An operation that cannot go on: what is wrong, where, and what to do about it.

    `cli` turns it into one line on standard error and exit code 2; nothing else catches it.
    What a user's *files* contain never raises: it becomes a value with a reason (see `model`).

    Args:
        message: what is wrong, in one clause.
        where: the file, address or setting it is about; empty when the message says it.
        remedy: what the user can do now; empty when the message says it.

    Attributes:
        exit_code: what the command line returns for it.
    """

    exit_code = 2

    def __init__(self, message: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{place}{self.message}{remedy}"


def extra_remedy(name: str) -> str:
    """Return how an optional part is installed. No index is named: none is known to have it."""
    return f"install the extra `{name}`: pip install '.[{name}]' in a checkout of refactor"
