"""How many pull requests a campaign may have open, and may open within an hour."""

from __future__ import annotations

import time

from refactor.campaign.campaign_run import CampaignRun
from refactor.campaign.rows import RepositoryRow
from refactor.report.words import count

_HOUR = 3600


def held_back(session: CampaignRun, row: RepositoryRow) -> str:
    """Say why a new pull request has to wait; "" where it does not."""
    limits = session.campaign.limits
    if row.state == "pushed":
        return ""
    open_now = session.states.open_now()
    if limits.open and open_now >= limits.open:
        return f"waits: {_pulls(open_now, 'is', 'are')} open"
    opened = session.states.opened_since(time.time() - _HOUR)
    if limits.per_hour and opened >= limits.per_hour:
        return f"waits: {_pulls(opened, 'was', 'were')} opened within an hour"
    return ""


def _pulls(number: int, one: str, more: str) -> str:
    return f"{count(number, 'pull request')} {one if number == 1 else more}"
