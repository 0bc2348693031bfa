"""The settings of a repository, read and checked."""

from __future__ import annotations

from pathlib import Path

from refactor.settings.read import find, read_named
from refactor.settings.types import Settings


def load(root: Path, explicit: Path | None = None) -> Settings:
    """Return the settings of a repository; the defaults where it has none.

    Args:
        root: the repository's root; paths in the settings count from here.
        explicit: the settings file to read instead, YAML or (`.toml`) TOML.

    Raises:
        RefactorError: a file that cannot be read or is no YAML or TOML, a setting that is unknown,
            ill-typed or out of bounds (with its line), or settings in two places.
    """
    document = read_named(explicit) if explicit else find(root)
    if document is None:
        return Settings()
    from refactor.settings.check import checked  # its rules take long to load

    return checked(document, root)
