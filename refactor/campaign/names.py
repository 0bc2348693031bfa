"""Whether the Service names of merged repositories hold; what does not is begun anew."""

from __future__ import annotations

import time

import msgspec

from refactor.campaign.campaign_run import CampaignRun
from refactor.campaign.dependencies import links_of
from refactor.campaign.executors import Executor
from refactor.campaign.planning import fail
from refactor.campaign.rows import RepositoryRow
from refactor.campaign.values import Repository, Result
from refactor.report.words import count

_MOST_TOLD = 5
"""Names that are told one by one."""


def verify_all(session: CampaignRun, repositories: list[Repository], executor: Executor) -> None:
    """Check the names of every repository that was merged; one with broken names is begun anew.

    A next run mends what is certain in a new pull request; the rest needs review until a next
    check finds that it holds.
    """
    session.states.select(repositories)
    rows = {row.name: row for row in session.chosen() if _is_due(row)}
    links = links_of(session.campaign, session.states)
    tasks = [
        msgspec.structs.replace(
            session.task(one, rows[one.name], links), known="", recheck=False, verify=True
        )
        for one in repositories
        if one.name in rows
    ]
    for result in executor.run(tasks):
        if result.failed:
            fail(session, result.name, result.failed, transient=result.transient)
        else:
            _take(session, rows[result.name], result)


def _is_due(row: RepositoryRow) -> bool:
    return row.state == "merged" or bool(row.broken)


def _take(session: CampaignRun, row: RepositoryRow, result: Result) -> None:
    broken = _told(result)
    session.states.note(row.name, verified=time.time(), broken=broken, failure="")
    session.tell("verified", repository=row.name, names=result.names, broken=list(result.broken))
    if row.state == "merged" and broken:
        forgotten = {"number": 0, "pull": "", "branch": "", "head": "", "key": ""}
        session.move(row.name, "needs review", broken, past=row.number, **forgotten)
    elif row.state == "needs review" and not broken:
        session.move(row.name, "merged", "its Service names hold again")


def _told(result: Result) -> str:
    if not result.broken:
        return ""
    found = "; ".join(result.broken[:_MOST_TOLD])
    more = len(result.broken) - _MOST_TOLD
    head = f"{count(len(result.broken), 'Service name')} in its base do not hold"
    if len(result.broken) == 1:
        head = "1 Service name in its base does not hold"
    return f"{head}: {found}" + (f"; and {more} more" if more > 0 else "")
