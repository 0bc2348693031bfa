"""What campaigns need beyond the core, imported where it is used."""

from __future__ import annotations

import importlib
from typing import Any

from refactor.errors import RefactorError, extra_remedy

_EXTRAS = {"distributed": "dask"}


def needed(module: str) -> Any:
    """Return a module of an extra."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        top = module.partition(".")[0]
        extra = _EXTRAS.get(top, "campaign")
        message = f"campaigns need the Python package {top}"
        raise RefactorError(message, remedy=extra_remedy(extra)) from error
