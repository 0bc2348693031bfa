"""What a pull request waits for: the Services that other repositories make."""

from __future__ import annotations

from refactor.campaign.campaign_run import CampaignRun
from refactor.campaign.order import Order
from refactor.campaign.rows import RepositoryRow
from refactor.campaign.texts import Other


def waits_for(session: CampaignRun, name: str, order: Order) -> str:
    """Say which pull requests of others have to be merged before one; "" for none."""
    names = {other.repository for other in others(session, name, order) if not other.merged}
    told = [_with_end(session.states.row(name)) for name in sorted(names)]
    return f"waits for {', '.join(told)}" if told else ""


def _with_end(row: RepositoryRow) -> str:
    """Return a repository's name, and what keeps it from ever being merged."""
    return f"{row.name} ({row.shown})" if row.shown in ("closed", "failed") else row.name


def others(session: CampaignRun, name: str, order: Order) -> list[Other]:
    """Return the repositories that one waits for, with their pull requests."""
    found = []
    for wait in order.waits.get(name, ()):
        row = session.states.row(wait.provider)
        service = wait.service.rpartition("\t")[2]
        provider = session.states.outline(row.name)
        there = provider is not None and service in provider.holds
        found.append(Other(row.name, service, row.pull, there or row.state == "merged"))
    return found
