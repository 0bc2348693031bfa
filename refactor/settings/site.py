"""Where the documentation can be read: the project's own URL, or the one that a user sets."""

from __future__ import annotations

import os
from functools import cache

from refactor import DISTRIBUTION

VARIABLE = "REFACTOR_DOCS_URL"
"""The environment variable for a site that an organisation builds for itself."""


def page(path: str = "") -> str:
    """Return the URL of a page of the documentation; "" where none is known.

    Args:
        path: from the site's top, such as `reference/reasons/ambiguous/`.
    """
    site = os.environ.get(VARIABLE) or _published()
    if not site.startswith(("https://", "http://")):
        return ""
    return f"{site.rstrip('/')}/{path}"


@cache
def _published() -> str:
    """Return the URL in the package's own metadata, which pyproject.toml gives it."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        urls = metadata(DISTRIBUTION).get_all("Project-URL") or []
    except PackageNotFoundError:
        return ""
    named = (url.partition(",") for url in urls)
    return next((url.strip() for name, _, url in named if name == "Documentation"), "")
