"""JSON Schema of campaign files."""

from __future__ import annotations

from typing import Any

from refactor.campaign.spec import Campaign
from refactor.settings.schema import schema_of
from refactor.settings.types import Settings


def schema() -> dict[str, Any]:
    """Return the schema of a campaign file, whose `settings` are those of a repository."""
    told = "Which repositories `refactor campaign` changes, and how."
    return schema_of(Campaign, "A campaign of refactor", told, {"settings": Settings})
